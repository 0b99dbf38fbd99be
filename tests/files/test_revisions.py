"""Evaluations as they were in a revision of git, and what is said where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.loading import load_inputs
from evalkit.files.revisions import inputs_at
from tests.reports.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *arguments: str) -> str:
    """Run git as one who is nobody, with no settings but its own."""
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Acme",
        "GIT_AUTHOR_EMAIL": "board@acme.example",
        "GIT_AUTHOR_DATE": "2026-12-01T10:00:00Z",
        "GIT_COMMITTER_NAME": "Acme",
        "GIT_COMMITTER_EMAIL": "board@acme.example",
        "GIT_COMMITTER_DATE": "2026-12-01T10:00:00Z",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 - the system's
        cwd=folder,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(root: Path, tag: str) -> None:
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "--allow-empty", "--message", tag)
    git(root, "tag", tag)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an evaluation whose project is one commit, ``first``."""
    evaluation = make_project(tmp_path_factory.mktemp("origin"))
    root = evaluation.parents[1]
    git(root, "init", "--quiet")
    commit(root, "first")
    return evaluation


@pytest.fixture
def evaluation(origin: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(origin.parents[1], tmp_path / "project", symlinks=True)
    return tmp_path / "project" / "results" / "small"


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_what_was_committed_is_read_whatever_stands_there_now(evaluation: Path) -> None:
    before = load_inputs(evaluation)
    replaced(evaluation / "answers" / "aider.yaml", "licence: open_source", "licence: closed")
    (evaluation / "answers" / "cline.yaml").unlink()
    replaced(evaluation / "evaluation.yaml", "options:", "options: all\nunused:")
    shutil.rmtree(evaluation.parents[1] / "questionnaires" / "coding-agent" / "profiles")
    past = inputs_at(evaluation, "first")
    assert past.inputs == before
    assert past.has_own_questionnaires
    assert (past.revision.name, past.revision.day) == ("first", date(2026, 12, 1))
    assert past.revision.commit == git(evaluation, "rev-parse", "first")


def test_neither_work_tree_nor_repository_is_touched(evaluation: Path) -> None:
    root = evaluation.parents[1]
    replaced(evaluation / "answers" / "aider.yaml", "licence: open_source", "licence: closed")
    before = tree(root)
    inputs_at(evaluation, "HEAD")
    assert tree(root) == before


def test_profile_and_day_may_be_others(evaluation: Path) -> None:
    past = inputs_at(evaluation, "first", profile="regulated", as_of=date(2027, 3, 1))
    assert (past.inputs.profile.id, past.inputs.evaluation.as_of) == ("regulated", date(2027, 3, 1))
    with pytest.raises(EvalkitError, match=r"in first: profile: there is no regulatd; there are: "):
        inputs_at(evaluation, "first", profile="regulatd")


def test_a_project_may_be_a_folder_of_the_repository(origin: Path, tmp_path: Path) -> None:
    shutil.copytree(origin.parents[1], tmp_path / "repo" / "deep", ignore=shutil.ignore_patterns(".git"))
    git(tmp_path / "repo", "init", "--quiet")
    commit(tmp_path / "repo", "v1")
    evaluation = tmp_path / "repo" / "deep" / "results" / "small"
    assert inputs_at(evaluation, "v1").inputs == load_inputs(evaluation)


def test_where_the_revision_has_no_questionnaires_todays_are_used(evaluation: Path) -> None:
    root = evaluation.parents[1]
    git(root, "rm", "-r", "--quiet", "--cached", "questionnaires")
    git(root, "commit", "--quiet", "--message", "without")
    past = inputs_at(evaluation, "HEAD")
    assert not past.has_own_questionnaires
    assert past.inputs.hashes == load_inputs(evaluation).hashes


def test_an_evaluation_may_be_the_repository(origin: Path, tmp_path: Path) -> None:
    shutil.copytree(origin, tmp_path / "small")
    git(tmp_path / "small", "init", "--quiet")
    commit(tmp_path / "small", "v1")
    assert inputs_at(tmp_path / "small", "v1").inputs == load_inputs(tmp_path / "small")


def test_what_hooks_set_names_no_other_repository(
    evaluation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    assert inputs_at(evaluation, "first").revision.name == "first"


@pytest.mark.parametrize("name", ["secnd", "HEAD~7", "first:results", "0" * 40])
def test_an_unknown_revision_is_named(name: str, origin: Path) -> None:
    with pytest.raises(EvalkitError, match=f"^{name} is no revision of "):
        inputs_at(origin, name)


@pytest.mark.parametrize("name", ["", "--all", "-n1", "a\nb", "a\x00b"])
def test_no_revision_is_taken_for_an_option_of_git(name: str, origin: Path) -> None:
    with pytest.raises(EvalkitError, match="is no revision; name a branch, a tag or a hash"):
        inputs_at(origin, name)


def test_a_folder_without_git_is_told(origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    shutil.copytree(origin, tmp_path / "small")
    with pytest.raises(EvalkitError, match=r"lies in no work tree of git.*: not a git repository"):
        inputs_at(tmp_path / "small", "HEAD")


def test_a_machine_without_git_is_told(origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EvalkitError, match="git is not installed"):
        inputs_at(origin, "HEAD")


def test_an_evaluation_that_was_not_there_is_told_with_those_that_were(evaluation: Path) -> None:
    shutil.copytree(evaluation, evaluation.with_name("later"))
    message = r"^results/later was no evaluation in first \([0-9a-f]{12}\); evaluations in it: results/small$"
    with pytest.raises(EvalkitError, match=message):
        inputs_at(evaluation.with_name("later"), "first")


def test_a_shallow_clone_says_how_to_get_the_rest(evaluation: Path, tmp_path: Path) -> None:
    commit(evaluation.parents[1], "second")
    url = evaluation.parents[1].as_uri()
    git(tmp_path, "clone", "--quiet", "--depth", "1", "--no-tags", url, "clone")
    there = tmp_path / "clone" / "results" / "small"
    assert inputs_at(there, "HEAD").inputs == load_inputs(there)
    with pytest.raises(EvalkitError, match="shallow clone, which has few of them: git fetch --unshallow"):
        inputs_at(there, "first")


def test_content_that_a_partial_clone_does_not_have_is_told(evaluation: Path) -> None:
    root = evaluation.parents[1]
    blob = git(root, "rev-parse", "first:results/small/answers/aider.yaml")
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises((InvalidInputError, EvalkitError), match="first"):
        inputs_at(evaluation, "first")


def test_every_problem_of_a_file_of_the_past_names_revision_and_path(evaluation: Path) -> None:
    path = evaluation / "answers" / "aider.yaml"
    original = path.read_text(encoding="utf-8")
    replaced(path, "licence: open_source", "licence: opensource")
    commit(evaluation.parents[1], "broken")
    path.write_text(original, encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        inputs_at(evaluation, "broken")
    (problem,) = caught.value.problems
    assert problem.file == "broken:results/small/answers/aider.yaml"
    assert problem.line > 0


@pytest.mark.parametrize(("name", "code"), [("linked.yaml", "Y017"), ("large.yaml", "Y004")])
def test_links_and_files_past_all_measure_are_refused(name: str, code: str, evaluation: Path) -> None:
    path = evaluation / "answers" / name
    if code == "Y017":
        path.symlink_to("/etc/passwd")
    else:
        path.write_bytes(b"#" * 5_000_001)
    commit(evaluation.parents[1], "hostile")
    path.unlink()
    with pytest.raises(InvalidInputError) as caught:
        inputs_at(evaluation, "hostile")
    assert [(it.file, it.code) for it in caught.value.problems] == [
        (f"hostile:results/small/answers/{name}", code)
    ]


@pytest.mark.parametrize("name", ["..", ".", "a\\b"])
def test_a_tree_whose_names_lead_elsewhere_is_refused_before_anything_is_written(
    name: str, evaluation: Path, tmp_path: Path
) -> None:
    """Git itself makes no such tree; whoever made one by hand may have pushed it."""
    root = evaluation.parents[1]
    blob = git(root, "rev-parse", "first:results/small/evaluation.yaml")
    leaf = _tree(root, tmp_path, [("100644", "evil.yaml", blob)])
    small = _tree(root, tmp_path, [("100644", "evaluation.yaml", blob), ("40000", name, leaf)])
    results = _tree(root, tmp_path, [("40000", "small", small)])
    top = _tree(root, tmp_path, [("40000", "results", results)])
    made = git(root, "commit-tree", top, "-m", "evil")
    with pytest.raises(EvalkitError):
        inputs_at(evaluation, made)


def _tree(root: Path, folder: Path, entries: list[tuple[str, str, str]]) -> str:
    raw = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(blob) for mode, name, blob in entries)
    path = folder / "tree"
    path.write_bytes(raw)
    return git(root, "hash-object", "-t", "tree", "-w", "--literally", str(path))


def test_generated_files_are_not_read(evaluation: Path) -> None:
    (evaluation / "out").mkdir()
    (evaluation / "out" / "large.yaml").write_bytes(b"#" * 5_000_001)
    commit(evaluation.parents[1], "generated")
    assert inputs_at(evaluation, "generated").inputs == load_inputs(evaluation)
