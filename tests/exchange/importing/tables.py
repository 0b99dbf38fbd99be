"""Tables as people keep them, and what becomes of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl

from evalkit.exchange.importing.formats import Wanted, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.exchange.importing.draft import Draft


def table(text: str | bytes, *, columns: Mapping[str, str] | None = None, **wanted: object) -> Draft:
    """Return what a CSV file says."""
    raw = text.encode() if isinstance(text, str) else text
    return read("table", raw, "list.csv", Wanted(columns=columns or {}, **wanted))  # type: ignore[arg-type]  # as given


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook with these sheets."""
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()
