from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

P = "strict"
LIST_GATE = {"question": "NET-01", "mitigable": True, "needs": "claim", "consequence": "-"}
CASES: list[tuple[str, dict[tuple[str | int, ...], Any], str, str]] = [
    ("P001", {(P, "questionnaire"): "dmo"}, "questionnaire: dmo", "dmo is not the one installed, demo"),
    (
        "P002",
        {(P, "id"): "lax", ("evaluation", "profile"): "lax"},
        "id: lax",
        "lax is not the file's name, strict",
    ),
    (
        "P003",
        {(P, "domain_weights", "netwrk"): 2},
        "netwrk: 2",
        "netwrk is not a domain; allowed are storage, network",
    ),
    ("P004", {(P, "domain_weights", "network"): "(gone)"}, "domain_weights:", "network is missing"),
    ("P005", {(P, "question_weights", "LOC-11"): 2}, "LOC-11: 2", "LOC-11 is unknown; allowed are LOC-01"),
    (
        "P006",
        {(P, "evidence", "contract"): "(gone)"},
        "evidence:",
        "class contract is missing; needed are claim",
    ),
    (
        "P007",
        {(P, "evidence", "source_read", "slack_levels"): 3},
        "slack_levels: 3",
        "3 of source_read is more than 2",
    ),
    (
        "P008",
        {(P, "evidence", "documented", "reliability"): 0.55},
        "reliability: 0.55",
        "0.55 of documented is less",
    ),
    ("P009", {(P, "eligibility", "any", 0, "fact"): "license"}, "fact: license", "did you mean licence?"),
    (
        "P009",
        {(P, "eligibility", "any", 0, "includes_any", 0): "open"},
        "- open",
        "open is no option of the fact",
    ),
    (
        "P009",
        {(P, "eligibility", "any", 1, "not", "at_least"): 9},
        "at_least: 9",
        "9 is no level of LOC-01; allowed",
    ),
    (
        "P009",
        {(P, "eligibility", "any", 1, "not", "answer"): "LOC-77"},
        "LOC-77",
        "question LOC-77 is unknown",
    ),
    (
        "P020",
        {(P, "gates", 0, "question"): "LOC-91", ("evaluation", "waivers"): []},
        "question: LOC-91",
        "gate LOC-91: the question is unknown; allowed are LOC-01",
    ),
    (
        "P021",
        {(P, "gates", 3): {**LIST_GATE, "question": "LOC-01", "at_least": 1}},
        "LOC-01",
        "already has a gate",
    ),
    (
        "P022",
        {(P, "gates", 0, "at_least"): "(gone)"},
        "question: LOC-01",
        "no bar; allowed is exactly one of at_least",
    ),
    ("P022", {(P, "gates", 3): LIST_GATE}, "question: NET-01", "gate NET-01: no bar"),
    (
        "P023",
        {(P, "gates", 3): {**LIST_GATE, "at_least": 1}},
        "at_least: 1",
        "on a list question; there are no bars",
    ),
    (
        "P023",
        {(P, "gates", 0, "at_most"): 2, (P, "gates", 0, "at_least"): "(gone)"},
        "at_most: 2",
        "gate LOC-01: at_most on a scale question; allowed are at_least",
    ),
    (
        "P024",
        {(P, "gates", 0, "at_least"): 4},
        "at_least: 4",
        "gate LOC-01: at_least 4 is no level; allowed are 0, 1",
    ),
    (
        "P025",
        {(P, "gates", 1, "at_least"): 30, (P, "gates", 1, "at_most"): "(gone)"},
        "at_least: 30",
        "at_least, but the value rule is steps_at_most; allowed is at_most",
    ),
    (
        "P026",
        {(P, "gates", 1, "at_most"): 29},
        "at_most: 29",
        "at_most 29 is the limit of no step; allowed are 0, 30",
    ),
    (
        "P027",
        {(P, "gates", 2, "includes_any", 0): "open"},
        "includes_any:",
        "includes_any open is no option; allowed",
    ),
    (
        "P028",
        {("storage", "questions", 0, "strongest_proof"): "source_read", (P, "gates", 0, "needs"): "contract"},
        "needs: contract",
        "contract ranks above the strongest proof, source_read; allowed are claim, third_party, documented",
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


def test_every_rule_about_profiles_has_a_case(cases_cover: Callable[..., None]) -> None:
    cases_cover("P", CASES)


def test_a_gate_with_two_bars_is_told_both(example: Callable[..., Any]) -> None:
    problems = example({(P, "gates", 0, "includes_any"): ["x"]}).problems()
    assert "gate LOC-01: at_least and includes_any; allowed is exactly one" in str(problems[0])
