"""What the sections of a HECVAT are called where their headings are formulas: as a list of codes says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.draft import Note
from evalkit.exchange.importing.hecvat.tables import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from evalkit.exchange.importing.grid import Row, Sheet

_SHORTEST: Final = 5
_LONGEST: Final = 100


def names_of(prefixes: Collection[str], sheets: Iterable[Sheet]) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return the texts that stand beside prefixes alone in a cell, where all that do say the same."""
    found: dict[str, dict[str, str]] = {prefix: {} for prefix in prefixes}
    for sheet in sheets if prefixes else ():
        for row in sheet.rows:
            for column, cell in enumerate(row.cells):
                if isinstance(cell, str) and cell.strip() in found:
                    name = _beside(row, column)
                    found[cell.strip()] |= {folded(name): name} if name else {}
    names = {prefix: next(iter(texts.values())) for prefix, texts in found.items() if len(texts) == 1}
    if not names:
        return {}, ()
    told = ", ".join(f"{prefix} {name!r}" for prefix, name in names.items())
    return names, (Note("assumed", "", f"sections without a heading are called as a list has it: {told}"),)


def _beside(row: Row, column: int) -> str:
    """Return the name right of a code, else left of it; ``""`` if there is none."""
    texts = row.texts()
    for at in (column + 1, column - 1):
        if 0 <= at < len(texts) and _SHORTEST <= len(texts[at]) <= _LONGEST:
            return texts[at]
    return ""
