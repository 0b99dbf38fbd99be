"""Value of information of many records at once: all of a product, all of a domain, all of a domain of one."""

from __future__ import annotations

import hashlib
import itertools
import math
from typing import TYPE_CHECKING, Final

import numpy as np

from evalkit.model.information import GroupValue
from evalkit.scoring.information_board import WORDS
from evalkit.scoring.information_survey import (
    Outcomes,
    as_it_stands,
    figures_of,
    open_records,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.scoring.information_board import Floats, Integers
    from evalkit.scoring.information_survey import Now, OpenRecord

ENUMERATED: Final = 20_000
"""Groups with at most this many combinations of values are enumerated; others are drawn."""

DRAWS: Final = 10_000
"""Draws of a group that is too large to enumerate."""

APPROVED: Final = WORDS.index("approve-with-conditions")
"""Verdicts from this code on let an option be used."""

SEED: Final = 1
"""Seed of the draws where none is given; the same evaluation gives the same bytes."""


def value_of_groups(
    inputs: EvaluationInputs,
    *,
    seed: int = SEED,
    options: Collection[str] | None = None,
    draws: int = DRAWS,
    domains_of_products: bool = True,
) -> tuple[GroupValue, ...]:
    """Return what open records are worth together: of each product, of each domain, of each domain of each.

    First the products by id, each followed by its domains in the order of the questionnaire; then the domains
    with the records of all products. The records of a group are taken as independent. Groups of at most
    :data:`ENUMERATED` combinations are exact, others drawn.

    Parameters
    ----------
    options
        Ids of the options whose verdicts count, all by default. What leads is asked of all options.
    domains_of_products
        Whether each domain of each product is a group, too; they take most of the time.

    Raises
    ------
    ValueError
        If there are no draws.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least 1 is needed")
    now = as_it_stands(inputs)
    chosen = set(now.boards) if options is None else set(options)
    return tuple(
        _group(now, name, records, chosen, seed=seed, draws=draws)
        for name, records in _groups(inputs, open_records(now, chosen))
        if records and (domains_of_products or None in name)
    )


def _groups(
    inputs: EvaluationInputs, by_product: dict[str, list[OpenRecord]]
) -> Iterator[tuple[tuple[str | None, str | None], list[OpenRecord]]]:
    """Yield every group's product and domain with its records, products by id."""
    domains = [(it.id, {question.id for question in it.questions}) for it in inputs.questionnaire.domains]
    for product, records in by_product.items():
        yield (product, None), records
        for domain, ids in domains:
            yield (product, domain), [record for record in records if record.question in ids]
    for domain, ids in domains:
        of_all = itertools.chain.from_iterable(by_product.values())
        yield (None, domain), [record for record in of_all if record.question in ids]


def _group(  # noqa: PLR0913 - what the group is, and how it is drawn
    now: Now,
    name: tuple[str | None, str | None],
    records: Sequence[OpenRecord],
    chosen: Collection[str],
    *,
    seed: int,
    draws: int,
) -> GroupValue:
    exact = math.prod(len(record.chances) for record in records) <= ENUMERATED
    outcomes, chances = _every_combination(records) if exact else _drawn(records, seed, draws)
    every = _resolved(now, records, outcomes)
    changes, leads, evppi = figures_of(now, every, chances, chosen)
    own = [(option, it) for option, it in zip(every.options, every.codes, strict=True) if option in chosen]
    product, domain = name
    return GroupValue(
        product=product,
        domain=domain,
        records=len(records),
        verdict_changes=changes,
        leader_changes=leads,
        evppi=evppi,
        by_option=tuple((option, _chance(chances[it != now.codes[option]])) for option, it in own),
        approved_now=sum(now.codes[option] >= APPROVED for option, _ in own),
        approved=math.fsum(_chance(chances[it >= APPROVED]) for _, it in own),
        draws=None if exact else draws,
        seed=None if exact else seed,
        error=0.0 if exact else 1.96 * math.sqrt(changes * (1 - changes) / draws),
    )


def _chance(chances: Floats) -> float:
    return min(1.0, math.fsum(chances.tolist()))


def _resolved(now: Now, records: Sequence[OpenRecord], draws: Integers) -> Outcomes:
    """Return the options of all products that the records are of, in draws of shape (draws, records)."""
    products = dict.fromkeys(record.product for record in records)
    found = []
    for product in products:
        own = [place for place, record in enumerate(records) if record.product == product]
        found.append(resolve(now, product, [records[place] for place in own], draws[:, own]))
    return Outcomes(
        tuple(option for it in found for option in it.options),
        np.concatenate([it.codes for it in found]),
        np.concatenate([it.expected for it in found]),
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
