"""``evalkit migrate`` as its users call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.command import evalkit
from tests.files.migrating.projects import project, renamed, text_of

if TYPE_CHECKING:
    from pathlib import Path

CHANGES = [renamed("LOC-01", "LOC-11"), {"changed": "LOC-02", "reason": "Other formats count."}]


@pytest.fixture(autouse=True)
def nobodys_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No work tree and no name of the machine on which the test runs."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Mig")


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    return project(tmp_path, [("1.1.0", CHANGES)], None, ["LOC-01=LOC-11"])


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_dry_run_tells_all_and_leaves_no_trace(evaluation: Path) -> None:
    before = contents(evaluation)
    done = evalkit("migrate", evaluation, "--dry-run")
    assert done.returncode == 1
    assert contents(evaluation) == before
    assert "renamed to LOC-11 (1.1.0)" in done.stdout
    assert "answer again: LOC-02" in done.stdout
    assert "would be carried over from demo@1.0.0 to demo@1.1.0: 2 files" in done.stderr


def test_a_migration_says_what_is_to_do_and_a_second_one_that_nothing_is(evaluation: Path) -> None:
    (evaluation / "frozen.yaml").write_text("format: x\n", encoding="utf-8")
    done = evalkit("migrate", evaluation)
    assert done.returncode == 1, done.stderr
    assert "answer again: LOC-02" in done.stdout
    assert "to do: 1 thing, as the table says" in done.stderr
    assert "frozen.yaml is as it was: a record of the instrument that was frozen" in done.stderr
    assert "not kept in git: to undo the migration, have a copy" in done.stderr
    again = evalkit("migrate", evaluation)
    assert again.returncode == 0
    assert "results/autumn is for demo@1.1.0 already: nothing to migrate" in again.stderr


def test_what_is_carried_over_as_a_whole_leaves_nothing_to_do(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", CHANGES[:1])], None, ["LOC-01=LOC-11"])
    done = evalkit("migrate", evaluation)
    assert done.returncode == 0, done.stderr
    assert "everything was carried over: nothing to do" in done.stderr
    assert evalkit("check", evaluation).returncode == 0


def test_the_history_shows_the_migration(evaluation: Path) -> None:
    evalkit("migrate", evaluation)
    told = evalkit("history", evaluation, "acme").stdout
    assert "migration to demo@1.1.0: answer removed" in " ".join(told.split())
    assert "Mig" in told


def test_check_leads_to_the_migration(evaluation: Path) -> None:
    done = evalkit("check", evaluation)
    assert done.returncode == 2
    assert "evalkit migrate carries the evaluation over" in done.stderr


def test_what_cannot_be_done_exits_with_2_and_changes_nothing(evaluation: Path) -> None:
    path = evaluation / "answers" / "acme.yaml"
    path.write_text(text_of(evaluation).replace("LOC-02:", "LOC-77:"), encoding="utf-8")
    before = contents(evaluation)
    done = evalkit("migrate", evaluation)
    assert done.returncode == 2
    assert "LOC-77 is no question of demo@1.1.0" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(evaluation) == before
