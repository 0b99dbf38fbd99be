from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.saving.parts import revision
from evalkit.files.saving.states import Edit
from tests.files.saving.acme import (
    CITED,
    START,
    TEXT,
    acme,
    answers_file,
    codes,
    diff,
    edit,
    names,
    put,
    save,
    says,
)

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.files.saving.answers_file import AnswersFile
    from evalkit.files.saving.states import Saved


@pytest.fixture
def file(tmp_path: Path) -> AnswersFile:
    return acme(tmp_path)


def test_a_snapshot_has_every_part_with_its_revision(file: AnswersFile) -> None:
    snapshot = file.read()
    assert snapshot.answers == says(file)
    state = snapshot.parts["answers/LOC-09"]
    assert (state.content, state.is_draft, state.problems) == (
        {"state": "unknown", "finding": "Nothing."},
        False,
        (),
    )
    assert state.revision == revision(state.content)
    assert names(file) == ["acme.yaml"]


def test_an_edit_rewrites_its_lines_only(file: AnswersFile) -> None:
    saved = put(file, "answers/LOC-01", {"value": 3, "finding": "Read again.", "evidence": CITED})
    assert diff(file) == ["-        finding: As read.", "+        finding: Read again."]
    state = saved.parts["answers/LOC-01"]
    assert (state.is_draft, state.problems, state.revision) == (False, (), revision(state.content))
    assert answers_file(file.path).read().parts["answers/LOC-01"] == state


def test_a_new_answer_goes_where_the_questionnaire_has_it(file: AnswersFile) -> None:
    put(file, "answers/LOC-03", {"state": "unknown", "finding": "Looked."})
    assert list(says(file).answers) == ["LOC-01", "LOC-03", "LOC-05", "LOC-09"]


def test_an_answer_is_removed(file: AnswersFile) -> None:
    saved = put(file, "answers/LOC-09", None)
    assert list(says(file).answers) == ["LOC-01", "LOC-05"]
    assert (saved.parts["answers/LOC-09"].content, saved.parts["answers/LOC-09"].revision) == (None, "")
    assert "answers/LOC-09" not in file.read().parts


def test_edits_of_different_parts_by_two_people_merge(file: AnswersFile) -> None:
    other = answers_file(file.path)
    one = edit(file, "answers/LOC-01", {"state": "unknown", "finding": "A"})
    two = edit(other, "answers/LOC-09", {"state": "refused", "finding": "B"})
    assert save(file, one).conflicts == save(other, two).conflicts == ()
    assert [says(file).answers[name].finding for name in ("LOC-01", "LOC-09")] == ["A", "B"]


def test_an_edit_of_a_part_that_was_changed_since_is_a_conflict_that_names_who_and_when(
    file: AnswersFile,
) -> None:
    late = edit(file, "answers/LOC-09", {"state": "refused", "finding": "Mine."})
    beside = edit(file, "answers/LOC-01", {"state": "unknown"})
    put(answers_file(file.path), "answers/LOC-09", {"state": "unknown", "finding": "Theirs."}, by="Bob")
    saved = save(file, late, beside, minute=1)
    (conflict,) = saved.conflicts
    assert (conflict.part, conflict.by, conflict.at) == ("answers/LOC-09", "Bob", "2026-11-22T12:00:00.000Z")
    assert conflict.theirs == file.read().parts["answers/LOC-09"]
    assert conflict.theirs.content == {"state": "unknown", "finding": "Theirs."}
    assert set(saved.parts) == {"answers/LOC-01"}
    assert says(file).answers["LOC-01"].state == "unknown"
    again = save(file, Edit(late.part, conflict.theirs.revision, late.content))
    assert (again.conflicts, says(file).answers["LOC-09"].finding) == ((), "Mine.")


def test_a_conflict_with_a_text_editor_names_nobody(file: AnswersFile) -> None:
    put(file, "answers/LOC-09", {"state": "unknown", "finding": "First."})
    late = edit(file, "answers/LOC-09", {"state": "refused"})
    file.path.write_text(
        file.path.read_text(encoding="utf-8").replace("First.", "By hand."), encoding="utf-8"
    )
    (conflict,) = save(file, late).conflicts
    assert (conflict.by, conflict.at, conflict.theirs.content["finding"]) == ("", "", "By hand.")
    assert "By hand." in file.path.read_text(encoding="utf-8")


def test_what_stands_already_is_saved_whatever_its_base(file: AnswersFile) -> None:
    before = file.path.read_bytes()
    saved = save(
        file, Edit("answers/LOC-09", "stale", {"finding": "Nothing.", "state": "unknown", "evidence": []})
    )
    assert (saved.conflicts, set(saved.parts)) == ((), {"answers/LOC-09"})
    assert (file.path.read_bytes(), names(file)) == (before, ["acme.yaml"])


