"""What a board is told: the decision, the short list, and everything that stands behind them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
from evalkit.views.board.making import MOST, SHORT_LIST, board_brief
from tests.views.conftest import small

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.board.brief import BoardBrief
    from evalkit.views.comparison import Comparison


def brief_of(inputs: EvaluationInputs, *short_list: str) -> BoardBrief:
    return board_brief(inputs, score(inputs), robustness(inputs, draws=200), short_list=short_list)


def only(inputs: EvaluationInputs, *options: str) -> EvaluationInputs:
    return replace(inputs, evaluation=inputs.evaluation.model_copy(update={"options": options}))


def at(inputs: EvaluationInputs, approve_at: float) -> EvaluationInputs:
    """The same with another mark for approval."""
    limits = inputs.profile.thresholds.model_copy(update={"approve_at": approve_at})
    return replace(inputs, profile=inputs.profile.model_copy(update={"thresholds": limits}))


def unanswered(inputs: EvaluationInputs, product: str) -> EvaluationInputs:
    empty = inputs.answers[product].model_copy(update={"answers": {}})
    return replace(inputs, answers={**inputs.answers, product: empty})


@pytest.fixture(scope="module")
def whole(all_shipped: Comparison) -> BoardBrief:
    return board_brief(all_shipped.inputs, all_shipped.cards, robustness(all_shipped.inputs, draws=200))


def test_the_short_list_is_the_best_by_verdict_then_by_assured_score(whole: BoardBrief) -> None:
    assert [one.letter for one in whole.short_list] == ["A", "B", "C", "D"]
    assert len(whole.short_list) == SHORT_LIST
    assert {one.line.verdict for one in whole.short_list} == {"defer"}
    spans = [one.line.span for one in whole.short_list]
    assured = [span.assured for span in spans if span]
    assert assured == sorted(assured, reverse=True)
    assert not whole.chosen


def test_a_rejected_option_never_stands_above_one_that_is_not(all_shipped: Comparison) -> None:
    rejected, deferred = "github-copilot/cloud-agent", "amazon-q/kiro-ide"  # the first has more assured
    sure = robustness(all_shipped.inputs, draws=200)
    brief = board_brief(all_shipped.inputs, all_shipped.cards, sure, short_list=(rejected, deferred))
    assert [one.line.option for one in brief.short_list] == [deferred, rejected]
    assert brief.chosen
    assert brief.first_over_second is not None
    assert brief.first_over_second.by_verdict
    assert brief.first_over_second.difference < 0


def test_all_options_are_there_in_the_order_of_the_ranking(whole: BoardBrief) -> None:
    assert len(whole.options) == 39
    places = [line.place for line in whole.options if line.place]
    assert places == sorted(places)
    assert sum(amount for _, amount in whole.verdicts) == 39


def test_the_parts_of_the_difference_sum_to_it(whole: BoardBrief) -> None:
    why = whole.first_over_second
    assert why is not None
    assert math.fsum(part.difference for part in why.parts) == pytest.approx(why.difference)
    first, second = (one.line.span for one in whole.short_list[:2])
    assert first is not None
    assert second is not None
    assert why.difference == pytest.approx(first.assured - second.assured)


def test_the_causes_of_what_is_unverified_sum_to_the_width(whole: BoardBrief) -> None:
    for one in whole.short_list:
        assert one.unverified is not None
        assert one.line.span is not None
        width = one.line.span.potential - one.line.span.assured
        assert math.fsum(share for _, share in one.unverified.causes) == pytest.approx(width)


def test_every_condition_stands_once_with_the_questions_it_serves(whole: BoardBrief) -> None:
    first = whole.short_list[0]
    conditions = [it for it in first.to_do if it.kind != "evidence"]
    assert len({it.id for it in conditions}) == len(conditions) > 0
    assert all(it.serves for it in conditions)
    shared = next(it for it in conditions if it.id == "CC-APP-02")
    assert shared.serves == ("Bypass mode", "Model as approver", "Unattended runs")
    assert [it.kind for it in first.to_do[:1]] == ["evidence"]


def test_a_board_is_asked_to_defer_where_evidence_is_missing(whole: BoardBrief) -> None:
    assert whole.decision.startswith("The board is asked to defer its decision until 3 pieces of evidence")
    assert "option A with internal and confidential data: Claude Code: " in whole.decision


def test_a_board_is_asked_to_approve_what_is_sufficient(shipped: EvaluationInputs) -> None:
    brief = brief_of(at(shipped, 0.3))
    assert brief.short_list[0].line.verdict == "approve"
    assert brief.decision.startswith("The board is asked to approve option A")
    assert brief.short_list[0].to_do == ()


def test_a_board_is_asked_to_approve_under_conditions(shipped: EvaluationInputs) -> None:
    brief = brief_of(at(shipped, 0.42))
    first = brief.short_list[0]
    assert first.line.verdict == "approve-with-conditions"
    assert f"under {len(first.to_do)} conditions, each with an owner and a date" in brief.decision
    assert first.reached is not None
    assert first.reached >= 0.42 - 1e-9


def test_a_board_is_asked_to_reject_where_nothing_helps(all_shipped: Comparison) -> None:
    brief = brief_of(only(all_shipped.inputs, "aider/bedrock", "opencode/zen"))
    assert brief.decision == (
        "The board is asked to reject all 2 options compared: none is sufficient, whatever evidence might"
        " still show."
    )


def test_a_board_is_asked_to_wait_where_nothing_was_answered(all_shipped: Comparison) -> None:
    brief = brief_of(only(unanswered(all_shipped.inputs, "aider"), "aider/bedrock", "aider/gateway"))
    assert "postpone" in brief.decision
    assert (brief.certainty, brief.first_over_second, brief.routes, brief.silence) == (None, None, None, ())
    assert len(brief.not_scored) == len(brief.short_list) == 2
    assert all("silence gives no score" in line.why_not_scored for line in brief.not_scored)


def test_an_option_without_answers_is_named_and_stays_off_the_short_list(all_shipped: Comparison) -> None:
    inputs = only(unanswered(all_shipped.inputs, "aider"), "aider/bedrock", "claude-code/bedrock")
    brief = brief_of(inputs)
    assert [one.line.option for one in brief.short_list] == ["claude-code/bedrock"]
    assert [line.option for line in brief.not_scored] == ["aider/bedrock"]


def test_one_option_has_no_ranking_and_no_second() -> None:
    brief = brief_of(small())
    assert (brief.certainty, brief.first_over_second, brief.routes) == (None, None, None)
    assert len(brief.short_list) == 1


def test_routes_show_the_deployments_of_the_first_product_that_has_several(whole: BoardBrief) -> None:
    found = whole.routes
    assert found is not None
    assert found.product == "Claude Code"
    assert len(found.names) == len(set(found.names)) == 5
    for line in found.lines:
        assert len(line.answers) == 5
        assert len(set(line.answers)) > 1


def test_more_options_than_a_page_shows_side_by_side_are_refused(all_shipped: Comparison) -> None:
    named = [card.option for card in all_shipped.cards[: MOST + 1]]
    sure = robustness(all_shipped.inputs, draws=50)
    with pytest.raises(EvalkitError, match="7 options are named for the short list; allowed are 6"):
        board_brief(all_shipped.inputs, all_shipped.cards, sure, short_list=named)


def test_no_option_at_all_is_refused(shipped: EvaluationInputs) -> None:
    inputs = only(shipped)
    with pytest.raises(EvalkitError, match="compares no option"):
        board_brief(inputs, (), robustness(inputs, draws=50))


def test_long_names_are_cut_where_what_tells_options_apart_stays(shipped: EvaluationInputs) -> None:
    answers = shipped.answers["claude-code"]
    product = answers.product.model_copy(update={"name": "w" * 5000})
    inputs = replace(shipped, answers={"claude-code": answers.model_copy(update={"product": product})})
    names = [one.line.name for one in brief_of(inputs).short_list]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) < 200
    assert all("…: " in name for name in names)


def test_standings_follow_the_floor_and_the_mark_of_the_profile(whole: BoardBrief) -> None:
    limits = whole.thresholds
    shares = (None, limits.domain_floor - 0.01, limits.domain_floor, limits.approve_at)
    assert [whole.standing(share) for share in shares] == ["none", "low", "partly", "good"]
