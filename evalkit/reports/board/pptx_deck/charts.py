"""Charts of a slide: native, so that they can be edited, with their figures in a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml

from evalkit.reports.board.pptx_deck.layout import LABEL_PAD, LABEL_SHARE, Box, size_of
from evalkit.reports.board.pptx_deck.package import workbook
from evalkit.reports.board.pptx_deck.shapes import (
    INK,
    LIMIT,
    LINE,
    MARK,
    MUTED,
    PAPER,
    RANGE,
    Lines,
    Run,
    describe,
    emu,
    put,
    text_box,
)
from evalkit.reports.board.pptx_deck.text import width_of
from evalkit.views.board.clipping import clipped
from evalkit.views.board.words import words
from evalkit.views.numbers import NOTHING, points

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evalkit.views.board.blocks import Bars, Intervals

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_TOP, _BOTTOM, _RIGHT = 20.0, 40.0, 34.0
_NARROW: Final = 24.0
_LIMIT_WIDTH: Final = 200.0

Series = tuple[str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class Plot:
    """The rectangle in which the bars stand, as parts of the chart's width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a chart shows: labels, and series with a value for each of them."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]


def draw_intervals(shapes: Any, block: Intervals, box: Box, step: int, day: date) -> None:  # noqa: ANN401
    """Draw ranges as stacked bars, the first of which is not seen, with a line at the limit."""
    size = size_of("chart", step)
    assured, expected, potential = words.CHART_KEY
    stacks = [_stack(row.scores) for row in block.rows]
    names = (assured, f"{assured} – {expected}", f"{expected} – {potential}", f"{potential} – 100")
    labels, left = _labels([row.label for row in block.rows], size, box)
    sheet = Sheet(
        labels,
        tuple((name, tuple(stack[place] for stack in stacks)) for place, name in enumerate(names)),
    )
    plot = Plot(
        left / box.width,
        _TOP / box.height,
        (box.width - left - _RIGHT) / box.width,
        (box.height - _TOP - _BOTTOM) / box.height,
    )
    chart = _chart(shapes, XL_CHART_TYPE.BAR_STACKED, sheet, box, day, block.alt)
    _lay_out(chart, plot)
    _style_axes(chart, size)
    values = chart.value_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = 0, 100, 25
    values.major_gridlines.format.line.color.theme_color = LINE
    values.major_gridlines.format.line.width = emu(0.75)
    values.format.line.fill.background()
    values.tick_labels.font.size = emu(max(size - 2, 10))
    values.tick_labels.font.color.theme_color = MUTED
    bars = chart.plots[0]
    bars.gap_width, bars.overlap = 70, 100
    base, sure, open_, rest = bars.series
    for each in (base, rest):
        each.format.fill.background()
        each.format.line.fill.background()
    sure.format.fill.solid()
    sure.format.fill.fore_color.theme_color = MARK
    open_.format.fill.solid()
    open_.format.fill.fore_color.theme_color = RANGE
    for place, row in enumerate(block.rows):
        if row.scores is None:
            _say(rest.points[place], Run(NOTHING, size, is_bold=True), XL_LABEL_POSITION.INSIDE_BASE)
            continue
        low, mean, high = row.scores
        _say(base.points[place], Run(points(low), size, is_bold=True), XL_LABEL_POSITION.INSIDE_END)
        if (mean - low) * plot.width * box.width > _NARROW:
            inside = Run(points(mean), size, True, PAPER)  # noqa: FBT003 - a tuple
            _say(sure.points[place], inside, XL_LABEL_POSITION.INSIDE_END)
        _say(rest.points[place], Run(points(high), size, is_bold=True), XL_LABEL_POSITION.INSIDE_BASE)
    _legend(chart, size, hidden=(0, 3))
    _limit(shapes, block, plot, box, size)


