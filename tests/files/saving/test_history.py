from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.files.saving.differences import differences
from evalkit.files.saving.history import OUTSIDE, history_of, read_history, undoing
from evalkit.files.saving.journal import Change, Entry, Mark
from tests.files.saving.acme import CITED, START, TEXT, acme, answers_file, edit, names, put, save, says

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.files.saving.answers_file import AnswersFile
    from evalkit.files.saving.parts import Json

LOC_09 = "answers/LOC-09"


@pytest.fixture
def file(tmp_path: Path) -> AnswersFile:
    return acme(tmp_path)


def test_the_past_of_a_part_is_told_oldest_first(file: AnswersFile) -> None:
    put(file, LOC_09, {"state": "refused"}, by="Ann")
    put(file, "answers/LOC-01", None)
    put(file, LOC_09, {"value": 2}, by="Bob", minute=5)
    first, second = history_of(file, LOC_09)
    assert (first.by, first.at, first.old, first.new) == (
        "Ann",
        "2026-11-22T12:00:00.000Z",
        {"state": "unknown", "finding": "Nothing."},
        {"state": "refused"},
    )
    assert first.summary == "state 'unknown' → 'refused'; finding removed"
    assert (second.by, second.at, second.is_draft) == ("Bob", "2026-11-22T12:05:00.000Z", True)
    assert first.id != second.id


def test_what_a_text_editor_changed_shows_as_a_gap(file: AnswersFile) -> None:
    put(file, LOC_09, {"state": "refused", "finding": "One."})
    file.path.write_text(file.path.read_text(encoding="utf-8").replace("One.", "Two."), encoding="utf-8")
    assert [it.what for it in history_of(file, LOC_09)] == ["edit", OUTSIDE]
    put(file, LOC_09, {"state": "refused", "finding": "Three."})
    gap = history_of(file, LOC_09)[1]
    assert [it.what for it in history_of(file, LOC_09)] == ["edit", OUTSIDE, "edit"]
    assert (gap.by, gap.at, gap.old["finding"], gap.new["finding"]) == ("", "", "One.", "Two.")


def test_each_change_by_a_text_editor_is_undone_by_itself(file: AnswersFile) -> None:
    put(file, LOC_09, {"state": "refused", "finding": "One."})
    for was, now, saved in (("One.", "Two.", "Three."), ("Three.", "Four.", "Five.")):
        text = file.path.read_text(encoding="utf-8").replace(was, now)
        file.path.write_text(text, encoding="utf-8")
        outside = history_of(file, LOC_09)[-1].id
        put(file, LOC_09, {"state": "refused", "finding": saved})
        assert history_of(file, LOC_09)[-2].id == outside
    gaps = [entry for entry in history_of(file, LOC_09) if entry.what == OUTSIDE]
    assert len({gap.id for gap in gaps}) == 2
    for gap in gaps:
        (edit,) = undoing(file, gap.id).edits
        assert edit.content == gap.old


def test_what_nobody_ever_saved_with_evalkit_has_no_past(file: AnswersFile) -> None:
    file.path.write_text(TEXT.replace("Nothing.", "Something."), encoding="utf-8")
    assert read_history(file.journal, file.read().parts).entries == ()


def test_what_was_given_up_is_no_change(file: AnswersFile) -> None:
    put(file, LOC_09, {"state": "refused"})
    change = Change(LOC_09, {"state": "refused"}, {"state": "unknown"}, is_draft=False)
    file.journal.add(Entry("lost", "2026-11-22T12:01:00.000Z", "Bob", "edit", (change,)))
    file.journal.mark(Mark("lost", is_done=False))
    assert [it.was_given_up for it in history_of(file, LOC_09)] == [False, True]
    with pytest.raises(EvalkitError, match="never came to be"):
        undoing(file, "lost")


def test_a_draft_that_came_into_the_file_is_told(file: AnswersFile) -> None:
    put(file, "answers/LOC-03", {"value": 2, "evidence": [{"class": "documented", "source": "new"}]})
    put(file, "sources/new", {"title": "N", "publisher": "A", "kind": "lab", "retrieved": "2026-11-02"})
    first, second = history_of(file, "answers/LOC-03")
    assert (first.is_draft, second.is_draft, second.summary) == (True, False, "stands in the file now")


def test_lines_that_cannot_be_read_are_named(file: AnswersFile) -> None:
    put(file, LOC_09, {"state": "refused"})
    with file.journal.path.open("ab") as journal:
        journal.write(b"edited by hand\n\n")
    put(file, LOC_09, {"state": "unknown"})
    past = read_history(file.journal, file.read().parts)
    assert (past.unreadable, [it.what for it in past.entries]) == ((3,), ["edit", "edit"])


