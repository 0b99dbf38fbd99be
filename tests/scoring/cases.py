"""Random valid evaluations, and the Hypothesis strategies made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, FactCondition, Not
from evalkit.model.controls import Control, ControlMapping, Scope
from evalkit.model.questionnaire import (
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StepsAtLeast,
    StepsAtMost,
)
from evalkit.model.values import EVIDENCE_CLASSES, RANK
from tests.scoring import builders as build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from evalkit.model.answers import Answer, Deployment, EvidenceItem, ProductAnswers, Statement
    from evalkit.model.condition import Condition
    from evalkit.model.controls import ControlFile
    from evalkit.model.evaluation import EvaluationInputs, Waiver
    from evalkit.model.profile import Gate, Profile
    from evalkit.model.questionnaire import Question, Questionnaire
    from evalkit.model.values import EvidenceClass

SYSTEMS = ("linux", "macos")
FEATURES = ("hooks", "extensions")
ROUTES = ("vendor_direct", "aws_bedrock")
SURFACES = ("cli", "ide")
TICKS = ("a", "b", "c", "d")
DEPLOYMENTS = ("direct", "bedrock", "cloud")
STRONG: tuple[EvidenceClass, ...] = ("documented", "contract", "attested", "tested")
SCALES = ((0, 25, 50, 75, 100), (0, 10, 55, 100), (0, 40, 100), (0, 30, 60, 85, 100), (0, 75, 80, 100))


@dataclass(frozen=True)
class Traits:
    """What random evaluations may have; tests of one property leave out what it excludes."""

    conditions: bool = True
    gates: bool = True
    controls: bool = True
    products: int = 1
    bulk: float = 1.0
    """Chance that a question is looked at at all."""


def chance(rng: Random, probability: float) -> bool:
    return rng.randint(1, 100) <= round(100 * probability)


def random_question(rng: Random, question_id: str) -> Question:  # noqa: PLR0911 - one per kind and rule
    weight = rng.choice((1, 2, 3, 4.5, 5))
    strongest = rng.choice(("tested", "tested", *EVIDENCE_CLASSES))
    match rng.choice(("scale", "scale", "scale", "most", "least", "worst", "sum", "penalty", "hosts")):
        case "scale":
            return build.scale(question_id, rng.choice(SCALES), weight=weight, strongest=strongest)
        case "most":
            steps = ((0, 100), (7, 90), (30, 50))[: rng.randint(1, 3)]
            special = {"never": 100, "varies": 35}
            return build.number(question_id, steps, special=special, weight=weight, strongest=strongest)
        case "least":
            steps = ((90, 100), (60, 70), (30, 25))[: rng.randint(1, 3)]
            return build.number(
                question_id, steps, best="at_least", otherwise=10, weight=weight, strongest=strongest
            )
        case "worst":
            worst = {"a": 100, "b": 60, "c": 0, "d": 60}
            return build.worst_of(question_id, worst, weight=weight, strongest=strongest)
        case "sum":
            points = {"a": 10, "b": 35, "c": 40, "d": 25}
            return build.sum_capped(
                question_id, points, cap=rng.choice((100, 80)), weight=weight, strongest=strongest
            )
        case "penalty":
            costs = {"a": 15, "b": 40, "c": None, "d": 70}
            return build.penalties(
                question_id, costs, floor=rng.choice((0, 5)), weight=weight, strongest=strongest
            )
        case _:
            return build.hosts(question_id, weight=weight, strongest=strongest)


def random_condition(rng: Random, scales: Sequence[ScaleQuestion], depth: int = 0) -> Condition:
    kind = rng.choice(("fact", "answer", "all", "any", "not") if depth < 2 else ("fact", "answer"))
    if kind == "answer" and scales:
        other = rng.choice(scales)
        return AnswerCondition(answer=other.id, at_least=rng.choice(other.levels).level)
    if kind == "all":
        return AllOf(all=tuple(random_condition(rng, scales, depth + 1) for _ in range(2)))
    if kind == "any":
        return AnyOf(any=tuple(random_condition(rng, scales, depth + 1) for _ in range(2)))
    if kind == "not":
        return Not(not_=random_condition(rng, scales, depth + 1))
    fact, values = rng.choice(
        (
            ("features", FEATURES),
            ("routes", ROUTES),
            ("surfaces", SURFACES),
            ("data_classes", ("internal",)),
            ("operating_systems", SYSTEMS),
            ("licence", ("closed",)),
            ("plan_type", ("enterprise",)),
        )
    )
    return FactCondition(fact=fact, includes_any=(rng.choice(values),))


def random_questionnaire(rng: Random, traits: Traits) -> Questionnaire:
    sizes = [rng.randint(1, 5) for _ in range(rng.randint(1, 3))]
    questions: dict[str, Question] = {
        question_id: random_question(rng, question_id)
        for domain, size in zip(("AAA", "BBB", "CCC"), sizes, strict=False)
        for question_id in (f"{domain}-{n:02}" for n in range(1, size + 1))
    }
    if traits.conditions:
        order = list(questions)
        rng.shuffle(order)
        for place, question_id in enumerate(order):
            scales = [s for earlier in order[:place] if isinstance(s := questions[earlier], ScaleQuestion)]
            if chance(rng, 0.3):
                condition = random_condition(rng, scales)
                questions[question_id] = questions[question_id].model_copy(update={"applies_if": condition})
    return build.questionnaire(
        {
            prefix.lower(): [q for i, q in questions.items() if i.startswith(prefix)]
            for prefix, _ in zip(("AAA", "BBB", "CCC"), sizes, strict=False)
        }
    )


def random_table(rng: Random) -> dict[str, tuple[int, float, int]]:
    if chance(rng, 0.4):
        return dict(build.REGULATED)
    slacks = sorted((rng.randint(0, 4) for _ in EVIDENCE_CLASSES), reverse=True)
    trust = sorted(rng.randint(0, 20) / 20 for _ in EVIDENCE_CLASSES)
    days = [rng.choice((90, 365)) for _ in EVIDENCE_CLASSES]
    return {name: row for name, *row in zip(EVIDENCE_CLASSES, slacks, trust, days, strict=True)}  # type: ignore[misc]  # a row is what the three lists hold


def random_gate(rng: Random, question: Question) -> Gate | None:
    allowed = EVIDENCE_CLASSES[: RANK[question.strongest_proof]]
    needs = rng.choice(allowed)
    mitigable = chance(rng, 0.5)
    match question:
        case ScaleQuestion():
            level = rng.choice(question.levels).level
            return build.gate(question.id, needs=needs, mitigable=mitigable, at_least=level)
        case NumberQuestion(value_rule=StepsAtMost(steps=most)):
            limit = rng.choice(most).at_most
            return build.gate(question.id, needs=needs, mitigable=mitigable, at_most=limit)
        case NumberQuestion(value_rule=StepsAtLeast(steps=least)):
            limit = rng.choice(least).at_least
            return build.gate(question.id, needs=needs, mitigable=mitigable, at_least=limit)
        case SetQuestion():
            ticks = tuple(rng.sample(TICKS, rng.randint(1, 2)))
            return build.gate(question.id, needs=needs, mitigable=mitigable, includes_any=ticks)
        case _:
            return None


def random_profile(rng: Random, instrument: Questionnaire, traits: Traits) -> Profile:
    gates = [
        gate
        for question in instrument.questions
        if traits.gates and chance(rng, 0.35)
        for gate in [random_gate(rng, question)]
        if gate is not None
    ]
    return build.profile(
        {domain.id: rng.choice((1, 7.5, 13, 40)) for domain in instrument.domains},
        question_weights={q.id: rng.choice((0.5, 3, 8)) for q in instrument.questions if chance(rng, 0.2)},
        table=build.evidence_table(random_table(rng)),
        limits=build.thresholds(
            rng.choice((0, 0.2, 0.4, 0.6, 0.8)), rng.choice((0, 0, 0.2, 0.5)), rng.choice((0, 0, 0.5, 1))
        ),
        gates=gates,
        unknown_gate="fail" if chance(rng, 0.15) else "open",
        eligibility=random_condition(rng, ()) if traits.conditions and chance(rng, 0.1) else None,
    )


def random_value(rng: Random, question: Question) -> Any:  # noqa: ANN401 - any answer
    match question:
        case ScaleQuestion(levels=levels):
            return rng.choice(levels).level
        case NumberQuestion(special_values=special):
            numbers = (0, 3, 7, 20, 30, 31, 60, 75.5, 90, 400)
            return rng.choice((*numbers, *(one.id for one in special)))
        case SetQuestion():
            return tuple(sorted(rng.sample(TICKS, rng.randint(1, 3))))
        case _:
            names = ("api.v.test", "*.v.test", "log-*.v.test", "log-eu.v.test", "x.test")
            return build.lists(
                rng.sample(names, rng.choice((0, 1, 2))),
                rng.sample(("api.v.test", "LOG-eu.v.test", "y.test"), rng.choice((0, 0, 1, 3))),
                ("z.test",) if chance(rng, 0.3) else (),
                purposes=chance(rng, 0.5),
                none_needed=chance(rng, 0.1),
            )


def random_item(rng: Random, deployments: Sequence[str]) -> EvidenceItem:
    evidence_class = rng.choice((*EVIDENCE_CLASSES, *STRONG))
    age = rng.choice((0, 0, 0, 0, 30, 90, 91, 200, 366, 1200))
    expires = build.AS_OF + timedelta(days=rng.choice((-1, 0, 30))) if chance(rng, 0.1) else None
    dated_by_source = chance(rng, 0.1)
    return build.item(
        evidence_class,
        collected=None if dated_by_source else build.AS_OF - timedelta(days=age),
        expires=expires,
        deployments=tuple(rng.sample(deployments, 1)) if chance(rng, 0.1) else None,
        version="0.9" if evidence_class == "tested" and chance(rng, 0.15) else None,
        source=rng.choice(("fresh", "old")) if dated_by_source else "s",
    )


def random_statement(rng: Random, question: Question, deployments: Sequence[str]) -> Statement:
    states: tuple[build.State, ...] = ("conflicting", "unknown", "refused", "unanswered")
    state = rng.choice((*states, *("answered",) * 7))
    if state in ("unknown", "refused", "unanswered"):
        return build.statement(state=state)
    items = [random_item(rng, deployments) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    if state == "conflicting":
        return settle([(item, random_value(rng, question)) for item in items], conflicting=True)
    value = random_value(rng, question)
    stated = [(item, value if chance(rng, 0.5) else random_value(rng, question)) for item in items]
    blank = question.kind == "set" and chance(rng, 0.05)
    return build.statement(()) if blank else settle(stated, conflicting=False)


def settle(stated: Sequence[tuple[EvidenceItem, Any]], *, conflicting: bool) -> Statement:
    """A statement with these items: what the highest class as written says, or conflicting if it differs."""
    top = max(RANK[item.evidence_class] for item, _ in stated)
    leading = [value for item, value in stated if RANK[item.evidence_class] == top]
    if conflicting and any(value != leading[0] for value in leading):
        items = [item.model_copy(update={"value": value}) for item, value in stated]
        return build.statement(None, *items, state="conflicting")
    items = [
        item.model_copy(update={"value": None if value == leading[0] else value}) for item, value in stated
    ]
    return build.statement(leading[0], *items)


def random_answer(rng: Random, question: Question, deployments: Sequence[str]) -> Answer:
    general = random_statement(rng, question, deployments)
    overrides: dict[str, Statement] = {}
    for deployment in deployments:
        if chance(rng, 0.2):
            twin = rng.choice((general, *overrides.values()))
            shuffled = tuple(rng.sample(twin.evidence, len(twin.evidence)))
            same = twin.model_copy(update={"evidence": shuffled, "finding": "Again."})
            overrides[deployment] = same if chance(rng, 0.4) else random_statement(rng, question, deployments)
    return build.answer(general.value, *general.evidence, state=general.state, deployments=overrides)


def random_answers(rng: Random, instrument: Questionnaire, product: str, traits: Traits) -> ProductAnswers:
    names = DEPLOYMENTS[: rng.randint(1, 3)]
    deployments: list[Deployment] = [
        build.deployment(
            name,
            route=rng.choice(ROUTES),
            surface=rng.choice(SURFACES),
            plan=rng.choice(("api", "enterprise")),
        )
        for name in names
    ]
    return build.product_answers(
        {
            question.id: random_answer(rng, question, names)
            for question in instrument.questions
            if chance(rng, 0.92 * traits.bulk)
        },
        product=product,
        deployments=deployments,
        operating_systems=rng.choice((None, ("linux",), SYSTEMS)),
        features=rng.choice((None, (), FEATURES[:1], FEATURES)),
        sources={
            "fresh": build.source(build.AS_OF),
            "old": build.source(build.AS_OF - timedelta(days=120)),
        },
    )


def random_scope(rng: Random) -> Scope:
    return Scope(
        surfaces=rng.choice((None, None, ("cli",), SURFACES)),
        routes=rng.choice((None, None, ("vendor_direct",), ROUTES)),
        plans=rng.choice((None, None, None, ("enterprise",))),
        operating_systems=rng.choice((None, None, ("linux",), SYSTEMS)),
    )


def random_controls(rng: Random, instrument: Questionnaire, product: str) -> ControlFile:
    scales = [question for question in instrument.questions if isinstance(question, ScaleQuestion)]
    names = [f"XX-SET-{n:02}" for n in range(1, rng.randint(0, 4) + 1)]
    clash = set(rng.sample(names, 2)) if len(names) > 1 and chance(rng, 0.3) else set()
    controls: list[Control] = []
    for name in names:
        chosen = rng.sample(scales, min(len(scales), rng.randint(0, 3)))
        mappings = {
            question.id: ControlMapping(
                to=rng.choice(question.levels).level,
                with_=tuple(rng.sample([n for n in names if n != name], 1))
                if len(names) > 1 and chance(rng, 0.3)
                else (),
                when=random_scope(rng) if chance(rng, 0.2) else None,
            )
            for question in chosen
        }
        controls.append(
            build.control(
                name,
                mappings,
                generate=rng.choice(("default", "default", "on-request", "never")),
                conflicts_with=tuple(sorted(clash - {name})) if name in clash else (),
                targets=[random_scope(rng) if chance(rng, 0.2) else None for _ in range(rng.randint(1, 2))],
                set_by=rng.choice((("admin",), ("admin", "user"), ("user",))),
                override=rng.choice(("no", "no", "no", "partly")),
                override_on={"macos": rng.choice(("no", "yes"))} if chance(rng, 0.2) else {},
                deployments=random_scope(rng) if chance(rng, 0.3) else Scope(),
            )
        )
    return build.control_file(*controls, product=product)


def random_inputs(rng: Random, traits: Traits) -> EvaluationInputs:
    instrument = random_questionnaire(rng, traits)
    policy = random_profile(rng, instrument, traits)
    products = [
        random_answers(rng, instrument, f"p{n}", traits) for n in range(rng.randint(1, traits.products))
    ]
    waivers: list[Waiver] = [
        build.waiver(
            f"{answers.product.id}/{deployment.id}",
            gate.question,
            build.AS_OF + timedelta(days=rng.choice((-1, 0, 9))),
        )
        for answers in products
        for deployment in answers.deployments
        for gate in policy.gates
        if gate.mitigable and chance(rng, 0.2)
    ]
    day: date = build.AS_OF
    return build.inputs(
        instrument,
        policy,
        *products,
        controls=[random_controls(rng, instrument, a.product.id) for a in products if traits.controls],
        deadline=rng.choice((None, day, day - timedelta(days=1))),
        waivers=waivers,
        data_classes=rng.choice((None, ("internal",), ("confidential",))),
        operating_systems=rng.choice((None, None, SYSTEMS)),
    )


def evaluations(traits: Traits | None = None) -> st.SearchStrategy[EvaluationInputs]:
    """Random valid evaluations."""
    chosen = traits or Traits()
    return st.randoms(use_true_random=False).map(lambda rng: random_inputs(rng, chosen))
