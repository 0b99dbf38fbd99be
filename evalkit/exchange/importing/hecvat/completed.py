"""The day on which a HECVAT says that it was completed: answers are as old as that."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.draft import Note
from evalkit.exchange.importing.grid import FORMULA
from evalkit.exchange.importing.hecvat.tables import folded
from evalkit.exchange.vendor_form.cell_values import is_empty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.exchange.importing.grid import Row, Sheet
    from evalkit.exchange.vendor_form.sheet import Cell

_LABELS: Final = frozenset({"date completed", "date of completion", "completion date"})
_WITHIN: Final = 20


def completed_on(sheets: Iterable[Sheet]) -> tuple[date | None, tuple[Note, ...]]:
    """Return the day, and where it was read; None where no sheet says it, or not in one way only."""
    for sheet in sheets:
        for row in sheet.rows:
            if row.number <= _WITHIN and not is_empty(said := _said(row)):
                return _day(said, sheet.where(row))
    return None, ()


def _said(row: Row) -> Cell:
    """Return what stands right of the label; None where there is none."""
    cells = iter(row.cells)
    for cell in cells:
        if isinstance(cell, str) and folded(cell) in _LABELS:
            return next((other for other in cells if not is_empty(other)), None)
    return None


def _day(said: Cell, where: str) -> tuple[date | None, tuple[Note, ...]]:
    day = said if isinstance(said, date) else None
    if isinstance(said, str):
        try:
            day = date.fromisoformat(said.strip())
        except ValueError:
            day = None
    if day is not None:
        return day, (Note("assumed", where, f"answers are of {day}, the day that the workbook names"),)
    shown = "a formula" if said == FORMULA else repr(str(said)[:40])
    told = f"the day on which it was completed, {shown}: it is not written YYYY-MM-DD; say it with --on"
    return None, (Note("left out", where, told),)
