"""Where each part of a slide stands and how large its text is.

All lengths are in points; a slide measures 960 × 540 of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, assert_never

from evalkit.reports.board.pptx_deck.text import height_of, width_of
from evalkit.views.board.blocks import (
    Bars,
    Beside,
    Bullets,
    Callout,
    Figures,
    Intervals,
    Paragraph,
    Table,
    Terms,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.views.board.blocks import SlideBlock

GAP: Final = 14.0
COLUMN_GAP: Final = 28.0
CALLOUT_PAD: Final = 12.0
CARD_PAD: Final = 12.0
_CELL_PAD: Final = (7.0, 3.5)
_DENSE_PAD: Final = (4.0, 2.0)
BULLET_INDENT: Final = 20.0
CHART_EDGE: Final = 52.0
SMALLEST: Final = 10.0
STEPS: Final = (1.25, 1.12, 1.0, 0.9, 0.8, 0.72, 0.64, 0.56)
_SIZES: Final = {
    "paragraph": 16.0,
    "note": 12.0,
    "callout": 20.0,
    "bullets": 18.0,
    "terms": 15.0,
    "table": 14.0,
    "dense": 12.0,
    "figure": 38.0,
    "caption": 13.0,
    "chart": 13.0,
}
_MOST: Final = {
    "note": 13.0,
    "callout": 24.0,
    "bullets": 20.0,
    "paragraph": 18.0,
    "terms": 18.0,
    "chart": 14.0,
}
_CHART_ROW: Final = (17.0, 48.0)  # least and most
_TABLE_ROW: Final = 10.0  # more than it takes, at most
LABEL_SHARE: Final = 0.38
LABEL_PAD: Final = 14.0
_WIDEST_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide."""

    left: float
    top: float
    width: float
    height: float


BODY: Final = Box(48, 110, 864, 384)


@dataclass(frozen=True, slots=True)
class Placed:
    """A part with its place; ``step`` says how far its text is made smaller."""

    block: SlideBlock
    box: Box
    step: int


def size_of(what: str, step: int) -> float:
    """Return the size of text by what it is, at a step; never less than 10 points."""
    size = round(2 * _SIZES[what] * STEPS[step]) / 2
    return max(SMALLEST, min(size, _MOST.get(what, size)))


def labelled(label: str, text: str) -> str:
    """Return text with the word that says what it is about in front."""
    return f"{label}: {text}" if label else text


def table_size(table: Table, step: int) -> float:
    """Return the size of a table's text."""
    return size_of("dense" if table.is_dense else "table", step)


def cell_pad(table: Table) -> tuple[float, float]:
    """Return the space beside and above the text of a cell."""
    return _DENSE_PAD if table.is_dense else _CELL_PAD


def column_widths(table: Table, size: float, width: float) -> tuple[float, ...]:
    """Return the widths of a table's columns; together they are the width of the table.

    A column is no narrower than its longest word, unless that takes more than a fair part of the table.
    """
    pad = 2 * cell_pad(table)[0] + 2
    natural, floors = [], []
    for place, column in enumerate(table.columns):
        texts = [row[place].text for row in table.rows if place < len(row)]
        label = width_of(column.label, size, bold=True)
        words = [width_of(word, size) for text in texts for word in text.split()]
        longest = max([width_of(word, size, bold=True) for word in column.label.split()] + words, default=0)
        natural.append(
            min(max([label, *(width_of(text, size) for text in texts)]) + pad, _WIDEST_SHARE * width)
        )
        floors.append(min(longest + pad, width / len(table.columns)))
    shares = [column.share for column in table.columns]
    if not any(shares):
        wanted = [each * width / sum(natural) for each in natural]
    else:
        fixed = [0 if share else each for share, each in zip(shares, natural, strict=True)]
        room = max(width - sum(fixed), 0)
        wanted = [share / sum(shares) * room or each for share, each in zip(shares, fixed, strict=True)]
    if not table.is_form:  # there, the room is for writing
        wanted = _shared_out(wanted, natural)
    return _no_less(wanted, floors, width)


def _shared_out(wanted: Sequence[float], natural: Sequence[float]) -> list[float]:
    """Return widths that take from columns with room to spare what others need to stay on one line."""
    spare = [max(want - need, 0) for want, need in zip(wanted, natural, strict=True)]
    short = [max(need - want, 0) for want, need in zip(wanted, natural, strict=True)]
    moved = min(sum(spare), sum(short))
    if not moved:
        return list(wanted)
    return [
        want - moved * over / sum(spare) + moved * under / sum(short)
        for want, over, under in zip(wanted, spare, short, strict=True)
    ]


def _no_less(wanted: Sequence[float], floors: Sequence[float], total: float) -> tuple[float, ...]:
    """Return widths near those wanted, none below its floor, whose sum is the total."""
    over = [max(want - floor, 0) for want, floor in zip(wanted, floors, strict=True)]
    spare = total - sum(floors)
    if not sum(over):
        return tuple(floor + spare / len(floors) for floor in floors)
    return tuple(floor + spare * each / sum(over) for floor, each in zip(floors, over, strict=True))


