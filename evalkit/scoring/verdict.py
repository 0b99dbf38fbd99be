"""The verdict on one option: sufficient, sufficient under conditions, for want of evidence, or not.

A verdict comes with its way out: the smallest set of conditions, and of records to resolve, under which the
option would be sufficient. Both sets are minimal: without any one of their entries they do not suffice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalkit.model.scorecard import Condition, Finding, Step
from evalkit.scoring.aggregation import applicable_weight, domain_share
from evalkit.scoring.gates import better
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evalkit.model.profile import Thresholds
    from evalkit.model.scorecard import GateOutcome, Verdict
    from evalkit.scoring.aggregation import Weights
    from evalkit.scoring.enforcement import Enforced
    from evalkit.scoring.evidence import Reading
    from evalkit.scoring.gates import Bar

FLOOR_APPLIES_FROM = 0.4
"""A domain must reach the floor only where at least this share of its question weight applies."""

_GOOD = ("pass", "waived", "not-applicable")


@dataclass(frozen=True, slots=True)
class Case:
    """What a verdict is taken on: one option under one evidence table.

    Attributes
    ----------
    gates : mapping
        Outcome of every gate as the records stand, by question id.
    bars : mapping
        The bar of every gate, by question id.
    """

    weights: Weights
    thresholds: Thresholds
    applies: Mapping[str, bool]
    readings: Mapping[str, Reading]
    gates: Mapping[str, GateOutcome]
    bars: Mapping[str, Bar]
    enforced: Sequence[Enforced]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one condition or one resolved record does to one question.

    Attributes
    ----------
    low : float
        v⁻ becomes at least this.
    gate : str or None
        Outcome that the question's gate has at least; None where it has no gate.
    """

    id: tuple[str, str]
    question: str
    low: float
    gate: GateOutcome | None
    answers: bool = True
    conditions: tuple[Condition, ...] = ()


@dataclass(slots=True)
class Standing:
    """How an option stands under a set of effects; effects only ever improve it."""

    case: Case
    lows: dict[str, float] = field(default_factory=dict)
    answered: dict[str, bool] = field(default_factory=dict)
    gates: dict[str, GateOutcome] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, effects: Iterable[Effect] = ()) -> Standing:
        """Return the standing of a case under effects."""
        readings = case.readings
        standing = cls(
            case,
            lows={question: reading.low for question, reading in readings.items()},
            answered={
                question: reading.state in ("answered", "conflicting")
                for question, reading in readings.items()
            },
            gates=dict(case.gates),
        )
        for effect in effects:
            standing.add(effect)
        return standing

    def add(self, effect: Effect) -> None:
        """Improve the standing by one effect."""
        question = effect.question
        self.lows[question] = max(self.lows[question], effect.low)
        self.answered[question] = self.answered[question] or effect.answers
        gate = self.gates.get(question)
        if gate is not None and gate not in _GOOD and effect.gate is not None:
            self.gates[question] = better(gate, effect.gate)

    def closes_gate(self, effect: Effect) -> bool:
        """Whether an effect would turn a gate that now stands in the way."""
        gate = self.gates.get(effect.question)
        return gate is not None and gate not in _GOOD and effect.gate in _GOOD

    def gain(self, effect: Effect) -> float:
        """Return w_q Δv⁻ of an effect."""
        rise = max(0.0, effect.low - self.lows[effect.question])
        return self.case.weights.weight(effect.question) * rise

    def assured(self) -> float:
        """Return S⁻ in 0..1."""
        applies, lows = self.case.applies, self.lows
        weights = self.case.weights
        total = math.fsum(
            part.share * share * lows[question]
            for part in weights.domains
            for question, share in part.questions.items()
            if applies[question]
        )
        return total / applicable_weight(weights, applies)

    def suffices(self) -> bool:
        """Whether every gate, the threshold, every domain floor and the coverage are met."""
        if any(gate not in _GOOD for gate in self.gates.values()):
            return False
        case, thresholds = self.case, self.case.thresholds
        if self.assured() < thresholds.approve_at - TOLERANCE:
            return False
        covered = 0.0
        for part in case.weights.domains:
            applies = {question: case.applies[question] for question in part.questions}
            share = domain_share(part, applies)
            covered += part.share * math.fsum(
                own
                for question, own in part.questions.items()
                if applies[question] and self.answered[question]
            )
            if share < FLOOR_APPLIES_FROM - TOLERANCE:
                continue
            low = math.fsum(
                own * self.lows[question] for question, own in part.questions.items() if applies[question]
            )
            if low / share < thresholds.domain_floor - TOLERANCE:
                return False
        coverage = covered / applicable_weight(case.weights, case.applies)
        return coverage >= thresholds.minimum_coverage - TOLERANCE


