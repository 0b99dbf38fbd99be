"""Which weights would turn the order of two options: reversal points, and the smallest change.

What does not apply leaves numerator and denominator, so a score is a ratio S = (n·W) / (p·W) of two sums
over domain weights W: n_d = Σ u a x and p_d = Σ u a of the domain's questions. Along a line of weights both
are linear, so two scores are equal at the roots of a quadratic; where the same applies to both options the
denominators are equal and it is a straight line.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from evalkit.model.explanation import ReversalPoint, WeightChange
from evalkit.scoring.aggregation import domain_share, total_score, weighted_sum
from evalkit.scoring.explanation import require_equal_weights, values_of
from evalkit.scoring.weight_sweep import NOTHING, Line, line_of, with_domain_shares
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    import numpy.typing as npt

    from evalkit.model.explanation import ScoreName, Side
    from evalkit.scoring.verdict import Case

    Vector = npt.NDArray[np.float64]
    Row = tuple[Vector, float, float]
    Edge = tuple[float, float]
    Box = tuple[Edge, Edge, Edge]

LEAST_APPLICABLE = 1e-3
"""A change of weights leaves each option at least this share of the whole that applies to it."""

CLOSE = 1e-8
"""Scores as close as this count as equal in the search for the smallest change of weights."""

_INFEASIBLE = 2


def reversal_points(
    a: Case, b: Case, domain: str, *, question: str | None = None, which: ScoreName = "assured"
) -> tuple[ReversalPoint, ...]:
    """Return the weights of a domain, or of a question in its domain, at which two options score the same.

    At most two, ascending, each verified by rescoring within 1e-9; none where the scores are equal at every
    weight. Where everything applies to both there is at most one,
    t* = (R_b − R_a) / ((D_ad − D_bd) − (R_a − R_b)).

    By hand: D_a = 1, D_b = 0 and R_a = 0, R_b = .5 give t* = .5 / (1 + .5) = 1/3.

    Raises
    ------
    KeyError
        If there is no such domain, or no such question in it.
    ValueError
        If the domain, or the question in its domain, stands alone, or the cases have different weights.
    """
    require_equal_weights(a, b)
    one, other = line_of(a, domain, question, which), line_of(b, domain, question, which)
    found = equal_at(one, other)
    marks = [0.0, *sorted(found), 1.0]
    leaders = [_leader(one, other, low, high) for low, high in pairwise(marks)]
    return tuple(
        ReversalPoint(share, found[share], below, above)
        for share, (below, above) in zip(sorted(found), pairwise(leaders), strict=True)
    )


def equal_at(one: Line, other: Line) -> dict[float, float]:
    """Return the score by each weight in 0..1 at which two lines meet; empty where they are the same."""
    found = {}
    for share in _roots(*_crossing(one, other)):
        score, rival = one.at(share), other.at(share)
        if score is not None and rival is not None and abs(score - rival) <= TOLERANCE:
            found[share] = score
    return found


def _crossing(one: Line, other: Line) -> tuple[float, float, float]:
    """Return c0, c1, c2 such that the scores are equal where c0 + c1 t + c2 t² = 0."""
    (n0, n1), (d0, d1) = one.numerator, one.denominator
    (m0, m1), (e0, e1) = other.numerator, other.denominator
    if one.denominator == other.denominator:
        return n0 - m0, (n1 - m1) - (n0 - m0), 0.0
    start, end = n0 * e0 - m0 * d0, n1 * e1 - m1 * d1
    mixed = n0 * e1 + n1 * e0 - m0 * d1 - m1 * d0
    return start, mixed - 2 * start, start - mixed + end


def _roots(c0: float, c1: float, c2: float) -> tuple[float, ...]:
    """Return the different roots in 0..1, in any order, by the form that cancels no digits."""
    within = c1 * c1 - 4 * c2 * c0
    if within < 0 or max(abs(c0), abs(c1), abs(c2)) <= NOTHING:
        return ()
    q = -(c1 + math.copysign(math.sqrt(within), c1)) / 2
    roots = [top / bottom for top, bottom in ((c0, q), (q, c2)) if bottom != 0]
    inside = (min(1.0, max(0.0, root)) for root in roots if -NOTHING <= root <= 1 + NOTHING)
    return tuple(set(inside))


def _leader(one: Line, other: Line, low: float, high: float) -> Side | None:
    """Return who leads between two neighbouring points of equality; None where there is no room."""
    score_a, score_b = one.at((low + high) / 2), other.at((low + high) / 2)
    if low == high or score_a is None or score_b is None:
        return None
    return "a" if score_a > score_b else "b"


@dataclass(frozen=True, slots=True)
class _Sums:
    """n and p of one option by domain."""

    n: Vector
    applying: Vector

    @classmethod
    def of(cls, case: Case, which: ScoreName) -> _Sums:
        values, parts = values_of(case, which), case.weights.domains
        return cls(
            np.array([weighted_sum(part, values, case.applies) for part in parts]),
            np.array([domain_share(part, case.applies) for part in parts]),
        )


def smallest_weight_change(a: Case, b: Case, *, which: ScoreName = "assured") -> WeightChange | None:
    """Return the domain weights nearest to those stated at which b scores at least as much as a.

    Nearest in Σ |W'_d − W_d|, with W' ≥ 0 and Σ W' = 1; questions keep their shares of their domain. Each
    option keeps .001 of the whole that applies to it, or what it has where that is less, since without any it
    has no score. None if no such weights exist. Of several equally near the solver's choice. The result is
    verified by rescoring: S_b ≥ S_a − 1e-8.

    Raises
    ------
    ValueError
        If the cases have different weights.
    ArithmeticError
        If the solver fails.

    Notes
    -----
    Where equal shares of every domain apply to both, S_b ≥ S_a is (n_b − n_a)·W' ≥ 0, one linear program.
    Otherwise it is (n_b·W')(p_a·W') ≥ (n_a·W')(p_b·W'), which is not convex. It holds if and only if some
    level λ in [0, 1] lies between: n_a·W' ≤ λ y_a and λ y_b ≤ n_b·W', where y = p·W'. In a box of λ, y_a and
    y_b, McCormick's envelopes of the two products are linear, so that a linear program bounds the change in
    the box from below, with an error that falls with the product of the edges. If its solution satisfies
    S_b ≥ S_a it is the best of the box; else the box is cut across its longest edge. The box with the
    lowest bound is always looked at first, so the first solution that holds is the smallest change. It ends,
    since in a small box every solution holds, or there is none.

    By hand: two domains of weight .6 and .4, in which a has 1 and 0 and b has 0 and 1: at equal weights they
    are equal, and the change is .1 + .1 = .2.

    References
    ----------
    McCormick (1976), Computability of global solutions to factorable nonconvex programs: part I, Mathematical
    Programming 10, 147-175: the envelopes. Huangfu and Hall (2018), Parallelizing the dual revised simplex
    method, Mathematical Programming Computation 10, 119-142: HiGHS.
    """
    require_equal_weights(a, b)
    pair = _Sums.of(a, which), _Sums.of(b, which)
    stated = np.array([part.share for part in a.weights.domains])
    if _behind(pair, stated) <= CLOSE:
        return _change(a, b, stated, which)
    if np.array_equal(pair[0].applying, pair[1].applying):
        floors = _floors(stated, pair)
        rows = [(pair[0].n - pair[1].n, 0.0, 0.0), (-pair[0].applying, 0.0, -max(floors))]
        shares = _nearest(stated, rows, (0.0, 0.0), min(floors))
    else:
        shares = _branch_and_bound(stated, pair)
    return None if shares is None else _change(a, b, shares, which)


def _branch_and_bound(stated: Vector, pair: tuple[_Sums, _Sums]) -> Vector | None:
    a, b = pair
    floors = _floors(stated, pair)
    parts: list[tuple[float, Box, tuple[float, ...]]] = []

    def look_at(box: Box) -> None:
        shares = _nearest(stated, _envelopes(pair, box), box[0], min(floors))
        if shares is not None:
            heapq.heappush(parts, (float(np.abs(shares - stated).sum()), box, tuple(shares)))

    look_at(((0.0, 1.0), (floors[0], float(a.applying.max())), (floors[1], float(b.applying.max()))))
    while parts:
        _, box, found = heapq.heappop(parts)
        shares = np.array(found)
        if _behind(pair, shares) <= CLOSE:
            return shares
        level = (_ratio(a, shares) + _ratio(b, shares)) / 2
        place = (level, math.fsum(a.applying * shares), math.fsum(b.applying * shares))
        for half in _halves(box, place):
            look_at(half)
    return None


def _halves(box: Box, place: tuple[float, float, float]) -> tuple[Box, Box]:
    """Return a box cut across its longest edge: at the place, or so near that each part keeps a tenth."""
    longest = max(range(3), key=lambda side: box[side][1] - box[side][0])
    low, high = box[longest]
    tenth = (high - low) / 10
    cut = min(max(place[longest], low + tenth), high - tenth)
    edges = [list(box), list(box)]
    edges[0][longest], edges[1][longest] = (low, cut), (cut, high)
    one, other = ((first, second, third) for first, second, third in edges)
    return one, other


def _envelopes(pair: tuple[_Sums, _Sums], box: Box) -> list[Row]:
    """Return rows (c, k, r), read c·W + k λ ≤ r, that hold wherever S_a ≤ λ ≤ S_b in the box."""
    (low, high), (least_a, most_a), (least_b, most_b) = box
    a, b = pair
    return [
        (a.n - high * a.applying, -least_a, -high * least_a),
        (a.n - low * a.applying, -most_a, -low * most_a),
        (low * b.applying - b.n, least_b, low * least_b),
        (high * b.applying - b.n, most_b, high * most_b),
        (a.applying, 0.0, most_a),
        (-a.applying, 0.0, -least_a),
        (b.applying, 0.0, most_b),
        (-b.applying, 0.0, -least_b),
    ]


def _ratio(sums: _Sums, shares: Vector) -> float:
    return math.fsum(sums.n * shares) / math.fsum(sums.applying * shares)


def _behind(pair: tuple[_Sums, _Sums], shares: Vector) -> float:
    return _ratio(pair[0], shares) - _ratio(pair[1], shares)


def _floors(stated: Vector, pair: tuple[_Sums, _Sums]) -> tuple[float, float]:
    own = (math.fsum(sums.applying * stated) for sums in pair)
    one, other = (min(LEAST_APPLICABLE, share) for share in own)
    return one, other


def _nearest(stated: Vector, rows: list[Row], level: Edge, scale: float) -> Vector | None:
    """Return the shares W' = W + up − down nearest to those stated that meet all rows; None if none do.

    Rows are divided by ``scale``, the least that applies, so that the solver's tolerance is one on scores.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - costs 0.3 s, and few commands need it

    count = len(stated)
    result = linprog(
        np.append(np.ones(2 * count), 0.0),
        A_ub=np.array([np.concatenate([row, -row, [factor]]) for row, factor, _ in rows]) / scale,
        b_ub=np.array([limit - math.fsum(row * stated) for row, _, limit in rows]) / scale,
        A_eq=np.concatenate([np.ones(count), -np.ones(count), [0.0]])[np.newaxis],
        b_eq=np.zeros(1),
        bounds=[*((0.0, 1.0) for _ in stated), *((0.0, share) for share in stated), level],
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10},
    )
    if result.status == _INFEASIBLE:
        return None
    if result.status != 0:
        msg = f"the linear program of the smallest change of weights has no answer: {result.message}"
        raise ArithmeticError(msg)
    shares = np.maximum(stated + result.x[:count] - result.x[count : 2 * count], 0.0)
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _change(a: Case, b: Case, shares: Vector, which: ScoreName) -> WeightChange:
    by_domain = {part.domain: float(share) for part, share in zip(a.weights.domains, shares, strict=True)}
    changed = with_domain_shares(a.weights, by_domain)
    score_a, score_b = (total_score(changed, values_of(case, which), case.applies) or 0.0 for case in (a, b))
    change = math.fsum(abs(by_domain[part.domain] - part.share) for part in a.weights.domains)
    return WeightChange(by_domain, change, score_a, score_b)