def test_an_edit_may_start_from_a_revision_that_is_allowed(file: AnswersFile) -> None:
    old = edit(file, "answers/LOC-09", {"state": "refused"})
    put(file, "answers/LOC-09", {"state": "unknown", "finding": "My own, a moment ago."})
    saved = file.save([old], by="Ann", at=START, allowed_bases={"answers/LOC-09": {old.base}})
    assert (saved.conflicts, says(file).answers["LOC-09"].state) == ((), "refused")


def test_two_edits_of_one_part_in_one_save_follow_each_other(file: AnswersFile) -> None:
    first = edit(file, "answers/LOC-09", {"state": "refused", "finding": "1"})
    second = Edit("answers/LOC-09", revision(first.content), {"state": "refused", "finding": "2"})
    assert save(file, first, second).conflicts == ()
    assert says(file).answers["LOC-09"].finding == "2"


def test_what_breaks_rules_in_the_file_is_told_and_stops_no_other_edit(file: AnswersFile) -> None:
    file.path.write_text(TEXT.replace("value:   3", "value: 8"), encoding="utf-8")
    state = file.read().parts["answers/LOC-01"]
    assert (state.is_draft, codes(state.problems)) == (False, [(("value",), "A011")])
    put(file, "answers/LOC-09", {"state": "refused"})
    assert says(file).answers["LOC-09"].state == "refused"
    put(file, "answers/LOC-01", {"value": 4, "evidence": CITED})
    assert file.read().parts["answers/LOC-01"].problems == ()


@pytest.mark.parametrize(
    ("text", "says_why"),
    [
        (TEXT.replace("answers:\n", "answers: ["), "Y009"),
        (TEXT.replace("vendor: A,", ""), "S001"),
        (TEXT.replace("coding-agent@1.0.0", "coding-agent@0.9.0"), "A001"),
        ("", "Y007"),
    ],
)
def test_a_file_that_cannot_be_used_stops_reading_and_saving_and_stays(
    file: AnswersFile, text: str, says_why: str
) -> None:
    late = edit(file, "answers/LOC-09", {"state": "refused"})
    file.path.write_text(text, encoding="utf-8")
    for use in (file.read, lambda: save(file, late)):
        with pytest.raises(InvalidInputError, match=f"answers/acme.yaml.*{says_why}"):
            use()
    assert file.path.read_text(encoding="utf-8") == text
    assert names(file) == ["acme.yaml"]


def test_drafts_that_evalkit_did_not_write_stop_saving_and_stay(file: AnswersFile) -> None:
    file.drafts_path.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"answers/acme\.drafts\.json"):
        save(file, Edit("answers/LOC-09", "", None))
    assert file.drafts_path.read_text(encoding="utf-8") == "<<<<<<< HEAD\n"


