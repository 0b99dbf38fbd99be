"""Values in a library of CISO Assistant, in whatever form: texts, numbers, truth values, mappings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.html_text import without_html
from evalkit.files.document import harmless
from evalkit.files.foreign import ForeignMapping

if TYPE_CHECKING:
    from collections.abc import Collection

    from evalkit.exchange.importing.tally import Tally
    from evalkit.files.foreign import Foreign

# With the words of YAML 1.1, which the program itself reads.
_TRUE: Final = frozenset(("true", "yes", "on", "x", "1"))
_FALSE: Final = frozenset(("false", "no", "off", "0", ""))
_LONGEST_NUMBER: Final = 20


def words(value: Foreign) -> str:
    """Return a text without HTML; the lines of a list of texts; ``""`` for all else."""
    match value:
        case str():
            return without_html(value)
        case list():
            return "\n".join(part for part in map(words, value) if part)
        case _:
            return ""


def amount(value: Foreign) -> float | None:
    """Return a finite number; None for all else."""
    if not isinstance(value, str) or len(value) > _LONGEST_NUMBER:
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def truth(value: Foreign) -> bool | None:
    """Return a truth value, nothing being false; None if it is neither."""
    text = "" if value is None else value
    if isinstance(text, str):
        folded = text.strip().casefold()
        if folded in _TRUE or folded in _FALSE:
            return folded in _TRUE
    return None


def mappings(value: Foreign, otherwise: str, tally: Tally, line: int) -> list[ForeignMapping]:
    """Return the mappings in a list, or a mapping alone; what is none of them is noted."""
    if value is None:
        return []
    found = []
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, ForeignMapping):
            found.append(part)
        else:
            tally.add("left out", otherwise, f"line {line}")
    return found


def tell_of_rest(mapping: ForeignMapping, taken: Collection[str], what: str, tally: Tally) -> None:
    """Note the entries of a mapping that are not taken, unless they say nothing."""
    for key, content in mapping.items():
        if key not in taken and content not in (None, "", [], {}):
            tally.add("left out", f"{harmless(key)!r} of {what}", f"line {mapping.line}")


def tell_of_translations(content: ForeignMapping, where: str, tally: Tally) -> None:
    """Note in which other languages texts stand."""
    others = content.get("translations")
    if isinstance(others, ForeignMapping) and others:
        named = ", ".join(harmless(language, _LONGEST_NUMBER) for language in sorted(others))
        tally.add("left out", f"translations ({named})", where)
