"""The form as CSV, for those whose mail or rules let no workbook through."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.csv_file import csv_rows
from evalkit.exchange.vendor_form.cell_values import text_in
from evalkit.exchange.vendor_form.sheet import FILLED_IN, Returned, ReturnedRow

if TYPE_CHECKING:
    from evalkit.exchange.vendor_form.sheet import Form, Line

MAX_ROWS: Final = 5_000
"""Rows that are read; a form has some hundred."""

_RUNS: Final = re.compile(r"'*[=+\-@\t\r]")
"""How a text begins that spreadsheet programs take for a formula, or that looks like one made harmless."""


def csv_bytes(form: Form) -> bytes:
    """Return a form as CSV in UTF-8 with a byte order mark, as spreadsheet programs want it.

    The header has the keys of :data:`~evalkit.exchange.vendor_form.sheet.COLUMNS`. A text that a program
    would run as a formula begins with an apostrophe, which :func:`returned` takes away.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(form.columns)
    for line in form.lines():
        cells = _cells(form, line)
        writer.writerow([_harmless(cells[key]) for key in form.columns])
    return text.getvalue().encode("utf-8-sig")


def returned(raw: bytes, name: str) -> Returned:
    """Return what a CSV file says; columns may stand in any order, with commas, semicolons or tabs between.

    Raises
    ------
    EvalkitError
        If it is no CSV in UTF-8, has no header, or too many rows.
    """
    lines = csv_rows(raw, name)
    header = [cell.strip() for cell in next(lines, (0, []))[1]]
    _check(header, name)
    rows: list[ReturnedRow] = []
    for line, cells in lines:
        if len(rows) >= MAX_ROWS:
            raise EvalkitError(f"{name} has more than {MAX_ROWS:,} rows, which no form has; not read")
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            raise EvalkitError(f"{name}:{line}: the line has more cells than the header")
        found = {key: _undone(cell) for key, cell in zip(header, cells, strict=False) if key}
        rows.append(ReturnedRow(f"line {line}", found))
    return Returned(tuple(rows))


def _check(header: list[str], name: str) -> None:
    needed = ("id", "form", "digest", "text", "guidance", *FILLED_IN)
    missing = [key for key in needed if header.count(key) != 1]
    if missing:
        raise EvalkitError(
            f"{name} is no form that evalkit sent: the header has not, or not once, {', '.join(missing)}"
        )


def _cells(form: Form, line: Line) -> dict[str, str]:
    given = dict(zip(FILLED_IN, map(text_in, line.given), strict=True))
    return given | {
        "id": line.id,
        "form": form.reference,
        "digest": line.digest,
        "number": line.question,
        "text": line.text,
        "guidance": line.guidance,
        "applies": line.applies,
        "found": line.found,
    }


def _harmless(text: str) -> str:
    return f"'{text}" if _RUNS.match(text) else text


def _undone(text: str) -> str:
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
