"""What a score consists of, what the difference between two consists of, and which answers would turn it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, assert_never

from evalkit.model.explanation import (
    AnswerChange,
    DomainBar,
    FaceWaterfall,
    QuestionBar,
    ScoreWaterfall,
    Waterfall,
)
from evalkit.scoring.aggregation import applicable_weight, total_score
from evalkit.scoring.shares import GAP_BUCKETS, gap_bucket
from evalkit.scoring.verdict import best_case
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.model.explanation import ScoreName
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.verdict import Case

Means = Literal["evidence", "improvement"]
"""How answers change: by resolving open records at their best, or by a product that does everything best."""


def values_of(case: Case, which: ScoreName) -> dict[str, float]:
    """Return what every answer counts for in one of the three scores, in 0..1, by question id."""
    match which:
        case "assured":
            return {question: reading.low for question, reading in case.readings.items()}
        case "expected":
            return {question: reading.expected for question, reading in case.readings.items()}
        case "potential":
            return {question: reading.high for question, reading in case.readings.items()}
        case _:
            assert_never(which)


def require_equal_weights(a: Case, b: Case) -> None:
    """Raise ``ValueError`` unless two cases have the same weights: else a comparison explains nothing."""
    if a.weights != b.weights:
        raise ValueError("the two options were weighed with different weights; take both from one evaluation")


def waterfall(a: Case, b: Case) -> Waterfall:
    """Return S_a − S_b in bars by domain and question, for all three scores.

    With ŵ the weights normalised over what applies to each option, a question adds
    ŵ_a x_a − ŵ_b x_b = ½ (ŵ_a + ŵ_b) (x_a − x_b) + (ŵ_a − ŵ_b) ½ (x_a + x_b).
    The first part is its bar: equal answers have a bar of 0. The second, and all of what applies to one
    option only, is the bar "applicability". The sum is exact, and changes sign when the options change
    places. Both cases come from one evaluation, so that something applies to each.

    Examples
    --------
    Where the same questions apply to both, ŵ_a = ŵ_b: a weight of .1 and values of .75 and .5 give a bar of
    .1 × .25 = .025, as for TRA-03 of the specification's worked example.

    Raises
    ------
    ValueError
        If the cases have different weights.
    """
    require_equal_weights(a, b)
    return Waterfall(_waterfall(a, b, "assured"), _waterfall(a, b, "expected"), _waterfall(a, b, "potential"))


def _waterfall(a: Case, b: Case, which: ScoreName) -> ScoreWaterfall:
    values_a, values_b = values_of(a, which), values_of(b, which)
    weights_a, weights_b = normalised_weights(a), normalised_weights(b)
    domains = []
    for part in a.weights.domains:
        bars = tuple(
            _bar(question, weights_a[question], weights_b[question], values_a[question], values_b[question])
            for question in part.questions
            if a.applies[question] or b.applies[question]
        )
        if bars:
            answers = math.fsum(bar.answers for bar in bars)
            domains.append(
                DomainBar(part.domain, answers, math.fsum(bar.applicability for bar in bars), bars)
            )
    return ScoreWaterfall(
        _score(a, values_a),
        _score(b, values_b),
        tuple(domains),
    )


def _bar(question: str, weight_a: float, weight_b: float, x_a: float, x_b: float) -> QuestionBar:
    if weight_a == 0 or weight_b == 0:
        return QuestionBar(question, 0.0, weight_a * x_a - weight_b * x_b)
    answers = (weight_a + weight_b) / 2 * (x_a - x_b)
    return QuestionBar(question, answers, (weight_a - weight_b) * (x_a + x_b) / 2)


def normalised_weights(case: Case) -> dict[str, float]:
    """Return ŵ_q = w_q a_q / Σ w a by question id: 0 for what does not apply, 1 in sum."""
    total = applicable_weight(case.weights, case.applies)
    return {
        question: weight / total if case.applies[question] else 0.0
        for question, weight in case.weights.by_question.items()
    }


def _score(case: Case, values: Mapping[str, float]) -> float:
    return total_score(case.weights, values, case.applies) or 0.0


def face_waterfall(card: Scorecard) -> FaceWaterfall | None:
    """Return the way from an option's face value to its assured and its potential score, by cause.

    None where the option has no figures. By hand, for one question of weight 1 that a document puts at level
    4 of even levels with a slack of two: face 1, documented −.5, assured .5; nothing unsaid.
    """
    if card.span is None or card.face_value is None:
        return None
    applicable = [result for result in card.questions if result.applicable]
    total = math.fsum(result.weight for result in applicable)
    down: dict[str, list[float]] = {}
    up: dict[str, list[float]] = {}
    for result in applicable:
        face = result.v or 0.0
        down.setdefault(gap_bucket(result), []).append(result.weight * (face - result.low))
        up.setdefault(gap_bucket(result), []).append(result.weight * (result.high - face))
    return FaceWaterfall(
        face=card.face_value,
        unproven=_shares(down, total),
        assured=card.span.assured,
        unsaid=_shares(up, total),
        potential=card.span.potential,
    )


def _shares(parts: Mapping[str, list[float]], total: float) -> dict[str, float]:
    sums = {name: math.fsum(parts[name]) / total for name in GAP_BUCKETS if name in parts}
    return {name: part for name, part in sums.items() if part > 0}


def shared_questions(one: Scorecard, other: Scorecard) -> frozenset[str]:
    """Return the questions that one record answers for both options; none for options of two products."""
    if one.product != other.product:
        return frozenset()
    records = {result.question: result.record for result in other.questions}
    return frozenset(
        result.question for result in one.questions if records.get(result.question) == result.record
    )


def fewest_answer_changes(
    a: Case, b: Case, *, means: Means = "evidence", shared: Collection[str] = ()
) -> tuple[AnswerChange, ...] | None:
    """Return the fewest answers of b that, raised, put b above a by assured score; None if all do not.

    By ``evidence`` the open records of b are resolved at their best case, as a deferred verdict takes them;
    by ``improvement`` every answer of b that applies may become the best there is (1), as of another product.
    No answer of a gets worse, gates play no part, and what applies stays. Empty where b is above already;
    above means by more than 1e-9.

    Parameters
    ----------
    shared
        Questions that one record answers for both options: what raises b raises a too.

    Raises
    ------
    ValueError
        If the cases have different weights.

    Notes
    -----
    Taking the largest gain first is exact. Weights and what applies are fixed, so raising answer q from l to
    h changes S_b − S_a by g_q = ŵ_bq (h_b − l_b), less ŵ_aq (h_a − l_a) where the record is shared: a number
    that depends neither on the order nor on what else is raised. A set of k changes therefore adds Σ g_q,
    which is at most the sum of the k largest; if any k changes suffice, the k largest do, and those with
    g_q ≤ 0 never help. Gains are rounded to twelve places, and equal ones go by id.

    By hand, C over A of the specification's worked example: C is .1292 behind, and its refused answer has a
    weight of .1667, so that this one suffices.
    """
    require_equal_weights(a, b)
    lows_a, lows_b = values_of(a, "assured"), values_of(b, "assured")
    best_a, best_b = _best(a, means), _best(b, means)
    weights_a, weights_b = normalised_weights(a), normalised_weights(b)

    def gain(question: str) -> float:
        own = weights_b[question] * (best_b[question] - lows_b[question])
        if question not in shared:
            return own
        return own - weights_a[question] * (best_a.get(question, lows_a[question]) - lows_a[question])

    gains = {question: round(gain(question), 12) for question in best_b}
    changes: list[AnswerChange] = []
    for question in sorted(gains, key=lambda it: (-gains[it], it)):
        if _score(b, lows_b) > _score(a, lows_a) + TOLERANCE:
            break
        before, lows_b[question] = lows_b[question], best_b[question]
        if question in shared:
            lows_a[question] = best_a.get(question, lows_a[question])
        scores = _score(a, lows_a), _score(b, lows_b)
        changes.append(AnswerChange(question, before, best_b[question], *scores))
    return tuple(changes) if _score(b, lows_b) > _score(a, lows_a) + TOLERANCE else None


def _best(case: Case, means: Means) -> dict[str, float]:
    """Return how far answers can be raised, by question id; answers that cannot change are left out."""
    if means == "improvement":
        return {question: 1.0 for question, applies in case.applies.items() if applies}
    effects = (best_case(case, question) for question in case.readings)
    return {effect.question: effect.low for effect in effects if effect is not None}
