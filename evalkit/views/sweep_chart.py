"""A chart of scores while one weight goes from nothing to everything, with who is first where.

Small, so that several stand beside each other on a wide page and one below the other on a phone. Whoever is
ever first is a blue line with a letter, thick where it is first; nothing lies above it there, so that the
letter is free. All others are thin and grey. matplotlib is imported when a figure is drawn, not before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.views.palette import INK, LIMIT, LINE, MARK, MUTED, PAPER
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Points = Sequence[tuple[float, float]]

_WIDTH: Final = 4.4
_HEIGHT: Final = 3.1
_LEFT: Final = 0.42
_RIGHT: Final = 0.26
_TOP: Final = 0.3
_BOTTOM: Final = 0.62
_SIZE: Final = 11.0
_HEADROOM: Final = 0.14
_STEP: Final = 10
_APART: Final = 7.0
"""Letters keep this distance, in percent of the weight."""

_DASHES: Final = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range of weights in which somebody is first: letters, weights and scores, all in 0..1."""

    letters: str
    points: Points


@dataclass(frozen=True, slots=True)
class Curve:
    """Somebody who is ever first: the letter, and scores by weight."""

    letter: str
    points: Points


@dataclass(frozen=True, slots=True)
class SweepChart:
    """What one chart shows; points are (weight, score), both in 0..1, weights ascending.

    Attributes
    ----------
    stated : float
        The weight that the profile states.
    stretches : sequence of Stretch
        Who is first, from a weight of 0 to 1.
    """

    stated: float
    stretches: Sequence[Stretch]
    ever_first: Sequence[Curve]
    others: Sequence[Points]


def sweep_figure(chart: SweepChart) -> Figure:
    """Return a figure with the weight of a domain across, in percent, and the score of 100 upwards."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - costs 0.5 s

    figure = Figure(figsize=(_WIDTH, _HEIGHT), facecolor="none")
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    box = (_LEFT / _WIDTH, _BOTTOM / _HEIGHT, width / _WIDTH, height / _HEIGHT)
    axes = figure.add_axes(box)
    low, high = _reach(chart)
    axes.set_xlim(0, 100)
    axes.set_ylim(low, high)
    _frame(axes, low, high)
    for points in chart.others:
        _line(axes, points, color=MUTED, linewidth=0.7, alpha=0.5, zorder=2)
    axes.axvline(100 * chart.stated, color=LIMIT, linewidth=1.3, linestyle=(0, (4, 2)), zorder=3)
    for place, curve in enumerate(chart.ever_first):
        dash = _DASHES[place % len(_DASHES)]
        _line(axes, curve.points, color=MARK, linewidth=1.3, linestyle=dash, zorder=4)
    for stretch in chart.stretches:
        _line(axes, stretch.points, color=MARK, linewidth=3.2, zorder=5, solid_capstyle="butt")
    for stretch in chart.stretches[1:]:
        meeting = [stretch.points[0]]
        _line(axes, meeting, color=PAPER, marker="o", markeredgecolor=MARK, markersize=6, zorder=6)
    _letters(axes, chart.stretches, (high - low) / height / 72)
    _stated(axes, chart.stated, high)
    return figure


def alternative_text(title: str, options: int, stated: str, first: Sequence[tuple[str, str]]) -> str:
    """Return what the chart shows, in words.

    Parameters
    ----------
    stated
        The stated weight, as shown.
    first
        Ranges of weights, as shown, and who is first there.
    """
    shown = "; ".join(f"{where}: {who}" for where, who in first)
    return plain(
        f"Line chart, assured scores of {options} options as the weight of {title}, stated as {stated}, goes"
        f" from 0 to 100 %. First at {shown}."
    )


def _reach(chart: SweepChart) -> tuple[float, float]:
    curves = [*chart.others, *(curve.points for curve in chart.ever_first)]
    scores = [100 * score for points in curves for _, score in points]
    low = _STEP * math.floor(min(scores) / _STEP)
    top = max(*scores, low + _STEP)
    return low, top + _HEADROOM * (top - low)


def _frame(axes: Axes, low: float, high: float) -> None:
    axes.set_facecolor("none")
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.set_xticks([0, 25, 50, 75, 100], labels=["0", "25", "50", "75", "100"])
    step = next(step for step in (5, 10, 20, 25) if high - low <= 5 * step or step == 25)  # noqa: PLR2004 - of 100
    axes.set_yticks([tick for tick in range(0, 101, step) if low <= tick <= high])
    axes.tick_params(colors=MUTED, labelsize=_SIZE, length=3)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="y", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    below = axes.get_xaxis_transform()
    _write(
        axes, 50, -0.19, "weight of the domain in %", color=MUTED, ha="center", va="center", transform=below
    )


def _letters(axes: Axes, stretches: Sequence[Stretch], per_point: float) -> None:
    """Write who is first above the middle of each range; in narrow ranges letters move to the right."""
    places: list[float] = []
    for stretch in stretches:
        middle = 50 * (stretch.points[0][0] + stretch.points[-1][0])
        places.append(max(middle, places[-1] + _APART) if places else max(middle, 2.0))
    over = max(0.0, max(places) - 98)
    points = [point for stretch in stretches for point in stretch.points]
    for stretch, place in zip(stretches, places, strict=True):
        x = place - over
        style: dict[str, Any] = {"ha": "center", "va": "bottom", "zorder": 7, "fontweight": "bold"}
        _write(axes, x, _height(points, x) + 5 * per_point, stretch.letters, color=INK, **style)


def _height(points: Points, x: float) -> float:
    """Return the highest score of 100 near a weight in percent; points lead from a weight of 0 to 1."""
    near = [score for weight, score in points if abs(100 * weight - x) <= _APART / 2]
    left = max((point for point in points if 100 * point[0] <= x), default=points[0])
    right = min((point for point in points if 100 * point[0] >= x), default=points[-1])
    return 100 * max(*near, left[1], right[1])


def _stated(axes: Axes, stated: float, high: float) -> None:
    side = "left" if stated < 0.2 else "right" if stated > 0.8 else "center"  # noqa: PLR2004 - near an end
    _write(axes, 100 * stated, high, " as stated ", color=LIMIT, ha=side, va="bottom")


def _line(axes: Axes, points: Points, **style: Any) -> None:  # noqa: ANN401 - matplotlib's keywords
    axes.plot([100 * weight for weight, _ in points], [100 * score for _, score in points], **style)


def _write(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:  # noqa: ANN401 - matplotlib's keywords
    axes.text(x, y, text, fontsize=_SIZE, parse_math=False, clip_on=False, **style)
