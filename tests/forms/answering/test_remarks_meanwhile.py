"""Remarks and sign-offs that come while somebody else answers: in two pages, and in two kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.forms.answering.test_answer_form import a_scale, with_level
from tests.forms.answering.visitor import Visitor, answer

if TYPE_CHECKING:
    from evalkit.forms.answering.answer_form import AnswerForm
    from tests.forms.answering.test_answer_form import OpenForm


@pytest.fixture(params=["two pages", "two kernels"])
def both(request: pytest.FixtureRequest, open_form: OpenForm) -> tuple[AnswerForm, AnswerForm]:
    """The form of who answers, and that of who remarks: the same one, or one in another process."""
    ann = open_form()
    return ann, ann if request.param == "two pages" else open_form(who="ben")


def kinds(messages: list[dict[str, Any]]) -> set[str]:
    return {each["kind"] for each in messages}


def test_an_answer_is_saved_with_a_remark_that_came_while_it_was_typed(
    both: tuple[AnswerForm, AnswerForm],
) -> None:
    ann, ben = both
    question = a_scale(ann)
    part, base = f"answers/{question}", ann.work.revision(f"answers/{question}")
    page, other = Visitor(ann, "ann"), Visitor(ben, "ben")
    other.act("comment", question, text="Which page?")
    other.saved()
    page.edit(part, with_level(ann, question, 4), base=base)
    assert "conflict" not in kinds(page.saved())
    ann.look_outside()
    said = answer(ann, question)
    assert (said["value"], [each["text"] for each in said["comments"]]) == (4, ["Which page?"])


def test_a_remark_is_added_to_an_answer_that_was_changed_while_it_was_typed(
    both: tuple[AnswerForm, AnswerForm],
) -> None:
    ann, ben = both
    question = a_scale(ann)
    page, other = Visitor(ann, "ann"), Visitor(ben, "ben")
    base = ben.work.revision(f"answers/{question}")
    page.edit(f"answers/{question}", with_level(ann, question, 4))
    page.saved()
    other.seq += 1
    other.send("comment", seq=other.seq, question=question, base=base, text="Which page?")
    assert "conflict" not in kinds(other.saved())
    ann.look_outside()
    said = answer(ann, question)
    assert (said["value"], [each["text"] for each in said["comments"]]) == (4, ["Which page?"])


def test_nobody_signs_off_what_was_changed_meanwhile(open_form: OpenForm) -> None:
    ann, ben = open_form(), open_form(who="ben")
    question = a_scale(ann)
    page, other = Visitor(ann, "ann"), Visitor(ben, "ben")
    page.edit(f"answers/{question}", with_level(ann, question, 4))
    page.saved()
    other.act("sign", question, scope="*", note="")
    assert "conflict" in kinds(other.saved())
    ann.look_outside()
    assert "reviewed" not in answer(ann, question)


def test_two_answers_to_one_question_stay_a_conflict(both: tuple[AnswerForm, AnswerForm]) -> None:
    ann, ben = both
    question = a_scale(ann)
    part, base = f"answers/{question}", ann.work.revision(f"answers/{question}")
    page, other = Visitor(ann, "ann"), Visitor(ben, "ben")
    other.act("comment", question, text="Which page?")
    other.saved()
    other.edit(part, with_level(ben, question, 4))
    other.saved()
    page.edit(part, with_level(ann, question, 0), base=base)
    assert "conflict" in kinds(page.saved())
