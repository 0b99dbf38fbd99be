"""Pairwise comparisons: what they weigh, and how far they contradict one another.

Here and not in scoring, because the rules of files ask it too.

References
----------
Saaty, T. L. (1980): The Analytic Hierarchy Process, ch. 3 (eigenvector, consistency ratio, random indices).
Collatz, L. (1942): Einschließungssatz für die charakteristischen Zahlen von Matrizen. Mathematische
Zeitschrift 48, 221-226 (bounds of the principal eigenvalue).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Sequence[float]]

RANDOM_INDEX: Final = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Saaty's mean consistency index of random reciprocal matrices of order 1 to 10."""

ACCEPTABLE_RATIO: Final = 0.1
"""A consistency ratio below it is acceptable; above it the comparisons want another look."""

_TOLERANCE: Final = 1e-6
"""How far a_ij a_ji may be from 1, relative: what a fraction written as a float loses, and more."""

_TOO_FAR_APART: Final = "comparisons are too far apart to compute with"
_SQUARINGS: Final = 40


@dataclass(frozen=True, slots=True)
class Priorities:
    """The result of pairwise comparisons.

    Attributes
    ----------
    weights : tuple of float
        In the order of the matrix; they sum to 1.
    eigenvalue : float
        The principal one, at least n.
    consistency_ratio : float
        Consistency index by Saaty's random index, at least 0; 0 for one or two, which cannot contradict.
    """

    weights: tuple[float, ...]
    eigenvalue: float
    consistency_index: float
    consistency_ratio: float

    @property
    def is_acceptable(self) -> bool:
        """Whether the consistency ratio is below .1."""
        return self.consistency_ratio < ACCEPTABLE_RATIO


def ahp_priorities(matrix: Rows) -> Priorities:
    """Return the principal eigenvector of pairwise comparisons, and how consistent they are.

    Parameters
    ----------
    matrix
        n × n, n in 1..10; ``matrix[i][j]`` is how many times as important i is as j.

    Raises
    ------
    ValueError
        If the matrix is not square, not of order 1..10, holds what is no positive number, is not reciprocal
        (a_ij a_ji = 1), or holds numbers too far apart to compute with.
    """
    order = len(matrix)
    if not 1 <= order <= len(RANDOM_INDEX) or any(len(row) != order for row in matrix):
        rows = [len(row) for row in matrix]
        msg = f"comparisons are n × n with n in 1..{len(RANDOM_INDEX)}; the rows have {rows}"
        raise ValueError(msg)
    if not all(math.isfinite(ratio) and ratio > 0 for row in matrix for ratio in row):
        raise ValueError("a comparison is not a positive number")
    if any(abs(matrix[i][j] * matrix[j][i] - 1) > _TOLERANCE for i in range(order) for j in range(i + 1)):
        raise ValueError("comparisons are not reciprocal: a_ij × a_ji must be 1 for every pair, and a_ii 1")
    try:
        weights, eigenvalue = _principal(matrix)
    except OverflowError as error:
        raise ValueError(_TOO_FAR_APART) from error
    contradicting = order > 2  # noqa: PLR2004 - it takes three to contradict one another
    index = max(0.0, (eigenvalue - order) / (order - 1)) if contradicting else 0.0
    return Priorities(
        weights=weights,
        eigenvalue=eigenvalue,
        consistency_index=index,
        consistency_ratio=index / RANDOM_INDEX[order - 1] if contradicting else 0.0,
    )


def comparison_matrix(
    ids: Sequence[str], comparisons: Mapping[str, Mapping[str, float]]
) -> tuple[tuple[float, ...], ...]:
    """Return the reciprocal matrix, in the order of ``ids``, of comparisons given one way or both.

    Where a pair is compared both ways, the number above 1 counts: people round fractions, not whole numbers.

    Raises
    ------
    ValueError
        If a pair is compared neither way, or a number is not positive.
    """
    ratios = {(each, each): 1.0 for each in ids}
    for one, other in combinations(ids, 2):
        forth, back = comparisons.get(one, {}).get(other), comparisons.get(other, {}).get(one)
        given = [ratio for ratio in (forth, back) if ratio is not None]
        if not given or min(given) <= 0:
            msg = f"{one} and {other} are not compared by a positive number"
            raise ValueError(msg)
        ratio = 1 / back if forth is None or (back is not None and back > forth) else forth  # type: ignore[operator]  # one of the two is given
        ratios[one, other], ratios[other, one] = ratio, 1 / ratio
    return tuple(tuple(ratios[row, column] for column in ids) for row in ids)


def _principal(matrix: Rows) -> tuple[tuple[float, ...], float]:
    """Return the principal eigenvector of a positive matrix, summing to 1, and its eigenvalue.

    The power is squared each time, so that contradictions however large take a few dozen steps.
    """
    power = matrix
    for _ in range(_SQUARINGS):
        columns = list(zip(*power, strict=True))
        squared = [[math.fsum(map(_product, row, column)) for column in columns] for row in power]
        largest = max(map(max, squared))
        power = [[entry / largest for entry in row] for row in squared]
    sums = [math.fsum(row) for row in power]
    total = math.fsum(sums)
    vector = tuple(own / total for own in sums)
    if not all(0 < share < math.inf for share in vector):
        raise ValueError(_TOO_FAR_APART)
    # The eigenvalue lies between the least and the greatest of these, which now differ by rounding only.
    ratios = [math.fsum(map(_product, row, vector)) / own for row, own in zip(matrix, vector, strict=True)]
    return vector, (min(ratios) + max(ratios)) / 2


def _product(one: float, other: float) -> float:
    return one * other
