"""What answers and control files name, to be looked for in a program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evalkit.files.loading import load_inputs
from evalkit.model.answers import ProductAnswers
from evalkit.model.controls import ControlFile
from evalkit.observe.claims import claims_about, declared_hosts, own_hosts, vendor_domains
from evalkit.observe.inspecting import is_about_another, statements_of
from evalkit.observe.rules import shipped_rules
from tests.observe.test_judging import ANSWERS, CONTROLS

SHIPPED = Path(__file__).parents[2] / "results" / "coding-agents-2026"
CLOUDS = shipped_rules().hosts.clouds


def controls(**changes: Any) -> ControlFile:  # noqa: ANN401 - fields of a control file
    return ControlFile.model_validate({**CONTROLS, **changes})


def answers(**changes: Any) -> ProductAnswers:  # noqa: ANN401 - fields of an answers file
    return ProductAnswers.model_validate({**ANSWERS, **changes})


def test_each_literal_is_claimed_once_with_its_places_and_questions() -> None:
    found = claims_about(answers(), controls(), {"telemetry-off": ("NET-05",)})
    assert [(claim.kind, claim.literal, claim.answers, claim.questions) for claim in found] == [
        ("host", "*.edge.acme.com", ("controls/acme.yaml endpoints",), ("NET-01",)),
        ("host", "api.acme.com", ("controls/acme.yaml endpoints", "answers/acme.yaml NET-01"), ("NET-01",)),
        ("literal", "ACME_NO_TELEMETRY", ("controls/acme.yaml AC-TEL-01",), ("NET-05",)),
        ("literal", "usageReportsEnabled", ("controls/acme.yaml AC-TEL-01",), ("NET-05",)),
        ("path", "/Library/Acme", ("controls/acme.yaml files.policy",), ()),
        ("path", "/etc/acme-agent", ("controls/acme.yaml files.policy",), ()),
        ("path", "acme-policy.json", ("controls/acme.yaml files.policy",), ()),
    ]


def target(**fields: Any) -> list[str]:  # noqa: ANN401 - fields of a target
    control = {**CONTROLS["controls"][0], "targets": [{"mechanism": "x", **fields}]}
    found = claims_about(None, controls(controls=[control], files={}, endpoints=[]), {})
    return [claim.literal for claim in found]


@pytest.mark.parametrize(
    ("fields", "literals"),
    [
        ({"name": "ACME_OFF"}, ["ACME_OFF"]),
        ({"name": "HTTPS_PROXY"}, []),
        ({"flag": "--acme-read-only=true"}, ["acme-read-only"]),
        ({"flag": "--yes"}, []),
        ({"key": ["a", "neverAskForApproval"]}, ["neverAskForApproval"]),
        ({"key": ["env", "ACME_OFF"]}, ["ACME_OFF"]),
        ({"key": ["sandboxSettings", "enabled"]}, ["sandboxSettings"]),
        ({"key": ["model"]}, []),
        ({"command": "acme settings set telemetry.uploads.enabled false"}, ["telemetry.uploads.enabled"]),
        ({"command": "acme --force {path}"}, []),
        ({"instruction": "Set ACME_OFF in the console."}, []),
    ],
    ids=str,
)
def test_a_target_claims_what_no_other_program_holds_by_chance(
    fields: dict[str, Any], literals: list[str]
) -> None:
    assert target(**fields) == literals


def test_hosts_that_others_share_and_hosts_put_together_are_not_claimed() -> None:
    endpoint = {**CONTROLS["endpoints"][0], "hosts": ["bedrock.{region}.acme.com", "{npm_registry}", "x"]}
    assert claims_about(None, controls(controls=[], files={}, endpoints=[endpoint]), {}) == ()
    assert "github.com" not in [claim.literal for claim in claims_about(answers(), controls(), {})]


def test_the_vendors_domains_are_those_of_its_own_hosts() -> None:
    cloud = {**CONTROLS["endpoints"][0], "hosts": ["sts.amazonaws.com", "acme.co.uk", "telemetry.acme.dev"]}
    assert vendor_domains(controls(endpoints=[*CONTROLS["endpoints"], cloud]), CLOUDS) == (
        "acme.co.uk",
        "acme.com",
        "acme.dev",
    )
    assert vendor_domains(None, CLOUDS) == ()
    assert own_hosts(controls()) == ("api.acme.com", "edge.acme.com")
    assert declared_hosts(answers(), controls()) == ("*.edge.acme.com", "api.acme.com", "github.com")


def test_without_files_nothing_is_claimed() -> None:
    assert claims_about(None, None, {}) == ()
    assert declared_hosts(None, None) == ()


def test_answers_about_several_versions_are_about_each() -> None:
    product = {**ANSWERS["product"], "version": "CLI 1.0.102; extension 0.30.1"}
    stated = answers(product=product)
    assert not is_about_another(stated, "1.0.102")
    assert not is_about_another(stated, "0.30.1")
    assert is_about_another(stated, "1.0.103")
    assert not is_about_another(answers(product={**product, "version": "current"}), "1.0.103")


def test_the_shipped_answers_name_what_can_be_looked_for() -> None:
    inputs = load_inputs(SHIPPED)
    known = set(inputs.questionnaire.by_id)
    for product in inputs.answers:
        about = statements_of(inputs, product)
        found = claims_about(about.answers, about.controls, about.questions_of or {})
        assert found, product
        assert {question for claim in found for question in claim.questions} <= known
        assert max(len(claim.literal) for claim in found) <= 120
    assert "DISABLE_TELEMETRY" in [
        claim.literal for claim in claims_about(None, inputs.controls["claude-code"], {})
    ]
