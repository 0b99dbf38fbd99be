"""The process that reads what comes from outside: what it may use, and what is said when it is ended."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.observe import isolation, looking_apart
from evalkit.observe.captures import reading_apart
from evalkit.observe.captures.reading_apart import read_apart
from evalkit.observe.child import JOBS
from evalkit.observe.inspecting import Statements, inspect
from evalkit.observe.isolation import NoAnswerError, answer_of
from evalkit.observe.limits import Bounds, Limits
from evalkit.observe.looking import Looked
from evalkit.observe.looking_apart import NotLooked, look_apart
from tests.observe.made import ACME, gzip_bomb, npm, pax_bomb, program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 1 << 20
ENDED = "reading it was ended: it takes more than"

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return npm(tmp_path / "a.tgz", program('fetch("https://api.acme.com"); env.ACME_NO_TELEMETRY'))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "hosts.csv"
    path.write_text("host,port\n" + "".join(f"h{row}.acme.example,443\n" for row in range(50)), "utf-8")
    return path


def test_a_child_finds_what_is_found_here(release: Path) -> None:
    found = look_apart(release, ACME, Limits())
    assert isinstance(found, Looked)
    assert "CLAIM-LITERAL ACME_NO_TELEMETRY" in [sighting.key for sighting in found.sightings]


def test_a_child_does_not_see_the_surroundings_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_TOKEN", "value")
    assert "ACME_TOKEN" not in isolation.environment()
    assert isolation.environment()["PYTHONSAFEPATH"] == "1"


@on_linux
@pytest.mark.parametrize("made", [gzip_bomb, pax_bomb], ids=["zeros", "pax"])
def test_a_bomb_takes_no_more_memory_than_any_other_artefact(
    tmp_path: Path, made: Callable[[Path, int], Path]
) -> None:
    path = made(tmp_path / "a.tgz", 64 * MIB)
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


@on_linux
def test_a_capture_that_wants_too_much_memory_is_refused_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_text('{"log": {"entries": [' + ",".join(["[[[[]]]]"] * 2_000_000) + "]}}", "utf-8")
    with pytest.raises(EvalkitError, match=r"a\.har: reading it .*memory"):
        read_apart(path, Bounds(memory_bytes=100 * MIB))


def test_a_child_that_takes_too_long_is_ended(
    release: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "MORE_SECONDS", 0.01)
    found = look_apart(release, ACME, Limits(seconds=0))
    assert isinstance(found, NotLooked)
    assert found.reason.startswith(ENDED)
    with pytest.raises(EvalkitError, match=ENDED):
        read_apart(recording, Bounds(seconds=0))


def test_an_answer_that_is_too_long_is_none(recording: Path) -> None:
    with pytest.raises(EvalkitError, match="comes to more than 0 MiB"):
        read_apart(recording, Bounds(answer_bytes=100))


def test_each_job_says_what_was_wrong_in_its_own_words(tmp_path: Path) -> None:
    for job in JOBS:
        asked = {"path": str(tmp_path / "gone"), "request": ACME.model_dump_json(), "limits": "{}"}
        with pytest.raises(NoAnswerError, match=r"cannot be (read|opened)|no such file"):
            answer_of(job, asked, Bounds())


def test_a_child_that_breaks_gives_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="ended without an answer"):
        answer_of("artefact", {}, Bounds())


@pytest.mark.parametrize(
    "answer", [b"", b"{}", b"[]", b"\xff", b'{"kind": "npm"}', b"[" * 100_000, b'{"error": 3}', b"NaN"]
)
def test_an_answer_that_is_none_is_not_believed(
    answer: bytes, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (looking_apart, reading_apart):
        monkeypatch.setattr(module, "answer_of", lambda *_: answer)
    assert look_apart(release, ACME, Limits()) == NotLooked("reading it ended without an answer")
    with pytest.raises(EvalkitError, match="reading it ended without an answer"):
        read_apart(release)


@on_linux
def test_a_child_can_write_no_file(tmp_path: Path) -> None:
    target = tmp_path / "written"
    code = (
        "from evalkit.observe.child import confine; from evalkit.observe.limits import Bounds;"
        f" confine(Bounds()); open({str(target)!r}, 'w').write('x')"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert target.read_bytes() == b""
