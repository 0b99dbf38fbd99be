"""``evalkit drift`` as its users call it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT, evalkit
from tests.files.observed import artefact, observation, write

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"
HOST = observation(
    "a", "NET-05", rule={"id": "NET-INGEST", "version": 1}, value={"kind": "host", "text": "t.acme.example"}
)
SWITCH = observation("b", "NET-05", rule={"id": "TEL-SWITCH", "version": 1})


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluation of aider, beside which the records of two releases lie."""
    root = tmp_path_factory.mktemp("project")
    (root / "questionnaires").symlink_to(ROOT / "questionnaires")
    evaluation = root / "results" / "ours"
    (evaluation / "answers").mkdir(parents=True)
    shutil.copy(SHIPPED / "answers" / "aider.yaml", evaluation / "answers")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    for name, version, digit, seen in (("old", "0.86.2", "a", SWITCH), ("new", "0.87.0", "b", HOST)):
        (root / name).mkdir()
        write(root / name, artefact(version=version, sha256=digit * 64), seen)
    return evaluation


def records(ours: Path, name: str) -> Path:
    return ours.parents[1] / name / "observations" / "aider.aider-wheel.jsonl"


def test_tables_show_what_differs_and_the_answers_it_bears_on(ours: Path) -> None:
    done = evalkit("drift", records(ours, "old"), records(ours, "new"), ours, "--product", "aider")
    assert done.returncode == 1, done.stderr
    assert "Older: aider_chat-0.86.2-py3-none-any.whl, 0.86.2, looked into in full" in done.stdout
    assert "t.acme.example" in done.stdout
    assert "Answers on which it bears" in done.stdout
    assert "2 differences, bearing on 1 answer." in done.stdout


def test_nothing_that_differs_is_exit_code_0(ours: Path) -> None:
    done = evalkit("drift", records(ours, "old"), records(ours, "old"), ours, "--product", "aider")
    assert done.returncode == 0, done.stderr
    assert "0 differences; no answer is touched." in done.stdout


def test_data_and_markdown_say_the_same_and_are_written_whole(ours: Path, tmp_path: Path) -> None:
    both = ("drift", records(ours, "old"), records(ours, "new"), ours, "--product", "aider")
    document = json.loads(evalkit(*both, "--format", "json").stdout)
    assert document["format"] == "evalkit/drift/1"
    assert [(it["kind"], it["change"], it["name"]) for it in document["changes"]] == [
        ("hosts", "new", "t.acme.example"),
        ("switches", "gone", "analytics-disable"),
    ]
    assert [it["question"] for it in document["answers"]] == ["NET-05"]
    file = tmp_path / "drift.md"
    assert evalkit(*both, "--format", "markdown", "-o", file).returncode == 1
    page = file.read_text(encoding="utf-8")
    assert page == evalkit(*both, "--format", "markdown").stdout
    assert "| hosts | new | t\\.acme\\.example |" in page or "| hosts | new | t.acme.example |" in page


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "say of which product they are: --product ID"),
        (("--product", "aidr"), "there are no answers about aidr; there are: aider"),
    ],
)
def test_what_cannot_be_meant_is_refused(ours: Path, options: tuple[str, ...], message: str) -> None:
    done = evalkit("drift", records(ours, "old"), records(ours, "new"), ours, *options)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_a_file_that_is_not_there_is_told(ours: Path) -> None:
    done = evalkit("drift", ours / "none.tgz", records(ours, "new"), ours, "--product", "aider")
    assert (done.returncode, "there is no such file or folder" in done.stderr) == (2, True)
