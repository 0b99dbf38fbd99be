"""Waterfalls, and the fewest answers that turn the order of two options."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalkit.model.condition import FactCondition
from evalkit.model.explanation import ScoreName
from evalkit.model.scorecard import Finding
from evalkit.scoring.explanation import (
    Means,
    face_waterfall,
    fewest_answer_changes,
    normalised_weights,
    shared_questions,
    values_of,
    waterfall,
)
from evalkit.scoring.score import case_of, score
from evalkit.scoring.verdict import Case, best_case
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations
from tests.scoring.test_worked_example import example

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.explanation import AnswerChange
    from evalkit.model.scorecard import Scorecard

CLOSE = 1e-12
SCORES: tuple[ScoreName, ...] = get_args(ScoreName)
ONLY_BEDROCK = FactCondition(fact="routes", includes_any=("aws_bedrock",))
randoms = st.randoms(use_true_random=False)


def cases_of(inputs: EvaluationInputs) -> dict[str, Case]:
    found = {option.id: case_of(inputs, option) for option in inputs.options()}
    return {name: case for name, case in found.items() if not isinstance(case, Finding)}


def pair_of(rng: Random, inputs: EvaluationInputs) -> tuple[str, str]:
    cases = cases_of(inputs)
    assume(len(cases) > 1)
    one, other = rng.sample(sorted(cases), 2)
    return one, other


def card_of(inputs: EvaluationInputs, option: str) -> Scorecard:
    return next(card for card in score(inputs) if card.option == option)


def test_the_waterfall_of_a_and_c_is_that_of_the_example() -> None:
    cases = cases_of(example())
    result = waterfall(cases["a/direct"], cases["c/direct"]).assured
    bars = {bar.question: bar.answers for domain in result.domains for bar in domain.questions}
    assert bars == pytest.approx(
        {
            "TRA-07": 0,
            "TRA-03": 0.025,
            "APP-04": 0.04375,
            "APP-06": -0.04375,
            "RET-02": 0.125,
            "RET-01": -0.0208333333,
        },
        abs=1e-9,
    )
    assert result.difference == pytest.approx(0.1291666667)
    assert result.applicability == 0
    domains = {domain.domain: domain.answers for domain in result.domains}
    assert domains == pytest.approx({"transmission": 0.025, "approvals": 0, "retention": 0.1041666667})


def in_two_deployments() -> EvaluationInputs:
    """AAA-02 applies on Bedrock only; both options have the same record of AAA-01, which is worth .5."""
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01"), build.scale("AAA-02", applies_if=ONLY_BEDROCK)]}
    )
    return build.inputs(
        instrument,
        build.profile({"aaa": 1}),
        build.product_answers(
            {"AAA-01": build.answer(2, "tested"), "AAA-02": build.answer(4, "tested")},
            deployments=[build.deployment(), build.deployment("bedrock", route="aws_bedrock")],
        ),
    )


def test_equal_answers_have_no_bar_where_other_questions_apply() -> None:
    """.5 against (.5 + 1) / 2: all of the difference is the question that applies to one only."""
    cases = cases_of(in_two_deployments())
    result = waterfall(cases["p/direct"], cases["p/bedrock"]).assured
    [domain] = result.domains
    assert [bar.answers for bar in domain.questions] == [0, 0]
    assert [bar.total for bar in domain.questions] == pytest.approx([0.5 - 0.25, -0.5])
    assert result.applicability == domain.applicability == pytest.approx(-0.25)


def test_a_bar_has_the_mean_weight_where_other_questions_apply() -> None:
    """AAA-01 weighs 1 and 1/2, .75 in the mean: .75 (.5 - .25), and .5 x .375 for the weights."""
    cases = cases_of(in_two_deployments())
    bedrock = cases["p/bedrock"]
    lower = {**bedrock.readings, "AAA-01": replace(bedrock.readings["AAA-01"], low=0.25)}
    [domain] = waterfall(cases["p/direct"], replace(bedrock, readings=lower)).assured.domains
    first, second = domain.questions
    assert (first.answers, first.applicability) == pytest.approx((0.1875, 0.1875))
    assert (second.answers, second.applicability) == pytest.approx((0, -0.5))


def test_what_applies_to_neither_has_no_bar() -> None:
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01", applies_if=ONLY_BEDROCK)]}
    )
    answers = build.product_answers({"AAA-01": build.answer(2, "tested")})
    [case] = cases_of(build.inputs(instrument, build.profile({"aaa": 1, "bbb": 1}), answers)).values()
    assert [domain.domain for domain in waterfall(case, case).assured.domains] == ["aaa"]


@given(evaluations(Traits(products=2)), randoms)
def test_waterfalls_sum_to_the_difference_of_every_score(inputs: EvaluationInputs, rng: Random) -> None:
    first, second = pair_of(rng, inputs)
    cases, cards = cases_of(inputs), {card.option: card for card in score(inputs)}
    result, back = waterfall(cases[first], cases[second]), waterfall(cases[second], cases[first])
    same = cases[first].applies == cases[second].applies
    for which in SCORES:
        part, opposite = getattr(result, which), getattr(back, which)
        difference = getattr(cards[first].span, which) - getattr(cards[second].span, which)
        assert part.difference == pytest.approx(difference, abs=CLOSE)
        answers = [bar.answers for domain in part.domains for bar in domain.questions]
        totals = [bar.total for domain in part.domains for bar in domain.questions]
        assert sum(answers) + part.applicability == pytest.approx(difference, abs=CLOSE)
        assert sum(totals) == pytest.approx(difference, abs=CLOSE)
        by_domain = [domain.answers + domain.applicability for domain in part.domains]
        assert sum(by_domain) == pytest.approx(difference, abs=CLOSE)
        assert opposite.applicability == pytest.approx(-part.applicability, abs=CLOSE)
        assert not same or part.applicability == 0
        assert_bars_are_the_terms(cases[first], cases[second], which, dict(bars_of(part)))


def bars_of(part: object) -> list[tuple[str, float]]:
    return [(bar.question, bar.total) for domain in part.domains for bar in domain.questions]  # type: ignore[attr-defined]  # any waterfall


def assert_bars_are_the_terms(a: Case, b: Case, which: ScoreName, bars: dict[str, float]) -> None:
    total_a, total_b = (
        sum(case.weights.weight(question) for question, own in case.applies.items() if own) for case in (a, b)
    )
    x_a, x_b = values_of(a, which), values_of(b, which)
    for question, bar in bars.items():
        weight = a.weights.weight(question)
        term_a = a.applies[question] * weight / total_a * x_a[question]
        term_b = b.applies[question] * weight / total_b * x_b[question]
        assert bar == pytest.approx(term_a - term_b, abs=CLOSE)


def test_options_weighed_differently_are_not_compared() -> None:
    case = cases_of(example())["a/direct"]
    other = cases_of(in_two_deployments())["p/direct"]
    for compare in (waterfall, fewest_answer_changes):
        with pytest.raises(ValueError, match="different weights"):
            compare(case, other)


def test_a_face_value_falls_by_the_slack_of_its_evidence() -> None:
    """The worked example: B's claims lose all of .30 + .10 + .175 + .1667, its documents half of the rest."""
    result = face_waterfall(score(example())[1])
    assert result is not None
    assert dict(result.unproven) == pytest.approx({"claim": 0.7416666667, "documented": 0.1291666667})
    assert (result.face, result.assured) == pytest.approx((1, 0.1291666667))
    assert result.unsaid == {}


