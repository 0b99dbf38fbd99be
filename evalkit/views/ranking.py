"""All options in the order of their assured score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.views.chart_svg import to_svg
from evalkit.views.headline import title_of, verdict_flips
from evalkit.views.interval_chart import Interval, alternative_text, interval_figure
from evalkit.views.numbers import percent, points
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

PER_FIGURE: Final = 40
"""Options in one chart: as many as fit a printed page."""
LIMIT_NAME: Final = "needed"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One option in its place; options with the same assured score share it."""

    rank: int
    card: Scorecard
    title: str
    flips: str


def ranked(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> tuple[Ranked, ...]:
    """Return every option that has a score, highest assured first, ties in the order of the evaluation."""
    scored = [(card.span.assured, card) for card in cards if card.span is not None]
    ordered = sorted(scored, key=lambda pair: -pair[0])
    return tuple(
        Ranked(
            1 + sum(other > assured for other, _ in ordered),
            card,
            title_of(inputs, card.option),
            _flips(card),
        )
        for assured, card in ordered
    )


def ranking_rows(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> tuple[Interval, ...]:
    """Return the ranked options as rows of a chart."""
    return tuple(
        Interval(f"{one.card.option} {wording.VERDICT_SYMBOL[one.card.finding.verdict]}", one.card.span)
        for one in ranked(inputs, cards)
    )


def ranking_figures(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> tuple[Figure, ...]:
    """Return the ranking as matplotlib figures of at most 40 options each."""
    rows = ranking_rows(inputs, cards)
    limit = inputs.profile.thresholds.approve_at
    return tuple(interval_figure(part, limit=limit, limit_name=LIMIT_NAME) for part in _parts(rows))


def ranking(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return the ranking as charts and a table; empty where no option has a score."""
    rows = ranked(inputs, cards)
    if not rows:
        return EMPTY
    limit = inputs.profile.thresholds.approve_at
    charts = []
    for place, part in enumerate(_parts(ranking_rows(inputs, cards))):
        subject = f"options ranked {place * PER_FIGURE + 1} to {place * PER_FIGURE + len(part)}"
        alt = alternative_text(subject, part, limit=limit, limit_name=LIMIT_NAME)
        figure = interval_figure(part, limit=limit, limit_name=LIMIT_NAME)
        charts.append(to_svg(figure, name=f"ranking-{place + 1}", alt=alt))
    lines = [_line(one) for one in rows]
    return section("ranking", lines, rows=rows, charts=charts, approve_at=limit)


def _parts(rows: Sequence[Interval]) -> list[Sequence[Interval]]:
    return [rows[start : start + PER_FIGURE] for start in range(0, len(rows), PER_FIGURE)]


def _flips(card: Scorecard) -> str:
    if not verdict_flips(card):
        return ""
    strict, lenient = (wording.VERDICT[it.verdict].lower() for it in (card.strict, card.lenient))
    return f"strictly: {strict}; leniently: {lenient}"


def _line(one: Ranked) -> str:
    card = one.card
    span = card.span
    figures = " – ".join(points(it) for it in (span.assured, span.expected, span.potential)) if span else ""
    return (
        f"{one.rank}. {card.option}: {wording.VERDICT[card.finding.verdict]}, {figures},"
        f" face value {points(card.face_value)}, {percent(card.coverage)} answered"
    )
