"""What a worker leaves in its place for the process that waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_CELL: Final = "cell"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a notebook: its index, how many there are, and its id."""

    index: int
    cells: int
    id: str


def note_cell(place: Path, index: int, cells: int, cell: str) -> None:
    """Write down which cell is being run."""
    (place / _CELL).write_text(f"{index} {cells} {cell}", encoding="utf-8")


def current_cell(place: Path) -> Cell | None:
    """Return the cell that is being run; None before the first."""
    try:
        index, _, rest = (place / _CELL).read_text(encoding="utf-8").partition(" ")
    except OSError:
        return None
    cells, _, cell = rest.partition(" ")
    return Cell(int(index), int(cells), cell) if index else None  # empty while it is written


def forget_cell(place: Path) -> None:
    """Strike the note: the next notebook has not begun."""
    (place / _CELL).unlink(missing_ok=True)
