"""How much room a text takes on a slide, and which of its characters a slide can hold.

PowerPoint lays text out when it is opened; widths here are those of Helvetica, on which Arial is made to fit.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar
from unicodedata import east_asian_width, normalize

from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from evalkit.views.board.blocks import Deck

Part = TypeVar("Part")

_FIRST: Final = " "
# In thousandths of the size, from the space to the tilde.
# fmt: off
_WIDTHS: Final = (
    278, 278, 355, 556, 556, 889, 667, 222, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
    722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
    278, 278, 469, 556, 222, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)
# fmt: on
_WIDE: Final = 1000
_OTHER: Final = 700
_BOLD: Final = 1.07
_MARGIN: Final = 1.03
_LEADING: Final = 1.2
_WIDE_LEADING: Final = 1.5
_TOKENS: Final = re.compile(r"[^\S\xa0]+|[^\s\-/]+[\-/]?|[\-/]|\xa0")
_NO_XML: Final = re.compile("[\ufffe\uffff]")
# Office reads these as the character of that number.
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_UNIT: Final = re.compile(r"(?<=\d) (?=%)")


def shown(text: str) -> str:
    r"""Return text on one line as XML can hold it; what hides or reorders is shown as a token.

    >>> print(shown("a\n b \u202e \uffff"))
    a b \u202e \uffff
    """
    one_line = _NO_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", plain(text))
    return _UNIT.sub("\u00a0", _ESCAPE.sub("_\u200b", one_line))


def cleaned(deck: Deck) -> Deck:
    """Return a deck whose texts are as they are shown; notes keep their lines."""
    slides = tuple(
        replace(with_texts(slide, shown, ("notes",)), notes="\n".join(map(shown, slide.notes.splitlines())))
        for slide in deck.slides
    )
    return replace(with_texts(deck, shown, ("slides", "day")), slides=slides)


def with_texts(part: Part, change: Callable[[str], str], but: Collection[str] = ()) -> Part:
    """Return a part of a deck whose texts are changed, except in fields of these names."""
    changed: Any = part
    if isinstance(part, str):
        changed = change(part)
    elif isinstance(part, tuple):
        changed = tuple(with_texts(each, change, but) for each in part)
    elif is_dataclass(part) and not isinstance(part, type):
        texts = {
            field.name: with_texts(getattr(part, field.name), change, but)
            for field in fields(part)
            if field.name not in but
        }
        changed = replace(part, **texts)
    return changed  # type: ignore[no-any-return]  # of the same type as the part


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of text on one line, in points."""
    return sum(map(_width, text)) / 1000 * size * (_BOLD if bold else 1) * _MARGIN


def lines_of(text: str, size: float, width: float, *, bold: bool = False) -> int:
    """Return how many lines text takes in a width in points; words longer than a line are broken."""
    lines, used = 1, 0.0
    for token in _TOKENS.findall(text):
        wide = width_of(token, size, bold=bold)
        if used + wide <= width:
            used += wide
        elif token.isspace():
            continue
        elif wide <= width and not _breaks_anywhere(token):
            lines, used = lines + 1, wide
        else:
            for char in token:
                step = width_of(char, size, bold=bold)
                if used + step > width and used:
                    lines, used = lines + 1, 0.0
                used += step
    return lines


def height_of(text: str, size: float, width: float, *, bold: bool = False) -> float:
    """Return the height of text set in a width, both in points; an empty text has one line."""
    leading = _WIDE_LEADING if _breaks_anywhere(text) else _LEADING
    return lines_of(text, size, width, bold=bold) * size * leading


def _breaks_anywhere(text: str) -> bool:
    return any(_is_wide(char) for char in text)


@cache
def _is_wide(char: str) -> bool:
    return east_asian_width(char) in {"W", "F"}


@cache
def _width(char: str) -> int:
    if _is_wide(char):
        return _WIDE
    base = normalize("NFD", char)[0]
    place = ord(base) - ord(_FIRST)
    return _WIDTHS[place] if 0 <= place < len(_WIDTHS) else _OTHER
