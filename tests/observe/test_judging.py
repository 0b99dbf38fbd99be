"""How far each thing that was seen goes, and what it does to an answer."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.model.answers import ProductAnswers
from evalkit.model.controls import ControlFile
from evalkit.model.observation import MAY_CONTRADICT
from evalkit.observe import inspecting
from evalkit.observe.inspecting import Statements, inspect
from evalkit.observe.looking import look_into
from evalkit.observe.rules import shipped_rules
from tests.observe.made import PACKAGE, elf, noise, npm, program, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.observation import Observation
    from evalkit.observe.inspecting import Release
    from evalkit.observe.limits import Limits
    from evalkit.observe.looking import Request

DAY = date(2026, 11, 22)

ANSWERS: dict[str, Any] = {
    "format": "evalkit/answers/1",
    "questionnaire": "coding-agent@1.0.0",
    "product": {"id": "acme", "name": "Acme", "vendor": "Acme", "version": "1.0.0", "licence": "closed"},
    "prepared": {"by": "us", "on": "2026-11-22", "basis": "a test"},
    "deployments": [
        {"id": "direct", "name": "A", "route": "vendor_direct", "surface": "cli", "plan": "team"},
        {"id": "cloud", "name": "B", "route": "aws_bedrock", "surface": "cli", "plan": "team"},
    ],
    "answers": {
        "NET-01": {"value": {"documented": ["api.acme.com", "github.com"], "purposes_given": True}},
        "VER-04": {"value": 1},
        "VER-05": {"value": 4, "deployments": {"cloud": {"value": 2}}},
    },
}
CONTROLS: dict[str, Any] = {
    "format": "evalkit/controls/1",
    "product": "acme",
    "name": "Acme",
    "vendor": "Acme",
    "as_of": "2026-11-22",
    "version_looked_at": {"cli": "1.0.0"},
    "policy_locations": {"linux": "/etc/acme-agent"},
    "precedence": "a",
    "disclaimer": "b",
    "surfaces": ["cli"],
    "routes": ["vendor_direct"],
    "files": {
        "policy": {
            "mechanism": "managed-settings",
            "format": "json",
            "owner": "admin",
            "path": {"linux": "/etc/acme-agent/policy.json", "macos": "/Library/Acme/acme-policy.json"},
        }
    },
    "controls": [
        {
            "id": "AC-TEL-01",
            "title": "Off",
            "conditions": ["telemetry-off"],
            "generate": "default",
            "targets": [
                {"mechanism": "env-var", "name": "ACME_NO_TELEMETRY"},
                {
                    "mechanism": "managed-settings",
                    "file": "policy",
                    "key": ["privacy", "usageReportsEnabled"],
                },
                {"mechanism": "managed-settings", "file": "policy", "key": ["telemetry", "enabled"]},
            ],
            "set_by": ["admin"],
            "user_can_override": "no",
            "effect": "none",
            "side_effects": "",
            "since": "1.0.0",
            "deployments": {},
            "evidence": "documented",
            "sources": [],
        }
    ],
    "endpoints": [
        {
            "hosts": ["api.acme.com", "*.edge.acme.com"],
            "purpose": ["inference"],
            "required": {"vendor_direct": "required"},
            "shared_host": False,
            "evidence": "documented",
            "sources": [],
        },
        {
            "hosts": ["github.com"],
            "purpose": ["update"],
            "required": {"vendor_direct": "optional"},
            "shared_host": True,
            "evidence": "documented",
            "sources": [],
        },
    ],
}
ABOUT = Statements(
    ProductAnswers.model_validate(ANSWERS),
    ControlFile.model_validate(CONTROLS),
    {"telemetry-off": ("NET-05",)},
    None,
)
CODE = 'fetch("https://api.acme.com/v1"); if (env.ACME_NO_TELEMETRY) stop(); '


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each artefact takes a second; what it does is tested by itself."""

    def here(path: Path, request: Request, limits: Limits) -> object:
        return look_into(path, request, limits)

    monkeypatch.setattr(inspecting, "look_apart", here)


def inspected(*paths: Path, about: Statements = ABOUT, version: str = "1.0.0") -> Release:
    return inspect(paths, "acme", version, about, on=DAY)


def by_rule(release: Release, rule_id: str) -> list[Observation]:
    return [
        observation
        for part in release.parts
        for observation in part.observations
        if observation.rule.id == rule_id
    ]


def by_value(release: Release, text: str) -> Observation:
    (found,) = [it for part in release.parts for it in part.observations if it.value.text == text]
    return found


