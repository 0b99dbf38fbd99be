"""Krippendorff's alpha and plain percentages, against published figures."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalkit.scoring.reliability import Metric, bootstrap_interval, krippendorff_alpha, pair_share

if TYPE_CHECKING:
    from random import Random

# The computational example of https://en.wikipedia.org/wiki/Krippendorff%27s_alpha
WIKIPEDIA = [
    [None, None, None, None, None, 3, 4, 1, 2, 1, 1, 3, 3, None, 3],
    [1, None, 2, 1, 3, 3, 4, 3, None, None, None, None, None, None, None],
    [None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4],
]
# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", sections C to E: four observers, twelve
# units.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed.: two abstractors, 100 units in three categories.
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval")

rating = st.none() | st.integers(0, 4)
tables = st.integers(1, 8).flatmap(
    lambda units: st.lists(st.lists(rating, min_size=units, max_size=units), min_size=2, max_size=4)
)
metrics = st.sampled_from(METRICS)


def by_hand(ratings: list[list[int | None]], metric: Metric) -> float | None:
    """Alpha from its definition: mean squared difference within units by that among all pairable values."""
    units = [[value for value in unit if value is not None] for unit in zip(*ratings, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    every = list(chain.from_iterable(units))

    def apart(one: int, other: int) -> float:
        if metric == "nominal":
            return float(one != other)
        if metric == "interval":
            return float((one - other) ** 2)
        low, high = sorted((one, other))
        between = sum(low <= value <= high for value in every)
        return (between - (every.count(low) + every.count(high)) / 2) ** 2 if low != high else 0.0

    def differences(values: list[int]) -> float:
        return sum(apart(one, other) for one in values for other in values)

    expected = differences(every)
    if not expected:
        return None
    within = sum(differences(unit) / (len(unit) - 1) for unit in units)
    return 1 - (len(every) - 1) * within / expected


@pytest.mark.parametrize(
    ("ratings", "metric", "published", "digits"),
    [
        (WIKIPEDIA, "nominal", 0.691358, 6),
        (WIKIPEDIA, "interval", 0.810845, 6),
        (OBSERVERS, "nominal", 0.743, 3),
        (OBSERVERS, "ordinal", 0.815, 3),
        (OBSERVERS, "interval", 0.849, 3),
    ],
)
def test_alpha_is_the_published_one(
    ratings: list[list[int | None]], metric: Metric, published: float, digits: int
) -> None:
    alpha = krippendorff_alpha(ratings, metric)
    assert alpha is not None
    assert round(alpha, digits) == published


def test_alpha_and_percent_of_a_published_table() -> None:
    pairs = [
        (row, column)
        for row, counts in enumerate(ABSTRACTORS)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    ratings = list(zip(*pairs, strict=True))
    assert krippendorff_alpha(ratings, "nominal") == pytest.approx(0.7972585, abs=5e-8)
    assert pair_share(ratings) == pytest.approx(0.89)


@given(tables, metrics)
def test_alpha_is_its_definition(ratings: list[list[int | None]], metric: Metric) -> None:
    expected = by_hand(ratings, metric)
    assert krippendorff_alpha(ratings, metric) == (None if expected is None else pytest.approx(expected))


@given(tables, metrics)
def test_alpha_is_one_if_and_only_if_all_agree_and_values_vary(
    ratings: list[list[int | None]], metric: Metric
) -> None:
    units = [{value for value in unit if value is not None} for unit in zip(*ratings, strict=True)]
    sizes = [sum(value is not None for value in unit) for unit in zip(*ratings, strict=True)]
    compared = [unit for unit, size in zip(units, sizes, strict=True) if size > 1]
    all_agree = all(len(unit) == 1 for unit in compared)
    vary = len(set().union(*compared)) > 1 if compared else False
    alpha = krippendorff_alpha(ratings, metric)
    assert (alpha is None) == (not vary)
    assert (alpha == 1) == (all_agree and vary)


@given(tables, metrics, st.randoms(use_true_random=False))
def test_who_is_called_what_is_no_matter(
    ratings: list[list[int | None]], metric: Metric, rng: Random
) -> None:
    shuffled = ratings[:]
    rng.shuffle(shuffled)
    assert krippendorff_alpha(shuffled, metric) == krippendorff_alpha(ratings, metric)
    assert pair_share(shuffled) == pair_share(ratings)
    assert bootstrap_interval(shuffled, metric, seed=3, resamples=20) == bootstrap_interval(
        ratings, metric, seed=3, resamples=20
    )


@given(tables, metrics, st.data())
def test_a_unit_that_nobody_rates_changes_nothing(
    ratings: list[list[int | None]], metric: Metric, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(ratings[0])))
    wider = [[*row[:place], None, *row[place:]] for row in ratings]
    assert krippendorff_alpha(wider, metric) == krippendorff_alpha(ratings, metric)
    assert pair_share(wider) == pair_share(ratings)
    assert bootstrap_interval(wider, metric, seed=3, resamples=20) == bootstrap_interval(
        ratings, metric, seed=3, resamples=20
    )


@given(tables, st.sampled_from(("nominal", "ordinal")))
def test_only_interval_asks_how_far_numbers_are_apart(
    ratings: list[list[int | None]], metric: Metric
) -> None:
    stretched = [[None if value is None else value**3 for value in row] for row in ratings]
    assert krippendorff_alpha(stretched, metric) == krippendorff_alpha(ratings, metric)


@given(tables, metrics)
def test_the_interval_is_one_and_ends_at_one(ratings: list[list[int | None]], metric: Metric) -> None:
    found = bootstrap_interval(ratings, metric, seed=1, resamples=50)
    assume(found is not None)
    assert found is not None
    low, high = found
    assert low <= high <= 1


def test_the_interval_contains_alpha_and_narrows_with_more_units() -> None:
    alpha = krippendorff_alpha(OBSERVERS)
    few = bootstrap_interval(OBSERVERS, seed=1)
    many = bootstrap_interval([row * 20 for row in OBSERVERS], seed=1)
    assert alpha is not None
    assert few is not None
    assert many is not None
    assert few[0] < many[0] < alpha < many[1] < few[1]
    narrow = bootstrap_interval(OBSERVERS, seed=1, confidence=0.5)
    assert narrow is not None
    assert few[0] < narrow[0] < narrow[1] < few[1]
    median = bootstrap_interval(OBSERVERS, seed=1, confidence=0)
    assert median is not None
    assert narrow[0] < median[0] == median[1] < narrow[1]


def test_the_interval_is_a_matter_of_the_seed_alone() -> None:
    assert bootstrap_interval(OBSERVERS, seed=1) == bootstrap_interval(OBSERVERS, seed=1)
    assert bootstrap_interval(OBSERVERS, seed=1) != bootstrap_interval(OBSERVERS, seed=2)


def test_units_of_one_question_are_drawn_together() -> None:
    ratings = [[0, 1, 2, 3], [0, 1, 3, 2]]
    together = bootstrap_interval(ratings, seed=1, clusters=["a", "b", "c", "c"])
    apart = bootstrap_interval(ratings, seed=1)
    assert together is not None
    assert together != apart
    assert bootstrap_interval(ratings, seed=1, clusters=["a"] * 4) is None


def test_an_interval_needs_a_draw_in_which_values_vary() -> None:
    assert bootstrap_interval([[1, 1], [1, 1]], seed=1) is None
    assert bootstrap_interval([[1, 2], [1, None]], seed=1) is None
    assert bootstrap_interval([[1, 2], [1, 2]], seed=1) == (1, 1)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    "ratings", [[], [[1, 2, 3]], [[], []], [[1, None], [None, 2]], [[1, 1], [1, 1]], [[1, 2], [1, None]]]
)
def test_alpha_is_undefined_where_nothing_is_compared_or_nothing_varies(
    ratings: list[list[int | None]], metric: Metric
) -> None:
    assert krippendorff_alpha(ratings, metric) is None


def test_names_can_be_compared_as_such() -> None:
    assert krippendorff_alpha([["a", "b", "b"], ["a", "b", "a"]], "nominal") == pytest.approx(4 / 9)


def test_a_percentage_is_the_mean_over_units_of_pairs_that_agree() -> None:
    # Unit 1: of three pairs one agrees; unit 2: the only pair does; unit 3 has no pair.
    ratings: list[list[int | None]] = [[1, 5, 7], [1, None, None], [2, 5, None]]
    assert pair_share(ratings) == pytest.approx((1 / 3 + 1) / 2)
    assert pair_share(ratings, lambda one, other: abs(one - other) <= 1) == 1
    lonely: list[list[int | None]] = [[1], [None]]
    assert pair_share(lonely) is None
    assert pair_share([]) is None


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_missing_rating_is_none_and_nothing_else(bad: float) -> None:
    with pytest.raises(ValueError, match="a rating is not finite; a missing one is None"):
        krippendorff_alpha([[1.0, bad], [1.0, 2.0]], "interval")


def test_assessors_rate_the_same_units() -> None:
    with pytest.raises(ValueError, match=r"assessors rate the same units; the rows have \[2, 1\]"):
        krippendorff_alpha([[1, 2], [1]])