def test_a_change_is_undone_and_its_undoing_too(file: AnswersFile) -> None:
    put(file, LOC_09, None)
    (change,) = history_of(file, LOC_09)
    found = undoing(file, change.id)
    assert found.since == ()
    save(file, *found.edits, what=f"undo of {change.id}")
    assert says(file).answers["LOC-09"].finding == "Nothing."
    save(file, *undoing(file, history_of(file, LOC_09)[-1].id).edits)
    assert "LOC-09" not in says(file).answers


def test_what_was_changed_since_is_named_before_it_is_undone(file: AnswersFile) -> None:
    save(file, edit(file, LOC_09, None), edit(file, "answers/LOC-01", None))
    (change, _) = read_history(file.journal).entries
    put(file, LOC_09, {"state": "refused"}, by="Bob", minute=3)
    found = undoing(file, change.id)
    assert [(it.part, it.by, it.at) for it in found.since] == [(LOC_09, "Bob", "2026-11-22T12:03:00.000Z")]
    save(file, *found.edits)
    assert says(file).answers.keys() == {"LOC-01", "LOC-05", "LOC-09"}
    only = undoing(file, change.id, "answers/LOC-01")
    assert [each.part for each in only.edits] == ["answers/LOC-01"]


def test_what_cannot_be_undone_is_said(file: AnswersFile) -> None:
    answers = says(file)
    file.path.unlink()
    file.create(answers, by="Ann", at=START)
    change = read_history(file.journal).entries[0].id
    with pytest.raises(EvalkitError, match="to undo it, remove the file"):
        undoing(file, change)
    with pytest.raises(EvalkitError, match="there is no change 'x'"):
        undoing(file, "x")
    put(file, LOC_09, None)
    with pytest.raises(EvalkitError, match="nothing to do with answers/LOC-01"):
        undoing(file, history_of(file, LOC_09)[-1].id, "answers/LOC-01")


def test_reading_the_past_of_an_untouched_file_leaves_nothing_behind(file: AnswersFile) -> None:
    assert history_of(answers_file(file.path), LOC_09) == ()
    assert names(file) == ["acme.yaml"]


BASE = {"value": 2, "finding": "F", "evidence": CITED}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (None, {"value": 3, "evidence": CITED}, ("value: 3", "evidence added: documented from docs")),
        (BASE, None, ("answer removed",)),
        (BASE, BASE | {"finding": "G"}, ("finding changed",)),
        (
            BASE,
            BASE | {"evidence": [CITED[0] | {"locator": "p. 3"}]},
            ("evidence changed: documented from docs",),
        ),
        (BASE, BASE | {"evidence": []}, ("evidence removed: documented from docs",)),
        (BASE, BASE | {"also": "30 days"}, ("also: '30 days'",)),
        (BASE, BASE | {"reviewed": {"by": "Eve"}}, ("signed off by Eve",)),
        (BASE | {"reviewed": {"by": "Eve"}}, BASE, ("sign-off withdrawn",)),
        (BASE, BASE | {"answered": {"by": "Ann", "on": "2026-11-22"}}, ("answered by Ann",)),
        (BASE, BASE | {"comments": [{"by": "Eve", "text": "Why?"}]}, ("comment by Eve: Why?",)),
        (BASE | {"comments": [{"text": "Why?"}]}, BASE, ("comment removed",)),
        (BASE, BASE | {"deployments": {"ide": {"value": 4}}}, ("ide: value: 4",)),
        (BASE | {"deployments": {"ide": {"value": 4}}}, BASE, ("ide: own answer removed",)),
        ({"value": ["a", "b"]}, {"value": ["b"]}, ("value [a, b] → [b]",)),
        (
            {"value": {"documented": ["x", "y"]}},
            {"value": {}},
            ("value 2 documented → a mapping with no keys",),
        ),
        ("junk", 3, ("changed",)),
    ],
)
def test_a_change_of_an_answer_is_told_in_words(old: Json, new: Json, told: tuple[str, ...]) -> None:
    assert differences("answers/LOC-01", old, new) == told


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        ("sources/x", None, {"title": "T"}, ("added",)),
        ("sources/x", {"title": "T"}, None, ("removed",)),
        ("prepared", {"by": "A"}, {"by": "B", "on": "2026-11-22"}, ("by 'A' → 'B'", "on: '2026-11-22'")),
        ("deployments", [{"id": "a"}], [{"id": "a", "name": "N"}, {"id": "b"}], ("a: name: 'N'", "b added")),
        ("deployments", [{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "a"}], ("order changed",)),
        ("deployments", [{"id": "a"}], "junk", ("a removed",)),
        ("product", [], 3, ("changed",)),
    ],
)
def test_a_change_of_another_part_is_told_in_words(
    part: str, old: Json, new: Json, told: tuple[str, ...]
) -> None:
    assert differences(part, old, new) == told