def wheel_record(digest: str) -> dict[str, str | bytes]:
    return {
        "acme_agent-1.0.0.dist-info/METADATA": "Name: acme-agent\nVersion: 1.0.0\n",
        "acme_agent-1.0.0.dist-info/RECORD": f"acme/cli.py,sha256={digest},1\n",
        "acme/cli.py": "x",
        "acme/api.py": 'URL = "https://api.acme.com"',
    }


def test_what_a_control_names_and_the_program_knows_supports_the_answer(tmp_path: Path) -> None:
    release = inspected(npm(tmp_path / "a.tgz", program(CODE)))
    found = by_value(release, "ACME_NO_TELEMETRY")
    assert (found.relation, found.strength, found.questions) == ("supports", "present", ("NET-05",))
    assert found.claim is not None
    assert found.claim.answer == "controls/acme.yaml AC-TEL-01"
    assert found.locators[0].member == "package/cli.js"
    assert release.is_checked_in_full


def test_what_a_control_names_and_the_program_does_not_know_informs_only(tmp_path: Path) -> None:
    found = by_value(inspected(npm(tmp_path / "a.tgz", program(CODE))), "usageReportsEnabled")
    assert (found.relation, found.strength) == ("informs", "not_found")


def test_a_pattern_of_hosts_is_told_as_the_list_has_it(tmp_path: Path) -> None:
    release = inspected(npm(tmp_path / "a.tgz", program(CODE + "u = `${region}.edge.acme.com`")))
    found = by_value(release, "*.edge.acme.com")
    assert (found.rule.id, found.relation, found.strength) == ("CLAIM-HOST", "supports", "present")
    missing = by_value(inspected(npm(tmp_path / "b.tgz", program(CODE))), "*.edge.acme.com")
    assert missing.strength == "not_found"


def test_a_word_that_any_program_may_hold_is_not_looked_for(tmp_path: Path) -> None:
    release = inspected(npm(tmp_path / "a.tgz", program(f"{CODE} telemetry.enabled; github.com")))
    values = {it.value.text for part in release.parts for it in part.observations}
    assert values & {"enabled", "telemetry", "github.com"} == set()


def test_what_only_documents_name_is_a_mention(tmp_path: Path) -> None:
    members = program('fetch("https://api.acme.com")', **{"package/README.md": "Set ACME_NO_TELEMETRY."})
    found = by_value(inspected(npm(tmp_path / "a.tgz", members)), "ACME_NO_TELEMETRY")
    assert (found.relation, found.strength) == ("informs", "mention")
    assert found.told == "Only text beside the program names ACME_NO_TELEMETRY."


def test_a_host_beside_its_key_is_configured_and_one_elsewhere_is_present(tmp_path: Path) -> None:
    key = "phc_a8Kd03mfLq7Zx1Vb5Nc9Rt2Wy4Ue6Io0PsDfGh"
    beside = f'init("{key}", "https://us.i.posthog.com")'
    far = "x" * 40_000 + '"https://eu.i.posthog.com"'
    release = inspected(npm(tmp_path / "a.tgz", program(CODE + beside + far)))
    assert by_value(release, "us.i.posthog.com").strength == "configured"
    assert by_value(release, "eu.i.posthog.com").strength == "present"
    (found,) = by_rule(release, "TEL-KEY-POSTHOG")
    assert (found.relation, found.strength, found.value.text) == ("informs", "configured", "")
    assert key not in repr(release)


def test_a_host_that_no_list_names_is_told_of_as_that(tmp_path: Path) -> None:
    release = inspected(
        npm(tmp_path / "a.tgz", program(CODE + '"https://beacon.acme.com" "https://api.segment.io"'))
    )
    assert by_value(release, "api.segment.io").told.endswith("; no list about the product names it.")
    assert [it.value.text for it in by_rule(release, "NET-VENDOR-UNDECLARED")] == ["beacon.acme.com"]


