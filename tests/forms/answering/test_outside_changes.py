"""What others change while the form is open: the answers, and all that decides what they are worth."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from evalkit import load_inputs
from evalkit.forms.answering.answer_panel import AnswerPanel
from evalkit.forms.reviewing.review_form import ReviewForm
from tests.forms.answering.test_answer_form import a_scale, by_hand, with_level
from tests.forms.answering.test_answer_panel import edit, say
from tests.forms.answering.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evalkit.forms.answering.answer_form import AnswerForm
    from tests.forms.answering.test_answer_form import OpenForm


def kinds(said: list[dict[str, Any]]) -> list[str]:
    return [each["kind"] for each in said]


def replaced(path: Path, was: str, now: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")


def cited(form: AnswerForm) -> tuple[str, str]:
    """A source and a question whose answer cites it."""
    answers = form.work.snapshot.answers.answers
    return next((item.source, name) for name, said in answers.items() for item in said.evidence)


def test_an_answer_whose_source_a_text_editor_took_away_says_so(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    source, question = cited(form)
    page = Visitor(form)
    replaced(evaluation / "answers/aider.yaml", f"\n  {source}:", "\n  renamed:")
    changed = next(each for each in form.look_outside() if each["kind"] == "changed")
    assert [each["code"] for each in changed["parts"][f"answers/{question}"]["problems"]] == ["A022"]
    assert page.form.look_outside() == []


def test_a_draft_that_another_kernel_completed_is_none_any_more(open_form: OpenForm) -> None:
    ann, ben = open_form(), open_form(who="ben")
    one, other = Visitor(ann), Visitor(ben, "other")
    evidence = [{"class": "documented", "source": "talk", "collected": "2026-11-20"}]
    one.edit("answers/LOC-01", {"value": 1, "evidence": evidence})
    one.saved()
    assert ann.work.snapshot.parts["answers/LOC-01"].is_draft
    ben.look_outside()
    other.edit("sources/talk", {"title": "A talk", "publisher": "Its vendor", "kind": "vendor-docs"})
    other.saved()
    changed = next(each for each in ann.look_outside() if each["kind"] == "changed")
    assert changed["parts"]["answers/LOC-01"]["draft"] is False


def test_a_part_of_which_only_the_problems_changed_is_in_no_conflict(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    source, question = cited(form)
    page, part = Visitor(form), f"answers/{question}"
    base, content = form.work.revision(part), form.work.content(part)
    page.edit(part, {**content, "finding": "One."})
    page.saved()
    replaced(evaluation / "answers/aider.yaml", f"\n  {source}:", "\n  renamed:")
    form.look_outside()
    page.edit(part, {**content, "finding": "Two."}, base=base)  # not heard of the save yet
    page.saved()
    assert form.work.content(part)["finding"] == "Two."


def test_the_form_follows_the_evaluation_its_profile_and_its_day(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    page = Visitor(form)
    question = a_scale(form)
    page.edit(f"answers/{question}", with_level(form, question, 4))
    replaced(evaluation / "evaluation.yaml", "profile: standard", "profile: regulated")
    replaced(evaluation / "evaluation.yaml", "2026-11-22", "2026-11-25")
    (state,) = form.look_outside()
    assert state["kind"] == "state"
    assert "changed" in state["why"]
    assert state["evaluation"]["as_of"] == "2026-11-25"
    assert {each["question"] for each in state["standing"]["gates"]} == {
        gate.question for gate in load_inputs(evaluation).profile.gates
    }
    assert kinds(page.saved()) == ["saved"]
    assert form.work.content(f"answers/{question}")["value"] == 4
    assert form.look_outside() == []


def test_a_weight_changed_in_the_questionnaire_counts(open_form: OpenForm, evaluation: Path) -> None:
    form = open_form()
    Visitor(form)
    path = evaluation.parents[1] / "questionnaires/coding-agent/storage.yaml"
    question = form.work.inputs.questionnaire.questions[0]
    replaced(path, f"weight: {question.weight:g}", f"weight: {question.weight % 5 + 1:g}")
    (state,) = form.look_outside()
    assert form.work.inputs.questionnaire.by_id[question.id].weight != question.weight
    assert state["kind"] == "state"


def test_a_file_that_is_only_touched_changes_nothing_and_an_answer_beside_it_is_told(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    Visitor(form)
    replaced(evaluation / "evaluation.yaml", "title: ", "title:  ")
    replaced(evaluation / "evaluation.yaml", "title:  ", "title: ")
    finding = form.work.content("answers/LOC-01")["finding"][:20]
    replaced(evaluation / "answers/aider.yaml", finding, "By hand")
    assert kinds(form.look_outside()) == ["changed", "standing"]


def test_an_evaluation_that_cannot_be_read_is_said_to_each_page_and_costs_nothing(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form()
    page = Visitor(form)
    good = (evaluation / "evaluation.yaml").read_text(encoding="utf-8")
    (evaluation / "evaluation.yaml").write_text("format: [", encoding="utf-8")
    assert kinds(form.look_outside()) == ["unreadable"]
    assert kinds(Visitor(form, "later").said) == ["state", "unreadable"]
    question = a_scale(form)
    page.edit(f"answers/{question}", with_level(form, question, 4))
    assert "saved" in kinds(page.saved())
    (evaluation / "evaluation.yaml").write_text(good, encoding="utf-8")
    assert kinds(form.look_outside()) == ["readable"]


def test_a_review_follows_the_evaluation(open_form: OpenForm, evaluation: Path) -> None:
    review = ReviewForm(open_form(who="cy"))
    replaced(evaluation / "evaluation.yaml", "2026-11-22", "2026-11-25")
    (state,) = review.receive({"kind": "hello", "client": "page"})[:1]
    assert (state["kind"], state["as_of"]) == ("review", "2026-11-25")


@pytest.fixture
def panel(open_form: OpenForm) -> AnswerPanel:
    return AnswerPanel(open_form())


@pytest.fixture
def told(panel: AnswerPanel, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of what its page is told."""
    heard: list[str] = []
    monkeypatch.setattr(panel.page, "send", lambda message: heard.append(message["kind"]))
    return heard


