"""Sweeps of one weight, and reversal points."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalkit.model.condition import FactCondition
from evalkit.model.explanation import ScoreName
from evalkit.model.scorecard import Finding
from evalkit.scoring import reversal
from evalkit.scoring.aggregation import total_score
from evalkit.scoring.explanation import values_of
from evalkit.scoring.reversal import reversal_points, smallest_weight_change
from evalkit.scoring.score import case_of, score
from evalkit.scoring.weight_sweep import (
    sweep,
    with_domain_share,
    with_question_share,
)
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.scoring.aggregation import Weights
    from evalkit.scoring.verdict import Case

CLOSE = 1e-9
DOMAINS = ("aaa", "bbb", "ccc")
CLI_ONLY = FactCondition(fact="surfaces", includes_any=("cli",))
scores = st.sampled_from(get_args(ScoreName))
randoms = st.randoms(use_true_random=False)


def cases_of(inputs: EvaluationInputs) -> list[Case]:
    found = [case_of(inputs, option) for option in inputs.options()]
    return [case for case in found if not isinstance(case, Finding)]


def two_cases(rng: Random, inputs: EvaluationInputs) -> tuple[Case, Case]:
    cases = cases_of(inputs)
    assume(len(cases) > 1)
    assume(len(cases[0].weights.domains) > 1)
    one, other = rng.sample(cases, 2)
    return one, other


def rescored(case: Case, weights: Weights, which: ScoreName = "assured") -> float | None:
    return total_score(weights, values_of(case, which), case.applies)


def pair(
    levels: Mapping[str, tuple[int | None, int | None]], weights: Sequence[float], *, per_domain: int = 1
) -> tuple[Case, Case]:
    """Two options answered by tests at these levels; None does not apply. Domains follow one another."""
    names = list(levels)
    questions = [
        build.scale(name, applies_if=CLI_ONLY if None in levels[name] else None, strongest="tested")
        for name in names
    ]
    domains = {
        domain: questions[place * per_domain : (place + 1) * per_domain]
        for place, domain in enumerate(DOMAINS[: len(names) // per_domain])
    }
    deployment = build.deployment()
    products = [
        build.product_answers(
            {
                name: build.answer(own[place], "tested")
                for name, own in levels.items()
                if own[place] is not None
            },
            product="ab"[place],
            deployments=[deployment],
        )
        for place in range(2)
    ]
    inputs = build.inputs(
        build.questionnaire(domains), build.profile(dict(zip(domains, weights, strict=True))), *products
    )
    a, b = cases_of(inputs)
    applies = [{name: own[place] is not None for name, own in levels.items()} for place in range(2)]
    return replace(a, applies=applies[0]), replace(b, applies=applies[1])


def test_the_reversal_point_is_that_of_the_formula() -> None:
    """D_a = 1, D_b = 0, R_a = 0, R_b = .5: t* = .5 / (1 + .5)."""
    a, b = pair({"AAA-01": (4, 0), "BBB-01": (0, 2)}, (60, 40))
    [point] = reversal_points(a, b, "aaa")
    assert (point.share, point.score) == pytest.approx((1 / 3, 1 / 3))
    assert (point.below, point.above) == ("b", "a")


def test_a_question_turns_the_order_by_its_weight_within_its_domain() -> None:
    """Elsewhere b leads by .25 of half the weight; AAA-01 must hold 5/8 of its domain: 2t − 1 = .25."""
    levels = {"AAA-01": (4, 0), "AAA-02": (0, 4), "BBB-01": (0, 1), "BBB-02": (0, 1)}
    a, b = pair(levels, (50, 50), per_domain=2)
    [point] = reversal_points(a, b, "aaa", question="AAA-01")
    assert point.share == pytest.approx(0.625)
    assert (point.below, point.above) == ("b", "a")


def test_equality_at_an_end_has_a_leader_on_one_side_only() -> None:
    a, b = pair({"AAA-01": (4, 0), "BBB-01": (2, 2)}, (60, 40))
    [low] = reversal_points(a, b, "aaa")
    [high] = reversal_points(a, b, "bbb")
    assert (low.share, low.below, low.above) == (0, None, "a")
    assert (high.share, high.below, high.above) == (1, "a", None)


def test_options_equal_at_every_weight_have_no_reversal_point() -> None:
    a, b = pair({"AAA-01": (3, 3), "BBB-01": (1, 1)}, (60, 40))
    assert reversal_points(a, b, "aaa") == ()


def test_an_option_that_leads_at_every_weight_has_no_reversal_point() -> None:
    a, b = pair({"AAA-01": (3, 2), "BBB-01": (2, 1)}, (60, 40))
    assert reversal_points(a, b, "aaa") == ()


def test_where_other_questions_apply_the_point_is_the_root_of_a_quadratic() -> None:
    """Of bbb one half applies to a: S_a = (.25 t + .5 (1−t)) / (t + .5 (1−t)), S_b = .5 t + .75 (1−t).

    They are equal where .125 t² − .5 t + .125 = 0, so at 2 − √3.
    """
    levels = {"AAA-01": (1, 2), "AAA-02": (1, 2), "BBB-01": (4, 3), "BBB-02": (None, 3)}
    a, b = pair(levels, (50, 50), per_domain=2)
    [point] = reversal_points(a, b, "aaa")
    assert point.share == pytest.approx(2 - 3**0.5)
    assert (point.below, point.above) == ("a", "b")


def test_where_other_questions_apply_the_order_may_turn_twice() -> None:
    """1.75 t / (1 + t) = (.25 + .75 t) / (2 - t) where t² - t + .1 = 0: at (1 ± √.6) / 2."""
    levels = {"AAA-01": (4, 4), "AAA-02": (3, None), "BBB-01": (None, 0), "BBB-02": (0, 1)}
    a, b = pair(levels, (50, 50), per_domain=2)
    points = reversal_points(a, b, "aaa")
    assert [point.share for point in points] == pytest.approx([(1 - 0.6**0.5) / 2, (1 + 0.6**0.5) / 2])
    assert [(point.below, point.above) for point in points] == [("b", "a"), ("a", "b")]


def test_complex_roots_are_no_reversal_points() -> None:
    levels = {"AAA-01": (4, 1), "AAA-02": (4, 1), "BBB-01": (4, 1), "BBB-02": (None, 1)}
    a, b = pair(levels, (50, 50), per_domain=2)
    assert reversal_points(a, b, "aaa") == reversal_points(a, b, "bbb") == ()
    assert reversal._roots(1.0, 0.0, 1.0) == ()  # noqa: SLF001 - no small case has complex roots


def test_a_root_that_rescoring_does_not_confirm_is_no_reversal_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = pair({"AAA-01": (4, 0), "BBB-01": (0, 2)}, (60, 40))
    monkeypatch.setattr(reversal, "_roots", lambda *_: (0.3, 1 / 3))
    [point] = reversal_points(a, b, "aaa")
    assert point.share == 1 / 3


def test_no_equality_is_reported_where_an_option_has_no_score() -> None:
    """At t = 0 nothing that applies to a has weight: both numerators vanish, but a has no score."""
    a, b = pair({"AAA-01": (2, 1), "BBB-01": (None, 0)}, (50, 50))
    assert reversal_points(a, b, "aaa") == ()
    swept = sweep({"a": a, "b": b}, "aaa", steps=3)
    assert swept.scores == {"a": (None, 0.5, 0.5), "b": (0.0, 0.125, 0.25)}


@given(evaluations(Traits(products=2)), randoms, scores)
def test_reversal_points_give_equal_scores_under_their_weights(
    inputs: EvaluationInputs, rng: Random, which: ScoreName
) -> None:
    a, b = two_cases(rng, inputs)
    domain = rng.choice(a.weights.domains)
    for point in reversal_points(a, b, domain.domain, which=which):
        assert 0 <= point.share <= 1
        weights = with_domain_share(a.weights, domain.domain, point.share)
        assert rescored(a, weights, which) == pytest.approx(rescored(b, weights, which), abs=CLOSE)
        assert rescored(a, weights, which) == pytest.approx(point.score, abs=CLOSE)
    assume(len(domain.questions) > 1)
    question = rng.choice(sorted(domain.questions))
    for point in reversal_points(a, b, domain.domain, question=question, which=which):
        weights = with_question_share(a.weights, question, point.share)
        assert rescored(a, weights, which) == pytest.approx(rescored(b, weights, which), abs=CLOSE)


@given(evaluations(Traits(products=2)), randoms, scores)
def test_the_leader_changes_only_at_reversal_points(
    inputs: EvaluationInputs, rng: Random, which: ScoreName
) -> None:
    """Between two points nobody else leads than the point says: no reversal is missed."""
    a, b = two_cases(rng, inputs)
    domain = rng.choice(a.weights.domains).domain
    points = reversal_points(a, b, domain, which=which)
    for step in range(41):
        share = step / 40
        weights = with_domain_share(a.weights, domain, share)
        score_a, score_b = rescored(a, weights, which), rescored(b, weights, which)
        if score_a is None or score_b is None or abs(score_a - score_b) < CLOSE:
            continue
        leader = "a" if score_a > score_b else "b"
        before = [point.above for point in points if point.share < share]
        after = [point.below for point in points if point.share > share]
        assert all(leader == said for said in (*before[-1:], *after[:1]))
        if not points:
            leaders = {"a" if score_a > score_b else "b"}
            assert leaders == {leader_at_stated(a, b, domain, which) or leader}


def leader_at_stated(a: Case, b: Case, domain: str, which: ScoreName) -> str | None:
    weights = with_domain_share(a.weights, domain, 0.5)
    score_a, score_b = rescored(a, weights, which), rescored(b, weights, which)
    if score_a is None or score_b is None or abs(score_a - score_b) < CLOSE:
        return None
    return "a" if score_a > score_b else "b"


@given(evaluations(Traits(products=2, conditions=False)), randoms, scores)
def test_where_everything_applies_the_point_is_that_of_the_formula(
    inputs: EvaluationInputs, rng: Random, which: ScoreName
) -> None:
    a, b = two_cases(rng, inputs)
    domain = rng.choice(a.weights.domains).domain
    (r_a, d_a), (r_b, d_b) = (
        [rescored(case, with_domain_share(case.weights, domain, end), which) or 0.0 for end in (0, 1)]
        for case in (a, b)
    )
    slope = (d_a - d_b) - (r_a - r_b)
    assume(abs(slope) > 1e-6)
    share = (r_b - r_a) / slope
    found = [point.share for point in reversal_points(a, b, domain, which=which)]
    assume(min(abs(share), abs(share - 1)) > CLOSE or share in (0, 1))
    assert found == ([pytest.approx(share)] if 0 <= share <= 1 else [])


@given(evaluations(), randoms, scores)
def test_a_sweep_gives_the_scores_of_changed_weights(
    inputs: EvaluationInputs, rng: Random, which: ScoreName
) -> None:
    cases = {str(place): case for place, case in enumerate(cases_of(inputs))}
    assume(cases)
    domains = cases["0"].weights.domains
    assume(len(domains) > 1)
    part = rng.choice(domains)
    result = sweep(cases, part.domain, steps=11, which=which)
    assert result.shares == pytest.approx([step / 10 for step in range(11)])
    assert result.stated == part.share
    for name, case in cases.items():
        for share, got in zip(result.shares, result.scores[name], strict=True):
            assert got == pytest.approx(
                rescored(case, with_domain_share(case.weights, part.domain, share), which)
            )
    assume(len(part.questions) > 1)
    question = rng.choice(sorted(part.questions))
    result = sweep(cases, part.domain, question=question, steps=5)
    assert result.stated == part.questions[question]
    stated = with_question_share(cases["0"].weights, question, result.stated)
    assert stated.by_question == pytest.approx(cases["0"].weights.by_question)
    for name, case in cases.items():
        expected = [rescored(case, with_question_share(case.weights, question, t)) for t in result.shares]
        assert result.scores[name] == pytest.approx(expected)


@given(evaluations(), randoms)
def test_the_stated_weight_gives_the_stated_score(inputs: EvaluationInputs, rng: Random) -> None:
    cards = [card for card in score(inputs) if card.span is not None]
    cases = cases_of(inputs)
    assume(cases)
    assume(len(cases[0].weights.domains) > 1)
    part = rng.choice(cases[0].weights.domains)
    for case, card in zip(cases, cards, strict=True):
        assert card.span is not None
        weights = with_domain_share(case.weights, part.domain, part.share)
        assert sum(weights.by_question.values()) == pytest.approx(1)
        assert rescored(case, weights) == pytest.approx(card.span.assured)


def test_a_weight_that_cannot_change_is_refused() -> None:
    a, b = pair({"AAA-01": (4, 0), "BBB-01": (0, 2)}, (60, 40))
    alone, _ = pair({"AAA-01": (4, 0)}, (1,))
    with pytest.raises(ValueError, match="aaa stands alone"):
        sweep({"a": alone}, "aaa")
    with pytest.raises(ValueError, match="AAA-01 stands alone"):
        reversal_points(a, b, "aaa", question="AAA-01")
    with pytest.raises(KeyError):
        reversal_points(a, b, "zzz")
    with pytest.raises(KeyError):
        reversal_points(a, b, "aaa", question="BBB-01")
    with pytest.raises(KeyError):
        with_question_share(a.weights, "ZZZ-01", 0.5)


def test_a_sweep_takes_two_steps_and_one_option() -> None:
    a, _ = pair({"AAA-01": (4, 0), "BBB-01": (0, 2)}, (60, 40))
    with pytest.raises(ValueError, match="not 1 and 1"):
        sweep({"a": a}, "aaa", steps=1)
    with pytest.raises(ValueError, match="not 5 and 0"):
        sweep({}, "aaa", steps=5)


@pytest.mark.parametrize("compare", [lambda a, b: reversal_points(a, b, "aaa"), smallest_weight_change])
def test_options_weighed_differently_are_not_compared(compare: Callable[[Case, Case], object]) -> None:
    a, _ = pair({"AAA-01": (4, 0), "BBB-01": (0, 2)}, (60, 40))
    _, b = pair({"AAA-01": (4, 0), "BBB-01": (0, 2)}, (50, 50))
    with pytest.raises(ValueError, match="different weights"):
        compare(a, b)
