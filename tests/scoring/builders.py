"""Small builders of questionnaires, profiles, answers, controls and evaluations as model values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from evalkit.model.answers import (
    Answer,
    Deployment,
    EvidenceItem,
    HostLists,
    Prepared,
    Product,
    ProductAnswers,
    RawValue,
    Source,
    Statement,
)
from evalkit.model.controls import Control, ControlFile, ControlMapping, Scope, Target
from evalkit.model.evaluation import Evaluation, EvaluationInputs, Option, Waiver
from evalkit.model.profile import EvidencePolicy, Gate, Profile, Thresholds
from evalkit.model.questionnaire import (
    Domain,
    HostCoverage,
    HostCoverageCase,
    Level,
    Limits,
    ListField,
    ListQuestion,
    NumberQuestion,
    Questionnaire,
    QuestionnaireHeader,
    ScaleQuestion,
    SetOption,
    SetQuestion,
    SpecialValue,
    StartMinusPenalties,
    StepAtLeast,
    StepAtMost,
    StepsAtLeast,
    StepsAtMost,
    SubjectFact,
    SumCapped,
    Triage,
    VariesBy,
    WorstOfSelected,
)
from evalkit.model.values import EVIDENCE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.condition import Condition
    from evalkit.model.questionnaire import Question
    from evalkit.model.values import EvidenceClass

AS_OF = date(2026, 11, 22)
"""The day of every evaluation built here."""

VERSION = "1.0"
"""The product version of every product built here."""

EVEN = (0, 25, 50, 75, 100)
"""The points of a scale with five even levels."""

REGULATED = {
    "claim": (4, 0.50, 90),
    "third_party": (3, 0.60, 90),
    "documented": (2, 0.70, 180),
    "source_read": (1, 0.85, 365),
    "contract": (1, 0.85, 1095),
    "attested": (1, 0.95, 400),
    "tested": (0, 1.00, 365),
}
"""Slack, reliability and days of the regulated profile, as the specification states them."""

HOST_CASES: tuple[dict[str, Any], ...] = (
    {"when": "none_needed is true and observed is empty", "points": 100},
    {"when": "documented, observed and from_source are empty", "points": 0},
    {"when": "documented and observed are empty, from_source is not", "points": 10},
    {"when": "documented is empty, observed is not", "points": 20},
    {"when": "observed is empty, purposes_given is false", "points": 40},
    {"when": "observed is empty, purposes_given is true", "points": 60},
    {
        "when": "both filled",
        "points": "floor(100 * observed hosts matched by documented / observed hosts)",
        "cap_without_purposes": 80,
    },
)
"""The cases of the shipped host list question."""

FACTS = (
    SubjectFact(id="product", kind="text", level="product"),
    SubjectFact(id="version", kind="text", level="product"),
    SubjectFact(
        id="plan_type", kind="one", options=("personal", "team", "enterprise", "api"), level="deployment"
    ),
    SubjectFact(
        id="licence", kind="one", options=("closed", "source_available", "open_source"), level="product"
    ),
    SubjectFact(id="routes", kind="many", options=("vendor_direct", "aws_bedrock"), level="deployment"),
    SubjectFact(id="surfaces", kind="many", options=("cli", "ide", "cloud"), level="deployment"),
    SubjectFact(id="operating_systems", kind="many", options=("linux", "macos", "windows"), level="product"),
    SubjectFact(id="features", kind="many", options=("hooks", "extensions"), level="product"),
    SubjectFact(id="data_classes", kind="many", options=("internal", "confidential"), level="evaluation"),
)
"""The subject facts of every questionnaire built here."""


def _common(
    question_id: str, *, weight: float, strongest: EvidenceClass, applies_if: Condition | None
) -> dict[str, Any]:
    return {
        "id": question_id,
        "title": question_id,
        "question": "What?",
        "why": "So.",
        "evidence": (),
        "strongest_proof": strongest,
        "weight": weight,
        "weight_reason": "So.",
        "varies_by": VariesBy(route=True, surface=True, plan=True),
        "applies_if": applies_if,
        "triage": False,
    }


def scale(
    question_id: str,
    points: Sequence[float] = EVEN,
    *,
    weight: float = 1,
    strongest: EvidenceClass = "tested",
    applies_if: Condition | None = None,
) -> ScaleQuestion:
    levels = tuple(Level(level=n, points=p, label="-", text="-") for n, p in enumerate(points))
    common = _common(question_id, weight=weight, strongest=strongest, applies_if=applies_if)
    return ScaleQuestion(kind="scale", levels=levels, **common)


def number(  # noqa: PLR0913 - the parts of a number question
    question_id: str,
    steps: Sequence[tuple[float, float]],
    *,
    best: Literal["at_most", "at_least"] = "at_most",
    otherwise: float = 0,
    special: Mapping[str, float] | None = None,
    weight: float = 1,
    strongest: EvidenceClass = "tested",
    applies_if: Condition | None = None,
) -> NumberQuestion:
    rule: StepsAtMost | StepsAtLeast
    if best == "at_most":
        most = tuple(StepAtMost(at_most=limit, points=points) for limit, points in steps)
        rule = StepsAtMost(type="steps_at_most", steps=most, otherwise=otherwise)
    else:
        least = tuple(StepAtLeast(at_least=limit, points=points) for limit, points in steps)
        rule = StepsAtLeast(type="steps_at_least", steps=least, otherwise=otherwise)
    return NumberQuestion(
        kind="number",
        unit="days",
        limits=Limits(min=0, max=10000),
        special_values=tuple(SpecialValue(id=i, points=p, text="-") for i, p in (special or {}).items()),
        value_rule=rule,
        **_common(question_id, weight=weight, strongest=strongest, applies_if=applies_if),
    )


def worst_of(
    question_id: str,
    points: Mapping[str, float],
    *,
    weight: float = 1,
    strongest: EvidenceClass = "tested",
    applies_if: Condition | None = None,
) -> SetQuestion:
    return SetQuestion(
        kind="set",
        options=tuple(SetOption(id=i, points=p, text="-") for i, p in points.items()),
        value_rule=WorstOfSelected(type="worst_of_selected", empty="unknown"),
        **_common(question_id, weight=weight, strongest=strongest, applies_if=applies_if),
    )


def sum_capped(  # noqa: PLR0913 - the parts of a set question
    question_id: str,
    points: Mapping[str, float],
    *,
    cap: float = 100,
    weight: float = 1,
    strongest: EvidenceClass = "tested",
    applies_if: Condition | None = None,
) -> SetQuestion:
    return SetQuestion(
        kind="set",
        options=tuple(SetOption(id=i, points=p, text="-") for i, p in points.items()),
        value_rule=SumCapped(type="sum_capped", cap=cap, empty="unknown"),
        **_common(question_id, weight=weight, strongest=strongest, applies_if=applies_if),
    )


def penalties(  # noqa: PLR0913 - the parts of a set question
    question_id: str,
    costs: Mapping[str, float | None],
    *,
    start: float = 100,
    floor: float = 0,
    weight: float = 1,
    strongest: EvidenceClass = "tested",
    applies_if: Condition | None = None,
) -> SetQuestion:
    return SetQuestion(
        kind="set",
        options=tuple(SetOption(id=i, penalty=p, text="-") for i, p in costs.items()),
        value_rule=StartMinusPenalties(
            type="start_minus_penalties", start=start, floor=floor, empty="unknown"
        ),
        **_common(question_id, weight=weight, strongest=strongest, applies_if=applies_if),
    )


def hosts(
    question_id: str,
    *,
    cases: Sequence[dict[str, Any]] = HOST_CASES,
    weight: float = 1,
    strongest: EvidenceClass = "tested",
    applies_if: Condition | None = None,
) -> ListQuestion:
    return ListQuestion(
        kind="list",
        list_fields=(ListField(id="documented", text="-"),),
        value_rule=HostCoverage(
            type="host_coverage", cases=tuple(HostCoverageCase(**case) for case in cases), matching="-"
        ),
        **_common(question_id, weight=weight, strongest=strongest, applies_if=applies_if),
    )


def questionnaire(domains: Mapping[str, Sequence[Question]]) -> Questionnaire:
    header = QuestionnaireHeader(
        format="evalkit/questionnaire/1",
        id="test",
        version="1.0.0",
        title="Test",
        as_of=AS_OF,
        language="en",
        domains=tuple(domains),
        prefixes={},
        kinds={},
        ladders={},
        answer_states={},
        evidence_classes=(),
        subject_facts=FACTS,
        conditions="-",
        lab_kit={},
        reference_scenario="-",
        triage=Triage(purpose="-", minutes=1),
        frameworks={},
    )
    return Questionnaire(
        header=header,
        domains=tuple(
            Domain(format="evalkit/domain/1", id=i, title=i, seed="-", questions=tuple(questions))
            for i, questions in domains.items()
        ),
    )


def evidence_table(
    rows: Mapping[str, tuple[int, float, int]] = REGULATED,
) -> dict[EvidenceClass, EvidencePolicy]:
    return {
        name: EvidencePolicy(slack_levels=rows[name][0], reliability=rows[name][1], valid_days=rows[name][2])
        for name in EVIDENCE_CLASSES
    }


def thresholds(approve_at: float = 0, domain_floor: float = 0, minimum_coverage: float = 0) -> Thresholds:
    return Thresholds(approve_at=approve_at, domain_floor=domain_floor, minimum_coverage=minimum_coverage)


def gate(  # noqa: PLR0913 - the parts of a gate
    question_id: str,
    *,
    needs: EvidenceClass = "documented",
    mitigable: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
    includes_any: tuple[str, ...] | None = None,
) -> Gate:
    return Gate(
        question=question_id,
        at_least=at_least,
        at_most=at_most,
        includes_any=includes_any,
        mitigable=mitigable,
        needs=needs,
        consequence="-",
    )


def profile(  # noqa: PLR0913 - the parts of a profile
    domain_weights: Mapping[str, float],
    *,
    question_weights: Mapping[str, float] | None = None,
    table: dict[EvidenceClass, EvidencePolicy] | None = None,
    limits: Thresholds | None = None,
    gates: Sequence[Gate] = (),
    unknown_gate: Literal["open", "fail"] = "open",
    eligibility: Condition | None = None,
) -> Profile:
    return Profile(
        format="evalkit/profile/1",
        id="test",
        version="1.0.0",
        questionnaire="test",
        title="Test",
        purpose="-",
        eligibility=eligibility,
        domain_weights=dict(domain_weights),
        question_weights=dict(question_weights or {}),
        evidence=table or evidence_table(),
        thresholds=limits or thresholds(),
        unknown_gate=unknown_gate,
        gates=tuple(gates),
    )


def item(  # noqa: PLR0913 - the parts of an evidence item
    evidence_class: EvidenceClass = "tested",
    value: RawValue | None = None,
    *,
    collected: date | None = AS_OF,
    expires: date | None = None,
    deployments: tuple[str, ...] | None = None,
    version: str | None = None,
    source: str = "s",
) -> EvidenceItem:
    if version is None and evidence_class == "tested":
        version = VERSION
    return EvidenceItem(
        evidence_class=evidence_class,
        source=source,
        value=value,
        collected=collected,
        expires=expires,
        deployments=deployments,
        version=version,
    )


State = Literal["answered", "conflicting", "unknown", "refused", "unanswered"]


def answer(
    value: RawValue | None = None,
    *evidence: EvidenceItem | EvidenceClass,
    state: State | None = None,
    deployments: Mapping[str, Statement] | None = None,
) -> Answer:
    """An answer with its evidence; a class alone stands for an item of it collected on the day."""
    return Answer(
        state=state,
        value=value,
        evidence=tuple(entry if isinstance(entry, EvidenceItem) else item(entry) for entry in evidence),
        deployments=dict(deployments or {}),
    )


def statement(
    value: RawValue | None = None, *evidence: EvidenceItem | EvidenceClass, state: State | None = None
) -> Statement:
    """An override: like an answer, for one deployment."""
    return Statement(
        state=state,
        value=value,
        evidence=tuple(entry if isinstance(entry, EvidenceItem) else item(entry) for entry in evidence),
    )


def deployment(
    deployment_id: str = "direct", *, route: str = "vendor_direct", surface: str = "cli", plan: str = "api"
) -> Deployment:
    return Deployment(id=deployment_id, name=deployment_id, route=route, surface=surface, plan=plan)


def product_answers(  # noqa: PLR0913 - the parts of an answer file
    answers: Mapping[str, Answer],
    *,
    product: str = "p",
    deployments: Sequence[Deployment] = (),
    operating_systems: tuple[str, ...] | None = ("linux",),
    features: tuple[str, ...] | None = (),
    sources: Mapping[str, Source] | None = None,
) -> ProductAnswers:
    return ProductAnswers(
        format="evalkit/answers/1",
        questionnaire="test@1.0.0",
        product=Product(
            id=product,
            name=product,
            vendor="v",
            version=VERSION,
            licence="closed",
            operating_systems=operating_systems,
            features=features,
        ),
        prepared=Prepared(by="t", on=AS_OF, basis="-"),
        deployments=tuple(deployments) or (deployment(),),
        sources=dict(sources or {}),
        answers=dict(answers),
    )


def source(retrieved: date | None = None) -> Source:
    return Source(title="-", publisher="-", kind="vendor-docs", retrieved=retrieved)


def control(  # noqa: PLR0913 - the parts of a control
    control_id: str,
    questions: Mapping[str, ControlMapping | int],
    *,
    generate: Literal["default", "on-request", "never"] = "default",
    conflicts_with: tuple[str, ...] = (),
    targets: Sequence[Scope | None] = (None,),
    set_by: tuple[str, ...] = ("admin",),
    override: Literal["no", "partly", "yes"] = "no",
    override_on: Mapping[str, Literal["no", "partly", "yes"]] | None = None,
    deployments: Scope | None = None,
) -> Control:
    """A control; each entry of ``targets`` is the ``when`` of one target, a mapping may be a bare level."""
    return Control(
        id=control_id,
        title="-",
        conditions=("off",),
        generate=generate,
        conflicts_with=conflicts_with,
        targets=tuple(Target(mechanism="file", flag="-", when=when) for when in targets),
        set_by=set_by,
        user_can_override=override,
        user_can_override_on=dict(override_on or {}),
        effect="-",
        side_effects="",
        since="1",
        deployments=deployments or Scope(),
        evidence="documented",
        questions={
            question: ControlMapping(to=mapping) if isinstance(mapping, int) else mapping
            for question, mapping in questions.items()
        },
        sources=(),
    )


def mapping(to: int, with_: tuple[str, ...] = (), when: Scope | None = None) -> ControlMapping:
    return ControlMapping(to=to, with_=with_, when=when)


def control_file(*controls: Control, product: str = "p") -> ControlFile:
    return ControlFile(
        format="evalkit/controls/1",
        product=product,
        name=product,
        vendor="v",
        as_of=AS_OF,
        version_looked_at={},
        policy_locations={},
        precedence="-",
        disclaimer="-",
        surfaces=(),
        routes=(),
        controls=controls,
    )


def waiver(option: str, gate_question: str, until: date = AS_OF) -> Waiver:
    return Waiver(option=option, gate=gate_question, by="b", reason="r", until=until)


def inputs(  # noqa: PLR0913 - the parts of an evaluation
    instrument: Questionnaire,
    policy: Profile,
    *products: ProductAnswers,
    controls: Sequence[ControlFile] = (),
    options: Literal["all"] | tuple[str, ...] = "all",
    deadline: date | None = None,
    waivers: Sequence[Waiver] = (),
    data_classes: tuple[str, ...] | None = None,
    operating_systems: tuple[str, ...] | None = None,
) -> EvaluationInputs:
    evaluation = Evaluation(
        format="evalkit/evaluation/1",
        id="test",
        title="Test",
        questionnaire="test@1.0.0",
        profile="test",
        as_of=AS_OF,
        data_classes=data_classes,
        operating_systems=operating_systems,
        options=options,
        deadline=deadline,
        waivers=tuple(waivers),
    )
    return EvaluationInputs(
        evaluation=evaluation,
        questionnaire=instrument,
        profile=policy,
        answers={answers.product.id: answers for answers in products},
        controls={file.product: file for file in controls},
    )


def option(answers: ProductAnswers, deployment_id: str = "direct") -> Option:
    return Option(answers, answers.deployment(deployment_id))


def lists(
    documented: Sequence[str] = (),
    observed: Sequence[str] = (),
    from_source: Sequence[str] = (),
    *,
    purposes: bool = False,
    none_needed: bool = False,
) -> HostLists:
    return HostLists(
        documented=tuple(documented),
        observed=tuple(observed),
        from_source=tuple(from_source),
        purposes_given=purposes,
        none_needed=none_needed,
    )
