"""What changed between two states: what is named, and causes that sum to what the score did."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from evalkit.errors import EvalkitError
from evalkit.model.answers import Comment, Review
from evalkit.model.change import CAUSES, Change, OptionChange
from evalkit.model.condition import AnswerCondition, FactCondition
from evalkit.scoring.change import change
from evalkit.scoring.change_contents import changed_evidence
from evalkit.scoring.change_steps import steps
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations

if TYPE_CHECKING:
    from evalkit.model.answers import Answer, ProductAnswers
    from evalkit.model.evaluation import EvaluationInputs

LATER = build.AS_OF + timedelta(days=400)
SOURCES = {"s": build.source(build.AS_OF)}
DEFAULT = {"AAA-01": build.answer(4, "tested"), "BBB-01": build.answer(2, "documented")}


def evaluation(answers: dict[str, Answer] | None = None, **product: Any) -> EvaluationInputs:  # noqa: ANN401 - as the builder takes them
    """Two questions of weight one half each; BBB-01 has a gate that asks for level 2, documented."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01")]})
    policy = build.profile(
        {"aaa": 1, "bbb": 1}, limits=build.thresholds(0.5), gates=[build.gate("BBB-01", at_least=2)]
    )
    said = build.product_answers(DEFAULT | (answers or {}), sources=SOURCES, **product)
    return build.inputs(instrument, policy, said)


def changed(a: EvaluationInputs, b: EvaluationInputs, **rest: Any) -> Change:  # noqa: ANN401 - as the function takes them
    return change(a, b, score(a), score(b), **rest)


def only(found: Change) -> OptionChange:
    (option,) = found.options
    return option


def only_part(found: Change) -> tuple[str, str | None, Any]:
    (part,) = only(found).parts
    return part.cause, part.question, part.amount


def by_cause(option: OptionChange) -> dict[str, float]:
    causes = dict.fromkeys(part.cause for part in option.parts)
    return {
        cause: round(math.fsum(part.amount for part in option.parts if part.cause == cause), 9)
        for cause in causes
    }


def as_of(inputs: EvaluationInputs, day: date) -> EvaluationInputs:
    return replace(inputs, evaluation=inputs.evaluation.model_copy(update={"as_of": day}))


def with_product(inputs: EvaluationInputs, **facts: object) -> EvaluationInputs:
    said = inputs.answers["p"]
    product = said.product.model_copy(update=facts)
    return replace(inputs, answers={"p": said.model_copy(update={"product": product})})


def test_nothing_is_told_where_nothing_changed() -> None:
    a, b = evaluation(), evaluation()
    found = changed(a, b)
    assert found.is_empty
    assert only(found).parts == ()


def test_ticks_and_evidence_in_another_order_are_no_change() -> None:
    one, other = build.item("tested"), build.item("documented", 3)
    a = evaluation({"AAA-01": build.answer(4, one, other)})
    b = evaluation({"AAA-01": build.answer(4, other, one)})
    assert changed(a, b).is_empty


def test_another_answer_is_told_with_what_it_adds() -> None:
    """By hand: weight ½ × (v⁻ of level 1 − v⁻ of level 4), tested both: ½ × (.25 − 1) = −.375."""
    found = changed(evaluation(), evaluation({"AAA-01": build.answer(1, "tested")}))
    (said,) = found.statements
    assert (said.product, said.question, said.scope, said.is_answer) == ("p", "AAA-01", "*", True)
    assert said.evidence == ()
    assert only_part(found) == ("answer", "AAA-01", pytest.approx(-0.375))


def test_the_same_answer_on_other_evidence_is_told_as_evidence() -> None:
    """By hand: documented has a slack of two levels of four, ½ × (.5 − 1)."""
    found = changed(evaluation(), evaluation({"AAA-01": build.answer(4, "documented")}))
    (said,) = found.statements
    assert not said.is_answer
    assert [each.fate for each in said.evidence] == ["changed"]
    assert only_part(found) == ("evidence", "AAA-01", pytest.approx(-0.25))


def test_evidence_that_expired_by_the_day_is_told_though_nobody_changed_it() -> None:
    found = changed(evaluation(), as_of(evaluation(), LATER))
    assert found.statements == ()
    assert {it.question: (it.before.stale, it.after.stale) for it in found.readings} == {
        "AAA-01": (False, True),
        "BBB-01": (False, True),
    }
    assert not any(it.is_stated for it in found.readings)
    assert set(by_cause(only(found))) == {"date"}
    (thing,) = found.things
    assert [(field.path, field.new) for field in thing.fields] == [("as_of", LATER.isoformat())]


