"""The domain profile of an option: where it stands well, where it falls below the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.views.chart_svg import to_svg
from evalkit.views.interval_chart import Interval, alternative_text, interval_figure
from evalkit.views.numbers import percent, points
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.requirements import below_floor, counts_for_floor

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from evalkit.model.scorecard import DomainResult
    from evalkit.views.subject import Subject

FLOOR_NAME = "floor"


def domain_rows(subject: Subject) -> tuple[Interval, ...]:
    """Return the domains as rows of a chart, in the order of the questionnaire."""
    titles = {domain.id: domain.title for domain in subject.inputs.questionnaire.domains}
    return tuple(Interval(titles[one.domain], one.span) for one in subject.card.domains)


def domain_figure(subject: Subject) -> Figure:
    """Return the domain profile as a matplotlib figure, to be changed at will."""
    floor = subject.inputs.profile.thresholds.domain_floor
    return interval_figure(domain_rows(subject), limit=floor, limit_name=FLOOR_NAME)


def domains(subject: Subject) -> Section:
    """Return the domain profile as a chart with its table."""
    if not subject.card.is_scored:
        return EMPTY
    floor = subject.inputs.profile.thresholds.domain_floor
    rows = domain_rows(subject)
    alt = alternative_text(f"{len(rows)} domains", rows, limit=floor, limit_name=FLOOR_NAME)
    chart = to_svg(domain_figure(subject), name="domains", alt=alt)
    by_id = {domain.id: domain for domain in subject.inputs.questionnaire.domains}
    table = [(by_id[one.domain], one, _standing(one, floor)) for one in subject.card.domains]
    lines = []
    for domain, one, standing in table:
        figures = (
            f"{points(one.span.assured)} – {points(one.span.expected)} – {points(one.span.potential)}"
            if one.span
            else "nothing applies"
        )
        lines.append(f"{domain.title}: {figures}; {standing}; {percent(one.applicable_share)} applies")
    return section("domains", lines, chart=chart, rows=table, floor=floor)


def _standing(one: DomainResult, floor: float) -> str:
    if one.span is None:
        return "does not apply"
    if not counts_for_floor(one):
        return "too little applies to count"
    return "below the floor" if below_floor(one, floor) else "reaches the floor"
