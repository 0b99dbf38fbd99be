"""Why the first option is above the second, and what would change that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.scorecard import Finding
from evalkit.scoring.explanation import fewest_answer_changes, shared_questions, waterfall
from evalkit.scoring.reversal import reversal_points, smallest_weight_change
from evalkit.scoring.score import case_of
from evalkit.views.chart_svg import to_svg
from evalkit.views.difference_chart import Bar, alternative_text, difference_figure
from evalkit.views.export import ranked
from evalkit.views.numbers import percent, signed_tenth
from evalkit.views.rendering import EMPTY, Section, section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.explanation import DomainBar, ReversalPoint, Waterfall, WeightChange
    from evalkit.model.questionnaire import Domain, Question
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.verdict import Case

TELLING: Final = 5
"""Questions shown on either side."""


@dataclass(frozen=True, slots=True)
class DomainLine:
    """What one domain adds to the difference, and at which weight of it the two change places.

    Attributes
    ----------
    assured, expected, potential : float
        Its part of each difference, in -1..1.
    weight : float
        Its stated weight, in 0..1.
    """

    domain: Domain
    assured: float
    expected: float
    potential: float
    weight: float
    reversals: tuple[ReversalPoint, ...]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """What one question adds to the difference of the assured scores."""

    question: Question
    part: float


def why_first(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return the difference between first and second; empty where fewer than two options have a score."""
    in_order = [card for card in ranked(cards) if card.is_scored]
    if len(in_order) < 2:  # noqa: PLR2004 - a difference needs two
        return EMPTY
    return difference(inputs, *in_order[:2])


def difference(inputs: EvaluationInputs, first: Scorecard, second: Scorecard) -> Section:
    """Return why one option is above another, in bars that sum up, and what would reverse it."""
    a, b = (_case(inputs, card.option) for card in (first, second))
    fall = waterfall(a, b)
    domains = _domains(inputs, a, b, fall)
    title = f"{first.option} less {second.option}"
    bars = [Bar(line.domain.title, line.assured) for line in domains]
    chart = to_svg(difference_figure(bars), name="difference", alt=alternative_text(title, bars))
    questions = _questions(inputs, fall.assured.domains)
    change = smallest_weight_change(a, b)
    changes = fewest_answer_changes(a, b, shared=shared_questions(first, second))
    by_id = inputs.questionnaire.by_id
    lines = [f"{title}: {signed_tenth(fall.assured.difference)} of 100 assured"]
    lines += [f"{line.domain.title}: {signed_tenth(line.assured)}" for line in domains]
    return section(
        "why_first",
        lines,
        first=first,
        second=second,
        fall=fall,
        domains=domains,
        chart=chart,
        questions=questions,
        weights=_weights(inputs, change),
        change=change,
        changes=None if changes is None else [(by_id[it.question], it) for it in changes],
    )


def _case(inputs: EvaluationInputs, option_id: str) -> Case:
    option = next(it for it in inputs.options() if it.id == option_id)
    case = case_of(inputs, option)
    if isinstance(case, Finding):
        raise ValueError(f"{option_id} has no score: {case.reason}")  # noqa: TRY004 - a value without score, no wrong type
    return case


def _domains(inputs: EvaluationInputs, a: Case, b: Case, fall: Waterfall) -> tuple[DomainLine, ...]:
    assured, expected, potential = (
        {bar.domain: bar.answers + bar.applicability for bar in score.domains}
        for score in (fall.assured, fall.expected, fall.potential)
    )
    by_id = {domain.id: domain for domain in inputs.questionnaire.domains}
    alone = len(a.weights.domains) == 1
    return tuple(
        DomainLine(
            domain=by_id[part.domain],
            assured=assured[part.domain],
            expected=expected[part.domain],
            potential=potential[part.domain],
            weight=part.share,
            reversals=() if alone else _reversals(a, b, part.domain),
        )
        for part in a.weights.domains
        if part.domain in assured
    )


def _reversals(a: Case, b: Case, domain: str) -> tuple[ReversalPoint, ...]:
    """Return the weights at which the two change places; that they meet at an end is no change."""
    points = reversal_points(a, b, domain)
    return tuple(it for it in points if it.below and it.above and it.below != it.above)


def _questions(inputs: EvaluationInputs, domains: Sequence[DomainBar]) -> tuple[QuestionLine, ...]:
    every = [bar for domain in domains for bar in domain.questions]
    by_id = inputs.questionnaire.by_id
    ordered = sorted(every, key=lambda bar: (-round(bar.total, 12), bar.question))
    ahead = [bar for bar in ordered if bar.total > 0][:TELLING]
    behind = [bar for bar in ordered if bar.total < 0][-TELLING:]
    return tuple(QuestionLine(by_id[bar.question], bar.total) for bar in (*ahead, *behind))


def _weights(inputs: EvaluationInputs, change: WeightChange | None) -> tuple[tuple[str, float, float], ...]:
    """Return the domains whose weight the smallest change moves: title, stated and changed share."""
    if change is None:
        return ()
    total = sum(inputs.profile.domain_weights[domain.id] for domain in inputs.questionnaire.domains)
    moved = []
    for domain in inputs.questionnaire.domains:
        stated, changed = inputs.profile.domain_weights[domain.id] / total, change.shares[domain.id]
        if percent(stated) != percent(changed):
            moved.append((domain.title, stated, changed))
    return tuple(moved)
