"""Value of information: which open record, once known, would change a verdict or the choice.

References
----------
Raiffa, H., Schlaifer, R. (1961). Applied Statistical Decision Theory. Chapter 4: the expected value of
perfect information, here of one record (partial), with the expected score as the utility.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from typing import TYPE_CHECKING, Final

import numpy as np

from evalkit.model.information import GroupValue, OptionEffect, RecordValue, ResolvedAt
from evalkit.scoring.information_board import WORDS
from evalkit.scoring.information_survey import (
    PLACES,
    Outcomes,
    as_it_stands,
    figures_of,
    open_records,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Verdict
    from evalkit.scoring.information_board import Floats, Integers
    from evalkit.scoring.information_survey import Now, OpenRecord

ENUMERATED: Final = 20_000
"""Groups with at most this many combinations of values are enumerated; others are drawn."""

DRAWS: Final = 10_000
"""Draws of a group that is too large to enumerate."""


def value_of_information(
    inputs: EvaluationInputs, options: Collection[str] | None = None
) -> tuple[RecordValue, ...]:
    """Return what each open record is worth, most valuable first.

    Sorted by the probability that a verdict changes, then that the leader changes, then by weight; ties by
    question, product and scope. All figures are exact.

    Parameters
    ----------
    options
        Ids of the options whose verdicts count, all by default. What leads is asked of all options.
    """
    now = as_it_stands(inputs)
    chosen = set(now.boards) if options is None else set(options)
    found = [
        value
        for records in open_records(now, chosen).values()
        for value in _values(inputs, now, records, chosen)
    ]
    return tuple(sorted(found, key=_order))


def value_of_groups(
    inputs: EvaluationInputs, *, seed: int, options: Collection[str] | None = None, draws: int = DRAWS
) -> tuple[GroupValue, ...]:
    """Return what all open records of each product, and of each domain of it, are worth together.

    Products by id, the whole first, then its domains in the order of the questionnaire. The records of a
    group are taken as independent. Groups of at most :data:`ENUMERATED` combinations are exact, others drawn.

    Raises
    ------
    ValueError
        If there are no draws.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least 1 is needed")
    now = as_it_stands(inputs)
    chosen = set(now.boards) if options is None else set(options)
    groups = []
    for records in open_records(now, chosen).values():
        parts: list[tuple[str | None, list[OpenRecord]]] = [(None, records)]
        for domain in inputs.questionnaire.domains:
            ids = {question.id for question in domain.questions}
            parts.append((domain.id, [record for record in records if record.question in ids]))
        groups += [_group(now, name, part, chosen, seed=seed, draws=draws) for name, part in parts if part]
    return tuple(groups)


def _order(value: RecordValue) -> tuple[float, float, float, str, str, str]:
    return (
        -round(value.verdict_changes, PLACES),
        -round(value.leader_changes, PLACES),
        -round(value.weight, PLACES),
        value.question,
        value.product,
        value.scope,
    )


def _values(
    inputs: EvaluationInputs, now: Now, records: Sequence[OpenRecord], chosen: Collection[str]
) -> list[RecordValue]:
    """Return the worth of each of one product's records, each resolved by itself."""
    starts = [0, *itertools.accumulate(len(record.chances) for record in records)]
    draws = np.full((starts[-1], len(records)), -1, dtype=np.int64)
    for place, (start, end) in enumerate(itertools.pairwise(starts)):
        draws[start:end, place] = np.arange(end - start)
    product = records[0].product
    every = resolve(now, product, records, draws)
    found = []
    for record, (start, end) in zip(records, itertools.pairwise(starts), strict=True):
        own = Outcomes(every.options, every.codes[:, start:end], every.expected[:, start:end])
        chances = np.array(record.chances)
        changes, leads, evppi = figures_of(now, own, chances, chosen)
        found.append(
            RecordValue(
                product=product,
                question=record.question,
                domain=inputs.questionnaire.domain_of[record.question].id,
                scope=record.scope,
                state=now.boards[next(iter(record.values))].case.readings[record.question].state,
                weight=now.boards[own.options[0]].case.weights.weight(record.question),
                verdict_changes=changes,
                leader_changes=leads,
                evppi=evppi,
                options=tuple(
                    _effect(now, record, option, codes)
                    for option, codes in zip(own.options, own.codes, strict=True)
                    if option in record.values and now.boards[option].case.applies[record.question]
                ),
            )
        )
    return found


def _effect(now: Now, record: OpenRecord, option: str, codes: Integers) -> OptionEffect:
    chances: dict[tuple[float, Verdict], float] = {}
    for value, code, chance in zip(record.values[option], codes, record.chances, strict=True):
        key = (value, WORDS[code])
        chances[key] = chances.get(key, 0.0) + chance
    verdict = WORDS[now.codes[option]]
    return OptionEffect(
        option=option,
        verdict=verdict,
        verdict_changes=math.fsum(chance for (_, word), chance in chances.items() if word != verdict),
        values=tuple(ResolvedAt(value, chance, word) for (value, word), chance in chances.items()),
    )


def _group(  # noqa: PLR0913 - what the group is, and how it is drawn
    now: Now,
    domain: str | None,
    records: Sequence[OpenRecord],
    chosen: Collection[str],
    *,
    seed: int,
    draws: int,
) -> GroupValue:
    product = records[0].product
    exact = math.prod(len(record.chances) for record in records) <= ENUMERATED
    outcomes, chances = _every_combination(records) if exact else _drawn(records, seed, draws)
    every = resolve(now, product, records, outcomes)
    changes, leads, evppi = figures_of(now, every, chances, chosen)
    by_option = []
    for option, codes in zip(every.options, every.codes, strict=True):
        if option in chosen:
            changed = chances[codes != now.codes[option]]
            by_option.append((option, min(1.0, math.fsum(changed.tolist()))))
    return GroupValue(
        product=product,
        domain=domain,
        records=len(records),
        verdict_changes=changes,
        leader_changes=leads,
        evppi=evppi,
        by_option=tuple(by_option),
        draws=None if exact else draws,
        seed=None if exact else seed,
        error=0.0 if exact else 1.96 * math.sqrt(changes * (1 - changes) / draws),
    )


def _every_combination(records: Sequence[OpenRecord]) -> tuple[Integers, Floats]:
    """Return every combination of outcomes, shape (combinations, records), with its probability."""
    sizes = [range(len(record.chances)) for record in records]
    combinations = np.array(list(itertools.product(*sizes)), dtype=np.int64)
    chances = np.ones(len(combinations))
    for place, record in enumerate(records):
        chances *= np.array(record.chances)[combinations[:, place]]
    return combinations, chances


def _drawn(records: Sequence[OpenRecord], seed: int, draws: int) -> tuple[Integers, Floats]:
    """Return random outcomes, shape (draws, records), each as likely; a record's stream is its own."""
    columns = []
    for record in records:
        name = "\0".join((str(seed), record.product, record.question, record.scope))
        stream = int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "big")
        numbers = np.random.default_rng(stream).random(draws)
        ends = np.cumsum(record.chances)
        columns.append(np.minimum(np.searchsorted(ends, numbers, side="right"), len(ends) - 1))
    return np.stack(columns, axis=1).astype(np.int64), np.full(draws, 1 / draws)
