"""The rows of a HECVAT workbook: found by the id that each begins with, read by the header above them.

==============  ================================================================================
role            headers that name it (letter case, blanks and ``*`` or ``:`` at the end count not)
==============  ================================================================================
question        Question, Question Text, Questions
answer          Answer, Answers, Response, Your Answer, V_Answer; Vendor or Solution Provider in
                front of Answer, Answers or Response
information     Additional Information, Additional Information/Comments
guidance        Guidance, Standard Guidance
if_yes          Yes Guidance, Guidance if Yes
if_no           No Guidance, Guidance if No
if_na           N/A Guidance, NA Guidance
reason          Reason, Reason for Question
follow_up       Follow-Up, Follow-Up Guidance, Follow-Up Inquiries/Responses
preferred       Compliant or Preferred in front of Response or Answer, Expected Response, C_Answer
weight          Weight, Default Weight, Standard Weight
importance      Importance, Default Importance
==============  ================================================================================

Any other header names nothing: its column is left out, and a note says so. Where no header names the
question, it is the cell right of the id, as in every version of HECVAT.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.draft import Note
from evalkit.exchange.importing.grid import FORMULA
from evalkit.exchange.vendor_form.cell_values import is_empty
from evalkit.views.numbers import count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from evalkit.exchange.importing.grid import Row, Sheet
    from evalkit.exchange.vendor_form.sheet import Cell

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "question": ("question", "question text", "questions"),
    "answer": (
        "answer",
        "answers",
        "response",
        "your answer",
        "v_answer",
        *(f"{who} {what}" for who in ("vendor", "solution provider") for what in ("answer", "answers")),
        *(f"{who} {what}" for who in ("vendor", "solution provider") for what in ("response", "responses")),
    ),
    "information": ("additional information", "additional information/comments"),
    "guidance": ("guidance", "standard guidance"),
    "if_yes": ("yes guidance", "guidance if yes"),
    "if_no": ("no guidance", "guidance if no"),
    "if_na": ("n/a guidance", "na guidance"),
    "reason": ("reason", "reason for question"),
    "follow_up": ("follow-up", "follow-up guidance", "follow-up inquiries/responses"),
    "preferred": (
        "compliant response",
        "compliant answer",
        "preferred response",
        "preferred answer",
        "expected response",
        "c_answer",
    ),
    "weight": ("weight", "default weight", "standard weight"),
    "importance": ("importance", "default importance"),
}
"""What names a column, by its role."""

JUDGING: Final = frozenset({"preferred", "weight", "importance"})
"""Roles of columns for those who judge answers: a table with one of them is not what a vendor fills in."""

_ID: Final = re.compile(r"[A-Z]{4}-[0-9]{2,3}")
_NEARLY: Final = re.compile(r"[A-Za-z]{4}\s*[-\u2010-\u2015\u2212_ ]\s*[0-9]{1,3}")
_FIRST_CELLS: Final = 3
_LONGEST_HEADING: Final = 150
_ENOUGH: Final = 2
_SHOWN: Final = 8
_IDS: Final = frozenset({"id", "new id", "question id", "question number", "question #", "#"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One row about a question.

    Attributes
    ----------
    cells : mapping
        By role, for the columns that the header above names.
    is_for_vendor : bool
        Whether it stands in a table that a vendor fills in.
    """

    id: str
    sheet: str
    where: str
    cells: Mapping[str, Cell]
    is_for_vendor: bool

    @property
    def prefix(self) -> str:
        """The letters of its id."""
        return self.id.partition("-")[0]

    @property
    def takes_answer(self) -> bool:
        """Whether its answer is typed here, not taken from elsewhere by a formula."""
        return self.is_for_vendor and "answer" in self.cells and self.cells["answer"] != FORMULA


@dataclass(frozen=True, slots=True)
class Tables:
    """All rows about questions.

    Attributes
    ----------
    headings : mapping
        What stands above the questions of a prefix, where that can be told.
    """

    entries: tuple[Entry, ...]
    headings: Mapping[str, str]
    notes: tuple[Note, ...]


def tables(sheets: Iterable[Sheet], columns: Mapping[str, str]) -> Tables:
    """Return what stands in the rows that begin with an id.

    Parameters
    ----------
    columns
        Header by role, instead of those that are known.
    """
    named = {role: (folded(columns[role]),) if role in columns else HEADERS[role] for role in HEADERS}
    roles = {text: role for role, texts in named.items() for text in texts}
    entries: list[Entry] = []
    headings: dict[str, str] = {}
    notes: list[Note] = []
    bare: list[str] = []
    right_of_id: list[str] = []
    for sheet in sheets:
        reading = _Reading(sheet, roles, headings)
        for row in sheet.rows:
            reading.take(row)
        entries += reading.entries
        notes += reading.notes()
        if sheet.name and not (reading.entries or reading.without_header or reading.formula_ids):
            bare.append(sheet.name)
        if reading.right_of_id:
            right_of_id.append(sheet.name)
    if right_of_id:
        told = f"no header names the question, so it is the cell right of the id: {_listed(right_of_id)}"
        notes.append(Note("assumed", "", told))
    if bare:
        notes.append(Note("left out", "", f"sheets without questions: {_listed(bare)}"))
    return Tables(tuple(entries), headings, tuple(notes))


def folded(text: str) -> str:
    """Return a text so that texts that say the same are the same.

    >>> folded("Additional  Information:")
    'additional information'
    """
    return " ".join(text.split()).casefold().rstrip("*: ")


