"""Value of information, against examples by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from evalkit.scoring.first_place_shift import first_place_shifts
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from evalkit.scoring.information_survey import as_it_stands, joint
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations
from tests.scoring.test_worked_example import example

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.information import RecordValue

CLOSE = 1e-9
SEED = 7


def record(inputs: EvaluationInputs, product: str, question: str, scope: str = "*") -> RecordValue:
    (found,) = (
        it
        for it in value_of_information(inputs)
        if (it.product, it.question, it.scope) == (product, question, scope)
    )
    return found


# --- the worked example of the specification


def test_the_answer_that_c_refused_changes_its_verdict_at_four_levels_of_five() -> None:
    asked = record(example(), "c", "RET-02")
    assert asked.verdict_changes == pytest.approx(0.8)
    assert [(it.value, it.verdict) for it in asked.options[0].values] == [
        (0, "reject"),
        (0.25, "defer"),
        (0.5, "approve-with-conditions"),
        (0.75, "approve"),
        (1, "approve"),
    ]


def test_the_test_of_the_gate_of_b_changes_its_verdict_where_the_gate_fails() -> None:
    tested = record(example(), "b", "TRA-07")
    assert tested.verdict_changes == pytest.approx(0.375)
    assert [it.verdict for it in tested.options[0].values] == [*["reject"] * 3, "defer", "defer"]


def test_b_takes_the_lead_only_where_its_gate_holds_and_a_loses_it_never_by_c() -> None:
    """A leads with .8430; B has .7392, of which TRA-07 at its best adds .3 (1 − .75); C at best .7848."""
    assert record(example(), "b", "TRA-07").leader_changes == 0
    assert record(example(), "c", "RET-02").leader_changes == 0
    assert record(example(), "c", "RET-02").evppi == 0


# --- small cases by hand


def two(first: int, second: int, **options: Any) -> EvaluationInputs:  # noqa: ANN401 - parts of an evaluation
    """Two products with two questions of equal weight; the second of ``p`` is unknown."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    limits = build.thresholds(options.get("approve_at", 0.0))
    return build.inputs(
        instrument,
        build.profile({"aaa": 1}, limits=limits, gates=options.get("gates", ())),
        build.product_answers(
            {"AAA-01": build.answer(first, "tested"), "AAA-02": build.answer(state="unknown")}, product="p"
        ),
        build.product_answers(
            {"AAA-01": build.answer(second, "tested"), "AAA-02": build.answer(second, "tested")}, product="q"
        ),
    )


def test_knowing_is_worth_what_the_better_choice_gains() -> None:
    """p has .5 + k/2 with P(k = 0, .25, .5, .75, 1) = (5, 4, 3, 2, 1)/15, so .6667; q has .75.

    Above .75 lie k = .75 (.875) and 1 (1.0): 2/15 · .125 + 1/15 · .25 = .0333.
    """
    asked = record(two(4, 3), "p", "AAA-02")
    assert asked.evppi == pytest.approx(2 / 15 * 0.125 + 1 / 15 * 0.25)
    assert asked.leader_changes == pytest.approx(3 / 15)


def test_a_tie_leaves_the_lead_where_it_is() -> None:
    """At k = .5, p ties with q: q still leads, so only k = .75 and 1 change it."""
    assert record(two(4, 3), "p", "AAA-02").leader_changes == pytest.approx(0.2)


def test_a_record_that_cannot_matter_is_worth_nothing() -> None:
    asked = record(two(0, 4), "p", "AAA-02")
    assert (asked.verdict_changes, asked.leader_changes, asked.evppi) == (0, 0, 0)


def test_where_all_are_rejected_there_is_no_leader_until_one_is_not() -> None:
    """Both fall short of .9; p reaches it with k = 1 only, and then leads."""
    inputs = two(4, 3, approve_at=0.9)
    assert as_it_stands(inputs).leader == "p/direct"  # deferred
    asked = record(inputs, "p", "AAA-02")
    assert asked.leader_changes == pytest.approx(14 / 15)  # else nobody leads any more
    instrument = inputs.questionnaire
    rejected = build.product_answers(
        {"AAA-01": build.answer(0, "tested"), "AAA-02": build.answer(state="unknown")}, product="p"
    )
    alone = build.inputs(instrument, inputs.profile, rejected)
    assert as_it_stands(alone).leader is None
    value = record(alone, "p", "AAA-02")
    assert (value.leader_changes, value.evppi) == (0, 0)