@pytest.mark.parametrize("given", ["random", "anchorless", "damaged"])
def test_a_program_that_cannot_be_read_is_a_gap_and_never_not_found(tmp_path: Path, given: str) -> None:
    fuse = b"NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1"
    cases: dict[str, dict[str, str | bytes]] = {
        "random": program(CODE, **{"package/agent": elf((".text", fuse + noise(600_000)))}),
        "anchorless": {"package/package.json": json.dumps(PACKAGE), "package/cli.js": "eval(unpack(1))"},
        "damaged": program(CODE, **{"package/z": noise(300_000)}),
    }
    path = npm(tmp_path / "a.tgz", cases[given])
    if given == "damaged":
        path.write_bytes(path.read_bytes()[:150_000])
    release = inspected(path)
    strengths = {it.strength for part in release.parts for it in part.observations}
    assert "not_found" not in strengths
    assert not release.is_checked_in_full
    checkable = {
        it.rule.id for part in release.parts for it in part.observations if it.strength != "not_checkable"
    }
    gaps = {
        it.rule.id for part in release.parts for it in part.observations if it.strength == "not_checkable"
    }
    looking = {rule.id for rule in shipped_rules().rules if rule.looks_into_the_program or rule.absent}
    owned = {
        rule.id
        for rule in shipped_rules().rules
        if rule.match.literals and not rule.match.literals.any and "acme" not in rule.match.literals.owned
    }
    assert looking - owned <= checkable | gaps
    assert len(gaps) > 20


@pytest.mark.parametrize(("number", "level"), [(500, "full"), (501, "partial")])
def test_more_values_than_are_kept_make_the_looking_partial(tmp_path: Path, number: int, level: str) -> None:
    declared = 1  # api.acme.com, of which nothing has to be told
    hosts = [f'"https://h{each:03}.acme.com"{" " * 3000}' for each in range(number - declared)]
    release = inspected(npm(tmp_path / "a.tgz", program(CODE + "".join(hosts))))
    (part,) = release.parts
    assert part.artefact.coverage.level == level
    assert part.artefact.coverage.limits_hit == (
        () if level == "full" else ("more than 500 values of NET-VENDOR-UNDECLARED",)
    )
    found = by_rule(release, "NET-VENDOR-UNDECLARED")
    assert len(found) == 499
    assert any("There are more" in caveat for it in found for caveat in it.caveats) == (level == "partial")


def test_a_wrapper_is_excused_by_the_package_that_holds_the_program(tmp_path: Path) -> None:
    wrapper: dict[str, str | bytes] = {
        "package/package.json": json.dumps(
            {**PACKAGE, "optionalDependencies": {"@acme/agent-linux-x64": "1.0.0"}}
        ),
        "package/cli.js": "spawn(1); // ACME_NO_TELEMETRY",
    }
    platform: dict[str, str | bytes] = {
        "package/package.json": json.dumps({"name": "@acme/agent-linux-x64", "version": "1.0.0"}),
        "package/agent": elf((".rodata", b"acme-agent \0https://api.acme.com\0" + bytes(300_000))),
    }
    given = npm(tmp_path / "w.tgz", wrapper), npm(tmp_path / "p.tgz", platform)
    alone, both = inspected(given[0]), inspected(*given)
    assert not alone.is_checked_in_full
    assert alone.notes == (
        "the program is in packages of their own that were not given: @acme/agent-linux-x64",
    )
    assert both.is_checked_in_full
    assert both.notes == ()
    assert {part.artefact.release_set for part in both.parts} == {"acme 1.0.0"}
    strengths = [
        it.strength for part in both.parts for it in part.observations if it.value.text == "ACME_NO_TELEMETRY"
    ]
    assert strengths == ["present"]
    assert [it.strength for it in both.parts[0].observations if it.strength == "not_checkable"] == []


def test_a_release_that_fetches_its_program_contradicts_only_packaged_code_runs(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "package/package.json": json.dumps({**PACKAGE, "scripts": {"postinstall": "node install.js"}}),
        "package/install.js": 'require("https").get(url)',
    }
    release = inspected(npm(tmp_path / "a.tgz", members))
    (found,) = by_rule(release, "PKG-SCRIPT-NET")
    assert (found.relation, found.strength, found.deployments) == ("contradicts", "configured", ("direct",))
    assert found.claim is not None
    assert found.claim.answer == "answers/acme.yaml VER-05"
    assert release.contradictions == (found,)


def test_the_same_with_the_program_inside_informs_only(tmp_path: Path) -> None:
    members = program(CODE + "x" * 400_000)
    members["package/package.json"] = json.dumps({**PACKAGE, "scripts": {"postinstall": "node cli.js"}})
    members["package/cli.js"] = b"fetch(1); /* acme-agent */" + bytes(members["package/cli.js"])  # type: ignore[arg-type]
    release = inspected(npm(tmp_path / "a.tgz", members))
    assert [it.relation for it in by_rule(release, "PKG-SCRIPT-NET")] == ["informs"]


