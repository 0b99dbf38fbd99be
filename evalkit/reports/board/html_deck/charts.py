"""The charts of slides as shapes: where each bar, mark and text stands, in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.views.board.deck_fit import AXIS, BAR, INTERVAL, cut, ems
from evalkit.views.numbers import points

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.views.board.blocks import Bars, Intervals

SIZE: Final = 15
"""Of the letters."""

_TOP: Final = 26
_MOST_LABEL: Final = 0.42
_LABEL_GAP: Final = 14
_END: Final = 24
_TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_KEY: Final = 34
_LEAST: Final = 1.5
_BOLD: Final = 1.2


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar with its label and the text at its end; ``y`` is its middle.

    Attributes
    ----------
    value_x : float
        Where the text starts, or ends where ``is_left``.
    """

    label: str
    y: float
    x: float
    width: float
    value: str
    value_x: float
    is_left: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """A chart of bars; ``zero`` is where they start."""

    width: float
    height: float
    zero: float
    rows: tuple[Shape, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Range:
    """One row of a chart of intervals; ``marks`` are assured, expected and potential, if there are any."""

    label: str
    y: float
    marks: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """A chart of intervals, with its axis, its limit and the places of its key."""

    width: float
    height: float
    top: float
    bottom: float
    ticks: tuple[tuple[float, str], ...]
    rows: tuple[Range, ...]
    limit: float
    limit_label: str
    key: tuple[tuple[float, str], ...]
    alt: str


def bar_chart(bars: Bars, room: float) -> BarChart:
    """Return where bars stand in so much width; the longest takes all there is."""
    label = _label_width((it[0] for it in bars.rows), room)
    ends = [_BOLD * ems(text) * SIZE + 10 for _, _, text in bars.rows]
    most = max((abs(value) for _, value, _ in bars.rows), default=0) or 1
    both = any(value < 0 for _, value, _ in bars.rows)
    left = (
        max((end for end, row in zip(ends, bars.rows, strict=True) if row[1] < 0), default=0) if both else 0
    )
    right = max(ends, default=0)
    zero = label + left + ((room - label - left - right) / 2 if both else 0)
    scale = (room - right - zero) / most
    shapes = []
    for place, (text, value, said) in enumerate(bars.rows):
        long = max(abs(value) * scale, _LEAST)
        is_left = value < 0
        x = zero - long if is_left else zero
        shapes.append(
            Shape(
                label=cut(text, (label - _LABEL_GAP) / SIZE),
                y=_near(BAR * (place + 0.5)),
                x=_near(x),
                width=_near(long),
                value=said,
                value_x=_near(x - 8 if is_left else x + long + 8),
                is_left=is_left,
            )
        )
    return BarChart(_near(room), BAR * len(bars.rows) + 8, _near(zero), tuple(shapes), bars.alt)


def interval_chart(chart: Intervals, room: float, key: tuple[str, ...]) -> IntervalChart:
    """Return where ranges stand in so much width, with the words of the key."""
    label = _label_width((row.label for row in chart.rows), room)
    span = room - label - _END
    bottom = _TOP + INTERVAL * len(chart.rows)

    def at(share: float) -> float:
        return _near(label + span * share)

    rows = tuple(
        Range(
            cut(row.label, (label - _LABEL_GAP) / SIZE),
            _near(_TOP + INTERVAL * (place + 0.5)),
            None if row.scores is None else (at(row.scores[0]), at(row.scores[1]), at(row.scores[2])),
        )
        for place, row in enumerate(chart.rows)
    )
    places = []
    x = label
    for word in key:
        places.append((_near(x), word))
        x += ems(word) * SIZE + _KEY
    return IntervalChart(
        width=_near(room),
        height=INTERVAL * len(chart.rows) + AXIS,
        top=_TOP,
        bottom=bottom,
        ticks=tuple((at(share), points(share)) for share in _TICKS),
        rows=rows,
        limit=at(chart.limit),
        limit_label=chart.limit_label,
        key=tuple(places),
        alt=chart.alt,
    )


def _label_width(labels: Iterable[str], room: float) -> float:
    longest = max((ems(label) * SIZE for label in labels), default=0)
    return min(longest + _LABEL_GAP, room * _MOST_LABEL)


def _near(value: float) -> float:
    return round(value, 1)