def test_a_shared_record_resolves_for_every_option_that_it_serves() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    said = {
        "AAA-01": build.answer(state="unknown", deployments={"c": build.statement(2, "tested")}),
        "AAA-02": build.answer(2, "tested"),
    }
    places = [build.deployment(name) for name in "abc"]
    inputs = build.inputs(
        instrument,
        build.profile({"aaa": 1}, limits=build.thresholds(0.5)),
        build.product_answers(said, deployments=places),
    )
    (asked,) = value_of_information(inputs)
    assert [it.option for it in asked.options] == ["p/a", "p/b"]
    assert asked.options[0].values == asked.options[1].values
    assert asked.verdict_changes == pytest.approx(1.0)  # at once, not twice
    assert value_of_information(inputs, ["p/c"]) == ()
    only = value_of_information(inputs, ["p/b"])[0]
    assert only.verdict_changes == pytest.approx(asked.verdict_changes)


def test_only_chosen_verdicts_count_and_all_options_may_lead() -> None:
    inputs = two(4, 3, approve_at=0.8)
    assert record(inputs, "p", "AAA-02").verdict_changes == pytest.approx(1.0)
    assert value_of_information(inputs, ["q/direct"]) == ()
    (chosen,) = value_of_information(inputs, ["p/direct"])
    assert chosen.leader_changes > 0


def test_the_list_is_sorted_by_verdict_leader_shift_weight_and_id() -> None:
    shifts = first_place_shifts(example())
    for measured in (shifts, {}):
        found = value_of_information(example(), shifts=measured)
        keys = [
            (
                -round(it.verdict_changes, 9),
                -round(it.leader_changes, 9),
                -round(it.first_shift or 0, 9),
                -round(it.weight, 9),
                it.question,
            )
            for it in found
        ]
        assert keys == sorted(keys)
        assert any(it.first_shift for it in found) == bool(measured)
    by_shift = [it.question for it in value_of_information(example(), shifts=shifts)]
    assert by_shift != [it.question for it in value_of_information(example())]


def test_outcomes_of_options_with_other_distributions_are_coupled_by_quantile() -> None:
    chances, values = joint({"a": ((0.0, 0.25), (1.0, 0.75)), "b": ((0.0, 0.5), (0.5, 0.5))})
    assert chances == pytest.approx((0.25, 0.25, 0.5))
    assert values == {"a": (0.0, 1.0, 1.0), "b": (0.0, 0.0, 0.5)}


def test_options_without_figures_take_no_part() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    inputs = build.inputs(
        instrument,
        build.profile({"aaa": 1}),
        build.product_answers({"AAA-01": build.answer(state="unknown")}, product="p"),
        build.product_answers({}, product="q"),
    )
    assert {it.product for it in value_of_information(inputs)} == {"p"}
    nothing = build.inputs(instrument, build.profile({"aaa": 1}), build.product_answers({}))
    assert value_of_information(nothing) == ()
    assert value_of_groups(nothing, seed=SEED) == ()


@given(evaluations(Traits(products=3)))
@settings(deadline=None)
def test_figures_lie_where_they_must(inputs: EvaluationInputs) -> None:
    cards = {card.option: card for card in score(inputs)}
    now = as_it_stands(inputs)
    assert set(now.boards) == {option for option, card in cards.items() if card.is_scored}
    for asked in value_of_information(inputs):
        assert 0 <= asked.verdict_changes <= 1
        assert 0 <= asked.leader_changes <= 1
        assert asked.evppi >= 0
        assert asked.verdict_changes <= sum(it.verdict_changes for it in asked.options) + CLOSE
        for effect in asked.options:
            assert effect.verdict == cards[effect.option].finding.verdict
            assert math.fsum(it.chance for it in effect.values) == pytest.approx(1)
            assert effect.verdict_changes <= asked.verdict_changes + CLOSE
            worths = [it.value for it in effect.values]
            assert worths == sorted(worths)
