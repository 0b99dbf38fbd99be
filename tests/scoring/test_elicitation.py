"""Weights from what stakeholders say, against published figures."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.model.pairwise import ahp_priorities, comparison_matrix
from evalkit.model.stakeholder import StakeholderWeights
from evalkit.scoring.elicitation import (
    best_worst_weights,
    normalised_weights,
    rank_weights,
    roc_weights,
    stakeholder_priorities,
    stakeholder_weights,
    swing_weights,
)

# R package MCDA 0.1.0, tests/testthat/test-AHP.R: four cars by style, reliability and fuel.
CARS: dict[str, list[list[float]]] = {
    "style": [[1, 1 / 4, 4, 1 / 6], [4, 1, 4, 1 / 4], [1 / 4, 1 / 4, 1, 1 / 5], [6, 4, 5, 1]],
    "reliability": [[1, 2, 5, 1], [1 / 2, 1, 3, 2], [1 / 5, 1 / 3, 1, 1 / 4], [1, 1 / 2, 4, 1]],
    "fuel": [[1, 2, 4, 1], [1 / 2, 1, 3, 2], [1 / 4, 1 / 3, 1, 1 / 5], [1, 1 / 2, 5, 1]],
}
CAR_CRITERIA: list[list[float]] = [[1, 1 / 2, 3], [2, 1, 4], [1 / 3, 1 / 4, 1]]
# Belton & Gear 1983, Omega 11(3), 228-230: three criteria of equal weight.
BELTON_GEAR: list[list[list[float]]] = [
    [[1, 1 / 9, 1], [9, 1, 9], [1, 1 / 9, 1]],
    [[1, 9, 9], [1 / 9, 1, 1], [1 / 9, 1, 1]],
    [[1, 8 / 9, 8], [9 / 8, 1, 9], [1 / 8, 1 / 9, 1]],
]
# Rezaei 2015, Omega 53, 49-57, the car example; fully consistent, so that w_j ~ 1 / a_Bj.
BEST = {"quality": 2, "price": 1, "comfort": 4, "safety": 2, "style": 8}
WORST = {"quality": 4, "price": 8, "comfort": 2, "safety": 4, "style": 1}

ids = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True)


def mean(parts: list[tuple[float, ...]]) -> list[float]:
    return [sum(part) / len(parts) for part in zip(*parts, strict=True)]


def with_copy_of_the_second(matrix: list[list[float]]) -> list[list[float]]:
    wider = [[*row, row[1]] for row in matrix]
    return [*wider, wider[1]]


def file(method: str, **data: Any) -> StakeholderWeights:  # noqa: ANN401 - the method's data
    content = {"format": "evalkit/weights/1", "stakeholder": "ciso", "title": "-", "method": method} | data
    return StakeholderWeights.model_validate(content)


# Barron & Barrett 1996: w_j = (1/n) Σ_{k=j..n} 1/k.
@pytest.mark.parametrize(
    ("count", "published"),
    [
        (1, [1]),
        (2, [0.75, 0.25]),
        (3, [0.6111, 0.2778, 0.1111]),
        (4, [0.5208, 0.2708, 0.1458, 0.0625]),
        (5, [0.4567, 0.2567, 0.1567, 0.09, 0.04]),
    ],
)
def test_rank_order_centroid_weights_are_the_published_ones(count: int, published: list[float]) -> None:
    assert [round(weight, 4) for weight in roc_weights(count)] == published


@given(st.integers(1, 40))
def test_rank_order_centroid_weights_fall_and_sum_to_one(count: int) -> None:
    weights = roc_weights(count)
    assert sum(weights) == pytest.approx(1)
    assert all(one > other > 0 for one, other in pairwise(weights))


def test_no_place_has_no_weight() -> None:
    with pytest.raises(ValueError, match="0 places cannot be weighed"):
        roc_weights(0)


def test_who_shares_places_gets_the_mean_of_their_weights() -> None:
    first, second, third = roc_weights(3)
    assert rank_weights([["a"], ["b", "c"]]) == pytest.approx(
        {"a": first, "b": (second + third) / 2, "c": (second + third) / 2}
    )
    assert rank_weights([["a", "b"], ["c"]]) == pytest.approx(
        {"a": (first + second) / 2, "b": (first + second) / 2, "c": third}
    )
    assert rank_weights([["a", "b", "c", "d"]]) == pytest.approx(dict.fromkeys("abcd", 0.25))


@pytest.mark.parametrize("places", [[["a"], ["a"]], [["a"], []]])
def test_a_ranking_names_each_once(places: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="a ranking names each id once and has no empty place"):
        rank_weights(places)


# 100 + 60 + 40 = 200 points.
def test_swing_weights_are_shares_of_the_points() -> None:
    assert swing_weights({"a": 100, "b": 60, "c": 40}) == {"a": 0.5, "b": 0.3, "c": 0.2}
    assert swing_weights({"a": 100, "b": 0}) == {"a": 1, "b": 0}


@pytest.mark.parametrize("points", [-1, 100.5, float("nan")])
def test_swings_lie_between_nothing_and_a_hundred(points: float) -> None:
    with pytest.raises(ValueError, match=r"swing .* of b is not in 0\.\.100"):
        swing_weights({"a": 100, "b": points})


@pytest.mark.parametrize("swings", [{}, {"a": 0}])
def test_some_swing_is_worth_something(swings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="no weight is above 0"):
        swing_weights(swings)


@given(ids, st.floats(0.01, 1000), st.data())
def test_only_the_ratios_of_weights_count(names: list[str], factor: float, data: st.DataObject) -> None:
    stated = {name: data.draw(st.floats(0.01, 100)) for name in names}
    weights = normalised_weights(stated)
    assert sum(weights.values()) == pytest.approx(1)
    assert normalised_weights({name: factor * own for name, own in stated.items()}) == pytest.approx(weights)


@pytest.mark.parametrize("weight", [0, -1, float("inf"), float("nan")])
def test_a_weight_is_a_positive_number(weight: float) -> None:
    with pytest.raises(ValueError, match=r"weight .* of b is not a positive number"):
        normalised_weights({"a": 1, "b": weight})


def test_priorities_are_those_of_a_published_hierarchy() -> None:
    criteria = ahp_priorities(CAR_CRITERIA).weights
    cars = zip(*(ahp_priorities(matrix).weights for matrix in CARS.values()), strict=True)
    scores = [sum(w * own for w, own in zip(criteria, car, strict=True)) for car in cars]
    assert [round(score, 4) for score in scores] == [0.2922, 0.2767, 0.0697, 0.3613]


def test_a_copy_of_the_second_moves_the_first_place_from_it() -> None:
    before = mean([ahp_priorities(matrix).weights for matrix in BELTON_GEAR])
    after = mean([ahp_priorities(with_copy_of_the_second(matrix)).weights for matrix in BELTON_GEAR])
    assert [round(own, 2) for own in before] == [0.45, 0.47, 0.08]
    assert [round(own, 2) for own in after] == [0.37, 0.29, 0.06, 0.29]


@given(ids, st.data())
def test_consistent_comparisons_give_back_their_weights(names: list[str], data: st.DataObject) -> None:
    stated = {name: data.draw(st.floats(0.1, 10)) for name in names}
    matrix = [[stated[one] / stated[other] for other in names] for one in names]
    found = ahp_priorities(matrix)
    assert found.weights == pytest.approx(tuple(normalised_weights(stated).values()))
    assert found.eigenvalue == pytest.approx(len(names))
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)
    assert found.is_acceptable


# λ of [[1, 9, 1/9], [1/9, 1, 9], [9, 1/9, 1]] is the sum of a row, 1 + 9 + 1/9: all are equal by symmetry.
def test_a_circle_is_not_acceptable() -> None:
    found = ahp_priorities([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]])
    assert found.weights == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert found.consistency_index == pytest.approx((1 + 9 + 1 / 9 - 3) / 2)
    assert found.consistency_ratio == pytest.approx(found.consistency_index / 0.58)
    assert not found.is_acceptable


@given(st.integers(3, 10), st.data())
def test_priorities_are_the_eigenvector_that_lapack_finds(order: int, data: st.DataObject) -> None:
    matrix = np.ones((order, order))
    for one in range(order):
        for other in range(one):
            matrix[one, other] = data.draw(st.floats(1 / 1000, 1000))
            matrix[other, one] = 1 / matrix[one, other]
    values, vectors = np.linalg.eig(matrix)
    principal = np.abs(vectors[:, np.argmax(values.real)].real)
    found = ahp_priorities(matrix.tolist())
    assert found.eigenvalue == pytest.approx(values.real.max(), rel=1e-9)
    assert found.weights == pytest.approx(tuple(principal / principal.sum()), abs=1e-9)


def test_one_and_two_cannot_contradict() -> None:
    assert ahp_priorities([[1]]).weights == (1,)
    two = ahp_priorities([[1, 3], [1 / 3, 1]])
    assert two.weights == pytest.approx((0.75, 0.25))
    assert two.consistency_ratio == 0


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([], r"n × n with n in 1\.\.10; the rows have \[\]"),
        ([[1, 2]], r"the rows have \[2\]"),
        ([[1, 2], [0.5]], r"the rows have \[2, 1\]"),
        ([[1] * 11] * 11, "the rows have"),
        ([[1, -2], [-0.5, 1]], "a comparison is not a positive number"),
        ([[1, 0], [0, 1]], "a comparison is not a positive number"),
        ([[1, float("inf")], [0.1, 1]], "a comparison is not a positive number"),
        ([[1, 2], [2, 1]], "not reciprocal"),
        ([[2, 2], [0.5, 1]], "not reciprocal"),
        ([[1, 1e308, 1e308], [1e-308, 1, 1e308], [1e-308, 1e-308, 1]], "too far apart"),
        ([[1, 1e160, 1e160], [1e-160, 1, 1e160], [1e-160, 1e-160, 1]], "too far apart"),
    ],
)
def test_comparisons_are_a_positive_reciprocal_square(matrix: list[list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ahp_priorities(matrix)


@pytest.mark.parametrize(
    "given_ones",
    [
        {"a": {"b": 7}},
        {"b": {"a": 1 / 7}},
        {"a": {"b": 7}, "b": {"a": 0.14}},
        {"a": {"a": 1, "b": 7}, "b": {"a": 0.143}},
    ],
)
def test_of_a_pair_the_number_above_one_counts(given_ones: dict[str, dict[str, float]]) -> None:
    matrix = comparison_matrix(["a", "b"], given_ones)
    assert [list(row) for row in matrix] == [[1, pytest.approx(7)], [pytest.approx(1 / 7), 1]]
    back = comparison_matrix(["b", "a"], given_ones)
    assert back[0][1] == pytest.approx(1 / 7)


@pytest.mark.parametrize("given_ones", [{}, {"a": {"b": 0}}, {"a": {"b": 2}, "b": {"a": -1}}])
def test_every_pair_is_compared(given_ones: dict[str, dict[str, float]]) -> None:
    with pytest.raises(ValueError, match="a and b are not compared by a positive number"):
        comparison_matrix(["a", "b"], given_ones)


def test_best_and_worst_give_the_closed_form_where_consistent() -> None:
    weights, deviation = best_worst_weights(BEST, WORST)
    total = sum(1 / ratio for ratio in BEST.values())
    assert weights == pytest.approx({name: 1 / ratio / total for name, ratio in BEST.items()})
    assert [round(weight, 7) for weight in weights.values()] == [
        0.2105263,
        0.4210526,
        0.1052632,
        0.2105263,
        0.0526316,
    ]
    assert deviation == pytest.approx(0, abs=1e-12)


# The best is 8 times the worst, but by way of b only 4 times. By hand: a - 2b = ξ, b - 2c = ξ and 8c - a = ξ
# give b = 3c, a = 7c, ξ = c, and a + b + c = 1.
def test_a_contradiction_shows_in_the_deviation() -> None:
    weights, deviation = best_worst_weights({"a": 1, "b": 2, "c": 8}, {"a": 8, "b": 2, "c": 1})
    assert sum(weights.values()) == pytest.approx(1)
    a, b, c = weights.values()
    assert max(abs(a - 2 * b), abs(b - 2 * c), abs(a - 8 * c)) == pytest.approx(deviation)
    assert (a, b, c, deviation) == pytest.approx((7 / 11, 3 / 11, 1 / 11, 1 / 11))


@pytest.mark.parametrize(
    ("best", "worst", "message"),
    [
        ({"a": 1}, {"b": 1}, "both comparisons must name the same ids"),
        ({"a": 2, "b": 3}, {"a": 2, "b": 1}, "1 for the best and the worst"),
        ({"a": 1, "b": 3}, {"a": 2, "b": 2}, "1 for the best and the worst"),
        ({"a": 1, "b": 0.5}, {"a": 2, "b": 1}, "comparisons are 1 or more"),
    ],
)
def test_best_and_worst_are_compared_with_all(
    best: dict[str, float], worst: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        best_worst_weights(best, worst)


def test_a_stakeholder_says_it_by_one_of_four_methods() -> None:
    direct = file("direct", domain_weights={"a": 3, "b": 1})
    assert stakeholder_weights(direct) == {"a": 0.75, "b": 0.25}
    assert stakeholder_weights(file("swing", swings={"a": 100, "b": 25})) == {"a": 0.8, "b": 0.2}
    assert stakeholder_weights(file("rank", ranking=["a", "b"])) == {"a": 0.75, "b": 0.25}
    assert stakeholder_weights(file("rank", ranking=[["a", "b"]])) == {"a": 0.5, "b": 0.5}
    compared = file("ahp", comparisons={"b": {"a": 3, "c": 3}, "a": {"c": 1}})
    assert stakeholder_weights(compared) == pytest.approx({"b": 0.6, "a": 0.2, "c": 0.2})
    assert stakeholder_priorities(compared).is_acceptable


@pytest.mark.parametrize("method", ["direct", "swing", "rank", "ahp"])
def test_a_method_without_its_data_gives_no_weights(method: str) -> None:
    with pytest.raises(ValueError, match=r"no weight is above 0|cannot be weighed|n × n"):
        stakeholder_weights(file(method))
