from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

E = "evaluation"
WAIVER = {"option": "acme/direct", "gate": "LOC-01", "by": "B", "reason": "R", "until": "2026-07-01"}
CASES: list[tuple[str, dict[tuple[str | int, ...], Any], str, str]] = [
    (
        "E001",
        {(E, "questionnaire"): "demo@1.1.0"},
        "demo@1.1.0",
        "demo@1.1.0 is not the one installed, demo@1.0.0",
    ),
    (
        "E002",
        {(E, "options", 1): "acme/idea"},
        "- acme/idea",
        "allowed are acme/direct, acme/bedrock, acme/ide",
    ),
    (
        "E002",
        {(E, "options", 1): "acne/ide"},
        "- acne/ide",
        "acne/ide is unknown; allowed are acme (did you mean acme/",
    ),
    ("E003", {(E, "options", 2): "acme/ide"}, "- acme/ide", "acme/ide stands twice"),
    ("E004", {(E, "options"): [], (E, "waivers"): []}, "options: []", "the list is empty; name at least one"),
    (
        "E005",
        {(E, "data_classes", 0): "intern"},
        "- intern",
        "intern is unknown; allowed are public, internal",
    ),
    (
        "E006",
        {(E, "operating_systems", 0): "windows"},
        "- windows",
        "windows is unknown; allowed are linux, macos",
    ),
    (
        "E007",
        {(E, "waivers", 0, "option"): "acme/bedrock"},
        "acme/bedrock",
        "not compared; allowed are acme/direct",
    ),
    (
        "E008",
        {(E, "waivers", 0, "gate"): "LOC-04"},
        "gate: LOC-04",
        "LOC-04 is no gate of strict; allowed are LOC-01",
    ),
    (
        "E009",
        {(E, "waivers", 0, "gate"): "LOC-03"},
        "gate: LOC-03",
        "LOC-03 is final; allowed are LOC-01, LOC-02",
    ),
    ("E010", {(E, "waivers", 1): WAIVER}, "option: acme/direct", "LOC-01 for acme/direct is waived twice"),
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


def test_every_rule_about_evaluations_has_a_case(cases_cover: Callable[..., None]) -> None:
    cases_cover("E", CASES)


def test_all_options_need_no_list(example: Callable[..., Any]) -> None:
    assert example({(E, "options"): "all"}).problems() == []