def draw_bars(shapes: Any, block: Bars, box: Box, step: int, day: date) -> None:  # noqa: ANN401
    """Draw bars to both sides of nought, each with its text at the end."""
    size = size_of("chart", step)
    values = [value for _, value, _ in block.rows]
    labels, left = _labels([label for label, _, _ in block.rows], size, box)
    sheet = Sheet(labels, (("", tuple(values)),))
    chart = _chart(shapes, XL_CHART_TYPE.BAR_CLUSTERED, sheet, box, day, block.alt)
    room = box.width - left - 8
    _lay_out(chart, Plot(left / box.width, 0.02, room / box.width, 0.96))
    _style_axes(chart, size)
    widest = max(width_of(text, size, bold=True) for _, _, text in block.rows) + 10
    share = min(widest / room, 0.3)
    least, most = min(0, *values), max(0, *values)
    sides = (least < 0) + (most > 0)
    span = ((most - least) or 1) / (1 - share * max(sides, 1))
    axis = chart.value_axis
    axis.minimum_scale = least - share * span if least < 0 else 0
    axis.maximum_scale = most + share * span if most > 0 or least == 0 else 0
    axis.has_major_gridlines = False
    axis.visible = False
    chart.has_legend = False
    bars = chart.plots[0]
    bars.gap_width = 55
    series = bars.series[0]
    series.invert_if_negative = False
    series.format.fill.solid()
    series.format.fill.fore_color.theme_color = MARK
    for place, (_, value, text) in enumerate(block.rows):
        point = series.points[place]
        if value < 0:
            point.format.fill.solid()
            point.format.fill.fore_color.theme_color = LIMIT
        _say(point, Run(text, size, is_bold=True), XL_LABEL_POSITION.OUTSIDE_END)


def _stack(scores: tuple[float, float, float] | None) -> tuple[float | None, ...]:
    """Return the lengths that lie one after the other, of 100 together."""
    if scores is None:
        return (None, None, None, 100.0)
    low, mean, high = (100 * score for score in scores)
    return tuple(round(each, 6) for each in (low, mean - low, high - mean, 100 - high))


def _labels(labels: Sequence[str], size: float, box: Box) -> tuple[tuple[str, ...], float]:
    """Return the labels on at most two lines, cut where they are longer, and their room across."""
    most = LABEL_SHARE * box.width - LABEL_PAD
    short = tuple(_two_lines(label, size, most) for label in labels)
    widest = max((width_of(line, size) for text in short for line in text.split("\n")), default=0)
    return short, widest + LABEL_PAD


def _two_lines(text: str, size: float, most: float) -> str:
    """Return text broken by us: not every office breaks the labels of an axis."""
    if width_of(text, size) <= most:
        return text
    first = _beginning(text, size, most)
    if " " in first and text[len(first)] != " ":
        first = first.rpartition(" ")[0]
    rest = text[len(first) :].strip()
    second = _beginning(rest, size, most)
    if second != rest:
        second = f"{_beginning(rest, size, most - size)}…"
    return f"{first}\n{second}"


def _beginning(text: str, size: float, most: float) -> str:
    """Return as much of the beginning of a text as a width holds, at least a character."""
    count = len(text)
    while count > 1 and width_of(text[:count], size) > most:
        count -= 1
    return text[:count]


def _chart(  # noqa: PLR0913, PLR0917 - what any chart needs
    shapes: Any,  # noqa: ANN401
    kind: Any,  # noqa: ANN401
    sheet: Sheet,
    box: Box,
    day: date,
    alt: str,
) -> Any:  # noqa: ANN401
    """Return a chart with a workbook in which no text is a formula.

    The library would write texts that look like one as a formula, so that it gets numbers for names.
    """
    make: Any = CategoryChartData
    data = make(number_format="General")
    data.categories = [str(place) for place in range(len(sheet.labels))]
    for place, (_, values) in enumerate(sheet.series):
        data.add_series(str(place), values)
    frame = shapes.add_chart(kind, emu(box.left), emu(box.top), emu(box.width), emu(box.height), data)
    describe(frame, "Chart", alt)
    chart = frame.chart
    root = chart.part._element  # noqa: SLF001 - the library has no other way to its XML
    names = {"c": _CHART}
    for series, (name, _) in zip(root.findall(".//c:ser", names), sheet.series, strict=True):
        series.find("c:tx//c:v", names).text = name
        for point, label in zip(series.findall("c:cat//c:pt", names), sheet.labels, strict=True):
            point.find("c:v", names).text = label
    chart.part.chart_workbook.update_from_xlsx_blob(workbook(sheet.labels, sheet.series, day))
    chart.has_title = False
    chart.font.color.theme_color = INK
    return chart


