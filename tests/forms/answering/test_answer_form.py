"""The form's state in the messages of pages: what counts, what is saved, what becomes a conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit import load_inputs, score
from evalkit.errors import EvalkitError
from evalkit.files.editing import update_answers
from tests.forms.answering.visitor import Visitor, answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evalkit.forms.answering.answer_form import AnswerForm

    OpenForm = Callable[..., AnswerForm]

DOCS = {"class": "documented", "source": "x"}


def with_level(form: AnswerForm, question: str, level: int) -> dict[str, Any]:
    return {**answer(form, question), "value": level}


def a_scale(form: AnswerForm) -> str:
    """A question on a scale, answered on one evidence item, that no gate is on and that always applies."""
    inputs = form.work.inputs
    gates = {gate.question for gate in inputs.profile.gates}
    return next(
        question.id
        for question in inputs.questionnaire.questions
        if question.kind == "scale"
        and question.id not in gates
        and question.applies_if is None
        and (said := form.work.content(f"answers/{question.id}") or {}).get("value") in (1, 2)
        and len(said["evidence"]) == 1
        and "value" not in said["evidence"][0]
        and "deployments" not in said
    )


def by_hand(evaluation: Path, question: str, finding: str, **more: object) -> None:
    """Change a finding, or more, as a text editor would, without the form."""
    path = evaluation / "answers" / "aider.yaml"
    said = load_inputs(evaluation).answers["aider"]
    changed = said.answers[question].model_copy(update={"finding": finding, **more})
    after = said.model_copy(update={"answers": {**said.answers, question: changed}})
    path.write_text(update_answers(path.read_text(encoding="utf-8"), said, after), encoding="utf-8")


def test_a_page_is_told_everything_once(open_form: OpenForm, evaluation: Path) -> None:
    page = Visitor(open_form())
    (state,) = page.said
    assert state["kind"] == "state"
    assert (state["product"], state["who"], state["today"]) == ("aider", "ann", "2026-11-23")
    assert [each["id"] for each in state["products"]] == ["aider", "cursor"]
    questions = [each for domain in state["instrument"]["domains"] for each in domain["questions"]]
    assert len(questions) == 74
    assert {f"answers/{each['id']}" for each in questions} >= {
        part for part in state["parts"] if part.startswith("answers/")
    }
    card = next(each for each in score(load_inputs(evaluation)) if each.option == state["standing"]["option"])
    assert card.span is not None
    assert state["standing"]["assured"] == card.span.assured
    assert state["standing"]["verdict"] == card.finding.verdict
    assert {gate["question"]: gate["result"] for gate in state["standing"]["gates"]} == {
        gate.question: gate.result for gate in card.gates
    }


def test_an_edit_counts_at_once_and_is_saved_when_due(open_form: OpenForm, evaluation: Path) -> None:
    form = open_form()
    page, question = Visitor(form), a_scale(form)
    path = evaluation / "answers" / "aider.yaml"
    path.write_text(f"# kept\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    form.look_outside()
    before = page.last("state")["standing"]
    standing = page.edit(f"answers/{question}", with_level(form, question, 4))["standing"]
    assert standing["assured"] > before["assured"]
    assert standing["change"]["items"][0]["what"] == "Assured"
    assert page.waits
    assert answer(form, question)["value"] != 4
    saved = page.saved()[0]
    assert (saved["kind"], saved["seq"], saved["client"]) == ("saved", 1, "page-1")
    assert not form.is_waiting
    assert path.read_text(encoding="utf-8").startswith("# kept\n")
    said = load_inputs(evaluation).answers["aider"].answers[question]
    assert said.value == 4
    assert said.answered is not None
    assert (said.answered.by, said.answered.on.isoformat()) == ("ann", "2026-11-23")
    card = next(each for each in score(load_inputs(evaluation)) if each.option == standing["option"])
    assert card.span is not None
    assert standing["assured"] == card.span.assured


def test_a_level_without_evidence_is_a_draft_until_there_is_some(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    page, question = Visitor(form), a_scale(form)
    part, evidence = f"answers/{question}", answer(form, question)["evidence"]
    before = page.edit(part, None)["standing"]
    told = page.edit(part, {"value": 4})
    assert [each["code"] for each in told["problems"][part]] == ["A021"]
    assert told["standing"]["assured"] == before["assured"]
    (saved,) = page.saved()
    assert saved["parts"][part]["draft"]
    assert [each["code"] for each in saved["parts"][part]["problems"]] == ["A021"]
    assert question in load_inputs(evaluation).answers["aider"].answers  # as it was: a draft does not count
    page.edit(part, {"value": 4, "evidence": evidence})
    (saved,) = page.saved()
    assert not saved["parts"][part]["draft"]
    assert load_inputs(evaluation).answers["aider"].answers[question].value == 4


def test_what_another_page_changed_since_is_a_conflict_with_both_values(open_form: OpenForm) -> None:
    form = open_form()
    one, other, question = Visitor(form, "one"), Visitor(form, "other"), a_scale(form)
    part, base = f"answers/{question}", form.work.revision(f"answers/{question}")
    one.edit(part, with_level(form, question, 3), base)
    other.edit(part, with_level(form, question, 4), base)
    told = form.save_due()
    assert [each["kind"] for each in told if each["kind"] != "standing"] == ["saved", "conflict"]
    conflict = next(each for each in told if each["kind"] == "conflict")
    assert (conflict["client"], conflict["part"], conflict["by"]) == ("other", part, "ann")
    assert conflict["theirs"]["content"]["value"] == 3
    assert answer(form, question)["value"] == 3
    other.edit(part, with_level(form, question, 4), conflict["theirs"]["revision"])
    assert other.saved()[0]["kind"] == "saved"
    assert answer(form, question)["value"] == 4


def test_a_page_that_has_not_heard_of_its_own_save_is_in_no_conflict_with_itself(open_form: OpenForm) -> None:
    form = open_form()
    page, question = Visitor(form), a_scale(form)
    part, base = f"answers/{question}", form.work.revision(f"answers/{question}")
    was = answer(form, question)["value"]
    for level in (3, 4, was, 0, 4):
        page.edit(part, with_level(form, question, level), base)
        (saved,) = page.saved()
        assert saved["kind"] == "saved"
    assert answer(form, question)["value"] == 4


def test_a_page_that_heard_of_a_change_by_another_is_not_taken_for_its_own(open_form: OpenForm) -> None:
    form = open_form()
    one, other, question = Visitor(form, "one"), Visitor(form, "other"), a_scale(form)
    part, base = f"answers/{question}", form.work.revision(f"answers/{question}")
    one.edit(part, with_level(form, question, 3), base)
    one.saved()
    other.edit(part, with_level(form, question, 4))
    other.saved()
    one.edit(part, with_level(form, question, 0), base)
    assert one.saved()[0]["kind"] == "conflict"
    assert answer(form, question)["value"] == 4


def test_edits_of_different_questions_by_two_forms_merge(open_form: OpenForm, evaluation: Path) -> None:
    mine, theirs = open_form(), open_form(who="ben")
    one, other = Visitor(mine, "one"), Visitor(theirs, "other")
    first = a_scale(mine)
    second = next(
        name.removeprefix("answers/")
        for name in reversed(list(mine.work.snapshot.parts))
        if name.startswith("answers/")
    )
    one.edit(f"answers/{first}", with_level(mine, first, 4))
    other.edit(f"answers/{second}", {**answer(theirs, second), "finding": "Read again."})
    assert one.saved()[0]["kind"] == other.saved()[0]["kind"] == "saved"
    answers = load_inputs(evaluation).answers["aider"].answers
    assert (answers[first].value, answers[second].finding) == (4, "Read again.")


def test_a_change_in_a_text_editor_is_told_to_all_pages(open_form: OpenForm, evaluation: Path) -> None:
    form = open_form()
    page, question = Visitor(form), a_scale(form)
    finding = answer(form, question)["finding"]
    by_hand(evaluation, question, f"{finding} Seen twice.")
    told = form.look_outside()
    assert [each["kind"] for each in told] == ["changed", "standing"]
    changed = told[0]["parts"][f"answers/{question}"]
    assert changed["content"]["finding"] == f"{finding} Seen twice."
    assert form.look_outside() == []
    assert page.last("state")["parts"][f"answers/{question}"]["revision"] != changed["revision"]


def test_an_answer_that_a_text_editor_left_without_evidence_does_not_count(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    page, question = Visitor(form), a_scale(form)
    by_hand(evaluation, question, "No evidence.", evidence=())
    changed, standing = form.look_outside()
    state = changed["parts"][f"answers/{question}"]
    assert (state["draft"], [each["code"] for each in state["problems"]]) == (False, ["A021"])
    assert standing["standing"]["questions"][question]["state"] == "unanswered"
    page.edit(f"answers/{question}", {"state": "unknown", "finding": "Nothing found."})
    assert page.saved()[0]["kind"] == "saved"
    assert load_inputs(evaluation).answers["aider"].answers[question].state == "unknown"


def test_an_edit_under_a_change_in_a_text_editor_is_a_conflict(open_form: OpenForm, evaluation: Path) -> None:
    form = open_form()
    page, question = Visitor(form), a_scale(form)
    page.edit(f"answers/{question}", with_level(form, question, 4))
    by_hand(evaluation, question, "By hand.")
    conflict = page.saved()[0]
    assert (conflict["kind"], conflict["by"]) == ("conflict", "")
    assert conflict["theirs"]["content"]["finding"] == "By hand."


def test_a_file_that_cannot_be_read_stops_saving_and_loses_nothing(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    page, question = Visitor(form), a_scale(form)
    page.edit(f"answers/{question}", with_level(form, question, 4))
    path = evaluation / "answers" / "aider.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n  broken: [", encoding="utf-8")
    (told,) = form.look_outside()
    assert told["kind"] == "unreadable"
    assert "answers/aider.yaml:" in told["problems"][0]
    assert form.look_outside() == []
    refusal = page.saved()[0]
    assert (refusal["kind"], refusal["seq"]) == ("not-saved", 1)
    assert form.is_waiting
    path.write_text(text, encoding="utf-8")
    assert [each["kind"] for each in form.look_outside()] == ["readable"]
    assert page.send("retry")[0]["kind"] == "saved"
    assert answer(form, question)["value"] == 4


def test_another_product_is_opened_for_all_pages_after_saving(open_form: OpenForm) -> None:
    form = open_form()
    one, question = Visitor(form, "one"), a_scale(form)
    Visitor(form, "two")
    one.edit(f"answers/{question}", with_level(form, question, 4))
    told = one.send("open", product="cursor")
    kinds = [each["kind"] for each in told]
    assert kinds.count("state") == 2
    assert kinds[0] == "saved"
    assert form.work.id == "cursor"
    assert {each["product"] for each in told if each["kind"] == "state"} == {"cursor"}
    (told_off,) = one.send("open", product="nobody")
    assert told_off["kind"] == "refused"
    assert "there are: aider, cursor" in told_off["message"]
    assert form.work.id == "cursor"


def test_the_deployment_of_a_page_decides_whose_figures_it_gets(open_form: OpenForm) -> None:
    form = open_form()
    first, second = form.work.deployments[:2]
    one, other = Visitor(form, "one", first), Visitor(form, "other", second)
    assert one.last("state")["standing"]["option"] == f"aider/{first}"
    assert other.last("state")["standing"]["option"] == f"aider/{second}"
    one.deployment = second
    (standing,) = one.send("look")
    assert standing["standing"]["option"] == f"aider/{second}"


def test_without_products_there_is_nothing_to_open(open_form: OpenForm) -> None:
    with pytest.raises(EvalkitError, match="no answers file of zoe"):
        open_form(None, assessor="zoe")


messages = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
fields = st.dictionaries(st.text(max_size=8), messages, max_size=6)
KINDS = ["hello", "edit", "look", "flush", "next", "history", "open", "comment", "sign", "restore", "create"]


@settings(max_examples=2 * settings().max_examples, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(KINDS) | messages, more=st.dictionaries(st.text(max_size=8), messages, max_size=6)
)
def test_no_message_raises_or_breaks_the_file(
    kind: object, more: dict[str, Any], open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    sent = {"client": "x", "seq": 1, "part": "answers/LOC-01", "question": "LOC-01", "base": "", **more}
    form.receive({**sent, "kind": kind})
    form.receive({"kind": "edit", "client": "x", "seq": 2, "edits": [{**sent, "content": more}]})
    form.save_due()
    assert load_inputs(evaluation).answers["aider"].answers
