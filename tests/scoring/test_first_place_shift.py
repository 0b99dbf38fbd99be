"""The shift of the first place, against examples by hand and against exact enumeration."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.scoring.first_place_shift import (
    FEWEST_DRAWS,
    MOST_OPTIONS,
    Shift,
    first_place_shifts,
    is_measured,
    shift_of,
)
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_survey import joint
from evalkit.scoring.resolution import prior
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.scoring.test_draws import only, reordered
from tests.scoring.test_information_scratch import resolved_from_scratch, serving
from tests.scoring.test_robustness import enumerated, segments, small

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.answers import Answer
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.information import RecordValue
    from evalkit.model.profile import Gate

YESTERDAY = build.AS_OF - timedelta(days=1)
NEAR = 0.006
"""Four standard errors of a share of 100,000 draws."""


def race(
    second: Answer, *gates: Gate, level: int = 3, undecided: Literal["open", "fail"] = "open"
) -> EvaluationInputs:
    """p has 4 and an open answer in two questions of equal weight, q has a tested level in both."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    policy = build.profile({"aaa": 1}, gates=gates, unknown_gate=undecided)
    known = build.answer(level, "tested")
    return build.inputs(
        instrument,
        policy,
        build.product_answers({"AAA-01": build.answer(4, "tested"), "AAA-02": second}, product="p"),
        build.product_answers({"AAA-01": known, "AAA-02": known}, product="q"),
    )


def shift(inputs: EvaluationInputs, question: str = "AAA-02", product: str = "p") -> Shift:
    return first_place_shifts(inputs)[product, question, "*"]


UNKNOWN = build.answer(state="unknown")
REFUSED = build.answer(state="refused")


def test_the_shift_is_the_expected_total_variation() -> None:
    """p has (1 + k)/2, q .75; P(k = 0, .25, .5, .75, 1) is (5, 4, 3, 2, 1)/15, and at .5 they tie.

    P(p first) = 3/15 · 1/2 + 3/15 = .3; so 9/15 · .3 + 3/15 · .2 + 3/15 · .7 = .36.
    """
    assert shift(race(UNKNOWN)).shown == pytest.approx(0.36, abs=NEAR)


def test_a_refused_answer_is_taken_as_equally_likely_at_all_values() -> None:
    """P(p first) = .2 · 1/2 + .4 = .5; so .4 · .5 + .2 · 0 + .4 · .5 = .4; as drawn it would be nothing."""
    assert shift(race(REFUSED)).shown == pytest.approx(0.4, abs=NEAR)


@pytest.mark.parametrize(
    ("second", "undecided"), [(REFUSED, "open"), (UNKNOWN, "fail")], ids=["refused", "undecided"]
)
def test_a_gate_that_fails_for_want_of_an_answer_is_decided_by_it(
    second: Answer, undecided: Literal["open", "fail"]
) -> None:
    """As it stands p is out in every draw; with an answer of level 3 or more it is in and first."""
    inputs = race(second, build.gate("AAA-02", at_least=3), undecided=undecided)
    due = replace(inputs, evaluation=inputs.evaluation.model_copy(update={"deadline": YESTERDAY}))
    chance = 0.4 if second is REFUSED else 0.2
    assert shift(due).shown == pytest.approx(2 * chance * (1 - chance), abs=NEAR)


def test_another_failing_gate_stays_as_it_is() -> None:
    """AAA-01 keeps p out whatever AAA-02 turns out to be, and q too: nobody is ever first."""
    gates = [build.gate("AAA-01", at_least=4), build.gate("AAA-02", at_least=3)]
    inputs = race(REFUSED, *gates, level=0)
    below = build.product_answers({"AAA-01": build.answer(3, "tested"), "AAA-02": REFUSED}, product="p")
    due = replace(
        inputs,
        evaluation=inputs.evaluation.model_copy(update={"deadline": YESTERDAY}),
        answers={**inputs.answers, "p": below},
    )
    assert shift(due) == Shift(0, 0)


