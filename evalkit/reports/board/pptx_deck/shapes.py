"""Text on a slide: runs, paragraphs, boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.sax.saxutils import escape

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.reports.board.pptx_deck.layout import Box

EMU: Final = 12700
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"

INK: Final = MSO_THEME_COLOR.TEXT_1
MUTED: Final = MSO_THEME_COLOR.TEXT_2
PAPER: Final = MSO_THEME_COLOR.BACKGROUND_1
GREY: Final = MSO_THEME_COLOR.BACKGROUND_2
MARK: Final = MSO_THEME_COLOR.ACCENT_1
RANGE: Final = MSO_THEME_COLOR.ACCENT_2
LIMIT: Final = MSO_THEME_COLOR.ACCENT_3
LINE: Final = MSO_THEME_COLOR.ACCENT_6


class Run(NamedTuple):
    """Text of one look."""

    text: str
    size: float
    is_bold: bool = False
    colour: MSO_THEME_COLOR = INK


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph: its runs, the space after it in points, and what makes it a point, as XML."""

    runs: tuple[Run, ...]
    after: float = 0
    bullets: tuple[str, ...] = ()
    indent: float = 0
    align: PP_ALIGN = PP_ALIGN.LEFT


def emu(length: float) -> int:
    """Return a length in points in the unit of Office files."""
    return round(length * EMU)


def describe(shape: Any, name: str, text: str) -> None:  # noqa: ANN401 - any kind of shape
    """Name a shape, and say in words what it shows."""
    shape.name = name
    shape.element.xpath(".//p:cNvPr")[0].set("descr", text)


def write(frame: Any, lines: Sequence[Lines], anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> None:  # noqa: ANN401
    """Write paragraphs into the empty text frame of a shape."""
    frame.word_wrap = True
    frame.vertical_anchor = anchor
    put_lines(frame._txBody, lines)  # noqa: SLF001 - run by run the library takes three times as long


def put_lines(body: Any, lines: Sequence[Lines]) -> None:  # noqa: ANN401
    """Replace the paragraphs of a text by others."""
    for old in body.findall(f"{{{DRAWING}}}p"):
        body.remove(old)
    for line in lines or (Lines(()),):
        body.append(parse_xml(_paragraph(line)))


def _paragraph(line: Lines) -> str:
    indent = f' marL="{emu(line.indent)}" indent="{-emu(line.indent)}"' if line.indent else ""
    space = f'<a:spcAft><a:spcPts val="{round(100 * line.after)}"/></a:spcAft>'
    runs = "".join(
        f"<a:r><a:rPr {_look(run)}</a:rPr><a:t>{escape(run.text)}</a:t></a:r>"
        for run in line.runs
        if run.text
    )
    end = "" if runs or not line.runs else f"<a:endParaRPr {_look(line.runs[0])}</a:endParaRPr>"
    return (
        f'<a:p xmlns:a="{DRAWING}"><a:pPr algn="{PP_ALIGN.to_xml(line.align)}"{indent}>'
        f"{space}{''.join(line.bullets)}</a:pPr>{runs}{end}</a:p>"
    )


def _look(run: Run) -> str:
    colour = MSO_THEME_COLOR.to_xml(run.colour)
    return (
        f'sz="{round(100 * run.size)}" b="{int(run.is_bold)}"><a:solidFill><a:schemeClr val="{colour}"/>'
        "</a:solidFill>"
    )


def put(paragraph: Any, run: Run) -> None:  # noqa: ANN401
    """Add a run to a paragraph of a chart."""
    added = paragraph.add_run()
    added.text = run.text
    added.font.size = emu(run.size)
    added.font.bold = run.is_bold
    added.font.color.theme_color = run.colour


def text_box(
    shapes: Any,  # noqa: ANN401
    box: Box,
    lines: Sequence[Lines],
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
) -> Any:  # noqa: ANN401
    """Add a box of text without edges."""
    shape = shapes.add_textbox(emu(box.left), emu(box.top), emu(box.width), emu(box.height))
    _edges(shape.text_frame, 0)
    write(shape.text_frame, lines, anchor)
    return shape


def panel(shapes: Any, box: Box, colour: str | MSO_THEME_COLOR, pad: float) -> Any:  # noqa: ANN401
    """Add a filled rectangle that text can be written into; a colour is of the theme or ``rrggbb``."""
    shape = shapes.add_shape(
        MSO_SHAPE.RECTANGLE, emu(box.left), emu(box.top), emu(box.width), emu(box.height)
    )
    for style in shape.element.findall(f"{{{shape.element.nsmap['p']}}}style"):
        shape.element.remove(style)
    fill(shape, colour)
    shape.line.fill.background()
    _edges(shape.text_frame, pad)
    return shape


def fill(shape: Any, colour: str | MSO_THEME_COLOR) -> None:  # noqa: ANN401
    """Fill a shape or a cell."""
    shape.fill.solid()
    if isinstance(colour, str):
        red, green, blue = bytes.fromhex(colour)
        make: Any = RGBColor
        shape.fill.fore_color.rgb = make(red, green, blue)
    else:
        shape.fill.fore_color.theme_color = colour


def _edges(frame: Any, pad: float) -> None:  # noqa: ANN401
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = emu(pad)
