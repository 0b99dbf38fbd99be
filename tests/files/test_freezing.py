"""The instrument frozen by hash, and whether answers came first."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.freezing import answers_there, earliest_answer, freeze
from evalkit.files.loading import check, load_inputs
from evalkit.files.workspace import Workspace

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "results" / "coding-agents-2026"
AT = datetime(2026, 11, 22, 9, 30, 5, 700_000, tzinfo=UTC)
BEFORE, SAME_SECOND, AFTER = (
    "2026-11-22T09:30:04.999Z",
    "2026-11-22T09:30:05.100Z",
    "2026-11-22T09:30:06.000Z",
)
PROFILE = "questionnaires/coding-agent/profiles/standard.yaml"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An evaluation in a project of its own, whose one product has no answers yet."""
    evaluation = tmp_path / "results" / "ours"
    (evaluation / "answers").mkdir(parents=True)
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    text = (SHIPPED / "answers" / "aider.yaml").read_text(encoding="utf-8")
    unanswered = text[: text.index("\nanswers:") + 1]
    (evaluation / "answers" / "aider.yaml").write_text(unanswered, encoding="utf-8")
    return Workspace.of(evaluation)


def answered(workspace: Workspace) -> Path:
    path = workspace.evaluation / "answers" / "aider.yaml"
    shutil.copy(SHIPPED / "answers" / "aider.yaml", path)
    return path


