"""``evalkit board`` as its users call it."""

from __future__ import annotations

import hashlib
import importlib.util
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT, evalkit
from tests.reports.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"))


def test_it_writes_slides_and_memos_to_the_folder_of_the_board_twice_the_same(evaluation: Path) -> None:
    def digests() -> dict[str, str]:
        folder = evaluation / "out" / "board"
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    done = evalkit("board", evaluation)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "wrote" in done.stderr
    first = digests()
    assert set(first) == {"deck.html", "deck.pptx", "memo.pdf", "memo.md"}
    assert evalkit("board", evaluation).returncode == 0
    assert digests() == first


def test_only_the_formats_that_are_named_are_made(evaluation: Path, tmp_path: Path) -> None:
    done = evalkit("board", evaluation, "--format", "md", "--out", tmp_path / "new" / "folder")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["memo.md"]


def test_profile_day_and_short_list_can_be_chosen(evaluation: Path, tmp_path: Path) -> None:
    done = evalkit(
        *("board", evaluation, "--format", "md", "--out", tmp_path, "--profile", "regulated"),
        *("--as-of", "2026-12-24", "--option", "aider"),
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "memo.md").read_text(encoding="utf-8")
    assert "- **As of:** 2026-12-24" in text
    assert "(regulated 1.0.0)" in text
    assert "| A | Aider: " in text
    assert "### C" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--format", "pdf,docx"),
            "'docx' is no format of what a board reads; allowed are html, pptx, pdf, md",
        ),
        (("--format", ""), "no format is named; allowed are html, pptx, pdf, md"),
        (("--option", "aider/bedrok"), "'aider/bedrok' is no option or product"),
        (("--profile", "none-such"), "none-such"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    arguments: tuple[str, ...], said: str, evaluation: Path, tmp_path: Path
) -> None:
    done = evalkit("board", evaluation, "--out", tmp_path / "o", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "o").exists()


def test_more_options_than_fit_are_refused(tmp_path: Path) -> None:
    done = evalkit("board", SHIPPED, "--out", tmp_path, "--option", "aider", "--option", "codex-cli")
    assert done.returncode == 2
    assert "10 options are named for the short list; allowed are 6" in done.stderr


def test_a_folder_in_the_evaluation_is_refused(evaluation: Path) -> None:
    done = evalkit("board", evaluation, "--out", evaluation / "answers")
    assert done.returncode == 2
    assert "lies in the evaluation" in done.stderr


def test_a_file_in_place_of_the_folder_is_refused(evaluation: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = evalkit("board", evaluation, "--format", "md", "--out", tmp_path / "file")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_without_typst_only_the_pdf_is_refused(
    evaluation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "evalkit.reports.board.memo_pdf.find_spec", lambda name: None if name == "typst" else found(name)
    )
    done = evalkit("board", evaluation, "--out", tmp_path / "a")
    assert done.returncode == 2
    assert "pip install 'evalkit[office]'" in done.stderr
    assert "--format md" in done.stderr
    assert not (tmp_path / "a").exists()
    assert evalkit("board", evaluation, "--out", tmp_path / "b", "--format", "md").returncode == 0


def test_it_speaks_german_with_the_organisations_own_words(evaluation: Path, tmp_path: Path) -> None:
    own = evaluation / "wording.yaml"
    own.write_text("de:\n  board:\n    MEMO:\n      kind: Antrag an den Ausschuss\n", encoding="utf-8")
    try:
        done = evalkit("board", evaluation, "--lang", "de", "--format", "md", "--out", tmp_path)
    finally:
        own.unlink()
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "memo.md").read_text(encoding="utf-8")
    assert "**Antrag an den Ausschuss**" in text
    assert "Die Organisation hat Texte von evalkit durch eigene ersetzt: 1 Text." in text
    assert "- **Stand:** " in text


def test_a_misplaced_text_is_named_with_file_and_line(evaluation: Path, tmp_path: Path) -> None:
    own = evaluation / "wording.yaml"
    own.write_text("en:\n  board:\n    MEMO:\n      knd: Paper\n", encoding="utf-8")
    try:
        done = evalkit("board", evaluation, "--format", "md", "--out", tmp_path)
    finally:
        own.unlink()
    assert done.returncode == 2
    assert f"{evaluation.name}/wording.yaml:4: L002" in done.stderr
    assert "did you mean kind?" in done.stderr
    assert not list(tmp_path.iterdir())


def test_an_unknown_language_is_told_with_the_known_ones(evaluation: Path, tmp_path: Path) -> None:
    done = evalkit("board", evaluation, "--lang", "fr", "--format", "md", "--out", tmp_path)
    assert done.returncode == 2
    assert "'fr' is no language of what a board reads; allowed are en, de" in done.stderr
