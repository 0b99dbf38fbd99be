"""What an option brings to score and verdict that neither domain weights nor thresholds touch.

Domain weights and thresholds are what a slider moves. All else, evidence, gates, controls and the weights of
questions within their domain, is added up once per option and domain, so that a move costs a few sums.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.model.scorecard import Finding, Span
from evalkit.scoring.aggregation import domain_share, weighted_sum
from evalkit.scoring.verdict import (
    FLOOR_APPLIES_FROM,
    Standing,
    best_case,
    condition_effects,
)
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.profile import Thresholds
    from evalkit.scoring.verdict import Case

_GOOD = ("pass", "waived", "not-applicable")

PerDomain = tuple[float, ...]
"""One number per domain, in the order of the questionnaire."""


@dataclass(frozen=True, slots=True)
class Check:
    """Whether an option is sufficient under one set of effects, but for weights and thresholds.

    Attributes
    ----------
    gates_settled : bool
        Whether no gate stands in the way.
    lows, answered : tuple of float
        Σ u a v⁻ and Σ u a over what is answered, by domain.
    """

    gates_settled: bool
    lows: PerDomain
    answered: PerDomain

    def suffices(
        self, weights: Sequence[float], applicable: PerDomain, whole: float, limits: Thresholds
    ) -> bool:
        """Whether threshold, floors and coverage are met too; ``whole`` is the weight that applies."""
        if not self.gates_settled:
            return False
        if _mean(weights, self.lows, whole) < limits.approve_at - TOLERANCE:
            return False
        if _mean(weights, self.answered, whole) < limits.minimum_coverage - TOLERANCE:
            return False
        floor = limits.domain_floor - TOLERANCE
        return not any(
            share >= FLOOR_APPLIES_FROM - TOLERANCE and low / share < floor
            for low, share in zip(self.lows, applicable, strict=True)
        )


@dataclass(frozen=True, slots=True)
class StandingSums:
    """One option with a case.

    Attributes
    ----------
    applicable : tuple of float
        Share of each domain's question weight that applies.
    lows, expected, highs, answered : tuple of float
        Σ u a x by domain, for v⁻, E v, v⁺ and for whether it is answered.
    as_it_stands, with_conditions, with_evidence : Check
        Without any effect; with every condition; with every condition and every record at its best.
    final_gate_fails : bool
        Whether a gate that nothing mitigates fails with every condition counted.
    """

    applicable: PerDomain
    lows: PerDomain
    expected: PerDomain
    highs: PerDomain
    answered: PerDomain
    as_it_stands: Check
    with_conditions: Check
    with_evidence: Check
    final_gate_fails: bool

    def figures(self, weights: Sequence[float]) -> tuple[Span, float]:
        """Return the three scores and the coverage under domain weights that sum to 1."""
        whole = self.whole(weights)
        span = Span(
            _mean(weights, self.lows, whole),
            _mean(weights, self.expected, whole),
            _mean(weights, self.highs, whole),
        )
        return span, _mean(weights, self.answered, whole)

    def finding(self, weights: Sequence[float], limits: Thresholds) -> Finding:
        """Return verdict and reason, without the lists of conditions and records."""
        whole = self.whole(weights)
        if self.as_it_stands.suffices(weights, self.applicable, whole, limits):
            return Finding("approve", "sufficient")
        if self.with_conditions.suffices(weights, self.applicable, whole, limits):
            return Finding("approve-with-conditions", "conditions-needed")
        if self.with_evidence.suffices(weights, self.applicable, whole, limits):
            return Finding("defer", "evidence-missing")
        return Finding("reject", "final-gate" if self.final_gate_fails else "no-evidence-helps")

    def whole(self, weights: Sequence[float]) -> float:
        """Return the share of the whole weight that applies."""
        return _dot(weights, self.applicable)


def sums_of(case: Case) -> StandingSums:
    """Return the sums of one option's case."""
    conditions = condition_effects(case)
    records = [effect for question in case.readings if (effect := best_case(case, question)) is not None]
    readings = case.readings
    conditioned = Standing.of(case, conditions)
    return StandingSums(
        applicable=tuple(domain_share(part, case.applies) for part in case.weights.domains),
        lows=_by_domain(case, {question: it.low for question, it in readings.items()}),
        expected=_by_domain(case, {question: it.expected for question, it in readings.items()}),
        highs=_by_domain(case, {question: it.high for question, it in readings.items()}),
        answered=_by_domain(
            case,
            {question: float(it.state in ("answered", "conflicting")) for question, it in readings.items()},
        ),
        as_it_stands=_check(Standing.of(case)),
        with_conditions=_check(conditioned),
        with_evidence=_check(Standing.of(case, [*conditions, *records])),
        final_gate_fails=any(
            result == "fail" and not case.bars[question].gate.mitigable
            for question, result in conditioned.gates.items()
        ),
    )


def _check(standing: Standing) -> Check:
    case = standing.case
    return Check(
        gates_settled=all(gate in _GOOD for gate in standing.gates.values()),
        lows=_by_domain(case, standing.lows),
        answered=_by_domain(
            case, {question: float(is_answered) for question, is_answered in standing.answered.items()}
        ),
    )


def _by_domain(case: Case, values: Mapping[str, float]) -> PerDomain:
    return tuple(weighted_sum(part, values, case.applies) for part in case.weights.domains)


def _dot(weights: Sequence[float], values: PerDomain) -> float:
    # Exact sums, as in scoring: the same numbers to the last bit.
    return math.fsum(weight * value for weight, value in zip(weights, values, strict=True))


def _mean(weights: Sequence[float], values: PerDomain, whole: float) -> float:
    return _dot(weights, values) / whole
