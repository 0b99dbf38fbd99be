"""What a file of another program says, before it is an instrument: plain values, all formats alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

NoteKind: TypeAlias = Literal["left out", "changed", "assumed"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that did not come over as it was.

    Attributes
    ----------
    kind : {"left out", "changed", "assumed"}
        ``assumed`` is what the file does not say and somebody has to confirm.
    where : str
        Where it stands in the file; ``""`` where it holds for all of it.
    """

    kind: NoteKind
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that a question offers.

    Attributes
    ----------
    id : str
        What the file calls it; unique in its question.
    points : float or None
        What it is worth, the more the better, on any scale that the question's choices share; None where the
        file does not say.
    label : str
        A short name for it; ``""`` where its text is all that there is.
    """

    id: str
    text: str
    points: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """True if a question is answered with one of these choices."""

    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllTrue:
    """True if every part is."""

    parts: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class AnyTrue:
    """True if some part is."""

    parts: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class NotTrue:
    """True if the part is not."""

    part: Wish


Wish: TypeAlias = ChoiceMade | AllTrue | AnyTrue | NotTrue
"""When a question is to be asked."""


def choices_asked_for(wish: Wish) -> Iterator[ChoiceMade]:
    """Yield each leaf of a condition."""
    match wish:
        case ChoiceMade():
            yield wish
        case AllTrue(parts) | AnyTrue(parts):
            for part in parts:
                yield from choices_asked_for(part)
        case NotTrue(part):
            yield from choices_asked_for(part)


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """One question of a file.

    Attributes
    ----------
    id : str
        What the file calls it; unique in the file.
    where : str
        Where it stands, for people: a line, a row, a path.
    why : str
        Guidance, remedies, references; ``""`` where there is none.
    choices : tuple of Choice
        Empty where it is answered in words.
    several : bool
        Whether more than one choice may be made.
    scale : tuple of float or None
        What is worth nothing and what is worth all; None for the choice worth least and the one worth most.
    weight : float
        Greater than 0; only ratios matter.
    asked_if : Wish or None
        When it is to be asked; None for always.
    """

    id: str
    text: str
    where: str
    title: str = ""
    why: str = ""
    choices: tuple[Choice, ...] = ()
    several: bool = False
    scale: tuple[float, float] | None = None
    weight: float = 1
    asked_if: Wish | None = None


@dataclass(frozen=True, slots=True)
class DraftSection:
    """Questions under one heading."""

    id: str
    title: str
    questions: tuple[DraftQuestion, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """What a file answers to one question.

    Attributes
    ----------
    question : str
        The question's id in the file.
    choices : tuple of str
        Ids of the choices made; empty where none is named.
    text : str
        What is said in words.
    on : datetime.date or None
        When it was said, where the file tells.
    """

    question: str
    where: str
    choices: tuple[str, ...] = ()
    text: str = ""
    link: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a file says, and what of it was not taken.

    Attributes
    ----------
    title : str
        Of the questionnaire.
    version : str
        As the file writes it; ``""`` where it does not.
    product, vendor : str
        Whom the answers are about; ``""`` where the file does not say.
    """

    title: str
    sections: tuple[DraftSection, ...]
    answers: tuple[DraftAnswer, ...] = ()
    notes: tuple[Note, ...] = ()
    version: str = ""
    product: str = ""
    vendor: str = ""

    @property
    def questions(self) -> tuple[DraftQuestion, ...]:
        """Every question, in the order of the file."""
        return tuple(question for section in self.sections for question in section.questions)