def _lay_out(chart: Any, plot: Plot) -> None:  # noqa: ANN401
    area = chart.part._element.find(f".//{{{_CHART}}}plotArea")  # noqa: SLF001 - as above
    for old in area.findall(f"{{{_CHART}}}layout"):
        area.remove(old)
    area.insert(
        0,
        parse_xml(
            f'<c:layout xmlns:c="{_CHART}"><c:manualLayout><c:layoutTarget val="inner"/>'
            '<c:xMode val="edge"/><c:yMode val="edge"/>'
            f'<c:x val="{plot.left:.6f}"/><c:y val="{plot.top:.6f}"/>'
            f'<c:w val="{plot.width:.6f}"/><c:h val="{plot.height:.6f}"/></c:manualLayout></c:layout>'
        ),
    )


def _style_axes(chart: Any, size: float) -> None:  # noqa: ANN401
    """Put the first row on top, its label left of the bars, and the scale below."""
    chart.font.size = emu(size)
    rows = chart.category_axis
    rows.reverse_order = True
    scale = chart.part._element.find(f".//{{{_CHART}}}valAx/{{{_CHART}}}crosses")  # noqa: SLF001 - as above
    scale.set("val", "max")  # below the last row
    rows.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    rows.format.line.color.theme_color = MUTED
    rows.has_major_gridlines = False
    for axis in (rows, chart.value_axis):
        axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE


def _say(point: Any, run: Run, where: Any) -> None:  # noqa: ANN401
    """Have a point say a text of its own."""
    label = point.data_label
    put(label.text_frame.paragraphs[0], run)
    label.position = where


def _legend(chart: Any, size: float, hidden: tuple[int, ...]) -> None:  # noqa: ANN401
    chart.has_legend = True
    legend = chart.legend
    legend.position = XL_LEGEND_POSITION.BOTTOM
    legend.include_in_layout = False
    legend.font.size = emu(max(size - 1, 10))
    place = chart.part._element.find(f".//{{{_CHART}}}legendPos")  # noqa: SLF001 - as above
    for number in reversed(hidden):
        place.addnext(
            parse_xml(
                f'<c:legendEntry xmlns:c="{_CHART}"><c:idx val="{number}"/><c:delete val="1"/>'
                "</c:legendEntry>"
            )
        )


def _limit(shapes: Any, block: Intervals, plot: Plot, box: Box, size: float) -> None:  # noqa: ANN401
    """Draw the line of the limit over the chart, where its scale has it, with its label above."""
    across = box.left + (plot.left + plot.width * block.limit) * box.width
    top = box.top + plot.top * box.height
    foot = top + plot.height * box.height
    line = shapes.add_connector(MSO_CONNECTOR.STRAIGHT, emu(across), emu(top), emu(across), emu(foot))
    line.line.color.theme_color = LIMIT
    line.line.width = emu(2.25)
    line.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    describe(line, "Limit", block.limit_label)
    width = min(_LIMIT_WIDTH, box.width)
    left = min(max(across - width / 2, box.left), box.left + box.width - width)
    label = clipped(block.limit_label, 40)
    run = Run(label, max(size - 1, 10), is_bold=True, colour=LIMIT)
    text_box(shapes, Box(left, box.top, width, _TOP - 2), [Lines((run,), align=PP_ALIGN.CENTER)])