def test_nobody_first_counts_as_a_place_of_its_own() -> None:
    """One record of a product decides both of its options: out with 9/15; a is ahead of b else.

    P(a first) = .4, nobody .6: .6 · .4 + .4 · .6 = .48.
    """
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    policy = build.profile({"aaa": 1}, gates=[build.gate("AAA-01", at_least=2)])
    better = build.answer(2, "tested", deployments={"a": build.statement(4, "tested")})
    answers = build.product_answers(
        {"AAA-01": UNKNOWN, "AAA-02": better}, deployments=[build.deployment("a"), build.deployment("b")]
    )
    assert shift(build.inputs(instrument, policy, answers), "AAA-01").shown == pytest.approx(0.48, abs=NEAR)


def exact(inputs: EvaluationInputs, asked: RecordValue) -> float | None:
    """The expected total variation, with the answer written into the file and every world enumerated."""
    readings = serving(inputs, asked)
    question = inputs.questionnaire.by_id[asked.question]
    chances, values = joint({option: prior(question, it) for option, it in readings.items()})
    weights = dict(inputs.profile.domain_weights)
    options = [card.option for card in score(inputs) if card.is_scored]
    rows = []
    for place in range(len(chances)):
        then = {option: values[option][place] for option in readings}
        known = resolved_from_scratch(inputs, asked, then, readings)
        if known is None:
            return None
        shares = enumerated(known, weights, mitigable=False)
        rows.append([*(shares.get(("rank", it, "0"), 0.0) for it in options), shares.get(("none",), 0.0)])
    mixed = [math.fsum(p * row[n] for p, row in zip(chances, rows, strict=True)) for n in range(len(rows[0]))]
    return math.fsum(
        p * sum(abs(a - b) for a, b in zip(row, mixed, strict=True)) / 2
        for p, row in zip(chances, rows, strict=True)
    )


def few_worlds(inputs: EvaluationInputs) -> EvaluationInputs:
    pieces = segments([card for card in score(inputs) if card.is_scored])
    if math.prod(len(own) for own in pieces.values()) <= 2000:
        return inputs
    return only(inputs, inputs.options()[0].id, inputs.options()[-1].id)


def test_shifts_agree_with_exact_enumeration() -> None:
    compared = shown = 0
    for seed in range(12):
        inputs = few_worlds(small(seed))
        measured = first_place_shifts(inputs)
        for asked in value_of_information(inputs):
            own = measured.get((asked.product, asked.question, asked.scope))
            true = None if own is None else exact(inputs, asked)
            if own is None or true is None:
                continue
            assert own.measured == pytest.approx(true, abs=NEAR), (seed, asked)
            assert (own.shown is not None) == (true > 0.01) or true < 0.02
            compared += 1
            shown += own.shown is not None
    assert compared >= 20
    assert shown >= 10