def condition_effects(case: Case) -> tuple[Effect, ...]:
    """Return what every available control and remedy would do.

    A control counts as tested at its level; a remedy lifts a mitigable gate that fails or is open.
    """
    effects = []
    for it in case.enforced:
        if not case.applies[it.question]:
            continue
        bar = case.bars.get(it.question)
        gate: GateOutcome | None = None
        if bar is not None:
            gate = "pass" if bar.reached_by_worth(it.v) else "fail"
        entries = (it.control, *it.companions)
        conditions = tuple(Condition("control", control, it.question) for control in entries)
        effects.append(Effect((it.control, it.question), it.question, it.v, gate, conditions=conditions))
    for question, result in case.gates.items():
        if case.bars[question].gate.mitigable and result in ("fail", "open"):
            remedy = (Condition("remedy", question, question),)
            effects.append(
                Effect((question, question), question, 0.0, "waived", answers=False, conditions=remedy)
            )
    return tuple(effects)


def best_case(case: Case, question_id: str) -> Effect | None:
    """Return what resolving a record could do at best, or None if the record is not open.

    It is open if it applies and its interval is wider than a point, it is not answered, or its gate is open.
    """
    reading = case.readings[question_id]
    result = case.gates.get(question_id)
    is_answered = reading.state in ("answered", "conflicting")
    wide = reading.high - reading.low > TOLERANCE
    if not case.applies[question_id] or not (wide or not is_answered or result == "open"):
        return None
    low = reading.high
    gate: GateOutcome | None = None
    if result is not None:
        bar = case.bars[question_id]
        reached = not reading.governing or any(bar.reached_by(value) for value in reading.governing)
        if result == "open":
            gate = "pass"
            if not reached and bar.v is not None:
                low = max(low, bar.v)  # the evidence is too weak to decide: the truth may be just the bar
        elif result == "fail" and bar.gate.mitigable and reached:
            gate = "pass"
    return Effect((question_id, ""), question_id, low, gate)


def smallest_set(
    case: Case, given: Sequence[Effect], candidates: Sequence[Effect]
) -> tuple[Step, ...] | None:
    """Return a minimal list of effects that suffices on top of those given; None if none does.

    Greedy: first what closes gates, then by w_q Δv⁻, ties by id; then, last added first, what is not needed
    is dropped.
    """
    if not Standing.of(case, [*given, *candidates]).suffices():
        return None
    return _minimal(case, given, candidates)


def _minimal(case: Case, given: Sequence[Effect], candidates: Sequence[Effect]) -> tuple[Step, ...]:
    start = Standing.of(case, given)
    # Rounded, or the last bit of a product would decide between equal gains instead of the id.
    ordered = sorted(
        candidates,
        key=lambda effect: (not start.closes_gate(effect), -round(start.gain(effect), 12), effect.id),
    )
    chosen: list[Effect] = []
    standing = Standing.of(case, given)
    for effect in ordered:
        if standing.suffices():
            break
        standing.add(effect)
        chosen.append(effect)
    for effect in reversed(chosen.copy()):
        rest = [other for other in chosen if other is not effect]
        if Standing.of(case, [*given, *rest]).suffices():
            chosen = rest
    return _steps(case, given, chosen)


def _steps(case: Case, given: Sequence[Effect], chosen: Sequence[Effect]) -> tuple[Step, ...]:
    standing = Standing.of(case, given)
    steps = []
    for effect in chosen:
        closes = standing.closes_gate(effect)
        standing.add(effect)
        steps.append(Step(effect.question, effect.conditions, standing.assured(), closes))
    return tuple(steps)


def _records(case: Case) -> tuple[Effect, ...]:
    effects = (best_case(case, question) for question in case.readings)
    return tuple(effect for effect in effects if effect is not None)


def verdict_of(case: Case) -> Verdict:
    """Return the verdict on a case in which something applies and something is answered, without its lists.

    Effects only ever improve a standing, so that a smallest set exists if and only if all of them suffice.
    """
    standing = Standing.of(case)
    if standing.suffices():
        return "approve"
    for effect in condition_effects(case):
        standing.add(effect)
    if standing.suffices():
        return "approve-with-conditions"
    for effect in _records(case):
        standing.add(effect)
    return "defer" if standing.suffices() else "reject"


def decide(case: Case) -> Finding:
    """Return the verdict on a case in which something applies and something is answered, with its lists."""
    verdict = verdict_of(case)
    if verdict == "approve":
        return Finding(verdict, "sufficient")
    conditions = condition_effects(case)
    if verdict == "approve-with-conditions":
        return Finding(verdict, "conditions-needed", conditions=_minimal(case, (), conditions))
    if verdict == "defer":
        records = _records(case)
        evidence = _minimal(case, conditions, records)
        resolved = {step.question for step in evidence}
        given = [effect for effect in records if effect.question in resolved]
        with_them = _minimal(case, given, conditions)
        return Finding(verdict, "evidence-missing", conditions=with_them, evidence=evidence)
    return Finding(verdict, "final-gate" if _final_gate_fails(case, conditions) else "no-evidence-helps")


def _final_gate_fails(case: Case, conditions: Sequence[Effect]) -> bool:
    gates = Standing.of(case, conditions).gates
    return any(
        result == "fail" and not case.bars[question].gate.mitigable for question, result in gates.items()
    )


def evidence_alone(case: Case) -> tuple[Step, ...] | None:
    """Return the shortest list of records that suffices with no condition at all; None if none does."""
    return smallest_set(case, (), _records(case))
