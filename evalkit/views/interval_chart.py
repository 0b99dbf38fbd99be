"""The one chart of evalkit: intervals from assured over expected to potential, a row each.

matplotlib is imported when a figure is drawn, not before: importing it costs more than all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.views.numbers import NOTHING, points
from evalkit.views.palette import INK, LIMIT, LINE, MARK, MUTED, PAPER, RANGE
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from evalkit.model.scorecard import Span

_WIDTH: Final = 7.6
_ROW: Final = 0.36
_DENSE_ROW: Final = 0.26
_DENSE_FROM: Final = 13
_TOP: Final = 0.42
_BOTTOM: Final = 0.32
_LABELS: Final = 2.6
_NUMBERS: Final = 1.25
_LONGEST: Final = 42


@dataclass(frozen=True, slots=True)
class Interval:
    """One row: a label and three scores, or none where nothing applies."""

    label: str
    span: Span | None


def interval_figure(rows: Sequence[Interval], *, limit: float, limit_name: str) -> Figure:
    """Return a figure with one interval per row, the first on top, and a line at the limit.

    Parameters
    ----------
    limit
        Share in 0..1 that the assured score should reach.
    limit_name
        Stands above the line.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - costs 0.5 s, see above

    inches = len(rows) * (_ROW if len(rows) < _DENSE_FROM else _DENSE_ROW)
    height = _TOP + _BOTTOM + inches
    figure = Figure(figsize=(_WIDTH, height), facecolor="none")
    plot_width = (_WIDTH - _LABELS - _NUMBERS) / _WIDTH
    axes = figure.add_axes((_LABELS / _WIDTH, _BOTTOM / height, plot_width, inches / height))
    axes.set_xlim(0, 100)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    _frame(axes)
    for place, row in enumerate(rows):
        _label_row(axes, place, row)
    _draw_spans(axes, rows)
    axes.axvline(100 * limit, color=LIMIT, linewidth=1.4, linestyle=(0, (4, 2)), zorder=3)
    _write(axes, 100 * limit, -0.62, f"{limit_name} {points(limit)}", color=LIMIT, ha="center", va="bottom")
    _write(axes, 132, -0.62, "A · E · P", color=MUTED, ha="right", va="bottom")
    return figure


def alternative_text(subject: str, rows: Sequence[Interval], *, limit: float, limit_name: str) -> str:
    """Return what the chart shows, in words."""
    shown = [f"{row.label}: {_triple(row.span, ' to ')}" for row in rows]
    low = [row.label for row in rows if row.span is not None and row.span.assured < limit]
    below = f"Assured below the {limit_name} of {points(limit)}: {', '.join(low) or 'none'}."
    return plain(
        f"Interval chart of {subject}, each from assured over expected to potential, of 100."
        f" {'; '.join(shown)}. {below}"
    )


def _frame(axes: Axes) -> None:
    axes.set_facecolor("none")
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)
    axes.set_yticks([])
    axes.set_xticks([0, 25, 50, 75, 100], labels=["0", "25", "50", "75", "100"])
    axes.tick_params(axis="x", colors=MUTED, labelsize=9, length=3)
    axes.grid(visible=True, axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)


def _label_row(axes: Axes, place: int, row: Interval) -> None:
    label = plain(row.label)
    short = label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
    _write(axes, -3, place, short, color=INK, ha="right", va="center")
    _write(axes, 132, place, _triple(row.span, " · "), color=INK, ha="right", va="center")


def _draw_spans(axes: Axes, rows: Sequence[Interval]) -> None:
    """Draw the intervals of all rows: one artist for each kind of mark, which is most of a chart's time."""
    known = [(place, row.span) for place, row in enumerate(rows) if row.span is not None]
    places = [place for place, _ in known]
    low = [100 * span.assured for _, span in known]
    mean = [100 * span.expected for _, span in known]
    high = [100 * span.potential for _, span in known]
    axes.hlines(places, low, high, color=RANGE, linewidth=7, zorder=2)
    marks: dict[str, Any] = {"linestyle": "none", "zorder": 4, "clip_on": False}
    axes.plot(low, places, marker="s", color=MARK, markersize=7, **marks)
    axes.plot(mean, places, marker="|", color=INK, markersize=10, markeredgewidth=2, **marks)
    axes.plot(high, places, marker="o", color=PAPER, markeredgecolor=MARK, markersize=6, **marks)


def _write(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:  # noqa: ANN401 - matplotlib's keywords
    # Not as mathematics: a label with two dollar signs is a label.
    axes.text(x, y, text, fontsize=9.5, parse_math=False, clip_on=False, **style)


def _triple(span: Span | None, between: str) -> str:
    if span is None:
        return NOTHING
    return between.join(points(it) for it in (span.assured, span.expected, span.potential))
