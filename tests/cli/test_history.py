"""``evalkit history`` as its users call it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.files.loading import load_inputs
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.states import ABSENT, Edit
from tests.cli.assessed import assessed
from tests.cli.command import ROOT, evalkit

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.files.saving.parts import Json

SHIPPED = ROOT / "results" / "coding-agents-2026"
PART = "answers/LOC-09"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """An evaluation with one product, in a project of its own."""
    evaluation = tmp_path / "results" / "ours"
    (evaluation / "answers").mkdir(parents=True)
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    shutil.copy(SHIPPED / "answers" / "aider.yaml", evaluation / "answers")
    return evaluation


def put(
    evaluation: Path,
    content: Json,
    *,
    by: str = "Ann",
    minute: int = 0,
    name: str = "aider",
) -> None:
    """Save an answer as the form does."""
    inputs = load_inputs(evaluation)
    path = evaluation / "answers" / f"{name}.yaml"
    file = AnswersFile(path, f"answers/{name}.yaml", inputs.questionnaire, inputs.evaluation.as_of)
    base = file.read().parts.get(PART, ABSENT).revision
    at = datetime(2026, 11, 23, 9, minute, tzinfo=UTC)
    assert file.save([Edit(PART, base, content)], by=by, at=at).conflicts == ()


def words(text: str) -> str:
    return " ".join(text.split())


def entries(evaluation: Path, *arguments: str) -> list[dict[str, Any]]:
    done = evalkit("history", evaluation, "aider", *arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["format"] == "evalkit/history/1"
    found: list[dict[str, Any]] = told["entries"]
    return found


def test_the_history_says_when_who_and_what_newest_last(ours: Path) -> None:
    put(ours, {"state": "unknown", "finding": "Searched."})
    put(ours, {"value": 2}, by="Bob\x1b[31m", minute=5)
    done = evalkit("history", ours, "aider", "LOC-09")
    assert done.returncode == 0, done.stderr
    lines = [words(line) for line in done.stdout.splitlines()]
    ann, bob = (
        next(place for place, line in enumerate(lines) if time in line) for time in ("09:00", "09:05")
    )
    assert ann < bob
    assert "2026-11-23 09:00" in lines[ann]
    assert "Ann" in lines[ann]
    assert "finding changed" in words(done.stdout)
    assert "state 'unknown' removed" in words(done.stdout)
    assert "draft" in words(done.stdout)
    assert "\x1b" not in done.stdout


def test_the_evaluation_may_be_left_out_where_there_is_only_one(ours: Path) -> None:
    put(ours, {"state": "refused"})
    for arguments in (["aider"], ["aider", "LOC-09"], ["aider", PART.replace("answers/LOC-09", "LOC-09")]):
        done = evalkit("history", *arguments, cwd=ours.parent.parent)
        assert "state: 'refused'" in words(done.stdout), done.stderr
    for arguments in (
        [str(ours), "aider"],
        ["results/ours", "aider", "LOC-09"],
        ["results/ours/evaluation.yaml", "aider"],
    ):
        assert "state: 'refused'" in words(evalkit("history", *arguments, cwd=ours.parent.parent).stdout)


def test_only_the_last_changes_are_shown(ours: Path) -> None:
    for number in range(3):
        put(ours, {"state": "unknown", "finding": str(number)}, minute=number)
    assert [each["new"]["finding"] for each in entries(ours, "--limit", "2")] == ["1", "2"]


def test_other_questions_are_left_out(ours: Path) -> None:
    put(ours, {"state": "refused"})
    assert entries(ours, "LOC-01") == []
    assert [each["part"] for each in entries(ours)] == [PART]


def test_what_was_changed_outside_is_shown(ours: Path) -> None:
    put(ours, {"state": "unknown", "finding": "In the form."})
    path = ours / "answers" / "aider.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("In the form.", "By hand."), encoding="utf-8")
    done = evalkit("history", ours, "aider")
    assert "changed outside evalkit: finding changed" in words(done.stdout)


def test_nothing_saved_yet_is_said(ours: Path) -> None:
    done = evalkit("history", ours, "aider")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing was saved with evalkit yet" in done.stderr


def test_a_line_that_cannot_be_read_is_named(ours: Path) -> None:
    put(ours, {"state": "refused"})
    with (ours / "answers" / "aider.history.jsonl").open("a", encoding="utf-8") as journal:
        journal.write("}\n")
    done = evalkit("history", ours, "aider")
    assert done.returncode == 0
    assert "answers/aider.history.jsonl:3: " in done.stderr
    assert "state: 'refused'" in words(done.stdout)


def test_the_history_is_shown_where_the_file_cannot_be_used(ours: Path) -> None:
    put(ours, {"state": "refused"})
    (ours / "answers" / "aider.yaml").write_text("answers: [", encoding="utf-8")
    done = evalkit("history", ours, "aider")
    assert done.returncode == 0, done.stderr
    assert "answers/aider.yaml:2: Y009" in words(done.stderr)
    assert "state: 'refused'" in words(done.stdout)


def test_a_change_is_undone(ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_inputs(ours).answers["aider"]
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ann")
    put(ours, {"state": "refused"})
    (change,) = entries(ours)
    done = evalkit("history", ours, "aider", "--undo", change["id"])
    assert (done.returncode, load_inputs(ours).answers["aider"]) == (0, before), done.stderr
    assert f"LOC-09 is as before {change['id']}" in done.stderr
    assert [each["what"] for each in entries(ours)] == ["edit", f"undo of {change['id']}"]


def test_an_undo_is_refused_where_somebody_changed_it_again(ours: Path) -> None:
    put(ours, {"state": "refused"})
    put(ours, {"state": "unknown", "finding": "Bob's."}, by="Bob", minute=7)
    first = entries(ours)[0]["id"]
    done = evalkit("history", ours, "aider", "--undo", first)
    assert done.returncode == 1
    assert "LOC-09 was changed again by Bob at 2026-11-23T09:07:00.000Z" in words(done.stderr)
    assert load_inputs(ours).answers["aider"].answers["LOC-09"].finding == "Bob's."
    done = evalkit("history", ours, "aider", "--undo", first, "--anyway")
    assert done.returncode == 0, done.stderr
    assert load_inputs(ours).answers["aider"].answers["LOC-09"].finding != "Bob's."


def test_who_undoes_what_another_changed_is_who_answers_then(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_off = {"by": "Cy", "on": "2026-11-23"}
    bens = {"state": "unknown", "finding": "Ben's.", "answered": {"by": "Ben", "on": "2026-11-23"}}
    put(ours, {**bens, "reviewed": signed_off}, by="Cy")
    put(ours, {**bens, "finding": "Ben gave that up."}, by="Ben", minute=1)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Dee")
    done = evalkit("history", ours, "aider", "--undo", entries(ours)[-1]["id"])
    assert done.returncode == 0, done.stderr
    answer = load_inputs(ours).answers["aider"].answers["LOC-09"]
    assert (answer.finding, answer.reviewed) == ("Ben's.", None)
    assert answer.answered is not None
    assert answer.answered.by == "Dee"


def test_only_who_took_a_sign_off_back_gives_it_again_by_undoing_that(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bens = {"state": "unknown", "finding": "Ben's.", "answered": {"by": "Ben", "on": "2026-11-23"}}
    put(ours, {**bens, "reviewed": {"by": "Cy", "on": "2026-11-23"}}, by="Cy")
    put(ours, bens, by="Cy", minute=1)
    withdrawal = entries(ours)[-1]["id"]
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ben")
    done = evalkit("history", ours, "aider", "--undo", withdrawal)
    assert done.returncode == 1
    assert "sign-off" in done.stderr
    assert load_inputs(ours).answers["aider"].answers["LOC-09"].reviewed is None
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Cy")
    assert evalkit("history", ours, "aider", "--undo", withdrawal).returncode == 0
    assert load_inputs(ours).answers["aider"].answers["LOC-09"].reviewed is not None


def test_anybody_may_undo_a_sign_off(ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bens = {"state": "unknown", "finding": "Ben's.", "answered": {"by": "Ben", "on": "2026-11-23"}}
    put(ours, bens, by="Ben")
    put(ours, {**bens, "reviewed": {"by": "Cy", "on": "2026-11-23"}}, by="Cy", minute=1)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ben")
    done = evalkit("history", ours, "aider", "--undo", entries(ours)[-1]["id"])
    assert done.returncode == 0, done.stderr
    assert load_inputs(ours).answers["aider"].answers["LOC-09"].reviewed is None


def test_what_is_undone_into_a_draft_says_why(ours: Path) -> None:
    put(ours, {"value": 2})
    put(ours, {"state": "refused"}, minute=1)
    done = evalkit("history", ours, "aider", "--undo", entries(ours)[-1]["id"])
    assert done.returncode == 0, done.stderr
    assert "as a draft, since it breaks a rule" in words(done.stderr)
    assert "A021 LOC-09: value 2 without evidence" in words(done.stderr)


def test_an_assessors_file_has_its_own_history(tmp_path: Path) -> None:
    ours = assessed(tmp_path, {"ann": {}, "bob": {}})
    put(ours, {"state": "refused"}, name="aider.bob")
    done = evalkit("history", ours, "aider", "--assessor", "bob")
    assert "state: 'refused'" in words(done.stdout), done.stderr
    assert "nothing was saved" in evalkit("history", ours, "aider", "--assessor", "ann").stderr
    for arguments, says in (
        (["--assessor", "eve"], "assessor 'eve' is not known; allowed are ann, bob"),
        ([], "name one with --assessor: ann, bob"),
    ):
        done = evalkit("history", ours, "aider", *arguments)
        assert (done.returncode, says in words(done.stderr)) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["aidr"], "product 'aidr' is not known; allowed are aider; did you mean aider?"),
        (["aider", "LOC-0"], "question 'LOC-0' is not known"),
        (["aider", "LOC-09", "more"], "at most [DIR] PRODUCT [QUESTION]"),
        (["aider", "--undo", "x"], "there is no change 'x' in the history of"),
        (["aider", "--limit", "0"], "limit"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(ours: Path, arguments: list[str], says: str) -> None:
    done = evalkit("history", ours, *arguments)
    assert done.returncode == 2
    assert says in words(done.stderr)
    assert "Traceback" not in done.stderr


def test_without_a_product_the_use_is_told(ours: Path) -> None:
    assert evalkit("history", cwd=ours).returncode == 2
