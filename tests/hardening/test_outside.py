"""What goes to other programs: nothing in a value or a control file becomes their syntax."""

from __future__ import annotations

import plistlib
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.hardening import device_management as mdm
from evalkit.hardening.documents import SettingsDocument, Variable, documents
from evalkit.hardening.egress import Egress, HostRow, egress
from evalkit.hardening.egress_files import egress_files
from evalkit.hardening.environment import container_file, powershell_file, shell_file
from evalkit.hardening.folder import check_folder, write_folder
from evalkit.hardening.selection import select
from evalkit.hardening.tables import code, table
from tests.hardening.conftest import control, control_file, setting
from tests.hardening.test_documents import case

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.hardening.egress import Action

HOSTILE = ("$(touch x)", "`touch x`", "'; touch x; '", '"; touch x', "a b", "\\", "%PATH%", "!x", "#", "’; x")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_shell_takes_a_value_as_it_is(value: str, tmp_path: Path) -> None:
    script = tmp_path / "environment.sh"
    script.write_text(shell_file([Variable("A", value, ())], ["x\ntouch y"]), encoding="utf-8")
    shown = subprocess.run(
        ["/bin/sh", "-c", '. "$0"; printf %s "$A"', str(script)],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        encoding="utf-8",
    )
    assert shown.stdout == value
    assert [path.name for path in tmp_path.iterdir()] == ["environment.sh"]


@given(value=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp", "Cs", "Cn"])))
def test_quoting_for_a_shell_is_that_of_the_standard_library(value: str) -> None:
    try:
        text = shell_file([Variable("A", value, ())], [])
    except EvalkitError:
        return
    assert shlex.split(text) == ["export", f"A={value}"]


def test_powershell_doubles_every_quote_that_ends_a_text() -> None:
    text = powershell_file([Variable("A", "x'; y \u2019; $(z)", ()), Variable("B", None, ())], [])
    assert text.splitlines() == [
        "[Environment]::SetEnvironmentVariable('A', 'x''; y \u2019\u2019; $(z)', 'Machine')",
        "[Environment]::SetEnvironmentVariable('B', $null, 'Machine')",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("A;x", "1"), ("", "1"), ("A", "1\nB=2"), ("A", "1\x00"), ("A", "a\u202eb"), ("A\n", "1")],
)
def test_no_variable_spans_lines_or_has_another_name(name: str, value: str) -> None:
    for write in (container_file, shell_file, powershell_file):
        with pytest.raises(EvalkitError):
            write([Variable(name, value, ())], [])


def document(content: dict[str, Any], system: str, described: dict[str, str]) -> SettingsDocument:
    file = control_file(
        control("AA-ONE-01", setting([], content)),
        files={
            "main": {
                "mechanism": "managed-settings",
                "format": "json",
                "owner": "admin",
                "path": {"linux": "/etc/a.json"},
                "mdm": {system: described},
            }
        },
    )
    at = case(file, {}, system)
    (made,) = documents(at, select(at, ("all",)))
    return made


REGISTRY = {"registry": "HKLM\\SOFTWARE\\Policies\\Agent", "form": "one value per policy name"}


def test_a_registry_text_is_escaped_and_a_list_is_its_json() -> None:
    made = document({"A": 'x" y\\', "B": ["z"], "C": True, "D": 7}, "windows", REGISTRY)
    raw = mdm.registry_file(made, mdm.payload_of(made) or {}, ["about\r\n[HKEY_LOCAL_MACHINE\\X]"])
    assert raw is not None
    lines = raw.decode("utf-16").split("\r\n")
    assert lines == [
        "Windows Registry Editor Version 5.00",
        "",
        "; about [HKEY_LOCAL_MACHINE\\X]",
        "",
        "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Agent]",
        '"A"="x\\" y\\\\"',
        '"B"="[\\"z\\"]"',
        '"C"=dword:00000001',
        '"D"=dword:00000007',
        "",
    ]


@pytest.mark.parametrize(
    ("content", "registry"),
    [
        ({"A": "x\ny"}, REGISTRY["registry"]),
        ({'A"=x': "1"}, REGISTRY["registry"]),
        ({"A": "1"}, "HKCU\\SOFTWARE\\Agent"),
        ({"A": "1"}, "HKLM\\X]\r\n[HKLM\\Y"),
    ],
)
def test_what_would_break_out_of_a_registry_file_is_refused(content: dict[str, str], registry: str) -> None:
    made = document(content, "windows", {**REGISTRY, "registry": registry})
    with pytest.raises(EvalkitError):
        mdm.registry_file(made, mdm.payload_of(made) or {}, [])


def test_a_profile_carries_the_keys_under_the_domain_and_its_ids_follow_its_content() -> None:
    described = {"domain": "com.acme.agent", "form": "top-level keys as in the JSON file"}
    made = document({"a": {"b": "<x>&"}, "c": 1}, "macos", described)
    raw = mdm.profile(made, mdm.payload_of(made) or {}, "Agent")
    assert raw is not None
    assert raw == mdm.profile(made, mdm.payload_of(made) or {}, "Agent")
    profile = plistlib.loads(raw)
    (payload,) = profile["PayloadContent"]
    assert (payload["PayloadType"], payload["a"], payload["c"]) == ("com.acme.agent", {"b": "<x>&"}, 1)
    other = document({"a": {"b": "y"}}, "macos", described)
    assert plistlib.loads(mdm.profile(other, mdm.payload_of(other) or {}, "Agent") or b"") != profile


