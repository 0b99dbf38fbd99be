"""A plain table, CSV or workbook, with one row for each question; columns are named by whoever imports it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import (
    Choice,
    Draft,
    DraftAnswer,
    DraftQuestion,
    DraftSection,
    Note,
)
from evalkit.exchange.importing.grid import sheets
from evalkit.exchange.importing.tally import Tally
from evalkit.exchange.vendor_form.cell_values import UnclearError, is_empty
from evalkit.files.rules.wording import allowed, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.exchange.importing.formats import Wanted
    from evalkit.exchange.importing.grid import Row, Sheet

ROLES: Final[Mapping[str, str]] = {
    "id": "id of the question; rows are numbered where there is none",
    "question": "its text; needed",
    "section": "heading under which it stands",
    "guidance": "how to answer, or why it is asked",
    "choices": "what may be answered, with ; or | or line breaks between, each perhaps with = points",
    "weight": "how much it counts",
    "answer": "the answer; or the columns of which one is marked, with | between",
    "comment": "what is said with it",
    "link": "what backs it",
}
"""What a column may be."""

_HEADER_WITHIN: Final = 40
_LONGEST_HEADER: Final = 40
_SEPARATOR: Final = re.compile(r"\s*[;|\n]\s*")
_WITH_POINTS: Final = re.compile(r"(?P<text>.*\S)\s*=\s*(?P<points>-?\d+(?:\.\d+)?)", re.DOTALL)
_GENERAL: Final = "Questions"
_MARKS: Final = frozenset(("x", "✓", "✔", "☑", "●", "1", "yes", "true"))
"""What stands in the column of the answer that is given, where each answer has a column."""


def read(raw: bytes, name: str, wanted: Wanted) -> Draft:
    """Return what a table says.

    Columns are found by the header that ``wanted.columns`` names for each role, else by the name of the role.
    Where there are ids, a row with nothing but a text in one column is a heading. A row without a section
    belongs to that of the row above it, as in cells that are merged.

    Raises
    ------
    EvalkitError
        If it is no table, no row has the header of the questions, or a header named is not there.
    """
    for role in wanted.columns:
        if role not in ROLES:
            hint = did_you_mean(role, ROLES)
            raise EvalkitError(f"--column {role}: {allowed(ROLES, 'roles')}{f'; {hint}' if hint else ''}")
    found = sheets(raw, name)
    marked = _marked(wanted.columns.get("answer", ""))
    plain = {role: text for role, text in wanted.columns.items() if role != "answer" or not marked}
    sheet, header, columns = _table(found, name, replace(wanted, columns=plain))
    marks = _marks(sheet, header, marked, f"{name}: {sheet.where(header)}")
    reading = _Reading(sheet, header, columns, wanted, marks)
    for row in sheet.rows:
        if row.number > header.number and _all_folded(row) != _all_folded(header):
            reading.take(row)
    reading.end()
    reading.tell_of_rest(found)
    sections = tuple(
        DraftSection(title, title, tuple(questions))
        for title, questions in reading.sections.items()
        if questions
    )
    if not sections:
        raise EvalkitError(f"{name} has no question below its header, {sheet.where(header)}")
    return Draft(
        title=wanted.title or name.rpartition(".")[0] or name,
        sections=sections,
        answers=tuple(reading.answers),
        notes=(*reading.notes, *reading.tally.notes()),
    )


def _table(found: tuple[Sheet, ...], name: str, wanted: Wanted) -> tuple[Sheet, Row, dict[str, int]]:
    """Return the sheet, the row that is its header, and the column of each role."""
    if wanted.sheet:
        named = [sheet.name for sheet in found]
        found = tuple(sheet for sheet in found if sheet.name == wanted.sheet)
        if not found:
            raise EvalkitError(f"{name} has no sheet {wanted.sheet!r}; {allowed(named, 'sheets')}")
    asked = _folded(wanted.columns.get("question", "question"))
    fitting = [(sheet, row) for sheet in found if (row := _header(sheet, asked)) is not None]
    if not fitting:
        seen = [text for sheet in found for row in _first_rows(sheet) for text in row.texts() if text]
        seen.sort(key=lambda text: "question" not in text.casefold() or len(text) > _LONGEST_HEADER)
        shown = ", ".join(repr(text[:_LONGEST_HEADER]) for text in dict.fromkeys(seen)) or "nothing"
        raise EvalkitError(
            f"{name}: no row has the header {wanted.columns.get('question', 'question')!r}; seen are"
            f" {shown[:400]}. Say with --column question=HEADER which column has the questions"
        )
    if len(fitting) > 1:
        names = ", ".join(sheet.name for sheet, _ in fitting)
        raise EvalkitError(f"{name}: several sheets have questions; say which with --sheet: {names}")
    sheet, row = fitting[0]
    return sheet, row, _columns(row, wanted, f"{name}: {sheet.where(row)}")


def _first_rows(sheet: Sheet) -> list[Row]:
    return [row for row in sheet.rows if row.number <= _HEADER_WITHIN]


def _header(sheet: Sheet, asked: str) -> Row | None:
    """Return the first row that has the header of the questions."""
    return next((row for row in _first_rows(sheet) if asked in map(_folded, row.texts())), None)


def _columns(row: Row, wanted: Wanted, where: str) -> dict[str, int]:
    texts = [_folded(text) for text in row.texts()]
    columns = {}
    for role in ROLES:
        header = wanted.columns.get(role, role)
        standing = texts.count(_folded(header))
        if standing > 1:
            raise EvalkitError(f"{where}: the header {header!r} stands {standing} times")
        if standing:
            columns[role] = texts.index(_folded(header))
        elif role in wanted.columns:
            seen = allowed([text for text in row.texts() if text], "columns")
            raise EvalkitError(f"{where}: no column is called {header!r}; {seen}")
    return columns


def _marked(header: str) -> tuple[str, ...]:
    """Return the headers of the columns of which one is marked, as in ``Yes|No|Not applicable``."""
    parts = tuple(part.strip() for part in header.split("|"))
    return parts if len(parts) > 1 and all(parts) else ()


def _marks(sheet: Sheet, header: Row, marked: tuple[str, ...], where: str) -> dict[str, int]:
    """Return the column of each answer that is marked; its name may stand one row below the header."""
    below = next((row for row in sheet.rows if row.number == header.number + 1), None)
    texts = [_all_folded(row) for row in (header, below) if row is not None]
    found: dict[str, int] = {}
    for name in marked:
        at = [column for row in texts for column, text in enumerate(row) if text == _folded(name)]
        if len(at) != 1:
            told = f"{len(at)} columns are" if at else "no column is"
            raise EvalkitError(f"{where}: {told} called {name!r}, in which an answer is to be marked")
        found[name] = at[0]
    return found


@dataclass
class _Reading:
    sheet: Sheet
    header: Row
    columns: Mapping[str, int]
    wanted: Wanted
    marks: Mapping[str, int]
    sections: dict[str, list[DraftQuestion]] = field(default_factory=dict)
    answers: list[DraftAnswer] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    texts: dict[str, str] = field(default_factory=dict)
    heading: str = _GENERAL
    heading_at: str = ""
    is_of_column: bool = False

    def take(self, row: Row) -> None:
        """Read one row."""
        where = self.sheet.where(row)
        self._tell_of_cells(row, where)
        cells = {role: self._text(row, role, where) for role in self.columns}
        if self.marks:
            cells["answer"] = self._mark(row, where)
        filled = [role for role, text in cells.items() if text]
        if filled in (["section"], ["question"], ["id"]) and "id" in self.columns:
            self._head(cells[filled[0]], where)
            return
        if not cells["question"]:
            if filled:
                told = f"a row without a question, with {', '.join(filled)}"
                self.notes.append(Note("left out", where, told))
            return
        question = DraftQuestion(
            id=self._id(cells, row, where),
            text=cells["question"],
            where=where,
            why=cells.get("guidance", ""),
            choices=self._choices(cells.get("choices", ""), where),
            weight=self._weight(cells.get("weight", ""), where),
        )
        self.sections.setdefault(self._section(cells, where), []).append(question)
        self._answer(question, cells, where)

    def _mark(self, row: Row, where: str) -> str:
        """Return the answer whose column is marked; what else stands there is kept in words."""
        said = {name: self._cell(row, column, name, where) for name, column in self.marks.items()}
        is_header = row.number == self.header.number + 1
        if is_header and all(_folded(text) in {"", _folded(name)} for name, text in said.items()):
            return ""
        marked = [name for name, text in said.items() if _folded(text) in _MARKS]
        if len(marked) == 1 and not any(text for name, text in said.items() if name != marked[0]):
            return marked[0]
        return "; ".join(f"{name}: {text}" for name, text in said.items() if text)

    def _head(self, text: str, where: str) -> None:
        """Take a text alone for a heading; one under which nothing is asked is noted."""
        if self.heading_at:
            told = f"a text under which nothing is asked: {self.heading[:60]!r}"
            self.notes.append(Note("left out", self.heading_at, told))
        self.heading, self.heading_at, self.is_of_column = text, where, False

    def _section(self, cells: Mapping[str, str], where: str) -> str:
        own = cells.get("section", "")
        if own:
            self.heading, self.is_of_column = own, True
        elif self.is_of_column:
            self.tally.add("assumed", "a row without a section belongs to that of the row above it", where)
        self.heading_at = ""
        return self.heading

    def _id(self, cells: Mapping[str, str], row: Row, where: str) -> str:
        """Return an id; a number that a spreadsheet has cut, as 1.10 to 1.1, leaves no question out."""
        id_ = " ".join(cells.get("id", "").split())
        before = self.texts.setdefault(id_, cells["question"])
        if id_ and before != cells["question"]:
            self.tally.add("changed", "an id that another question has: its row is added to it", where)
            return f"{id_} (row {row.number})"
        return id_ or f"row-{row.number}"

    def end(self) -> None:
        """Note a heading after the last question."""
        if self.heading_at:
            self._head("", "")

    def tell_of_rest(self, sheets: Iterable[Sheet]) -> None:
        """Note what is not read: other sheets, what stands above the header, columns that nobody named."""
        others = [sheet.name for sheet in sheets if sheet is not self.sheet and sheet.rows]
        if others:
            self.notes.append(Note("left out", "", f"the other sheets: {', '.join(map(repr, others))[:500]}"))
        above = [
            text for row in self.sheet.rows if row.number < self.header.number for text in row.texts() if text
        ]
        if above:
            told = f"what stands above the header: {', '.join(repr(text[:60]) for text in above)[:500]}"
            self.notes.append(Note("left out", self.sheet.where(self.header), told))
        for column, text in enumerate(self.header.texts()):
            if text and column not in {*self.columns.values(), *self.marks.values()}:
                self.notes.append(Note("left out", self.sheet.where(self.header), f"column {text[:60]!r}"))

    def _tell_of_cells(self, row: Row, where: str) -> None:
        """Note values in columns that no header names."""
        named = self.header.texts()
        if any(
            not is_empty(cell) and (column >= len(named) or not named[column])
            for column, cell in enumerate(row.cells)
            if column not in {*self.columns.values(), *self.marks.values()}
        ):
            self.tally.add("left out", "a value in a column that has no header", where)

    def _text(self, row: Row, role: str, where: str) -> str:
        return self._cell(row, self.columns[role], role, where)

    def _cell(self, row: Row, column: int, what: str, where: str) -> str:
        try:
            return row.text(column)
        except UnclearError as error:
            self.notes.append(Note("left out", where, f"the {what} {error}"))
            return ""

    def _choices(self, text: str, where: str) -> tuple[Choice, ...]:
        offered = [part for part in _SEPARATOR.split(text.strip()) if part]
        if not offered:
            offered = list(self.marks or self.wanted.points)
        choices: dict[str, Choice] = {}
        for part in offered:
            match = _WITH_POINTS.fullmatch(part)
            words = match["text"] if match else part
            if _folded(words) in choices:
                self.notes.append(Note("left out", where, f"choice {words[:60]!r}, which stands twice"))
                continue
            points = float(match["points"]) if match else None
            choices[_folded(words)] = Choice(words, words, points)
        return tuple(choices.values())

    def _weight(self, text: str, where: str) -> float:
        if not text:
            return 1
        try:
            weight = float(text)
        except ValueError:
            weight = math.nan
        if 0 < weight < math.inf:
            return weight
        self.notes.append(Note("assumed", where, f"weight {text[:40]!r} is no number above 0; it is 1"))
        return 1

    def _answer(self, question: DraftQuestion, cells: Mapping[str, str], where: str) -> None:
        said, comment, link = (cells.get(role, "") for role in ("answer", "comment", "link"))
        if not (said or comment or link):
            return
        chosen = next((each for each in question.choices if _folded(each.text) == _folded(said)), None)
        if said and question.choices and chosen is None:
            offered = ", ".join(choice.text for choice in question.choices)
            told = f"answer {said[:80]!r} is none of {offered[:200]}: kept as a finding, unanswered"
            self.notes.append(Note("left out", where, told))
        words = comment if chosen else "\n\n".join(filter(None, (said, comment)))
        self.answers.append(DraftAnswer(question.id, where, (chosen.id,) if chosen else (), words, link=link))


def _all_folded(row: Row) -> list[str]:
    return [_folded(text) for text in row.texts()]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
