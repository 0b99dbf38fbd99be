"""Value of information: which open record, once known, would change a verdict or the choice.

References
----------
Raiffa, H., Schlaifer, R. (1961). Applied Statistical Decision Theory. Chapter 4: the expected value of
perfect information, here of one record (partial), with the expected score as the utility.
"""

from __future__ import annotations

import itertools
import math
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from evalkit.model.information import OptionEffect, RecordValue, ResolvedAt
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
    from collections.abc import Collection, Mapping, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Verdict
    from evalkit.scoring.first_place_shift import RecordKey, Shift
    from evalkit.scoring.information_board import Integers
    from evalkit.scoring.information_survey import Now, OpenRecord

_NOT_MEASURED: Mapping[RecordKey, Shift] = MappingProxyType({})


def value_of_information(
    inputs: EvaluationInputs,
    options: Collection[str] | None = None,
    shifts: Mapping[RecordKey, Shift] = _NOT_MEASURED,
) -> tuple[RecordValue, ...]:
    """Return what each open record is worth, most valuable first.

    Sorted by the probability that a verdict changes, then that the leader changes, then by the shift of the
    first place, then by weight; ties by question, product and scope. All figures but the shift are exact.

    Parameters
    ----------
    options
        Ids of the options whose verdicts count, all by default. What leads is asked of all options.
    shifts
        By how much the first place shifts, where it was measured for the same options: what
        :func:`evalkit.scoring.first_place_shift.first_place_shifts` returns.
    """
    now = as_it_stands(inputs)
    chosen = set(now.boards) if options is None else set(options)
    found = [
        value
        for records in open_records(now, chosen).values()
        for value in _values(inputs, now, records, chosen, shifts)
    ]
    return tuple(sorted(found, key=_order))


def _order(value: RecordValue) -> tuple[float, float, float, float, str, str, str]:
    return (
        -round(value.verdict_changes, PLACES),
        -round(value.leader_changes, PLACES),
        -round(value.first_shift or 0.0, PLACES),
        -round(value.weight, PLACES),
        value.question,
        value.product,
        value.scope,
    )


def _values(
    inputs: EvaluationInputs,
    now: Now,
    records: Sequence[OpenRecord],
    chosen: Collection[str],
    shifts: Mapping[RecordKey, Shift],
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
        shift = shifts.get((product, record.question, record.scope))
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
                first_shift=None if shift is None else shift.shown,
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
