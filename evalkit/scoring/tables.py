"""The evidence table of a profile, and the stricter and more lenient tables derived from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.model.values import EVIDENCE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.profile import EvidencePolicy
    from evalkit.model.values import EvidenceClass

_PUBLIC_CLASSES = ("claim", "third_party", "documented")


def strict(table: Mapping[EvidenceClass, EvidencePolicy]) -> dict[EvidenceClass, EvidencePolicy]:
    """Return the table with one level more slack and the reliability of the class below.

    A slack of 0 or 4 stays, and ``claim`` keeps its own reliability.
    """
    result: dict[EvidenceClass, EvidencePolicy] = {}
    below = table["claim"]
    for name in EVIDENCE_CLASSES:
        policy = table[name]
        slack = policy.slack_levels + 1 if 1 <= policy.slack_levels <= 3 else policy.slack_levels  # noqa: PLR2004
        result[name] = policy.model_copy(update={"slack_levels": slack, "reliability": below.reliability})
        below = policy
    return result


def lenient(table: Mapping[EvidenceClass, EvidencePolicy]) -> dict[EvidenceClass, EvidencePolicy]:
    """Return the table with one level less slack: not below 1 for public statements, else not below 0.

    A slack of 0 stays, and so do the reliabilities.
    """
    result: dict[EvidenceClass, EvidencePolicy] = {}
    for name in EVIDENCE_CLASSES:
        policy = table[name]
        least = min(policy.slack_levels, 1 if name in _PUBLIC_CLASSES else 0)
        slack = max(policy.slack_levels - 1, least)
        result[name] = policy.model_copy(update={"slack_levels": slack})
    return result
