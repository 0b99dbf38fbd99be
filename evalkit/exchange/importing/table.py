"""A plain table, CSV or workbook, with one row for each question; columns are named by whoever imports it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
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
from evalkit.exchange.vendor_form.cell_values import UnclearError
from evalkit.files.rules.wording import allowed, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.importing.formats import Wanted
    from evalkit.exchange.importing.grid import Row, Sheet

ROLES: Final[Mapping[str, str]] = {
    "id": "id of the question; rows are numbered where there is none",
    "question": "its text; needed",
    "section": "heading under which it stands",
    "guidance": "how to answer, or why it is asked",
    "choices": "what may be answered, with ; or | or line breaks between, each perhaps with = points",
    "weight": "how much it counts",
    "answer": "the answer",
    "comment": "what is said with it",
    "link": "what backs it",
}
"""What a column may be."""

_HEADER_WITHIN: Final = 40
_SEPARATOR: Final = re.compile(r"\s*[;|\n]\s*")
_WITH_POINTS: Final = re.compile(r"(?P<text>.*\S)\s*=\s*(?P<points>-?\d+(?:\.\d+)?)", re.DOTALL)
_GENERAL: Final = "Questions"


def read(raw: bytes, name: str, wanted: Wanted) -> Draft:
    """Return what a table says.

    Columns are found by the header that ``wanted.columns`` names for each role, else by the name of the role.
    A row with nothing but a text in the question's column, or in the section's, is a heading.

    Raises
    ------
    EvalkitError
        If it is no table, no row has the header of the questions, or a header named is not there.
    """
    for role in wanted.columns:
        if role not in ROLES:
            hint = did_you_mean(role, ROLES)
            raise EvalkitError(f"--column {role}: {allowed(ROLES, 'roles')}{f'; {hint}' if hint else ''}")
    sheet, header, columns = _table(raw, name, wanted)
    reading = _Reading(sheet, columns, wanted)
    for row in sheet.rows:
        if row.number > header.number:
            reading.take(row)
    sections = tuple(
        DraftSection(title, title, tuple(questions))
        for title, questions in reading.sections.items()
        if questions
    )
    if not sections:
        raise EvalkitError(f"{name} has no question below its header, {sheet.where(header)}")
    reading.tell_of_columns(header)
    return Draft(
        title=wanted.title or name.rpartition(".")[0] or name,
        sections=sections,
        answers=tuple(reading.answers),
        notes=tuple(reading.notes),
    )


def _table(raw: bytes, name: str, wanted: Wanted) -> tuple[Sheet, Row, dict[str, int]]:
    """Return the sheet, the row that is its header, and the column of each role."""
    found = sheets(raw, name)
    if wanted.sheet:
        named = [sheet.name for sheet in found]
        found = tuple(sheet for sheet in found if sheet.name == wanted.sheet)
        if not found:
            raise EvalkitError(f"{name} has no sheet {wanted.sheet!r}; {allowed(named, 'sheets')}")
    asked = _folded(wanted.columns.get("question", "question"))
    fitting = [(sheet, row) for sheet in found if (row := _header(sheet, asked)) is not None]
    if not fitting:
        seen = [text for sheet in found for row in _first_rows(sheet) for text in row.texts() if text]
        shown = ", ".join(repr(text[:40]) for text in dict.fromkeys(seen)) or "nothing"
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


@dataclass
class _Reading:
    sheet: Sheet
    columns: Mapping[str, int]
    wanted: Wanted
    sections: dict[str, list[DraftQuestion]] = field(default_factory=dict)
    answers: list[DraftAnswer] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    heading: str = _GENERAL
    number: int = 0

    def take(self, row: Row) -> None:
        """Read one row."""
        where = self.sheet.where(row)
        cells = {role: self._text(row, role, where) for role in self.columns}
        filled = [role for role, text in cells.items() if text]
        if filled in (["section"], ["question"]) and "id" in self.columns:
            self.heading = cells[filled[0]]
            return
        if not cells["question"]:
            if filled:
                told = f"a row without a question, with {', '.join(filled)}"
                self.notes.append(Note("left out", where, told))
            return
        self.number += 1
        choices = self._choices(cells.get("choices", ""), where)
        question = DraftQuestion(
            id=" ".join(cells.get("id", "").split()) or f"row-{row.number}",
            text=cells["question"],
            where=where,
            why=cells.get("guidance", ""),
            choices=choices,
            weight=self._weight(cells.get("weight", ""), where),
        )
        self.sections.setdefault(cells.get("section", "") or self.heading, []).append(question)
        self._answer(question, cells, where)

    def _text(self, row: Row, role: str, where: str) -> str:
        try:
            return row.text(self.columns[role])
        except UnclearError as error:
            self.notes.append(Note("left out", where, f"the {role} {error}"))
            return ""

    def _choices(self, text: str, where: str) -> tuple[Choice, ...]:
        offered = [part for part in _SEPARATOR.split(text.strip()) if part]
        if not offered:
            offered = list(self.wanted.points)
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

    def tell_of_columns(self, header: Row) -> None:
        """Note the columns that nobody named."""
        for column, text in enumerate(header.texts()):
            if text and column not in self.columns.values():
                where = self.sheet.where(header)
                self.notes.append(Note("left out", where, f"column {text[:60]!r}"))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
