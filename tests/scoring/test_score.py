"""Whole scorecards: what has no score, what is printed beside it, and that everything counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.files.loading import load_inputs
from evalkit.model.condition import AnswerCondition, FactCondition
from evalkit.scoring.score import score, score_as_stated, score_option
from tests.scoring import builders as build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import Answer
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

CLOUD = FactCondition(fact="routes", includes_any=("aws_bedrock",))
HOOKS = FactCondition(fact="features", includes_any=("hooks",))
SCALES = build.questionnaire({"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01")]})
EQUAL = build.profile({"aaa": 1, "bbb": 1})


def of(said: Mapping[str, Answer]) -> EvaluationInputs:
    return build.inputs(SCALES, EQUAL, build.product_answers(said))


def assert_no_figures(card: Scorecard) -> None:
    figures = (
        card.span,
        card.face_value,
        card.unverified_share,
        card.coverage,
        card.expected_counting_absent,
    )
    assert figures == (None,) * 5
    assert (card.gates, card.domains, card.questions, card.evidence_alone) == ((), (), (), None)
    assert (card.gap, card.face_by_class) == ({}, {})
    assert (card.finding.conditions, card.finding.evidence) == ((), ())
    assert card.finding == card.strict == card.lenient
    assert not card.is_scored


def test_where_nothing_applies_there_is_no_score() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01", applies_if=CLOUD)]})
    answers = build.product_answers({"AAA-01": build.answer(4, "tested")})
    [card] = score(build.inputs(instrument, build.profile({"aaa": 1}), answers))
    assert (card.finding.verdict, card.finding.reason) == ("not-scorable", "nothing-applies")
    assert_no_figures(card)


@pytest.mark.parametrize("said", [{}, {"AAA-01": build.answer(state="unanswered")}])
def test_where_nobody_has_looked_there_is_no_score(said: Mapping[str, Answer]) -> None:
    [card] = score(of(said))
    assert (card.finding.verdict, card.finding.reason) == ("not-scorable", "nothing-answered")
    assert_no_figures(card)


def test_an_answer_to_what_does_not_apply_is_no_answer() -> None:
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01", applies_if=CLOUD), build.scale("AAA-02")]}
    )
    answers = build.product_answers({"AAA-01": build.answer(4, "tested")})
    [card] = score(build.inputs(instrument, build.profile({"aaa": 1}), answers))
    assert card.finding.reason == "nothing-answered"


def test_something_unknown_is_scored_from_nothing_to_everything() -> None:
    [card] = score(of({"AAA-01": build.answer(state="unknown")}))
    assert card.span is not None
    assert (card.span.assured, card.span.potential, card.face_value, card.coverage) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("features", "verdict"), [((), "not-eligible"), (("hooks",), "approve"), (None, "approve")]
)
def test_only_an_option_known_to_fail_the_eligibility_is_left_out(
    features: tuple[str, ...] | None, verdict: str
) -> None:
    policy = build.profile({"aaa": 1, "bbb": 1}, eligibility=HOOKS)
    answers = build.product_answers({"AAA-01": build.answer(4, "tested")}, features=features)
    [card] = score(build.inputs(SCALES, policy, answers))
    assert card.finding.verdict == verdict
    if verdict == "not-eligible":
        assert card.finding.reason == "eligibility"
        assert_no_figures(card)


def test_eligibility_may_ask_for_an_answer() -> None:
    policy = build.profile({"aaa": 1, "bbb": 1}, eligibility=AnswerCondition(answer="AAA-01", at_least=3))
    verdicts = []
    for said in (build.answer(3, "claim"), build.answer(2, "tested"), build.answer(state="unknown")):
        answers = build.product_answers({"AAA-01": said, "BBB-01": build.answer(4, "tested")})
        verdicts.append(score(build.inputs(SCALES, policy, answers))[0].finding.verdict)
    assert verdicts == ["approve", "not-eligible", "approve"]


def test_the_expected_score_that_counts_the_absent_as_nothing_is_given_where_something_is_absent() -> None:
    """Level 2 tested in half of the weight: .5 alone, .25 of the whole."""
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01", applies_if=CLOUD)]}
    )
    answers = build.product_answers({"AAA-01": build.answer(2, "tested")})
    [card] = score(build.inputs(instrument, EQUAL, answers))
    assert card.span is not None
    assert (card.span.expected, card.expected_counting_absent) == (0.5, 0.25)
    assert score(of({"AAA-01": build.answer(2, "tested")}))[0].expected_counting_absent is None
    assert card.domains[1].span is None
    assert card.domains[1].applicable_share == 0


def test_coverage_counts_what_has_a_value() -> None:
    instrument = build.questionnaire({"aaa": [build.scale(f"AAA-0{n}", weight=n) for n in (1, 2, 3, 4)]})
    pair = (build.item("claim", 1), build.item("claim", 2))
    answers = build.product_answers(
        {
            "AAA-01": build.answer(1, "claim"),
            "AAA-02": build.answer(None, *pair, state="conflicting"),
            "AAA-03": build.answer(state="refused"),
        }
    )
    [card] = score(build.inputs(instrument, build.profile({"aaa": 1}), answers))
    assert card.coverage == pytest.approx(3 / 10)
    assert card.question("AAA-02").value is None
    assert card.question("AAA-02").v == 0.5
    assert card.question("AAA-01").value == 1


def test_options_come_in_the_order_of_the_evaluation() -> None:
    two = [build.deployment("x"), build.deployment("a")]
    products = [
        build.product_answers({"AAA-01": build.answer(1, "claim")}, product=name, deployments=two)
        for name in ("q", "b")
    ]
    every = build.inputs(SCALES, EQUAL, *products)
    assert [card.option for card in score(every)] == ["b/x", "b/a", "q/x", "q/a"]
    chosen = build.inputs(SCALES, EQUAL, *products, options=("q/a", "b/x"))
    assert [(card.product, card.deployment) for card in score(chosen)] == [("q", "a"), ("b", "x")]


def test_deployments_share_the_general_answer_and_differ_by_override() -> None:
    own = {"cloud": build.statement(4, "tested")}
    answers = build.product_answers(
        {"AAA-01": build.answer(1, "tested", deployments=own), "BBB-01": build.answer(2, "tested")},
        deployments=[build.deployment(), build.deployment("cloud")],
    )
    direct, cloud = score(build.inputs(SCALES, EQUAL, answers))
    assert (direct.question("AAA-01").low, cloud.question("AAA-01").low) == (0.25, 1)
    assert (direct.question("AAA-01").record, cloud.question("AAA-01").record) == ("*", "cloud")
    assert direct.question("BBB-01") == cloud.question("BBB-01")


def test_a_weight_changes_the_rank() -> None:
    """One is good at A, the other at B; the heavier domain decides."""
    products = [
        build.product_answers(
            {"AAA-01": build.answer(level, "tested"), "BBB-01": build.answer(4 - level, "tested")},
            product=name,
        )
        for name, level in (("one", 4), ("two", 0))
    ]
    leaders = []
    for heavy in ("aaa", "bbb"):
        policy = build.profile({"aaa": 1, "bbb": 1} | {heavy: 3})
        cards = score(build.inputs(SCALES, policy, *products))
        leaders.append(max(cards, key=lambda card: card.span.assured if card.span else 0).product)
    assert leaders == ["one", "two"]


def test_a_value_that_the_question_does_not_allow_is_an_error() -> None:
    with pytest.raises(ValueError, match="AAA-01"):
        score(of({"AAA-01": build.answer(7, "claim")}))


def test_text_is_never_scored() -> None:
    bare = build.answer(2, "claim")
    told = bare.model_copy(update={"finding": "Excellent in every respect.", "also": "0 days"})
    assert score(of({"AAA-01": told})) == score(of({"AAA-01": bare}))


def test_evidence_without_a_date_is_an_error() -> None:
    inputs = of({"AAA-01": build.answer(2, build.item("claim", collected=None))})
    with pytest.raises(ValueError, match="no date"):
        score_option(inputs, inputs.options()[0])


def test_a_scorecard_finds_its_questions_by_id() -> None:
    [card] = score(of({"AAA-01": build.answer(2, "claim")}))
    assert card.is_scored
    assert card.question("BBB-01").domain == "bbb"
    assert not card.question("BBB-01").is_answered
    with pytest.raises(KeyError, match="ZZZ-01"):
        card.question("ZZZ-01")


def test_as_stated_all_but_the_other_evidence_tables_is_the_same() -> None:
    inputs = load_inputs(Path(__file__).parents[2] / "results" / "coding-agents-2026")
    for option in inputs.options()[::5]:
        card = score_option(inputs, option)
        assert score_as_stated(inputs, option) == replace(card, strict=card.finding, lenient=card.finding)
