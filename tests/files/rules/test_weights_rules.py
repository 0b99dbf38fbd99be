from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from evalkit.files.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

S, D, R, P = "ciso.weights", "cto.weights", "cfo.weights", "dpo.weights"

Changes: TypeAlias = dict[tuple[str | int, ...], Any]


def compared(domains: Sequence[str], ratios: Mapping[str, Mapping[str, float]]) -> Changes:
    """The example with other domains, weighed in every file; pairs without a ratio are equal."""
    pairs = {
        one: {other: ratios.get(one, {}).get(other, 1) for other in domains[place + 1 :]}
        for place, one in enumerate(domains)
    }
    return {
        ("questionnaire", "domains"): list(domains),
        (S, "swings"): dict.fromkeys(domains, 50),
        (D, "domain_weights"): dict.fromkeys(domains, 1),
        (R, "ranking"): list(domains),
        (P, "comparisons"): pairs,
    }


ABC = ("storage", "network", "extra")
CASES: list[tuple[str, dict[tuple[str | int, ...], Any], str, str]] = [
    ("W001", {(S, "stakeholder"): "cio"}, "stakeholder: cio", "stakeholder cio is not the file's name, ciso"),
    ("W002", {(S, "swings"): "(gone)"}, "method: swing", "method swing needs swings, which is missing"),
    ("W002", {(D, "domain_weights"): "(gone)"}, "method: direct", "method direct needs domain_weights"),
    ("W002", {(R, "ranking"): "(gone)"}, "method: rank", "method rank needs ranking"),
    ("W002", {(P, "comparisons"): "(gone)"}, "method: ahp", "method ahp needs comparisons"),
    (
        "W002",
        {(S, "ranking"): ["storage", "network"]},
        "ranking:",
        "ranking has no place beside the method swing (it takes swings)",
    ),
    (
        "W003",
        {(S, "swings", "netwrok"): 5},
        "netwrok: 5",
        "swings: netwrok is not a domain; allowed are storage, network (did you mean network?)",
    ),
    ("W003", {(D, "domain_weights", "ops"): 5}, "ops: 5", "domain_weights: ops is not a domain"),
    ("W003", {(R, "ranking", 0, 2): "ops"}, "ops", "ranking: ops is not a domain"),
    ("W003", {(R, "ranking", 1): "ops"}, "- ops", "ranking: ops is not a domain"),
    ("W003", {(P, "comparisons", "storage", "ops"): 2}, "ops: 2", "comparisons: ops is not a domain"),
    ("W003", {(P, "comparisons", "ops"): {}}, "ops: {}", "comparisons: ops is not a domain"),
    ("W004", {(S, "swings", "network"): "(gone)"}, "swings:", "swings: network is missing"),
    ("W004", {(D, "domain_weights", "storage"): "(gone)"}, "domain_weights:", "storage is missing"),
    ("W004", {(R, "ranking"): ["network"]}, "ranking:", "ranking: storage is missing"),
    ("W004", {(P, "comparisons"): {}}, "comparisons:", "comparisons: network is missing"),
    ("W005", {(R, "ranking", 1): "storage"}, "- storage", "ranking: storage stands twice"),
    ("W005", {(R, "ranking", 0, 2): "network"}, "- network", "ranking: network stands twice"),
    (
        "W006",
        {(P, "comparisons"): {"storage": {}, "network": {}}},
        "storage:",
        "comparisons: storage is not compared with network",
    ),
    (
        "W006",
        {(P, "comparisons"): {"network": {"network": 1}, "storage": {"storage": 1}}},
        "storage:",
        "storage is not compared with network",
    ),
    (
        "W007",
        {(P, "comparisons", "network", "storage"): 7},
        "storage: 7",
        "network: 7.0 against storage, but storage has 7.0 against network; about 0.143 is allowed",
    ),
    ("W009", {(R, "ranking", 1): []}, "- []", "ranking: the place is empty"),
    ("W008", {(P, "comparisons", "storage", "storage"): 2}, "storage: 2", "storage: 2.0 against itself"),
    (
        "W010",
        compared([f"d{place}" for place in range(11)], {}),
        "method: ahp",
        "method ahp for 11 domains; its random index is known for 10 at most (weigh so many by swing",
    ),
    # A circle of 9: λ is the sum of a row, 1 + 9 + 1/9, so the ratio is ((91/9 - 3) / 2) / 0.58 = 6.130.
    (
        "W011",
        compared(ABC, {"storage": {"network": 9, "extra": 1 / 9}, "network": {"extra": 9}}),
        "comparisons:",
        "comparisons: consistency ratio 6.130; below 0.1 is acceptable (look again, first where",
    ),
    (
        "W012",
        {(P, "comparisons"): {"storage": {"network": 1001}}},
        "network: 1001",
        "storage: 1001.0 against network is not in 1/1000..1000",
    ),
]


@pytest.mark.parametrize(("rule_id", "changes", "line", "message"), CASES)
def test_a_broken_rule_is_found_at_its_line(
    assert_breaks: Callable[..., None],
    rule_id: str,
    changes: dict[tuple[str | int, ...], Any],
    line: str,
    message: str,
) -> None:
    assert_breaks(rule_id, changes, line, message)


def test_every_rule_about_weights_has_a_case(cases_cover: Callable[..., None]) -> None:
    cases_cover("W", CASES)


@pytest.mark.parametrize(
    "changes",
    [
        {(R, "ranking"): ["network", "storage"]},
        {(R, "ranking"): [["network"], "storage"]},
        {(P, "comparisons"): {"network": {"storage": 3}}},
        {(P, "comparisons", "network", "storage"): 0.143},
        {(S, "note"): "(gone)"},
        {(P, "comparisons"): {"storage": {"network": 1000}}},
    ],
    ids=["no tie", "a tie of one", "one way", "rounded otherwise", "no note", "as far as may be"],
)
def test_what_the_rules_allow_passes(
    example: Callable[..., Any], changes: dict[tuple[str | int, ...], Any]
) -> None:
    assert example(changes).problems() == []


@pytest.mark.parametrize(
    ("domains", "ratios", "found"),
    [
        (ABC, {"storage": {"network": 2, "extra": 4}, "network": {"extra": 3}}, []),
        (ABC, {"storage": {"network": 2, "extra": 1}, "network": {"extra": 2}}, ["W011"]),
        ([f"d{place}" for place in range(10)], {}, []),
    ],
    ids=["nearly consistent", "not consistent", "as many domains as may be"],
)
def test_comparisons_may_contradict_one_another_a_little(
    example: Callable[..., Any],
    domains: Sequence[str],
    ratios: Mapping[str, Mapping[str, float]],
    found: list[str],
) -> None:
    assert [problem.code for problem in example(compared(domains, ratios)).weights_problems()] == found


def test_only_a_ratio_that_is_too_high_is_advice() -> None:
    advice = [rule.id for rule in RULES.values() if rule.is_advice and rule.subject == "weights"]
    assert advice == ["W011"]
