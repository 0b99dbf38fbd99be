"""A resolved record: what its gate says at each worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.model.condition import AllOf, AnswerCondition, FactCondition
from evalkit.model.scorecard import Finding
from evalkit.scoring.applicability import masks
from evalkit.scoring.gates import gate_of
from evalkit.scoring.resolution import named_questions, prior, resolved
from evalkit.scoring.score import case_of
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.answers import Answer
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question
    from evalkit.scoring.verdict import Case

TICKS = {"a": 100.0, "b": 60.0, "c": 60.0}


def inputs_of(question: Question, said: Answer, gate: Gate | None = None) -> EvaluationInputs:
    instrument = build.questionnaire({"aaa": [question, build.scale("AAA-02")]})
    policy = build.profile({"aaa": 1}, gates=[gate] if gate else [])
    answers = {"AAA-01": said, "AAA-02": build.answer(4, "tested")}
    return build.inputs(instrument, policy, build.product_answers(answers))


def case(inputs: EvaluationInputs) -> Case:
    found = case_of(inputs, inputs.options()[0])
    assert not isinstance(found, Finding)
    return found


def outcome_at(question: Question, said: Answer, gate: Gate, value: float) -> str:
    inputs = inputs_of(question, said, gate)
    own = case(inputs)
    bar = own.bars["AAA-01"]
    reading = resolved(question, own.readings["AAA-01"], value, bar)
    return gate_of(inputs, inputs.options()[0], bar, own.applies, reading)


UNKNOWN = build.answer(state="unknown")


def conflicting(first: tuple[str, ...], second: tuple[str, ...]) -> Answer:
    items = (build.item("documented", first), build.item("documented", second))
    return build.answer(None, *items, state="conflicting")


def test_a_resolved_record_is_answered_at_one_value_by_the_strongest_proof() -> None:
    question = build.scale("AAA-01", strongest="contract")
    own = case(inputs_of(question, conflicting_levels()))
    reading = resolved(question, own.readings["AAA-01"], 0.5, None)
    assert (reading.low, reading.expected, reading.high, reading.v) == (0.5, 0.5, 0.5, 0.5)
    assert (reading.state, reading.evidence_class, reading.governing) == ("answered", "contract", (2,))
    assert not reading.disputed
    assert not reading.stale


def conflicting_levels() -> Answer:
    return build.answer(None, build.item("claim", 1), build.item("claim", 4), state="conflicting")


@pytest.mark.parametrize(("value", "result"), [(0.25, "fail"), (0.5, "pass"), (1.0, "pass")])
def test_a_scale_is_compared_by_its_level(value: float, result: str) -> None:
    gate = build.gate("AAA-01", at_least=2, needs="tested")
    assert outcome_at(build.scale("AAA-01"), UNKNOWN, gate, value) == result


@pytest.mark.parametrize(("value", "result"), [(0.25, "fail"), (0.5, "pass"), (0.75, "pass")])
@pytest.mark.parametrize("best", ["at_most", "at_least"])
def test_a_number_is_compared_by_its_worth(best: str, value: float, result: str) -> None:
    if best == "at_most":
        question = build.number("AAA-01", ((0, 100), (30, 50)))
        gate = build.gate("AAA-01", at_most=30)
    else:
        question = build.number("AAA-01", ((90, 100), (30, 50)), best="at_least")
        gate = build.gate("AAA-01", at_least=30)
    assert outcome_at(question, UNKNOWN, gate, value) == result


@pytest.mark.parametrize(
    ("said", "value", "result"),
    [
        (UNKNOWN, 0.0, "pass"),
        (build.answer(("a",), "claim"), 0.25, "pass"),
        (build.answer(("b",), "claim"), 0.6, "fail"),
        (conflicting(("a",), ("b",)), 1.0, "pass"),
        (conflicting(("a",), ("b",)), 0.6, "fail"),
        (conflicting(("a", "b"), ("c",)), 0.5, "open"),
    ],
    ids=["nothing stated", "stated", "stated without", "nearest has it", "nearest lacks it", "equally near"],
)
def test_a_set_keeps_what_is_stated_nearest_in_worth(said: Answer, value: float, result: str) -> None:
    gate = build.gate("AAA-01", includes_any=("a",))
    assert outcome_at(build.worst_of("AAA-01", TICKS), said, gate, value) == result


def test_only_a_refusal_has_another_prior_than_its_distribution() -> None:
    question = build.scale("AAA-01")
    refused = case(inputs_of(question, build.answer(state="refused"))).readings["AAA-01"]
    unknown = case(inputs_of(question, UNKNOWN)).readings["AAA-01"]
    assert prior(question, refused) == tuple((level / 4, 1 / 5) for level in range(5))
    assert prior(question, unknown) == unknown.distribution


def test_masks_follow_the_readings_and_eligibility() -> None:
    condition = AllOf(
        all=(
            AnswerCondition(answer="AAA-01", at_least=2),
            FactCondition(fact="licence", includes_any=("closed",)),
        )
    )
    question = build.scale("AAA-01")
    instrument = build.questionnaire({"aaa": [question, build.scale("AAA-02", applies_if=condition)]})
    answers = build.product_answers({"AAA-01": UNKNOWN})
    inputs = build.inputs(instrument, build.profile({"aaa": 1}), answers)
    own = case(inputs)
    option = inputs.options()[0]
    low, high = (
        {**own.readings, "AAA-01": resolved(question, own.readings["AAA-01"], value, None)}
        for value in (0.25, 0.5)
    )
    assert masks(inputs, option, low) == {"AAA-01": True, "AAA-02": False}
    assert masks(inputs, option, high) == {"AAA-01": True, "AAA-02": True}
    assert named_questions(inputs) == {"AAA-01"}
    plain = build.questionnaire({"aaa": [question, build.scale("AAA-02")]})
    strict = build.inputs(plain, build.profile({"aaa": 1}, eligibility=condition), answers)
    assert masks(strict, option, low) is None
    assert masks(strict, option, high) == {"AAA-01": True, "AAA-02": True}
    assert named_questions(strict) == {"AAA-01"}