async def until(happened: Callable[[], bool], again: Callable[[], object] = lambda: None) -> None:
    """Wait until something has happened, doing something now and then."""
    async with asyncio.timeout(120):
        while not happened():
            again()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 0.4)


def test_what_waits_is_saved_once_the_file_is_there_again(
    panel: AnswerPanel, told: list[str], evaluation: Path
) -> None:
    path, question = evaluation / "answers/aider.yaml", a_scale(panel.form)
    text = path.read_text(encoding="utf-8")

    async def branches_changed() -> None:
        say(panel, kind="hello")
        edit(panel, question, 4)
        path.unlink()
        await until(lambda: "unreadable" in told, lambda: say(panel, kind="hello"))
        assert panel.form.is_waiting
        await until(lambda: not panel.form.is_waiting, lambda: path.write_text(text, encoding="utf-8"))
        panel.close()

    asyncio.run(branches_changed())
    assert load_inputs(evaluation).answers["aider"].answers[question].value == 4


def test_a_folder_that_was_away_is_watched_again(
    panel: AnswerPanel, told: list[str], evaluation: Path
) -> None:
    away = evaluation.parent.parent / "away"
    number = iter(range(1000))

    def edited() -> None:
        by_hand(evaluation, "LOC-01", f"By hand {next(number)}.")

    def is_told() -> bool:
        return str(panel.form.work.content("answers/LOC-01")["finding"]).startswith("By hand")

    async def branches_changed() -> None:
        say(panel, kind="hello")
        await asyncio.to_thread(evaluation.rename, away)
        await until(lambda: "unreadable" in told, lambda: say(panel, kind="hello"))
        await asyncio.to_thread(away.rename, evaluation)
        await until(is_told, edited)
        panel.close()

    asyncio.run(branches_changed())


def test_a_product_whose_file_is_gone_stays_in_the_list(panel: AnswerPanel, evaluation: Path) -> None:
    question = a_scale(panel.form)

    async def removed() -> None:
        say(panel, kind="hello")
        edit(panel, question, 4)
        (evaluation / "answers/aider.yaml").unlink()
        panel.products.value = "cursor"
        assert panel.products.value == "aider"
        assert panel.form.is_waiting
        panel.close()

    asyncio.run(removed())
