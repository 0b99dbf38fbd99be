"""How much of a score rests on what: the face value by evidence class, the gap by its cause."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from evalkit.model.values import EVIDENCE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.scorecard import QuestionResult

UNVERIFIED = ("claim", "third_party")
"""Classes that nobody but the vendor, or somebody else than the vendor, stands for."""

GAP_BUCKETS = ("unanswered", "unknown", "refused", "disputed", "stale", *EVIDENCE_CLASSES)
"""Causes of the gap in the order in which they are tried."""


def face_by_class(results: Sequence[QuestionResult]) -> dict[str, float]:
    """Return the face value split by the effective class of the governing evidence; sums to it."""
    total = math.fsum(result.weight for result in results if result.applicable)
    shares: dict[str, float] = {}
    for name in EVIDENCE_CLASSES:
        part = math.fsum(
            result.weight * result.v
            for result in results
            if result.applicable and result.v is not None and result.evidence_class == name
        )
        if part > 0:
            shares[name] = part / total
    return shares


def unverified_share(split: Mapping[str, float], face_value: float) -> float | None:
    """Return the share of the face value that rests on claims and third parties; None if it is 0."""
    if face_value <= 0:
        return None
    return math.fsum(split.get(name, 0.0) for name in UNVERIFIED) / face_value


def gap_bucket(result: QuestionResult) -> str:
    """Return the first cause that holds for the width of one question's interval."""
    if result.state in ("unanswered", "unknown", "refused"):
        return result.state
    if result.disputed:
        return "disputed"
    return "stale" if result.stale else result.evidence_class


def gap(results: Sequence[QuestionResult]) -> dict[str, float]:
    """Return potential minus assured, split by cause; sums to it. Zero buckets are left out."""
    total = math.fsum(result.weight for result in results if result.applicable)
    widths: dict[str, list[float]] = {}
    for result in results:
        if result.applicable and result.high > result.low:
            widths.setdefault(gap_bucket(result), []).append(result.weight * (result.high - result.low))
    return {name: math.fsum(widths[name]) / total for name in GAP_BUCKETS if name in widths}
