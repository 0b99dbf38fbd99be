"""What each open record alone can do to an option."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion, StepsAtMost
from evalkit.model.scorecard import Finding
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
    case = case_of(inputs, inputs.options()[place])
    assert not isinstance(case, Finding)
    return tornado(case, inputs)


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
            ("reject", "approve"),
        ),
        (
            TICKED,
            build.answer(state="unknown"),
            build.gate("AAA-01", includes_any=("a",)),
            ("reject", "approve"),
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
    """A claim of level 1 at a bar of 3: at best .75, as in the verdict."""
    row = one_question(SCALE, build.answer(1, "claim"), [build.gate("AAA-01", at_least=3)])
    assert (row.lowest.value, row.best.value) == (0, 0.75)
    assert verdicts(row) == ("reject", "approve")


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
    named = named_by_conditions(inputs.questionnaire)
    gated = {gate.question for gate in inputs.profile.gates}
    for option in inputs.options():
        case = case_of(inputs, option)
        if isinstance(case, Finding):
            continue
        rows = tornado(case, inputs)
        assert {row.question for row in rows} == {q for q in case.readings if best_case(case, q) is not None}
        swings = [round(row.swing, 12) for row in rows]
        assert swings == sorted(swings, reverse=True)
        assert min(swings, default=0) >= 0
        for row in rows:
            question = inputs.questionnaire.by_id[row.question]
            if row.question in named or (isinstance(question, SetQuestion) and row.question in gated):
                continue
            for end in (row.lowest, row.best):
                for raw in list(answers_worth(question, end.value))[:1]:
                    said = build.statement(raw, question.strongest_proof)
                    changed = with_statement(inputs, option, question.id, said)
                    card = score_option(changed, same_option(changed, option))
                    assert card.span is not None
                    assert end.assured == pytest.approx(card.span.assured, abs=1e-12)
                    assert end.expected == pytest.approx(card.span.expected, abs=1e-12)
                    assert end.verdict == card.finding.verdict


@given(evaluations(Traits(products=2)))
def test_the_ends_lie_around_the_scores_as_they_stand(inputs: EvaluationInputs) -> None:
    for card, option in zip(score(inputs), inputs.options(), strict=True):
        case = case_of(inputs, option)
        if isinstance(case, Finding) or card.span is None:
            continue
        for row in tornado(case, inputs):
            assert row.lowest.assured == pytest.approx(card.span.assured, abs=1e-12)
            assert row.lowest.expected <= card.span.expected + 1e-12
            assert card.span.expected <= row.best.expected + 1e-12
            assert row.swing == pytest.approx(row.best.expected - row.lowest.expected, abs=1e-12)


@given(evaluations(Traits(controls=False)))
def test_a_record_that_alone_is_missing_gives_the_approval(inputs: EvaluationInputs) -> None:
    """Where a deferred option needs one record and no condition, its best end is an approval."""
    for card, option in zip(score(inputs), inputs.options(), strict=True):
        case = case_of(inputs, option)
        if isinstance(case, Finding) or len(card.finding.evidence) != 1 or card.finding.conditions:
            continue
        [step] = card.finding.evidence
        row = next(row for row in tornado(case, inputs) if row.question == step.question)
        assert row.best.verdict in ("approve", "approve-with-conditions")
