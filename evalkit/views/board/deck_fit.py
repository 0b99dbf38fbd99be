"""How much stands on a slide: heights and widths estimated for a wide font, so that nothing runs over.

A slide is 1280 by 720 pixels, of which 1168 by 540 are for its parts. Estimates are in these pixels.
"""

from __future__ import annotations

import math
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from evalkit.views.board.blocks import (
    Bars,
    Beside,
    Bullets,
    Callout,
    Cell,
    Figures,
    Intervals,
    Paragraph,
    Table,
    Terms,
)
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evalkit.views.board.blocks import SlideBlock

WIDTH: Final = 1168
HEIGHT: Final = 540
GAP: Final = 16
"""Between two parts, one above the other."""

GUTTER: Final = 40
"""Between two stacks side by side."""

_NARROW: Final = frozenset("iljftIr.,;:'|!()[]{} -")
_BROAD: Final = frozenset("mwMWQO@%…—")
_LEAST_SHARE: Final = 40
_ROOM_FOR_TWO: Final = 8
"""Ems from which on the beginning and the end of a name say more than the beginning alone."""
_BOLD: Final = 1.2


class Face(NamedTuple):
    """Size of the letters, height of a line, and what stands above and below the lines, in pixels."""

    size: float
    line: float
    around: float = 0


BODY: Final = Face(18, 24)
NOTE: Final = Face(15, 20)
CALLOUT: Final = Face(21, 28, 32)
POINT: Final = Face(18, 24, 8)
TERM: Final = Face(16, 22, 8)
ROW: Final = Face(16, 20, 11)
DENSE: Final = Face(13, 16, 6)
FORM: Final = Face(15, 19, 15)
FIGURES: Final = 124
BAR: Final = 34
INTERVAL: Final = 44
AXIS: Final = 88
_PADDING: Final = 20
_INDENT: Final = 28
_EMPTY_FORM: Final = 56
TERMS_BESIDE: Final = 6
"""Terms up to which they stand under each other; more stand in two columns."""


def ems(text: str) -> float:
    """Return how wide text is, in sizes of its letters.

    >>> round(ems("Gate"), 2), ems("通义")
    (2.36, 2.0)
    """
    return sum(map(_em, text))


def cut(text: str, most: float) -> str:
    """Return text on one line that is at most so many ems wide; the cut is seen.

    >>> cut("assured", 3), cut("assured", 5)
    ('ass…', 'assured')
    """
    line = plain(text)
    ends = list(accumulate(map(_em, line)))
    if not ends or ends[-1] <= most:
        return line
    kept = sum(end <= most - 1 for end in ends)
    return f"{line[:kept].rstrip()}…"


def _cut_inside(text: str, most: float) -> str:
    """Return text as :func:`cut` does, with its end where there is room: deployments often begin alike."""
    if ems(text) <= most or most < _ROOM_FOR_TWO:
        return cut(text, most)
    ends = accumulate(map(_em, reversed(plain(text))))
    kept = sum(end <= most / 2 for end in ends)
    line = plain(text)
    tail = line[-kept:]
    whole_words = tail if line[-kept - 1] == " " else tail.partition(" ")[2]
    if 2 * len(whole_words) >= kept:
        tail = f" {whole_words}"
    return cut(text, most - ems(tail)) + tail


def option_cut(name: str, most: float) -> str:
    """Return product and deployment, each cut by itself: what tells options apart stays.

    >>> option_cut("A very long name: direct", 8)
    'A very…: dir…'
    >>> option_cut("Product: own gateway in front of Amazon Bedrock", 16)
    'Product: own gate… Bedrock'
    """
    if ems(name) <= most:
        return plain(name)
    product, _, deployment = name.partition(": ")
    if not deployment:
        return cut(product, most)
    kept = max(most / 2, most - ems(product))
    shown = _cut_inside(deployment, kept - 1)
    return f"{cut(product, max(most - ems(shown) - 1, 3))}: {shown}"


def lines(text: str, face: Face, room: float) -> int:
    """Return how many lines text takes in so much room; a word that is too long is broken."""
    most = max(room / face.size, 1)
    number, used = 1, 0.0
    for word in text.split():
        width = ems(word)
        if used and used + _em(" ") + width <= most:
            used += _em(" ") + width
            continue
        number += bool(used)
        over = math.ceil(width / most) - 1
        number += max(over, 0)
        used = width - max(over, 0) * most
    return number


