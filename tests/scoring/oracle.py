"""A second, deliberately naive scorer written from the specification alone, in exact fractions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, FactCondition, Not
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StartMinusPenalties,
    StepsAtMost,
)
from tests.scoring.oracle_values import (
    ANSWERED,
    RANKS,
    TINY,
    F,
    Key,
    Reading,
    exact,
    is_open,
    lowered,
    plain,
    rank,
    rungs,
    scope_of,
    state_of,
    value_of,
    worth,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from fractions import Fraction

    from evalkit.model.answers import Answer, EvidenceItem, Statement
    from evalkit.model.condition import Condition
    from evalkit.model.controls import Control, Scope
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question


class Oracle:
    """One option, scored by the letter."""

    def __init__(self, inputs: EvaluationInputs, option: Option, variant: str = "stated") -> None:
        self.inputs, self.option = inputs, option
        self.evaluation, self.profile = inputs.evaluation, inputs.profile
        self.questions = {q.id: q for domain in inputs.questionnaire.domains for q in domain.questions}
        self.policy: dict[str, tuple[int, Fraction]] = self._table(variant)
        self.weight: dict[str, Fraction] = self._weights()
        self.readings = {q: self.read(q) for q in self.questions}
        self.masks = {q: self._applies(q) for q in self.questions}
        self.systems = self.evaluation.operating_systems or option.answers.product.operating_systems or ()

    # §1 weights

    def u(self, question: str) -> Fraction:
        own = self.profile.question_weights.get(question)
        return exact(self.questions[question].weight if own is None else own)

    def _weights(self) -> dict[str, Fraction]:
        every = sum(exact(self.profile.domain_weights[d.id]) for d in self.inputs.questionnaire.domains)
        result = {}
        for domain in self.inputs.questionnaire.domains:
            share = exact(self.profile.domain_weights[domain.id]) / every
            inside = sum(self.u(q.id) for q in domain.questions)
            result.update({q.id: share * self.u(q.id) / inside for q in domain.questions})
        return result

    # §1 conditions

    def _fact(self, name: str) -> tuple[str, ...] | None:
        product, deployment = self.option.answers.product, self.option.deployment
        facts: dict[str, tuple[str, ...] | None] = {
            "product": (product.id,),
            "version": (product.version,),
            "licence": (product.licence,),
            "plan_type": (deployment.plan,),
            "routes": (deployment.route,),
            "surfaces": (deployment.surface,),
            "operating_systems": product.operating_systems,
            "features": product.features,
            "data_classes": self.evaluation.data_classes,
        }
        return facts[name]

    def truth(self, condition: Condition) -> bool | None:  # noqa: PLR0911 - one per kind of node
        match condition:
            case FactCondition(fact=name, includes_any=wanted):
                known = self._fact(name)
                return None if known is None else any(one in wanted for one in known)
            case AnswerCondition(answer=other, at_least=level):
                if not self._applies(other):
                    return False
                values = self.readings[other].values
                if not values:
                    return None
                reached = [value >= level for value in values]
                return True if all(reached) else None if any(reached) else False
            case AllOf(all=parts):
                truths = [self.truth(part) for part in parts]
                return False if False in truths else None if None in truths else True
            case AnyOf(any=parts):
                truths = [self.truth(part) for part in parts]
                return True if True in truths else None if None in truths else False
            case Not(not_=part):
                inner = self.truth(part)
                return None if inner is None else not inner

    def _applies(self, question: str) -> bool:
        condition = self.questions[question].applies_if
        return condition is None or self.truth(condition) is not False

    # §2

    def _table(self, variant: str) -> dict[str, tuple[int, Fraction]]:
        stated: dict[str, tuple[int, Fraction]] = {
            name: (policy.slack_levels, exact(policy.reliability))
            for name, policy in self.profile.evidence.items()
        }
        if variant == "strict":
            return {
                name: (
                    slack + 1 if 1 <= slack <= 3 else slack,
                    reliability if name == "claim" else stated[RANKS[rank(name) - 1]][1],
                )
                for name, (slack, reliability) in stated.items()
            }
        if variant == "lenient":
            return {
                name: (
                    slack
                    if slack == 0
                    else max(slack - 1, 1 if name in ("claim", "third_party", "documented") else 0),
                    reliability,
                )
                for name, (slack, reliability) in stated.items()
            }
        return stated

    def is_expired(self, item: EvidenceItem) -> bool:
        if item.evidence_class == "tested" and item.version != self.option.answers.product.version:
            return True
        last = item.expires
        if last is None:
            collected = item.collected or self.option.answers.sources[item.source].retrieved
            assert collected is not None
            last = collected + timedelta(days=self.profile.evidence[item.evidence_class].valid_days)
        return self.evaluation.as_of > last

    def effective_class(self, item: EvidenceItem) -> str:
        if item.deployments is not None and self.option.deployment.id not in item.deployments:
            return "claim"
        if self.is_expired(item):
            return RANKS[max(1, rank(item.evidence_class) - 1)]
        return item.evidence_class

    def scope(self, answer: Answer | None) -> str:
        return scope_of(answer, self.option.deployment.id)

    def statement(self, question: str) -> Statement | None:
        answer = self.option.answers.answers.get(question)
        if answer is None:
            return None
        return answer.deployments.get(self.option.deployment.id, answer)

    def read(self, question_id: str) -> Reading:
        question, statement = self.questions[question_id], self.statement(question_id)
        state = state_of(statement)
        if state not in ANSWERED:
            places = rungs(question)
            if state == "refused":
                return Reading(state, mass={F(0): F(1)})
            shares = range(len(places), 0, -1)
            return Reading(state, mass={v: F(n, sum(shares)) for v, n in zip(places, shares, strict=True)})
        assert statement is not None
        return self._answered(question, statement, state)

    def _answered(self, question: Question, statement: Statement, state: str) -> Reading:
        classes = [self.effective_class(item) for item in statement.evidence]
        top = max(classes, key=rank)
        raw = [value_of(item, statement) for item in statement.evidence]
        governing = [value for value, cls in zip(raw, classes, strict=True) if cls == top]
        stale = any(
            self.is_expired(item) for item, cls in zip(statement.evidence, classes, strict=True) if cls == top
        )
        items_v = [worth(question, value) for value in governing]
        values = list(governing)
        if isinstance(question, SetQuestion) and isinstance(question.value_rule, StartMinusPenalties):
            values.append(tuple(sorted({tick for value in governing for tick in value})))
        slack = 0 if rank(top) >= rank(question.strongest_proof) else self.policy[top][0]
        vs = [worth(question, value) for value in values]
        high, low = max(vs), min(lowered(question, v, slack) for v in vs)
        tops = [F(1) if value.purposes_given else F(4, 5) for value in governing if is_open(value)]
        stated = plain(statement.value) in [plain(value) for value in governing]
        face = worth(question, statement.value) if state == "answered" and stated else max(vs)
        if tops:
            face = max(items_v)
            high, low = max([*tops, *items_v]), lowered(question, face, slack)
        others = [worth(question, v) for v, cls in zip(raw, classes, strict=True) if cls != top]
        disputed = max(items_v) - min(items_v) > TINY or any(
            v < low - TINY or v > high + TINY for v in others
        )
        mass = self._mass(question, low, high, top, face if tops else high)
        return Reading(state, top, values, low, high, mass, face, disputed, stale)

    def _mass(
        self, question: Question, low: Fraction, high: Fraction, cls: str, trusted: Fraction
    ) -> dict[Fraction, Fraction]:
        if low == high:
            return {high: F(1)}
        reliability = self.policy[cls][1]
        if trusted != high or (isinstance(question, ListQuestion) and self._is_open(question.id)):
            places = [v for v in rungs(question) if low <= v <= high and v != trusted]
        else:
            places = [v for v in rungs(question) if low <= v < high]
        mass = {trusted: reliability}
        for place in places or [low]:
            mass[place] = mass.get(place, F(0)) + (1 - reliability) / len(places or [low])
        return {v: p for v, p in mass.items() if p}

    def _is_open(self, question: str) -> bool:
        """Whether a governing host list is open above."""
        statement = self.statement(question)
        assert statement is not None
        top = max((self.effective_class(item) for item in statement.evidence), key=rank)
        return any(
            is_open(value_of(item, statement))
            for item in statement.evidence
            if self.effective_class(item) == top
        )

    # §3

    def applicable(self) -> list[str]:
        return [q for q in self.questions if self.masks[q]]

    def total(self, x: dict[str, Fraction]) -> Fraction:
        applicable = self.applicable()
        return sum((self.weight[q] * x[q] for q in applicable), F(0)) / sum(
            self.weight[q] for q in applicable
        )

    def domain(self, index: int, x: dict[str, Fraction]) -> Fraction | None:
        ids = [q.id for q in self.inputs.questionnaire.domains[index].questions if self.masks[q.id]]
        if not ids:
            return None
        return sum((self.u(q) * x[q] for q in ids), F(0)) / sum(self.u(q) for q in ids)

    def domain_share(self, index: int) -> Fraction:
        ids = [q.id for q in self.inputs.questionnaire.domains[index].questions]
        return sum((self.u(q) for q in ids if self.masks[q]), F(0)) / sum(self.u(q) for q in ids)

    def figures(self) -> dict[str, Fraction]:
        x = self.readings
        answered = {q: F(int(x[q].state in ANSWERED)) for q in x}
        return {
            "assured": self.total({q: x[q].low for q in x}),
            "expected": self.total({q: x[q].expected for q in x}),
            "potential": self.total({q: x[q].high for q in x}),
            "face": self.total({q: x[q].face or F(0) for q in x}),
            "coverage": self.total(answered),
            "counting_absent": sum((self.weight[q] * x[q].expected for q in self.applicable()), F(0)),
        }

    # §4

    def split(self, parts: dict[str, tuple[str, Fraction]]) -> dict[str, Fraction]:
        whole = sum(self.weight[q] for q in self.applicable())
        result: dict[str, Fraction] = {}
        for question in self.applicable():
            bucket, amount = parts[question]
            result[bucket] = result.get(bucket, F(0)) + self.weight[question] * amount / whole
        return {bucket: amount for bucket, amount in result.items() if amount}

    def face_by_class(self) -> dict[str, Fraction]:
        return self.split({q: (r.cls, r.face or F(0)) for q, r in self.readings.items()})

    def gap(self) -> dict[str, Fraction]:
        def bucket(reading: Reading) -> str:
            if reading.state not in ANSWERED:
                return reading.state
            return "disputed" if reading.disputed else "stale" if reading.stale else reading.cls

        return self.split({q: (bucket(r), r.high - r.low) for q, r in self.readings.items()})

    def unverified(self) -> Fraction | None:
        split = self.face_by_class()
        whole = sum(split.values(), F(0))
        return (split.get("claim", F(0)) + split.get("third_party", F(0))) / whole if whole else None

    # §5

    def bar_value(self, gate: Gate) -> Fraction | None:
        question = self.questions[gate.question]
        if isinstance(question, ScaleQuestion):
            return next(exact(n.points) / 100 for n in question.levels if n.level == gate.at_least)
        if isinstance(question, NumberQuestion):
            rule = question.value_rule
            if isinstance(rule, StepsAtMost):
                return next(exact(s.points) / 100 for s in rule.steps if s.at_most == gate.at_most)
            return next(exact(s.points) / 100 for s in rule.steps if s.at_least == gate.at_least)
        return None

    def reaches(self, gate: Gate, value: Any) -> bool:  # noqa: ANN401 - any answer
        if gate.includes_any is not None:
            return any(one in value for one in gate.includes_any)
        if isinstance(value, str):
            bar = self.bar_value(gate)
            assert bar is not None
            return worth(self.questions[gate.question], value) >= bar
        if gate.at_most is not None:
            return bool(value <= gate.at_most)
        assert gate.at_least is not None
        return bool(value >= gate.at_least)

    def outcome(self, gate: Gate) -> str:
        question, evaluation = gate.question, self.evaluation
        reading = self.readings[question]
        if not self.masks[question]:
            return "not-applicable"
        if gate.mitigable and any(
            w.option == self.option.id and w.gate == question and evaluation.as_of <= w.until
            for w in evaluation.waivers
        ):
            return "waived"
        reached = [self.reaches(gate, value) for value in reading.values]
        if reading.state in ANSWERED:
            if all(reached) and rank(reading.cls) >= rank(gate.needs):
                return "pass"
            enough = "contract" if gate.needs == "contract" else "documented"
            if not any(reached) and rank(reading.cls) >= rank(enough):
                return "fail"
        late = evaluation.deadline is not None and evaluation.as_of > evaluation.deadline
        if reading.state == "refused" and late:
            return "fail"
        return "fail" if self.profile.unknown_gate == "fail" else "open"

    # §6: controls

    def covers(self, scope: Scope | None) -> bool:
        if scope is None:
            return True
        deployment = self.option.deployment
        if scope.surfaces is not None and deployment.surface not in scope.surfaces:
            return False
        if scope.routes is not None and deployment.route not in scope.routes:
            return False
        if scope.plans is not None and deployment.plan not in scope.plans:
            return False
        if scope.operating_systems is None:
            return True
        return bool(self.systems) and all(one in scope.operating_systems for one in self.systems)

    def holds(self, control: Control) -> bool:
        overrides = [
            control.user_can_override_on.get(one, control.user_can_override) for one in self.systems
        ] or [control.user_can_override]
        return (
            "admin" in control.set_by
            and all(one == "no" for one in overrides)
            and control.generate != "never"
            and self.covers(control.deployments)
            and any(self.covers(target.when) for target in control.targets)
        )

    def usable(self) -> list[Control]:
        file = self.inputs.controls.get(self.option.answers.product.id)
        kept: list[Control] = []
        for control in file.controls if file else ():
            clash = any(k.id in control.conflicts_with or control.id in k.conflicts_with for k in kept)
            if self.holds(control) and not clash:
                kept.append(control)
        return kept

    def raises(self) -> dict[Key, Fraction]:
        """The value that each available mapping shows."""
        usable = self.usable()
        ids = {control.id for control in usable}
        result = {}
        for control in usable:
            for question, mapping in control.questions.items():
                whole = set(mapping.with_) <= ids and self.covers(mapping.when)
                if whole and self.masks[question]:
                    result["control", control.id, question] = worth(self.questions[question], mapping.to)
        return result

    def remedies(self) -> set[Key]:
        return {
            ("remedy", gate.question, gate.question)
            for gate in self.profile.gates
            if gate.mitigable and self.outcome(gate) in ("fail", "open")
        }

    def conditions(self) -> set[Key]:
        return set(self.raises()) | self.remedies()

    # §6: best cases

    def gate_of(self, question: str) -> Gate | None:
        return next((gate for gate in self.profile.gates if gate.question == question), None)

    def open_records(self) -> set[str]:
        result = set()
        for question in self.applicable():
            reading, gate = self.readings[question], self.gate_of(question)
            wide = reading.low < reading.high or reading.state not in ANSWERED
            if wide or (gate is not None and self.outcome(gate) == "open"):
                result.add(question)
        return result

    def at_best(self, question: str) -> tuple[Fraction, bool]:
        """The assured value of a record at its best case, and whether its gate then passes."""
        reading, gate = self.readings[question], self.gate_of(question)
        if gate is None:
            return reading.high, False
        outcome = self.outcome(gate)
        mended = not (outcome == "fail" and not gate.mitigable)
        if reading.state not in ANSWERED or any(self.reaches(gate, v) for v in reading.values):
            return reading.high, mended
        if outcome == "open":
            bar = self.bar_value(gate)
            return reading.high if bar is None else bar, True
        return reading.high, False

    # §6: what is sufficient

    def state_after(
        self, conditions: Collection[Key], records: Collection[str]
    ) -> tuple[dict[str, Fraction], dict[str, str], dict[str, bool]]:
        low = {q: r.low for q, r in self.readings.items()}
        gates = {gate.question: self.outcome(gate) for gate in self.profile.gates}
        answered = {q: r.state in ANSWERED for q, r in self.readings.items()}
        for question in records:
            low[question], passes = self.at_best(question)
            answered[question] = True
            if passes and gates.get(question) in ("open", "fail"):
                gates[question] = "pass"
        raises = self.raises()
        for key in conditions:
            kind, _, question = key
            if kind == "remedy":
                if gates[question] in ("open", "fail"):
                    gates[question] = "lifted"
                continue
            low[question] = max(low[question], raises[key])
            answered[question] = True
            gate = self.gate_of(question)
            if gate is not None and gates[question] in ("open", "fail"):
                bar = self.bar_value(gate)
                assert bar is not None
                if raises[key] >= bar:
                    gates[question] = "pass"
        return low, gates, answered

    def sufficient(self, conditions: Collection[Key] = (), records: Collection[str] = ()) -> bool:
        low, gates, answered = self.state_after(conditions, records)
        limits = self.profile.thresholds
        if any(result in ("open", "fail") for result in gates.values()):
            return False
        if self.total(low) < exact(limits.approve_at) - TINY:
            return False
        covered = self.total({q: F(int(answered[q])) for q in answered})
        if covered < exact(limits.minimum_coverage) - TINY:
            return False
        for index in range(len(self.inputs.questionnaire.domains)):
            score = self.domain(index, low)
            applies = self.domain_share(index) >= F(2, 5) - TINY
            if applies and score is not None and score < exact(limits.domain_floor) - TINY:
                return False
        return True

    def verdict(self) -> tuple[str, str]:  # noqa: PLR0911 - one per verdict
        eligibility = self.profile.eligibility
        if eligibility is not None and self.truth(eligibility) is False:
            return "not-eligible", "eligibility"
        if not self.applicable():
            return "not-scorable", "nothing-applies"
        if all(self.readings[q].state == "unanswered" for q in self.applicable()):
            return "not-scorable", "nothing-answered"
        if self.sufficient():
            return "approve", "sufficient"
        every = self.conditions()
        if self.sufficient(every):
            return "approve-with-conditions", "conditions-needed"
        if self.sufficient(every, self.open_records()):
            return "defer", "evidence-missing"
        _, gates, _ = self.state_after(every, ())
        final = any(gates[g.question] == "fail" and not g.mitigable for g in self.profile.gates)
        return "reject", "final-gate" if final else "no-evidence-helps"

    def greedy(
        self, kind: str, given_conditions: Collection[Key], given_records: Collection[str]
    ) -> list[Any]:
        """The list of conditions or records by the letter: what closes gates, then by w Δv⁻, then by id."""
        low, gates, _ = self.state_after(given_conditions, given_records)

        def rating(entry: Any) -> tuple[bool, Fraction, tuple[str, str]]:  # noqa: ANN401 - key or question
            conditions, records = [*given_conditions], [*given_records]
            question = entry if kind == "records" else entry[2]
            (records if kind == "records" else conditions).append(entry)
            after, turned, _ = self.state_after(conditions, records)
            closes = any(gates[g] in ("open", "fail") and turned[g] not in ("open", "fail") for g in gates)
            gain = self.weight[question] * (after[question] - low[question])
            return (not closes, -gain, (entry, "") if kind == "records" else entry[1:])

        def suffices(chosen: list[Any]) -> bool:
            if kind == "records":
                return self.sufficient(given_conditions, [*given_records, *chosen])
            return self.sufficient([*given_conditions, *chosen], given_records)

        chosen: list[Any] = []
        for entry in sorted(self.open_records() if kind == "records" else self.conditions(), key=rating):
            if suffices(chosen):
                break
            chosen.append(entry)
        for entry in reversed(chosen.copy()):
            rest = [other for other in chosen if other != entry]
            if suffices(rest):
                chosen = rest
        return chosen