@dataclass
class _Reading:
    sheet: Sheet
    roles: Mapping[str, str]
    headings: dict[str, str]
    entries: list[Entry] = field(default_factory=list)
    header: Row | None = None
    columns: dict[str, int] = field(default_factory=dict)
    is_for_vendor: bool = False
    above: Row | None = None
    without_header: int = 0
    formula_ids: int = 0
    right_of_id: bool = False
    twice: dict[str, None] = field(default_factory=dict)
    nearly: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)
    formulas: Counter[str] = field(default_factory=Counter)

    def take(self, row: Row) -> None:
        """Read one row: of a question, a header, or neither."""
        first = row.cells[:_FIRST_CELLS]
        at = next((n for n, cell in enumerate(first) if isinstance(cell, str) and _id(cell)), None)
        if at is not None:
            self._question(row, at)
            return
        self.nearly += [
            f"{cell.strip()} in row {row.number}"
            for cell in first
            if isinstance(cell, str) and _NEARLY.fullmatch(cell.strip())
        ]
        self.formula_ids += next((cell for cell in first if not is_empty(cell)), None) == FORMULA
        self._pass_by()
        self._header(row)
        self.above = row

    def _pass_by(self) -> None:
        """Take the row above for one that belongs to no question."""
        if self.above is not None and self.above is not self.header and self.entries:
            begins = next((text for text in self.above.texts() if text), "")
            self.loose += [f"{begins[:40]} in row {self.above.number}"] if begins else []
        self.above = None

    def _header(self, row: Row) -> None:
        texts = [folded(text) for text in row.texts()]
        columns: dict[str, list[int]] = {}
        for column, text in enumerate(texts):
            if text in self.roles:
                columns.setdefault(self.roles[text], []).append(column)
        if "answer" not in columns and len(columns) < _ENOUGH:
            return
        found = {role: at[0] for role, at in columns.items() if len(at) == 1}
        self.twice |= {row.texts()[at[1]]: None for at in columns.values() if len(at) > 1}
        self.header, self.columns = row, found
        overrides = any("override" in text for text in texts)
        self.is_for_vendor = "answer" in found and not overrides and not JUDGING & found.keys()

    def _question(self, row: Row, at: int) -> None:
        cell = row.cells[at]
        id_ = _id(cell) if isinstance(cell, str) else ""
        if self.header is None:
            self.without_header += 1
            return
        columns = {role: column for role, column in self.columns.items() if column > at}
        if "question" not in columns and at + 1 not in columns.values():
            columns["question"] = at + 1
            self.right_of_id = True
        cells = {
            role: row.cells[column] if column < len(row.cells) else None for role, column in columns.items()
        }
        title = self._heading(self.above) if self.above is not None and self.is_for_vendor else ""
        if title:
            self.headings.setdefault(id_.partition("-")[0], title)
            self.above = None
        self._pass_by()
        where = self.sheet.where(row)
        self.entries.append(Entry(id_, self.sheet.name, where, cells, self.is_for_vendor))
        self._count_others(row, {at, *columns.values()})

    def _heading(self, row: Row) -> str:
        """Return the one text with which a row begins, if there is no other, but for names of columns."""
        end = min(self.columns.values(), default=0) if row is self.header else len(row.cells)
        others = [
            column
            for column, (cell, text) in enumerate(zip(row.cells[:end], row.texts()[:end], strict=True))
            if not is_empty(cell) and folded(text) not in self.roles.keys() | _IDS
        ]
        if len(others) != 1 or others[0] >= _FIRST_CELLS:
            return ""
        text = row.texts()[others[0]]
        return text if len(text) <= _LONGEST_HEADING else ""

    def _count_others(self, row: Row, taken: set[int]) -> None:
        labels = self.header.texts() if self.header else ()
        for column, cell in enumerate(row.cells):
            if column in taken or is_empty(cell):
                continue
            label = labels[column] if column < len(labels) and labels[column] else _letters(column)
            (self.formulas if cell == FORMULA else self.values)[label[:60]] += 1

    def notes(self) -> list[Note]:
        """Return what of the sheet was not taken."""
        self._pass_by()
        found: list[str] = []
        if self.without_header:
            found.append(
                f"{count(self.without_header, 'row')} with an id: no row above says which column is what"
            )
        if self.formula_ids:
            found.append(f"{count(self.formula_ids, 'row')} with a formula in front, not an id")
        if self.nearly:
            found.append(f"rows whose id is not written like ABCD-01: {_listed(self.nearly)}")
        if self.loose:
            found.append(
                f"{count(len(self.loose), 'row')} without an id, among questions: {_listed(self.loose)}"
            )
        if self.twice:
            found.append(f"columns whose header stands twice: {_listed(self.twice)}")
        others = [
            f"{label!r} ({self.values[label] or 'formulas'})"
            for label in dict.fromkeys((*self.values, *self.formulas))
        ]
        if others and self.entries:
            found.append(f"columns, with how many values: {', '.join(others)}")
        return [Note("left out", f"sheet {self.sheet.name!r}" if self.sheet.name else "", it) for it in found]


def _listed(texts: Collection[str]) -> str:
    """Return some texts in a line, and how many there are more."""
    some = ", ".join(repr(text) for text in list(texts)[:_SHOWN])
    return some if len(texts) <= _SHOWN else f"{some} and {len(texts) - _SHOWN} more"


def _id(cell: str) -> str:
    """Return the id in a cell, ``""`` if it is none; a blank that does not break counts as one."""
    text = cell.strip()
    return text if _ID.fullmatch(text) else ""


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column.

    >>> _letters(0), _letters(27)
    ('column A', 'column AB')
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"column {letters}"
