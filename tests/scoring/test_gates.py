"""Gates: pass, open, fail, waived, not applicable."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from evalkit.model.condition import FactCondition
from evalkit.scoring.gates import bar_of, better, waiver_in_force
from evalkit.scoring.score import score
from tests.scoring import builders as build

if TYPE_CHECKING:
    from datetime import date

    from evalkit.model.answers import Answer, RawValue
    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import GateOutcome
    from evalkit.model.values import EvidenceClass

DAY = timedelta(days=1)
SCALE = build.scale("AAA-01")
KEPT = build.number("AAA-01", ((0, 100), (7, 90), (30, 50)), special={"never": 100, "varies": 50, "long": 35})
NOTICE = build.number("AAA-01", ((90, 100), (30, 25)), best="at_least", special={"none": 0})
TICKS = build.sum_capped("AAA-01", {"a": 10, "b": 35, "c": 40})
AT_LEAST_3 = build.gate("AAA-01", at_least=3)


def result(  # noqa: PLR0913 - the inputs of the rule
    question: Question,
    gate: Gate,
    said: Answer,
    *,
    fails: bool = False,
    deadline: date | None = None,
    waived_until: date | None = None,
) -> str:
    """The outcome of the gate on AAA-01; AAA-02 is there to be answered."""
    instrument = build.questionnaire({"aaa": [question, build.scale("AAA-02")]})
    policy = build.profile({"aaa": 1}, gates=[gate], unknown_gate="fail" if fails else "open")
    answers = build.product_answers({"AAA-01": said, "AAA-02": build.answer(1, "tested")})
    waivers = [build.waiver("p/direct", "AAA-01", waived_until)] if waived_until else []
    [card] = score(build.inputs(instrument, policy, answers, deadline=deadline, waivers=waivers))
    return card.gates[0].result


def conflicting(*items: tuple[EvidenceClass, RawValue]) -> Answer:
    return build.answer(None, *(build.item(*one) for one in items), state="conflicting")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (build.answer(3, "documented"), "pass"),
        (build.answer(4, "tested"), "pass"),
        (build.answer(4, "third_party"), "open"),
        (build.answer(4, "claim"), "open"),
        (build.answer(2, "documented"), "fail"),
        (build.answer(2, "tested"), "fail"),
        (build.answer(2, "third_party"), "open"),
        (conflicting(("documented", 3), ("documented", 4)), "pass"),
        (conflicting(("documented", 2), ("documented", 4)), "open"),
        (conflicting(("documented", 2), ("documented", 1)), "fail"),
        (build.answer(3, build.item("contract"), build.item("documented", 0)), "pass"),
        (build.answer(state="unknown"), "open"),
        (build.answer(state="unanswered"), "open"),
        (build.answer(state="refused"), "open"),
    ],
)
def test_a_gate_compares_what_governs_and_slack_plays_no_role(said: Answer, expected: str) -> None:
    assert result(SCALE, AT_LEAST_3, said) == expected
    assert result(SCALE, AT_LEAST_3, said, fails=True) == ("fail" if expected == "open" else expected)


@pytest.mark.parametrize(
    ("needs", "evidence_class", "level", "expected"),
    [
        ("contract", "documented", 2, "open"),
        ("contract", "source_read", 2, "open"),
        ("contract", "contract", 2, "fail"),
        ("contract", "contract", 3, "pass"),
        ("contract", "documented", 3, "open"),
        ("tested", "documented", 2, "fail"),
        ("tested", "attested", 3, "open"),
        ("attested", "documented", 2, "fail"),
        ("claim", "claim", 3, "pass"),
        ("claim", "claim", 2, "open"),
    ],
)
def test_until_somebody_has_read_the_contract_the_question_is_open(
    needs: EvidenceClass, evidence_class: EvidenceClass, level: int, expected: str
) -> None:
    gate = build.gate("AAA-01", at_least=3, needs=needs)
    assert result(SCALE, gate, build.answer(level, evidence_class)) == expected


@pytest.mark.parametrize(
    ("question", "gate", "value", "expected"),
    [
        (KEPT, build.gate("AAA-01", at_most=7), 7, "pass"),
        (KEPT, build.gate("AAA-01", at_most=7), 7.5, "fail"),
        (KEPT, build.gate("AAA-01", at_most=7), "never", "pass"),
        (KEPT, build.gate("AAA-01", at_most=7), "varies", "fail"),
        (KEPT, build.gate("AAA-01", at_most=30), "varies", "pass"),
        (KEPT, build.gate("AAA-01", at_most=30), "long", "fail"),
        (NOTICE, build.gate("AAA-01", at_least=30), 30, "pass"),
        (NOTICE, build.gate("AAA-01", at_least=30), 29, "fail"),
        (NOTICE, build.gate("AAA-01", at_least=30), "none", "fail"),
        (TICKS, build.gate("AAA-01", includes_any=("a", "b")), ("b", "c"), "pass"),
        (TICKS, build.gate("AAA-01", includes_any=("a",)), ("b", "c"), "fail"),
    ],
)
def test_numbers_are_compared_as_numbers_and_sets_need_one_option(
    question: Question, gate: Gate, value: RawValue, expected: str
) -> None:
    assert result(question, gate, build.answer(value, "tested")) == expected


def test_the_union_of_tied_penalty_sets_must_reach_the_bar_too() -> None:
    costs = build.penalties("AAA-01", {"a": 15, "b": 40})
    tied = build.answer(("a",), build.item("tested"), build.item("tested", ("b",)))
    assert result(costs, build.gate("AAA-01", includes_any=("a",)), tied) == "open"


@pytest.mark.parametrize(
    ("deadline", "expected"), [(None, "open"), (build.AS_OF, "open"), (build.AS_OF - DAY, "fail")]
)
def test_a_refusal_fails_only_after_the_deadline(deadline: date | None, expected: str) -> None:
    assert result(SCALE, AT_LEAST_3, build.answer(state="refused"), deadline=deadline) == expected
    assert result(SCALE, AT_LEAST_3, build.answer(state="unknown"), deadline=deadline) == "open"


def test_a_gate_on_what_does_not_apply_is_not_applicable_even_if_waived() -> None:
    hidden = build.scale("AAA-01", applies_if=FactCondition(fact="routes", includes_any=("aws_bedrock",)))
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    assert result(hidden, gate, build.answer(0, "tested"), waived_until=build.AS_OF) == "not-applicable"


@pytest.mark.parametrize(("until", "expected"), [(build.AS_OF, "waived"), (build.AS_OF - DAY, "fail")])
def test_a_waiver_holds_up_to_its_last_day(until: date, expected: str) -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    assert result(SCALE, gate, build.answer(0, "tested"), waived_until=until) == expected


def test_a_gate_is_waived_even_where_it_would_pass_and_a_final_one_never() -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    assert result(SCALE, gate, build.answer(4, "tested"), waived_until=build.AS_OF) == "waived"
    assert result(SCALE, AT_LEAST_3, build.answer(0, "tested"), waived_until=build.AS_OF) == "fail"


def test_a_waiver_names_option_and_question() -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    mine = build.waiver("p/direct", "AAA-01")
    others = [build.waiver("p/other", "AAA-01"), build.waiver("p/direct", "AAA-02")]
    assert waiver_in_force([*others, mine], "p/direct", gate, build.AS_OF) is mine
    assert waiver_in_force(others, "p/direct", gate, build.AS_OF) is None


@pytest.mark.parametrize(
    ("gate", "question"),
    [
        (build.gate("AAA-01", at_least=9), SCALE),
        (build.gate("AAA-01", at_least=2.5), SCALE),
        (build.gate("AAA-01", at_most=2), SCALE),
        (build.gate("AAA-01", includes_any=("a",)), SCALE),
        (build.gate("AAA-01", includes_any=("a",)), KEPT),
        (build.gate("AAA-01", at_least=2), TICKS),
        (build.gate("AAA-01", at_least=2), build.hosts("AAA-01")),
    ],
)
def test_a_bar_that_does_not_fit_its_question_is_an_error(gate: Gate, question: Question) -> None:
    with pytest.raises(ValueError, match="AAA-01"):
        bar_of(gate, question)


def test_the_bar_is_worth_its_level_or_step_and_nothing_for_a_set() -> None:
    assert bar_of(AT_LEAST_3, SCALE).v == 0.75
    assert bar_of(build.gate("AAA-01", at_most=7), KEPT).v == 0.9
    assert bar_of(build.gate("AAA-01", includes_any=("a",)), TICKS).v is None
    assert bar_of(build.gate("AAA-01", includes_any=("a",)), TICKS).reached_by_worth(0.0)


@pytest.mark.parametrize(
    ("one", "other", "best"),
    [
        ("fail", "open", "open"),
        ("pass", "fail", "pass"),
        ("open", "waived", "waived"),
        ("fail", "fail", "fail"),
    ],
)
def test_the_better_of_two_outcomes_counts(one: GateOutcome, other: GateOutcome, best: str) -> None:
    assert better(one, other) == better(other, one) == best
