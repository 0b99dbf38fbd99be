"""The same loss, many times -> one note that counts it: a large file makes a short list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalkit.exchange.importing.draft import Note

if TYPE_CHECKING:
    from evalkit.exchange.importing.draft import NoteKind


@dataclass(slots=True)
class Tally:
    """Losses in the order in which each kind was first met."""

    found: dict[tuple[NoteKind, str], list[str]] = field(default_factory=dict)

    def add(self, kind: NoteKind, text: str, where: str = "") -> None:
        """Count one loss; what it says is the same each time, where it was met is not."""
        self.found.setdefault((kind, text), []).append(where)

    def notes(self) -> tuple[Note, ...]:
        """Return one note for each kind of loss, with the first place and how many more there are."""
        return tuple(Note(kind, _places(places), text) for (kind, text), places in self.found.items())


def _places(places: list[str]) -> str:
    if len(places) == 1 or not places[0]:
        return places[0]
    return f"{places[0]} and {len(places) - 1:,} more"
