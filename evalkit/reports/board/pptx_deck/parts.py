"""Each part of a slide as shapes of PowerPoint: text, tables and large numbers; charts stand elsewhere."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, assert_never

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml

from evalkit.reports.board.pptx_deck.charts import draw_bars, draw_intervals
from evalkit.reports.board.pptx_deck.layout import (
    BULLET_INDENT,
    CALLOUT_PAD,
    CARD_PAD,
    GAP,
    Box,
    card_width,
    cell_pad,
    column_widths,
    row_heights,
    size_of,
    table_size,
)
from evalkit.reports.board.pptx_deck.shapes import (
    DRAWING,
    GREY,
    INK,
    MARK,
    MUTED,
    Lines,
    Run,
    describe,
    emu,
    fill,
    panel,
    put_lines,
    text_box,
    write,
)
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

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evalkit.reports.board.pptx_deck.layout import Placed

_TONES: Final = {"low": "f6ddd0", "partly": "f7f0d8", "good": "d9ecdf", "none": "eef1f4"}
_CALLOUT: Final = "edf3f9"
_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_POINT: Final = (
    f'<a:buFont xmlns:a="{DRAWING}" typeface="Arial"/>',
    f'<a:buChar xmlns:a="{DRAWING}" char="•"/>',
)
_NUMBER: Final = f'<a:buAutoNum xmlns:a="{DRAWING}" type="arabicPeriod"/>'


def draw(  # noqa: C901, PLR0912 - one case for each kind of part
    shapes: Any,  # noqa: ANN401
    placed: Placed,
    title: str,
    day: date,
) -> None:
    """Draw a part where it stands; a table is described by the title and its columns."""
    box, step = placed.box, placed.step
    match placed.block:
        case Paragraph(text, label, is_note):
            size = size_of("note" if is_note else "paragraph", step)
            text_box(shapes, box, [Lines(_labelled(label, text, size, MUTED if is_note else INK))])
        case Callout() as block:
            _draw_callout(shapes, block, box, step)
        case Bullets() as block:
            _draw_bullets(shapes, block, box, step)
        case Terms(rows):
            size = size_of("terms", step)
            text_box(shapes, box, [Lines(_labelled(*row, size), after=size / 2) for row in rows])
        case Figures() as block:
            _draw_figures(shapes, block, box, step)
        case Table() as block:
            if block.columns:
                _draw_table(shapes, block, box, step, title)
        case Intervals() as block:
            if block.rows:
                draw_intervals(shapes, block, box, step, day)
        case Bars() as block:
            if block.rows:
                draw_bars(shapes, block, box, step, day)
        case Beside():
            raise TypeError("what stands beside each other has no place of its own")
        case _:
            assert_never(placed.block)


def _labelled(label: str, text: str, size: float, colour: Any = INK) -> tuple[Run, ...]:  # noqa: ANN401
    body = Run(text, size, colour=colour)
    return (Run(f"{label}: ", size, is_bold=True, colour=colour), body) if label else (body,)


def _draw_callout(shapes: Any, block: Callout, box: Box, step: int) -> None:  # noqa: ANN401
    size = size_of("callout", step)
    shape = panel(shapes, box, _CALLOUT, CALLOUT_PAD)
    shape.text_frame.margin_left = emu(CALLOUT_PAD + 4)
    label = (Run(f"{block.label}: ", size, is_bold=True, colour=MARK),) if block.label else ()
    write(shape.text_frame, [Lines((*label, Run(block.text, size)))], MSO_ANCHOR.MIDDLE)
    panel(shapes, Box(box.left, box.top, 4, box.height), MARK, 0)


def _draw_bullets(shapes: Any, block: Bullets, box: Box, step: int) -> None:  # noqa: ANN401
    size = size_of("bullets", step)
    bullets = (_NUMBER,) if block.is_numbered else _POINT
    indent = BULLET_INDENT
    lines = [
        Lines((Run(point, size),), after=size / 2, bullets=bullets, indent=indent) for point in block.points
    ]
    text_box(shapes, box, lines)


def _draw_figures(shapes: Any, block: Figures, box: Box, step: int) -> None:  # noqa: ANN401
    small, large = size_of("caption", step), size_of("figure", step)
    width = card_width(block, box.width)
    for place, each in enumerate(block.figures):
        card = Box(box.left + place * (width + GAP), box.top, width, box.height)
        shape = panel(shapes, card, _TONES.get(each.tone, GREY), CARD_PAD)
        lines = [
            Lines((Run(each.label, small, colour=MUTED),)),
            Lines((Run(each.value, large, is_bold=True),)),
        ]
        if each.of:
            lines.append(Lines((Run(each.of, small, colour=MUTED),)))
        write(shape.text_frame, lines, MSO_ANCHOR.MIDDLE)


def _draw_table(shapes: Any, block: Table, box: Box, step: int, title: str) -> None:  # noqa: ANN401
    size = table_size(block, step)
    where = (emu(box.left), emu(box.top), emu(box.width), emu(box.height))
    frame = shapes.add_table(len(block.rows) + 1, len(block.columns), *where)
    describe(frame, "Table", f"{title}: {', '.join(column.label for column in block.columns)}")
    table = frame.table
    table.first_row, table.horz_banding = True, False
    frame.element.xpath(".//a:tableStyleId")[0].text = _NO_STYLE
    edges = [0.0]
    for width in column_widths(block, size, box.width):
        edges.append(edges[-1] + width)
    for column, (left, right) in zip(table.columns, pairwise(edges), strict=True):
        column.width = emu(right) - emu(left)
    heights = row_heights(block, size, box.width)
    stretch = box.height / sum(heights)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = emu(height * stretch)
    header = tuple(Cell(column.label) for column in block.columns)
    for number, cells in enumerate((header, *block.rows)):
        _fill_row(table, number, cells, block, size)


def _fill_row(table: Any, number: int, cells: Sequence[Cell], block: Table, size: float) -> None:  # noqa: ANN401
    beside, above = cell_pad(block)
    for place, column in enumerate(block.columns):
        said = cells[place] if place < len(cells) else Cell("")
        cell = table.cell(number, place)
        cell.margin_left = cell.margin_right = emu(beside)
        cell.margin_top = cell.margin_bottom = emu(above)
        run = Run(said.text, size, is_bold=number == 0, colour=MUTED if number == 0 else INK)
        align = PP_ALIGN.RIGHT if column.is_figure else PP_ALIGN.LEFT
        put_lines(cell._tc.get_or_add_txBody(), [Lines((run,), align=align)])  # noqa: SLF001 - as in write
        cell.vertical_anchor = MSO_ANCHOR.BOTTOM if number == 0 else MSO_ANCHOR.MIDDLE
        _rule(cell, "lnB", "tx2" if number == 0 else "accent6", 1.25 if number == 0 else 0.75)
        if block.is_form and number and place:
            _rule(cell, "lnL", "accent6", 0.75)
        if said.tone:
            fill(cell, _TONES[said.tone])


def _rule(cell: Any, side: str, colour: str, width: float) -> None:  # noqa: ANN401
    """Draw a line at a side of a cell; in the file it stands before the fill, lnL before lnB."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - the library knows no borders
    line = parse_xml(
        f'<a:{side} xmlns:a="{DRAWING}" w="{emu(width)}"><a:solidFill><a:schemeClr val="{colour}"/>'
        f'</a:solidFill><a:prstDash val="solid"/></a:{side}>'
    )
    properties.insert(0, line)
