from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

M = "migrations"
FIRST, LAST = (M, "steps", 0), (M, "steps", 1)
RENAMED, SPLIT, MERGED, CHANGED, NUMBER = ((*LAST, "changes", index) for index in range(5))
CASES: list[tuple[str, dict[tuple[str | int, ...], Any], str, str]] = [
    ("M001", {(M, "questionnaire"): "dmo"}, "questionnaire: dmo", "dmo is not the one of the folder, demo"),
    (
        "M002",
        {(*FIRST, "from"): "0.10.0"},
        "to: 0.9.0",
        "the step from 0.10.0 leads to 0.9.0; a later version is allowed",
    ),
    (
        "M003",
        {(*LAST, "from"): "0.9.1"},
        "from: 0.9.1",
        "the step begins at 0.9.1, but the one before ended at 0.9.0 (put a step between them",
    ),
    (
        "M003",
        {(*LAST, "to"): "0.10.0"},
        "to: 0.10.0",
        "leads to 0.10.0, but demo@1.0.0 is there (add the step from 0.10.0 to 1.0.0)",
    ),
    (
        "M004",
        {(*MERGED, "merged", 1): "NET-22"},
        "- NET-22",
        "NET-22 stands in two changes of the step: merged: LOC-24 and NET-22 into LOC-05, and split into",
    ),
    ("M004", {(*CHANGED, "changed"): "LOC-05"}, "changed: LOC-05", "LOC-05 stands in two changes"),
    ("M004", {(*MERGED, "merged", 1): "LOC-24"}, "- LOC-24", "LOC-24 stands twice in the change"),
    (
        "M004",
        {(*SPLIT, "into", 1, "question"): "NET-02"},
        "question: NET-02",
        "NET-02 stands twice in the change",
    ),
    (
        "M004",
        {RENAMED: {"renamed": "LOC-01", "to": "LOC-01"}, (*FIRST, "changes", 0, "to"): "LOC-02"},
        "to: LOC-01",
        "LOC-01 is renamed to itself",
    ),
    (
        "M005",
        {(*MERGED, "merged", 0): "LOC-23"},
        "- LOC-23",
        "LOC-23 was given up in 0.9.0: retired (take an id that was never used)",
    ),
    (
        "M005",
        {(*FIRST, "changes", 1, "retired"): "LOC-02"},
        "retired: LOC-02",
        "LOC-02 is given up here, but it is a question of demo@1.0.0",
    ),
    (
        "M006",
        {(*RENAMED, "to"): "LOC-09"},
        "to: LOC-09",
        "LOC-09 is no question of demo@1.0.0; allowed are LOC-01",
    ),
    ("M006", {(*CHANGED, "changed"): "LOC-27"}, "changed: LOC-27", "LOC-27 is no question of demo@1.0.0"),
    (
        "M007",
        {(*CHANGED, "values", 1, "was"): 0},
        "was: 0",
        "LOC-04: 0 stands twice; allowed is once",
    ),
    ("M008", {(*CHANGED, "values", 1, "now"): 7}, "now: 7", "LOC-04: 7 is not one of 0..3"),
    ("M008", {(*CHANGED, "values", 1, "now"): "none"}, "now: none", "LOC-04: 'none' is not one of 0..3"),
    (
        "M008",
        {(*NUMBER, "values", 0, "now"): 400},
        "now: 400",
        "LOC-03: 400 is not one of 0..365, none_exists, indefinite",
    ),
    (
        "M008",
        {(*SPLIT, "into", 0, "values", 0, "now"): "telemetry"},
        "now: telemetry",
        "NET-02: 'telemetry' is not an option; allowed are prompt_text, git_metadata",
    ),
    (
        "M008",
        {(*NUMBER, "to"): "NET-01", (*NUMBER, "keeps"): []},
        "now: indefinite",
        "NET-01: 'indefinite' is not possible here: lists of hosts are answered again",
    ),
    (
        "M009",
        {(*CHANGED, "keeps", 0): "numbers"},
        "- numbers",
        "LOC-04: numbers are kept, but it is a scale",
    ),
]


@pytest.mark.parametrize(("rule_id", "changes", "line", "message"), CASES)
def test_a_rule_names_the_line_and_what_is_allowed(
    assert_breaks: Callable[..., None],
    rule_id: str,
    changes: dict[tuple[str | int, ...], Any],
    line: str,
    message: str,
) -> None:
    assert_breaks(rule_id, changes, line, message)


def test_every_rule_has_a_case(cases_cover: Callable[..., None]) -> None:
    cases_cover("M", CASES)


def test_the_example_keeps_every_rule(example: Callable[..., Any]) -> None:
    assert [problem for problem in example({}).problems() if problem.code.startswith("M")] == []


def test_a_question_may_go_on_under_its_own_id_when_others_join_or_leave_it(
    example: Callable[..., Any],
) -> None:
    changes = {(*MERGED, "merged", 1): "LOC-05", (*SPLIT, "split"): "NET-03"}
    assert [problem for problem in example(changes).problems() if problem.code.startswith("M")] == []


def test_values_of_a_question_that_went_on_changing_are_not_held_against_today_s(
    example: Callable[..., Any],
) -> None:
    early = {"changed": "LOC-04", "reason": "-", "values": [{"was": 1, "now": 9}], "keeps": ["numbers"]}
    changes = {(*FIRST, "changes", 2): early}
    assert [problem for problem in example(changes).problems() if problem.code.startswith("M")] == []
