"""A chart of what each part adds to a difference: bars to the right count for, to the left against.

matplotlib is imported when a figure is drawn, not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.views.numbers import signed_tenth
from evalkit.views.palette import INK, LIMIT, LINE, MARK, MUTED
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

_WIDTH: Final = 7.6
_ROW: Final = 0.36
_MARGIN: Final = 0.3
_LABELS: Final = 2.6
_NUMBERS: Final = 0.9


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a difference, in -1..1."""

    label: str
    part: float


def difference_figure(bars: Sequence[Bar]) -> Figure:
    """Return a figure with one bar per part, the first on top, in points of 100 around a line at nothing."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - costs 0.5 s

    inches = len(bars) * _ROW
    height = inches + 2 * _MARGIN
    figure = Figure(figsize=(_WIDTH, height), facecolor="none")
    width = (_WIDTH - _LABELS - _NUMBERS) / _WIDTH
    axes = figure.add_axes((_LABELS / _WIDTH, _MARGIN / height, width, inches / height))
    axes.set_facecolor("none")
    parts = [100 * bar.part for bar in bars]
    reach = max(1.0, *(abs(part) for part in parts)) * 1.05
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.set_yticks([])
    axes.tick_params(axis="x", colors=MUTED, labelsize=9, length=3)
    axes.grid(visible=True, axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    colours = [MARK if part >= 0 else LIMIT for part in parts]
    axes.barh(range(len(bars)), parts, height=0.55, color=colours)
    axes.axvline(0, color=INK, linewidth=1)
    for place, bar in enumerate(bars):
        style = {"fontsize": 9.5, "parse_math": False, "clip_on": False, "va": "center", "ha": "right"}
        axes.text(-1.03 * reach, place, plain(bar.label), color=INK, **style)  # type: ignore[arg-type]
        axes.text(1.38 * reach, place, signed_tenth(bar.part), color=INK, **style)  # type: ignore[arg-type]
    return figure


def alternative_text(title: str, bars: Sequence[Bar]) -> str:
    """Return what the chart shows, in words."""
    shown = "; ".join(f"{bar.label} {signed_tenth(bar.part)}" for bar in bars)
    total = signed_tenth(sum(bar.part for bar in bars))
    return plain(f"Bar chart, {title}, in points of 100 assured, {total} in all: {shown}.")
