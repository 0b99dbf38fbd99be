"""From the evidence of one record to an interval of values and a distribution over it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from evalkit.model.answers import HostLists, RawValue
from evalkit.model.questionnaire import ScaleQuestion, SetQuestion, StartMinusPenalties
from evalkit.model.records import normalised, state_of, stated_value
from evalkit.model.scorecard import WeighedItem
from evalkit.model.values import EVIDENCE_CLASSES, RANK
from evalkit.scoring.hosts import open_above
from evalkit.scoring.worth import GRID, TOLERANCE, grid, worth

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from evalkit.model.answers import EvidenceItem, ProductAnswers, Statement
    from evalkit.model.profile import EvidencePolicy
    from evalkit.model.questionnaire import Question
    from evalkit.model.values import AnswerState, EvidenceClass

Distribution = tuple[tuple[float, float], ...]
"""Values with their probabilities, values ascending."""

STEP = 0.25
"""One level of slack, as a share of the scale."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the evidence of one record is worth for one option.

    Attributes
    ----------
    evidence_class : str
        Effective class of the governing evidence; ``none`` where no value stands.
    governing : tuple
        The different values that the governing evidence states, as written.
    v : float or None
        Face value in 0..1; None where no value stands.
    """

    state: AnswerState
    evidence_class: str
    governing: tuple[RawValue, ...]
    v: float | None
    low: float
    expected: float
    high: float
    distribution: Distribution
    disputed: bool
    stale: bool
    items: tuple[WeighedItem, ...]


def weigh(  # noqa: PLR0913 - each argument is one input of the rule, and all are keywords
    item: EvidenceItem,
    *,
    v: float | None,
    answers: ProductAnswers,
    deployment_id: str,
    table: Mapping[EvidenceClass, EvidencePolicy],
    as_of: date,
) -> WeighedItem:
    """Return an evidence item with the class that it counts as.

    It is a claim if its scope does not cover the deployment; else one class lower if it has expired, never
    below claim. A tested item counts as expired for any version but the one tested.

    Raises
    ------
    ValueError
        If neither the item nor its source has a date.
    """
    source = answers.sources.get(item.source)
    collected = item.collected or (source.retrieved if source else None)
    if collected is None:
        msg = f"evidence from {item.source} has no date"
        raise ValueError(msg)
    expires = item.expires or collected + timedelta(days=table[item.evidence_class].valid_days)
    other_version = item.evidence_class == "tested" and item.version != answers.product.version
    expired = as_of > expires or other_version
    covers = item.deployments is None or deployment_id in item.deployments
    effective = item.evidence_class
    if not covers:
        effective = "claim"
    elif expired:
        effective = EVIDENCE_CLASSES[max(0, RANK[item.evidence_class] - 2)]
    return WeighedItem(
        item=item,
        effective_class=effective,
        v=v,
        collected=collected,
        expires=expires,
        expired=expired,
        covers=covers,
        governs=False,
    )


def slack_levels(
    question: Question, evidence_class: EvidenceClass, table: Mapping[EvidenceClass, EvidencePolicy]
) -> int:
    """Return by how many levels a statement may overstate.

    0 where the class has at least the rank of the question's strongest proof: what no lab can test is not
    punished for not being tested.
    """
    if RANK[evidence_class] >= RANK[question.strongest_proof]:
        return 0
    return table[evidence_class].slack_levels


def shifted_down(question: Question, v: float, slack: int) -> float:
    """Return the worth that is left of ``v`` after ``slack`` levels: a level of the scale, or at least 0."""
    target = v - STEP * slack
    if not isinstance(question, ScaleQuestion):
        return max(0.0, target)
    values = grid(question)
    return max((value for value in values if value <= target + TOLERANCE), default=values[0])


def read_evidence(  # noqa: PLR0913 - each argument is one input of the rule
    question: Question,
    statement: Statement,
    *,
    answers: ProductAnswers,
    deployment_id: str,
    table: Mapping[EvidenceClass, EvidencePolicy],
    as_of: date,
) -> Reading:
    """Return interval and distribution of one statement for one deployment.

    The strongest evidence governs: v⁺ is the highest value that an item of the highest effective class
    states, v⁻ the lowest, moved down by the slack of that class.
    """
    state = state_of(statement)
    answered = state in ("answered", "conflicting")
    face = worth(question, statement.value) if answered and statement.value is not None else None
    items = tuple(
        weigh(
            item,
            v=face if item.value is None else worth(question, item.value) if answered else None,
            answers=answers,
            deployment_id=deployment_id,
            table=table,
            as_of=as_of,
        )
        for item in statement.evidence
    )
    if not answered:
        prior = ((0.0, 1.0),) if state == "refused" else ignorance(grid(question))
        return Reading(
            state=state,
            evidence_class="none",
            governing=(),
            v=None,
            low=0.0,
            expected=_mean(prior),
            high=1.0,
            distribution=prior,
            disputed=False,
            stale=False,
            items=items,
        )
    return _answered(question, statement, state, face, items, table)


def _answered(  # noqa: PLR0913, PLR0917 - what was said, as it was read so far
    question: Question,
    statement: Statement,
    state: AnswerState,
    face: float | None,
    items: tuple[WeighedItem, ...],
    table: Mapping[EvidenceClass, EvidencePolicy],
) -> Reading:
    rank = max([RANK[item.effective_class] for item in items])
    evidence_class = EVIDENCE_CLASSES[rank - 1]
    items = tuple([_governing(it) if it.effective_class == evidence_class else it for it in items])
    governing = [it for it in items if it.governs]
    stated = _governing_values(question, [stated_value(it.item, statement) for it in governing])
    slack = slack_levels(question, evidence_class, table)
    own = [it.v for it in governing if it.v is not None]
    values = own if len(stated) == 1 else [worth(question, value) for value in stated]
    v = high = max(values)
    low = shifted_down(question, min(values), slack)
    if state == "answered" and normalised(statement.value) in {normalised(value) for value in stated}:
        v = face if face is not None else high
    table_v = None
    potentials = [above for value in stated if isinstance(value, HostLists) and (above := open_above(value))]
    if potentials:
        v = table_v = max(values)
        low, high = shifted_down(question, table_v, slack), max(table_v, *potentials)
    distribution = spread(question, low, high, table[evidence_class].reliability, table_v)
    lesser = [it.v for it in items if not it.governs and it.v is not None]
    return Reading(
        state=state,
        evidence_class=evidence_class,
        governing=stated,
        v=v,
        low=low,
        expected=_mean(distribution),
        high=high,
        distribution=distribution,
        disputed=max(own) - min(own) > TOLERANCE
        or any(not low - TOLERANCE <= other <= high + TOLERANCE for other in lesser),
        stale=any(it.expired for it in governing),
        items=items,
    )


def _governing(item: WeighedItem) -> WeighedItem:
    """Return the item as one that governs; `dataclasses.replace` takes thrice the time."""
    return WeighedItem(
        item.item,
        item.effective_class,
        item.v,
        item.collected,
        item.expires,
        item.expired,
        item.covers,
        governs=True,
    )


def _governing_values(question: Question, stated: list[RawValue | None]) -> tuple[RawValue, ...]:
    """Return the different values stated; tied penalty sets add the union of their ticks."""
    different = {normalised(value): value for value in stated if value is not None}
    if isinstance(question, SetQuestion) and isinstance(question.value_rule, StartMinusPenalties):
        ticked = {tick for value in different.values() if isinstance(value, tuple) for tick in value}
        union = tuple(option.id for option in question.options if option.id in ticked)
        different.setdefault(normalised(union), union)
    return tuple(different.values())


def ignorance(values: tuple[float, ...]) -> Distribution:
    """Return the distribution of what nobody knows: weights n … 1 from the lowest of n values up.

    >>> [round(p, 3) for _, p in ignorance((0, 0.25, 0.5, 0.75, 1))]
    [0.333, 0.267, 0.2, 0.133, 0.067]
    """
    count = len(values)
    total = count * (count + 1) / 2
    return tuple((value, (count - place) / total) for place, value in enumerate(values))


def spread(
    question: Question, low: float, high: float, reliability: float, table_v: float | None = None
) -> Distribution:
    """Return the distribution over an interval.

    A point if it is one. Else the stated value, which is ``high`` (or ``table_v`` of a host list that is open
    above), has the reliability of its class, and the rest is uniform over the levels or grid points from
    ``low`` up; where none lies there, the rest goes to ``low``.
    """
    levels = grid(question) if isinstance(question, ScaleQuestion) else None
    return _spread(levels, low, high, reliability, table_v)


@lru_cache(maxsize=4096)  # a few hundred differ, however many options there are
def _spread(
    levels: tuple[float, ...] | None, low: float, high: float, reliability: float, table_v: float | None
) -> Distribution:
    if high - low <= TOLERANCE:
        return ((high, 1.0),)
    if table_v is None:
        stated = high
        support = GRID[:-1] if levels is None else levels
        others = [value for value in support if low - TOLERANCE <= value < high - TOLERANCE]
    else:
        stated = table_v
        others = [
            value
            for value in GRID
            if low - TOLERANCE <= value <= high + TOLERANCE and abs(value - table_v) > TOLERANCE
        ]
    others = others or [low]
    chances: dict[float, float] = {stated: reliability}
    for value in others:
        chances[value] = chances.get(value, 0.0) + (1 - reliability) / len(others)
    return tuple((value, chance) for value, chance in sorted(chances.items()) if chance > 0)


def _mean(distribution: Distribution) -> float:
    return math.fsum(value * chance for value, chance in distribution)
