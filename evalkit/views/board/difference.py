"""Why the first option of the short list stands above the second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.model.scorecard import Finding
from evalkit.scoring.explanation import waterfall
from evalkit.scoring.reversal import smallest_weight_change
from evalkit.scoring.score import case_of
from evalkit.views.board.brief import FirstOverSecond, Part, WeightMove
from evalkit.views.board.clipping import clipped
from evalkit.views.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.explanation import WeightChange
    from evalkit.model.robustness import Robustness
    from evalkit.model.scorecard import Scorecard


def first_over_second(
    inputs: EvaluationInputs, chosen: Sequence[Scorecard], robust: Robustness
) -> FirstOverSecond | None:
    """Return the difference between the first two of the short list; None where not both have a score."""
    if len(chosen) < 2 or not all(card.is_scored for card in chosen[:2]):  # noqa: PLR2004 - a difference needs two
        return None
    first, second = chosen[:2]
    options = {option.id: option for option in inputs.options()}
    a, b = (case_of(inputs, options[card.option]) for card in (first, second))
    if isinstance(a, Finding) or isinstance(b, Finding):
        return None
    fall = waterfall(a, b).assured
    titles = {domain.id: clipped(domain.title) for domain in inputs.questionnaire.domains}
    return FirstOverSecond(
        first=first.option,
        second=second.option,
        difference=fall.difference,
        by_verdict=first.finding.verdict != second.finding.verdict,
        parts=tuple(Part(titles[bar.domain], bar.answers + bar.applicability) for bar in fall.domains),
        wins=_wins(robust, first.option, second.option),
        moves=_moves(inputs, smallest_weight_change(a, b)),
    )


def _wins(robust: Robustness, first: str, second: str) -> float | None:
    if first not in robust.options:
        return None
    return robust.final_gates.scenario("stated").option(first).wins.get(second)


def _moves(inputs: EvaluationInputs, change: WeightChange | None) -> tuple[WeightMove, ...]:
    if change is None:
        return ()
    weights = inputs.profile.domain_weights
    total = sum(weights[domain.id] for domain in inputs.questionnaire.domains)
    moves = (
        WeightMove(clipped(domain.title), weights[domain.id] / total, change.shares[domain.id])
        for domain in inputs.questionnaire.domains
    )
    return tuple(move for move in moves if percent(move.stated) != percent(move.changed))
