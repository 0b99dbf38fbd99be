"""The instrument: domains, questions, and how an answer is worth points. Free of products."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from evalkit.model.condition import Condition
from evalkit.model.values import (
    Day,
    EvidenceClass,
    Flag,
    Id,
    Integer,
    Number,
    OptionalText,
    Points,
    QuestionId,
    Text,
    Value,
    Version,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

FactLevel = Literal["product", "deployment", "evaluation"]
Ladder = Literal["control", "disclosure", "protection", "failure", "capability", "contract"]


class Level(Value):
    """One rung of a scale."""

    level: Integer
    points: Points
    label: Text
    text: Text


class SpecialValue(Value):
    """An answer to a number question that is no number."""

    id: Word
    points: Points
    text: Text


class Limits(Value):
    """Smallest and largest number that may be answered, inclusive."""

    min: Number
    max: Number


class StepAtMost(Value):
    """Points for a number not above the limit."""

    at_most: Number
    points: Points


class StepAtLeast(Value):
    """Points for a number not below the limit."""

    at_least: Number
    points: Points


class StepsAtMost(Value):
    """The smaller the better; steps are tried from the best end, limits inclusive."""

    type: Literal["steps_at_most"]
    steps: Annotated[tuple[StepAtMost, ...], Field(min_length=1)]
    otherwise: Points


class StepsAtLeast(Value):
    """The larger the better; steps are tried from the best end, limits inclusive."""

    type: Literal["steps_at_least"]
    steps: Annotated[tuple[StepAtLeast, ...], Field(min_length=1)]
    otherwise: Points


class WorstOfSelected(Value):
    """Points of the worst ticked option."""

    type: Literal["worst_of_selected"]
    empty: Literal["unknown"]
    exclusive: tuple[Word, ...] = ()


class SumCapped(Value):
    """Sum of the points of all ticked options, up to the cap."""

    type: Literal["sum_capped"]
    cap: Points
    empty: Literal["unknown"]
    exclusive: tuple[Word, ...] = ()
    count_only: Text | None = None


class StartMinusPenalties(Value):
    """Start value less the penalties of all ticked options, down to the floor."""

    type: Literal["start_minus_penalties"]
    start: Points
    floor: Points
    empty: Literal["unknown"]
    exclusive: tuple[Word, ...] = ()


HostCase = Literal[
    "none_needed is true and observed is empty",
    "documented, observed and from_source are empty",
    "documented and observed are empty, from_source is not",
    "documented is empty, observed is not",
    "observed is empty, purposes_given is false",
    "observed is empty, purposes_given is true",
    "both filled",
]
HostShare = Literal["floor(100 * observed hosts matched by documented / observed hosts)"]


class HostCoverageCase(Value):
    """Points in one of the closed list of cases."""

    when: HostCase
    points: Points | HostShare
    cap_without_purposes: Points | None = None


class HostCoverage(Value):
    """How well the published host list covers what was observed; cases are tried from the top."""

    type: Literal["host_coverage"]
    cases: Annotated[tuple[HostCoverageCase, ...], Field(min_length=1)]
    matching: Text


class SetOption(Value):
    """One thing that may be ticked, worth points or costing a penalty."""

    id: Word
    points: Points | None = None
    penalty: Points | None = None
    text: Text


class ListField(Value):
    """One list or flag of a list question."""

    id: Word
    text: Text


class AlsoRecord(Value):
    """A companion value that is kept beside the answer and never scored."""

    unit: Word
    text: Text


class EvidenceWanted(Value):
    """What would satisfy the question, by class."""

    kind: EvidenceClass
    what: Text


class LabTest(Value):
    """How the organisation can see for itself."""

    needs: tuple[Id, ...]
    steps: Annotated[tuple[Text, ...], Field(min_length=1)]
    pass_if: Text
    passing_shows: Number
    minutes: Annotated[int, Field(gt=0, strict=True)]


class VariesBy(Value):
    """The dimensions in which deployments of one product may have other answers."""

    route: Flag
    surface: Flag
    plan: Flag
    note: OptionalText = ""


class Remedy(Value):
    """What helps where the answer is weak: a setting, and a clause to negotiate."""

    setting: Text
    clause: Text


class QuestionBase(Value):
    """What every question has, whatever its kind."""

    id: QuestionId
    title: Text
    question: Text
    why: Text
    ladder: Ladder | None = None
    also_record: AlsoRecord | None = None
    evidence: tuple[EvidenceWanted, ...]
    strongest_proof: EvidenceClass
    lab_test: LabTest | None = None
    weight: Annotated[float, Field(ge=1, le=5, strict=True)]
    weight_reason: Text
    varies_by: VariesBy
    applies_if: Condition | None = None
    if_function_absent: Number | None = None
    triage: Flag
    remedy: Remedy | None = None
    refs: dict[Word, tuple[Text, ...]] = Field(default_factory=dict)


class ScaleQuestion(QuestionBase):
    """Pick exactly one level."""

    kind: Literal["scale"]
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]


class NumberQuestion(QuestionBase):
    """Give one number in the stated unit, or a special value."""

    kind: Literal["number"]
    unit: Word
    limits: Limits
    special_values: tuple[SpecialValue, ...] = ()
    value_rule: Annotated[StepsAtMost | StepsAtLeast, Field(discriminator="type")]


class SetQuestion(QuestionBase):
    """Tick every option that is true."""

    kind: Literal["set"]
    options: Annotated[tuple[SetOption, ...], Field(min_length=1)]
    value_rule: Annotated[WorstOfSelected | SumCapped | StartMinusPenalties, Field(discriminator="type")]


class ListQuestion(QuestionBase):
    """Give lists of hosts."""

    kind: Literal["list"]
    list_fields: Annotated[tuple[ListField, ...], Field(min_length=1)]
    value_rule: HostCoverage


Question = Annotated[
    ScaleQuestion | NumberQuestion | SetQuestion | ListQuestion,
    Field(discriminator="kind"),
]


class Domain(Value):
    """One of the seven questions, or zero trust: a file of questions."""

    format: Literal["evalkit/domain/1"]
    id: Id
    title: Text
    seed: Text
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class SubjectFact(Value):
    """A fact about product, deployment or evaluation that conditions may ask for."""

    id: Word
    kind: Literal["text", "one", "many"]
    options: tuple[Word, ...] = ()
    level: FactLevel


class EvidenceClassText(Value):
    """Rank and meaning of an evidence class."""

    id: EvidenceClass
    rank: Integer
    text: Text


class Triage(Value):
    """The subset for a first meeting."""

    purpose: Text
    minutes: Annotated[int, Field(gt=0, strict=True)]


class QuestionnaireHeader(Value):
    """The file ``questionnaire.yaml``: what holds for all domains."""

    format: Literal["evalkit/questionnaire/1"]
    id: Id
    version: Version
    title: Text
    as_of: Day
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    domains: Annotated[tuple[Id, ...], Field(min_length=1)]
    prefixes: dict[Id, Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]]
    kinds: dict[Literal["scale", "number", "set", "list"], Text]
    ladders: dict[Ladder, Text]
    answer_states: dict[
        Literal["unanswered", "answered", "unknown", "refused", "conflicting", "not_applicable"], Text
    ]
    evidence_classes: tuple[EvidenceClassText, ...]
    subject_facts: tuple[SubjectFact, ...]
    conditions: Text
    lab_kit: dict[Id, Text]
    reference_scenario: Text
    triage: Triage
    frameworks: dict[Word, Text]


class Framework(Value):
    """Every valid identifier of one framework; identifiers only, no text."""

    key: Word
    name: Text
    verified_in: tuple[Text, ...]
    result: Text
    ids: Annotated[tuple[Text, ...], Field(min_length=1)]
    to_4_1_by_equal_title: dict[Text, Text] = Field(default_factory=dict)
    without_equal_title_in_4_1: tuple[Text, ...] = ()
    source_4_1: Text | None = None


class FrameworkIds(Value):
    """The file ``framework-ids.yaml``: what ``refs`` may name."""

    format: Literal["evalkit/framework-ids/1"]
    as_of: Day
    note: Text
    frameworks: tuple[Framework, ...]


@dataclass(frozen=True)
class Questionnaire:
    """A whole instrument: header, domains in order, framework identifiers."""

    header: QuestionnaireHeader
    domains: tuple[Domain, ...]
    frameworks: tuple[Framework, ...] = ()

    @property
    def ref(self) -> str:
        """Id and version as other files cite them, for example ``coding-agent@1.0.0``."""
        return f"{self.header.id}@{self.header.version}"

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question in the order of the questionnaire."""
        return tuple(question for domain in self.domains for question in domain.questions)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Every question by its id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def domain_of(self) -> Mapping[str, Domain]:
        """The domain of every question, by question id."""
        return {question.id: domain for domain in self.domains for question in domain.questions}

    @cached_property
    def facts(self) -> Mapping[str, SubjectFact]:
        """Every subject fact by its id."""
        return {fact.id: fact for fact in self.header.subject_facts}
