"""What is open in an evaluation, and what becomes of verdicts and of the leader once some of it is known."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from evalkit.model.scorecard import Finding
from evalkit.scoring.assessors import record_scope
from evalkit.scoring.information_board import REJECT, Board, Column
from evalkit.scoring.resolution import prior
from evalkit.scoring.score import case_of
from evalkit.scoring.verdict import best_case
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.scoring.evidence import Distribution
    from evalkit.scoring.information_board import Floats, Integers

PLACES: Final = 12
"""Probabilities that differ beyond this many decimals are taken as equal."""


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """One open record: its joint outcomes, and the worth that each option served takes in each."""

    product: str
    question: str
    scope: str
    chances: tuple[float, ...]
    values: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Now:
    """Every option with figures as it stands, before anything is resolved."""

    boards: Mapping[str, Board]
    codes: Mapping[str, int]
    expected: Mapping[str, float]

    @property
    def leader(self) -> str | None:
        """The option not rejected that has the highest expected score, ties by id; None if all are."""
        alive = sorted(option for option, code in self.codes.items() if code > REJECT)
        if not alive:
            return None
        best = max(self.expected[option] for option in alive)
        return next(option for option in alive if self.expected[option] >= best - TOLERANCE)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The options of one product in every draw.

    Attributes
    ----------
    codes, expected : array, shape (options, draws)
    """

    options: tuple[str, ...]
    codes: Integers
    expected: Floats


def as_it_stands(inputs: EvaluationInputs) -> Now:
    """Return every option that has figures; not-scorable and not-eligible ones take no part."""
    boards = {}
    for option in inputs.options():
        case = case_of(inputs, option)
        if not isinstance(case, Finding):
            boards[option.id] = Board(inputs, option, case)
    untouched = np.empty((1, 0), dtype=np.int64)
    figures = {option: board.evaluate((), untouched) for option, board in boards.items()}
    return Now(
        boards,
        codes={option: int(codes[0]) for option, (codes, _) in figures.items()},
        expected={option: float(expected[0]) for option, (_, expected) in figures.items()},
    )


def open_records(now: Now, chosen: Collection[str]) -> dict[str, list[OpenRecord]]:
    """Return the records that are open for a chosen option, by product; records by question and scope."""
    served: dict[tuple[str, str, str], list[str]] = {}
    for option, board in now.boards.items():
        product_id = board.option.answers.product.id
        for question in board.case.readings:
            key = (product_id, question, record_scope(board.inputs, board.option, question))
            served.setdefault(key, []).append(option)
    products: dict[str, list[OpenRecord]] = {}
    for key, options in sorted(served.items()):
        product, question, scope = key
        cases = {option: now.boards[option].case for option in options}
        if not any(option in chosen and best_case(case, question) for option, case in cases.items()):
            continue
        instrument = now.boards[options[0]].inputs.questionnaire
        priors = {
            option: prior(instrument.by_id[question], case.readings[question])
            for option, case in cases.items()
        }
        products.setdefault(product, []).append(OpenRecord(product, question, scope, *joint(priors)))
    return products


def joint(
    distributions: Mapping[str, Distribution],
) -> tuple[tuple[float, ...], dict[str, tuple[float, ...]]]:
    """Return the outcomes of one record for all options that it serves: chances, and values by option.

    The record turns out once for all of them: each option takes its own distribution's quantile at the same
    number. Where their distributions are equal, as they nearly always are, they all take the same value.

    >>> joint({"a": ((0.0, 0.5), (1.0, 0.5)), "b": ((0.5, 1.0),)})
    ((0.5, 0.5), {'a': (0.0, 1.0), 'b': (0.5, 0.5)})
    """
    first, *others = distributions.values()
    if all(other == first for other in others):
        values = tuple(value for value, _ in first)
        return tuple(chance for _, chance in first), dict.fromkeys(distributions, values)
    ends = {
        option: [round(end, PLACES) for end in itertools.accumulate(chance for _, chance in own)]
        for option, own in distributions.items()
    }
    edges = sorted({0.0}.union(*ends.values()))
    middles = [(low + high) / 2 for low, high in itertools.pairwise(edges)]
    return (
        tuple(high - low for low, high in itertools.pairwise(edges)),
        {
            option: tuple(own[sum(end < at for end in ends[option])][0] for at in middles)
            for option, own in distributions.items()
        },
    )


def resolve(now: Now, product: str, records: Sequence[OpenRecord], draws: Integers) -> Outcomes:
    """Return every option of a product in draws of shape (draws, records), -1 where a record stays."""
    options = tuple(
        option for option, board in now.boards.items() if board.option.answers.product.id == product
    )
    figures = []
    for option in options:
        serving = [place for place, record in enumerate(records) if option in record.values]
        columns = [Column(records[place].question, records[place].values[option]) for place in serving]
        figures.append(now.boards[option].evaluate(columns, draws[:, serving]))
    return Outcomes(
        options, np.stack([codes for codes, _ in figures]), np.stack([expected for _, expected in figures])
    )


def figures_of(
    now: Now, outcomes: Outcomes, chances: Floats, chosen: Collection[str]
) -> tuple[float, float, float]:
    """Return P(some chosen verdict changes), P(leader changes) and EVPPI over draws with chances."""
    before = np.array([now.codes[option] for option in outcomes.options])
    counts = np.array([option in chosen for option in outcomes.options])
    changed = ((outcomes.codes != before[:, np.newaxis]) & counts[:, np.newaxis]).any(axis=0)
    return (
        _share(chances[changed]),
        _share(chances[_leader_changes(now, outcomes)]),
        _evppi(now, outcomes, chances),
    )


def _share(chances: Floats) -> float:
    return min(1.0, math.fsum(chances.tolist()))


def _elsewhere(now: Now, outcomes: Outcomes) -> float:
    """Return the highest expected score of an option of another product that is not rejected."""
    return max(
        (
            now.expected[option]
            for option, code in now.codes.items()
            if code > REJECT and option not in outcomes.options
        ),
        default=-math.inf,
    )


def _leader_changes(now: Now, outcomes: Outcomes) -> NDArray[np.bool_]:
    scores = np.where(outcomes.codes > REJECT, outcomes.expected, -np.inf)
    best = np.maximum(scores.max(axis=0), _elsewhere(now, outcomes))
    leader = now.leader
    changed: NDArray[np.bool_]
    if leader is None:
        changed = np.isfinite(best)
        return changed
    if leader in outcomes.options:
        own = scores[outcomes.options.index(leader)]
    else:
        own = np.full(best.shape, now.expected[leader])
    changed = ~np.isfinite(own) | (own < best - TOLERANCE)
    return changed


def _evppi(now: Now, outcomes: Outcomes, chances: Floats) -> float:
    """Return E max − max E of the expected score over the options that are not rejected now; at least 0."""
    alive = [place for place, option in enumerate(outcomes.options) if now.codes[option] > REJECT]
    if not alive:
        return 0.0
    scores = outcomes.expected[alive]
    other = _elsewhere(now, outcomes)
    knowing = float((np.maximum(scores.max(axis=0), other) * chances).sum())
    not_knowing = max(other, float((scores * chances).sum(axis=1).max()))
    gain = knowing - not_knowing
    return gain if gain > TOLERANCE else 0.0
