"""What may not stand in the file stays beside it, says why, and goes in when it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from evalkit.files.saving.states import SET_ASIDE, Edit
from tests.files.saving.acme import (
    CITED,
    TEXT,
    acme,
    codes,
    edit,
    names,
    put,
    save,
    says,
)

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.files.saving.answers_file import AnswersFile
    from evalkit.files.saving.parts import Json


@pytest.fixture
def file(tmp_path: Path) -> AnswersFile:
    return acme(tmp_path)


def test_an_answer_without_evidence_stays_a_draft_until_it_has_some(file: AnswersFile) -> None:
    saved = put(file, "answers/LOC-03", {"value": 2})
    state = saved.parts["answers/LOC-03"]
    assert (state.is_draft, codes(state.problems)) == (True, [(("value",), "A021")])
    assert state.problems[0].message == "LOC-03: value 2 without evidence; at least one item is needed"
    assert file.path.read_bytes() == TEXT.encode()
    assert file.read().parts["answers/LOC-03"] == state
    saved = put(file, "answers/LOC-03", {"value": 2, "evidence": CITED})
    assert (saved.parts["answers/LOC-03"].is_draft, says(file).answers["LOC-03"].value) == (False, 2)
    assert names(file) == ["acme.history.jsonl", "acme.yaml"]


def test_what_the_schema_refuses_is_told_as_check_tells_it_with_its_place_in_the_part(
    file: AnswersFile,
) -> None:
    content = {
        "value": 2,
        "evidence": [{"class": "hearsay", "source": "docs"}],
        "deployments": {"editor": {"valu": 1}},
    }
    state = put(file, "answers/LOC-05", content).parts["answers/LOC-05"]
    assert state.content == content
    assert codes(state.problems) == [
        (("evidence", 0, "class"), "S004"),
        (("deployments", "editor", "valu"), "S002"),
    ]
    assert "allowed are" in state.problems[0].message or "one of claim" in state.problems[0].message
    assert state.problems[1].hint == "did you mean 'value'?"


@pytest.mark.parametrize(
    ("part", "content", "path", "code"),
    [
        ("sources/docs", {"title": "", "publisher": "A", "kind": "vendor-docs"}, ("title",), "S008"),
        ("sources/docs", "text", (), "S003"),
        ("product", None, (), "S001"),
        (
            "product",
            {"id": "other", "name": "O", "vendor": "A", "version": "1", "licence": "closed"},
            ("id",),
            "A002",
        ),
        ("prepared", {"by": "A", "on": "2026-02-30", "basis": "B"}, ("on",), "S006"),
        ("deployments", [], (), "S008"),
        ("deployments", 3, (), "S003"),
        ("answers/LOC-01", {"value": True}, ("value",), "S011"),
        ("answers/LOC-01", {"value": 9, "evidence": CITED}, ("value",), "A011"),
        (
            "answers/LOC-01",
            {"value": 1, "evidence": [{"class": "claim", "source": "x"}]},
            ("evidence", 0, "source"),
            "A022",
        ),
    ],
)
def test_a_draft_says_what_is_wrong_and_where(
    file: AnswersFile,
    part: str,
    content: Json,
    path: tuple[Any, ...],
    code: str,
) -> None:
    state = put(file, part, content).parts[part]
    assert (state.is_draft, state.content, codes(state.problems)[:1]) == (True, content, [(path, code)])
    assert file.path.read_bytes() == TEXT.encode()


def test_a_draft_is_promoted_when_the_source_that_it_cites_is_completed(file: AnswersFile) -> None:
    answer = {"value": 2, "evidence": [{"class": "documented", "source": "new"}]}
    put(file, "sources/new", {"title": "New", "kind": "vendor-docs"})
    (problem,) = put(file, "answers/LOC-03", answer).parts["answers/LOC-03"].problems
    assert (problem.path, problem.message) == (
        ("evidence", 0, "source"),
        "LOC-03: source new is not complete",
    )
    whole = {"title": "New", "publisher": "A", "kind": "vendor-docs", "retrieved": "2026-11-02"}
    saved = put(file, "sources/new", whole)
    assert {part: state.is_draft for part, state in saved.parts.items()} == {
        "sources/new": False,
        "answers/LOC-03": False,
    }
    assert says(file).answers["LOC-03"].value == 2
    assert file.read().parts["sources/new"].content == whole


def test_a_source_that_is_cited_is_removed_when_no_answer_cites_it(file: AnswersFile) -> None:
    saved = put(file, "sources/docs", None)
    state = saved.parts["sources/docs"]
    assert (state.content, state.revision, state.is_draft) == (None, "", True)
    assert {problem.message.split(" needs")[0] for problem in state.problems} == {"LOC-01", "LOC-05"}
    assert "docs" in says(file).sources
    put(file, "answers/LOC-01", None)
    saved = put(file, "answers/LOC-05", None)
    assert "sources/docs" in saved.parts
    assert list(says(file).sources) == ["spare"]


def test_a_deployment_that_has_an_answer_of_its_own_is_not_removed(file: AnswersFile) -> None:
    deployments = file.read().parts["deployments"].content
    state = put(file, "deployments", deployments[:1]).parts["deployments"]
    assert (state.is_draft, codes(state.problems)) == (True, [((), "A032")])
    assert "LOC-05 needs it as it is" in state.problems[0].message
    assert len(says(file).deployments) == 2


def test_a_deployment_and_the_answers_by_it_are_renamed_at_once_beside_drafts_that_cannot_stand(
    file: AnswersFile,
) -> None:
    put(file, "answers/LOC-03", {"value": 2})
    put(file, "sources/docs", None)
    parts = file.read().parts
    deployments = [parts["deployments"].content[0], parts["deployments"].content[1] | {"id": "ide"}]
    answer = dict(parts["answers/LOC-05"].content)
    answer["deployments"] = {"ide": answer["deployments"]["editor"]}
    saved = save(file, edit(file, "deployments", deployments), edit(file, "answers/LOC-05", answer))
    assert not saved.parts["deployments"].is_draft
    assert not saved.parts["answers/LOC-05"].is_draft
    assert (says(file).deployments[1].id, list(says(file).answers["LOC-05"].deployments)) == ("ide", ["ide"])


def test_a_good_edit_is_not_held_back_by_a_bad_one_of_the_same_save(file: AnswersFile) -> None:
    saved = save(
        file,
        edit(file, "sources/docs", None),
        edit(file, "answers/LOC-01", {"value": 1, "evidence": CITED}),
    )
    assert {part: state.is_draft for part, state in saved.parts.items()} == {
        "sources/docs": True,
        "answers/LOC-01": False,
    }


def test_a_draft_is_dropped_by_the_content_of_the_file(file: AnswersFile) -> None:
    content = file.read().parts["answers/LOC-01"].content
    put(file, "answers/LOC-01", {"value": 2})
    state = put(file, "answers/LOC-01", content).parts["answers/LOC-01"]
    assert (state.is_draft, state.content) == (False, content)
    assert names(file) == ["acme.history.jsonl", "acme.yaml"]
    assert file.path.read_bytes() == TEXT.encode()


def test_what_somebody_writes_into_the_file_sets_a_draft_aside_and_is_not_overwritten(
    file: AnswersFile,
) -> None:
    draft = put(file, "answers/LOC-01", {"value": 2}).parts["answers/LOC-01"]
    file.path.write_text(TEXT.replace("As read.", "By hand."), encoding="utf-8")
    state = file.read().parts["answers/LOC-01"]
    assert (state.is_draft, state.content["finding"], codes(state.problems)) == (
        False,
        "By hand.",
        [((), SET_ASIDE)],
    )
    late = Edit("answers/LOC-01", draft.revision, {"value": 2, "evidence": CITED})
    (conflict,) = save(file, late).conflicts
    assert conflict.theirs == state
    saved = save(file, Edit("answers/LOC-01", "any", state.content))
    assert saved.parts["answers/LOC-01"].problems == ()
    assert names(file) == ["acme.history.jsonl", "acme.yaml"]


def test_a_draft_that_was_set_aside_counts_again_when_the_file_says_what_it_said(file: AnswersFile) -> None:
    draft = put(file, "answers/LOC-01", {"value": 2}).parts["answers/LOC-01"]
    file.path.write_text(TEXT.replace("As read.", "On another branch."), encoding="utf-8")
    put(file, "answers/LOC-09", None)
    file.path.write_text(TEXT, encoding="utf-8")
    assert file.read().parts["answers/LOC-01"] == draft
