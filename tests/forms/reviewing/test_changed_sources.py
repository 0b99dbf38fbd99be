"""A source that was changed after an answer that cites it was signed off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit import load_inputs
from evalkit.model.records import source_revision
from tests.forms.answering.test_answer_form import a_scale
from tests.forms.answering.visitor import Visitor
from tests.forms.reviewing.reviewer import Reviewer, row_of

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.forms.answering.answer_form import AnswerForm
    from tests.forms.answering.test_answer_form import OpenForm
    from tests.forms.reviewing.reviewer import OpenReview


def source_of(form: AnswerForm, question: str) -> str:
    key: str = form.work.content(f"answers/{question}")["evidence"][0]["source"]
    return key


def change_source(form: AnswerForm, key: str, **fields: str) -> None:
    page = Visitor(form, "source")
    page.edit(f"sources/{key}", {**form.work.content(f"sources/{key}"), **fields})
    page.saved()


def test_a_sign_off_names_the_revision_of_each_source(
    open_review: OpenReview, open_form: OpenForm, evaluation: Path
) -> None:
    question = a_scale(open_form())
    key = source_of(open_form(), question)
    Reviewer(open_review()).act("sign", f"{question}/*")
    answers = load_inputs(evaluation).answers["aider"]
    review = answers.answers[question].reviewed
    assert review is not None
    assert review.sources == {key: source_revision(answers.sources[key])}


@pytest.mark.parametrize(("name", "value"), [("title", "Another page"), ("retrieved", "2026-05-21")])
def test_the_reviewer_sees_that_it_was_changed_before_and_after(
    open_review: OpenReview, open_form: OpenForm, name: str, value: str
) -> None:
    ann, form = open_form(), open_review()
    question, page = a_scale(ann), Reviewer(form)
    row, key = f"{question}/*", source_of(ann, question)
    before = ann.work.content(f"sources/{key}")
    page.act("sign", row)
    change_source(ann, key, **{name: value})
    page.hear(form.look_outside())
    title = value if name == "title" else before["title"]
    assert page.shown[row]["status"] == "changed"
    assert page.shown[row]["changed"] == f"source {title} changed"
    (detail,) = page.send("detail", row=row)
    assert detail["changes"] == [
        {"what": f"Source {title}", "before": f"{name}: {before[name]}", "after": f"{name}: {value}"}
    ]
    page.act("sign", row)
    assert page.shown[row]["status"] == "signed"


def test_changed_back_it_is_signed_off_again(open_review: OpenReview, open_form: OpenForm) -> None:
    ann, form = open_form(), open_review()
    question = a_scale(ann)
    key = source_of(ann, question)
    before = ann.work.content(f"sources/{key}")
    Reviewer(form).act("sign", f"{question}/*")
    for title in ("Another page", before["title"]):
        change_source(ann, key, title=title)
    form.look_outside()
    assert row_of(form, f"{question}/*").status == "signed"


def test_nobody_signs_a_source_that_the_page_did_not_show(
    open_review: OpenReview, open_form: OpenForm
) -> None:
    ann, page = open_form(), Reviewer(open_review())
    question = a_scale(ann)
    change_source(ann, source_of(ann, question), title="Another page")
    done = page.act("sign", f"{question}/*")
    assert (done["rows"], [each["id"] for each in done["refused"]]) == ([], [f"{question}/*"])
    assert "changed since this page showed it" in done["refused"][0]["message"]


def test_the_answering_form_says_what_was_changed_after_the_sign_off(
    open_review: OpenReview, open_form: OpenForm
) -> None:
    ann, question = open_form(), a_scale(open_form())
    Reviewer(open_review()).act("sign", f"{question}/*")
    ann.look_outside()
    page = Visitor(ann)
    assert page.last("state")["standing"]["outdated"] == {}
    key = source_of(ann, question)
    standing = page.edit(f"sources/{key}", {**ann.work.content(f"sources/{key}"), "title": "Another page"})
    assert standing["standing"]["outdated"][question] == {"*": ["its source “Another page”"]}


def test_an_older_sign_off_without_revisions_of_sources_still_holds(
    open_review: OpenReview, open_form: OpenForm, evaluation: Path
) -> None:
    ann, question = open_form(), a_scale(open_form())
    Reviewer(open_review()).act("sign", f"{question}/*")
    path = evaluation / "answers" / "aider.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index(", sources: {", text.index("reviewed: {by: ben"))
    path.write_text(text[:start] + text[text.index("}", start) + 1 :], encoding="utf-8")
    assert load_inputs(evaluation).answers["aider"].answers[question].reviewed.sources == {}  # type: ignore[union-attr]  # signed above
    ann.look_outside()
    change_source(ann, source_of(ann, question), title="Another page")
    assert row_of(open_review(), f"{question}/*").status == "signed"
