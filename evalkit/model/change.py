"""What differs between two states of an evaluation, and what each difference did to the options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, get_args

from evalkit.model.answers import Statement
from evalkit.model.records import normalised, state_of

if TYPE_CHECKING:
    from datetime import date

    from evalkit.model.answers import EvidenceItem
    from evalkit.model.scorecard import GateOutcome, QuestionResult, Scorecard, Verdict

Cause = Literal[
    "questionnaire",
    "profile",
    "date",
    "version",
    "facts",
    "controls",
    "waivers",
    "answer",
    "evidence",
    "applicability",
]
"""Why a score or verdict is another, in the order in which one state is turned into the other.

``version`` is that of the product, which lets tests on another version expire; ``facts`` those of products,
deployments and the evaluation; ``waivers`` are those of the evaluation with its deadline; ``answer`` is
another state or value, ``evidence`` the same answer on other evidence; ``applicability`` what other answers
let apply.
"""

CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)

Fate = Literal["added", "removed", "changed"]

Kind = Literal[
    "evaluation",
    "questionnaire",
    "domain",
    "question",
    "profile",
    "product",
    "deployment",
    "source",
    "control",
    "stakeholder",
]
"""What has fields that can change."""

Json = object
"""A value as JSON has it."""

_NOTHING: Final = Statement()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that is another; ``old`` or ``new`` is None where it is not there.

    Attributes
    ----------
    path : str
        Keys with dots between, for example ``levels.3.points``.
    """

    path: str
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class ThingChange:
    """Something with an id that was added, removed, or has other fields.

    Attributes
    ----------
    id : str
        Of a deployment, source or control with its product in front: ``acme/direct``; empty where there is
        only one.
    fields : tuple of FieldChange
        Empty where it was added or removed.
    """

    kind: Kind
    id: str
    fate: Fate
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """One piece of evidence that was added, removed, or says something else of the same source."""

    before: EvidenceItem | None
    after: EvidenceItem | None

    @property
    def fate(self) -> Fate:
        """Whether it was added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class StatementChange:
    """What one file says otherwise about one question for one scope.

    Attributes
    ----------
    scope : str
        ``*`` for the general answer, else the id of the deployment that has one of its own.
    assessor : str or None
        Whose file it is; None for the consensus.
    before, after : Statement or None
        None where nothing was said.
    remarks : int
        How many remarks were made, or taken back.
    """

    product: str
    question: str
    scope: str
    assessor: str | None
    before: Statement | None
    after: Statement | None
    evidence: tuple[EvidenceChange, ...]
    remarks: int = 0

    @property
    def is_answer(self) -> bool:
        """Whether state or value is another, and not only what it rests on."""
        before, after = self.before or _NOTHING, self.after or _NOTHING
        return (state_of(before), normalised(before.value)) != (state_of(after), normalised(after.value))


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """A question that counts otherwise for some options of a product, whoever or whatever changed it.

    Attributes
    ----------
    options : tuple of str
        Those for which it went from the same to the same.
    is_stated : bool
        Whether somebody changed what is said about it; else the day, the version, a fact, the questionnaire
        or the profile did.
    before, after : QuestionResult
        Of the first of these options.
    """

    product: str
    question: str
    options: tuple[str, ...]
    is_stated: bool
    before: QuestionResult
    after: QuestionResult


@dataclass(frozen=True, slots=True)
class Part:
    """What one cause adds to the change of an assured score, in -1..1.

    Attributes
    ----------
    question : str or None
        The question through which it does; None for what weighs or applies otherwise in all.
    """

    cause: Cause
    question: str | None
    amount: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A step on the way from one state to the other at which the verdict turned."""

    cause: Cause
    question: str | None
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Tip:
    """A requirement that is met in one state and not in the other.

    Attributes
    ----------
    id : str
        The gate's question, the domain of a floor; else empty.
    before, after : GateOutcome, float or None
        What was found; None for a gate or domain that is not there, or where nothing applies.
    needed_before, needed_after : float or None
        The share that is needed; None for a gate.
    is_met : bool
        Whether it is met afterwards.
    """

    kind: Literal["gate", "assured", "floor", "coverage"]
    id: str
    before: GateOutcome | float | None
    after: GateOutcome | float | None
    needed_before: float | None
    needed_after: float | None
    is_met: bool


@dataclass(frozen=True, slots=True)
class OptionChange:
    """One option before and after; one that is compared in one state only has one scorecard.

    Attributes
    ----------
    parts : tuple of Part
        By cause, then in the order of the questionnaire; they sum to the change of the assured score. Empty
        where it has no assured score in one of the states.
    turns : tuple of Turn
        Where the verdict turned, in order; what turned it may have turned it back.
    tips : tuple of Tip
        Requirements that are met in one state only.
    """

    option: str
    before: Scorecard | None
    after: Scorecard | None
    parts: tuple[Part, ...] = ()
    turns: tuple[Turn, ...] = ()
    tips: tuple[Tip, ...] = ()

    @property
    def difference(self) -> float | None:
        """Assured score afterwards less that before; None where there is none in one of the states."""
        if self.before is None or self.after is None:
            return None
        if self.before.span is None or self.after.span is None:
            return None
        return self.after.span.assured - self.before.span.assured

    @property
    def card(self) -> Scorecard:
        """The scorecard afterwards, or before where it is compared no more."""
        card = self.after or self.before
        if card is None:
            raise ValueError(f"{self.option} is compared in neither state")
        return card

    @property
    def is_changed(self) -> bool:
        """Whether verdict, scores, gates or what any question counts for is another."""
        return _figures(self.before) != _figures(self.after)


def _figures(card: Scorecard | None) -> Scorecard | None:
    """Return a scorecard without the evidence behind it, whose order counts for nothing."""
    if card is None:
        return None
    bare = (replace(result, items=(), value=None) for result in card.questions)
    return replace(card, questions=tuple(bare))


@dataclass(frozen=True, slots=True)
class Change:
    """All that differs between two states of an evaluation.

    Attributes
    ----------
    as_of_before, as_of_after : date
        The days on which they are scored.
    things : tuple of ThingChange
        Evaluation, questionnaire, profile, products and what belongs to them.
    statements : tuple of StatementChange
        By product, question and scope; those of a product that was added or removed are not among them.
    readings : tuple of ReadingChange
        By product and question; of options that are scored in both states.
    options : tuple of OptionChange
        All options, in the order of the later evaluation; those compared no more last.
    """

    as_of_before: date
    as_of_after: date
    things: tuple[ThingChange, ...]
    statements: tuple[StatementChange, ...]
    readings: tuple[ReadingChange, ...]
    options: tuple[OptionChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        found = self.things or self.statements or self.readings
        return not found and not any(option.is_changed for option in self.options)
