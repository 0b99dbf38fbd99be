"""Weight scenarios: their moments, their order, and what a stakeholder may not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.scoring.aggregation import DomainWeights, Weights
from evalkit.scoring.weight_scenarios import in_stated_order, weight_scenarios

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.scoring.weight_scenarios import WeightScenario

DRAWS = 40_000
ROC = (11 / 18, 5 / 18, 1 / 9)


def stated(weights: Mapping[str, float]) -> Weights:
    total = sum(weights.values())
    return Weights(tuple(DomainWeights(name, own / total, {}) for name, own in weights.items()), {})


def scenarios(
    weights: Mapping[str, float],
    stakeholders: Mapping[str, Mapping[str, float]] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 3,
) -> dict[str, WeightScenario]:
    every = weight_scenarios(stated(weights), draws=draws, seed=seed, stakeholder_weights=stakeholders or {})
    return {scenario.name: scenario for scenario in every}


def test_scenarios_come_in_order_with_those_of_stakeholders_last() -> None:
    got = scenarios({"b": 1, "a": 3}, {"ciso": {"a": 1, "b": 3}}, draws=5)
    assert list(got) == ["stated", "dirichlet30", "flat", "ordinal", "stakeholder:ciso"]
    assert [scenario.is_point for scenario in got.values()] == [True, False, False, False, True]
    assert got["stated"].weights.tolist() == [0.75, 0.25]
    assert got["stakeholder:ciso"].weights.tolist() == [0.25, 0.75]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 99))
def test_all_weights_are_positive_and_sum_to_one(parts: list[int], seed: int) -> None:
    weights = {f"d{place}": part for place, part in enumerate(parts)}
    for scenario in scenarios(weights, draws=20, seed=seed).values():
        assert (scenario.weights > 0).all()
        assert scenario.weights.sum(axis=0) == pytest.approx(1)


def test_the_dirichlet_distribution_has_the_stated_mean_and_its_variance() -> None:
    """Dirichlet with sum of parameters 30: mean m, variance m (1 − m) / 31."""
    drawn = scenarios({"a": 40, "b": 35, "c": 25})["dirichlet30"].weights
    means = np.array([0.4, 0.35, 0.25])
    assert drawn.mean(axis=1) == pytest.approx(means, abs=0.002)
    assert drawn.var(axis=1) == pytest.approx(means * (1 - means) / 31, rel=0.04)


def test_the_flat_distribution_is_uniform_on_the_simplex_whatever_is_stated() -> None:
    """Three domains: mean 1/3, variance (1/3)(2/3)/4, P(w > 1/2) = 1/4."""
    drawn = scenarios({"a": 90, "b": 9, "c": 1})["flat"].weights
    assert drawn.mean(axis=1) == pytest.approx(np.full(3, 1 / 3), abs=0.005)
    assert drawn.var(axis=1) == pytest.approx(np.full(3, 1 / 18), rel=0.04)
    assert (drawn > 0.5).mean(axis=1) == pytest.approx(np.full(3, 0.25), abs=0.01)


def test_ordinal_weights_have_the_centroid_of_the_rank_order() -> None:
    """Barron & Barrett 1996, Management Science 42(11): rank order centroid weights (11/18, 5/18, 1/9)."""
    drawn = scenarios({"c": 9, "a": 50, "b": 1})["ordinal"].weights
    assert drawn.mean(axis=1) == pytest.approx([ROC[0], ROC[2], ROC[1]], abs=0.01)
    assert (drawn[0] >= drawn[2]).all()
    assert (drawn[2] >= drawn[1]).all()


def test_tied_domains_share_the_mean_of_their_places() -> None:
    flat = np.array([[0.1], [0.2], [0.3], [0.4]])
    got = in_stated_order(flat, np.array([0.2, 0.4, 0.2, 0.2]))
    assert got.ravel() == pytest.approx([0.2, 0.4, 0.2, 0.2])
    got = in_stated_order(flat, np.array([0.4, 0.4, 0.1, 0.1]))
    assert got.ravel() == pytest.approx([0.35, 0.35, 0.15, 0.15])
    assert in_stated_order(flat, np.full(4, 0.25)).ravel() == pytest.approx(np.full(4, 0.25))


def test_a_domain_of_almost_no_weight_keeps_some_in_every_draw() -> None:
    drawn = scenarios({"a": 1, "b": 1e-7})["dirichlet30"].weights
    assert drawn.min() > 0


def test_each_domain_has_a_stream_of_its_own() -> None:
    """A third domain leaves the proportion of the first two as drawn."""
    two, three = scenarios({"a": 1, "b": 1}, draws=9), scenarios({"a": 1, "b": 1, "c": 1}, draws=9)
    first, second = two["flat"].weights, three["flat"].weights
    assert second[0] / second[1] == pytest.approx(first[0] / first[1])
    a, b, _ = scenarios({"a": 1, "b": 1, "c": 1})["flat"].weights
    assert np.mean(a * b) == pytest.approx(1 / 12, abs=0.002)  # Dirichlet(1, 1, 1): E w1 w2 = 1 / (3 · 4)


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"a": 1}, "ciso: weighs a; the domains are a, b"),
        ({"a": 1, "b": 1, "c": 1}, "ciso: weighs a, b, c; the domains are a, b"),
        ({"a": 1, "b": 0}, "ciso: the weight of b is 0; it must be above 0 and finite"),
        ({"a": -1, "b": 1}, "ciso: the weight of a is -1"),
        ({"a": float("nan"), "b": 1}, "ciso: the weight of a is nan"),
        ({"a": float("inf"), "b": 1}, "ciso: the weight of a is inf"),
    ],
)
def test_a_stakeholder_weighs_exactly_the_domains_each_above_zero(
    own: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        scenarios({"a": 1, "b": 1}, {"ciso": own}, draws=2)
