"""How reliable ratings are: Krippendorff's alpha with missing values, and plain percentages.

References
----------
Krippendorff, K. (2004): Content Analysis: An Introduction to Its Methodology, 2nd ed., Sage, ch. 11
(coincidences, metrics, missing values; ch. 12 in the 4th ed., 2019).
Gwet, K. L. (2014): Handbook of Inter-Rater Reliability, 4th ed., ch. 2 (percent agreement with missing
values).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal, TypeVar, assert_never

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Metric = Literal["nominal", "ordinal", "interval"]
RatingT = TypeVar("RatingT")

_PAIR = 2
"""It takes two to agree."""


def krippendorff_alpha(
    ratings: Sequence[Sequence[float | str | None]], metric: Metric = "ordinal"
) -> float | None:
    """Return Krippendorff's alpha: 1 where all agree, 0 where they agree as by chance.

    Parameters
    ----------
    ratings
        Assessors × units; None where an assessor did not rate a unit. Text only for ``nominal``.
    metric
        How far two values are apart: not at all or entirely; by their places among all values; by their
        difference.

    Returns
    -------
    float or None
        At most 1, possibly below 0; None where no unit has two ratings, or where all of these are the
        same. 1 only if all agree and values vary.

    Raises
    ------
    ValueError
        If the rows differ in length or a number is not finite.
    """
    data = _counted(ratings)
    alphas, defined = _alphas(data.coincidences.sum(0)[None], data.counts.sum(0)[None], data.values, metric)
    return float(alphas[0]) if defined[0] else None


def bootstrap_interval(  # noqa: PLR0913 - data, what they are, and how often to draw
    ratings: Sequence[Sequence[float | str | None]],
    metric: Metric = "ordinal",
    *,
    seed: int,
    clusters: Sequence[Hashable] | None = None,
    resamples: int = 2000,
    confidence: float = 0.95,
) -> tuple[float, float] | None:
    """Return a percentile interval of alpha over units drawn with replacement.

    Parameters
    ----------
    ratings, metric
        As for :func:`krippendorff_alpha`, which raises the same.
    seed
        Same seed, same interval.
    clusters
        For each unit what is drawn together with it, for example its question; each unit alone by default.
    confidence
        Probability that the interval holds, 0..1.

    Returns
    -------
    tuple of float or None
        None where fewer than two clusters have ratings to compare, or alpha is undefined in every draw (draws
        in which no value differs from another are left out).
    """
    data = _counted(ratings)
    names = clusters if clusters is not None else range(data.units)
    kept = [names[unit] for unit in data.pairable]
    places = {name: place for place, name in enumerate(dict.fromkeys(kept))}
    if len(places) < _PAIR:
        return None
    rows = np.array([places[name] for name in kept])
    count, kinds = len(places), len(data.values)
    counts, coincidences = np.zeros((count, kinds)), np.zeros((count, kinds, kinds))
    np.add.at(counts, rows, data.counts)
    np.add.at(coincidences, rows, data.coincidences)
    drawn = np.random.default_rng(seed).multinomial(count, [1 / count] * count, size=resamples).astype(float)
    alphas, defined = _alphas(
        np.einsum("rq,qcd->rcd", drawn, coincidences),
        np.einsum("rq,qc->rc", drawn, counts),
        data.values,
        metric,
    )
    if not defined.any():
        return None
    low, high = np.quantile(alphas[defined], [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def pair_share(
    ratings: Sequence[Sequence[RatingT | None]],
    close: Callable[[RatingT, RatingT], bool] = lambda one, other: one == other,
) -> float | None:
    """Return the mean over units of the share of pairs of assessors whose ratings are close, 0..1.

    Parameters
    ----------
    ratings
        Assessors × units; None where an assessor did not rate a unit.

    Returns
    -------
    float or None
        None where no unit has two ratings.
    """
    shares = []
    for unit in zip(*ratings, strict=True):
        pairs = list(combinations((rating for rating in unit if rating is not None), _PAIR))
        if pairs:
            shares.append(sum(close(one, other) for one, other in pairs) / len(pairs))
    return math.fsum(shares) / len(shares) if shares else None


@dataclass(frozen=True, slots=True)
class _Counted:
    """Ratings as counts.

    Attributes
    ----------
    values : tuple
        The different ratings; ascending where they are numbers.
    units : int
        All units, rated or not.
    pairable : tuple of int
        The places of the units with at least two ratings; only these count.
    counts : array
        Pairable units × values: how often each was given.
    coincidences : array
        Pairable units × values × values: pairs of ratings of different assessors, each unit's summing to its
        number of ratings.
    """

    values: tuple[float | str, ...]
    units: int
    pairable: tuple[int, ...]
    counts: Floats
    coincidences: Floats


def _counted(ratings: Sequence[Sequence[float | str | None]]) -> _Counted:
    if len({len(row) for row in ratings}) > 1:
        msg = f"assessors rate the same units; the rows have {[len(row) for row in ratings]}"
        raise ValueError(msg)
    columns = list(zip(*ratings, strict=True))
    given = [[rating for rating in column if rating is not None] for column in columns]
    if any(isinstance(rating, float) and not math.isfinite(rating) for own in given for rating in own):
        raise ValueError("a rating is not finite; a missing one is None")
    pairable = tuple(unit for unit, own in enumerate(given) if len(own) >= _PAIR)
    values = _ascending({rating for unit in pairable for rating in given[unit]})
    places = {value: place for place, value in enumerate(values)}
    counts = np.zeros((len(pairable), len(values)))
    for row, unit in enumerate(pairable):
        for rating in given[unit]:
            counts[row, places[rating]] += 1
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    coincidences = pairs / (counts.sum(1)[:, None, None] - 1)
    return _Counted(values, len(columns), pairable, counts, coincidences)


def _ascending(values: set[float | str]) -> tuple[float | str, ...]:
    texts = sorted(value for value in values if isinstance(value, str))
    return (*sorted(value for value in values if not isinstance(value, str)), *texts)


def _alphas(
    coincidences: Floats, counts: Floats, values: tuple[float | str, ...], metric: Metric
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return alpha for each set of coincidences (sets × values × values), and where it is defined."""
    apart = _squared_differences(counts, values, metric)
    observed = np.einsum("rcd,rcd->r", coincidences, apart)
    expected = np.einsum("rc,rd,rcd->r", counts, counts, apart)
    defined = expected > 0
    pairs = counts.sum(1) - 1
    return 1 - np.divide(pairs * observed, expected, out=np.zeros_like(expected), where=defined), defined


def _squared_differences(counts: Floats, values: tuple[float | str, ...], metric: Metric) -> Floats:
    """Return δ² of each pair of values, sets × values × values; only ordinal it depends on the counts."""
    match metric:
        case "nominal":
            return np.broadcast_to(1 - np.eye(len(values)), (len(counts), len(values), len(values)))
        case "ordinal":
            # Σ_{g=c..k} n_g − (n_c + n_k) / 2 is the distance between the mean ranks of c and k.
            places = np.cumsum(counts, axis=1) - counts / 2
        case "interval":
            places = np.broadcast_to(np.array(values, dtype=float), counts.shape)
        case _:
            assert_never(metric)
    return np.square(places[:, :, None] - places[:, None, :])
