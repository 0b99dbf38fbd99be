"""The additive value model."""

from __future__ import annotations

import pytest

from evalkit.scoring.aggregation import (
    applicable_weight,
    domain_score,
    domain_share,
    fixed_rubric_score,
    total_score,
    weights_of,
)
from tests.scoring import builders as build

INSTRUMENT = build.questionnaire(
    {
        "aaa": [build.scale("AAA-01", weight=3), build.scale("AAA-02", weight=1)],
        "bbb": [build.scale("BBB-01", weight=2)],
    }
)
WEIGHTS = weights_of(INSTRUMENT, build.profile({"aaa": 30, "bbb": 10}))
ALL = {"AAA-01": True, "AAA-02": True, "BBB-01": True}
VALUES = {"AAA-01": 1.0, "AAA-02": 0.5, "BBB-01": 0.25}


def test_a_global_weight_is_the_share_of_the_domain_times_the_share_in_it() -> None:
    assert WEIGHTS.by_question == pytest.approx({"AAA-01": 0.5625, "AAA-02": 0.1875, "BBB-01": 0.25})
    assert WEIGHTS.weight("BBB-01") == pytest.approx(0.25)


def test_the_weight_of_the_profile_replaces_that_of_the_questionnaire() -> None:
    policy = build.profile({"aaa": 30, "bbb": 10}, question_weights={"AAA-02": 9})
    assert weights_of(INSTRUMENT, policy).weight("AAA-02") == pytest.approx(0.75 * 9 / 12)


def test_a_domain_without_a_weight_is_an_error() -> None:
    with pytest.raises(KeyError, match="bbb"):
        weights_of(INSTRUMENT, build.profile({"aaa": 1}))


def test_the_score_is_the_weighted_mean() -> None:
    """.5625 · 1 + .1875 · .5 + .25 · .25 = .71875."""
    assert total_score(WEIGHTS, VALUES, ALL) == pytest.approx(0.71875)
    assert domain_score(WEIGHTS.domains[0], VALUES, ALL) == pytest.approx(0.875)


def test_what_does_not_apply_leaves_numerator_and_denominator() -> None:
    """(.1875 · .5 + .25 · .25) / .4375: the domain of which little applies weighs little."""
    applies = {**ALL, "AAA-01": False}
    assert total_score(WEIGHTS, VALUES, applies) == pytest.approx(0.15625 / 0.4375)
    assert applicable_weight(WEIGHTS, applies) == pytest.approx(0.4375)
    assert domain_share(WEIGHTS.domains[0], applies) == pytest.approx(0.25)
    assert domain_score(WEIGHTS.domains[0], VALUES, applies) == pytest.approx(0.5)


def test_where_nothing_applies_there_is_no_score() -> None:
    nothing = dict.fromkeys(ALL, False)
    assert total_score(WEIGHTS, VALUES, nothing) is None
    assert domain_score(WEIGHTS.domains[1], VALUES, nothing) is None
    assert domain_share(WEIGHTS.domains[1], nothing) == 0


def test_a_weighted_mean_needs_a_value_for_every_weight() -> None:
    assert fixed_rubric_score({"a": 1, "b": 3}, {"a": 0.2, "b": 0.6}) == pytest.approx(0.5)
    with pytest.raises(KeyError, match="b"):
        fixed_rubric_score({"a": 1, "b": 3}, {"a": 0.2})
