from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

F = "acme.answers"
A = (F, "answers")
BY_DOCS = [{"class": "documented", "source": "docs"}]
CASES: list[tuple[str, dict[tuple[str | int, ...], Any], str, str]] = [
    (
        "A001",
        {(F, "questionnaire"): "demo@0.9.0"},
        "demo@0.9.0",
        "demo@0.9.0 is not the one installed, demo@1.0.0",
    ),
    (
        "A002",
        {(F, "product", "id"): "acne", ("evaluation", "options"): "all", ("evaluation", "waivers"): []},
        "id: acne",
        "product id acne is not the file's name, acme",
    ),
    (
        "A003",
        {(F, "product", "licence"): "free"},
        "licence: free",
        "free is unknown; allowed are closed, open_source",
    ),
    (
        "A004",
        {(F, "product", "operating_systems", 0): "linus"},
        "- linus",
        "linus is unknown; allowed are linux",
    ),
    (
        "A005",
        {(F, "product", "features", 0): "hook"},
        "- hook",
        "hook is unknown; allowed are hooks, extensions",
    ),
    (
        "A006",
        {(F, "deployments", 1, "route"): "bedrock"},
        "route: bedrock",
        "deployment bedrock: route: bedrock is",
    ),
    (
        "A007",
        {(F, "deployments", 0, "surface"): "tui"},
        "surface: tui",
        "tui is unknown; allowed are cli, ide",
    ),
    ("A008", {(F, "deployments", 1, "plan"): "enterprize"}, "plan: enterprize", "did you mean enterprise?"),
    (
        "A009",
        {
            (F, "deployments", 4): {
                "id": "ide",
                "name": "X",
                "route": "vendor_direct",
                "surface": "ide",
                "plan": "team",
            }
        },
        "id: ide",
        "deployment ide stands twice",
    ),
    (
        "A010",
        {(*A, "LOC-10"): {"state": "unknown"}},
        "LOC-10:",
        "question LOC-10 is unknown; allowed",
    ),
    (
        "A011",
        {(*A, "LOC-05", "value"): 7, (*A, "LOC-05", "deployments"): {}},
        "value: 7",
        "LOC-05: level 7 is not one of 0..3",
    ),
    (
        "A011",
        {(*A, "LOC-05"): {"value": "YES", "evidence": BY_DOCS}},
        "value: 'YES'",
        "level 'YES' is not one of 0..3",
    ),
    ("A011", {(*A, "LOC-05"): {"value": "3", "evidence": BY_DOCS}}, "value: '3'", "write 3 without quotes"),
    (
        "A011",
        {(*A, "LOC-05"): {"value": 2.5, "evidence": BY_DOCS}},
        "value: 2.5",
        "level 2.5 is not one of 0..3",
    ),
    (
        "A011",
        {(*A, "LOC-05"): {"value": ["3"], "evidence": BY_DOCS}},
        "value:",
        "level [3] is not one of 0..3",
    ),
    ("A011", {(*A, "LOC-01", "evidence", 1, "value"): 4}, "value: 4", "LOC-01: level 4 is not one of 0..3"),
    (
        "A012",
        {(*A, "LOC-03", "value"): 366},
        "value: 366",
        "366 is not one of 0..365 days, none_exists, indefinite",
    ),
    ("A012", {(*A, "LOC-03", "value"): "indefinit"}, "value: indefinit", "did you mean indefinite?"),
    (
        "A012",
        {(*A, "LOC-03", "value"): "No, not implemented."},
        "No, not",
        "'No, not implemented.' is not one of",
    ),
    (
        "A012",
        {(*A, "LOC-03", "deployments", "direct", "value"): -1},
        "value: -1",
        "LOC-03 (direct): -1 is not one",
    ),
    ("A013", {(*A, "LOC-02", "value", 0): "open_fromat"}, "- open_fromat", "did you mean open_format?"),
    (
        "A013",
        {(*A, "LOC-02", "value"): "opaque"},
        "value: opaque",
        "'opaque' is not a list of options; allowed are",
    ),
    ("A014", {(*A, "LOC-02", "value", 2): "opaque"}, "- opaque", "option 'opaque' is ticked twice"),
    ("A015", {(*A, "LOC-02", "value", 2): "none_written"}, "value:", "none_written excludes all others"),
    (
        "A016",
        {(*A, "NET-01", "value"): ["api.acme.example"]},
        "value:",
        "[api.acme.example] is not a mapping of host",
    ),
    (
        "A017",
        {(*A, "NET-03", "state"): "answered"},
        "state: answered",
        "NET-03: state answered without a value",
    ),
    (
        "A018",
        {(*A, "NET-03", "state"): "(gone)"},
        "NET-03:",
        "neither value nor state; allowed states are unknown",
    ),
    (
        "A018",
        {(*A, "LOC-01", "deployments"): {}, (*A, "LOC-01", "value"): "(gone)"},
        "LOC-01:",
        "neither value nor",
    ),
    (
        "A018",
        {(*A, "LOC-03", "deployments", "direct"): {"finding": "x"}},
        "direct:",
        "LOC-03 (direct): neither",
    ),
    ("A019", {(*A, "NET-03", "value"): 30}, "value: 30", "NET-03: value 30 beside the state unknown"),
    (
        "A019",
        {(*A, "NET-02"): {"state": "refused", "value": ["prompt_text"]}},
        "value:",
        "beside the state refused",
    ),
    ("A020", {(*A, "LOC-04", "value"): 3}, "value: 3", "LOC-04: value 3 beside the state conflicting"),
    (
        "A021",
        {(*A, "LOC-02", "evidence"): []},
        "value:",
        "LOC-02: value [open_format, opaque] without evidence",
    ),
    (
        "A022",
        {(*A, "LOC-02", "evidence", 0, "source"): "doc"},
        "source: doc",
        "source doc is unknown; allowed are docs",
    ),
    ("A023", {(*A, "LOC-04", "evidence", 2, "value"): "(gone)"}, "class: claim", "from blog states no value"),
    (
        "A024",
        {(*A, "LOC-04", "evidence", 0, "value"): 3},
        "state: conflicting",
        "documented, the highest, states 3;",
    ),
    (
        "A024",
        {(*A, "LOC-04", "evidence"): []},
        "state: conflicting",
        "class any, the highest, states nothing; two",
    ),
    (
        "A025",
        {(*A, "LOC-01", "evidence", 0, "value"): 1},
        "value: 2",
        "LOC-01: value 2, but class documented, the highest cited, states 1",
    ),
    (
        "A026",
        {(*A, "LOC-02", "evidence", 0, "source"): "talk"},
        "class: documented",
        "the item from talk has no date",
    ),
    (
        "A027",
        {("evaluation", "as_of"): "2026-05-02"},
        "collected: '2026-05-03'",
        "is of 2026-05-03, after the",
    ),
    (
        "A027",
        {(F, "sources", "docs", "retrieved"): "2026-06-02"},
        "class: documented",
        "docs is of 2026-06-02, after",
    ),
    (
        "A028",
        {(*A, "LOC-01", "evidence", 1, "expires"): "2026-05-02"},
        "expires:",
        "2026-05-02 is before 2026-05-03",
    ),
    (
        "A029",
        {(*A, "LOC-03", "evidence", 0, "version"): "(gone)"},
        "class: tested",
        "names no version; name the one",
    ),
    ("A030", {(*A, "LOC-02", "evidence", 0, "deployments"): ["drect"]}, "- drect", "did you mean direct?"),
    (
        "A031",
        {(*A, "LOC-01", "evidence", 0, "deployments"): ["direct", "ide"]},
        "- ide",
        "LOC-01: deployment ide has another answer; allowed are direct, bedrock",
    ),
    (
        "A032",
        {(*A, "LOC-03", "deployments", "drect"): {"state": "unknown"}},
        "drect:",
        "deployment drect is unknown",
    ),
    (
        "A033",
        {(*A, "LOC-05", "deployments", "ide", "evidence", 0, "source"): "blog"},
        "ide:",
        "LOC-05 (ide): differs from the general answer, but the question varies by no dimension",
    ),
    (
        "A034",
        {
            (*A, "LOC-01", "deployments", "ide-team", "value"): 2,
            (*A, "LOC-01", "deployments", "ide-team", "evidence"): BY_DOCS,
            (*A, "LOC-01", "deployments", "ide", "evidence", 0, "deployments"): ["ide"],
        },
        "ide-team:",
        "LOC-01 (ide-team): differs from ide, from which it may differ only by route, surface",
    ),
    (
        "A035",
        {
            (*A, "LOC-03", "deployments"): {
                name: {"state": "unknown"} for name in ("direct", "bedrock", "ide")
            }
        },
        "ide:",
        "LOC-03 (ide): differs from the general answer for ide-team, from which it may differ only by route",
    ),
    (
        "A036",
        {(*A, "LOC-02", "also"): "all"},
        "also: all",
        "also 'all', but the question asks for no companion value",
    ),
    ("A037", {(*A, "LOC-02", "evidence"): BY_DOCS * 2}, "class: documented", "from docs stands twice"),
    (
        "A043",
        {
            (*A, "LOC-02", "answered"): {"by": "Ann", "on": "2026-01-02"},
            (*A, "LOC-02", "reviewed"): {"by": " ann ", "on": "2026-01-03"},
        },
        "by: ' ann '",
        "LOC-02: signed off by ' ann ', who answered; allowed is anybody else",
    ),
    (
        "A040",
        {("acme.ann", "answers", "LOC-03"): {"value": 30, "evidence": BY_DOCS}},
        "state: refused",
        "LOC-03: refused, but ann found a value",
    ),
    (
        "A040",
        {
            ("acme.ann", "answers", "LOC-01", "deployments"): {"ide": {"state": "refused"}},
        },
        "state: refused",
        "LOC-01 (ide): refused, but bob found a value",
    ),
    (
        "A041",
        {("acme.bob", "product", "licence"): "open_source"},
        "licence: open_source",
        "licence 'open_source' is not that of ann, 'closed'",
    ),
    (
        "A041",
        {("acme.bob", "product", "features"): []},
        "features: []",
        "features [] is not that of ann, nothing",
    ),
    (
        "A042",
        {("acme.bob", "deployments", 1, "plan"): "team"},
        "id: ide",
        "deployment ide: plan 'team' is not that of ann, 'enterprise'",
    ),
    (
        "A042",
        {("acme.bob", "deployments", 1, "id"): "editor"},
        "id: editor",
        "deployment editor is not in ann; allowed are direct, ide",
    ),
    (
        "A042",
        {("acme.bob", "deployments", 1): "(gone)"},
        "deployments:",
        "deployments: ide of ann is missing",
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


def test_every_rule_about_answers_has_a_case(cases_cover: Callable[..., None]) -> None:
    cases_cover("A", CASES)


@pytest.mark.parametrize(
    "changes",
    [
        {
            (F, "deployments", 3, "client"): "Another editor",
            (*A, "LOC-01", "deployments", "ide-team"): "(gone)",
            (*A, "LOC-01", "deployments", "ide", "evidence", 0, "deployments"): ["ide"],
        },
        {(*A, "LOC-02"): {"state": "unknown", "value": []}},
        {(*A, "LOC-01", "value"): "(gone)", (*A, "LOC-01", "evidence"): []},
        {(*A, "LOC-03", "value"): 0.5},
        {("storage", "questions", 2, "varies_by"): {"route": False, "surface": False, "plan": True}},
        {("acme.bob", "product", "operating_systems"): ["macos", "linux"]},
        {("acme.bob", "product", "name"): "ACME", ("acme.bob", "deployments", 0, "name"): "API"},
        {("acme.bob", "answers", "LOC-03"): {"state": "unknown"}},
    ],
    ids=[
        "clients differ as surfaces",
        "unknown, nothing ticked",
        "only by deployment",
        "half a day",
        "one differs",
        "another order",
        "other names",
        "refused and unknown",
    ],
)
def test_what_the_rules_allow_passes(
    example: Callable[..., Any], changes: dict[tuple[str | int, ...], Any]
) -> None:
    assert example(changes).problems() == []


def test_the_file_of_an_assessor_is_named_after_its_product(example: Callable[..., Any]) -> None:
    sound = example({})
    document = replace(sound.document(F), path=Path("/example/acme.alice.yaml"))
    assert list(sound.answers_problems(document)) == []
    document = replace(document, path=Path("/example/alice.acme.yaml"))
    assert [problem.code for problem in sound.answers_problems(document)] == ["A002"]
