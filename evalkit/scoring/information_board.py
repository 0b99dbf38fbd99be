"""Verdict and expected score of one option under many resolutions at once.

Conditions, best cases and resolutions each touch one question only. So the verdict word needs no lists: it
follows from a few sums, which are kept per domain, for the option as it stands, with every available
condition, and with every best case on top; a resolution moves them by a difference that is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from evalkit.scoring.aggregation import applicable_weight, domain_share
from evalkit.scoring.applicability import masks
from evalkit.scoring.gates import gate_of
from evalkit.scoring.resolution import named_questions, resolved
from evalkit.scoring.verdict import FLOOR_APPLIES_FROM, Standing, best_case, condition_effects
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.scorecard import GateOutcome, Verdict
    from evalkit.scoring.enforcement import Enforced
    from evalkit.scoring.evidence import Reading
    from evalkit.scoring.verdict import Case

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

WORDS: Final[tuple[Verdict, ...]] = ("not-eligible", "reject", "defer", "approve-with-conditions", "approve")
"""The verdicts in the order of their codes."""

REJECT: Final = WORDS.index("reject")
_SETTINGS: Final = 3  # as it stands, with every condition, with every best case on top


@dataclass(frozen=True, slots=True)
class Column:
    """One record as it may turn out: the worth of its value in each of its outcomes, in 0..1."""

    question: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What one question adds to the sums of an option, one row per reading.

    Attributes
    ----------
    low : array, shape (readings, settings)
        u_q v⁻, as a share of the domain.
    covered : array, shape (readings, settings)
        w_q where it is answered.
    blocked : array of int, shape (readings, settings)
        1 where its gate is open or fails.
    expected : array, shape (readings,)
        w_q E v.
    """

    low: Floats
    covered: Floats
    blocked: Integers
    expected: Floats

    def minus(self, other: Table) -> Table:
        """Return the differences to a table of one row, with a row of zeros after the last."""

        def padded(own: Floats, base: Floats) -> Floats:
            return np.concatenate([own - base, np.zeros_like(base)])

        blocked = np.concatenate([self.blocked - other.blocked, np.zeros_like(other.blocked)])
        return Table(
            padded(self.low, other.low),
            padded(self.covered, other.covered),
            blocked,
            padded(self.expected, other.expected),
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """The sums of an option before any resolution, with what applies to it.

    Attributes
    ----------
    low : array, shape (settings, domains)
        Σ u_q v⁻ per domain.
    share : array, shape (domains,)
        Share of the domain's question weight that applies.
    weight : float
        Σ w_q of what applies.
    """

    case: Case
    low: Floats
    covered: Floats
    blocked: Integers
    expected: float
    share: Floats
    weight: float
    tables: dict[Column, Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Board:
    """One option whose records can be resolved."""

    inputs: EvaluationInputs
    option: Option
    case: Case
    _grounds: dict[tuple[bool, ...], Ground] = field(default_factory=dict)

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {
            question: place
            for place, domain in enumerate(self.case.weights.domains)
            for question in domain.questions
        }

    @cached_property
    def _enforced(self) -> Mapping[str, Sequence[Enforced]]:
        return {
            question: [it for it in self.case.enforced if it.question == question]
            for question in self.case.readings
        }

    @cached_property
    def _named(self) -> frozenset[str]:
        return named_questions(self.inputs)

    def evaluate(self, columns: Sequence[Column], draws: Integers) -> tuple[Integers, Floats]:
        """Return verdict code and expected score of the option in each draw.

        Parameters
        ----------
        columns
            The records that may be resolved.
        draws : array of int, shape (draws, records)
            Outcome of each record; -1 where it stays as it is.

        Returns
        -------
        codes : array of int, shape (draws,)
            Index into :data:`WORDS`.
        expected : array, shape (draws,)
            Expected score in 0..1; 0 where the option is not eligible.
        """
        codes = np.zeros(len(draws), dtype=np.int64)
        expected = np.zeros(len(draws))
        naming = [place for place, column in enumerate(columns) if column.question in self._named]
        settings, inverse = np.unique(draws[:, naming], axis=0, return_inverse=True)
        for index, outcomes in enumerate(settings):
            rows = np.flatnonzero(inverse.reshape(-1) == index)
            known = {
                columns[place].question: columns[place].values[outcome]
                for place, outcome in zip(naming, outcomes, strict=True)
                if outcome >= 0
            }
            ground = self._ground(known)
            if ground is not None:
                codes[rows], expected[rows] = self._on(ground, columns, draws[rows])
        return codes, expected

    def _ground(self, known: Mapping[str, float]) -> Ground | None:
        """Return the sums with what applies once some values are known; the values are not in them yet."""
        case = self.case
        applies: Mapping[str, bool] | None = case.applies
        if known:
            settled = {question: self._resolved(question, value) for question, value in known.items()}
            applies = masks(self.inputs, self.option, {**case.readings, **settled})
        if applies is None:
            return None
        key = tuple(applies.values())
        if key not in self._grounds:
            gates = {
                question: result
                if applies[question] == case.applies[question]
                else gate_of(self.inputs, self.option, case.bars[question], applies, case.readings[question])
                for question, result in case.gates.items()
            }
            self._grounds[key] = self._summed(replace(case, applies=applies, gates=gates))
        return self._grounds[key]

    def _summed(self, case: Case) -> Ground:
        domains = case.weights.domains
        low = np.zeros((_SETTINGS, len(domains)))
        covered, blocked = np.zeros(_SETTINGS), np.zeros(_SETTINGS, dtype=np.int64)
        expected = 0.0
        for question, place in self._place.items():
            if case.applies[question]:
                table = self._table(case, question, [case.readings[question]])
                low[:, place] += table.low[0]
                covered += table.covered[0]
                blocked += table.blocked[0]
                expected += float(table.expected[0])
        share = np.array([domain_share(domain, case.applies) for domain in domains])
        weight = applicable_weight(case.weights, case.applies)
        return Ground(case, low, covered, blocked, expected, share, weight)

    def _on(self, ground: Ground, columns: Sequence[Column], draws: Integers) -> tuple[Integers, Floats]:
        # Draws last: what is added for a record lies in one piece.
        low = ground.low[:, :, None].repeat(len(draws), axis=2)
        covered = ground.covered[:, None].repeat(len(draws), axis=1)
        blocked = ground.blocked[:, None].repeat(len(draws), axis=1)
        expected = np.full(len(draws), ground.expected)
        for column, outcomes in zip(columns, np.ascontiguousarray(draws.T), strict=True):
            if ground.case.applies[column.question]:
                change = self._change(ground, column)
                low[:, self._place[column.question]] += change.low.T.take(outcomes, axis=1)
                covered += change.covered.T.take(outcomes, axis=1)
                blocked += change.blocked.T.take(outcomes, axis=1)
                expected += change.expected.take(outcomes)
        return _codes(ground, low, covered, blocked), expected / ground.weight

    def _change(self, ground: Ground, column: Column) -> Table:
        if column not in ground.tables:
            case, question = ground.case, column.question
            known = [self._resolved(question, value) for value in column.values]
            now = self._table(case, question, [case.readings[question]])
            ground.tables[column] = self._table(case, question, known).minus(now)
        return ground.tables[column]

    def _resolved(self, question: str, value: float) -> Reading:
        instrument = self.inputs.questionnaire
        bar = self.case.bars.get(question)
        return resolved(instrument.by_id[question], self.case.readings[question], value, bar)

    def _table(self, case: Case, question: str, readings: Sequence[Reading]) -> Table:
        rows = [self._standings(case, question, reading) for reading in readings]
        weight = case.weights.weight(question)
        share = case.weights.domains[self._place[question]].questions[question]
        return Table(
            low=share * np.array([[it.lows[question] for it in row] for row in rows]),
            covered=weight * np.array([[float(it.answered[question]) for it in row] for row in rows]),
            blocked=np.array(
                [[int(it.gates.get(question) in ("open", "fail")) for it in row] for row in rows],
                dtype=np.int64,
            ),
            expected=weight * np.array([reading.expected for reading in readings]),
        )

    def _standings(self, case: Case, question: str, reading: Reading) -> tuple[Standing, ...]:
        """Return how one question stands by itself in each setting."""
        bar = case.bars.get(question)
        gates: dict[str, GateOutcome] = {}
        if bar is not None and reading is case.readings[question]:
            gates[question] = case.gates[question]
        elif bar is not None:
            gates[question] = gate_of(self.inputs, self.option, bar, case.applies, reading)
        alone = replace(case, readings={question: reading}, gates=gates, enforced=self._enforced[question])
        conditions = condition_effects(alone)
        best = best_case(alone, question)
        return (
            Standing.of(alone),
            Standing.of(alone, conditions),
            Standing.of(alone, (*conditions, *(() if best is None else (best,)))),
        )


def _codes(ground: Ground, low: Floats, covered: Floats, blocked: Integers) -> Integers:
    """Return the verdict codes of sums; ``low`` has the shape (settings, domains, draws)."""
    needed, shares = ground.case.thresholds, ground.share
    weights = np.array([domain.share for domain in ground.case.weights.domains])
    assured = np.einsum("d,sdn->sn", weights, low) / ground.weight
    counts = shares >= FLOOR_APPLIES_FROM - TOLERANCE
    floors = low[:, counts] / shares[counts, None] >= needed.domain_floor - TOLERANCE
    suffices = (
        (blocked == 0)
        & (assured >= needed.approve_at - TOLERANCE)
        & floors.all(axis=1)
        & (covered / ground.weight >= needed.minimum_coverage - TOLERANCE)
    )
    # Later settings only ever improve, so the first that suffices is told by how many do.
    codes: Integers = REJECT + suffices.sum(axis=0)
    return codes
