"""Places in every draw, and the shares of draws counted from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from evalkit.scoring.draws import Flags, Floats

    Counts = NDArray[np.intp]
    Places = NDArray[np.uint8 | np.uint16]

CHUNK = 1000
"""Draws ranked at once: their tables stay in the processor's cache."""

WORD = 8
"""Flags that are counted at once."""


def places_of(scores: Floats, excluded: Flags) -> tuple[Places, Places]:
    """Return for every option and draw the best rank of its tie, from 0, and how many share the tie.

    Scores that lie within 1e-9 of their neighbour tie. Options that are excluded take no rank: their place
    is the number of options, the size of their tie 0.

    Parameters
    ----------
    scores : array (options, draws)
        In 0..1.
    excluded : array (options, draws)
        Whether a gate excludes the option.

    Returns
    -------
    two arrays (options, draws)
    """
    whole = _whole(len(scores))
    places: Places = np.empty(scores.shape, whole)
    sizes: Places = np.empty(scores.shape, whole)
    for start in range(0, scores.shape[1], CHUNK):
        part = slice(start, start + CHUNK)
        places[:, part], sizes[:, part] = _places(scores[:, part], excluded[:, part])
    return places, sizes


def _whole(count: int) -> type[np.uint8 | np.uint16]:
    """Return the narrowest type of whole numbers up to and with ``count``."""
    return np.uint8 if count < 2**8 else np.uint16


def _places(scores: Floats, excluded: Flags) -> tuple[Places, Places]:
    count, draws = scores.shape
    whole = _whole(count)
    # Scores lie in 0..1: whoever is excluded comes last, far behind. Sums and products, since choosing
    # element by element takes several times as long.
    falling = (2.0 * excluded - scores).T.copy()
    order = np.argsort(falling, axis=1)
    order += np.arange(draws)[:, None] * count
    falling = falling.ravel().take(order)
    starts_tie = np.ones((draws, count), np.bool_)
    np.greater(falling[:, 1:] - falling[:, :-1], TOLERANCE, out=starts_tie[:, 1:])
    position = np.arange(count, dtype=whole)
    first = np.maximum.accumulate(position * starts_tie, axis=1)
    ends = np.where(starts_tie[:, 1:], position[1:], whole(count))[:, ::-1]
    last = np.full((draws, count), count, whole)
    last[:, :-1] = np.minimum.accumulate(ends, axis=1)[:, ::-1]
    places = np.empty(draws * count, whole)
    sizes = np.empty(draws * count, whole)
    places[order] = first
    sizes[order] = last - first
    places, sizes = places.reshape(draws, count).T, sizes.reshape(draws, count).T
    return np.maximum(places, excluded * whole(count)), sizes * ~excluded


def acceptability(places: Places, sizes: Places) -> Floats:
    """Return the rank acceptability matrix: options × ranks, shares of draws in 0..1.

    An option tied for ranks i..j has 1/(j−i+1) of each; rows with the excluded share sum to 1.

    References
    ----------
    Lahdelma & Salminen 2001, Operations Research 49(3), section 3: rank acceptability index b.
    """
    count, draws = places.shape
    shares = np.zeros((count, count))
    widths = np.intp(sizes.max(initial=0)) + 1
    for option in range(count):
        # Whole numbers by rank and size of tie, added up by size: the order of options changes no bit.
        cells = np.bincount(places[option] * widths + sizes[option], minlength=(count + 1) * widths)
        by_size = cells.reshape(count + 1, widths).T
        for size in np.flatnonzero(by_size.any(axis=1)):
            for offset in range(size):
                shares[option, offset:] += by_size[size, : count - offset] / size
    shares /= draws
    return shares


def winning_index(places: Places, both_excluded: Counts) -> list[list[float | None]]:
    """Return the pairwise winning index: share of draws in which the row's option is strictly ahead.

    Of the draws in which not both are excluded; None where both always are, and on the diagonal. An excluded
    option loses to one that is not. What is missing from both directions is tied.

    References
    ----------
    Leskinen, Viitanen, Kangas & Kangas 2006, "Alternatives to incorporate uncertainty and risk attitude in
    multicriteria evaluation of forest plans", Forest Science 52(3): pairwise winning index.
    """
    draws = places.shape[1]
    flags = _flags(places.shape)
    rows: list[list[float | None]] = []
    for option, own in enumerate(places):
        np.less(own, places, out=flags[:, :draws])
        wins, counted = _row_counts(flags).tolist(), (draws - both_excluded[option]).tolist()
        rows.append([won / of if of else None for won, of in zip(wins, counted, strict=True)])
        rows[option][option] = None
    return rows


def both_excluded(excluded: Flags) -> Counts:
    """Return in how many draws two options are excluded together: options × options."""
    flags = _flags(excluded.shape)
    counts = np.zeros((len(excluded), len(excluded)), np.intp)
    for option in np.flatnonzero(excluded.any(axis=1)):
        np.logical_and(excluded[option], excluded, out=flags[:, : excluded.shape[1]])
        counts[option] = _row_counts(flags)
    return counts


def _flags(shape: tuple[int, ...]) -> Flags:
    """Return cleared flags with the columns filled up to whole words."""
    return np.zeros((shape[0], -(-shape[1] // WORD) * WORD), np.bool_)


def _row_counts(flags: Flags) -> Counts:
    # Eight flags are added at once, as the bytes of a word; a byte holds the sum of 255 words. A plain sum
    # along the axis widens every flag to eight bytes first and takes ten times as long.
    words = flags.view(np.uint64)
    sums = np.add.reduceat(words, np.arange(0, words.shape[1], 255), axis=1)
    counts: Counts = sums.view(np.uint8).sum(axis=1, dtype=np.intp)
    return counts


def firsts(places: Places, sizes: Places) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    """Yield for every option the draws in which it is first, and its share of each first place."""
    for own, size in zip(places, sizes, strict=True):
        draws = np.flatnonzero(own == 0)
        yield draws, 1 / size[draws]
