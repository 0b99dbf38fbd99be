from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.files.migrating.version_control import Known, known_to_git
from tests.files.migrating.projects import migrate, project, renamed, text_of

if TYPE_CHECKING:
    from pathlib import Path

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(autouse=True)
def nobodys_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of the machine on which the test runs."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    return project(
        tmp_path,
        [("1.1.0", [renamed("LOC-01", "LOC-11"), {"retired": "NET-03", "reason": "-"}])],
        None,
        ["LOC-01=LOC-11", "-NET-03"],
    )


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@acme.example"]
    done = subprocess.run(
        ["git", *who, *arguments],  # noqa: S607 - the git on PATH
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def committed(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "All")


@needs_git
def test_what_is_committed_is_carried_over_and_git_undoes_it(evaluation: Path, tmp_path: Path) -> None:
    committed(tmp_path)
    before = {path: path.read_bytes() for path in evaluation.rglob("*.yaml")}
    migrate(evaluation)
    assert "demo@1.1.0" in text_of(evaluation)
    git(tmp_path, "checkout", "--", "results/autumn")
    git(tmp_path, "clean", "-q", "-f", "-d", "results/autumn")
    assert {path: path.read_bytes() for path in evaluation.rglob("*.yaml")} == before


@needs_git
def test_what_git_could_not_bring_back_stops_all_unless_it_is_wanted(
    evaluation: Path, tmp_path: Path
) -> None:
    committed(tmp_path)
    path = evaluation / "answers" / "acme.yaml"
    path.write_text(f"{text_of(evaluation)}# Later.\n", encoding="utf-8")
    with pytest.raises(
        EvalkitError, match=r"not committed are results/autumn/answers/acme.yaml. Commit them"
    ):
        migrate(evaluation)
    assert "demo@1.0.0" in text_of(evaluation)
    migrate(evaluation, anyway=True)
    assert "demo@1.1.0" in text_of(evaluation)


@needs_git
def test_other_files_that_are_not_committed_stop_nothing(evaluation: Path, tmp_path: Path) -> None:
    committed(tmp_path)
    (evaluation / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "other.txt").write_text("x", encoding="utf-8")
    migrate(evaluation)
    assert "demo@1.1.0" in text_of(evaluation)


@needs_git
@pytest.mark.parametrize("ignored", ["results/", "*.yaml", "results/autumn/answers/acme.yaml"])
def test_a_file_that_git_ignores_is_not_kept(evaluation: Path, tmp_path: Path, ignored: str) -> None:
    (tmp_path / ".gitignore").write_text(f"{ignored}\n", encoding="utf-8")
    committed(tmp_path)
    path = evaluation / "answers" / "acme.yaml"
    assert known_to_git(evaluation, [path]) == Known(is_kept=True, not_committed=(path,))


@needs_git
def test_odd_names_and_moved_files_are_understood(tmp_path: Path) -> None:
    (tmp_path / "a ü\n.yaml").write_text("1\n2\n3\n", encoding="utf-8")
    committed(tmp_path)
    git(tmp_path, "mv", "a ü\n.yaml", "b -> c.yaml")
    files = [tmp_path / "a ü\n.yaml", tmp_path / "b -> c.yaml", tmp_path / "d.yaml"]
    assert known_to_git(tmp_path, files).not_committed == tuple(files[:2])


def test_a_folder_that_git_does_not_know_is_not_kept(tmp_path: Path) -> None:
    assert known_to_git(tmp_path, [tmp_path / "a"]) == Known(is_kept=False)


def test_without_git_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert known_to_git(tmp_path, []) == Known(is_kept=False)