def row_heights(table: Table, size: float, width: float) -> tuple[float, ...]:
    """Return the heights of the header and of each row."""
    inner = [each - 2 * cell_pad(table)[0] for each in column_widths(table, size, width)]
    header = [
        height_of(column.label, size, each, bold=True)
        for column, each in zip(table.columns, inner, strict=True)
    ]
    blank = 2 * size if table.is_form else 0
    rows = [
        max([height_of(cell.text, size, each) for cell, each in zip(row, inner, strict=False)], default=size)
        + (0 if any(cell.text for cell in row) else blank)
        for row in table.rows
    ]
    return tuple(each + 2 * cell_pad(table)[1] for each in (max(header, default=size), *rows))


def natural_height(  # noqa: PLR0911 - one for each kind of part
    block: SlideBlock, step: int, width: float
) -> float:
    """Return the least height of a part at a step."""
    match block:
        case Paragraph(text, label, is_note):
            return height_of(labelled(label, text), size_of("note" if is_note else "paragraph", step), width)
        case Callout(label, text):
            inner = width - 2 * CALLOUT_PAD - 4
            return (
                height_of(labelled(label, text), size_of("callout", step), inner, bold=True) + 2 * CALLOUT_PAD
            )
        case Bullets(points):
            size = size_of("bullets", step)
            return sum(height_of(point, size, width - BULLET_INDENT) + size / 2 for point in points)
        case Terms(rows):
            size = size_of("terms", step)
            return sum(height_of(labelled(*row), size, width, bold=True) + size / 2 for row in rows)
        case Figures():
            return _figures_height(block, step, width)
        case Table():
            return sum(row_heights(block, table_size(block, step), width))
        case Intervals() | Bars():
            edge = CHART_EDGE if isinstance(block, Intervals) else 8
            return len(block.rows) * _chart_row(block, step, width) + edge
        case Beside():
            left, right = halves(block, Box(0, 0, width, 0))
            return max(
                stack_height(block.left, step, left.width), stack_height(block.right, step, right.width)
            )
        case _:
            assert_never(block)


def _chart_row(block: Intervals | Bars, step: int, width: float) -> float:
    """Return the least height of a row of a chart, whose label may take two lines."""
    size = size_of("chart", step)
    room = LABEL_SHARE * width - LABEL_PAD
    labels = (
        [row.label for row in block.rows] if isinstance(block, Intervals) else [row[0] for row in block.rows]
    )
    lines = 2 if any(width_of(label, size) > room for label in labels) else 1
    return max(_CHART_ROW[0], (lines * 1.3 + 0.2) * size)


def card_width(figures: Figures, width: float) -> float:
    """Return the width of one card of large numbers."""
    count = max(len(figures.figures), 1)
    return (width - (count - 1) * GAP) / count


def _figures_height(block: Figures, step: int, width: float) -> float:
    inner = card_width(block, width) - 2 * CARD_PAD
    small, large = size_of("caption", step), size_of("figure", step)
    heights = (
        height_of(each.label, small, inner)
        + height_of(each.value, large, inner, bold=True)
        + (height_of(each.of, small, inner) if each.of else 0)
        for each in block.figures
    )
    return max(heights, default=0) + 2 * CARD_PAD


def halves(block: Beside, box: Box) -> tuple[Box, Box]:
    """Return the boxes of the two stacks."""
    room = box.width - COLUMN_GAP
    left = room * min(max(block.share, 0.15), 0.85)
    return (
        replace(box, width=left),
        replace(box, left=box.left + left + COLUMN_GAP, width=room - left),
    )


def gap_at(step: int) -> float:
    """Return the space between two parts below each other."""
    return GAP * min(STEPS[step], 1)


def stack_height(blocks: Sequence[SlideBlock], step: int, width: float) -> float:
    """Return the least height of parts below each other."""
    return sum(natural_height(each, step, width) for each in blocks) + gap_at(step) * max(len(blocks) - 1, 0)


def _wish(block: SlideBlock) -> float:
    """Return how much height a part could use beyond what it needs."""
    match block:
        case Intervals(rows) | Bars(rows):
            return len(rows) * (_CHART_ROW[1] - _CHART_ROW[0])
        case Table(rows=rows):
            return (len(rows) + 1) * _TABLE_ROW
        case Beside():
            return max(sum(map(_wish, block.left)), sum(map(_wish, block.right)))
        case _:
            return 0


def arranged(blocks: Sequence[SlideBlock], box: Box, step: int) -> tuple[Placed, ...]:
    """Return the parts in a box, below each other; charts take the height that is left."""
    spare = max(box.height - stack_height(blocks, step, box.width), 0)
    wishes = [_wish(each) for each in blocks]
    granted = min(spare, sum(wishes))
    found: list[Placed] = []
    top = box.top
    for block, wish in zip(blocks, wishes, strict=True):
        height = natural_height(block, step, box.width)
        height += granted * wish / sum(wishes) if wish else 0
        here = Box(box.left, top, box.width, height)
        if isinstance(block, Beside):
            left, right = halves(block, here)
            found += (*arranged(block.left, left, step), *arranged(block.right, right, step))
        else:
            found.append(Placed(block, here, step))
        top += height + gap_at(step)
    return tuple(found)