def test_a_day_before_renews_what_had_expired() -> None:
    found = changed(as_of(evaluation(), LATER), evaluation())
    assert by_cause(only(found))["date"] > 0


def test_a_test_of_another_version_is_told_as_the_version() -> None:
    found = changed(evaluation(), with_product(evaluation(), version="2.0"))
    assert set(by_cause(only(found))) == {"version"}


def test_facts_that_let_a_question_apply_are_told_as_facts() -> None:
    a = evaluation()
    hooks = FactCondition(fact="features", includes_any=("hooks",))
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01", applies_if=hooks)]}
    )
    a = replace(a, questionnaire=instrument)
    found = changed(a, with_product(a, features=("hooks",)))
    assert set(by_cause(only(found))) == {"facts"}


def test_what_another_answer_lets_apply_is_told_apart_from_the_answer() -> None:
    asked = AnswerCondition(answer="AAA-01", at_least=2)
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01", applies_if=asked)]}
    )
    a = replace(evaluation(), questionnaire=instrument)
    b = replace(evaluation({"AAA-01": build.answer(1, "tested")}), questionnaire=instrument)
    found = only(changed(a, b))
    assert found.difference == pytest.approx(sum(by_cause(found).values()), abs=1e-12)
    assert set(by_cause(found)) == {"answer", "applicability"}


def test_weights_and_gates_of_the_profile_are_told_by_their_path() -> None:
    a = evaluation()
    policy = build.profile(
        {"aaa": 3, "bbb": 1}, limits=build.thresholds(0.5), gates=[build.gate("BBB-01", at_least=3)]
    )
    found = changed(a, replace(a, profile=policy))
    (thing,) = found.things
    assert (thing.kind, {field.path: (field.old, field.new) for field in thing.fields}) == (
        "profile",
        {"domain_weights.aaa": (1, 3), "gates.BBB-01.at_least": (2, 3)},
    )
    assert set(by_cause(only(found))) == {"profile"}
    (tip,) = [tip for tip in only(found).tips if tip.kind == "gate"]
    assert (tip.id, tip.before, tip.after, tip.is_met) == ("BBB-01", "pass", "fail", False)
    assert [(turn.cause, turn.question) for turn in only(found).turns] == [("profile", None)]


def test_other_points_of_a_level_are_told_as_the_questionnaire() -> None:
    a = evaluation()
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01", (0, 25, 50, 75, 90))], "bbb": [build.scale("BBB-01")]}
    )
    found = changed(a, replace(a, questionnaire=instrument))
    (thing,) = found.things
    assert (thing.kind, thing.id) == ("question", "AAA-01")
    assert [field.path for field in thing.fields] == ["levels.4.points"]
    assert only_part(found) == ("questionnaire", "AAA-01", pytest.approx(-0.05))


def test_retired_and_new_questions_and_domains_are_told_and_still_sum() -> None:
    a = evaluation()
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-02")], "ccc": [build.number("CCC-01", ((7, 100), (30, 50)))]}
    )
    policy = build.profile({"aaa": 1, "ccc": 2}, limits=build.thresholds(0.5))
    said = build.product_answers(
        {"AAA-02": build.answer(3, "tested"), "CCC-01": build.answer(7, "tested")}, sources=SOURCES
    )
    b = build.inputs(instrument, policy, said)
    found = changed(a, b)
    fates = {(it.kind, it.id): it.fate for it in found.things}
    assert fates["question", "AAA-01"] == "removed"
    assert fates["question", "CCC-01"] == "added"
    assert fates["domain", "ccc"] == "added"
    option = only(found)
    assert option.difference == pytest.approx(math.fsum(p.amount for p in option.parts), abs=1e-12)


def test_an_answer_that_a_question_no_longer_allows_is_taken_from_the_later_state() -> None:
    a = evaluation()
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01", (0, 50, 100))], "bbb": [build.scale("BBB-01")]}
    )
    b = replace(evaluation({"AAA-01": build.answer(1, "tested")}), questionnaire=instrument)
    (first, *_) = steps(a, b)
    assert first.cause == "questionnaire"
    assert first.inputs.answers["p"].answers["AAA-01"].value == 1
    option = only(changed(a, b))
    assert by_cause(option) == {"questionnaire": pytest.approx(-0.25)}


