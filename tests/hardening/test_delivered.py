"""What device management delivered, against the baseline: profiles, preferences, registry, scripts."""

from __future__ import annotations

import base64
import json
import plistlib
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit

from evalkit.errors import EvalkitError
from evalkit.hardening.folder import write_folder
from evalkit.hardening.verifying import load_baseline, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evalkit.hardening.making import Made

OPTIONS = (
    *("claude-code/bedrock", "codex-cli/direct", "github-copilot/ide-enterprise", "cursor/ide-enterprise"),
    *("opencode/bedrock", "cline/ide-bedrock", "gemini-cli/vertex", "aider/bedrock"),
)
Differences = list[tuple[str, str]]


@pytest.fixture(scope="module")
def folders(baseline: Callable[..., Made], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def folder(option: str) -> Path:
        if option not in made:
            made[option] = tmp_path_factory.mktemp("baseline") / "out"
            write_folder(made[option], baseline(option).files)
        return made[option]

    return folder


def differences(folder: Path, against: str | Path) -> Differences:
    return [(it.outcome, it.what) for it in verify(load_baseline(folder), [str(against)])]


@pytest.mark.parametrize("option", OPTIONS)
def test_each_form_that_was_written_is_what_was_wanted(option: str, folders: Callable[[str], Path]) -> None:
    folder = folders(option)
    seen = set()
    for file in load_baseline(folder).files:
        for path in (folder / file.path).parent.iterdir():
            if not path.name.endswith(".about.txt"):
                seen.add(path.suffix)
                assert differences(folder, f"{file.system}/{file.key}={path}") == [], path
    for path in folder.glob("*/environment.*"):
        seen.add(path.suffix)
        assert differences(folder, f"{path.parent.name}={path}") == [], path
    assert seen, option


@pytest.mark.parametrize("option", OPTIONS)
def test_the_page_says_a_command_for_each_form_and_each_names_what_the_baseline_has(
    option: str, folders: Callable[[str], Path]
) -> None:
    folder = folders(option)
    made = load_baseline(folder)
    part = (folder / "README.md").read_text(encoding="utf-8").split("## Check what was deployed")[1]
    commands = re.findall(r"--against ([a-z]+(?:/[a-z-]+)?)=([^`]+)`", part.split("\n## ")[0])
    settings = {f"{it.system}/{it.key}" for it in made.files} - {"windows/mdm-policy"}  # of no known place
    assert {name for name, _ in commands} == settings | {it for it, own in made.variables.items() if own}
    assert ("windows/mdm-policy: no place is documented" in part) is option.startswith("cursor/ide")
    managed = {f"{it.system}/{it.key}" for it in made.files if it.channel and it.channel.place}
    exported = {name for name, path in commands if path.endswith(".reg") and "/" in name}
    preferences = {name for name, path in commands if "/Library/Managed Preferences/" in path}
    assert exported | preferences == managed


def profile(folder: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = plistlib.loads((folder / name).read_bytes())
    return content


def written(path: Path, content: Any, form: plistlib.PlistFormat = plistlib.FMT_XML) -> Path:  # noqa: ANN401 - any
    path.write_bytes(plistlib.dumps(content, fmt=form))
    return path


COPILOT = "macos/managed-settings/managed-settings.mobileconfig"


def test_texts_under_dotted_keys_are_compared_as_what_they_stand_for(
    folders: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = folders("github-copilot/ide-enterprise")
    deployed = profile(folder, COPILOT)
    keys = deployed["PayloadContent"][0]
    keys["allowedMcpServers"] = '[ {"serverUrl": "https://mcp.example.com/mcp"} ]'
    assert differences(folder, written(tmp_path / "a.mobileconfig", deployed)) == []
    keys["allowedMcpServers"] = "[]"
    keys["telemetry.enabled"] = True  # the client takes texts alone
    del keys["remoteControl.mode"]
    keys["permissions.extra"] = "x"
    assert differences(folder, written(tmp_path / "a.mobileconfig", deployed)) == [
        ("weaker", "allowedMcpServers"),
        ("missing", "remoteControl.mode"),
        ("weaker", "telemetry.enabled"),
        ("extra", "permissions.extra"),
    ]


def test_a_file_in_one_value_is_compared_key_by_key(folders: Callable[[str], Path], tmp_path: Path) -> None:
    folder = folders("codex-cli/direct")
    deployed = profile(folder, "macos/requirements/requirements.mobileconfig")
    keys = deployed["PayloadContent"][0]
    content = tomllib.loads(base64.b64decode(keys["requirements_toml_base64"]).decode())
    content["allowed_approval_policies"] = ["never"]
    keys["requirements_toml_base64"] = base64.b64encode(tomlkit.dumps(content).encode()).decode()
    keys["other"] = 1
    assert differences(folder, written(tmp_path / "a.mobileconfig", deployed)) == [
        ("weaker", "allowed_approval_policies"),
        ("extra", "value other"),
    ]


def test_two_files_of_one_domain_are_compared_from_one_profile_or_two(
    folders: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = folders("codex-cli/direct")
    both = profile(folder, "macos/requirements/requirements.mobileconfig")
    other = profile(folder, "macos/managed-config/managed-config.mobileconfig")
    assert both["PayloadIdentifier"] != other["PayloadIdentifier"], "one would take the other's place"
    assert differences(folder, folder / "macos/managed-config/managed-config.mobileconfig") == []
    both["PayloadContent"] += other["PayloadContent"]
    assert differences(folder, written(tmp_path / "a.mobileconfig", both)) == []
    both["PayloadContent"][1]["config_toml_base64"] = base64.b64encode(b"").decode()
    assert {it for it, _ in differences(folder, written(tmp_path / "a.mobileconfig", both))} == {"missing"}


def test_managed_preferences_are_read_as_the_system_keeps_them(
    folders: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = folders("claude-code/bedrock")
    deployed = profile(folder, "macos/managed-settings/managed-settings.mobileconfig")
    keys = {
        name: value for name, value in deployed["PayloadContent"][0].items() if not name.startswith("Payload")
    }
    own = tmp_path / "com.anthropic.claudecode.plist"
    assert differences(folder, written(own, keys, plistlib.FMT_BINARY)) == []
    forced = {"com.anthropic.claudecode": {"Forced": [{"mcx_preference_settings": keys}]}}
    payload = {"PayloadType": "com.apple.ManagedClient.preferences", "PayloadContent": forced}
    around = {"PayloadType": "Configuration", "PayloadContent": [payload]}
    assert differences(folder, written(tmp_path / "a.mobileconfig", around)) == []
    keys["disableAutoMode"] = "no"
    assert differences(folder, written(own, keys)) == [("weaker", "disableAutoMode")]
    own.rename(tmp_path / "x.plist")
    assert differences(folder, f"macos/managed-settings={tmp_path / 'x.plist'}") == [
        ("weaker", "disableAutoMode")
    ]
    with pytest.raises(EvalkitError, match=r"x\.plist: say what it is, as macos/managed-settings="):
        differences(folder, tmp_path / "x.plist")


def exported(folder: Path, name: str, change: Callable[[str], str], path: Path) -> Path:
    text = (folder / name).read_bytes().decode("utf-16")
    changed = change(text)
    assert changed != text
    path.write_bytes(b"\xff\xfe" + changed.encode("utf-16-le"))
    return path


def test_an_exported_registry_key_is_compared_value_by_value(
    folders: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = folders("github-copilot/ide-enterprise")
    name = "windows/vscode-policy/vscode-policy.reg"

    def other(text: str) -> str:
        text = text.replace(
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies", "HKEY_LOCAL_MACHINE\\Software\\policies"
        )
        text = text.replace('"EnableFeedback"=dword:00000000', '"enablefeedback"=dword:00000001')
        text = text.replace('"TelemetryLevel"="off"\r\n', '"New"=hex(7):61,00,00,00,00,00\r\n')
        return text.replace('{\\"runTask\\":false,', '{ \\"runTask\\" : false,')

    assert differences(folder, exported(folder, name, other, tmp_path / "a.reg")) == [
        ("missing", "TelemetryLevel"),
        ("weaker", "EnableFeedback"),
        ("extra", "New"),
    ]


def test_a_registry_value_with_the_whole_file_is_compared_key_by_key(
    folders: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = folders("claude-code/bedrock")
    name = "windows/managed-settings/managed-settings.reg"

    def other(text: str) -> str:
        return text.replace('{\\"', '{\r\n  \\"').replace('\\"disableAutoMode\\":', '\\"disableAutoMod\\":')

    assert differences(folder, exported(folder, name, other, tmp_path / "a.reg")) == [
        ("missing", "disableAutoMode"),
        ("extra", "disableAutoMod"),
    ]
    users = exported(
        folder, name, lambda text: text.replace("LOCAL_MACHINE", "CURRENT_USER"), tmp_path / "b.reg"
    )
    with pytest.raises(EvalkitError, match="say what it is"):
        differences(folder, users)
    with pytest.raises(
        EvalkitError, match=r"has nothing for HKLM\\SOFTWARE\\Policies\\ClaudeCode; there are: hkey_cu"
    ):
        differences(folder, f"windows/managed-settings={users}")
    broken = exported(
        folder, name, lambda text: text.replace('"Settings"="{', '"Settings"="'), tmp_path / "c.reg"
    )
    with pytest.raises(EvalkitError, match="Settings is not json of a json file"):
        differences(folder, broken)


MACHINE = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"


def test_variables_of_a_windows_machine_are_read_from_its_registry_and_from_the_script(
    folders: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = folders("opencode/bedrock")
    own = load_baseline(folder).variables["windows"]
    lines = [f'"{name.title()}"={json.dumps(value)}' for name, value, _ in own if value is not None]
    text = "Windows Registry Editor Version 5.00\n\n" + "\n".join([f"[{MACHINE}]", *lines]) + "\n"
    (tmp_path / "a.reg").write_text(text + '"Path"="C:\\\\Windows"\n', encoding="utf-16")
    assert differences(folder, f"windows={tmp_path / 'a.reg'}") == [("extra", "variable Path")]
    unset = [name for name, value, _ in own if value is None]
    (tmp_path / "a.reg").write_text(text + f'"{unset[0]}"="x"\n', encoding="utf-16")
    assert differences(folder, f"windows={tmp_path / 'a.reg'}") == [("weaker", f"variable {unset[0]}")]
    script = (folder / "windows/environment.ps1").read_text(encoding="utf-8").splitlines()
    (tmp_path / "a.ps1").write_text("\n".join(script[:-1]).replace("'Machine'", "'User'", 1))
    assert {it for it, _ in differences(folder, f"windows={tmp_path / 'a.ps1'}")} == {"missing"}


def test_a_list_of_lines_is_compared_whatever_its_name(
    folders: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = folders("cline/ide-bedrock")
    lines = (folder / "linux/ignore/.clineignore").read_text(encoding="utf-8")
    deployed = tmp_path / ".clineignore"
    deployed.write_text(lines)
    assert differences(folder, deployed) == []
    deployed.write_text(lines.replace(lines.splitlines()[-1], "nothing"))
    assert differences(folder, deployed) == [("weaker", "the whole")]


def looped() -> bytes:
    """A binary property list whose one list holds itself."""
    table = bytes([8])
    end = (
        b"\0" * 6 + bytes([1, 1]) + (1).to_bytes(8, "big") + (0).to_bytes(8, "big") + (10).to_bytes(8, "big")
    )
    return b"bplist00" + bytes([0xA1, 0]) + table + end


def doubling() -> bytes:
    """Sixty lists, each twice in the next: 2 to the power of 60 values when written out."""
    value: Any = ["x"]
    for _ in range(60):
        value = [value, value]
    return plistlib.dumps({"disableAutoMode": value}, fmt=plistlib.FMT_BINARY)


def test_the_hostile_lists_are_what_they_are_said_to_be() -> None:
    itself = plistlib.loads(looped())
    assert itself[0] is itself
    assert len(doubling()) < 1000


@pytest.mark.parametrize(
    ("raw", "because"),
    [
        (looped(), "in one another|no keys"),
        (doubling(), "over 200000 values"),
        (b"0\x82\x01\x00signed", "security cms -D"),
        (plistlib.dumps(["x"]), "holds no keys"),
        (plistlib.dumps({"PayloadType": "Configuration", "PayloadContent": []}), "no payload"),
        (plistlib.dumps({"PayloadContent": [1]}), "cannot be read"),
        (plistlib.dumps({"PayloadContent": [{}]}), "cannot be read"),
        (b'<!DOCTYPE p [<!ENTITY a "aa">]><plist><string>&a;</string></plist>', "cannot be read"),
        (b"<plist>" + b"<array>" * 200_000, "cannot be read"),
        (b"bplist00" + b"\xff" * 40, "cannot be read"),
        (b" " * (8 * 1024 * 1024 + 1), "larger than 8 MiB"),
    ],
)
def test_a_hostile_property_list_is_refused(
    raw: bytes, because: str, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "a.mobileconfig").write_bytes(raw)
    with pytest.raises(EvalkitError, match=because):
        differences(folders("claude-code/bedrock"), f"macos/managed-settings={tmp_path / 'a.mobileconfig'}")


@pytest.mark.parametrize("value", ["", "?", "eA", b"\xff", "PQ==", 1, ["x"]])
def test_a_value_that_carries_no_file_is_refused(
    value: Any,  # noqa: ANN401 - what a property list holds
    folders: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    folder = folders("codex-cli/direct")
    deployed = profile(folder, "macos/requirements/requirements.mobileconfig")
    deployed["PayloadContent"][0]["requirements_toml_base64"] = value
    path = written(tmp_path / "a.mobileconfig", deployed)
    if value == "":  # an empty file, and all of it missing
        assert {it for it, _ in differences(folder, path)} == {"missing"}
        return
    with pytest.raises(EvalkitError, match="requirements_toml_base64 is not base64 of a toml file"):
        differences(folder, path)
