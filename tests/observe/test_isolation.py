"""The process that reads an artefact: what it may use, and what is said when it is ended."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from evalkit.observe import isolation
from evalkit.observe.inspecting import Statements, inspect
from evalkit.observe.isolation import NotLooked, look_apart
from evalkit.observe.limits import Limits
from evalkit.observe.looking import Looked
from tests.observe.made import ACME, gzip_bomb, npm, pax_bomb, program

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1 << 20

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")


def test_a_child_finds_what_is_found_here(tmp_path: Path) -> None:
    path = npm(tmp_path / "a.tgz", program('fetch("https://api.acme.com"); env.ACME_NO_TELEMETRY'))
    found = look_apart(path, ACME, Limits())
    assert isinstance(found, Looked)
    assert "CLAIM-LITERAL ACME_NO_TELEMETRY" in [sighting.key for sighting in found.sightings]


def test_a_child_does_not_see_the_surroundings_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_TOKEN", "value")
    assert "ACME_TOKEN" not in isolation._environment()  # noqa: SLF001 - what it is given is the point
    assert isolation._environment()["PYTHONSAFEPATH"] == "1"  # noqa: SLF001 - as above


@on_linux
@pytest.mark.parametrize("made", [gzip_bomb, pax_bomb], ids=["zeros", "pax"])
def test_a_bomb_takes_no_more_memory_than_any_other_artefact(tmp_path: Path, made: object) -> None:
    path = made(tmp_path / "a.tgz", 64 * MIB)  # type: ignore[operator]  # one of two functions
    found = look_apart(path, ACME, Limits(memory_bytes=400 * MIB, total_bytes=48 * MIB))
    assert isinstance(found, Looked)
    assert found.coverage.limits_hit != ()


@on_linux
def test_a_child_that_wants_too_much_memory_is_a_gap_and_no_crash(tmp_path: Path) -> None:
    path = npm(tmp_path / "a.tgz", {"package/a.js.map": '{"mappings": "' + "A" * (40 * MIB) + '"}'})
    limits = Limits(memory_bytes=120 * MIB)
    assert isinstance(look_apart(path, ACME, limits), NotLooked)
    (part,) = inspect([path], "acme", "1.0.0", Statements(), on=date(2026, 11, 22), limits=limits).parts
    assert part.artefact.coverage.level == "none"
    assert part.artefact.coverage.limits_hit != ()
    assert {it.strength for it in part.observations} == {"not_checkable"}


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_MORE_SECONDS", 0.01)
    found = look_apart(npm(tmp_path / "a.tgz", program("")), ACME, Limits(seconds=0))
    assert isinstance(found, NotLooked)
    assert found.reason.startswith("reading it was ended")


@pytest.mark.parametrize(
    "answer", [b"", b"{}", b"[]", b"\xff", b'{"looked": {"kind": "npm"}}', b"[" * 100_000, b'{"error": 3}']
)
def test_an_answer_that_is_none_is_not_believed(answer: bytes) -> None:
    assert isolation._parsed(answer) == NotLooked("reading it ended without an answer")  # noqa: SLF001 - a child cannot be made to lie


@on_linux
def test_a_child_can_write_no_file(tmp_path: Path) -> None:
    import subprocess  # noqa: PLC0415 - only here

    target = tmp_path / "written"
    code = (
        "from evalkit.observe.child import confine; from evalkit.observe.limits import Limits;"
        f" confine(Limits()); open({str(target)!r}, 'w').write('x')"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert target.read_bytes() == b""