def journal(workspace: Workspace, *entries: tuple[str, str], name: str = "aider") -> Path:
    path = workspace.evaluation / "answers" / f"{name}.history.jsonl"
    lines = [
        {
            "id": str(number),
            "at": at,
            "by": "Ann",
            "what": "edit",
            "changes": [{"part": part, "old": None, "new": {"value": 1}, "draft": False}],
        }
        for number, (at, part) in enumerate(entries)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_the_hashes_of_questionnaire_and_profile_are_kept_with_who_and_when(workspace: Workspace) -> None:
    frozen = freeze(workspace, by="Risk office", at=AT, late=False)
    inputs = load_inputs(workspace.evaluation)
    used = {name: it for name, it in inputs.hashes.items() if name.startswith("questionnaires/")}
    assert frozen.instrument == used
    assert PROFILE in used
    assert (frozen.by, frozen.at, frozen.late, frozen.answers) == (
        "Risk office",
        "2026-11-22T09:30:05Z",
        False,
        0,
    )
    assert inputs.freeze is not None
    assert (inputs.freeze.record, inputs.freeze.changed) == (frozen, ())
    assert inputs.freeze.came_first
    assert "results/ours/frozen.yaml" in inputs.hashes


def test_an_instrument_is_frozen_once(workspace: Workspace) -> None:
    freeze(workspace, by="A", at=AT, late=False)
    before = workspace.frozen_file.read_bytes()
    with pytest.raises(EvalkitError, match=r"ours/frozen\.yaml is there already"):
        freeze(workspace, by="B", at=AT, late=True)
    assert workspace.frozen_file.read_bytes() == before


def test_where_there_are_answers_it_is_late_or_not_at_all(workspace: Workspace) -> None:
    answered(workspace)
    assert answers_there(workspace) == {"results/ours/answers/aider.yaml": 71}
    with pytest.raises(
        EvalkitError, match=r"71 answers already \(.*aider\.yaml has 71\); freeze before .*--late"
    ):
        freeze(workspace, by="A", at=AT, late=False)
    assert not workspace.frozen_file.exists()
    frozen = freeze(workspace, by="A", at=AT, late=True)
    assert (frozen.late, frozen.answers) == (True, 71)
    found = load_inputs(workspace.evaluation).freeze
    assert found is not None
    assert not found.came_first


def test_an_answer_that_was_taken_back_was_still_given(workspace: Workspace) -> None:
    journal(workspace, (BEFORE, "answers/LOC-01"))
    with pytest.raises(
        EvalkitError, match=rf"somebody answered on {BEFORE} already, though no answer is left"
    ):
        freeze(workspace, by="A", at=AT, late=False)
    assert freeze(workspace, by="A", at=AT, late=True).late


@pytest.mark.parametrize(
    ("entries", "earlier"),
    [
        ([], ""),
        ([(BEFORE, "answers/LOC-01")], BEFORE),
        ([(BEFORE, "product"), (AFTER, "answers/LOC-01")], ""),
        ([(AFTER, "answers/LOC-01"), (BEFORE, "answers/LOC-02")], BEFORE),
        ([(SAME_SECOND, "answers/LOC-01")], ""),
    ],
    ids=["no journal", "an answer before", "a cover sheet before", "lines out of order", "the same second"],
)
def test_journals_say_whether_somebody_answered_before(
    workspace: Workspace, entries: list[tuple[str, str]], earlier: str
) -> None:
    freeze(workspace, by="A", at=AT, late=False)
    journal(workspace, *entries)  # a colleague's, merged later
    found = load_inputs(workspace.evaluation, products={"aider"}).freeze
    assert found is not None
    assert found.earlier == earlier
    assert found.came_first is (earlier == "")


def test_the_first_answer_of_all_journals_counts(workspace: Workspace) -> None:
    journal(workspace, (AFTER, "answers/LOC-01"))
    assessors = journal(workspace, (BEFORE, "answers/LOC-01"), name="aider.ann")
    with assessors.open("a", encoding="utf-8") as file:
        file.write('{"half a li\n{"done": "0"}\n')
    assert earliest_answer(workspace) == BEFORE


@pytest.mark.parametrize("file", [PROFILE, "questionnaires/coding-agent/storage.yaml"])
def test_a_changed_instrument_is_seen(workspace: Workspace, file: str) -> None:
    freeze(workspace, by="A", at=AT, late=False)
    with (workspace.root / file).open("a", encoding="utf-8") as changed:
        changed.write("# a word\n")
    found = load_inputs(workspace.evaluation).freeze
    assert found is not None
    assert found.changed == (file,)


def test_another_profile_is_another_instrument_and_profiles_that_nobody_uses_are_not(
    workspace: Workspace,
) -> None:
    freeze(workspace, by="A", at=AT, late=False)
    folder = workspace.root / "questionnaires" / "coding-agent" / "profiles"
    with (folder / "regulated.yaml").open("a", encoding="utf-8") as unused:
        unused.write("# a word\n")
    found = load_inputs(workspace.evaluation).freeze
    assert found is not None
    assert found.changed == ()
    other = load_inputs(workspace.evaluation, profile="regulated").freeze
    assert other is not None
    assert other.changed == tuple(
        f"questionnaires/coding-agent/profiles/{name}.yaml" for name in ("regulated", "standard")
    )


def test_an_instrument_that_cannot_be_used_is_not_frozen(workspace: Workspace) -> None:
    (workspace.root / PROFILE).write_text("format: evalkit/profile/1\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"standard\.yaml:\d+: S001"):
        freeze(workspace, by="A", at=AT, late=False)
    assert not workspace.frozen_file.exists()


def test_what_is_wrong_with_the_file_is_named_with_its_line(workspace: Workspace, tmp_path: Path) -> None:
    freeze(workspace, by="A", at=AT, late=False)
    text = workspace.frozen_file.read_text(encoding="utf-8")
    workspace.frozen_file.write_text(text.replace("'2026-11-22T09:30:05Z'", "yesterday"), encoding="utf-8")
    (problem,) = check(workspace.evaluation)
    assert (problem.file, problem.line, problem.code) == ("results/ours/frozen.yaml", 5, "S005")
    assert "a moment in UTC such as 2026-11-22T09:30:00Z" in problem.message
    outside = tmp_path / "elsewhere.yaml"
    outside.write_text(text, encoding="utf-8")
    workspace.frozen_file.unlink()
    workspace.frozen_file.symlink_to(outside)
    assert [problem.code for problem in check(workspace.evaluation)] == ["Y017"]
