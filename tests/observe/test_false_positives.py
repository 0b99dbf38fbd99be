"""What real releases hold and what must not be taken for a sign of anything, each as it was met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.observe.judging import Case, judged
from evalkit.observe.rules import shipped_rules
from tests.observe.made import ACME, elf, found_by, looked, macho, noise, portable, program

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.model.observation import Observation
    from evalkit.observe.looking import Request

BUN_MARK = b"\n---- Bun! ----\n"


def hosts_of(count: int) -> str:
    return " ".join(f'"https://ads{number}.tracker{number}.example/x"' for number in range(count))


def judging(members: dict[str, str | bytes], request: Request = ACME) -> dict[str, str]:
    """What is found in the program, by rule, beside facts about the package."""
    return {
        sighting.key.partition(" ")[0]: sighting.text
        for sighting in looked(members, request=request).sightings
        if sighting.in_program and not sighting.key.startswith("PKG-")
    }


@pytest.mark.parametrize(
    ("made", "code", "bundle"),
    [
        (elf, ".text", ".bun"),
        (macho, "__TEXT,__text", "__BUN,__bun"),
        (macho, "__TEXT,__text", "NODE_SEA,__NODE_SEA_BLOB"),
        (portable, ".text", ".bun"),
    ],
    ids=["linux", "macos", "macos-node", "windows"],
)
def test_words_of_a_runtime_are_no_hosts_of_the_product(
    made: Callable[..., bytes], code: str, bundle: str
) -> None:
    runtime = b'"https://api.segment.io" HTTPS_PROXY https://www.hortcut descriptionrelatively ' + bytes(3000)
    script = b'var name="acme-agent"; fetch("https://us.i.posthog.com")' + BUN_MARK
    found = looked({**program(""), "package/bin": made((code, runtime), (bundle, script), ("rest", runtime))})
    assert [it.text for it in found.sightings if not it.key.startswith("PKG-")] == ["us.i.posthog.com"]
    assert found.coverage.regions["runtime"] > 2 * len(runtime)


@pytest.mark.parametrize("names", [True, False], ids=["named", "nameless"])
def test_the_script_in_a_runtime_is_the_program_also_where_sections_have_no_names(*, names: bool) -> None:
    script = b'var name="acme-agent"; fetch("https://us.i.posthog.com")' + BUN_MARK
    binary = elf((".text", b'"https://api.segment.io"'), (".bun", script), names=names)
    assert found_by("NET-INGEST", {"package/bin": binary}) == ["us.i.posthog.com"]


def test_the_note_in_which_node_holds_a_script_is_the_program() -> None:
    script = b" \xda\x43\x01" + b'var name="acme-agent"; fetch("https://us.i.posthog.com")'
    note = len(script).to_bytes(4, "little")
    blob = b"\x0e\0\0\0" + note + b"\0\0\0\0" + b"NODE_SEA_BLOB\0\0\0" + script
    binary = elf((".text", b'"https://api.segment.io"' + bytes(3000)), (".rest", blob))
    assert found_by("NET-INGEST", {"package/bin": binary}) == ["us.i.posthog.com"]


@pytest.mark.parametrize(
    "text",
    [
        "var scrollbar = 1; e.scrollbars",
        "e.statSig = 5; sentry_core::hub; growthbook; launchdarkly; rollbar",
        "ATTR_TELEMETRY SEMRESATTRS_TELEMETRY TMP_TELEMETRY",
        "updates.map(a); updates.name; downloads.push(b); telemetry.enabled; otel.trace",
        '"sdk-abcdefghijklmnopqrstuvwxyz0123"',
        "-----BEGIN PRIVATE KEY----- -----BEGIN RSA PRIVATE KEY-----",
        'clientSecret = "GOCSPX-abcdefghijklmnopqrstuvwxyz01"',
        "bun install bun-examples; curl -fsSL https://bun.example/install | bash",
        'minimumVersion: 1, "disableBypassPermissionsMode", "/etc/claude-code", "~/.claude", "~/.codex"',
        '"--dangerously-skip-permissions" "--yolo" cleanupPeriodDays usageStatisticsEnabled',
        'r="AAAAiAELQCcASEGIAQoAAKIASAEKAKMAUEBQQIQAAAA"',
    ],
    ids=[
        "scrollbar",
        "words",
        "opentelemetry",
        "properties",
        "build-ids",
        "key-headers",
        "public-secret",
        "runtime",
        "other-vendors-settings",
        "other-vendors-options",
        "base64",
    ],
)
def test_what_only_looks_like_a_sign_is_none(text: str) -> None:
    assert judging(program(text)) == {}


def test_a_table_of_other_peoples_hosts_names_no_host_of_the_product() -> None:
    table = f'{hosts_of(100)} "https://api.segment.io" "https://notify.bugsnag.com" '
    members = program("", **{"package/audit.js": table})
    assert found_by("NET-INGEST", members) == []
    (sighting,) = [it for it in looked(members).sightings if it.text == "api.segment.io"]
    assert sighting.counted == {"catalogue": 1}


def test_a_few_hosts_together_are_no_table() -> None:
    assert found_by("NET-INGEST", program(f'{hosts_of(20)} "https://api.segment.io"')) == ["api.segment.io"]


def test_a_list_of_hosts_to_allow_sets_up_no_service() -> None:
    allowed = f'{hosts_of(45)} "*.gvt1.com" "o1158394.ingest.us.sentry.io" "browser-intake-datadoghq.com" '
    release = judgements(program(allowed))
    assert {it.value.text: (it.relation, it.strength) for it in release if it.rule.id == "NET-INGEST"} == {
        "o1158394.ingest.us.sentry.io": ("informs", "present"),
        "browser-intake-datadoghq.com": ("informs", "present"),
    }


def test_a_catalogue_of_models_only_informs() -> None:
    catalogue = '"https://api.anthropic.com/v1" "https://api.openai.com/v1" "https://openrouter.ai/api"'
    assert {(it.rule.id, it.relation) for it in judgements(program(catalogue))} == {
        ("RTE-PROVIDER", "informs")
    }


def judgements(members: dict[str, str | bytes]) -> list[Observation]:
    """What a program's text comes to, beside facts about the package and what is missing."""
    case = Case(
        product="acme",
        subject="a",
        looked=looked(members),
        claims=ACME.claims,
        answers=None,
        declared=(),
        domains=("acme.com",),
        found_beside=frozenset(),
        is_stale=False,
        is_excused=False,
        questions=None,
    )
    found = judged(case, shipped_rules())
    return [it for it in found if it.strength != "not_found" and not it.rule.id.startswith("PKG-")]


