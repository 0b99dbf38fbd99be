"""Places, rank acceptability and pairwise winning index, counted from given scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.model.robustness import sampling_error, word_for
from evalkit.scoring.robustness_ranks import (
    CHUNK,
    acceptability,
    both_excluded,
    places_of,
    winning_index,
)

if TYPE_CHECKING:
    from evalkit.scoring.draws import Flags, Floats


def none_of(scores: Floats) -> Flags:
    return np.zeros(scores.shape, np.bool_)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Floats, Flags]:
    """Scores with many ties, some apart by less than the tolerance, and who is excluded."""
    options, draws = draw(st.integers(1, 6)), draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    scores = rng.integers(0, 4, (options, draws)) / 4 + rng.integers(0, 2, (options, draws)) * 1e-13
    return np.minimum(scores, 1.0), rng.random((options, draws)) < 0.3


@given(tables())
def test_places_sizes_and_shares_are_those_of_counting_by_hand(table: tuple[Floats, Flags]) -> None:
    scores, excluded = table
    count, draws = scores.shape
    places, sizes = places_of(scores, excluded)
    shares = np.zeros((count, count))
    for draw in range(draws):
        alive = [option for option in range(count) if not excluded[option, draw]]
        for option in range(count):
            if option not in alive:
                assert (places[option, draw], sizes[option, draw]) == (count, 0)
                continue
            gaps = [scores[other, draw] - scores[option, draw] for other in alive]
            ahead, tied = sum(gap > 1e-9 for gap in gaps), sum(abs(gap) <= 1e-9 for gap in gaps)
            assert (places[option, draw], sizes[option, draw]) == (ahead, tied)
            shares[option, ahead : ahead + tied] += 1 / tied / draws
    assert acceptability(places, sizes) == pytest.approx(shares, abs=1e-12)
    assert shares.sum(axis=1) + excluded.mean(axis=1) == pytest.approx(np.ones(count))


@given(tables())
def test_the_winning_index_is_that_of_counting_by_hand(table: tuple[Floats, Flags]) -> None:
    scores, excluded = table
    wins = winning_index(places_of(scores, excluded)[0], both_excluded(excluded))
    for a in range(len(scores)):
        for b in range(len(scores)):
            counted = [
                draw for draw in range(scores.shape[1]) if not (excluded[a, draw] and excluded[b, draw])
            ]
            won = sum(
                not excluded[a, draw] and (excluded[b, draw] or scores[a, draw] > scores[b, draw] + 1e-9)
                for draw in counted
            )
            assert wins[a][b] == (won / len(counted) if counted and a != b else None)


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_options_changes_no_bit(table: tuple[Floats, Flags], rng: object) -> None:
    scores, excluded = table
    order = np.random.default_rng(hash(rng) % 2**32).permutation(len(scores))
    before = acceptability(*places_of(scores, excluded))
    after = acceptability(*places_of(scores[order], excluded[order]))
    assert after.tobytes() == before[order].tobytes()


def test_the_winning_index_is_that_of_the_smaa_package() -> None:
    """R package smaa 0.3-3, tests/pwi.R: ten draws, of which the second option wins the first."""
    first, second = [0.0] + [1.0] * 9, [1.0] + [0.0] * 9
    scores = np.array([first, second])
    wins = winning_index(places_of(scores, none_of(scores))[0], both_excluded(none_of(scores)))
    assert wins == [[None, 0.9], [0.1, None]]


def test_many_options_and_draws_count_as_few_do() -> None:
    """More options than a byte counts, more draws than one chunk holds and than a byte of flags sums."""
    rng = np.random.default_rng(1)
    scores = rng.random((300, 2 * CHUNK + 3))
    places, sizes = places_of(scores, none_of(scores))
    assert (np.sort(places, axis=0) == np.arange(300)[:, None]).all()
    assert (sizes == 1).all()
    wins = winning_index(places, both_excluded(none_of(scores)))
    assert wins[7][299] == np.mean(scores[7] > scores[299])
    ordered = np.sort(np.linspace(0, 1, 2))[:, None].repeat(5001, axis=1)
    everywhere = winning_index(places_of(ordered, none_of(ordered))[0], both_excluded(none_of(ordered)))
    assert everywhere == [[None, 0.0], [1.0, None]]


def test_no_options_have_no_places() -> None:
    nothing = np.empty((0, 5))
    places, sizes = places_of(nothing, none_of(nothing))
    assert acceptability(places, sizes).shape == (0, 0)
    assert winning_index(places, both_excluded(none_of(nothing))) == []


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1.0, "robust"),
        (0.95 - 1e-10, "robust"),
        (0.9499, "likely"),
        (0.8, "likely"),
        (0.7999, "leaning"),
        (0.5, "leaning"),
        (0.4999, "undetermined"),
        (0.0, "undetermined"),
    ],
)
def test_each_limit_belongs_to_the_stronger_word(share: float, word: str) -> None:
    assert word_for(share) == word


def test_the_error_is_that_of_a_binomial_share() -> None:
    """1.96 · √(.2 · .8 / 400) = 1.96 · .02."""
    assert sampling_error(0.2, 400) == pytest.approx(0.0392)
    assert sampling_error(1.0, 400) == 0