def rivals(level: int) -> EvaluationInputs:
    """Two that race for the first place, and a third that never gets there, with a record of its own open."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    certain = build.answer(4, "tested")
    files = {
        "p": {"AAA-01": UNKNOWN, "AAA-02": certain},
        "q": {"AAA-01": build.answer(2, "documented"), "AAA-02": certain},
        "r": {"AAA-01": build.answer(level, "claim"), "AAA-02": build.answer(0, "tested")},
    }
    answers = [build.product_answers(said, product=name) for name, said in files.items()]
    return build.inputs(instrument, build.profile({"aaa": 1}), *answers)


@given(st.integers(0, 10**6))
@settings(deadline=None, derandomize=True)
def test_a_record_that_bears_on_no_ones_place_shows_no_shift(seed: int) -> None:
    """r has .5 at most and p and q .5 at least; chance alone moves a little, which is told apart."""
    found = first_place_shifts(rivals(3), seed=seed)
    own = found["r", "AAA-01", "*"]
    assert own.measured > 0
    assert own.baseline > 0
    assert own.shown is None
    assert found["p", "AAA-01", "*"].shown is not None


def test_where_one_is_always_first_no_record_shows_a_shift() -> None:
    assert shift(race(UNKNOWN, level=4)).shown is not None
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    files = {
        "p": {"AAA-01": build.answer(0, "tested"), "AAA-02": UNKNOWN},
        "q": {"AAA-01": build.answer(4, "tested"), "AAA-02": build.answer(4, "tested")},
    }
    answers = [build.product_answers(said, product=name) for name, said in files.items()]
    found = shift(build.inputs(instrument, build.profile({"aaa": 1}), *answers))
    assert (found, found.shown) == (Shift(0, 0), None)


@pytest.mark.parametrize(
    ("measured", "baseline", "left"),
    [(0.31, 0.1, 0.21), (0.3 + 1e-12, 0.1, 0.2), (0.29, 0.1, None), (0.0, 0.0, None), (0.1, 0.2, None)],
)
def test_what_is_left_is_hidden_below_twice_the_baseline(
    measured: float, baseline: float, left: float | None
) -> None:
    assert Shift(measured, baseline).shown == (None if left is None else pytest.approx(left))


def many(amount: int) -> EvaluationInputs:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    answers = [build.product_answers({"AAA-01": UNKNOWN}, product=f"p{n}") for n in range(amount)]
    return build.inputs(instrument, build.profile({"aaa": 1}), *answers)


def test_no_shift_is_told_of_too_many_options_or_of_too_few_draws() -> None:
    assert not first_place_shifts(many(MOST_OPTIONS + 1))
    assert not first_place_shifts(many(1))
    assert not first_place_shifts(many(2), draws=FEWEST_DRAWS - 1)
    assert len(first_place_shifts(many(MOST_OPTIONS))) == MOST_OPTIONS
    assert [is_measured(n) for n in (1, 2, 8, 9)] == [False, True, True, False]
    assert not is_measured(2, FEWEST_DRAWS - 1)


def test_chosen_options_compete_with_each_other_alone() -> None:
    inputs = many(MOST_OPTIONS + 4)
    found = first_place_shifts(inputs, ["p0/direct", "p3/direct", "p11/direct"])
    assert {product for product, _, _ in found} == {"p0", "p3", "p11"}
    alone = only(inputs, "p0/direct", "p3/direct", "p11/direct")
    assert first_place_shifts(alone) == found


def test_the_order_of_options_questions_and_domains_changes_no_bit() -> None:
    inputs = few_worlds(small(3))
    found = first_place_shifts(inputs)
    assert found
    assert first_place_shifts(reordered(inputs)) == found


def test_the_same_seed_gives_the_same_figures_and_another_others() -> None:
    inputs = race(UNKNOWN)
    assert first_place_shifts(inputs) == first_place_shifts(inputs)
    assert first_place_shifts(inputs, seed=2) != first_place_shifts(inputs)


# --- the count alone


def counted(outcomes: Sequence[int], firsts: Sequence[int], options: int = 2) -> Shift:
    return shift_of(
        np.array(outcomes, np.intp), np.array(firsts, np.uint8), options, np.random.default_rng(1)
    )


def test_who_shares_a_first_place_has_a_part_of_it() -> None:
    """0: a and b share; 1: a, nobody. All: a 1/2, b 1/4, nobody 1/4. ½(1/4 + 1/4) in both."""
    assert counted([0, 0, 1, 1], [0b11, 0b11, 0b01, 0b00]).measured == pytest.approx(0.25)


def test_outcomes_that_were_never_drawn_count_for_nothing() -> None:
    assert counted([0, 0, 4, 4], [1, 1, 2, 2]).measured == counted([0, 0, 1, 1], [1, 1, 2, 2]).measured == 0.5


def test_the_baseline_is_what_shuffled_draws_give() -> None:
    rng = np.random.default_rng(3)
    outcomes = rng.integers(0, 4, 2000)
    firsts = rng.choice(np.array([0, 1, 2, 3, 4], np.uint8), 2000, p=[0.1, 0.4, 0.3, 0.1, 0.1])
    found = shift_of(outcomes, firsts, 3, np.random.default_rng(5))
    shuffled = [
        shift_of(outcomes, rng.permutation(firsts), 3, np.random.default_rng(5)).measured for _ in range(400)
    ]
    assert found.baseline == pytest.approx(float(np.mean(shuffled)), rel=0.1)