def with_tables(count: int) -> str:
    """A script of 10 MB with so many tables of hosts in it, and one host far from them."""
    table = hosts_of(100) + "x" * (200 << 10)
    return table * count + "x" * ((10 << 20) - count * len(table)) + ' "https://us.i.posthog.com" '


@pytest.mark.parametrize(("tables", "found"), [(3, ["us.i.posthog.com"]), (20, [])])
def test_a_program_with_a_few_tables_is_one_and_a_file_full_of_them_is_none(
    tables: int, found: list[str]
) -> None:
    members = program("", **{"package/dist/index.js": with_tables(tables)})
    assert found_by("NET-INGEST", members) == found


def test_strings_without_ends_give_no_host_with_a_wrong_end() -> None:
    rust = b'https://api.acme.comhttps://docs.rs/x/config.toml/etc/acme-agent/policy.toml "https://beacon.acme.com/x"'
    members = {"package/tool": elf((".rodata", rust + b"acme-agent"))}
    assert found_by("NET-VENDOR-UNDECLARED", members) == []
    assert found_by("CLAIM-HOST", members) == ["api.acme.com"]
    assert found_by("CLAIM-PATH", members) == ["/etc/acme-agent"]


def test_a_picture_is_not_called_packed() -> None:
    found = looked(program("x" * 5000, **{"package/big.gif": b"GIF89a" + noise(400_000)}))
    assert found.opaque_share == 0
    assert found.coverage.level == "full"


def test_documents_and_tests_are_mentions() -> None:
    members = program(
        "", **{"package/README.md": "ACME_NO_TELEMETRY", "package/a.test.js": "ACME_NO_TELEMETRY"}
    )
    assert found_by("CLAIM-LITERAL", members) == []
    (sighting,) = [it for it in looked(members).sightings if it.key.startswith("CLAIM-LITERAL")]
    assert sighting.counted == {"doc": 1, "test": 1}


def test_a_literal_within_another_is_found_beside_it() -> None:
    claims = tuple(
        ACME.claims[1].model_copy(update={"literal": host}) for host in ("acme.com", "api.acme.com")
    )
    request = ACME.model_copy(update={"claims": claims})
    text = '"https://api.acme.com" "https://acme.com"'
    assert found_by("CLAIM-HOST", program(text), request=request) == ["acme.com", "api.acme.com"]
    assert found_by("CLAIM-HOST", program('"https://api.acme.com"'), request=request) == ["api.acme.com"]


def test_ingest_hosts_are_all_found_where_one_stands_in_another() -> None:
    text = '"o1.ingest.sentry.io" "o2.ingest.us.sentry.io" "o3.ingest.de.sentry.io"'
    assert found_by("NET-INGEST", program(text)) == [
        "o1.ingest.sentry.io",
        "o2.ingest.us.sentry.io",
        "o3.ingest.de.sentry.io",
    ]


@pytest.mark.parametrize("made_up", ["ACME_QUIET_MODE", "acmeForbidUploads", "acme-offline-only"])
def test_a_control_that_somebody_made_up_is_in_no_program(made_up: str) -> None:
    claim = ACME.claims[0].model_copy(update={"literal": made_up})
    members = program("ACME_QUIET_MODES acmeForbidUploadsNow acme_offline_only ACME_NO_TELEMETRY")
    assert found_by("CLAIM-LITERAL", members, request=ACME.model_copy(update={"claims": (claim,)})) == []


def test_a_match_on_the_edge_of_two_windows_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evalkit.observe.scanning.WINDOW", 50_000)
    for at in range(49_960, 50_030, 3):
        text = "x" * at + ' "api.segment.io" ' + "y" * 60_000
        sightings = [it for it in looked({"package/a.js": text}).sightings if it.text == "api.segment.io"]
        assert [it.occurrences for it in sightings] == [1]
        assert sightings[0].locators[0].offset == at + 2
