from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.files.instrument import load_questionnaire
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.drafts import Draft, drafts_bytes, drafts_from
from evalkit.files.saving.history import OUTSIDE, read_history
from evalkit.files.saving.parts import parts_of, revision
from tests.files.migrating.projects import SCRIBE, migrate, project, renamed, says

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = {"value": 3, "finding": "Read the other page."}
CHANGES = [
    renamed("LOC-01", "LOC-11"),
    {"changed": "LOC-02", "reason": "-"},
    {"retired": "NET-03", "reason": "-"},
    {"changed": "LOC-93", "to": "LOC-05", "reason": "-"},
]


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    return project(tmp_path, [("1.1.0", CHANGES)], None, ["LOC-01=LOC-11", "-NET-03"])


def drafted(evaluation: Path, *questions: str, is_set_aside: bool = False) -> None:
    """Write drafts of answers beside the file."""
    parts = parts_of(says(evaluation))
    drafts = {
        f"answers/{name}": Draft(
            CONTENT, "0" * 16 if is_set_aside else revision(parts.get(f"answers/{name}"))
        )
        for name in questions
    }
    (evaluation / "answers" / "acme.drafts.json").write_bytes(drafts_bytes(drafts) or b"")


def drafts_of(path: Path) -> dict[str, Any]:
    raw = path.read_bytes() if path.exists() else None
    return {part: draft.content for part, draft in drafts_from(raw, path.name).items()}


def file_of(evaluation: Path) -> AnswersFile:
    questionnaire = load_questionnaire(evaluation.parents[1] / "questionnaires" / "demo")
    return AnswersFile(evaluation / "answers" / "acme.yaml", "acme.yaml", questionnaire, SCRIBE.on)


def test_a_draft_goes_with_a_renamed_question_and_counts_there(evaluation: Path) -> None:
    drafted(evaluation, "LOC-01")
    migrate(evaluation)
    assert drafts_of(evaluation / "answers" / "acme.drafts.json") == {"answers/LOC-11": CONTENT}
    state = file_of(evaluation).read().parts["answers/LOC-11"]
    assert (state.content, state.is_draft) == (CONTENT, True)


@pytest.mark.parametrize(("old", "new"), [("LOC-02", "LOC-02"), ("LOC-93", "LOC-05")])
def test_a_draft_of_a_changed_question_is_laid_aside_and_told(evaluation: Path, old: str, new: str) -> None:
    drafted(evaluation, old)
    migrate(evaluation)
    assert not (evaluation / "answers" / "acme.drafts.json").exists()
    aside = evaluation / "retired" / "1.0.0" / "acme.drafts.json"
    assert drafts_of(aside) == {f"answers/{old}": CONTENT}
    answer = says(evaluation).answers[new]
    assert answer.state == "unanswered"
    said = answer.comments[-1].text
    assert said.startswith(f"evalkit migrate: A draft of the answer to {old} is laid aside. It said: ")
    assert json.loads(said.partition("It said: ")[2]) == CONTENT


def test_a_draft_of_a_retired_question_is_kept_with_it(evaluation: Path) -> None:
    drafted(evaluation, "NET-03")
    migrate(evaluation)
    assert drafts_of(evaluation / "retired" / "1.0.0" / "acme.drafts.json") == {"answers/NET-03": CONTENT}


def test_a_draft_that_did_not_count_does_not_count_afterwards(evaluation: Path) -> None:
    drafted(evaluation, "LOC-01", is_set_aside=True)
    migrate(evaluation)
    assert drafts_of(evaluation / "answers" / "acme.drafts.json") == {}
    assert drafts_of(evaluation / "retired" / "1.0.0" / "acme.drafts.json") == {"answers/LOC-01": CONTENT}
    assert file_of(evaluation).read().parts["answers/LOC-11"].content["value"] == 2


def test_the_history_of_drafts_has_no_gap(evaluation: Path) -> None:
    drafted(evaluation, "LOC-01", "LOC-02")
    migrate(evaluation)
    file = file_of(evaluation)
    past = read_history(file.journal, file.read().parts).entries
    assert [entry for entry in past if entry.what == OUTSIDE] == []
    assert [entry.part for entry in past if entry.is_draft] == ["answers/LOC-11"]


def test_drafts_of_other_parts_stay_byte_for_byte(evaluation: Path) -> None:
    drafted(evaluation, "LOC-04")
    before = (evaluation / "answers" / "acme.drafts.json").read_bytes()
    migrate(evaluation)
    assert (evaluation / "answers" / "acme.drafts.json").read_bytes() == before


def test_half_of_a_character_in_a_draft_is_replaced_in_the_remark(evaluation: Path) -> None:
    drafts = {
        "answers/LOC-02": {
            "base": revision(parts_of(says(evaluation))["answers/LOC-02"]),
            "content": "\ud83d",
        }
    }
    path = evaluation / "answers" / "acme.drafts.json"
    path.write_text(json.dumps({"format": "evalkit/drafts/1", "parts": drafts}), encoding="utf-8")
    migrate(evaluation)
    assert says(evaluation).answers["LOC-02"].comments[-1].text.endswith('It said: "\ufffd"')
