"""The difference of two options in bars by domain, which sum to it."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from evalkit.model.scorecard import Finding
from evalkit.scoring.explanation import waterfall
from evalkit.scoring.score import case_of
from evalkit.views.numbers import signed_tenth
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.explanation import DomainBar, ScoreWaterfall, Waterfall

_WIDTH: Final = 100

_TABLE: Final = Markup(
    '<div class="evalkit-panel"><table class="waterfall"><caption>{caption}</caption><thead><tr>'
    '<th scope="col">Domain</th><th scope="col"><span class="hidden">Bar</span></th>'
    '<th scope="col" class="num">Assured</th><th scope="col" class="num">Expected</th>'
    '<th scope="col" class="num">Potential</th><th scope="col">Most, assured</th></tr></thead>'
    "<tbody>{rows}</tbody></table></div>"
)
_ROW: Final = Markup(
    '<tr{kind}><th scope="row">{name}</th><td>{bar}</td><td class="num">{assured}</td>'
    '<td class="num">{expected}</td><td class="num">{potential}</td><td class="quiet">{most}</td></tr>'
)
_SUM: Final = Markup(' class="sum"')
_BAR: Final = Markup(
    '<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect class="axis" x="{zero:.2f}" y="0" width=".4" height="8"/>'
    '<rect class="{kind}" x="{left:.2f}" y="1" width="{width:.2f}" height="6"/></svg>'
)


def waterfall_table(inputs: EvaluationInputs, first: Option, second: Option) -> str:
    """Return the scores of the first option over the second, in bars by domain; empty if one has none."""
    a, b = case_of(inputs, first), case_of(inputs, second)
    if isinstance(a, Finding) or isinstance(b, Finding):
        return ""
    found = waterfall(a, b)
    low, high = _ends(found.assured)
    rows = [_total(second.id, found, "b", low, high)]
    at = found.assured.score_b
    titles = {domain.id: domain.title for domain in inputs.questionnaire.domains}
    for place, domain in enumerate(found.assured.domains):
        bar = _bar(at, at + domain.answers, low, high)
        at += domain.answers
        others = (found.expected.domains[place].answers, found.potential.domains[place].answers)
        rows.append(_row(titles[domain.domain], bar, (domain.answers, *others), _most(domain)))
    masks = (found.assured.applicability, found.expected.applicability, found.potential.applicability)
    if any(masks):
        rows.append(_row("Not the same questions apply", _bar(at, at + masks[0], low, high), masks, ""))
    rows.append(_total(first.id, found, "a", low, high))
    caption = (
        f"From {visible(second.id)} to {visible(first.id)}, the second and the first in the order of picking:"
        " what each domain adds, in points of 100; the rows between the two sum to their difference."
        " The bars show the assured score; their common part is cut off."
    )
    if any(masks):
        caption += " What applies to one of them only is a row of its own; reports count it in its domain."
    return str(_TABLE.format(caption=caption, rows=Markup("").join(rows)))


def _ends(found: ScoreWaterfall) -> tuple[float, float]:
    """Return the least and the greatest height on the way, with some room."""
    way = accumulate((domain.answers for domain in found.domains), initial=found.score_b)
    heights = [*way, found.score_a]
    low, high = min(heights), max(heights)
    room = max(0.01, 0.05 * (high - low))
    return low - room, high + room


def _bar(start: float, end: float, low: float, high: float, kind: str = "") -> Markup:
    scale = _WIDTH / (high - low)
    left, right = sorted(((start - low) * scale, (end - low) * scale))
    return _BAR.format(
        zero=(start - low) * scale,
        kind=kind or ("plus" if end >= start else "minus"),
        left=left,
        width=max(right - left, 0.3),
    )


def _total(name: str, found: Waterfall, side: str, low: float, high: float) -> Markup:
    scores = [
        one.score_a if side == "a" else one.score_b
        for one in (found.assured, found.expected, found.potential)
    ]
    texts = [f"{100 * score:.1f}" for score in scores]
    bar = _bar(low, scores[0], low, high, "total")
    return _ROW.format(
        kind=_SUM,
        name=visible(name),
        bar=bar,
        assured=texts[0],
        expected=texts[1],
        potential=texts[2],
        most="",
    )


def _row(name: str, bar: Markup, parts: tuple[float, float, float], most: str) -> Markup:
    assured, expected, potential = (signed_tenth(part) for part in parts)
    return _ROW.format(
        kind="",
        name=visible(name),
        bar=bar,
        assured=assured,
        expected=expected,
        potential=potential,
        most=most,
    )


def _most(domain: DomainBar) -> str:
    largest = max(domain.questions, key=lambda bar: abs(bar.answers))
    return "" if not largest.answers else f"{largest.question} {signed_tenth(largest.answers)}"
