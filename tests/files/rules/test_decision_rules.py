from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.files.rules.example import FILES

if TYPE_CHECKING:
    from collections.abc import Callable

D = "decision"
FIRST = (D, "decisions", 0)
SECOND = (D, "decisions", 1)
(BASIS,) = FILES[D]["bases"]
CONDITION = {"text": "More.", "owner": "Legal", "due": "2026-09-01"}
WAIVER = {"gate": "LOC-01", "by": "CISO", "reason": "So.", "until": "2026-12-31"}

CASES: list[tuple[str, dict[tuple[str | int, ...], Any], str, str]] = [
    ("D001", {(D, "evaluation"): "spring"}, "spring", "spring is not this one, autumn"),
    (
        "D002",
        {(*SECOND, "option"): "acme/idea"},
        "acme/idea",
        "option: acme/idea is not compared; allowed are acme/direct, acme/ide (did you mean acme/ide?)",
    ),
    ("D003", {(*SECOND, "option"): "acme/direct"}, "acme/direct", "acme/direct is decided on twice"),
    (
        "D004",
        {(*FIRST, "reason"): "(gone)"},
        "approve-with-conditions",
        "verdict approve-with-conditions, where evalkit says defer, needs a reason",
    ),
    ("D005", {(*FIRST, "verdict"): "approve"}, "conditions:", "conditions beside the verdict approve"),
    ("D005", {(*SECOND, "conditions"): [CONDITION]}, "conditions:", "beside the verdict reject"),
    ("D006", {(*FIRST, "conditions"): []}, "approve-with-conditions", "without a condition; at least one"),
    (
        "D007",
        {(*FIRST, "conditions", 0, "id"): "AC-DEL-02"},
        "AC-DEL-02",
        "AC-DEL-02 is none of evalkit's; allowed are AC-DEL-01 (did you mean AC-DEL-01?)",
    ),
    ("D007", {(*FIRST, "conditions", 1, "text"): "(gone)"}, "Legal", "has neither id nor text"),
    ("D008", {(*FIRST, "conditions", 2): FILES[D]["decisions"][0]["conditions"][0]}, "AC-DEL-01", "twice"),
    (
        "D009",
        {(*FIRST, "conditions", 1, "due"): "2026-06-30"},
        "2026-06-30",
        "due 2026-06-30 is before the decision of 2026-07-01",
    ),
    ("D009", {(*FIRST, "conditions", 0, "done"): "2026-06-30"}, "2026-06-30", "done 2026-06-30 is before"),
    (
        "D010",
        {(*FIRST, "waivers", 0, "gate"): "LOC-04"},
        "LOC-04",
        "LOC-04 is no gate; allowed are LOC-01, LOC-03",
    ),
    (
        "D011",
        {(*FIRST, "waivers", 0, "gate"): "LOC-03"},
        "LOC-03",
        "the gate LOC-03 is final; allowed are LOC-01, LOC-02",
    ),
    ("D012", {(*FIRST, "waivers", 1): WAIVER}, "LOC-01", "LOC-01 is waived twice"),
    (
        "D013",
        {(*FIRST, "waivers", 0, "until"): "2026-06-30"},
        "2026-06-30",
        "until 2026-06-30 is before the decision of 2026-07-01",
    ),
    (
        "D013",
        {
            (*SECOND, "waivers"): [WAIVER],
            (*SECOND, "evalkit"): {"verdict": "reject", "gates": {"LOC-01": "open"}},
        },
        "gate: LOC-01",
        "LOC-01 is waived for an option that is rejected",
    ),
    ("D014", {(*FIRST, "dissent", 1, "by"): " ANN"}, "ANN", "dissents twice"),
    ("D015", {(*FIRST, "basis"): "0" * 12}, "0" * 12, f"basis {'0' * 12} is not listed; allowed are {BASIS}"),
    (
        "D015",
        {(D, "bases", BASIS, "profile"): "lax"},
        BASIS,
        f"basis {BASIS} was changed since it was recorded",
    ),
    (
        "D016",
        {(D, "superseded", 0, "superseded"): "2026-05-31"},
        "2026-05-31",
        "superseded 2026-05-31 is before the decision of 2026-06-01",
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


def test_every_rule_about_decisions_has_a_case(cases_cover: Callable[..., None]) -> None:
    cases_cover("D", CASES)


@pytest.mark.parametrize(
    "changes",
    [
        {(*FIRST, "verdict"): "defer", (*FIRST, "reason"): "(gone)"},
        {(*FIRST, "conditions", 0, "text"): "Deletion of records."},
        {(*FIRST, "waivers", 0, "until"): "2026-07-01"},
        {(*FIRST, "dissent"): [], (*FIRST, "waivers"): []},
        {(D, "superseded"): []},
    ],
    ids=["as evalkit says", "id and text", "a waiver of a day", "neither dissent nor waiver", "no older one"],
)
def test_what_the_rules_allow_passes(
    example: Callable[..., Any], changes: dict[tuple[str | int, ...], Any]
) -> None:
    assert example(changes).problems() == []


def test_a_dissent_needs_a_name_and_that_is_the_schema_s_business(example: Callable[..., Any]) -> None:
    with pytest.raises(AssertionError, match=r"S008.*dissent"):
        example({(*FIRST, "dissent", 0, "by"): " "}).problems()


def test_a_decision_on_other_inputs_is_not_held_against_those_of_today(example: Callable[..., Any]) -> None:
    """An option that was taken out since, or a gate made final, is what ``evalkit verify`` tells."""
    changed = example({("evaluation", "options"): ["acme/direct"], ("evaluation", "waivers"): []})
    assert [problem.code for problem in changed.problems()] == ["D002", "D002"]
    basis = FILES[D]["bases"][BASIS] | {"inputs": {"another.yaml": f"sha256:{'b' * 64}"}}
    other = {("evaluation", "options"): ["acme/direct"], ("evaluation", "waivers"): []}
    found = example({**other, (D, "bases", BASIS): basis}).problems()
    assert {problem.code for problem in found} == {"D015"}