def height(block: SlideBlock, room: float = WIDTH) -> float:  # noqa: PLR0911 - one line per part
    """Return how high a part is in so much width."""
    match block:
        case Paragraph():
            text = f"{block.label}: {block.text}" if block.label else block.text
            return _high(text, NOTE if block.is_note else BODY, room)
        case Callout():
            return _high(block.text, CALLOUT, room - 48) + (24 if block.label else 0)
        case Bullets():
            return sum(_high(point, POINT, room - _INDENT) for point in block.points)
        case Terms():
            return _terms(block, room)
        case Table():
            widths = column_widths(block, room)
            label = max(
                _bold(it.label, face_of(block), at) for it, at in zip(block.columns, widths, strict=True)
            )
            return label + sum(_row(block, row, widths) for row in block.rows)
        case Figures():
            return FIGURES
        case Bars():
            return BAR * len(block.rows) + 8
        case Intervals():
            return INTERVAL * len(block.rows) + AXIS
        case Beside():
            left, right = sides(block, room)
            return max(stack(block.left, left), stack(block.right, right))


def stack(blocks: Sequence[SlideBlock], room: float = WIDTH) -> float:
    """Return how high parts are, one above the other."""
    return sum(height(block, room) for block in blocks) + GAP * max(len(blocks) - 1, 0)


def sides(block: Beside, room: float = WIDTH) -> tuple[float, float]:
    """Return the widths of two stacks side by side."""
    left = (room - GUTTER) * block.share
    return left, room - GUTTER - left


def face_of(table: Table) -> Face:
    """Return the letters of a table."""
    return FORM if table.is_form else DENSE if table.is_dense else ROW


def column_widths(table: Table, room: float = WIDTH) -> tuple[float, ...]:
    """Return the widths of a table's columns, which sum to the room.

    A column without a share is as wide as its longest text; those with one divide what is left.
    """
    face = face_of(table)
    pad = _pad(table)
    cells = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    natural = [
        0.0
        if column.share
        else pad + 1 + face.size * max((_BOLD * ems(column.label), *(ems(cell.text) for cell in under)))
        for column, under in zip(table.columns, cells, strict=True)
    ]
    shares = sum(column.share for column in table.columns)
    least = sum(_LEAST_SHARE for column in table.columns if column.share)
    fixed = sum(natural)
    if not shares or fixed > room - least:
        factor = (room - least) / fixed if fixed else 1
        natural = [width * factor for width in natural]
        fixed = sum(natural)
    return tuple(
        (room - fixed) * column.share / shares if column.share else width
        for column, width in zip(table.columns, natural, strict=True)
    )


def trimmed(table: Table, most: int, room: float = WIDTH) -> Table:
    """Return a table in which no text takes more than so many lines; a cell with a tone keeps its words."""
    face = face_of(table)
    widths = [width - _pad(table) for width in column_widths(table, room)]
    rows = tuple(
        tuple(
            cell if cell.tone else Cell(_shortened(cell.text, face, width, most))
            for cell, width in zip(row, widths, strict=True)
        )
        for row in table.rows
    )
    return Table(table.columns, rows, table.is_dense, table.is_form)


def split(table: Table, budget: float, room: float = WIDTH) -> Iterator[Table]:
    """Yield the table in parts of which each is at most so high; a row that is too high stands alone."""
    widths = column_widths(table, room)
    head = height(Table(table.columns, (), table.is_dense, table.is_form), room)
    rows: list[tuple[Cell, ...]] = []
    used = head
    for row in table.rows:
        added = _row(table, row, widths)
        if rows and used + added > budget:
            yield Table(table.columns, tuple(rows), table.is_dense, table.is_form)
            rows, used = [], head
        rows.append(row)
        used += added
    yield Table(table.columns, tuple(rows), table.is_dense, table.is_form)


def _shortened(text: str, face: Face, room: float, most: int) -> str:
    kept = most * room / face.size
    shown = cut(text, kept)
    while lines(shown, face, room) > most and kept > 1:
        kept -= 1
        shown = cut(text, kept)
    return shown


def _pad(table: Table) -> float:
    return _PADDING / 2 if table.is_dense else _PADDING


def _row(table: Table, row: Iterable[Cell], widths: Iterable[float]) -> float:
    cells = tuple(row)
    if table.is_form and not any(cell.text for cell in cells):
        return _EMPTY_FORM
    face = face_of(table)
    pad = _pad(table)
    return max(_high(cell.text, face, width - pad) for cell, width in zip(cells, widths, strict=True))


def _bold(text: str, face: Face, width: float) -> float:
    wider = Face(face.size * _BOLD, face.line, face.around)
    return _high(text, wider, width)


def _terms(block: Terms, room: float) -> float:
    texts = [f"{term}: {meaning}" for term, meaning in block.rows]
    if len(texts) <= TERMS_BESIDE:
        return sum(_high(text, TERM, room - _INDENT) for text in texts)
    half = math.ceil(len(texts) / 2)
    width = (room - GUTTER) / 2 - _INDENT
    return max(sum(_high(text, TERM, width) for text in side) for side in (texts[:half], texts[half:]))


def _high(text: str, face: Face, room: float) -> float:
    return lines(text, face, room) * face.line + face.around


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in _NARROW:
        return 0.38
    if char in _BROAD:
        return 0.95
    return 0.7 if char.isupper() else 0.64
