from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.files.rules.example import FILES

if TYPE_CHECKING:
    from collections.abc import Callable

Q = "questionnaire"
S, N = ("storage", "questions"), ("network", "questions")
HOSTS = FILES["network"]["questions"][0]
CASES: list[tuple[str, dict[tuple[str | int, ...], Any], str, str]] = [
    (
        "Q001",
        {
            (Q, "domains", 2): "netwrk",
            (Q, "prefixes", "netwrk"): "NTW",
            ("strict", "domain_weights", "netwrk"): 1,
        },
        "- netwrk",
        "domain netwrk has no file netwrk.yaml; allowed are storage, network (did you mean network?)",
    ),
    (
        "Q002",
        {
            ("extra",): FILES["network"]
            | {"id": "extra", "questions": [HOSTS | {"id": "EXT-01", "title": "X"}]}
        },
        "format: evalkit/domain/1",
        "domain file extra.yaml is not listed under domains; allowed are storage, network",
    ),
    ("Q003", {("network", "id"): "net"}, "id: net", "domain id net is not the file's name, network"),
    ("Q004", {(Q, "domains", 2): "storage"}, "- storage", "domain storage is listed twice"),
    ("Q005", {(Q, "prefixes", "network"): "(gone)"}, "prefixes:", "domain network has none"),
    (
        "Q005",
        {(Q, "prefixes", "netwrk"): "NEX"},
        "netwrk: NEX",
        "netwrk is not a domain; allowed are storage",
    ),
    ("Q005", {(Q, "prefixes", "extra"): "NET"}, "extra: NET", "NET of extra is already that of network"),
    ("Q006", {(*N, 2, "id"): "LOC-99"}, "id: LOC-99", "prefix LOC is not that of the domain network, NET"),
    ("Q007", {(*N, 2, "id"): "NET-02"}, "id: NET-02", "NET-02: the id is already taken at network:"),
    ("Q008", {(*N, 2, "title"): "Formats"}, "title: Formats", "'Formats' is already that of LOC-02"),
    ("Q009", {(Q, "evidence_classes", 6): "(gone)"}, "evidence_classes:", "attested 6 is not claim 1"),
    ("Q009", {(Q, "evidence_classes", 0, "rank"): 2}, "evidence_classes:", "claim 2, third_party 2"),
    (
        "Q010",
        {(Q, "subject_facts", 8): {"id": "routes", "kind": "text", "level": "product"}},
        "id: routes",
        "subject fact routes is defined twice",
    ),
    (
        "Q011",
        {(Q, "subject_facts", 0, "options"): ["a"]},
        "options:",
        "options [a], but kind text allows none",
    ),
    ("Q011", {(Q, "subject_facts", 3, "options"): []}, "id: features", "kind many without options"),
    ("Q011", {(Q, "subject_facts", 1, "options", 2): "closed"}, "- closed", "option closed stands twice"),
    ("Q012", {(Q, "frameworks", "csf2"): "New"}, "csf2: New", "csf2 has no identifiers; allowed are csf"),
    ("Q012", {(Q, "frameworks", "soc2"): "(gone)"}, "key: soc2", "soc2 is not named in the header"),
    (
        "Q013",
        {(*S, 0, "refs"): {"cfs": ["ID.AM-01"]}},
        "cfs:",
        "framework cfs is unknown; allowed are csf, soc2",
    ),
    ("Q014", {(*S, 0, "refs", "csf", 0): "ID.AM-1"}, "- ID.AM-1", "ID.AM-1 is unknown in csf"),
    ("Q014", {(*S, 0, "refs", "csf", 0): "ID.AM-1"}, "- ID.AM-1", "did you mean ID.AM-0"),
    (
        "Q015",
        {(*S, 0, "lab_test", "needs", 0): "vms"},
        "- vms",
        "vms is not in the lab kit; allowed are vm, proxy",
    ),
    (
        "Q020",
        {(*S, 0, "ladder"): None},
        "ladder: null",
        "LOC-01: a scale without a ladder; allowed are control",
    ),
    ("Q020", {(*S, 1, "ladder"): "control"}, "ladder: control", "ladder control on a set question"),
    (
        "Q021",
        {(*S, 0, "ladder"): "failure"},
        "ladder: failure",
        "failure is not explained in the header; allowed",
    ),
    ("Q022", {(*S, 3, "levels", 3, "level"): 4}, "level: 4", "LOC-04: level 4 stands where 3 must stand"),
    ("Q023", {(*S, 3, "levels", 2, "points"): 50}, "points: 50", "points 50 after 50; points must rise"),
    ("Q023", {(*S, 3, "levels", 3, "points"): 99}, "points: 99", "points 99 of level 3; must be 100"),
    ("Q023", {(*S, 3, "levels", 0, "points"): 5}, "points: 5", "points 5 of level 0; must be 0"),
    (
        "Q024",
        {(*S, 2, "limits"): {"min": 30, "max": 0}},
        "min: 30",
        "LOC-03: limits: min 30 is not below max 0",
    ),
    ("Q025", {(*N, 2, "value_rule", "steps", 1, "at_least"): 180}, "at_least: 180", "limits must fall"),
    ("Q025", {(*S, 2, "value_rule", "steps", 0, "at_most"): 31}, "at_most: 30", "at_most 30 after 31"),
    (
        "Q026",
        {(*N, 2, "value_rule", "steps", 1, "points"): 100},
        "points: 100",
        "100 after 100; points must fall",
    ),
    ("Q027", {(*N, 2, "value_rule", "otherwise"): 40}, "otherwise: 40", "otherwise 40 is not below"),
    (
        "Q028",
        {(*N, 2, "limits", "max"): 90},
        "at_least: 180",
        "180 lies outside the question's limits, 0..90",
    ),
    ("Q029", {(*S, 2, "special_values", 0, "id"): "indefinite"}, "indefinite", "indefinite stands twice"),
    ("Q030", {(*N, 1, "options", 0, "id"): "git_metadata"}, "git_metadata", "git_metadata stands twice"),
    (
        "Q031",
        {(*N, 1, "options", 1, "points"): 3},
        "id: git_metadata",
        "points 3.0, penalty 30.0; start_minus",
    ),
    ("Q031", {(*S, 1, "options", 2, "points"): "(gone)"}, "id: opaque", "points nothing, penalty nothing"),
    (
        "Q032",
        {(*S, 1, "value_rule", "exclusive", 0): "none"},
        "- none",
        "exclusive none is no option; allowed are",
    ),
    (
        "Q033",
        {(*N, 0, "list_fields", 4): "(gone)"},
        "list_fields:",
        "are not documented, observed, from_source",
    ),
    ("Q034", {(*N, 0, "value_rule", "cases", 1): "(gone)"}, "cases:", "from_source are empty' is missing"),
    (
        "Q034",
        {(*N, 0, "value_rule", "cases"): [HOSTS["value_rule"]["cases"][0], *HOSTS["value_rule"]["cases"]]},
        "when: none_needed",
        "case 'none_needed is true and observed is empty' stands twice",
    ),
    ("Q035", {(*N, 0, "value_rule", "cases"): HOSTS["value_rule"]["cases"][::-1]}, "both filled", "1 of 7"),
    (
        "Q035",
        {(*N, 0, "value_rule", "cases", 1, "points"): HOSTS["value_rule"]["cases"][6]["points"]},
        "points: floor",
        "gives a share; allowed are points 0..100",
    ),
    ("Q036", {(*S, 0, "if_function_absent"): 4}, "absent: 4", "if_function_absent 4; allowed are 0, 1, 2, 3"),
    ("Q036", {(*N, 2, "if_function_absent"): 101}, "absent: 101", "101; allowed are points 0..100"),
    (
        "Q037",
        {(*S, 0, "lab_test", "passing_shows"): 7},
        "passing_shows: 7",
        "passing_shows 7; allowed are 0, 1",
    ),
    (
        "Q040",
        {(*S, 3, "applies_if"): {"fact": "route", "includes_any": ["x"]}},
        "fact: route",
        "fact route is",
    ),
    (
        "Q040",
        {(*S, 3, "applies_if"): {"fact": "route", "includes_any": ["x"]}},
        "fact: route",
        "mean routes?",
    ),
    (
        "Q041",
        {(*S, 3, "applies_if", "all", 0, "includes_any", 0): "direct"},
        "- direct",
        "LOC-04: applies_if: direct is no option of the fact routes; allowed are vendor_direct, aws_bedrock",
    ),
    (
        "Q042",
        {(*S, 3, "applies_if"): {"not": {"any": [{"answer": "LOC-10", "at_least": 1}]}}},
        "answer: LOC-10",
        "question LOC-10 is unknown; allowed are LOC-01, LOC-02",
    ),
    (
        "Q043",
        {(*S, 3, "applies_if", "all", 1, "at_least"): 4},
        "at_least: 4",
        "4 is no level of LOC-01; allowed",
    ),
    (
        "Q043",
        {(*S, 3, "applies_if", "all", 1, "answer"): "LOC-02"},
        "answer: LOC-02",
        "LOC-02 is a set question",
    ),
    (
        "Q044",
        {(*S, 3, "applies_if", "all", 1, "answer"): "LOC-04"},
        "applies_if:",
        "own answer; name another",
    ),
    (
        "Q045",
        {
            (*S, 0, "applies_if"): {"answer": "LOC-05", "at_least": 1},
            (*S, 4, "applies_if"): {"answer": "LOC-04", "at_least": 1},
        },
        "applies_if:",
        "LOC-01: conditions form a circle: LOC-01 -> LOC-05 -> LOC-04 -> LOC-01",
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


def test_every_rule_about_questionnaires_has_a_case(cases_cover: Callable[..., None]) -> None:
    cases_cover("Q", CASES)


def test_every_circle_is_named(example: Callable[..., Any]) -> None:
    changes = {
        (*S, 0, "applies_if"): {"answer": "LOC-04", "at_least": 1},
        (*S, 3, "applies_if"): {
            "any": [{"answer": "LOC-01", "at_least": 1}, {"answer": "LOC-05", "at_least": 1}]
        },
        (*S, 4, "applies_if"): {"answer": "LOC-04", "at_least": 1},
    }
    circles = {problem.message.rpartition(": ")[2] for problem in example(changes).problems()}
    assert circles == {"LOC-01 -> LOC-04 -> LOC-01", "LOC-04 -> LOC-05 -> LOC-04"}