def test_the_answer_that_turned_a_verdict_is_named() -> None:
    a = evaluation({"AAA-01": build.answer(4, "tested"), "BBB-01": build.answer(4, "tested")})
    b = evaluation({"AAA-01": build.answer(3, "tested"), "BBB-01": build.answer(0, "tested")})
    option = only(changed(a, b))
    (turn,) = option.turns
    assert (turn.cause, turn.question, turn.before, turn.after) == ("answer", "BBB-01", "approve", "reject")
    assert {(tip.kind, tip.id) for tip in option.tips} == {("gate", "BBB-01"), ("assured", "")}


def test_thresholds_that_rise_past_a_score_tip_the_requirement() -> None:
    a = evaluation()
    limits = a.profile.thresholds.model_copy(update={"approve_at": 0.99, "minimum_coverage": 1.0})
    found = changed(a, replace(a, profile=a.profile.model_copy(update={"thresholds": limits})))
    (tip,) = only(found).tips
    assert (tip.kind, tip.needed_before, tip.needed_after, tip.is_met) == ("assured", 0.5, 0.99, False)
    assert only(found).parts == ()


def test_controls_and_waivers_turn_verdicts_and_move_no_score() -> None:
    a = evaluation({"BBB-01": build.answer(0, "tested")})
    mitigable = [build.gate("BBB-01", at_least=2, mitigable=True)]
    policy = build.profile({"aaa": 1, "bbb": 1}, limits=build.thresholds(0.4), gates=mitigable)
    a = replace(a, profile=policy)
    controlled = replace(a, controls={"p": build.control_file(build.control("PP-OFF-01", {"BBB-01": 4}))})
    found = changed(a, controlled)
    assert [(it.kind, it.id, it.fate) for it in found.things] == [("control", "p/PP-OFF-01", "added")]
    assert only(found).parts == ()
    waived = replace(
        a, evaluation=a.evaluation.model_copy(update={"waivers": (build.waiver("p/direct", "BBB-01"),)})
    )
    option = only(changed(a, waived))
    assert [(turn.cause, turn.after) for turn in option.turns] == [("waivers", "approve")]
    assert [(tip.id, tip.after) for tip in option.tips] == [("BBB-01", "waived")]


def test_overrides_findings_sign_offs_and_remarks_are_told_by_scope() -> None:
    deployments = (build.deployment(), build.deployment("bedrock", route="aws_bedrock"))
    a = evaluation(deployments=deployments)
    own = {"bedrock": build.statement(1, "tested")}
    review = Review(by="Reviewer", on=build.AS_OF)
    remark = Comment(by="Reviewer", on=build.AS_OF, text="Look again.")
    first = DEFAULT["AAA-01"].model_copy(update={"reviewed": review, "comments": (remark,), "finding": "So."})
    b = evaluation({"AAA-01": first.model_copy(update={"deployments": own})}, deployments=deployments)
    found = changed(a, b)
    general, override = found.statements
    assert (general.scope, general.is_answer, general.remarks) == ("*", False, 1)
    assert general.after is not None
    assert general.after.reviewed == review
    assert (override.scope, override.before, override.is_answer) == ("bedrock", None, True)
    assert [it.options for it in found.readings] == [("p/bedrock",)]
    direct, bedrock = found.options
    assert not direct.is_changed
    assert by_cause(bedrock) == {"answer": pytest.approx(-0.375)}


def test_options_that_come_and_go_have_no_causes() -> None:
    deployments = (build.deployment(), build.deployment("bedrock", route="aws_bedrock"))
    a, b = evaluation(), evaluation(deployments=deployments)
    kept, added = changed(a, b).options
    assert (kept.is_changed, added.before, added.parts) == (False, None, ())
    kept, removed = changed(b, a).options
    assert (removed.option, removed.after, removed.difference) == ("p/bedrock", None, None)
    assert removed.card.option == "p/bedrock"


def test_an_option_without_a_score_in_one_state_has_no_parts_and_still_its_turn() -> None:
    a = evaluation()
    nothing = build.product_answers({}, sources=SOURCES)
    option = only(changed(replace(a, answers={"p": nothing}), a))
    assert (option.parts, option.difference, option.tips) == ((), None, ())
    assert [turn.before for turn in option.turns][:1] == ["not-scorable"]


def test_answers_that_are_all_withdrawn_turn_the_verdict_together() -> None:
    a = evaluation()
    b = replace(a, answers={"p": build.product_answers({}, sources=SOURCES)})
    option = only(changed(a, b))
    assert [(turn.cause, turn.question, turn.after) for turn in option.turns] == [
        ("answer", None, "not-scorable")
    ]


