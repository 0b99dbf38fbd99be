"""What scoring returns: one scorecard per option, each number traceable to its questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from evalkit.model.answers import EvidenceItem, RawValue
    from evalkit.model.values import AnswerState

Verdict = Literal["approve", "approve-with-conditions", "defer", "reject", "not-scorable", "not-eligible"]
Reason = Literal[
    "sufficient",
    "conditions-needed",
    "evidence-missing",
    "final-gate",
    "no-evidence-helps",
    "nothing-applies",
    "nothing-answered",
    "eligibility",
]
GateOutcome = Literal["pass", "open", "fail", "waived", "not-applicable"]


@dataclass(frozen=True, slots=True)
class Span:
    """Assured, expected and potential score; shares in 0..1, in this order never falling."""

    assured: float
    expected: float
    potential: float


@dataclass(frozen=True, slots=True)
class WeighedItem:
    """One evidence item as it counts for one option.

    Attributes
    ----------
    effective_class : str
        The class after scope and age: claim if its scope does not cover the deployment, one class lower if
        expired.
    v : float or None
        Worth of the value that the item states; None where it states none.
    collected : date
        The day it was collected, its own or its source's.
    expires : date
        The last day on which it counts in full.
    """

    item: EvidenceItem
    effective_class: str
    v: float | None
    collected: date
    expires: date
    expired: bool
    covers: bool
    governs: bool


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question for one option.

    Attributes
    ----------
    record : str
        Scope of the record: ``*`` for the general answer, else deployment ids joined by ``+``.
    weight : float
        Global weight w_q: the weights of all questions of the questionnaire sum to 1.
    evidence_class : str
        Effective class of the governing evidence; ``none`` without an answer.
    v : float or None
        Face value: worth of the answer as given; None without an answer.
    low, expected, high : float
        v⁻, E v and v⁺ in 0..1.
    distribution : tuple of (float, float)
        Values with their probabilities, values ascending.
    """

    question: str
    domain: str
    applicable: bool
    state: AnswerState
    record: str
    weight: float
    evidence_class: str
    value: RawValue | None
    v: float | None
    low: float
    expected: float
    high: float
    distribution: tuple[tuple[float, float], ...]
    disputed: bool
    stale: bool
    items: tuple[WeighedItem, ...]

    @property
    def is_answered(self) -> bool:
        """Whether a value stands: answered or conflicting."""
        return self.state in ("answered", "conflicting")


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate of the profile for one option."""

    question: str
    result: GateOutcome
    mitigable: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing to do: deploy a control for a question, or apply the remedy of a question."""

    kind: Literal["control", "remedy"]
    id: str
    question: str


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a condition or evidence list.

    Attributes
    ----------
    conditions : tuple of Condition
        For a control: the mapping itself, then its companions.
    assured_after : float
        Assured score with this entry and all before it.
    closes_gate : bool
        Whether the entry turns a gate.
    """

    question: str
    conditions: tuple[Condition, ...]
    assured_after: float
    closes_gate: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with its reason and its way out.

    Attributes
    ----------
    conditions : tuple of Step
        Controls and remedies of the smallest sufficient set.
    evidence : tuple of Step
        Records to resolve: tests to run and documents to ask for.
    """

    verdict: Verdict
    reason: Reason
    conditions: tuple[Step, ...] = ()
    evidence: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class DomainResult:
    """One domain for one option.

    Attributes
    ----------
    applicable_share : float
        Share of the domain's question weight that applies.
    span : Span or None
        None where nothing applies.
    """

    domain: str
    applicable_share: float
    span: Span | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything that is known of one option.

    ``span``, ``face_value``, ``unverified_share``, ``coverage`` and ``expected_counting_absent`` are None
    where the option is not scorable or not eligible; the lists are then empty.

    Attributes
    ----------
    span : Span or None
        Assured, expected and potential score of the whole, without conditions.
    face_value : float or None
        Score if every statement were taken as given and silence counted 0.
    unverified_share : float or None
        Share of the face value that rests on claims and third parties; None if the face value is 0.
    coverage : float or None
        Share of the applicable weight that is answered.
    expected_counting_absent : float or None
        Expected score if what does not apply counted 0.
    face_by_class : mapping
        The face value split by evidence class; sums to it.
    gap : mapping
        potential minus assured split by cause; sums to it. Zero buckets are left out.
    evidence_alone : tuple of Step or None
        For a deferred option: the shortest list of records that suffices with no condition at all; None if
        there is none.
    """

    option: str
    product: str
    deployment: str
    finding: Finding
    strict: Finding
    lenient: Finding
    span: Span | None
    face_value: float | None
    unverified_share: float | None
    coverage: float | None
    expected_counting_absent: float | None
    face_by_class: Mapping[str, float]
    gap: Mapping[str, float]
    gates: tuple[GateResult, ...]
    domains: tuple[DomainResult, ...]
    questions: tuple[QuestionResult, ...]
    evidence_alone: tuple[Step, ...] | None = None

    def question(self, question_id: str) -> QuestionResult:
        """Return one question's result; ``KeyError`` if the questionnaire has no such question."""
        for result in self.questions:
            if result.question == question_id:
                return result
        raise KeyError(question_id)

    @property
    def is_scored(self) -> bool:
        """Whether the option has figures."""
        return self.span is not None
