from __future__ import annotations

import os
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from evalkit.engine import libraries
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import Workspace
from evalkit.reports import surroundings
from evalkit.reports.surroundings import Surroundings, file_hash, program
from tests.reports.projects import append, make_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    return make_project(tmp_path)


def now(evaluation: Path) -> Surroundings:
    return Surroundings.of(Workspace.of(evaluation))


def test_every_file_that_is_read_is_among_them_by_the_same_name_and_hash(evaluation: Path) -> None:
    there = now(evaluation).files
    read = load_inputs(evaluation).hashes
    assert {name: there.get(name) for name in read} == dict(read)


def test_a_changed_a_new_and_a_vanished_file_are_told(evaluation: Path) -> None:
    before = now(evaluation)
    append(evaluation / "answers" / "aider.yaml")
    (evaluation / "observations").mkdir()
    (evaluation / "observations" / "seen.jsonl").write_text("{}", encoding="utf-8")
    (evaluation / "controls" / "cline.yaml").unlink()
    (evaluation.parents[1] / "questionnaires" / "coding-agent" / "profiles" / "own.yaml").touch()
    assert now(evaluation).changed(before) == {
        "results/small/answers/aider.yaml",
        "results/small/observations/seen.jsonl",
        "results/small/controls/cline.yaml",
        "questionnaires/coding-agent/profiles/own.yaml",
    }


def test_what_is_generated_and_what_editors_leave_behind_does_not_count(evaluation: Path) -> None:
    before = now(evaluation)
    (evaluation / "out").mkdir()
    for name in ("out/index.html", "answers/.aider.yaml.swp", ".hidden"):
        (evaluation / name).write_text("x", encoding="utf-8")
    assert now(evaluation) == before


def test_an_edited_template_is_told(evaluation: Path) -> None:
    before = now(evaluation)
    append(evaluation.parents[1] / "notebooks" / "templates" / "comparison.ipynb", "\n")
    after = now(evaluation)
    assert after.templates["comparison.ipynb"] != before.templates["comparison.ipynb"]
    assert after.templates["vendor_report.ipynb"] == before.templates["vendor_report.ipynb"]


def test_questionnaires_may_be_links_and_links_may_go_in_circles(evaluation: Path, tmp_path: Path) -> None:
    questionnaires = tmp_path / "questionnaires"
    shared = tmp_path / "shared"
    (questionnaires / "coding-agent").rename(shared)
    (questionnaires / "coding-agent").symlink_to(shared)
    (shared / "circle").symlink_to(questionnaires)
    before = now(evaluation)
    append(shared / "storage.yaml")
    assert now(evaluation).changed(before) == {"questionnaires/coding-agent/storage.yaml"}


def test_nothing_blocks_and_no_large_file_is_read(evaluation: Path) -> None:
    os.mkfifo(evaluation / "pipe")
    large = evaluation / "capture.pcap"
    with large.open("wb") as file:
        file.truncate(1 << 40)  # takes no room on the disk, and minutes to read
    before = now(evaluation)
    assert before.files["results/small/capture.pcap"].startswith("mode ")
    os.truncate(large, 1 << 39)
    assert now(evaluation).changed(before) == {"results/small/capture.pcap"}


def test_a_file_name_that_is_no_text_can_be_written_down(evaluation: Path) -> None:
    (evaluation / os.fsdecode(b"\xff.txt")).touch()
    found = now(evaluation)
    assert Surroundings.model_validate_json(found.model_dump_json()) == found


def test_what_is_no_readable_file_has_no_hash(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert [file_hash(tmp_path / name) for name in ("gone", "loop", ".")] == ["", "", ""]
    assert file_hash(make_file(tmp_path)) == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of "abc", FIPS 180-2
    )


def make_file(folder: Path) -> Path:
    path = folder / "abc"
    path.write_bytes(b"abc")
    return path


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    """Stands for evalkit's own folder."""
    folder = tmp_path / "package"
    for name in ("code.py", "template/style.css", "shipped/data.yaml", "__pycache__/code.pyc"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    with mock.patch.object(surroundings, "_PACKAGE", folder):
        program.cache_clear()
        yield folder
    program.cache_clear()


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        ("code.py", True),
        ("template/style.css", True),
        ("new.py", True),
        ("shipped/data.yaml", False),  # counts as what it is: a questionnaire, an answer
        ("__pycache__/code.pyc", False),
    ],
)
def test_the_program_is_its_own_files(package: Path, name: str, *, matters: bool) -> None:
    before = program()
    (package / name).write_text("other", encoding="utf-8")
    assert program() == before  # this process goes on with what it has loaded
    program.cache_clear()
    assert (program() != before) == matters


@pytest.mark.usefixtures("package")
def test_the_program_is_also_the_versions_of_the_libraries() -> None:
    before = program()
    program.cache_clear()
    with mock.patch.object(libraries, "version", return_value="9.9"):
        assert program() != before
