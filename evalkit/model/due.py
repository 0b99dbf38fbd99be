"""What falls due when, and what it does when nobody renews it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from datetime import date

    from evalkit.model.scorecard import GateOutcome, Reason, Verdict
    from evalkit.model.values import EvidenceClass

DueKind = Literal["evidence", "waiver", "condition", "deadline", "release"]
"""Evidence that expires, a waiver that ends, a condition that is due, the vendors' deadline; or a release."""

DUE_KINDS: Final[tuple[DueKind, ...]] = get_args(DueKind)


@dataclass(frozen=True, slots=True)
class DatedItem:
    """One evidence item where it stands.

    Attributes
    ----------
    scope : str
        Scope of its statement: ``*`` for the general answer, else deployment ids joined by ``+``.
    assessor : str or None
        Whose file it stands in; None for the consensus.
    version : str or None
        The product version it is about.
    """

    question: str
    scope: str
    assessor: str | None
    evidence_class: EvidenceClass
    locator: str | None
    collected: date
    version: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """What the evidence on one question supports: v⁻ and v⁺ in 0..1, and the class that governs."""

    low: float
    high: float
    evidence_class: str


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """What one question of one option is worth while something holds, and once it does not."""

    option: str
    question: str
    before: Held
    after: Held


@dataclass(frozen=True, slots=True)
class GateChange:
    """How a gate of one option comes out while something holds, and once it does not."""

    option: str
    question: str
    before: GateOutcome
    after: GateOutcome


@dataclass(frozen=True, slots=True)
class Outlook:
    """Verdict on an option with its reason, and its assured score in 0..1; None where it has none."""

    verdict: Verdict
    reason: Reason
    assured: float | None


@dataclass(frozen=True, slots=True)
class OptionChange:
    """How one option stands while something holds, and once it does not.

    Attributes
    ----------
    because : tuple of str
        The questions whose records change: those whose gates do first, then by what they move.
    """

    option: str
    before: Outlook
    after: Outlook
    because: tuple[str, ...]

    @property
    def turns(self) -> bool:
        """Whether the verdict is another."""
        return self.before.verdict != self.after.verdict


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes of the options: as one day passes, for want of a renewal, or with a release."""

    readings: tuple[ReadingChange, ...] = ()
    gates: tuple[GateChange, ...] = ()
    options: tuple[OptionChange, ...] = ()

    @property
    def turns(self) -> tuple[OptionChange, ...]:
        """The options whose verdict is another."""
        return tuple(change for change in self.options if change.turns)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: renew a source, prolong a waiver, meet a condition.

    Attributes
    ----------
    day : date
        The last day on which it holds.
    is_past : bool
        Whether that day is over.
    product : str
        Empty for what concerns all.
    subject : str
        Key of the source, gate of the waiver, id of the condition; empty where there is none.
    text : str
        What else says what it is, as written.
    who : str
        Who has to see to it, where that is known.
    options : tuple of str
        Those that it bears on.
    matters : bool
        Whether somebody has to see to it. Evidence matters if it governs an answer that applies.
    recorded_in : tuple of str
        The files that say so, where that is not the product's answers.
    effect : Effect
        What changes once the day is over. Of what is past: what it took away, by itself.
    """

    kind: DueKind
    day: date
    is_past: bool
    product: str = ""
    subject: str = ""
    text: str = ""
    who: str = ""
    options: tuple[str, ...] = ()
    matters: bool = True
    recorded_in: tuple[str, ...] = ()
    items: tuple[DatedItem, ...] = ()
    effect: Effect = Effect()

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that its evidence answers, each once."""
        return tuple(dict.fromkeys(item.question for item in self.items))


@dataclass(frozen=True, slots=True)
class Turn:
    """A verdict that changes as a day passes and nothing is renewed; ``gates`` are the gates that do."""

    day: date
    change: OptionChange
    gates: tuple[GateChange, ...] = ()


@dataclass(frozen=True, slots=True)
class DueList:
    """All that falls due.

    Attributes
    ----------
    on : date
        The day on which one looks.
    days : int or None
        How far ahead; 0 for what is past alone, None for all.
    dues : tuple of Due
        By day.
    turns : tuple of Turn
        Verdicts that change on the way, each seen from the day before.
    releases : tuple of Due
        What releases that were supposed would make stale.
    """

    on: date
    days: int | None
    dues: tuple[Due, ...]
    turns: tuple[Turn, ...]
    releases: tuple[Due, ...] = ()

    @property
    def past(self) -> tuple[Due, ...]:
        """What is past its day, and matters."""
        return tuple(due for due in self.dues if due.is_past and due.matters)
