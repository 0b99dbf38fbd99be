"""What a release says of itself, by the sort of file that it comes as."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from evalkit.observe.kinds import file_kind
from evalkit.observe.limits import Limits
from evalkit.observe.looking import look_into
from evalkit.observe.members import shown_label
from evalkit.observe.regions import region_of
from evalkit.observe.source_maps import source_map
from tests.observe.made import ACME, PACKAGE, elf, looked, npm, program, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.observe.looking import Looked

WHEEL = {
    "acme-1.0.dist-info/METADATA": "Name: acme\nVersion: 1.0\nLicense-Expression: MIT\n"
    "Project-URL: Source, https://github.com/acme/acme\n",
    "acme-1.0.dist-info/WHEEL": "Tag: cp312-abi3-manylinux_2_28_x86_64\n",
    "acme/__init__.py": "",
}


def facts(found: Looked) -> tuple[str, str, str, str, bool]:
    return found.kind, found.name, found.version, found.platform, found.source_public


def test_an_npm_tarball(tmp_path: Path) -> None:
    found = look_into(npm(tmp_path / "a", program("")), ACME, Limits())
    assert facts(found) == ("npm", "@acme/agent", "1.0.0", "", False)


def test_a_platform_package_by_its_version(tmp_path: Path) -> None:
    package = json.dumps({**PACKAGE, "version": "1.0.0-linux-x64"})
    assert (
        look_into(npm(tmp_path / "a", {"package/package.json": package}), ACME, Limits()).platform
        == "linux-x64"
    )


def test_a_wheel(tmp_path: Path) -> None:
    found = look_into(zipped(tmp_path / "a", WHEEL), ACME, Limits())
    assert facts(found) == ("wheel", "acme", "1.0", "manylinux_2_28_x86_64", True)


def test_a_pth_file_in_a_wheel_runs_when_python_starts() -> None:
    found = looked({**WHEEL, "acme.pth": "import acme"}, shape="zip")
    assert [it.text for it in found.sightings if it.key == "PKG-SCRIPT"] == ["acme.pth"]


def test_an_sdist(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "acme-1.0/PKG-INFO": "Name: acme\nVersion: 1.0\n",
        "acme-1.0/setup.py": "x",
    }
    found = look_into(npm(tmp_path / "a", members), ACME, Limits())
    assert facts(found) == ("sdist", "acme", "1.0", "", False)
    assert [it.text for it in found.sightings if it.key == "PKG-SCRIPT"] == ["acme-1.0/setup.py"]


def test_an_extension_of_an_editor(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "extension.vsixmanifest": "x",
        "extension/package.json": json.dumps(PACKAGE),
    }
    assert facts(look_into(zipped(tmp_path / "a", members), ACME, Limits()))[:3] == (
        "vsix",
        "@acme/agent",
        "1.0.0",
    )


def test_a_folder_a_zip_and_a_single_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    (tmp_path / "cli.js").write_text('fetch("https://api.segment.io")', encoding="utf-8")
    assert facts(look_into(folder, ACME, Limits()))[:2] == ("folder", "@acme/agent")
    assert facts(look_into(zipped(tmp_path / "z", {"a.js": "x"}), ACME, Limits()))[:2] == ("zip", "")
    single = look_into(tmp_path / "cli.js", ACME, Limits())
    assert single.kind == "file"
    assert "NET-INGEST Segment" in [it.key for it in single.sightings]


@pytest.mark.parametrize(
    ("label", "region"),
    [
        ("package/dist/index.js", "app"),
        ("package/vendor/x/codex", "app"),
        ("package/README.md", "doc"),
        ("acme-1.0.dist-info/METADATA", "doc"),
        ("package/a.test.ts", "test"),
        ("package/node_modules/x/y.js", "third"),
        ("package/bin/rg", "third"),
        ("package/lib/libz.so.1", "third"),
        ("package/bin/node", "runtime"),
        ("package/cli.js.map", "map"),
        ("package/readme-maker.js", "app"),
        ("package/contest/a.js", "app"),
    ],
)
def test_a_member_lies_in_a_region_by_its_name(label: str, region: str) -> None:
    assert region_of(label) == region


@pytest.mark.parametrize(
    ("label", "head", "kind"),
    [
        ("a", b"\xcf\xfa\xed\xfe", "macho"),
        ("a", b"MZ\x90\0", "pe"),
        ("a.txt", b"MZ is a text", "text"),
        ("a.wasm", b"\0asm\1", "wasm"),
        ("a.png", b"anything", "media"),
        ("a", b"\0\0\0\x1cftypisom", "media"),
        ("a.js", b"\0", "text"),
        ("a", b"PK\x03\x04", "archive"),
    ],
)
def test_a_member_is_what_its_first_bytes_say(label: str, head: bytes, kind: str) -> None:
    assert file_kind(label, head) == kind


def test_a_source_map_is_counted_with_its_sections() -> None:
    part = {
        "version": 3,
        "sources": ["src/a.ts", "node_modules/b.js", None],
        "sourcesContent": ["ab", "c"],
        "mappings": "",
    }
    raw = json.dumps({"version": 3, "sections": [{"map": part}, {"map": 3}, 4]}).encode()
    found = source_map("x", b")]}'\n" + raw)
    assert found is not None
    assert (found.sources, found.with_content, found.own, found.characters) == (3, 2, 1, 3)


@pytest.mark.parametrize("raw", [b"", b"not", b"{", b"[]", b'{"mappings": 3}', b'{"sources": ["a"]}'])
def test_what_is_no_source_map_is_none(raw: bytes) -> None:
    assert source_map("x", raw) is None


@pytest.mark.parametrize("raw", [b"\x7fELF", b"\x7fELF\x02\x01\x01" + bytes(200), elf((".text", b"x"))[:90]])
def test_a_program_whose_sections_cannot_be_read_is_searched_as_a_whole(raw: bytes) -> None:
    members = {"package/tool": raw + b' "https://api.segment.io" ' + bytes(20)}
    assert "NET-INGEST Segment" in [it.key for it in looked(members).sightings]


def test_a_name_too_long_to_show_stays_one_name() -> None:
    first, second = (shown_label("a" * 500 + end) for end in "xy")
    assert first != second
    assert len(first) <= 200
