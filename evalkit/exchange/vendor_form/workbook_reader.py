"""A workbook that came back -> its rows: values only. Nothing is evaluated, nothing is followed."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.package_check import checked_parts, remarks_on
from evalkit.exchange.vendor_form.sheet import FILLED_IN, FORM, HIDDEN, Returned, ReturnedRow, Unusable
from evalkit.exchange.vendor_form.workbook_writer import ABOUT
from evalkit.exchange.workbook_file import opened_workbook, sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.exchange.vendor_form.sheet import Cell

MAX_SHEETS: Final = 60
MAX_ROWS: Final = 5_000
"""Row below which no value is looked for: one there is an error."""

MAX_COLUMNS: Final = 60

_NEEDED: Final = (*HIDDEN, "text", "guidance", *FILLED_IN)
_HEADER_WITHIN: Final = 40
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_MERGED: Final = re.compile(
    rb"<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"
)


def returned(raw: bytes, name: str) -> Returned:
    """Return what a workbook says.

    Raises
    ------
    EvalkitError
        If it is not safe to open or no workbook, if no sheet is of a form, or openpyxl is not installed.
    """
    parts = checked_parts(raw, name)
    with opened_workbook(raw, name) as book:
        return _Reading(book, raw, name).run(remarks_on(parts))


class _Reading:
    """One workbook, sheet by sheet."""

    def __init__(self, book: Any, raw: bytes, name: str) -> None:  # noqa: ANN401 - openpyxl's workbook
        self.book = book
        self.raw = raw
        self.name = name

    def run(self, notes: tuple[str, ...]) -> Returned:
        if len(self.book.sheetnames) > MAX_SHEETS:
            raise EvalkitError(f"{self.name} has more than {MAX_SHEETS} sheets, which no form has; not read")
        rows: list[ReturnedRow] = []
        sent: tuple[str, ...] = ()
        for sheet in self.book.worksheets:
            if sheet.title == ABOUT:
                sent = self._sent(sheet)
            else:
                rows += self._rows(sheet)
        return Returned(tuple(rows), sent, notes)

    def _sent(self, sheet: Any) -> tuple[str, ...]:  # noqa: ANN401 - openpyxl's sheet
        found = []
        for number, cells in self._cells(sheet):
            text = _cell(cells[1]) if len(cells) > 1 else None
            if number == 1 and _cell(cells[0]) != FORM:
                return ()
            if isinstance(text, str) and text.strip():
                found.append(text.strip())
        return tuple(found)

    def _rows(self, sheet: Any) -> Iterator[ReturnedRow]:  # noqa: ANN401 - openpyxl's sheet
        columns: dict[str, int] | None = None
        merged: frozenset[int] = frozenset()
        for number, cells in self._cells(sheet):
            if columns is None:
                columns = _header(cells)
                if columns is not None:
                    merged = self._merged_rows(sheet)
                elif number >= _HEADER_WITHIN:
                    return
                continue
            found = {key: _cell(cells[at]) for key, at in columns.items() if at < len(cells)}
            if all(found.get(key) == key for key in HIDDEN):
                continue  # the headers for people
            row = ReturnedRow(f"{sheet.title}, row {number}", found, number in merged)
            if row.text("id") or row.is_filled_in:
                yield row

    def _cells(self, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:  # noqa: ANN401 - openpyxl's sheet
        """Yield number and cells of each row that has a value."""
        for number, cells in sheet_rows(sheet, self.name):
            last = next((at for at, cell in enumerate(reversed(cells)) if cell.value is not None), len(cells))
            filled = cells[: len(cells) - last]
            if not filled:
                continue
            if number > MAX_ROWS or len(filled) > MAX_COLUMNS:
                raise EvalkitError(
                    f"{self.name}: sheet {sheet.title[:40]!r} has values beyond row {MAX_ROWS:,} or column"
                    f" {MAX_COLUMNS}, which no form has; not read"
                )
            yield number, filled

    def _merged_rows(self, sheet: Any) -> frozenset[int]:  # noqa: ANN401 - openpyxl's sheet
        """Return the rows that have merged cells, of which programs keep only one value."""
        with zipfile.ZipFile(io.BytesIO(self.raw)) as package:
            content = package.read(_member(sheet))
        rows: set[int] = set()
        for _, first, _, last in _MERGED.findall(content):
            rows.update(range(int(first), min(int(last), MAX_ROWS) + 1))
        return frozenset(rows)


def _member(sheet: Any) -> str:  # noqa: ANN401 - openpyxl's sheet
    return str(sheet._worksheet_path).lstrip("/")  # noqa: SLF001 - merged cells are not read in read-only mode


def _header(cells: tuple[Any, ...]) -> dict[str, int] | None:
    """Return the column of each key, if the row has all that are needed, each once."""
    names = [cell.value.strip() if isinstance(cell.value, str) else "" for cell in cells]
    if any(names.count(key) != 1 for key in _NEEDED):
        return None
    return {key: names.index(key) for key in _NEEDED}


def _cell(cell: Any) -> Cell:  # noqa: ANN401 - openpyxl's cell, one way out for each kind
    value = cell.value
    match getattr(cell, "data_type", "n"):
        case "f":
            return Unusable("is a formula, which is not evaluated; type the answer in")
        case "e":
            return Unusable(f"holds the error {str(value)[:20]}; type the answer in")
    match value:
        case datetime():
            return value.date()
        case str():
            return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        case None | bool() | int() | float() | date():
            return value
        case _:
            return Unusable(f"holds a {type(value).__name__}; type the answer in as text")
