"""What is sent and what comes back, whatever kind of file it travels in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORM: Final = "evalkit/form/1"

Kind: TypeAlias = Literal["level", "number", "head", "tick", "hosts", "flag", "also"]
"""What an answer cell takes; a ``head`` takes none: the rows below it do."""

YES: Final = "yes"
NO: Final = "no"

COLUMNS: Final[Mapping[str, str]] = {
    "id": "id",
    "form": "form",
    "digest": "digest",
    "number": "No.",
    "text": "Question",
    "guidance": "How to answer",
    "applies": "Applies to",
    "found": "What we found so far",
    "answer": "Your answer",
    "explanation": "Explanation",
    "backing": "What backs it",
    "link": "Link or reference",
    "day": "Date of it",
}
"""Header of each column by the key that marks it in a file."""

HIDDEN: Final = ("id", "form", "digest")
FILLED_IN: Final = ("answer", "explanation", "backing", "link", "day")
"""Columns that the vendor fills in."""

BACKINGS: Final = (
    "our statement",
    "public documentation",
    "contract clause",
    "independent audit report",
    "test report",
    "source code",
)
"""What a vendor may say that an answer rests on. Whatever it is, the answer is filed as a claim."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell that is not read, and why."""

    reason: str


Cell: TypeAlias = str | int | float | bool | date | Unusable | None
"""What stands in a cell; None where it is empty. A ``datetime`` stands as its ``date``."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a form.

    Attributes
    ----------
    question : str
        Id of the question.
    scope : str
        ``*`` for the general answer, else ids of deployments joined by ``+``.
    part : str
        Option of a set, list of hosts, or ``also``; ``""`` for the row of the question itself.
    applies : str
        The deployments meant, in words.
    choices : tuple of str
        What the dropdown offers; empty where anything may be typed.
    found : str
        What was found so far, in words; ``""`` where it is not shown.
    hint : str
        What may be typed, for whoever enters the cell.
    given : tuple of Cell
        What stands in the columns of :data:`FILLED_IN`.
    """

    question: str
    scope: str
    part: str
    kind: Kind
    text: str
    guidance: str
    applies: str
    choices: tuple[str, ...] = ()
    found: str = ""
    hint: str = ""
    given: tuple[Cell, ...] = (None,) * len(FILLED_IN)

    @property
    def id(self) -> str:
        """What marks the row in a file, for example ``LOC-07/*`` or ``NET-02/*/prompt_text``."""
        return "/".join(filter(None, (self.question, self.scope, self.part)))

    @property
    def digest(self) -> str:
        """Changes with what is asked and what may be answered."""
        return text_digest(self.text, self.guidance)

    @property
    def takes(self) -> tuple[str, ...]:
        """The columns that the vendor may fill in on this row."""
        if self.part:
            return ("answer",)
        return FILLED_IN[1:] if self.kind == "head" else FILLED_IN


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one domain."""

    id: str
    title: str
    seed: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire for one vendor.

    Attributes
    ----------
    digest : str
        Of the questions as they are asked.
    as_of : date
        The evaluation's day; the file bears it as its date.
    deployments : tuple of (str, str)
        Id and name of each way to run the product that is asked about.
    """

    evaluation: str
    title: str
    product: str
    product_name: str
    version: str
    vendor: str
    questionnaire: str
    questionnaire_title: str
    digest: str
    as_of: date
    deadline: date | None
    deployments: tuple[tuple[str, str], ...]
    shows_findings: bool
    is_triage: bool
    sections: tuple[Section, ...]

    @property
    def reference(self) -> str:
        """What every row bears, so that rows of another form are told apart."""
        return f"{FORM}/{self.evaluation}/{self.product}/{self.questionnaire}/{self.digest}"

    @property
    def columns(self) -> dict[str, str]:
        """Headers of the columns that the form has, by key."""
        return {key: text for key, text in COLUMNS.items() if key != "found" or self.shows_findings}

    def lines(self) -> Iterator[Line]:
        """Yield every row."""
        for section in self.sections:
            yield from section.lines


@dataclass(frozen=True, slots=True)
class Reference:
    """What a row says about the form that it came from."""

    evaluation: str
    product: str
    questionnaire: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row of a file that came back; nothing in it is trusted.

    Attributes
    ----------
    where : str
        Sheet and row, or line, as its reader finds it.
    cells : mapping of str to Cell
        By key of :data:`COLUMNS`.
    merged : bool
        Whether a cell of the row was merged with others.
    """

    where: str
    cells: Mapping[str, Cell]
    merged: bool = False

    def text(self, key: str) -> str:
        """Return a cell that ought to be text; ``""`` where it is none."""
        cell = self.cells.get(key)
        return cell.strip() if isinstance(cell, str) else ""

    @property
    def is_filled_in(self) -> bool:
        """Whether the vendor wrote anything in it."""
        return any(
            cell is not None and not (isinstance(cell, str) and not cell.strip())
            for cell in (self.cells.get(key) for key in FILLED_IN)
        )


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that came back.

    Attributes
    ----------
    sent : tuple of str
        Ids of the rows that the form had; empty where the file does not say.
    notes : tuple of str
        What was seen and left alone, such as macros.
    """

    rows: tuple[ReturnedRow, ...]
    sent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def text_digest(*texts: str) -> str:
    r"""Return a hash of texts that stays the same however blanks and lines are set.

    >>> text_digest("a  b", "c") == text_digest("a\nb ", "c")
    True
    """
    words = "\n".join(" ".join(text.split()) for text in texts)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def parsed_reference(text: str) -> Reference | None:
    """Return what a row says about its form; None where it says nothing that can be read."""
    if not text.startswith(f"{FORM}/"):
        return None
    parts = text.removeprefix(f"{FORM}/").split("/")
    return Reference(*parts) if len(parts) == len(Reference.__slots__) else None