@given(evaluations())
def test_the_way_from_the_face_value_ends_at_the_assured_and_the_potential_score(
    inputs: EvaluationInputs,
) -> None:
    for card in score(inputs):
        result = face_waterfall(card)
        if card.span is None:
            assert result is None
            continue
        assert result is not None
        assert result.face == card.face_value
        assert result.face - sum(result.unproven.values()) == pytest.approx(card.span.assured, abs=CLOSE)
        assert result.face + sum(result.unsaid.values()) == pytest.approx(card.span.potential, abs=CLOSE)
        assert all(part > 0 for part in (*result.unproven.values(), *result.unsaid.values()))


def test_c_overtakes_a_with_its_refused_answer() -> None:
    cases = cases_of(example())
    changes = fewest_answer_changes(cases["a/direct"], cases["c/direct"])
    assert changes is not None
    [change] = changes
    assert (change.question, change.before, change.after) == ("RET-02", 0, 1)
    assert (change.score_a, change.score_b) == pytest.approx((0.64375, 0.514583333 + 1 / 6))


def test_who_is_above_already_changes_nothing_and_a_tie_is_not_above() -> None:
    cases = cases_of(example())
    assert fewest_answer_changes(cases["c/direct"], cases["a/direct"]) == ()
    again = fewest_answer_changes(cases["a/direct"], cases["a/direct"])
    assert again is not None
    assert len(again) == 1


def test_open_records_may_not_suffice_where_improvement_does() -> None:
    """A rival of .9167 against C's .6813: the gains are .0875, .075, .0625, .05 and .0438 for APP-06."""
    cases = cases_of(example(ret_02=4))
    best = {question: replace(r, low=1.0, high=1.0) for question, r in cases["a/direct"].readings.items()}
    nearly = replace(cases["a/direct"], readings={**best, "RET-01": cases["a/direct"].readings["RET-01"]})
    assert fewest_answer_changes(nearly, cases["c/direct"]) is None
    changes = fewest_answer_changes(nearly, cases["c/direct"], means="improvement")
    assert changes is not None
    assert [change.question for change in changes] == ["APP-04", "TRA-07", "RET-01", "TRA-03"]


