"""The reviewer's rows: what stands in them, in which order, and what has to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit import load_inputs, score
from evalkit.files.saving.states import FieldProblem, PartState, Snapshot
from evalkit.forms.reviewing.review_table import Row, progress, review_rows
from evalkit.model.answers import Statement
from evalkit.model.records import revision_of
from tests.forms.answering.test_answer_form import a_scale
from tests.forms.reviewing.reviewer import row_of

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.forms.reviewing.review_form import ReviewForm
    from tests.forms.answering.test_answer_form import OpenForm
    from tests.forms.reviewing.reviewer import OpenReview

UNTOUCHED = "ZTA-08"


@pytest.fixture
def form(open_review: OpenReview) -> ReviewForm:
    return open_review()


def rows_with(form: ReviewForm, question: str, who: str = "ben", **changed: object) -> dict[str, Row]:
    """Rows by id, of answers in which one general answer says something else."""
    snapshot = form.work.snapshot
    answer = snapshot.answers.answers[question]
    data = answer.model_dump(by_alias=True) | changed
    made = type(answer).model_validate(data)
    answers = snapshot.answers.model_copy(update={"answers": {**snapshot.answers.answers, question: made}})
    found = review_rows(form.work.inputs, "aider", Snapshot(answers, snapshot.parts, ""), {}, who)
    return {row.id: row for row in found}


def test_there_is_a_row_for_every_statement_of_the_file(form: ReviewForm) -> None:
    answers = form.work.snapshot.answers.answers
    wanted = {f"{name}/*" for name in answers} | {
        f"{name}/{scope}" for name, answer in answers.items() for scope in answer.deployments
    }
    assert {row.id for row in form.rows} == wanted
    assert len(form.rows) == len(wanted)
    assert progress(form.rows) == (0, len(wanted))


def test_the_weakest_evidence_is_first_then_what_is_troubled_then_what_weighs_more(form: ReviewForm) -> None:
    keys = [
        (row.rank, not (row.stale or row.is_conflicting or row.is_disputed), -row.weight) for row in form.rows
    ]
    assert keys == sorted(keys)
    assert {row.rank for row in form.rows} > {0, 3}


def test_class_staleness_and_dispute_are_those_of_scoring(form: ReviewForm, evaluation: Path) -> None:
    for card in (each for each in score(load_inputs(evaluation)) if each.product == "aider"):
        own = {(row.question, row.scope): row for row in form.rows if card.deployment in row.serves}
        compared = 0
        for result in card.questions:
            row = own.get((result.question, card.deployment)) or own.get((result.question, "*"))
            if row is None or len(row.serves) > 1:
                continue
            compared += 1
            assert row.evidence_class == result.evidence_class, row.id
            assert bool(row.stale) == result.stale, row.id
            assert row.is_disputed == result.disputed, row.id
            assert row.weight == result.weight
        assert compared > 0


def test_the_gate_of_a_row_is_the_worst_of_the_deployments_it_serves(
    form: ReviewForm, evaluation: Path
) -> None:
    order = ["fail", "open", "waived", "pass", "not-applicable"]
    cards = {card.deployment: card for card in score(load_inputs(evaluation)) if card.product == "aider"}
    seen = 0
    for row in form.rows:
        found = [
            gate.result
            for name, card in cards.items()
            if name in row.serves
            for gate in card.gates
            if gate.question == row.question
        ]
        if found and set(row.serves) <= set(cards):
            seen += 1
            assert row.gate == min(found, key=order.index), row.id
            assert ("gates" in row.flags) == (row.gate != "not-applicable")
    assert seen > 0
    gates = {gate.question for gate in form.work.inputs.profile.gates}
    assert all(row.question in gates for row in form.rows if row.gate)


def test_the_day_on_which_evidence_expired_is_named(form: ReviewForm) -> None:
    row = row_of(form, f"{UNTOUCHED}/*")
    assert row.stale == "2026-11-18"
    assert "stale" in row.flags
    assert row.evidence == "third party"
    as_of = form.work.inputs.evaluation.as_of.isoformat()
    assert all(row.stale < as_of for row in form.rows)


def test_conflicting_statements_are_shown_as_such(form: ReviewForm) -> None:
    item = form.work.snapshot.answers.answers[UNTOUCHED].evidence[0].model_dump(by_alias=True)
    evidence = [item | {"value": 1}, item | {"value": 3}]
    row = rows_with(form, UNTOUCHED, state="conflicting", value=1, evidence=evidence)[f"{UNTOUCHED}/*"]
    assert row.is_conflicting
    assert row.is_disputed
    assert "disagreeing" in row.flags
    assert row.answer.startswith("Conflicting statements: Level 1 of 4")


def test_an_own_answer_says_how_it_differs_from_the_general_one(form: ReviewForm) -> None:
    own = row_of(form, "LOC-04/bedrock")
    assert own.differs == "instead of Level 0 of 4: Open plain text"
    assert own.serves == ("bedrock",)
    assert "overrides" in own.flags
    general = row_of(form, "LOC-04/*")
    assert "bedrock" not in general.serves
    assert general.differs == ""


def test_what_the_reviewer_answered_is_marked_and_cannot_be_signed(form: ReviewForm) -> None:
    mine = rows_with(form, UNTOUCHED, who="BEN", answered={"by": "ben", "on": "2026-11-20"})
    row = mine[f"{UNTOUCHED}/*"]
    assert row.is_mine
    assert "not-mine" not in row.flags
    assert not row.may_be_signed
    assert mine["RTE-05/*"].may_be_signed


def test_a_sign_off_stands_until_the_statement_is_another(form: ReviewForm) -> None:
    answer = form.work.snapshot.answers.answers[UNTOUCHED]
    review = {"by": "cleo", "on": "2026-11-20", "note": "Read.", "revision": revision_of(answer)}
    row = rows_with(form, UNTOUCHED, reviewed=review)[f"{UNTOUCHED}/*"]
    assert (row.status, row.reviewed_by, row.reviewed_on, row.note) == (
        "signed",
        "cleo",
        "2026-11-20",
        "Read.",
    )
    assert "review" not in row.flags
    by_hand = rows_with(form, UNTOUCHED, reviewed=review, finding="Another one.")[f"{UNTOUCHED}/*"]
    assert (by_hand.status, by_hand.changed) == ("changed", "changed outside evalkit")
    assert {"review", "changed"} <= set(by_hand.flags)
    assert by_hand.may_be_signed


def test_what_changed_since_is_told_where_the_history_knows(form: ReviewForm) -> None:
    answer = form.work.snapshot.answers.answers[UNTOUCHED]
    review = {"by": "cleo", "on": "2026-11-20", "revision": revision_of(answer)}
    then = Statement.model_validate(
        answer.model_dump(by_alias=True, exclude={"comments", "deployments"}) | {"reviewed": review}
    )
    answers = form.work.snapshot.answers
    now = answer.model_copy(update={"value": 3, "finding": "New.", "evidence": answer.evidence[:1]})
    changed = answers.model_copy(update={"answers": {**answers.answers, UNTOUCHED: now}})
    snapshot = Snapshot(changed, form.work.snapshot.parts, "")
    rows = review_rows(form.work.inputs, "aider", snapshot, {(UNTOUCHED, "*"): (then,)}, "ben")
    row = next(each for each in rows if each.id == f"{UNTOUCHED}/*")
    assert row.status == "changed"
    assert row.reviewed_by == "cleo"
    assert row.changed.startswith("Level 1 of 4: User may → Level 3 of 4")
    assert "finding changed" in row.changed
    assert "evidence removed" in row.changed


def test_what_breaks_a_rule_is_named_and_cannot_be_signed(form: ReviewForm) -> None:
    snapshot = form.work.snapshot
    answer = snapshot.answers.answers[UNTOUCHED].model_copy(update={"evidence": ()})
    answers = snapshot.answers.model_copy(update={"answers": {**snapshot.answers.answers, UNTOUCHED: answer}})
    part = f"answers/{UNTOUCHED}"
    state = snapshot.parts[part]
    spoilt = PartState(state.content, state.revision, problems=(FieldProblem((), "A020", "no evidence"),))
    parts = {**snapshot.parts, part: spoilt}
    rows = review_rows(form.work.inputs, "aider", Snapshot(answers, parts, ""), {}, "ben")
    row = next(each for each in rows if each.id == f"{UNTOUCHED}/*")
    assert (row.status, row.problem, row.evidence_class) == ("broken", "no evidence", "none")
    assert "unfinished" in row.flags
    assert not row.may_be_signed


def test_a_draft_is_a_row_without_anything_to_sign(open_review: OpenReview, open_form: OpenForm) -> None:
    form = open_review()
    draft = PartState({"value": 4}, "r", is_draft=True, problems=(FieldProblem((), "A020", "no evidence"),))
    unanswered = min(set(form.work.inputs.questionnaire.by_id) - set(form.work.snapshot.answers.answers))
    parts = {**form.work.snapshot.parts, f"answers/{unanswered}": draft}
    answered = a_scale(open_form())
    before = parts[f"answers/{answered}"]
    parts[f"answers/{answered}"] = PartState(before.content, "other", is_draft=True)
    snapshot = Snapshot(form.work.snapshot.answers, parts, "")
    rows = {row.id: row for row in review_rows(form.work.inputs, "aider", snapshot, {}, "ben")}
    for question in (unanswered, answered):
        assert rows[f"{question}/*"].status == "draft"
        assert not rows[f"{question}/*"].may_be_signed
    assert "draft" in rows[f"{unanswered}/*"].answer
    assert rows[f"{answered}/*"].answer.startswith("Level")


def test_hidden_characters_of_vendors_are_shown(form: ReviewForm) -> None:
    rows = rows_with(form, UNTOUCHED, answered={"by": "an\u202en", "on": "2026-11-20"})
    assert rows[f"{UNTOUCHED}/*"].answered_by == "an\\u202en"
