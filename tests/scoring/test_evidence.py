"""From evidence to an interval and a distribution."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.model.values import EVIDENCE_CLASSES
from evalkit.scoring.evidence import (
    ignorance,
    read_evidence,
    shifted_down,
    slack_levels,
    spread,
    weigh,
)
from tests.scoring import builders as build
from tests.scoring.cases import random_question, random_statement, random_table

if TYPE_CHECKING:
    from random import Random

    from evalkit.model.answers import EvidenceItem, Statement
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import WeighedItem
    from evalkit.model.values import EvidenceClass
    from evalkit.scoring.evidence import Reading

SCALE = build.scale("AAA-01")
UNEVEN = build.scale("AAA-01", (0, 10, 55, 100))
NUMBER = build.number("AAA-01", ((0, 100), (7, 90), (30, 50)))
COSTS = build.penalties("AAA-01", {"a": 15, "b": 40, "c": None, "d": 70})
HOSTS = build.hosts("AAA-01")
TABLE = build.evidence_table()
DAY = timedelta(days=1)


def read(question: Question, said: Statement) -> Reading:
    return read_evidence(
        question,
        said,
        answers=build.product_answers({}, sources={"old": build.source(build.AS_OF - 100 * DAY)}),
        deployment_id="direct",
        table=TABLE,
        as_of=build.AS_OF,
    )


def weighed(item: EvidenceItem) -> WeighedItem:
    answers = build.product_answers({}, sources={"old": build.source(build.AS_OF - 100 * DAY)})
    return weigh(item, v=None, answers=answers, deployment_id="direct", table=TABLE, as_of=build.AS_OF)


def interval(reading: Reading) -> tuple[float, float]:
    return reading.low, reading.high


@pytest.mark.parametrize(
    ("item", "effective", "expired"),
    [
        (build.item("tested"), "tested", False),
        (build.item("tested", version="0.9"), "attested", True),
        (build.item("contract", version="0.9"), "contract", False),
        (build.item("documented", collected=build.AS_OF - 180 * DAY), "documented", False),
        (build.item("documented", collected=build.AS_OF - 181 * DAY), "third_party", True),
        (build.item("claim", collected=build.AS_OF - 91 * DAY), "claim", True),
        (build.item("third_party", collected=build.AS_OF - 91 * DAY), "claim", True),
        (build.item("contract", expires=build.AS_OF), "contract", False),
        (build.item("contract", expires=build.AS_OF - DAY), "source_read", True),
        (
            build.item("documented", collected=build.AS_OF - 500 * DAY, expires=build.AS_OF),
            "documented",
            False,
        ),
        (build.item("tested", deployments=("other",)), "claim", False),
        (build.item("tested", deployments=("direct", "other")), "tested", False),
        (build.item("documented", collected=None, source="old"), "documented", False),
        (build.item("third_party", collected=None, source="old"), "claim", True),
    ],
)
def test_scope_age_and_version_decide_what_an_item_counts_as(
    item: EvidenceItem, effective: str, *, expired: bool
) -> None:
    result = weighed(item)
    assert (result.effective_class, result.expired) == (effective, expired)


def test_the_own_date_of_an_item_comes_before_that_of_its_source() -> None:
    assert weighed(build.item("claim", source="old")).collected == build.AS_OF
    assert weighed(build.item("claim", collected=None, source="old")).collected == build.AS_OF - 100 * DAY
    assert weighed(build.item("claim")).expires == build.AS_OF + 90 * DAY


@pytest.mark.parametrize("source", ["none", "undated"])
def test_evidence_without_a_date_is_an_error(source: str) -> None:
    answers = build.product_answers({}, sources={"undated": build.source()})
    with pytest.raises(ValueError, match=f"evidence from {source} has no date"):
        weigh(
            build.item("claim", collected=None, source=source),
            v=None,
            answers=answers,
            deployment_id="direct",
            table=TABLE,
            as_of=build.AS_OF,
        )


def test_a_class_that_reaches_the_strongest_proof_has_no_slack() -> None:
    promise = build.scale("AAA-01", strongest="contract")
    slacks = [slack_levels(promise, name, TABLE) for name in EVIDENCE_CLASSES]
    assert slacks == [4, 3, 2, 1, 0, 0, 0]
    assert [slack_levels(SCALE, name, TABLE) for name in EVIDENCE_CLASSES] == [4, 3, 2, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("question", "v", "slack", "expected"),
    [
        (SCALE, 1.0, 1, 0.75),
        (SCALE, 0.25, 2, 0.0),
        (UNEVEN, 1.0, 1, 0.55),
        (UNEVEN, 0.55, 1, 0.1),
        (UNEVEN, 0.1, 1, 0.0),
        (UNEVEN, 0.55, 0, 0.55),
        (build.scale("AAA-01", (0, 55, 80, 100)), 0.8, 1, 0.55),
        (NUMBER, 0.9, 1, 0.65),
        (NUMBER, 0.4, 2, 0.0),
    ],
)
def test_slack_moves_down_to_a_level_or_by_quarters(
    question: Question, v: float, slack: int, expected: float
) -> None:
    assert shifted_down(question, v, slack) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("evidence_class", "low", "expected"),
    [
        ("claim", 0.0, 0.5 * 1 + 0.5 * (0 + 0.25 + 0.5 + 0.75) / 4),
        ("third_party", 0.25, 0.6 + 0.4 * 0.5),
        ("documented", 0.5, 0.7 + 0.3 * 0.625),
        ("contract", 0.75, 0.85 + 0.15 * 0.75),
        ("attested", 0.75, 0.95 + 0.05 * 0.75),
        ("tested", 1.0, 1.0),
    ],
)
def test_the_top_level_is_worth_what_its_class_can_carry(
    evidence_class: EvidenceClass, low: float, expected: float
) -> None:
    reading = read(SCALE, build.statement(4, evidence_class))
    assert interval(reading) == (low, 1.0)
    assert reading.expected == pytest.approx(expected)
    assert reading.evidence_class == evidence_class


def test_the_strongest_evidence_governs() -> None:
    said = build.statement(3, build.item("contract"), build.item("documented", 4), build.item("claim", 0))
    reading = read(SCALE, said)
    assert interval(reading) == (0.5, 0.75)
    assert [it.governs for it in reading.items] == [True, False, False]
    assert reading.governing == (3,)
    assert reading.disputed


def test_governing_items_that_differ_span_the_interval() -> None:
    said = build.statement(
        None, build.item("documented", 3), build.item("documented", 1), state="conflicting"
    )
    reading = read(SCALE, said)
    assert interval(reading) == (0.0, 0.75)
    assert reading.v == 0.75
    assert reading.disputed


def test_a_weaker_item_inside_the_interval_disputes_nothing() -> None:
    said = build.statement(3, build.item("documented"), build.item("claim", 1))
    assert not read(SCALE, said).disputed
    outside = build.statement(3, build.item("contract"), build.item("claim", 1))
    assert read(SCALE, outside).disputed
    above = build.statement(3, build.item("contract"), build.item("claim", 4))
    assert read(SCALE, above).disputed


def test_the_face_value_is_the_answer_if_a_governing_item_states_it() -> None:
    tie = build.statement(1, build.item("documented"), build.item("documented", 3))
    assert read(SCALE, tie).v == 0.25
    lapsed = build.statement(1, build.item("tested", version="0.9"), build.item("attested", 2))
    assert read(SCALE, lapsed).v == 0.25
    outranked = build.statement(
        1, build.item("contract", expires=build.AS_OF - DAY), build.item("source_read", 3, expires=None)
    )
    assert read(SCALE, outranked).v == 0.25
    demoted = build.statement(
        1, build.item("documented", deployments=("other",)), build.item("third_party", 3)
    )
    assert read(SCALE, demoted).v == 0.75


def test_an_expired_item_that_governs_is_stale() -> None:
    old = build.item("documented", collected=build.AS_OF - 200 * DAY)
    reading = read(SCALE, build.statement(4, old))
    assert (reading.stale, reading.evidence_class, reading.low) == (True, "third_party", 0.25)
    assert not read(SCALE, build.statement(4, old, build.item("contract"))).stale


def test_tied_penalty_sets_add_their_union() -> None:
    """100 − 15 = 85 and 100 − 40 = 60; together 100 − 55 = 45, less two levels 0."""
    tied = build.statement(("a",), build.item("documented"), build.item("documented", ("b",)))
    reading = read(COSTS, tied)
    assert interval(reading) == (0.0, 0.85)
    tested = build.statement(("a",), build.item("tested"), build.item("tested", ("b",)))
    assert interval(read(COSTS, tested)) == pytest.approx((0.45, 0.85))
    assert ("a", "b") in read(COSTS, tested).governing
    lone = build.statement(("a",), build.item("tested"), build.item("claim", ("b",)))
    assert read(COSTS, lone).governing == (("a",),)


def test_sets_of_other_rules_add_no_union() -> None:
    question = build.sum_capped("AAA-01", {"a": 10, "b": 35})
    tied = build.statement(("a",), build.item("tested"), build.item("tested", ("b",)))
    assert interval(read(question, tied)) == (0.1, 0.35)


@pytest.mark.parametrize(
    ("purposes", "low", "high", "v"),
    [(False, 0.0, 0.8, 0.4), (True, pytest.approx(0.1), 1.0, 0.6)],
)
def test_a_published_host_list_is_open_above(*, purposes: bool, low: float, high: float, v: float) -> None:
    reading = read(HOSTS, build.statement(build.lists(("a.test",), purposes=purposes), "documented"))
    assert interval(reading) == (low, high)
    assert reading.v == v


def test_the_distribution_of_an_open_list_trusts_the_table_and_spreads_over_the_rest() -> None:
    """.60 with reliability .7; .25, .5, .75 and 1 of [.1, 1] share .3."""
    reading = read(HOSTS, build.statement(build.lists(("a.test",), purposes=True), "documented"))
    chances = dict(reading.distribution)
    assert chances == pytest.approx({0.25: 0.075, 0.5: 0.075, 0.6: 0.7, 0.75: 0.075, 1.0: 0.075})


def test_open_lists_take_the_highest_points_of_the_table() -> None:
    both = build.statement(
        build.lists(("a.test",)),
        build.item("documented"),
        build.item("documented", build.lists(("a.test",), purposes=True)),
    )
    reading = read(HOSTS, both)
    assert (reading.low, reading.high, reading.v) == pytest.approx((0.1, 1.0, 0.6))


def test_a_list_with_hosts_seen_is_not_open() -> None:
    seen = build.lists(("a.test",), ("a.test", "b.test"), purposes=True)
    assert interval(read(HOSTS, build.statement(seen, "tested"))) == (0.5, 0.5)


def test_unknown_and_unanswered_lean_to_the_low_end() -> None:
    """Five levels with weights 5 … 1 of 15: mean (4·.25 + 3·.5 + 2·.75 + 1)/15 = 1/3."""
    states: tuple[build.State, ...] = ("unknown", "unanswered")
    for state in states:
        reading = read(SCALE, build.statement(state=state))
        assert interval(reading) == (0.0, 1.0)
        assert reading.expected == pytest.approx(1 / 3)
        assert (reading.v, reading.evidence_class, reading.governing) == (None, "none", ())
    three = read(build.scale("AAA-01", (0, 40, 100)), build.statement(state="unknown"))
    assert dict(three.distribution) == pytest.approx({0: 3 / 6, 0.4: 2 / 6, 1: 1 / 6})


def test_refused_expects_nothing_and_may_still_be_anything() -> None:
    reading = read(SCALE, build.statement(state="refused"))
    assert interval(reading) == (0.0, 1.0)
    assert reading.distribution == ((0.0, 1.0),)
    assert reading.expected == 0


def test_evidence_of_a_question_without_an_answer_is_kept_and_says_nothing() -> None:
    reading = read(SCALE, build.statement(None, "claim", state="unknown"))
    assert [it.v for it in reading.items] == [None]


@pytest.mark.parametrize(
    ("question", "low", "high", "expected"),
    [
        (SCALE, 0.5, 0.5, {0.5: 1.0}),
        (UNEVEN, 0.1, 1.0, {0.1: 0.1, 0.55: 0.1, 1.0: 0.8}),
        (NUMBER, 0.4, 0.9, {0.5: 0.1, 0.75: 0.1, 0.9: 0.8}),
        (NUMBER, 0.3, 0.4, {0.3: 0.2, 0.4: 0.8}),
        (NUMBER, 0.5, 1.0, {0.5: 0.1, 0.75: 0.1, 1.0: 0.8}),
    ],
)
def test_the_rest_is_spread_over_what_lies_below_the_stated_value(
    question: Question, low: float, high: float, expected: dict[float, float]
) -> None:
    assert dict(spread(question, low, high, 0.8)) == pytest.approx(expected)


def test_full_reliability_leaves_no_empty_entries() -> None:
    assert spread(NUMBER, 0.5, 0.9, 1.0) == ((0.9, 1.0),)


def test_an_open_list_whose_table_value_is_all_that_lies_inside_keeps_the_rest_at_the_low_end() -> None:
    assert dict(spread(HOSTS, 0.5, 0.6, 0.8, 0.5)) == pytest.approx({0.5: 1.0})


def test_ignorance_of_two_values() -> None:
    assert dict(ignorance((0.0, 1.0))) == pytest.approx({0.0: 2 / 3, 1.0: 1 / 3})


@given(st.randoms(use_true_random=False))
def test_a_reading_is_an_interval_with_a_distribution_inside(rng: Random) -> None:
    question = random_question(rng, "AAA-01")
    said = random_statement(rng, question, ("direct", "other"))
    reading = read_evidence(
        question,
        said,
        answers=build.product_answers(
            {}, sources={"old": build.source(build.AS_OF - DAY), "fresh": build.source(build.AS_OF)}
        ),
        deployment_id="direct",
        table=build.evidence_table(random_table(rng)),
        as_of=build.AS_OF,
    )
    assert 0 <= reading.low <= reading.expected <= reading.high <= 1
    assert all(reading.low <= value <= reading.high for value, _ in reading.distribution)
    assert sum(chance for _, chance in reading.distribution) == pytest.approx(1)
    assert reading.v is None or reading.low <= reading.v <= reading.high
