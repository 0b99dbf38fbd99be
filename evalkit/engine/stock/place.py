"""What a worker leaves in its place for the process that waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_CELL: Final = "cell"


def note_cell(place: Path, index: int, cell: str) -> None:
    """Write down which cell is being run."""
    (place / _CELL).write_text(f"{index} {cell}", encoding="utf-8")


def current_cell(place: Path) -> tuple[int, str] | None:
    """Return index and id of the cell that is being run; None before the first."""
    try:
        index, _, cell = (place / _CELL).read_text(encoding="utf-8").partition(" ")
    except OSError:
        return None
    return (int(index), cell) if index else None  # empty while it is written


def forget_cell(place: Path) -> None:
    """Strike the note: the next notebook has not begun."""
    (place / _CELL).unlink(missing_ok=True)