def test_an_option_of_neither_state_has_no_scorecard() -> None:
    nowhere = OptionChange("p/direct", None, None)
    assert not nowhere.is_changed
    with pytest.raises(ValueError, match="p/direct is compared in neither state"):
        _ = nowhere.card


def test_an_option_that_is_no_longer_eligible_is_turned_by_the_profile() -> None:
    a = evaluation()
    rule = FactCondition(fact="features", includes_any=("hooks",))
    b = replace(a, profile=a.profile.model_copy(update={"eligibility": rule}))
    option = only(changed(a, b))
    assert [(turn.cause, turn.after) for turn in option.turns] == [("profile", "not-eligible")]
    both = with_product(b, features=("hooks",), version="2.0")
    assert [turn.after for turn in only(changed(a, both)).turns] == ["not-eligible", "defer"]


def test_answers_of_assessors_are_told_with_their_names() -> None:
    a = evaluation()
    files: list[ProductAnswers] = [
        build.product_answers({"AAA-01": build.answer(level, "tested")}, sources=SOURCES)
        for level in (4, 3, 1)
    ]
    empty = {"p": build.product_answers({}, sources=SOURCES)}
    before = replace(a, answers=empty, assessors={"p": {"ann": files[0], "ben": files[1]}})
    after = replace(a, answers=empty, assessors={"p": {"ann": files[0], "ben": files[2]}})
    found = changed(before, after)
    assert [(it.assessor, it.is_answer) for it in found.statements] == [("ben", True)]
    assert by_cause(only(found)) == {"answer": pytest.approx(-0.25)}


def test_only_some_options_are_told_about_with_their_products() -> None:
    a, b = evaluation(), as_of(evaluation({"AAA-01": build.answer(1, "tested")}), LATER)
    found = changed(a, b, only={"p/other"})
    assert (found.options, found.statements, found.readings) == ((), (), ())
    assert [it.kind for it in found.things] == ["evaluation"]
    assert only(changed(a, b, only={"p/direct"})).is_changed


def test_two_questionnaires_cannot_be_compared() -> None:
    a = evaluation()
    header = a.questionnaire.header.model_copy(update={"id": "another"})
    other = replace(a, questionnaire=replace(a.questionnaire, header=header))
    with pytest.raises(EvalkitError, match=r"test is answered on test@1\.0\.0 and test on another@1\.0\.0"):
        changed(a, other)


def test_evidence_is_followed_by_its_place_then_its_class_then_its_source() -> None:
    old = build.item("documented").model_copy(update={"locator": "p. 1"})
    moved = old.model_copy(update={"locator": "p. 2"})
    stronger = old.model_copy(update={"evidence_class": "contract"})
    other = build.item("claim", source="t")
    assert [(it.before, it.after) for it in changed_evidence((old,), (stronger, other))] == [
        (old, stronger),
        (None, other),
    ]
    assert [it.fate for it in changed_evidence((old, other), (moved,))] == ["changed", "removed"]
    assert [it.fate for it in changed_evidence((old, old), (old,))] == ["removed"]
    assert changed_evidence((old, other), (other, old)) == ()


@given(evaluations(Traits(products=2)), evaluations(Traits(products=2)))
def test_causes_sum_to_the_difference_between_any_two_evaluations(
    a: EvaluationInputs, b: EvaluationInputs
) -> None:
    """Not two states of one, but any two: other questions, answers, weights, gates, conditions, controls."""
    b = as_of(b, build.AS_OF + timedelta(days=100))
    found = changed(a, b)
    for option in found.options:
        if option.difference is None:
            assert option.parts == ()
        else:
            total = math.fsum(part.amount for part in option.parts)
            assert total == pytest.approx(option.difference, abs=1e-9)
        if option.before and option.after:
            path = [option.before.finding.verdict, *(turn.after for turn in option.turns)]
            assert path[-1] == option.after.finding.verdict
            assert [turn.before for turn in option.turns] == path[:-1]
        places = [CAUSES.index(part.cause) for part in option.parts]
        assert places == sorted(places)
    back = changed(b, a)
    assert back.is_empty == found.is_empty
    assert len(back.statements) == len(found.statements)


@given(evaluations(Traits(products=2)))
def test_an_evaluation_does_not_differ_from_itself(a: EvaluationInputs) -> None:
    assert changed(a, a).is_empty
