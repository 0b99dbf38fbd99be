"""Who is first as the weight of one domain goes from nothing to everything, and where that changes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from evalkit.scoring.reversal import equal_at
from evalkit.scoring.weight_sweep import line_of
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.model.explanation import ScoreName
    from evalkit.scoring.verdict import Case
    from evalkit.scoring.weight_sweep import Line

NARROWEST = 1e-6
"""A range of weights narrower than this is a point at which scores meet."""


@dataclass(frozen=True, slots=True)
class FirstPlace:
    """A range of weights of a domain throughout which the same options are first.

    Attributes
    ----------
    start, end : float
        Shares of the whole in 0..1; the next range starts where this one ends.
    options : tuple of str
        In the order given; several where they score the same.
    """

    start: float
    end: float
    options: tuple[str, ...]


def first_places(
    cases: Mapping[str, Case], domain: str, *, which: ScoreName = "assured"
) -> tuple[FirstPlace, ...]:
    """Return who is first at every weight of a domain, the others keeping their proportions, from 0 to 1.

    Exact but for ranges narrower than 1e-6. One range where the first place never changes.

    By hand: a has 1 in the domain and 0 elsewhere, b has 0 and .5: they meet at .5 / (1 + .5) = 1/3, so that
    b is first up to a weight of 1/3 and a from there on.

    Raises
    ------
    KeyError
        If there is no such domain.
    ValueError
        If it is the only one: its weight is always 1. If there are no cases.
    """
    if not cases:
        raise ValueError("there is nobody to be first: no cases")
    lines = {option: line_of(case, domain, None, which) for option, case in cases.items()}
    marks = [0.0]
    for share in sorted(_meetings(frozenset(lines.values()))):
        if share - marks[-1] > NARROWEST and 1 - share > NARROWEST:
            marks.append(share)
    found: list[FirstPlace] = []
    for start, end in pairwise([*marks, 1.0]):
        leading = _leading(lines, (start + end) / 2)
        if found and found[-1].options == leading:
            found[-1] = FirstPlace(found[-1].start, end, leading)
        else:
            found.append(FirstPlace(start, end, leading))
    return tuple(found)


def _meetings(lines: Collection[Line]) -> set[float]:
    """Return the weights at which two lines meet with none above them."""
    meetings = set()
    for one, other in combinations(lines, 2):
        for share in equal_at(one, other):
            score = one.at(share)
            if score is not None and score >= _highest(lines, share) - TOLERANCE:
                meetings.add(share)
    return meetings


def _highest(lines: Collection[Line], share: float) -> float:
    scores = (line.at(share) for line in lines)
    return max(score for score in scores if score is not None)


def _leading(lines: Mapping[str, Line], share: float) -> tuple[str, ...]:
    highest = _highest(lines.values(), share)
    scores = {option: line.at(share) for option, line in lines.items()}
    return tuple(
        option for option, score in scores.items() if score is not None and score >= highest - TOLERANCE
    )
