from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.hardening.folder import write_folder
from evalkit.hardening.verifying import is_finding, load_baseline, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evalkit.hardening.making import Made

BEDROCK = "bedrock-runtime.eu-central-1.amazonaws.com"
OPTIONS = [
    *("claude-code/bedrock", "codex-cli/bedrock", "gemini-cli/vertex", "aider/bedrock"),
    *("amazon-q/kiro-cli", "opencode/bedrock", "cline/ide-bedrock"),
]


@pytest.fixture(scope="module")
def claude(baseline: Callable[..., Made], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("claude") / "out"
    write_folder(folder, baseline("claude-code/bedrock").files)
    return folder


@pytest.fixture(scope="module")
def opencode(baseline: Callable[..., Made], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opencode") / "out"
    write_folder(folder, baseline("opencode/bedrock").files)
    return folder


def differences(folder: Path, *against: str | Path) -> list[tuple[str, str, tuple[str, ...]]]:
    found = verify(load_baseline(folder), [str(it) for it in against])
    return [(it.outcome, it.what, it.controls) for it in found]


@pytest.mark.parametrize("option", OPTIONS)
def test_what_was_written_is_what_was_wanted(
    option: str, baseline: Callable[..., Made], tmp_path: Path
) -> None:
    write_folder(tmp_path / "out", baseline(option).files)
    written = json.loads((tmp_path / "out" / "baseline.json").read_text(encoding="utf-8"))
    files = [f"{it['path']}={tmp_path / 'out' / it['path']}" for it in written["settings"]]
    files += [
        f"{system}={tmp_path / 'out' / system / name}"
        for system in ("linux", "macos")
        for name in ("environment.env", "environment.sh")
        if written["variables"].get(system) and (name.endswith("sh") or option != "opencode/bedrock")
    ]
    assert differences(tmp_path / "out", *files) == []


def test_missing_weaker_and_extra_are_told_with_their_controls(claude: Path, tmp_path: Path) -> None:
    settings = json.loads(
        (claude / "linux/managed-settings/managed-settings.json").read_text(encoding="utf-8")
    )
    del settings["env"]["DISABLE_TELEMETRY"]
    settings["cleanupPeriodDays"] = 30
    settings["disableRemoteControl"] = 1
    settings["permissions"]["ask"] = ["Bash", "Edit"]
    settings["permissions"]["allow"] = ["Bash(*)"]
    deployed = tmp_path / "managed-settings.json"
    deployed.write_text(json.dumps(settings), encoding="utf-8")
    found = differences(claude, f"linux/managed-settings={deployed}")
    assert found == [
        ("missing", "env.DISABLE_TELEMETRY", ("CC-TEL-01",)),
        ("missing", "item of permissions.ask", ("CC-APP-04",)),
        ("missing", "item of permissions.ask", ("CC-APP-04",)),
        ("missing", "item of permissions.ask", ("CC-APP-04",)),
        ("extra", "item of permissions.ask", ("CC-APP-04",)),
        ("weaker", "cleanupPeriodDays", ("CC-RET-01",)),
        ("weaker", "disableRemoteControl", ("CC-REM-01",)),
        ("extra", "permissions.allow", ()),
    ]


def test_a_profile_is_compared_as_the_file_it_carries(claude: Path) -> None:
    profile = claude / "macos/managed-settings/managed-settings.mobileconfig"
    assert differences(claude, f"macos/managed-settings={profile}") == []


def test_a_variable_that_should_be_unset_is_weaker_where_it_is_set(opencode: Path, tmp_path: Path) -> None:
    wanted = (opencode / "linux/environment.sh").read_text(encoding="utf-8")
    deployed = tmp_path / "login.sh"
    deployed.write_text(
        wanted.replace("unset OPENCODE_PERMISSION", 'export OPENCODE_PERMISSION=\'{"*":"allow"}\'')
    )
    assert differences(opencode, f"linux={deployed}") == [
        ("weaker", "variable OPENCODE_PERMISSION", ("OC-APP-04",))
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("seen.txt", f"api.anthropic.com\n{BEDROCK}:443 10\nevil.example.net\n"),
        ("seen.csv", f"time,host\n1,api.anthropic.com\n2,{BEDROCK.upper()}\n3,evil.example.net\n"),
        (
            "seen.har",
            json.dumps(
                {
                    "log": {
                        "entries": [
                            {"request": {"url": f"https://{host}/x"}}
                            for host in (
                                "evil.example.net",
                                "api.anthropic.com",
                                BEDROCK,
                            )
                        ]
                    }
                }
            ),
        ),
    ],
)  # fmt: skip
def test_a_contact_with_a_denied_host_names_what_would_silence_it(
    name: str, text: str, claude: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = verify(load_baseline(claude), [str(tmp_path / name)])
    assert [(it.outcome, it.what, it.controls) for it in found] == [
        ("weaker", "host api.anthropic.com", ("CC-ROU-01", "CC-NET-01", "CC-TEL-02")),
        ("extra", "host evil.example.net", ()),
    ]
    assert all(map(is_finding, found))


def test_the_closest_pattern_decides_on_a_host(baseline: Callable[..., Made], tmp_path: Path) -> None:
    write_folder(tmp_path / "out", baseline("github-copilot/cli-enterprise").files)
    hosts = ("a.githubcopilot.com", "a.individual.githubcopilot.com", "collector.github.com", "a.github.com")
    (tmp_path / "seen.txt").write_text("\n".join(hosts))
    assert [it[:2] for it in differences(tmp_path / "out", tmp_path / "seen.txt")] == [
        ("weaker", "host a.individual.githubcopilot.com"),
        ("weaker", "host collector.github.com"),
    ]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.json", b"{"),
        ("a.json", b"[" * 200_000),
        ("a.json", b"\xff\xfe\x00"),
        ("a.toml", b"a = "),
        ("a.yaml", b"a: &x 1\nb: *x\n"),
        (
            "a.plist",
            b'<!DOCTYPE p [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><plist><string>&b;</string></plist>',
        ),
        ("a.plist", b"nothing"),
        ("a.mobileconfig", b"<plist><dict><key>PayloadContent</key><array/></dict></plist>"),
        ("a.har", b'{"log": {"entries": [{"request": {}}]}}'),
        ("a.har", b"[]"),
        ("a.csv", b"name\nx\n"),
        ("a.txt", b"$(id)\n"),
        ("a.sh", b"export A='\n"),
        ("a.exe", b""),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_else_happens(
    name: str, raw: bytes, claude: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(EvalkitError, match=name):
        verify(load_baseline(claude), [str(tmp_path / name)])


def test_what_a_file_is_meant_to_be_is_asked_where_names_do_not_tell(claude: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{}")
    with pytest.raises(EvalkitError, match="say what it is, as linux/managed-settings="):
        verify(load_baseline(claude), [str(tmp_path / "settings.json")])
    with pytest.raises(EvalkitError, match="there is no such file"):
        verify(load_baseline(claude), [str(tmp_path / "gone.json")])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "evalkit/baseline/9"}', '{"format": "evalkit/baseline/1"}']
)
def test_a_baseline_that_evalkit_did_not_write_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match=r"has no baseline\.json"):
        load_baseline(tmp_path)
    (tmp_path / "baseline.json").write_text(text)
    with pytest.raises(EvalkitError, match=r"baseline\.json"):
        load_baseline(tmp_path)
