"""Texts of a draft without what no text holds: control characters, halves of characters, lone line ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from evalkit.exchange.importing.draft import Note

if TYPE_CHECKING:
    from evalkit.exchange.importing.draft import Draft

ValueT = TypeVar("ValueT")

LONGEST: Final = 20_000
"""Characters of one text that are taken."""

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cleaned(draft: Draft) -> Draft:
    """Return a draft whose texts can be kept, with a note where some were changed."""
    cleaning = _Cleaning()
    found = cleaning.value(draft)
    notes = []
    if cleaning.controls:
        told = f"{cleaning.controls} control characters, which no text holds"
        notes.append(Note("left out", "", told))
    if cleaning.cut:
        told = f"what stands behind the first {LONGEST:,} characters of {cleaning.cut} texts"
        notes.append(Note("left out", "", told))
    return replace(found, notes=(*found.notes, *notes)) if notes else found


@dataclass
class _Cleaning:
    controls: int = 0
    cut: int = 0
    done: dict[str, str] = field(default_factory=dict)

    def value(self, value: ValueT) -> ValueT:
        """Return a value with all texts in it cleaned."""
        made: object = value
        match value:
            case str():
                made = self._text(value)
            case tuple():
                made = tuple(map(self.value, value))
            case _ if is_dataclass(value) and not isinstance(value, type):
                made = type(value)(
                    **{each.name: self.value(getattr(value, each.name)) for each in fields(value)}
                )
        return made  # type: ignore[return-value]  # each branch keeps the type

    def _text(self, text: str) -> str:
        if text not in self.done:
            lines = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text)
            kept, removed = _CONTROLS.subn("", lines)
            self.controls += removed
            self.cut += len(kept) > LONGEST
            self.done[text] = kept[:LONGEST].strip()
        return self.done[text]
