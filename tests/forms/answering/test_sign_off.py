"""Remarks and sign-offs through the form: four eyes, drafts, what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit import load_inputs
from evalkit.model.records import is_outdated, revision_of
from tests.forms.answering.test_answer_form import a_scale, by_hand, with_level
from tests.forms.answering.visitor import Visitor, answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forms.answering.test_answer_form import OpenForm


def test_who_answered_cannot_sign_off_and_somebody_else_can(open_form: OpenForm, evaluation: Path) -> None:
    ann, ben = open_form(who="Ann"), open_form(who="ben")
    page, question = Visitor(ann), a_scale(ann)
    page.edit(f"answers/{question}", with_level(ann, question, 4))
    page.saved()
    refused = page.act("sign", question, scope="*", note="")
    assert (refused["kind"], refused["message"]) == (
        "refused",
        "Ann answered this; somebody else signs it off (four eyes).",
    )
    other = Visitor(ben, "other")
    other.act("sign", question, scope="*", note=" Read the page. ")
    other.saved()
    said = load_inputs(evaluation).answers["aider"].answers[question]
    assert said.reviewed is not None
    assert said.answered is not None
    assert (said.answered.by, said.reviewed.by, said.reviewed.note) == ("Ann", "ben", "Read the page.")
    assert said.reviewed.revision == revision_of(said)
    assert not is_outdated(said, load_inputs(evaluation).answers["aider"].sources)


def test_a_sign_off_falls_with_the_next_change_and_shows_one_made_by_hand(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form(who="ben")
    page, question = Visitor(form), a_scale(form)
    page.act("sign", question, scope="*", note="")
    page.saved()
    by_hand(evaluation, question, "By hand.")
    answers = load_inputs(evaluation).answers["aider"]
    assert is_outdated(answers.answers[question], answers.sources)
    form.look_outside()
    page.edit(f"answers/{question}", with_level(form, question, 4))
    page.saved()
    assert load_inputs(evaluation).answers["aider"].answers[question].reviewed is None


def test_a_sign_off_can_be_taken_back(open_form: OpenForm, evaluation: Path) -> None:
    form = open_form(who="ben")
    page, question = Visitor(form), a_scale(form)
    for kind in ("sign", "unsign"):
        page.act(kind, question, scope="*", note="")
        page.saved()
    assert load_inputs(evaluation).answers["aider"].answers[question].reviewed is None


def test_a_draft_and_what_is_not_there_cannot_be_signed_off(open_form: OpenForm) -> None:
    form = open_form(who="ben")
    page, question = Visitor(form), a_scale(form)
    page.edit(f"answers/{question}", {"value": 4})
    assert "draft" in page.act("sign", question, scope="*", note="")["message"]
    page.saved()
    assert "draft" in page.act("sign", question, scope="*", note="")["message"]
    page.edit(f"answers/{question}", None)
    page.saved()
    assert "no answer to sign off" in page.act("sign", question, scope="*", note="")["message"]


def test_a_remark_is_kept_and_takes_no_sign_off(open_form: OpenForm, evaluation: Path) -> None:
    form = open_form(who="ben")
    page, question = Visitor(form), a_scale(form)
    page.act("sign", question, scope="*", note="")
    page.saved()
    page.act("comment", question, text="Which *page*?")
    page.saved()
    said = load_inputs(evaluation).answers["aider"].answers[question]
    assert [(each.by, each.on.isoformat(), each.text) for each in said.comments] == [
        ("ben", "2026-11-23", "Which *page*?")
    ]
    assert said.reviewed is not None
    assert page.act("comment", question, text="  ")["kind"] == "refused"


def test_any_past_change_can_be_put_back(open_form: OpenForm) -> None:
    form = open_form()
    page, question = Visitor(form), a_scale(form)
    part = f"answers/{question}"
    first = form.work.content(part)
    for level in (3, 4):
        page.edit(part, with_level(form, question, level))
        page.saved()
    (history,) = page.send("history", part=part)
    newest, oldest = history["entries"]
    assert (newest["new"]["value"], oldest["new"]["value"], oldest["by"]) == (4, 3, "ann")
    page.seq += 1
    page.send("restore", seq=page.seq, part=part, id=oldest["id"], base=form.work.revision(part))
    page.saved()
    assert form.work.content(part)["value"] == first["value"]
    assert page.send("history", part=part)[0]["entries"][0]["what"] == "restore"


def test_who_prepared_the_file_answered_what_nobody_else_is_named_for(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form(who="Desk  research")
    page, question = Visitor(form), a_scale(form)
    assert load_inputs(evaluation).answers["aider"].prepared.by == "desk research"
    assert "four eyes" in page.act("sign", question, scope="*", note="")["message"]


def test_who_took_their_name_off_the_cover_sheet_signs_nothing_off(open_form: OpenForm) -> None:
    form = open_form(who="desk research")
    page, question = Visitor(form), a_scale(form)
    page.edit("prepared", {**form.work.content("prepared"), "by": "somebody else"})
    page.saved()
    assert form.work.snapshot.answers.prepared.by == "somebody else"
    assert "four eyes" in page.act("sign", question, scope="*", note="")["message"]


def test_an_earlier_version_put_back_brings_no_sign_off_of_another(open_form: OpenForm) -> None:
    ann, ben, cy = open_form(), open_form(who="ben"), open_form(who="cy")
    question, pages = a_scale(ben), {form.who: Visitor(form, form.who) for form in (ann, ben, cy)}
    part = f"answers/{question}"
    first = with_level(ben, question, 4)
    pages["ben"].edit(part, first)
    pages["ben"].saved()
    cy.look_outside()
    pages["cy"].act("sign", question, scope="*", note="")
    pages["cy"].saved()
    ben.look_outside()
    pages["ben"].edit(part, {**first, "value": 1})
    pages["ben"].saved()
    ann.look_outside()
    entries = pages["ann"].send("history", part=part)[0]["entries"]
    pages["ann"].act("restore", question, part=part, id=entries[0]["id"])
    pages["ann"].saved()
    now = answer(ann, question)
    assert (now["value"], now["answered"]["by"], now.get("reviewed")) == (4, "ann", None)


def test_deployments_with_the_same_answer_are_signed_off_together(
    open_form: OpenForm, evaluation: Path
) -> None:
    ann, ben = open_form(), open_form(who="ben")
    part = "answers/LOC-04"
    before = ann.work.content(part)
    apart = {**before["deployments"], "bedrock-ci": before["deployments"]["bedrock"]}
    first = Visitor(ann)
    first.edit(part, {**before, "deployments": apart})
    first.saved()
    page = Visitor(ben, "other")
    page.act("sign", "LOC-04", scope="bedrock", note="")
    page.saved()
    now = load_inputs(evaluation).answers["aider"].answers["LOC-04"]
    assert {name for name, own in now.deployments.items() if own.reviewed} == {"bedrock", "bedrock-ci"}
    assert now.reviewed is None