@pytest.mark.parametrize(
    ("content", "domain"),
    [({"a": None}, "com.acme.agent"), ({"PayloadType": "x"}, "com.acme.agent"), ({"a": 1}, "../x y")],
)
def test_what_a_profile_cannot_carry_is_refused(content: dict[str, Any], domain: str) -> None:
    made = document(content, "macos", {"domain": domain, "form": "payload keys as in the file"})
    with pytest.raises(EvalkitError):
        mdm.profile(made, mdm.payload_of(made) or {}, "Agent")


def test_a_form_that_is_not_known_is_not_guessed_at() -> None:
    assert mdm.payload_of(document({"a": 1}, "macos", {"form": "as the moon says"})) is None


def row(host: str, action: Action = "allow", **more: Any) -> HostRow:  # noqa: ANN401 - fields
    return HostRow(host, action, ("inference",), "required", shared=False, off_by=(), note="", **more)


def test_squid_gets_the_closest_names_first_and_no_name_beside_what_covers_it() -> None:
    hosts = Egress(
        (
            row("*.a.example.com"),
            row("*.example.com"),
            row("x-*.b.example.net"),
            row("otel.example.org", port=4317),
            row("t.example.com", "deny-log"),
        ),
        (),
    )
    files = egress_files(hosts, ["about\nhttp_access allow all"])
    assert files["squid/allow-wide-2.txt"].splitlines()[-1] == ".example.com"
    assert files["squid/allow-wide-3.txt"].splitlines()[-1] == ".a.example.com"
    assert files["squid/allow-pattern-4.txt"].splitlines()[-1] == r"^x\-[^.]+\.b\.example\.net$"
    rules = [line for line in files["squid.conf"].splitlines() if line.startswith("http_access")]
    assert rules == [
        "http_access allow evalkit_agent evalkit_port evalkit_allow-exact",
        "http_access deny evalkit_agent evalkit_deny-exact evalkit_alarm",
        "http_access allow evalkit_agent evalkit_port evalkit_allow-pattern-4",
        "http_access allow evalkit_agent evalkit_port evalkit_allow-wide-3",
        "http_access allow evalkit_agent evalkit_port evalkit_allow-wide-2",
        "http_access deny evalkit_agent",
    ]
    assert "acl evalkit_port port 443 4317" in files["squid.conf"]
    assert "tcp dport { 443, 4317 } accept" in files["nftables.nft"]
    assert (
        "# x-*.b.example.net (allow): a wildcard inside a name cannot be said here" in files["dnsmasq.conf"]
    )


@pytest.mark.parametrize("host", ["a.example.com\nb", "$(id)", "a b", "*", "a/b", "x.example.com;drop", ""])
def test_a_host_that_is_none_stops_the_list(host: str) -> None:
    endpoint = {
        "hosts": [host or "{h}"],
        "purpose": ["inference"],
        "required": {"default": "required"},
        "shared_host": False,
        "evidence": "documented",
        "sources": [{"source": "page"}],
    }
    file = control_file(control("AA-ONE-01", setting(["a"], 1)), endpoints=[endpoint])
    at = case(file, {"h": ""})
    with pytest.raises(EvalkitError, match="a host is needed"):
        egress(at, select(at, ("all",)), ())


@pytest.mark.parametrize("name", ["../x", "/x", "a/../x", "a//x", ".", "a/..", "a\\b", "a\nb", ""])
def test_no_path_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match="no path inside the folder"):
        write_folder(tmp_path / "out", {name: b"x"})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_written_whole_and_replaced_only_if_nothing_foreign_lies_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    listing = b'{"format": "evalkit/baseline/1", "files": ["a/b", "baseline.json"]}'
    write_folder(folder, {"a/b": b"1", "baseline.json": listing})
    write_folder(folder, {"a/c": b"2", "baseline.json": b'{"format": "evalkit/baseline/1", "files": []}'})
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == [
        "a",
        "a/c",
        "baseline.json",
    ]
    with pytest.raises(EvalkitError, match=r"holds a/c, baseline\.json"):
        check_folder(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_a_link_and_a_folder_of_somebody_else_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "note.txt").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    for name in ("file", "theirs", "link"):
        with pytest.raises(EvalkitError):
            write_folder(tmp_path / name, {"a": b"1"})
    assert (tmp_path / "theirs" / "note.txt").read_text() == "x"


def test_markdown_cells_and_code_spans_hold_any_text() -> None:
    assert code("a ``b`` c\n") == "```a ``b`` c```"
    assert list(table(("A",), [("x | y",)]))[-1] == r"| x \| y |"


def test_a_control_file_cannot_put_lines_into_any_comment() -> None:
    file = control_file(
        control("AA-ONE-01", setting(["a"], 1)),
        disclaimer="x\nhttp_access allow all\r\nset y",
    )
    at = case(file)
    hosts = egress(at, select(at, ("all",)), ())
    for text in egress_files(hosts, [file.disclaimer]).values():
        assert not [line for line in text.splitlines() if line.startswith(("http_access allow all", "set y"))]
