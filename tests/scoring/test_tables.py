"""The stricter and the more lenient evidence table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from evalkit.model.values import EVIDENCE_CLASSES
from evalkit.scoring.tables import lenient, strict
from tests.scoring import builders as build
from tests.scoring.cases import random_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from evalkit.model.profile import EvidencePolicy
    from evalkit.model.values import EvidenceClass


def slacks(table: Mapping[EvidenceClass, EvidencePolicy]) -> list[int]:
    return [table[name].slack_levels for name in EVIDENCE_CLASSES]


def reliabilities(table: Mapping[EvidenceClass, EvidencePolicy]) -> list[float]:
    return [table[name].reliability for name in EVIDENCE_CLASSES]


def test_the_strict_table_adds_a_level_and_trusts_like_the_class_below() -> None:
    """By hand from the regulated table 4 3 2 1 1 1 0: slack 1 to 3 plus one."""
    table = strict(build.evidence_table())
    assert slacks(table) == [4, 4, 3, 2, 2, 2, 0]
    assert reliabilities(table) == [0.5, 0.5, 0.6, 0.7, 0.85, 0.85, 0.95]


def test_the_lenient_table_takes_a_level_off_and_keeps_the_trust() -> None:
    """By hand from 4 3 2 1 1 1 0: minus one, public statements not below 1."""
    table = lenient(build.evidence_table())
    assert slacks(table) == [3, 2, 1, 0, 0, 0, 0]
    assert reliabilities(table) == reliabilities(build.evidence_table())


def test_public_statements_keep_one_level_and_no_slack_stays_no_slack() -> None:
    small: tuple[int, ...] = (1, 1, 0, 0, 0, 0, 0)
    rows: dict[str, tuple[int, float, int]] = {
        name: (slack, 0.5, 90) for name, slack in zip(EVIDENCE_CLASSES, small, strict=True)
    }
    assert slacks(lenient(build.evidence_table(rows))) == [1, 1, 0, 0, 0, 0, 0]
    assert slacks(strict(build.evidence_table(rows))) == [2, 2, 0, 0, 0, 0, 0]


@given(st.randoms(use_true_random=False))
def test_the_strict_table_is_never_kinder_and_the_lenient_never_harder(rng: Random) -> None:
    stated = build.evidence_table(random_table(rng))
    for name in EVIDENCE_CLASSES:
        harder, own, kinder = strict(stated)[name], stated[name], lenient(stated)[name]
        assert harder.slack_levels >= own.slack_levels >= kinder.slack_levels >= 0
        assert harder.reliability <= own.reliability == kinder.reliability
        assert harder.valid_days == own.valid_days == kinder.valid_days
    for table in (strict(stated), lenient(stated)):
        assert slacks(table) == sorted(slacks(table), reverse=True)
        assert reliabilities(table) == sorted(reliabilities(table))
