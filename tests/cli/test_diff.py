"""``evalkit diff``, and ``evalkit board --since``, as their users call them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import evalkit
from tests.files.test_revisions import commit, git, replaced
from tests.reports.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluation of which two revisions differ in one answer, one day and one weight."""
    evaluation = make_project(tmp_path_factory.mktemp("project"))
    root = evaluation.parents[1]
    git(root, "init", "--quiet")
    commit(root, "first")
    lower_a_level(evaluation / "answers" / "aider.yaml")
    replaced(evaluation / "evaluation.yaml", "2026-11-22", "2026-12-24")
    commit(root, "second")
    return evaluation


def lower_a_level(path: Path) -> None:
    """State level 0 where the first answer on a scale states another."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    start = lines.index("answers:\n")
    place = next(at for at in range(start, len(lines)) if lines[at].strip() in ("value: 2", "value: 3"))
    lines[place] = lines[place].replace(lines[place].strip(), "value: 1")
    path.write_text("".join(lines), encoding="utf-8")


def as_json(*arguments: str | Path) -> dict[str, Any]:
    done = evalkit("diff", *arguments, "--format", "json")
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["changed"] == bool(done.returncode)
    return found


def test_a_revision_is_compared_with_the_files_as_they_are(origin: Path) -> None:
    found = as_json(origin, "--since", "first")
    assert (found["format"], found["changed"]) == ("evalkit/changes/1", True)
    assert found["before"]["revision"]["name"] == "first"
    assert (found["before"]["as_of"], found["after"]["as_of"]) == ("2026-11-22", "2026-12-24")
    assert found["after"]["revision"] is None
    (answer,) = found["answers"]
    assert (answer["product"], answer["value"]["new"]) == ("aider", 1)


def test_two_revisions_give_the_same_whichever_is_checked_out(origin: Path) -> None:
    found = as_json(origin, "--since", "first", "--until", "second")
    now = as_json(origin, "--since", "first")
    assert found["options"] == now["options"]
    back = as_json(origin, "--since", "second", "--until", "first")
    assert {it["id"]: -it["difference"] for it in back["options"]} == {
        it["id"]: it["difference"] for it in found["options"]
    }


def test_nothing_changed_since_the_last_revision_is_exit_code_0(origin: Path) -> None:
    done = evalkit("diff", origin, "--since", "second")
    assert done.returncode == 0
    assert "Nothing changed" in done.stdout


def test_a_table_shows_options_causes_and_answers(origin: Path) -> None:
    done = evalkit("diff", origin, "--since", "first")
    assert done.returncode == 1
    assert "Before: revision first (" in done.stdout
    assert "Why assured scores moved" in done.stdout
    assert "Answers and evidence" in done.stdout


def test_two_days_of_the_same_files_are_compared(origin: Path) -> None:
    found = as_json(origin, "--from", "2026-12-24", "--to", "2028-01-01")
    assert found["answers"] == []
    assert any(reading["after"].get("stale") for reading in found["readings"])
    assert {part["cause"] for it in found["options"] for part in it["causes"]} <= {"date", "applicability"}
    assert as_json(origin, "--from", "2026-12-24")["changed"] is False


def test_two_folders_are_compared_and_one_option_may_be_meant(origin: Path, tmp_path: Path) -> None:
    other = make_project(tmp_path)
    (other / "answers" / "cline.yaml").unlink()
    (other / "controls" / "cline.yaml").unlink()
    text = (other / "evaluation.yaml").read_text(encoding="utf-8").replace("- cline/ide-bedrock\n", "")
    (other / "evaluation.yaml").write_text(text, encoding="utf-8")
    found = as_json(other, origin)
    assert {it["id"]: it["fate"] for it in found["options"]}["cline/ide-bedrock"] == "added"
    one = as_json(other, origin, "--option", "aider/bedrock")
    assert [it["id"] for it in one["options"]] == ["aider/bedrock"]


@pytest.mark.parametrize(
    ("name", "begins"),
    [("c.html", "<!DOCTYPE html>"), ("c.md", "# Small"), ("c.json", "{"), ("c.HTM", "<!DOCTYPE html>")],
)
def test_a_file_has_the_form_that_its_name_says(name: str, begins: str, origin: Path, tmp_path: Path) -> None:
    done = evalkit("diff", origin, "--since", "first", "-o", tmp_path / name)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"wrote {tmp_path / name}" in "".join(done.stderr.split("\n"))
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_another_version_of_the_questionnaire_is_compared_as_far_as_it_goes(
    origin: Path, tmp_path: Path
) -> None:
    shutil.copytree(origin.parents[1], tmp_path / "project")
    evaluation = tmp_path / "project" / "results" / "small"
    folder = tmp_path / "project" / "questionnaires" / "coding-agent"
    replaced(folder / "questionnaire.yaml", "version: 1.0.0", "version: 1.1.0")
    for path in (evaluation / "evaluation.yaml", *(evaluation / "answers").glob("*.yaml")):
        replaced(path, "coding-agent@1.0.0", "coding-agent@1.1.0")
    replaced(evaluation / "controls" / "conditions.yaml", "coding-agent@1.0.0", "coding-agent@1.1.0")
    done = evalkit("diff", evaluation, "--since", "second")
    assert done.returncode == 1, done.stderr
    assert "note: coding-agent@1.0.0 was asked before and coding-agent@1.1.0 after" in done.stderr
    assert "version" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say what to compare with"),
        (("--until", "first"), "--until needs --since REV"),
        (("--since", "frist"), "frist is no revision of"),
        (("--since=--all",), "is no revision; name a branch, a tag or a hash"),
        (("--since", "first", "--option", "aider/bedrok"), "'aider/bedrok' is no option or product"),
        (("--since", "first", "-o", "changes"), "a file needs --format json, markdown or html"),
        (("--since", "first", "--profile", "none-such"), "none-such"),
        (("--from", "yesterday"), "write it as YYYY-MM-DD"),
        (("--from", "2026-11-22", "-o", "no/such/c.md"), "its folder does not exist"),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...], said: str, origin: Path) -> None:
    done = evalkit("diff", origin, *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_folders_that_do_not_go_together_are_refused(origin: Path, tmp_path: Path) -> None:
    for arguments, said in (
        ((origin, origin), "are the same evaluation"),
        ((origin, origin, origin), "at most two evaluations are compared"),
        ((origin, origin, "--since", "first"), "--since and --until take one"),
        ((origin, tmp_path / "none"), "there is no such folder"),
    ):
        done = evalkit("diff", *arguments)
        assert done.returncode == 2, said
        assert said in " ".join(done.stderr.split())


def test_a_board_that_names_a_revision_gets_the_slide_and_the_paragraph(origin: Path, tmp_path: Path) -> None:
    done = evalkit("board", origin, "--since", "first", "--format", "md,html", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "**Since the last board:** Since revision first of 2026-12-01" in (tmp_path / "memo.md").read_text(
        encoding="utf-8"
    )
    assert "What changed since the last board" in (tmp_path / "deck.html").read_text(encoding="utf-8")
    refused = evalkit("board", origin, "--since", "frist", "--format", "md", "--out", tmp_path / "no")
    assert refused.returncode == 2
    assert not (tmp_path / "no").exists()


def test_a_board_that_decided_is_told_without_git_what_changed_since(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    quiet = ("--format", "md", "--out", tmp_path / "o")
    assert evalkit("board", evaluation, *quiet).returncode == 0
    memo = tmp_path / "o" / "memo.md"
    assert "Since the last board" not in memo.read_text(encoding="utf-8")
    done = evalkit(
        *("decide", evaluation, "--option", "aider/bedrock", "--verdict", "defer", "--by", "Board"),
        *("--on", "2026-12-02", "--reason", "A pilot first."),
    )
    assert done.returncode == 0, done.stderr
    assert evalkit("board", evaluation, *quiet).returncode == 0
    assert (
        "**Since the last board:** Since the decision of the board on 2026-12-02, nothing that counts is"
        " different."
    ) in memo.read_text(encoding="utf-8")
    lower_a_level(evaluation / "answers" / "aider.yaml")
    assert evalkit("board", evaluation, *quiet).returncode == 0
    assert "no verdict changed and one assured score moved. Changed: 1 input file." in memo.read_text(
        encoding="utf-8"
    )
    (evaluation / "decision.yaml").write_text("format: evalkit/decision/1\n", encoding="utf-8")
    broken = evalkit("board", evaluation, *quiet)
    assert broken.returncode == 2
    assert "decision.yaml:" in broken.stderr