def twice() -> EvaluationInputs:
    """AAA-01 is one unknown record of both deployments, AAA-02 is answered by override for Bedrock."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01", weight=3), build.scale("AAA-02")]})
    return build.inputs(
        instrument,
        build.profile({"aaa": 1}),
        build.product_answers(
            {
                "AAA-01": build.answer(state="unknown"),
                "AAA-02": build.answer(2, "tested", deployments={"bedrock": build.statement(2, "claim")}),
            },
            deployments=[build.deployment(), build.deployment("bedrock", route="aws_bedrock")],
        ),
    )


def test_a_record_of_both_options_cannot_put_one_above_the_other() -> None:
    inputs = twice()
    cases, shared = cases_of(inputs), shared_questions(*score(inputs))
    assert shared == {"AAA-01"}
    alone = fewest_answer_changes(cases["p/direct"], cases["p/bedrock"])
    assert alone is not None
    assert [change.question for change in alone] == ["AAA-01"]
    assert fewest_answer_changes(cases["p/direct"], cases["p/bedrock"], shared=shared) is None


def test_a_record_of_both_options_gains_only_what_it_gives_one_of_them() -> None:
    """AAA-01 weighs three times as much as AAA-02 and gives both the same."""
    inputs = twice()
    cases, shared = cases_of(inputs), shared_questions(*score(inputs))
    changes = fewest_answer_changes(cases["p/direct"], cases["p/bedrock"], means="improvement", shared=shared)
    assert changes is not None
    assert [change.question for change in changes] == ["AAA-02"]


def test_a_shared_record_counts_for_both_where_what_applies_differs() -> None:
    """AAA-01 weighs 1 for direct and 1/2 on Bedrock: raised for both, it favours direct by 1/4 of 1/2."""
    inputs = in_two_deployments()
    cases, shared = cases_of(inputs), shared_questions(*score(inputs))
    assert shared == {"AAA-01", "AAA-02"}
    bedrock = cases["p/bedrock"]
    worse = {**bedrock.readings, "AAA-02": replace(bedrock.readings["AAA-02"], low=0.375)}
    found = fewest_answer_changes(
        replace(bedrock, readings=worse), cases["p/direct"], means="improvement", shared=("AAA-01",)
    )
    assert found == ()
    worse["AAA-02"] = replace(bedrock.readings["AAA-02"], low=0.625)
    changes = fewest_answer_changes(
        replace(bedrock, readings=worse), cases["p/direct"], means="improvement", shared=("AAA-01",)
    )
    assert changes is not None
    assert [change.question for change in changes] == ["AAA-01"]
    assert (changes[0].score_a, changes[0].score_b) == pytest.approx((0.8125, 1))


def test_options_of_two_products_share_no_record() -> None:
    cards = score(example())
    assert shared_questions(cards[0], cards[1]) == frozenset()


def lifted(a: Case, b: Case, chosen: Collection[str], means: Means, shared: Collection[str]) -> float:
    """S_b − S_a after some answers are raised, by hand."""

    def best(case: Case, question: str) -> float:
        if means == "improvement":
            return 1.0 if case.applies[question] else case.readings[question].low
        effect = best_case(case, question)
        return case.readings[question].low if effect is None else effect.low

    def assured(case: Case, raised: Collection[str]) -> float:
        weights = normalised_weights(case)
        return sum(
            weight * (best(case, question) if question in raised else case.readings[question].low)
            for question, weight in weights.items()
        )

    return assured(b, chosen) - assured(a, set(chosen) & set(shared))


@given(evaluations(Traits(products=2)), randoms, st.sampled_from(get_args(Means)))
def test_no_smaller_set_of_answers_puts_an_option_above(
    inputs: EvaluationInputs, rng: Random, means: Means
) -> None:
    first, second = pair_of(rng, inputs)
    cases = cases_of(inputs)
    a, b = cases[first], cases[second]
    questions = [question for question, applies in b.applies.items() if applies]
    assume(len(questions) <= 9)
    shared = shared_questions(card_of(inputs, first), card_of(inputs, second))
    changes = fewest_answer_changes(a, b, means=means, shared=shared)
    sizes = range(len(questions) + 1) if changes is None else range(len(changes))
    for size in sizes:
        for chosen in combinations(questions, size):
            assert lifted(a, b, chosen, means, shared) <= 1e-9 + CLOSE
    if changes is not None:
        assert_runs(a, b, changes, means, shared)


def assert_runs(
    a: Case, b: Case, changes: tuple[AnswerChange, ...], means: Means, shared: Collection[str]
) -> None:
    chosen = [change.question for change in changes]
    assert lifted(a, b, chosen, means, shared) > 1e-9 - CLOSE
    for place, change in enumerate(changes, start=1):
        assert change.before < change.after
        running = lifted(a, b, chosen[:place], means, shared)
        assert change.score_b - change.score_a == pytest.approx(running, abs=CLOSE)
