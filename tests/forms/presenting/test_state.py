from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.forms.presenting.state import Presentation
from evalkit.forms.presenting.supposition import key_of
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score, score_as_stated
from evalkit.scoring.verdict import Standing, condition_effects
from evalkit.views.board.making import board_brief
from evalkit.views.export import ranks
from evalkit.views.spoken import speaking
from tests.forms.presenting.conftest import SHIPPED
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Finding, Span


def span_of(state: Presentation, option: str) -> Span:
    span = state.outcomes()[option].span
    assert span is not None
    return span


def finding_of(state: Presentation, option: str) -> Finding:
    inputs = state.inputs
    return score_as_stated(inputs, next(it for it in inputs.options() if it.id == option)).finding


def all_done(state: Presentation, option: str) -> Presentation:
    return state.supposing(option, state.way(option).keys)


def gated(answer: int = 0, *, mitigable: bool = True) -> EvaluationInputs:
    """One option that fails a gate."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    profile = build.profile({"aaa": 1}, gates=[build.gate("AAA-01", at_least=2, mitigable=mitigable)])
    answers = {"AAA-01": build.answer(answer, "tested"), "AAA-02": build.answer(4, "tested")}
    said = build.product_answers(answers, deployments=[build.deployment()])
    return build.inputs(instrument, profile, said)


def test_the_start_is_the_evaluation(shown: Presentation) -> None:
    cards = {card.option: card for card in score(shown.inputs)}
    places = ranks(tuple(cards.values()))
    for one in shown.shown:
        now, card = shown.outcomes()[one.option], cards[one.option]
        assert (now.span, now.coverage, now.rank) == (card.span, card.coverage, places[one.option])
        assert now.finding.verdict == card.finding.verdict == one.stated
        assert [(now, stated) for _, now, stated in shown.gates(one)] == [
            (gate.result, gate.result) for gate in card.gates
        ]
    assert not shown.is_supposed


def test_everything_done_is_sufficient_and_reaches_what_the_way_out_says(shown: Presentation) -> None:
    for one in shown.shown:
        after = all_done(shown, one.option)
        finding = finding_of(shown, one.option)
        last = (finding.conditions or finding.evidence)[-1]
        assert after.outcomes()[one.option].finding.verdict == "approve"
        # A control that is there for one question counts for all that it shows, also beyond the way out.
        assert span_of(after, one.option).assured >= last.assured_after - 1e-12
    first = shown.shown[0].option
    reached = finding_of(shown, first).conditions[-1].assured_after
    assert span_of(all_done(shown, first), first).assured == pytest.approx(reached, abs=1e-12)


def test_the_way_of_an_option_is_that_of_the_boards_documents(shown: Presentation) -> None:
    robust = robustness(shown.inputs, draws=50)
    brief = board_brief(shown.inputs, score(shown.inputs), robust)
    assert [(it.letter, it.line.option, it.to_do) for it in brief.short_list] == [
        (one.letter, one.option, one.way.to_do) for one in shown.shown if one.way is not None
    ]


def test_a_control_shows_its_level_only_with_what_it_must_be_deployed_with(shown: Presentation) -> None:
    one = shown.shown[0]
    assert one.way is not None
    effect = next(it for it in condition_effects(one.way.case) if len(it.conditions) > 1)
    keys = frozenset(f"{it.kind}:{it.id}" for it in effect.conditions)
    assert keys <= one.way.keys
    alone = one.way.supposing(keys - {f"control:{effect.id[0]}"})
    assert alone.readings[effect.question] == one.way.case.readings[effect.question]
    assert one.way.supposing(keys).readings[effect.question].low >= effect.low


def test_each_tick_gives_the_standing_that_scoring_gives(shown: Presentation) -> None:
    one = shown.shown[1]
    assert one.way is not None
    done: frozenset[str] = frozenset()
    for it in one.way.to_do:
        done |= {key_of(it)}
        state = shown.supposing(one.option, done)
        standing = Standing.of(one.way.supposing(done))
        assert span_of(state, one.option).assured == pytest.approx(standing.assured(), abs=1e-12)
        assert (state.outcomes()[one.option].finding.verdict == "approve") == standing.suffices()


def test_no_tick_lowers_a_score_or_goes_beyond_what_is_certain(shown: Presentation) -> None:
    one = shown.shown[0]
    before, done = span_of(shown, one.option), frozenset[str]()
    for key in sorted(shown.way(one.option).keys):
        done |= {key}
        now = span_of(shown.supposing(one.option, done), one.option)
        assert before.assured <= now.assured <= now.expected <= now.potential <= 1
        assert before.expected <= now.expected
        before = now


def test_a_tick_touches_no_other_option_but_its_rank(shown: Presentation) -> None:
    one, *others = shown.shown
    after = all_done(shown, one.option)
    for other in others:
        assert span_of(after, other.option) == span_of(shown, other.option)


def test_a_remedy_lifts_its_gate_and_no_score() -> None:
    shown = Presentation.of(gated())
    (one,) = shown.shown
    assert one.stated == "approve-with-conditions"
    after = shown.supposing(one.option, frozenset({"remedy:AAA-01"}))
    assert shown.gates(one)[0][1:] == ("fail", "fail")
    assert after.gates(one)[0][1:] == ("waived", "fail")
    assert after.outcomes()[one.option].finding.verdict == "approve"
    assert span_of(after, one.option) == span_of(shown, one.option)


def test_for_a_final_gate_that_fails_nothing_can_be_supposed() -> None:
    (one,) = Presentation.of(gated(mitigable=False)).shown
    assert one.stated == "reject"
    assert one.way is not None
    assert one.way.to_do == ()


def test_other_weights_are_another_profile_scored_in_full(shown: Presentation) -> None:
    state = shown.weighing("storage", 25).weighing("approvals", 3)
    weights = {**shown.stated_weights, "storage": 25, "approvals": 3}
    profile = shown.inputs.profile.model_copy(update={"domain_weights": weights})
    cards = score(replace(shown.inputs, profile=profile))
    places = ranks(cards)
    for card in cards:
        now = state.outcomes()[card.option]
        assert (now.finding.verdict, now.rank) == (card.finding.verdict, places.get(card.option))
        if card.span is not None:
            span = span_of(state, card.option)
            assert (span.assured, span.expected, span.potential) == pytest.approx(
                (card.span.assured, card.span.expected, card.span.potential), abs=1e-12
            )


def test_weights_and_ticks_in_either_order_are_the_same(shown: Presentation) -> None:
    option = shown.shown[0].option
    one = all_done(shown.weighing("storage", 25), option)
    other = all_done(shown, option).weighing("storage", 25)
    assert one.what_if.outcomes == other.what_if.outcomes
    assert one.changed_weights == other.changed_weights == ("storage",)


def test_going_back_restores_the_evaluation(shown: Presentation) -> None:
    changed = all_done(shown.weighing("storage", 25), shown.shown[0].option)
    assert changed.is_supposed
    assert changed.back() == shown
    unticked = changed.supposing(shown.shown[0].option, frozenset()).with_stated_weights()
    assert unticked == shown
    assert not unticked.is_supposed


def test_stated_weights_keep_what_is_supposed_to_be_done(shown: Presentation) -> None:
    option = shown.shown[0].option
    state = all_done(shown.weighing("storage", 25), option).with_stated_weights()
    assert state == all_done(shown, option)


def test_six_options_can_be_named_and_stand_best_first(shown: Presentation) -> None:
    named = [one.option for one in reversed(shown.shown)] + ["aider/bedrock"]
    listed = Presentation.of(shown.inputs, named)
    assert [one.option for one in listed.shown] == [*(one.option for one in shown.shown), "aider/bedrock"]
    assert [one.letter for one in listed.shown] == list("ABCDE")


def test_what_cannot_be_shown_is_refused(shown: Presentation) -> None:
    every = [option.id for option in shown.inputs.options()]
    with pytest.raises(EvalkitError, match="7 options are named for the short list; allowed are 6"):
        Presentation.of(shown.inputs, every[:7])
    with pytest.raises(EvalkitError, match="'aider/nowhere' is no option of this evaluation; options are"):
        Presentation.of(shown.inputs, ["aider/nowhere"])
    with pytest.raises(EvalkitError, match="compares no option"):
        Presentation.of(replace(shown.inputs, answers={}))


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf"), 1000.0])
def test_a_weight_that_no_slider_has_is_refused(shown: Presentation, weight: float) -> None:
    with pytest.raises(ValueError, match="storage: weight"):
        shown.weighing("storage", weight)


def test_what_is_not_to_be_done_cannot_be_supposed(shown: Presentation) -> None:
    with pytest.raises(ValueError, match="control:XX-XX-01 is not to be done"):
        shown.supposing(shown.shown[0].option, frozenset({"control:XX-XX-01"}))
    with pytest.raises(ValueError, match="nothing is to be done for 'aider/bedrock'"):
        shown.supposing("aider/bedrock", frozenset())


def test_another_profile_is_stated_where_one_is_named() -> None:
    shown = Presentation.of(load_inputs(SHIPPED, profile="regulated"))
    assert shown.stated_weights == shown.inputs.profile.domain_weights
    assert shown.inputs.profile.id == "regulated"


def test_names_of_options_do_not_depend_on_the_language(shown: Presentation) -> None:
    with speaking({"live": {"WAS": "war {what}"}}):
        assert Presentation.of(shown.inputs).shown == shown.shown
