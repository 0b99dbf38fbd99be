"""Who would be first if one domain weighed more or less: charts, and the weights at which that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.scorecard import Finding
from evalkit.scoring.first_places import first_places
from evalkit.scoring.score import case_of
from evalkit.scoring.weight_sweep import line_of
from evalkit.views.chart_svg import to_svg
from evalkit.views.export import ranked
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.sweep_chart import Curve, Stretch, SweepChart, alternative_text, sweep_figure
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Domain
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.first_places import FirstPlace
    from evalkit.scoring.verdict import Case
    from evalkit.scoring.weight_sweep import Line

CHARTS: Final = 6
"""Domains drawn: those in which the first place changes nearest to the stated weight."""

_FLAT: Final = 0.002
"""A curve this near to a straight line is drawn as one: less than the width of a line."""

_HALVINGS: Final = 7


@dataclass(frozen=True, slots=True)
class RangeRow:
    """A range of weights of one domain, and who is first there.

    Attributes
    ----------
    weights : str
        As shown, for example ``0 to 63.5 %``.
    scores : tuple of float
        Assured score of whoever is first, in 0..1, at either end.
    is_stated : bool
        Whether the stated weight lies within.
    """

    weights: str
    first: tuple[tuple[str, str], ...]
    scores: tuple[float, float]
    is_stated: bool


@dataclass(frozen=True, slots=True)
class DomainSweep:
    """One domain in which the first place changes with its weight; ``chart`` is None where none is drawn."""

    domain: Domain
    stated: str
    ranges: tuple[RangeRow, ...]
    chart: Markup | None


def weight_sweeps(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return who is first at which weights; empty where fewer than two options, or domains, are compared."""
    cases = _cases(inputs, cards)
    domains = inputs.questionnaire.domains
    if len(cases) < 2 or len(domains) < 2:  # noqa: PLR2004 - a first place, and a weight to be moved
        return EMPTY
    stated = {part.domain: part.share for part in next(iter(cases.values())).weights.domains}
    found = {domain.id: first_places(cases, domain.id) for domain in domains}
    changing = sorted(
        (domain for domain in domains if len(found[domain.id]) > 1),
        key=lambda domain: _distance(found[domain.id], stated[domain.id]),
    )
    letters = _letters([found[domain.id] for domain in changing], stated, changing)
    sweeps = [
        _sweep(cases, domain, stated[domain.id], found[domain.id], letters, drawn=place < CHARTS)
        for place, domain in enumerate(changing)
    ]
    never = wording.listed(tuple(domain.title for domain in domains if domain not in changing))
    lines = [
        f"{it.domain.title}, stated {it.stated}: "
        + "; ".join(
            f"{row.weights} {wording.listed(tuple(name for _, name in row.first))}" for row in it.ranges
        )
        for it in sweeps
    ]
    lines += [f"No weight of one of these alone changes who is first: {never}"] if never else []
    return section("weight_sweeps", lines, sweeps=sweeps, never=never, options=len(cases), charts=CHARTS)


def _cases(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> dict[str, Case]:
    """Return the cases of all options with a score, in their order of rank."""
    known = {option.id: option for option in inputs.options()}
    found = {card.option: case_of(inputs, known[card.option]) for card in ranked(cards) if card.is_scored}
    return {option: case for option, case in found.items() if not isinstance(case, Finding)}


def _distance(places: Sequence[FirstPlace], stated: float) -> float:
    # Rounded: of equal distances the questionnaire's order decides, not the last bit.
    return min(round(abs(place.start - stated), 12) for place in places[1:])


def _letters(
    found: Sequence[Sequence[FirstPlace]], stated: Mapping[str, float], domains: Sequence[Domain]
) -> dict[str, str]:
    """Return a letter for every option that is ever first; A is first as stated, the rest as they come."""
    leading = [
        option
        for places, domain in zip(found, domains, strict=True)
        for place in places
        if place.start <= stated[domain.id] <= place.end
        for option in place.options
    ]
    every = [option for places in found for place in places for option in place.options]
    return {option: _letter(place) for place, option in enumerate(dict.fromkeys([*leading, *every]))}


def _letter(place: int) -> str:
    rest, own = divmod(place, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + own)


def _sweep(  # noqa: PLR0913 - one domain among the cases of all
    cases: Mapping[str, Case],
    domain: Domain,
    stated: float,
    places: Sequence[FirstPlace],
    letters: Mapping[str, str],
    *,
    drawn: bool,
) -> DomainSweep:
    lines = {option: line_of(case, domain.id, None, "assured") for option, case in cases.items()}
    ranges = tuple(_range(lines, place, stated, letters) for place in places)
    chart = None
    if drawn:
        first = [
            (row.weights, wording.listed(tuple(f"{key} {name}" for key, name in row.first))) for row in ranges
        ]
        alt = alternative_text(domain.title, len(cases), _pct(stated), first)
        figure = sweep_figure(_chart(lines, places, stated, letters))
        chart = to_svg(figure, name=f"sweep-{domain.id}", alt=alt)
    return DomainSweep(domain, _pct(stated), ranges, chart)


def _range(
    lines: Mapping[str, Line], place: FirstPlace, stated: float, letters: Mapping[str, str]
) -> RangeRow:
    line = lines[place.options[0]]
    points = _traced(line, place.start, place.end)
    return RangeRow(
        weights=f"{_pct(place.start).removesuffix(' %')} to {_pct(place.end)}",
        first=tuple((letters[option], option) for option in place.options),
        scores=(points[0][1], points[-1][1]),
        is_stated=place.start <= stated <= place.end,
    )


def _chart(
    lines: Mapping[str, Line], places: Sequence[FirstPlace], stated: float, letters: Mapping[str, str]
) -> SweepChart:
    ever = list(dict.fromkeys(option for place in places for option in place.options))
    # Options that score alike everywhere, as deployments of one product do, are one line.
    others = {line: None for option, line in lines.items() if option not in ever}
    return SweepChart(
        stated=stated,
        stretches=[
            Stretch(
                " ".join(letters[option] for option in place.options),
                _traced(lines[place.options[0]], place.start, place.end),
            )
            for place in places
        ],
        ever_first=[Curve(letters[option], _traced(lines[option])) for option in ever],
        others=[_traced(line) for line in others],
    )


def _traced(line: Line, start: float = 0.0, end: float = 1.0) -> tuple[tuple[float, float], ...]:
    """Return the (weight, score) that it takes to draw a line, ascending by weight.

    Where nothing that applies has weight at an end, the line ends just before.
    """
    ends = [
        share if line.at(share) is not None else share + step for share, step in ((start, 1e-6), (end, -1e-6))
    ]
    first, last = ((share, line.at(share) or 0.0) for share in ends)
    return (first, *_between(line, first, last, _HALVINGS), last)


def _between(
    line: Line, first: tuple[float, float], last: tuple[float, float], halvings: int
) -> tuple[tuple[float, float], ...]:
    share = (first[0] + last[0]) / 2
    middle = (share, line.at(share) or 0.0)
    if not halvings or abs(middle[1] - (first[1] + last[1]) / 2) <= _FLAT:
        return ()
    left, right = _between(line, first, middle, halvings - 1), _between(line, middle, last, halvings - 1)
    return (*left, middle, *right)


def _pct(share: float) -> str:
    """Return a weight in percent with a tenth: two that differ seldom look alike.

    >>> _pct(0.08), _pct(0.6354)
    ('8 %', '63.5 %')
    """
    return f"{100 * share:.1f}".removesuffix(".0") + " %"
