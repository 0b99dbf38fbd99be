"""What each open record alone can do to an option."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from evalkit.model.condition import AnswerCondition
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion, StepsAtMost
from evalkit.model.scorecard import Finding
from evalkit.scoring.information import value_of_information
from evalkit.scoring.score import case_of, score, score_option
from evalkit.scoring.tornado import tornado
from evalkit.scoring.verdict import best_case
from evalkit.scoring.worth import worth
from tests.scoring import builders as build
from tests.scoring.cases import TICKS, Traits, evaluations
from tests.scoring.changes import named_by_conditions, same_option, with_statement
from tests.scoring.test_worked_example import example

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evalkit.model.answers import Answer, RawValue
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.explanation import TornadoRow
    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question


def rows_of(inputs: EvaluationInputs, place: int = 0) -> tuple[TornadoRow, ...]:
    option = inputs.options()[place]
    case = case_of(inputs, option)
    assert not isinstance(case, Finding)
    return tornado(case, inputs, option)


def test_the_refused_answer_of_c_swings_most() -> None:
    """RET-02 weighs 1/6 and is refused; RET-01 is documented at .75, so from .25 to .75 of 1/12.

    At 0 the best of retention is .75 / 3 = .25, short of its floor of .30.
    """
    first, second = rows_of(example(), 2)[:2]
    assert (first.question, second.question) == ("RET-02", "TRA-07")
    assert (first.swing, second.swing) == pytest.approx((1 / 6, 0.3 / 4))
    assert (first.lowest.assured, first.best.assured) == pytest.approx((0.514583333, 0.68125))
    assert (first.lowest.expected, first.best.expected) == pytest.approx((0.618125, 0.618125 + 1 / 6))
    assert (first.lowest.verdict, first.best.verdict) == ("reject", "approve")


def test_a_claimed_gate_of_b_can_end_in_a_reject() -> None:
    row = next(row for row in rows_of(example(), 1) if row.question == "TRA-07")
    assert (row.lowest.value, row.best.value) == (0, 1)
    assert (row.lowest.verdict, row.best.verdict) == ("reject", "defer")


def test_what_is_known_to_the_point_has_no_row() -> None:
    assert {row.question for row in rows_of(example(ret_02=4), 2)} == {"TRA-07", "RET-01"}


def one_question(
    question: Question, said: Answer, gates: Sequence[Gate] = (), *, waived: bool = False
) -> TornadoRow:
    instrument = build.questionnaire({"aaa": [question, build.scale("AAA-02")]})
    answers = build.product_answers({"AAA-01": said, "AAA-02": build.answer(4, "tested")})
    waivers = [build.waiver("p/direct", "AAA-01")] if waived else []
    inputs = build.inputs(instrument, build.profile({"aaa": 1}, gates=gates), answers, waivers=waivers)
    [row] = rows_of(inputs)
    return row


def verdicts(row: TornadoRow) -> tuple[str, str]:
    return row.lowest.verdict, row.best.verdict


SCALE = build.scale("AAA-01")
KEPT = build.number("AAA-01", ((0, 100), (7, 90), (30, 50)))
NOTICE = build.number("AAA-01", ((90, 100), (30, 25)), best="at_least")
TICKED = build.sum_capped("AAA-01", {"a": 10, "b": 60})


@pytest.mark.parametrize(
    ("question", "said", "gate", "expected"),
    [
        (SCALE, build.answer(4, "claim"), build.gate("AAA-01", at_least=3), ("reject", "approve")),
        (KEPT, build.answer(7, "claim"), build.gate("AAA-01", at_most=7), ("reject", "approve")),
        (KEPT, build.answer(0, "contract"), build.gate("AAA-01", at_most=30), ("approve", "approve")),
        (NOTICE, build.answer(90, "claim"), build.gate("AAA-01", at_least=30), ("reject", "approve")),
        (NOTICE, build.answer(90, "contract"), build.gate("AAA-01", at_least=30), ("approve", "approve")),
        (
            TICKED,
            build.answer(("a",), "contract"),
            build.gate("AAA-01", includes_any=("a",)),
            ("approve",) * 2,
        ),
        (
            TICKED,
            build.answer(("b",), "contract"),
            build.gate("AAA-01", includes_any=("a",)),
            ("reject",) * 2,
        ),
        (
            TICKED,
            build.answer(("b",), "claim"),
            build.gate("AAA-01", includes_any=("a",)),
            ("reject",) * 2,
        ),
        (
            TICKED,
            build.answer(state="unknown"),
            build.gate("AAA-01", includes_any=("a",)),
            ("approve",) * 2,
        ),
    ],
)
def test_a_gate_is_decided_by_the_value(
    question: Question, said: Answer, gate: Gate, expected: tuple[str, str]
) -> None:
    assert verdicts(one_question(question, said, [gate])) == expected


def test_a_waived_gate_stays_waived() -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    assert verdicts(one_question(SCALE, build.answer(4, "claim"), [gate], waived=True)) == ("approve",) * 2
    without = one_question(SCALE, build.answer(4, "claim"), [gate])
    assert verdicts(without) == ("approve-with-conditions", "approve")


def test_evidence_too_weak_to_decide_a_gate_may_turn_out_to_reach_just_the_bar() -> None:
    """A claim of level 1 leaves 0 and .25 open, below the bar of 3; .75 if it is wrong, as in the verdict."""
    row = one_question(SCALE, build.answer(1, "claim"), [build.gate("AAA-01", at_least=3)])
    assert (row.lowest.value, row.best.value) == (0, 0.25)
    assert verdicts(row) == ("reject", "reject")
    assert row.gate_otherwise is not None
    assert (row.gate_otherwise.value, row.gate_otherwise.verdict) == (0.75, "approve")


@pytest.mark.parametrize(
    ("said", "otherwise"),
    [
        (build.answer(("b",), "claim"), "approve"),
        (build.answer(state="unknown"), "reject"),
        (build.answer(("b",), "contract"), None),
        (build.answer(("a",), "claim"), None),
    ],
    ids=["weakly-denied", "nothing-stated", "denied", "claimed"],
)
def test_a_set_may_hold_what_its_gate_asks_for_against_what_is_known(
    said: Answer, otherwise: str | None
) -> None:
    row = one_question(TICKED, said, [build.gate("AAA-01", includes_any=("a",))])
    other = row.gate_otherwise
    assert (None if other is None else other.verdict) == otherwise


def test_a_waived_gate_turns_out_no_other_way() -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    assert one_question(SCALE, build.answer(1, "claim"), [gate], waived=True).gate_otherwise is None


def named_by(*, eligibility: bool) -> TornadoRow:
    """AAA-02, of which nothing is known, applies where AAA-01 is at level 3 or better."""
    asks = AnswerCondition(answer="AAA-01", at_least=3)
    second = build.scale("AAA-02", applies_if=None if eligibility else asks)
    instrument = build.questionnaire({"aaa": [SCALE, second, build.scale("AAA-03")]})
    said = {"AAA-01": build.answer(state="unknown"), "AAA-03": build.answer(4, "tested")}
    policy = build.profile({"aaa": 1}, eligibility=asks if eligibility else None)
    inputs = build.inputs(instrument, policy, build.product_answers(said))
    return next(row for row in rows_of(inputs) if row.question == "AAA-01")


def test_what_applies_follows_from_the_value() -> None:
    """At level 0 AAA-02 leaves: 1 of 2; at level 4 it stays, unanswered: 2 of 3."""
    row = named_by(eligibility=False)
    assert (row.lowest.assured, row.best.assured) == pytest.approx((1 / 2, 2 / 3))
    assert row.swing == pytest.approx(1 / 6)


def test_a_value_at_which_an_option_is_not_eligible_has_no_swing() -> None:
    row = named_by(eligibility=True)
    assert (row.lowest.verdict, row.lowest.assured, row.swing) == ("not-eligible", None, None)
    assert row.best.assured == pytest.approx(2 / 3)


def answers_worth(question: Question, value: float) -> Iterable[RawValue]:
    """Answers of exactly that worth; none for host lists."""
    candidates: list[RawValue] = []
    match question:
        case ScaleQuestion(levels=levels):
            candidates = [level.level for level in levels]
        case NumberQuestion(value_rule=StepsAtMost(steps=most), special_values=special):
            candidates = [*(step.at_most for step in most), 9999, *(one.id for one in special)]
        case NumberQuestion(value_rule=rule):
            candidates = [*(getattr(step, "at_least", 0) for step in rule.steps), 0]
        case SetQuestion():
            candidates = [ticks for size in (1, 2, 3, 4) for ticks in combinations(TICKS, size)]
        case _:
            pass
    return [raw for raw in candidates if abs(worth(question, raw) - value) < 1e-12]


@given(evaluations(Traits(products=2)))
def test_rows_are_the_scores_of_the_record_answered_anew(inputs: EvaluationInputs) -> None:
    gated = {gate.question for gate in inputs.profile.gates}
    for option in inputs.options():
        case = case_of(inputs, option)
        if isinstance(case, Finding):
            continue
        rows = tornado(case, inputs, option)
        assert {row.question for row in rows} == {q for q in case.readings if best_case(case, q) is not None}
        swings = [math.inf if row.swing is None else round(abs(row.swing), 12) for row in rows]
        assert swings == sorted(swings, reverse=True)
        for row in rows:
            question = inputs.questionnaire.by_id[row.question]
            if isinstance(question, SetQuestion) and row.question in gated:
                continue
            for end in (row.lowest, row.best, row.gate_otherwise or row.best):
                for raw in list(answers_worth(question, end.value))[:1]:
                    said = build.statement(raw, question.strongest_proof)
                    changed = with_statement(inputs, option, question.id, said)
                    card = score_option(changed, same_option(changed, option))
                    assert end.verdict == card.finding.verdict
                    span = (None, None) if card.span is None else (card.span.assured, card.span.expected)
                    assert (end.assured, end.expected) == pytest.approx(span, abs=1e-12)


@given(evaluations(Traits(products=2)))
def test_an_end_has_the_verdict_that_the_value_of_information_has_at_that_value(
    inputs: EvaluationInputs,
) -> None:
    """One record says one thing: in the list of swings and in that of what to ask."""
    verdicts = {
        (effect.option, value.question, at.value): at.verdict
        for value in value_of_information(inputs)
        for effect in value.options
        for at in effect.values
    }
    for option in inputs.options():
        case = case_of(inputs, option)
        if isinstance(case, Finding):
            continue
        for row in tornado(case, inputs, option):
            for end in (row.lowest, row.best):
                asked = verdicts.get((option.id, row.question, end.value))
                assert asked in (None, end.verdict)


@given(evaluations(Traits(products=2)))
def test_the_ends_lie_around_the_scores_as_they_stand(inputs: EvaluationInputs) -> None:
    named = named_by_conditions(inputs.questionnaire)
    for card, option in zip(score(inputs), inputs.options(), strict=True):
        case = case_of(inputs, option)
        if isinstance(case, Finding) or card.span is None:
            continue
        for row in tornado(case, inputs, option):
            if row.question in named or row.swing is None:
                continue
            assert row.lowest.assured == pytest.approx(card.span.assured, abs=1e-12)
            assert row.swing >= 0
            assert row.lowest.expected is not None
            assert row.best.expected is not None
            assert row.lowest.expected <= card.span.expected + 1e-12
            assert card.span.expected <= row.best.expected + 1e-12
            assert row.swing == pytest.approx(row.best.expected - row.lowest.expected, abs=1e-12)


@given(evaluations(Traits(controls=False)))
def test_a_record_that_alone_is_missing_gives_the_approval(inputs: EvaluationInputs) -> None:
    """Where a deferred option needs one record and no condition, its best end is an approval.

    Or that is what follows if its gate turns out other than weak evidence says.
    """
    named = named_by_conditions(inputs.questionnaire)
    for card, option in zip(score(inputs), inputs.options(), strict=True):
        case = case_of(inputs, option)
        if isinstance(case, Finding) or len(card.finding.evidence) != 1 or card.finding.conditions:
            continue
        [step] = card.finding.evidence
        if step.question in named:  # a best case leaves what applies, an answer may not
            continue
        row = next(row for row in tornado(case, inputs, option) if row.question == step.question)
        best = row.best if row.gate_otherwise is None else row.gate_otherwise
        verdicts = {row.best.verdict, best.verdict}
        assert verdicts & {"approve", "approve-with-conditions"}
