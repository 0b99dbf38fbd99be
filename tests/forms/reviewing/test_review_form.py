"""Messages of the reviewer's table: sign-off with four eyes, remarks, what others change meanwhile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from evalkit import load_inputs
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.model.records import revision_of
from tests.forms.answering.test_answer_form import a_scale, by_hand
from tests.forms.reviewing.reviewer import Reviewer, row_of, set_level

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forms.answering.test_answer_form import OpenForm
    from tests.forms.reviewing.reviewer import OpenReview

OWN = "LOC-04/bedrock"


def test_a_page_is_told_every_row_and_who_reviews(open_review: OpenReview) -> None:
    form = open_review()
    page = Reviewer(form)
    assert (page.state["who"], page.state["product"]) == ("ben", "aider")
    assert page.state["asked"] == len(form.work.inputs.questionnaire.questions)
    assert page.order == [row.id for row in form.rows]
    assert len(json.loads(json.dumps(page.state))["rows"]) == len(form.rows)


def test_several_rows_are_signed_off_in_one_save_also_of_one_answer(
    open_review: OpenReview, evaluation: Path
) -> None:
    page = Reviewer(open_review())
    rows = ("LOC-04/*", OWN, "ZTA-08/*")
    done = page.act("sign", *rows, note=" Read all. ")
    assert (done["kind"], done["rows"], done["refused"]) == ("done", list(rows), [])
    said = load_inputs(evaluation).answers["aider"].answers
    for statement in (said["LOC-04"], said["LOC-04"].deployments["bedrock"], said["ZTA-08"]):
        assert statement.reviewed is not None
        assert (statement.reviewed.by, statement.reviewed.note) == ("ben", "Read all.")
        assert statement.reviewed.revision == revision_of(statement)
    assert said["LOC-04"].deployments["local-model"].reviewed is None
    assert {page.shown[row]["status"] for row in rows} == {"signed"}
    log = (evaluation / "answers" / "aider.history.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in log if "changes" in json.loads(line)]
    assert [(each["what"], each["by"], len(each["changes"])) for each in entries] == [("sign", "ben", 2)]


def test_of_several_rows_those_that_the_reviewer_answered_are_refused_with_the_reason(
    open_review: OpenReview, open_form: OpenForm, evaluation: Path
) -> None:
    question = a_scale(open_form())
    set_level(open_form(who="ben"), question, 4)
    page = Reviewer(open_review(who="Ben"))
    done = page.act("sign", f"{question}/*", "ZTA-08/*")
    assert done["rows"] == ["ZTA-08/*"]
    assert done["refused"] == [
        {"id": f"{question}/*", "message": "Ben answered this; somebody else signs it off (four eyes)."}
    ]
    said = load_inputs(evaluation).answers["aider"].answers
    assert said[question].reviewed is None
    assert said["ZTA-08"].reviewed is not None


def test_nobody_signs_what_the_page_did_not_show(
    open_review: OpenReview, open_form: OpenForm, evaluation: Path
) -> None:
    page, question = Reviewer(open_review()), a_scale(open_form())
    by_hand(evaluation, question, "Another finding.")
    done = page.act("sign", f"{question}/*")
    assert done["rows"] == []
    assert "changed since this page showed it" in done["refused"][0]["message"]
    assert load_inputs(evaluation).answers["aider"].answers[question].reviewed is None
    assert page.act("sign", f"{question}/*")["rows"] == [f"{question}/*"], "it was shown anew"


def test_a_change_in_the_last_moment_is_a_conflict_and_nobody_signs_it(
    open_review: OpenReview, open_form: OpenForm, evaluation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, question = Reviewer(open_review()), a_scale(open_form())
    save = AnswersFile.save

    def overtaken(self: AnswersFile, *args: object, **kwargs: object) -> object:
        monkeypatch.setattr(AnswersFile, "save", save)
        by_hand(evaluation, question, "Between looking and saving.")
        return save(self, *args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(AnswersFile, "save", overtaken)
    done = page.act("sign", f"{question}/*", "ZTA-08/*")
    assert (done["rows"], [each["id"] for each in done["refused"]]) == (["ZTA-08/*"], [f"{question}/*"])
    said = load_inputs(evaluation).answers["aider"].answers[question]
    assert (said.reviewed, said.finding) == (None, "Between looking and saving.")


def test_a_sign_off_is_taken_back(open_review: OpenReview, evaluation: Path) -> None:
    page = Reviewer(open_review())
    page.act("sign", OWN)
    assert page.act("unsign", OWN)["rows"] == [OWN]
    own = load_inputs(evaluation).answers["aider"].answers["LOC-04"].deployments["bedrock"]
    assert own.reviewed is None
    assert (page.shown[OWN]["status"], page.shown[OWN]["reviewed_by"]) == ("open", "ben")
    (detail,) = page.send("detail", row=OWN)
    assert detail["then"] == "The sign-off was taken back; nothing changed since."


def test_what_was_changed_with_the_form_since_is_shown_before_and_after(
    open_review: OpenReview, open_form: OpenForm
) -> None:
    review, question = open_review(), a_scale(open_form())
    page = Reviewer(review)
    page.act("sign", f"{question}/*")
    before = row_of(review, f"{question}/*").answer
    set_level(open_form(who="ann"), question, 4)
    page.hear(review.look_outside())
    row = page.shown[f"{question}/*"]
    assert (row["status"], row["answered_by"], row["reviewed_by"]) == ("changed", "ann", "ben")
    assert row["changed"] == f"{before} → {row['answer']}"
    (detail,) = page.send("detail", row=f"{question}/*")
    assert detail["changes"] == [{"what": "Answer", "before": before, "after": row["answer"]}]


def test_what_was_changed_by_hand_since_is_shown_too(
    open_review: OpenReview, open_form: OpenForm, evaluation: Path
) -> None:
    review, question = open_review(), a_scale(open_form())
    page = Reviewer(review)
    page.act("sign", f"{question}/*")
    by_hand(evaluation, question, "By hand.")
    page.hear(review.look_outside())
    assert page.shown[f"{question}/*"]["changed"] == "finding changed"
    (detail,) = page.send("detail", row=f"{question}/*")
    assert [(each["what"], each["after"]) for each in detail["changes"]] == [("Finding", "By hand.")]


def test_only_rows_that_changed_are_sent_again(open_review: OpenReview) -> None:
    page = Reviewer(open_review())
    said = page.send("sign", seq=1, rows=[{"id": OWN, "base": page.shown[OWN]["revision"]}], note="")
    rows = next(each for each in said if each["kind"] == "rows")
    assert rows["client"] == ""
    assert {row["question"] for row in rows["rows"]} == {"LOC-04"}
    assert page.form.look_outside() == []


def test_a_remark_is_answered_and_takes_no_sign_off(open_review: OpenReview, evaluation: Path) -> None:
    page = Reviewer(open_review())
    page.act("sign", OWN)
    for text in ("Which page?", " Page 3. "):
        done = page.hear(page.send("comment", seq=9, row=OWN, text=text))[-1]
        assert (done["kind"], done["what"]) == ("done", "comment")
    (detail,) = page.send("detail", row=OWN)
    assert [(each["by"], each["text"]) for each in detail["comments"]] == [
        ("ben", "Which page?"),
        ("ben", "Page 3."),
    ]
    assert page.shown[OWN]["status"] == "signed"
    assert page.shown["LOC-04/*"]["comments"] == 2
    assert page.send("comment", seq=10, row=OWN, text=" ")[0]["kind"] == "refused"
    assert load_inputs(evaluation).answers["aider"].answers["LOC-04"].comments[1].text == "Page 3."


def test_the_detail_names_every_source_with_place_and_day(open_review: OpenReview) -> None:
    form = open_review()
    page = Reviewer(form)
    said = form.work.snapshot.answers
    for row in page.order:
        (detail,) = page.send("detail", row=row)
        question, _, scope = row.partition("/")
        answer = said.answers[question]
        statement = answer if scope == "*" else answer.deployments[scope]
        assert len(detail["evidence"]) == len(statement.evidence), row
        titles = {said.sources[item.source].title for item in statement.evidence}
        assert {each["title"] for each in detail["evidence"]} == titles
        assert all(each["dates"][:2] == "20" and each["publisher"] for each in detail["evidence"])


def test_the_history_of_an_answer_is_told_in_words(open_review: OpenReview) -> None:
    page = Reviewer(open_review())
    page.act("sign", OWN, note="Seen.")
    (history,) = page.send("history", row=OWN)
    (entry,) = history["entries"]
    assert (entry["by"], entry["what"], entry["summary"]) == ("ben", "sign", "bedrock: signed off by ben")


def test_a_file_that_cannot_be_read_is_told_once_and_signs_nothing(
    open_review: OpenReview, evaluation: Path
) -> None:
    form = open_review()
    page = Reviewer(form)
    path = evaluation / "answers" / "aider.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text("no: [yaml", encoding="utf-8")
    assert [each["kind"] for each in form.look_outside()] == ["unreadable"]
    assert form.look_outside() == []
    assert page.act("sign", OWN)["kind"] == "refused"
    path.write_text(text, encoding="utf-8")
    assert form.look_outside()[0]["kind"] == "readable"
    assert page.act("sign", OWN)["rows"] == [OWN]


def test_another_product_is_shown_to_all_pages(open_review: OpenReview) -> None:
    form = open_review()
    Reviewer(form)
    (state,) = form.open("cursor")
    assert (state["kind"], state["client"], state["product"]) == ("review", "", "cursor")
    assert {row.question for row in form.rows} == set(form.work.snapshot.answers.answers)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"kind": ["sign"]},
        {"kind": "sign", "rows": [{"id": 3, "base": ""}]},
        {"kind": "sign", "rows": [{"id": "LOC-04/*"}]},
        {"kind": "detail", "row": "LOC-99/*"},
        {"kind": "history", "row": None},
        {"kind": "comment", "row": "LOC-04/*", "text": 5},
    ],
)
def test_a_message_that_is_none_is_refused(open_review: OpenReview, message: dict[str, object]) -> None:
    (refused,) = open_review().receive(message)
    assert (refused["kind"], refused["message"][:14]) == ("refused", "not understood")


@pytest.mark.parametrize("row", ["LOC-99/*", "LOC-04/nowhere"])
def test_a_row_that_is_not_there_is_not_signed_off(open_review: OpenReview, row: str) -> None:
    form = open_review()
    base = form.work.revision("answers/LOC-04")
    asked = [{"id": row, "base": base}]
    (done,) = form.receive({"kind": "sign", "client": "c", "seq": 1, "rows": asked, "note": ""})
    assert (done["rows"], [each["id"] for each in done["refused"]]) == ([], [row])
