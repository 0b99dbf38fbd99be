"""Value of information, against examples by hand and against inputs resolved and scored from scratch."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from evalkit.model.condition import AnswerCondition
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion
from evalkit.model.records import scope_of
from evalkit.scoring.first_place_shift import first_place_shifts
from evalkit.scoring.gates import bar_of
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from evalkit.scoring.information_survey import as_it_stands, joint
from evalkit.scoring.resolution import prior
from evalkit.scoring.score import score
from evalkit.scoring.worth import worth
from tests.scoring import builders as build
from tests.scoring.cases import TICKS, Traits, evaluations
from tests.scoring.changes import with_answers
from tests.scoring.test_worked_example import example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.information import RecordValue
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.evidence import Reading

CLOSE = 1e-9
NUMBERS = (0, 3, 7, 20, 30, 31, 60, 75.5, 90, 400)
GROUPS = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
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


# --- brute force: the answer written into the file, and everything scored anew


def answer_worth(question: Question, value: float, reading: Reading, gate: Any) -> Any:  # noqa: ANN401 - any answer
    """An answer of that worth on the side of the bar that a resolution takes, or None."""
    bar = None if gate is None else bar_of(gate, question)
    candidates: Sequence[Any]
    match question:
        case ScaleQuestion(levels=levels):
            candidates = [level.level for level in levels]
        case NumberQuestion(special_values=special):
            candidates = [*NUMBERS, *(it.id for it in special)]
        case ListQuestion():
            names = [f"{name}.test" for name in "abcd"]
            candidates = [build.lists(), *(build.lists(names[:n], names, purposes=True) for n in range(1, 5))]
        case _:
            candidates = [tick for n in range(1, 5) for tick in itertools.combinations(TICKS, n)]
    fitting = [it for it in candidates if abs(worth(question, it) - value) <= CLOSE]
    if bar is None:
        return fitting[0] if fitting else None
    wanted = {bar.reached_by_worth(value)}
    if bar.v is None:
        gaps = {it: abs(worth(question, it) - value) for it in reading.governing}
        near = [it for it, gap in gaps.items() if gap <= min(gaps.values()) + CLOSE]
        wanted = {bar.reached_by(it) for it in near} or {True}
    return next((it for it in fitting if {bar.reached_by(it)} == wanted), None)


def serving(inputs: EvaluationInputs, asked: RecordValue) -> dict[str, Reading]:
    """What the record reads for each option with figures that it serves."""
    return {
        option: board.case.readings[asked.question]
        for option, board in as_it_stands(inputs).boards.items()
        if board.option.answers.product.id == asked.product
        and scope_of(board.option.answers, asked.question, board.option.deployment.id) == asked.scope
    }


def resolved_from_scratch(
    inputs: EvaluationInputs, asked: RecordValue, values: Mapping[str, float], readings: Mapping[str, Reading]
) -> EvaluationInputs | None:
    """The evaluation whose files say what the record turned out to be; None where no answer is worth that."""
    question = inputs.questionnaire.by_id[asked.question]
    gate = next((it for it in inputs.profile.gates if it.question == asked.question), None)
    file = inputs.answers[asked.product]
    old = file.answers.get(asked.question, build.answer())
    new = dict(old.deployments)
    for option, value in values.items():
        said = answer_worth(question, value, readings[option], gate)
        if said is None:
            return None
        new[option.partition("/")[2]] = build.statement(said, question.strongest_proof)
    answers = {**file.answers, asked.question: old.model_copy(update={"deployments": new})}
    return with_answers(inputs, file.model_copy(update={"answers": answers}))


def alive(cards: Sequence[Scorecard]) -> dict[str, float]:
    return {
        card.option: card.span.expected
        for card in cards
        if card.span is not None and card.finding.verdict != "reject"
    }


def worlds(
    inputs: EvaluationInputs, group: Sequence[RecordValue]
) -> list[tuple[float, list[dict[str, float]], dict[str, Scorecard]]] | None:
    """Every combination of what the records may be: its chance, their values, and all options scored anew."""
    readings = [serving(inputs, asked) for asked in group]
    ways = [
        joint({o: prior(inputs.questionnaire.by_id[asked.question], it) for o, it in own.items()})
        for asked, own in zip(group, readings, strict=True)
    ]
    found = []
    for places in itertools.product(*(range(len(chances)) for chances, _ in ways)):
        known: EvaluationInputs | None = inputs
        values = []
        for asked, own, (_, each), place in zip(group, readings, ways, places, strict=True):
            values.append({option: each[option][place] for option in own})
            known = known and resolved_from_scratch(known, asked, values[-1], own)
        if known is None:
            return None
        chance = math.prod(chances[place] for (chances, _), place in zip(ways, places, strict=True))
        found.append((chance, values, {card.option: card for card in score(known)}))
    return found


def figures(
    inputs: EvaluationInputs, found: list[tuple[float, list[dict[str, float]], dict[str, Scorecard]]]
) -> tuple[float, float, float]:
    """P(some verdict changes), P(leader changes) and EVPPI, from options scored anew in every world."""
    before = {card.option: card for card in score(inputs)}
    options = as_it_stands(inputs).boards
    first = alive(list(before.values()))
    leader = min((o for o in first if first[o] >= max(first.values()) - CLOSE), default=None)
    changes = leads = knowing = 0.0
    means = dict.fromkeys(first, 0.0)
    for chance, _, after in found:
        changes += chance * any(after[o].finding.verdict != before[o].finding.verdict for o in options)
        then = alive([after[o] for o in options])
        if leader is None:
            leads += chance * bool(then)
        else:
            leads += chance * (leader not in then or then[leader] < max(then.values()) - CLOSE)
        scores = {o: card.span.expected if (card := after[o]).span else 0.0 for o in first}
        knowing += chance * max(scores.values(), default=0.0)
        means = {o: means[o] + chance * scores[o] for o in first}
    return changes, leads, knowing - max(means.values(), default=0.0)


def hold_against_scratch(inputs: EvaluationInputs, asked: RecordValue) -> bool:
    """Compare every figure of one record; return whether every value could be written as an answer."""
    found = worlds(inputs, [asked])
    if found is None:
        return False
    for _, (own,), after in found:
        for effect in asked.options:
            verdicts = {it.verdict for it in effect.values if abs(it.value - own[effect.option]) <= CLOSE}
            assert after[effect.option].finding.verdict in verdicts
    got = (asked.verdict_changes, asked.leader_changes, asked.evppi)
    assert got == pytest.approx(figures(inputs, found), abs=2e-9)
    return True


@given(evaluations(Traits(products=2)), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_every_figure_is_that_of_inputs_resolved_and_scored_from_scratch(
    inputs: EvaluationInputs, rng: Random
) -> None:
    found = value_of_information(inputs)
    assume(found)
    for asked in rng.sample(found, min(3, len(found))):
        hold_against_scratch(inputs, asked)


def test_the_worked_example_is_that_of_inputs_scored_from_scratch() -> None:
    assert all(hold_against_scratch(example(), asked) for asked in value_of_information(example()))


@given(evaluations(Traits(products=3)))
@settings(deadline=None, max_examples=50)
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


def named(*, at_least: int = 2, eligible: bool = False) -> EvaluationInputs:
    """AAA-01, which is unknown, decides whether AAA-02 applies, or whether the option is eligible."""
    condition = AnswerCondition(answer="AAA-01", at_least=at_least)
    instrument = build.questionnaire(
        {
            "aaa": [build.scale("AAA-01"), build.scale("AAA-02", applies_if=None if eligible else condition)],
            "bbb": [build.scale("BBB-01")],
        }
    )
    said = {
        "AAA-01": build.answer(state="unknown"),
        "AAA-02": build.answer(0, "tested"),
        "BBB-01": build.answer(3, "tested"),
    }
    policy = build.profile(
        {"aaa": 1, "bbb": 1},
        limits=build.thresholds(0.45),
        gates=[build.gate("AAA-02", at_least=1, mitigable=True)],
        eligibility=condition if eligible else None,
    )
    return build.inputs(instrument, policy, *(build.product_answers(said, product=name) for name in "pq"))


def test_a_resolved_answer_decides_anew_what_applies() -> None:
    """Below level 2 AAA-02 with its failing gate does not apply: .375/.75 at least; else a remedy is due."""
    inputs = named()
    asked = record(inputs, "p", "AAA-01")
    assert hold_against_scratch(inputs, asked)
    assert [it.verdict for it in asked.options[0].values] == [
        *["approve"] * 2,
        *["approve-with-conditions"] * 3,
    ]


def test_a_resolved_answer_can_make_an_option_not_eligible() -> None:
    """Levels 0 and 1 have 5 + 4 of 15 parts; then the other product leads, which is equal until then."""
    inputs = named(eligible=True)
    asked = record(inputs, "p", "AAA-01")
    assert hold_against_scratch(inputs, asked)
    assert [it.verdict for it in asked.options[0].values][:2] == ["not-eligible", "not-eligible"]


@given(evaluations(Traits(products=2, bulk=0.8)), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_pairs_of_records_are_those_of_inputs_scored_from_scratch(
    inputs: EvaluationInputs, rng: Random
) -> None:
    records = value_of_information(inputs)
    groups = [
        (
            group,
            [it for it in records if group.product in (None, it.product) and it.domain == group.domain],
        )
        for group in value_of_groups(inputs, seed=SEED)
        if group.domain is not None
    ]
    pairs = [
        (group, own)
        for group, own in groups
        if math.prod(max(len(it.values) for it in asked.options) for asked in own) <= 30
    ]
    assume(pairs)
    group, own = rng.choice(pairs)
    assert group.records == len(own)
    found = worlds(inputs, own)
    if found is not None:
        got = (group.verdict_changes, group.leader_changes, group.evppi)
        assert got == pytest.approx(figures(inputs, found), abs=2e-9)
