"""A workbook or a CSV file -> sheets of cells: values only, nothing is evaluated, nothing is followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.csv_file import csv_rows
from evalkit.exchange.package_check import checked_parts
from evalkit.exchange.vendor_form.cell_values import UnclearError, text_in
from evalkit.exchange.vendor_form.sheet import Unusable
from evalkit.exchange.workbook_file import opened_workbook, sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.exchange.vendor_form.sheet import Cell

MAX_SHEETS: Final = 60
MAX_ROWS: Final = 20_000
"""Row of a sheet below which nothing is looked for: a value there is an error."""

MAX_COLUMNS: Final = 100
MAX_CELLS: Final = 5_000_000
"""Of all sheets together, empty ones too."""

FORMULA: Final = Unusable("is a formula, which is not evaluated")
"""What stands in every cell that holds one, whatever value the file has kept of it."""

_ROW_TAKES: Final = 4
"""Cells in whose time a row is passed by."""

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row, from the first column on; trailing empty ones are left out."""

    number: int
    cells: tuple[Cell, ...]

    def text(self, column: int) -> str:
        """Return the text in a column, ``""`` where there is none.

        Raises
        ------
        UnclearError
            If it cannot be read: a formula, an error, a control character, a text without end.
        """
        return text_in(self.cells[column]) if column < len(self.cells) else ""

    def texts(self) -> tuple[str, ...]:
        """Return all texts of a header; what cannot be read is empty."""
        found = []
        for column in range(len(self.cells)):
            try:
                found.append(" ".join(self.text(column).split()))
            except UnclearError:
                found.append("")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; a CSV file has one without a name."""

    name: str
    rows: tuple[Row, ...]

    def where(self, row: Row) -> str:
        """Return where a row stands, for people."""
        return f"{self.name}, row {row.number}" if self.name else f"line {row.number}"


def sheets(raw: bytes, name: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, or the one of a CSV file (commas, semicolons or tabs between).

    Raises
    ------
    EvalkitError
        If it is neither, is not safe to open, or is larger than any questionnaire.
    """
    if raw.startswith(_OLE):
        raise EvalkitError(f"{name} is an old or encrypted workbook; save it as .xlsx without a password")
    return tuple(_workbook(raw, name)) if raw.startswith(_ZIP) else (_csv(raw, name),)


def _workbook(raw: bytes, name: str) -> Iterator[Sheet]:
    checked_parts(raw, name)
    with opened_workbook(raw, name) as book:
        if len(book.sheetnames) > MAX_SHEETS:
            raise EvalkitError(f"{name} has more than {MAX_SHEETS} sheets; not read")
        room = _Room(name)
        for sheet in book.worksheets:
            yield Sheet(sheet.title, tuple(_rows(sheet, name, room)))


@dataclass
class _Room:
    """How many cells may still come: one far out makes all before it, and costs a file nothing."""

    name: str
    cells: int = field(default_factory=lambda: MAX_CELLS)

    def take(self, cells: int) -> None:
        self.cells -= cells
        if self.cells < 0:
            raise EvalkitError(f"{self.name} has more than {MAX_CELLS:,} cells, most of them empty; not read")


def _rows(sheet: Any, name: str, room: _Room) -> Iterator[Row]:  # noqa: ANN401 - openpyxl's sheet
    for number, cells in sheet_rows(sheet, name):
        room.take(_ROW_TAKES + len(cells))
        values = tuple(map(_cell, cells))
        row = Row(number, _trimmed(values))
        if not row.cells:
            continue
        if number > MAX_ROWS or len(row.cells) > MAX_COLUMNS:
            raise EvalkitError(
                f"{name}: sheet {sheet.title[:40]!r} has values beyond row {MAX_ROWS:,} or column"
                f" {MAX_COLUMNS}; not read"
            )
        yield row


def _cell(cell: Any) -> Cell:  # noqa: ANN401 - openpyxl's cell
    match getattr(cell, "data_type", "n"), cell.value:
        case "f", _:
            return FORMULA
        case "e", value:
            return Unusable(f"holds the error {str(value)[:20]}")
        case _, datetime() as value:
            return value.date()
        case _, (None | bool() | int() | float() | str() | date()) as value:
            return value
        case _, value:
            return Unusable(f"holds a {type(value).__name__}")


def _csv(raw: bytes, name: str) -> Sheet:
    rows: list[Row] = []
    for number, cells in csv_rows(raw, name):
        row = Row(number, _trimmed(tuple(cell if cell.strip() else None for cell in cells)))
        if len(rows) >= MAX_ROWS or len(row.cells) > MAX_COLUMNS:
            raise EvalkitError(f"{name} has more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns; not read")
        if row.cells:
            rows.append(row)
    return Sheet("", tuple(rows))


def _trimmed(values: tuple[Cell, ...]) -> tuple[Cell, ...]:
    last = next(
        (at for at in range(len(values), 0, -1) if values[at - 1] is not None and values[at - 1] != ""), 0
    )
    return values[:last]
