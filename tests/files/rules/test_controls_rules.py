from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

F = "acme.controls"
C = (F, "controls")
EACH = (*C, 0, "targets", 1, "value")
CASES: list[tuple[str, dict[tuple[str | int, ...], Any], str, str]] = [
    (
        "C001",
        {("conditions", "questionnaire"): "demo@2.0.0"},
        "demo@2.0.0",
        "is not the one installed, demo@1.0.0",
    ),
    (
        "C002",
        {("conditions", "conditions", "deletion", "questions", 1): "LOC-30"},
        "- LOC-30",
        "deletion: question LOC-30 is unknown; allowed are LOC-01",
    ),
    ("C003", {(F, "product"): "acne"}, "product: acne", "product acne is not the file's name, acme"),
    ("C004", {(F, "surfaces", 1): "idee"}, "- idee", "surfaces: idee is unknown; allowed are cli, ide"),
    ("C005", {(*C, 2, "conditions", 1): "deletions"}, "- deletions", "did you mean deletion?"),
    (
        "C006",
        {(*C, 2, "targets", 0, "mechanism"): "env"},
        "mechanism: env",
        "env is unknown; allowed are managed-set",
    ),
    ("C007", {(F, "endpoints", 0, "purpose", 0): "telemetri"}, "- telemetri", "did you mean telemetry?"),
    (
        "C007",
        {(F, "parameters", "region", "egress"): "mcp"},
        "egress: mcp",
        "mcp is unknown; allowed are inference",
    ),
    (
        "C008",
        {(*C, 0, "sources", 0, "source"): "doc"},
        "source: doc",
        "AC-DEL-01: doc is unknown; allowed are docs",
    ),
    ("C008", {(F, "endpoints", 0, "sources", 0, "source"): "doc"}, "source: doc", "did you mean docs?"),
    (
        "C010",
        {(*C, 0, "targets", 0, "file"): "manage"},
        "file: manage",
        "manage is unknown; allowed are managed",
    ),
    (
        "C011",
        {(*C, 0, "targets", 0, "mechanism"): "console-file"},
        "console-file",
        "but managed has managed-settings",
    ),
    (
        "C012",
        {(*C, 0, "targets", 0, "value"): "(gone)"},
        "mechanism: managed-settings",
        "value missing in the target",
    ),
    (
        "C012",
        {(*C, 2, "targets", 0, "value"): "1"},
        "value: '1'",
        "value does not fit env-var; variable takes name",
    ),
    (
        "C012",
        {(*C, 2, "targets", 0, "unset"): False},
        "mechanism: env-var",
        "AC-INV-01: value missing in the target",
    ),
    ("C012", {(*C, 2, "targets", 0): {"mechanism": "image"}}, "mechanism: image", "instruction missing"),
    (
        "C013",
        {
            (F, "files", "extra"): {
                "mechanism": "image",
                "format": "json",
                "owner": "user",
                "paste": "Console",
            }
        },
        "mechanism: image",
        "file extra: image has the form instruction; allowed are managed-settings, console-file",
    ),
    (
        "C014",
        {(F, "files", "managed", "paste"): "Console"},
        "managed:",
        "path and paste; allowed is exactly one",
    ),
    ("C014", {(F, "files", "managed", "path"): {}}, "managed:", "neither path nor paste"),
    (
        "C015",
        {(F, "files", "managed", "path", "mac"): "/x"},
        "mac: /x",
        "path: mac is unknown; allowed are linux",
    ),
    (
        "C015",
        {(*C, 1, "user_can_override_on", "macs"): "no"},
        "macs:",
        "AC-DEL-02: user_can_override_on: macs is",
    ),
    (
        "C016",
        {(*C, 0, "targets", 0, "when", "surfaces"): ["cli"]},
        "surfaces:",
        "when 'surfaces' in a target; allowed",
    ),
    (
        "C020",
        {(F, "endpoints", 0, "hosts", 1): "{regio}.x"},
        "- '{regio}.x'",
        "regio is not declared; allowed are",
    ),
    (
        "C020",
        {(*EACH, "$each"): "server", (*C, 2, "targets", 0, "name"): "A_{servers}"},
        "value:",
        "server is not",
    ),
    (
        "C021",
        {(F, "parameters", "spare"): {"description": "Spare.", "type": "string", "default": "{spare}"}},
        "spare:",
        "parameter spare is used nowhere",
    ),
    (
        "C022",
        {(*C, 1, "targets", 0, "value"): "{endpoint} {x y}"},
        "value:",
        "stray brace in '{endpoint} {x y}'",
    ),
    ("C023", {(*EACH, "$itm"): "x"}, "$itm: x", "$itm beside $each; allowed are $each, $item, $key"),
    ("C023", {(*EACH, "$item"): "(gone)"}, "value:", "$each without $item"),
    (
        "C023",
        {(F, "parameters", "servers", "type"): "string"},
        "$each: servers",
        "servers of type string; allowed",
    ),
    (
        "C024",
        {(*EACH, "$item", "url"): "{item.uri}"},
        "url: '{item.uri}'",
        "no field of servers; allowed are name, url",
    ),
    (
        "C024",
        {(*C, 0, "targets", 0, "value"): "{item.url}"},
        "value: '{item.url}'",
        "outside a list over a parameter",
    ),
    (
        "C030",
        {
            (*C, 2, "id"): "AC-DEL-02",
            (*C, 0, "questions"): {},
            (F, "endpoints", 0, "off_by"): [],
            (*C, 2, "conflicts_with"): ["AC-DEL-01"],
        },
        "id: AC-DEL-02",
        "control AC-DEL-02 stands twice",
    ),
    (
        "C031",
        {(*C, 0, "conflicts_with", 1): "AC-DEL-03"},
        "- AC-DEL-03",
        "conflicts_with AC-DEL-03 is unknown; allowed",
    ),
    ("C031", {(*C, 0, "conflicts_with", 1): "AC-DEL-01"}, "- AC-DEL-01", "names the control itself"),
    ("C032", {(*C, 1, "conflicts_with"): []}, "- AC-DEL-02", "AC-DEL-02 does not name AC-DEL-01"),
    (
        "C033",
        {(*C, 0, "questions", "LOC-04", "with", 0): "AC-INV-02"},
        "- AC-INV-02",
        "did you mean AC-INV-01?",
    ),
    (
        "C033",
        {(*C, 0, "questions", "LOC-04", "with", 0): "AC-DEL-02"},
        "- AC-DEL-02",
        "which it conflicts with",
    ),
    (
        "C034",
        {(F, "endpoints", 0, "off_by", 0): "AC-INV-02"},
        "- AC-INV-02",
        "off_by AC-INV-02 is unknown; allowed",
    ),
    (
        "C035",
        {
            (*C, 2, "questions"): {"LOC-09": {"to": 1}},
        },
        "LOC-09:",
        "AC-INV-01: question LOC-09 is unknown; allowed are LOC-01",
    ),
    (
        "C035",
        {(*C, 0, "questions", "LOC-03"): {"to": 1}},
        "LOC-03:",
        "LOC-03 is a number question; allowed are scales",
    ),
    (
        "C036",
        {(*C, 2, "questions"): {"LOC-01": {"to": 4}}},
        "to: 4",
        "AC-INV-01: level 4 is not one of 0..3 of LOC-01",
    ),
    (
        "C037",
        {(*C, 0, "questions", "LOC-04", "to"): 3},
        "to: 3",
        "user_can_override is partly; allowed: levels up to 2",
    ),
    ("C037", {(*C, 1, "user_can_override_on", "linux"): "yes"}, "to: 3", "is yes; allowed: no level"),
    (
        "C038",
        {(*C, 0, "questions", "LOC-01"): {"to": 1}},
        "LOC-01:",
        "LOC-01 belongs to none of its conditions; allowed",
    ),
    (
        "C039",
        {(*C, 1, "deployments", "plans", 0): "teams"},
        "- teams",
        "plans: teams is unknown; allowed are team",
    ),
    (
        "C039",
        {(F, "endpoints", 0, "deployments", "surfaces", 0): "clu"},
        "- clu",
        "endpoint {region}.acme.example: sur",
    ),
    (
        "C040",
        {(F, "endpoints", 0, "required", "bedrock"): "never"},
        "bedrock: never",
        "required bedrock; allowed are",
    ),
    (
        "C040",
        {(F, "endpoints", 0, "required", "default"): "(gone)"},
        "required:",
        "required has no default; give one",
    ),
    (
        "C041",
        {(*C, 0, "generate_note"): "(gone)"},
        "generate: on-request",
        "on-request without generate_note",
    ),
    ("C041", {(F, "endpoints", 0, "note"): "(gone)"}, "required:", "required conditional without note"),
    (
        "C042",
        {(*C, 0, "evidence"): "tested"},
        "evidence: tested",
        "evidence tested; allowed are third_party, docum",
    ),
    (
        "C042",
        {(F, "endpoints", 0, "evidence"): "claim"},
        "evidence: claim",
        "evidence claim; allowed are third_party",
    ),
    (
        "C042",
        {(F, "sources", "docs", "kind"): "lab"},
        "kind: lab",
        "source docs: kind lab; allowed are vendor-docs",
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


def test_every_rule_about_controls_has_a_case(cases_cover: Callable[..., None]) -> None:
    cases_cover("C", CASES)