def test_a_copy_that_differs_from_its_own_digests_contradicts(tmp_path: Path) -> None:
    broken = inspected(zipped(tmp_path / "a.whl", wheel_record("AAAA")))
    assert [it.relation for it in by_rule(broken, "PKG-INTEGRITY")] == ["contradicts"]
    kept = inspected(zipped(tmp_path / "b.whl", wheel_record("LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE")))
    assert [it.relation for it in by_rule(kept, "PKG-INTEGRITY-KEPT")] == ["supports"]
    assert kept.contradictions == ()


@pytest.mark.parametrize(("inside", "asked"), [("2.0.0", "1.0.0"), ("2.0.0", "2.0.0")])
def test_another_version_than_the_answers_is_stale_and_judges_nothing(
    tmp_path: Path, inside: str, asked: str
) -> None:
    members = program(CODE)
    members["package/package.json"] = json.dumps({**PACKAGE, "version": inside})
    release = inspected(npm(tmp_path / "a.tgz", members), version=asked)
    assert {(it.relation, it.stale) for part in release.parts for it in part.observations} == {
        ("informs", True)
    }
    assert any("nothing" in note for note in release.notes)


def test_the_same_artefact_gives_the_same_records_and_another_order_the_same_ids(tmp_path: Path) -> None:
    from evalkit.files.observations import text_of  # noqa: PLC0415 - only here

    members = program(CODE, **{"package/b.js": CODE, "package/README.md": CODE})
    first, again = (inspected(npm(tmp_path / name, members)).parts[0] for name in ("a.tgz", "a.tgz"))
    assert text_of(first.artefact, first.observations) == text_of(again.artefact, again.observations)
    turned = inspected(npm(tmp_path / "b.tgz", dict(reversed(members.items())))).parts[0]
    assert [it.model_dump() for it in turned.observations] == [it.model_dump() for it in first.observations]


def test_every_observation_keeps_within_what_its_strength_may_do(tmp_path: Path) -> None:
    release = inspected(
        npm(tmp_path / "a.tgz", program(CODE)), zipped(tmp_path / "a.whl", wheel_record("AAAA"))
    )
    for part in release.parts:
        for found in part.observations:
            if found.relation == "contradicts":
                assert found.claim is not None
                assert found.strength in MAY_CONTRADICT[found.claim.type]
            if found.strength in ("mention", "not_found", "not_checkable"):
                assert found.relation == "informs"


def test_without_an_evaluation_nothing_is_held_against_an_answer(tmp_path: Path) -> None:
    release = inspected(npm(tmp_path / "a.tgz", program(CODE)), about=Statements())
    assert {it.relation for part in release.parts for it in part.observations} == {"informs"}
    assert release.is_checked_in_full


def test_questions_that_a_questionnaire_does_not_have_are_left_out(tmp_path: Path) -> None:
    about = Statements(ABOUT.answers, ABOUT.controls, ABOUT.questions_of, frozenset({"NET-01"}))
    release = inspected(npm(tmp_path / "a.tgz", program(CODE)), about=about)
    assert {question for part in release.parts for it in part.observations for question in it.questions} == {
        "NET-01"
    }


def test_public_source_is_told_from_a_licence_and_a_repository(tmp_path: Path) -> None:
    facts = {"license": "Apache-2.0", "repository": {"url": "git+https://github.com/acme/agent.git"}}
    for package, expected in (
        ({**PACKAGE, **facts}, True),
        ({**PACKAGE, **facts, "license": "UNLICENSED"}, False),
    ):
        members = program(CODE, **{"package/package.json": json.dumps(package)})
        assert inspected(npm(tmp_path / "a.tgz", members)).parts[0].artefact.source_public is expected


def test_a_path_of_another_system_is_not_missed(tmp_path: Path) -> None:
    package = json.dumps({**PACKAGE, "os": ["linux"], "cpu": ["x64"]})
    release = inspected(npm(tmp_path / "a.tgz", program(CODE, **{"package/package.json": package})))
    assert [it.value.text for it in by_rule(release, "CLAIM-PATH")] == ["/etc/acme-agent"]


def test_the_id_of_a_record_says_what_it_is_about_once(tmp_path: Path) -> None:
    package = json.dumps(
        {"name": "@acme/agent-linux-x64", "version": "1.0.0", "os": ["linux"], "cpu": ["x64"]}
    )
    path = npm(tmp_path / "a.tgz", program(CODE, **{"package/package.json": package}))
    assert inspected(path).parts[0].artefact.id.startswith("acme-agent-linux-x64-1-0-0-")
    nameless = npm(tmp_path / "Some File.tgz", {"package/cli.js": CODE})
    assert inspected(nameless).parts[0].artefact.id.startswith("some-file-")
