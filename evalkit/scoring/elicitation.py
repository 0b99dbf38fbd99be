"""From what a stakeholder says about domains to weights that sum to 1.

References
----------
Barron, F. H., Barrett, B. E. (1996): Decision quality using ranked attribute weights. Management Science
42(11), 1515-1523, eq. 4 (rank order centroid).
Edwards, W., Barron, F. H. (1994): SMARTS and SMARTER. Organizational Behavior and Human Decision Processes
60(3), 306-325 (swing weights).
Rezaei, J. (2016): Best-worst multi-criteria decision-making method: some properties and a linear model.
Omega 64, 126-130, eq. 6.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, assert_never

import numpy as np

from evalkit.model.pairwise import Priorities, ahp_priorities, comparison_matrix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.stakeholder import StakeholderWeights

_HIGHEST_SWING: Final = 100


def normalised_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights divided by their sum.

    Raises
    ------
    ValueError
        If there are none, or one is no positive number.
    """
    for key, weight in weights.items():
        if not (math.isfinite(weight) and weight > 0):
            msg = f"weight {weight} of {key} is not a positive number"
            raise ValueError(msg)
    return _shares(weights)


def swing_weights(swings: Mapping[str, float]) -> dict[str, float]:
    """Return weights from swing points: how much the swing from worst to best is worth, 0..100 each.

    >>> swing_weights({"storage": 100, "network": 60})
    {'storage': 0.625, 'network': 0.375}

    Raises
    ------
    ValueError
        If there are none, one lies outside 0..100, or all are 0.
    """
    for key, points in swings.items():
        if not 0 <= points <= _HIGHEST_SWING:
            msg = f"swing {points} of {key} is not in 0..{_HIGHEST_SWING}"
            raise ValueError(msg)
    return _shares(swings)


def roc_weights(count: int) -> tuple[float, ...]:
    """Return rank order centroid weights, most important first: w_j = (1/n) Σ_{k=j..n} 1/k.

    >>> [round(weight, 4) for weight in roc_weights(3)]
    [0.6111, 0.2778, 0.1111]

    Raises
    ------
    ValueError
        If ``count`` is below 1.
    """
    if count < 1:
        msg = f"{count} places cannot be weighed; at least one is needed"
        raise ValueError(msg)
    return tuple(math.fsum(1 / k for k in range(place, count + 1)) / count for place in range(1, count + 1))


def rank_weights(places: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return rank order centroid weights by id; who shares places i..j gets the mean of their weights.

    Parameters
    ----------
    places
        Most important first; each place holds one id, or several that are tied.

    Raises
    ------
    ValueError
        If there is none, a place is empty or an id stands twice.
    """
    ids = [each for place in places for each in place]
    if len(set(ids)) < len(ids) or not all(places):
        msg = f"a ranking names each id once and has no empty place; it is {list(map(list, places))}"
        raise ValueError(msg)
    by_place = iter(roc_weights(len(ids)))
    weights: dict[str, float] = {}
    for place in places:
        mean = math.fsum(next(by_place) for _ in place) / len(place)
        weights |= dict.fromkeys(place, mean)
    return weights


def best_worst_weights(
    best_to_others: Mapping[str, float], others_to_worst: Mapping[str, float]
) -> tuple[dict[str, float], float]:
    """Return weights by the linear best-worst method, and its deviation ξ (0 if fully consistent).

    ξ is the least number such that |w_best − a_Bj w_j| ≤ ξ and |w_j − a_jW w_worst| ≤ ξ for every j, the
    weights summing to 1.

    Parameters
    ----------
    best_to_others, others_to_worst
        How many times as important the best is as each, and each as the worst; 1 for itself. The best is the
        id with 1 in the first, the worst that with 1 in the second; of several, the first.

    Raises
    ------
    ValueError
        If the ids differ, a number is below 1, or nothing is compared with itself by 1.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - costs 0.3 s, and few commands need it

    ids = list(best_to_others)
    if set(ids) != set(others_to_worst):
        raise ValueError("both comparisons must name the same ids")
    ratios = [*best_to_others.values(), *others_to_worst.values()]
    if 1 not in best_to_others.values() or 1 not in others_to_worst.values() or min(ratios) < 1:
        raise ValueError("comparisons are 1 or more, and 1 for the best and the worst themselves")
    best = next(place for place, each in enumerate(ids) if best_to_others[each] == 1)
    worst = next(place for place, each in enumerate(ids) if others_to_worst[each] == 1)
    count = len(ids)
    rows = []
    for place, each in enumerate(ids):
        for greater, ratio, lesser in (
            (best, best_to_others[each], place),
            (place, others_to_worst[each], worst),
        ):
            row = np.zeros(count + 1)
            row[greater] += 1
            row[lesser] -= ratio
            rows += [row.copy(), -row]
    bounds = np.array(rows)
    bounds[:, count] = -1
    target = np.append(np.zeros(count), 1.0)
    solved = linprog(
        target, A_ub=bounds, b_ub=np.zeros(len(rows)), A_eq=[np.append(np.ones(count), 0.0)], b_eq=[1.0]
    )
    weights = {each: float(solved.x[place]) for place, each in enumerate(ids)}
    return weights, float(solved.x[count])


def stakeholder_weights(stated: StakeholderWeights) -> dict[str, float]:
    """Return a stakeholder's domain weights, by domain; they sum to 1.

    Raises
    ------
    ValueError
        If the data of the method are missing or wrong; files that were read and checked have neither.
    """
    match stated.method:
        case "direct":
            return normalised_weights(stated.domain_weights or {})
        case "swing":
            return swing_weights(stated.swings or {})
        case "rank":
            return rank_weights(stated.places)
        case "ahp":
            compared = stated.comparisons or {}
            return dict(zip(_compared(compared), stakeholder_priorities(stated).weights, strict=True))
        case _:
            assert_never(stated.method)


def stakeholder_priorities(stated: StakeholderWeights) -> Priorities:
    """Return the priorities of a stakeholder's pairwise comparisons, for their consistency ratio."""
    compared = stated.comparisons or {}
    return ahp_priorities(comparison_matrix(_compared(compared), compared))


def _compared(comparisons: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return every id that is compared, in the order of the file."""
    others = (other for row in comparisons.values() for other in row)
    return list(dict.fromkeys([*comparisons, *others]))


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    total = math.fsum(weights.values())
    if total == 0:
        raise ValueError("no weight is above 0")
    return {key: weight / total for key, weight in weights.items()}