def test_a_missing_file_is_said_and_not_made(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    file = answers_file(tmp_path / "answers" / "none.yaml")
    with pytest.raises(InvalidInputError, match="there is no such file"):
        file.read()
    with pytest.raises(InvalidInputError, match="there is no such file"):
        save(file, Edit("answers/LOC-09", "", {"state": "unknown"}))
    assert names(file) == []


@pytest.mark.parametrize("part", ["answers/LOC-99", "nonsense", "sources/a b"])
def test_an_edit_of_what_does_not_exist_stops_the_whole_save(file: AnswersFile, part: str) -> None:
    good = edit(file, "answers/LOC-09", {"state": "refused"})
    with pytest.raises(EvalkitError, match=r"is no (part|question)"):
        save(file, good, Edit(part, "", {"value": 1}))
    assert file.path.read_bytes() == TEXT.encode()


def test_an_answer_to_a_question_that_is_no_more_is_removed(file: AnswersFile) -> None:
    file.path.write_text(TEXT.replace("LOC-09:", "LOC-98:"), encoding="utf-8")
    assert codes(file.read().parts["answers/LOC-98"].problems) == [((), "A010")]
    put(file, "answers/LOC-98", None)
    assert list(says(file).answers) == ["LOC-01", "LOC-05"]


def test_a_time_without_a_zone_is_a_mistake_of_the_caller(file: AnswersFile) -> None:
    with pytest.raises(ValueError, match="time zone"):
        file.save([], by="Ann", at=START.replace(tzinfo=None))


def test_an_assessors_file_is_one_of_its_own(tmp_path: Path) -> None:
    file = acme(tmp_path)
    own = answers_file(file.path.with_name("acme.bob.yaml"))
    own.path.write_text(TEXT, encoding="utf-8")
    put(own, "answers/LOC-03", {"value": 2})
    put(own, "answers/LOC-09", {"state": "refused"})
    assert names(own) == ["acme.bob.drafts.json", "acme.bob.history.jsonl", "acme.bob.yaml", "acme.yaml"]
    assert file.path.read_bytes() == TEXT.encode()


def test_a_new_file_is_made_with_its_history(tmp_path: Path) -> None:
    answers = says(acme(tmp_path)).model_copy(update={"answers": {}})
    made = answers_file(tmp_path / "other" / "acme.yaml")
    snapshot = made.create(answers, by="Ann", at=START)
    assert snapshot.answers == says(made) == answers
    assert snapshot == answers_file(made.path).read()
    put(made, "answers/LOC-09", {"state": "unknown"})
    assert names(made) == ["acme.history.jsonl", "acme.yaml"]


def test_a_file_that_is_there_is_not_made_again(file: AnswersFile) -> None:
    with pytest.raises(EvalkitError, match="is there already"):
        file.create(says(file), by="Ann", at=START)
    assert file.path.read_bytes() == TEXT.encode()


def test_a_new_file_that_would_break_rules_is_not_made(file: AnswersFile) -> None:
    made = answers_file(file.path.with_name("other.yaml"))
    with pytest.raises(InvalidInputError, match="A002 product id acme is not the file's name"):
        made.create(says(file), by="Ann", at=START)
    assert not made.path.exists()


def test_drafts_of_a_file_that_was_removed_are_none_of_a_new_one(file: AnswersFile) -> None:
    answers = says(file)
    put(file, "answers/LOC-03", {"value": 2})
    file.path.unlink()
    assert "answers/LOC-03" not in file.create(answers, by="Ann", at=START).parts
    assert names(file) == ["acme.history.jsonl", "acme.yaml"]


@pytest.mark.parametrize(("mark", "line_break"), [("\ufeff", "\n"), ("", "\r\n"), ("\ufeff", "\r\n")])
def test_byte_order_mark_and_line_breaks_stay(tmp_path: Path, mark: str, line_break: str) -> None:
    text = mark + TEXT.replace("\n", line_break)
    file = acme(tmp_path, text)
    put(file, "answers/LOC-01", {"value": 3, "finding": "Read again.", "evidence": CITED})
    assert file.path.read_bytes() == text.replace("As read.", "Read again.").encode()


def test_a_link_stays_a_link(file: AnswersFile) -> None:
    real = file.path.with_name("real.txt")
    file.path.rename(real)
    file.path.symlink_to(real)
    put(file, "answers/LOC-09", {"state": "refused"})
    assert file.path.is_symlink()
    assert "refused" in real.read_text(encoding="utf-8")


def test_a_folder_in_the_place_of_the_file_is_said(file: AnswersFile) -> None:
    file.path.unlink()
    file.path.mkdir()
    with pytest.raises(InvalidInputError, match="this is a folder"):
        save(file, Edit("answers/LOC-09", "", None))


@pytest.mark.parametrize(
    "text", ["\x00\x1b[31m\x7f", "\x85\u2028\ufeff", "a\r\nb\tc \n", "😀\ud83d", "- [x]: #", " "]
)
def test_whatever_somebody_types_is_kept(file: AnswersFile, text: str) -> None:
    put(file, "answers/LOC-09", {"state": "unknown", "finding": text})
    assert says(file).answers["LOC-09"].finding == text.replace("\ud83d", "\ufffd")


def test_a_file_that_would_be_too_large_to_read_is_not_written(file: AnswersFile) -> None:
    for number in range(1, 6):
        put(file, f"answers/NET-0{number}", {"state": "unknown", "finding": "x" * 900_000})
    before = file.path.read_bytes()
    late = edit(file, "answers/NET-06", {"state": "unknown", "finding": "x" * 900_000})
    with pytest.raises(InvalidInputError, match=r"would have 5\.4 MB; at most 5 MB"):
        save(file, late)
    assert file.path.read_bytes() == before
    put(file, "answers/LOC-09", None)


def test_a_saved_part_is_the_one_that_is_read(file: AnswersFile) -> None:
    def same(saved: Saved) -> bool:
        return all(answers_file(file.path).read().parts[part] == state for part, state in saved.parts.items())

    assert same(put(file, "answers/LOC-03", {"value": 1, "finding": ""}))
    assert same(put(file, "answers/LOC-07", {"value": 1.5, "evidence": CITED, "also": "30 days"}))
    assert same(put(file, "sources/docs", {"title": 3}))
    assert same(put(file, "prepared", {"on": "2026-11-21", "basis": "\x1b[31m", "by": "😀"}))
