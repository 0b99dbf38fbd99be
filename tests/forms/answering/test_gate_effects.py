"""What the page says before something is chosen: what it would do to a gate, which question is worth it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.forms.answering.answer_form import AnswerForm
from evalkit.forms.answering.stamps import GENERAL
from evalkit.model.questionnaire import SetQuestion
from tests.forms.answering.test_cover_sheet import SHEET
from tests.forms.answering.visitor import Visitor

if TYPE_CHECKING:
    from tests.forms.answering.test_answer_form import OpenForm

GATES = ("RTN-09", "RTE-09", "APR-01", "APR-09")


def effects(standing: dict[str, Any], question: str, scope: str = GENERAL) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = standing["effects"][question][scope]
    return found


def result(standing: dict[str, Any], question: str) -> str:
    (found,) = [gate["result"] for gate in standing["gates"] if gate["question"] == question]
    return str(found)


def scope_of(form: AnswerForm, question: str, deployment: str) -> str:
    content = form.work.content(f"answers/{question}") or {}
    return deployment if deployment in content.get("deployments", {}) else GENERAL


@pytest.mark.parametrize("product", ["aider", "cursor"])
@pytest.mark.parametrize("question", GATES)
def test_what_a_level_is_said_to_do_is_what_it_does(product: str, question: str, open_form: OpenForm) -> None:
    form = open_form(product)
    page = Visitor(form, deployment=form.work.deployments[-1])
    scope = scope_of(form, question, form.work.deployments[-1])
    part, before = f"answers/{question}", form.work.content(f"answers/{question}")
    said = effects(page.last("state")["standing"], question, scope)
    assert [each["value"] for each in said] == [0, 1, 2, 3, 4]
    own = before if scope == GENERAL else before["deployments"][scope]
    items = [{key: value for key, value in it.items() if key != "value"} for it in own.get("evidence", [])]
    if not items or own.get("state") == "conflicting":
        pytest.skip("rests on no evidence that a level could stand on")
    for each in said:
        chosen = {**own, "value": each["value"], "evidence": items}
        chosen.pop("state", None)
        content = {**before, **chosen}
        if scope != GENERAL:  # deployments that may not differ are changed together
            same = [name for name, said in before["deployments"].items() if said == own]
            content = {**before, "deployments": {**before["deployments"], **dict.fromkeys(same, chosen)}}
        told = page.edit(part, content)
        assert told["problems"][part] == []
        assert result(told["standing"], question) == each["result"], each


def test_texts_say_what_follows_from_a_level(open_form: OpenForm) -> None:
    page = Visitor(open_form())
    page.send("create", seq=1, **SHEET)
    standing = page.last("state")["standing"]
    final = [each["text"] for each in effects(standing, "RTN-09")]
    assert final[0] == "On documented evidence: fails a final gate, which excludes this option"
    assert final[2] == "On documented evidence: passes the gate"
    mitigable = [each["text"] for each in effects(standing, "APR-09")]
    assert mitigable[0] == "On documented evidence: fails the gate, so a condition or a waiver is needed"
    page.edit("sources/talk", {"title": "A talk", "publisher": "Its vendor", "kind": "correspondence"})
    claim = {"class": "claim", "source": "talk", "collected": "2026-11-20"}
    page.edit("answers/RTN-09", {"value": 1, "evidence": [claim]})
    weak = [each["text"] for each in effects(page.last("standing")["standing"], "RTN-09")]
    assert weak[0] == "Leaves the gate open: documented evidence is needed, on which it fails"
    assert weak[4] == "Leaves the gate open: documented evidence is needed, on which it passes"


def test_a_final_gate_that_a_control_can_lift_excludes_nothing(evaluation: Path) -> None:
    shipped = Path(__file__).parents[3] / "results/coding-agents-2026"
    for name in ("answers", "controls"):
        shutil.copytree(shipped / name, evaluation / name, dirs_exist_ok=True)
    page = Visitor(AnswerForm(evaluation, "claude-code", who="ann"), deployment="direct")
    part = "answers/APR-01"
    content = page.form.work.content(part)
    said = effects(page.last("state")["standing"], "APR-01")
    assert said[0]["text"].startswith("Fails the gate, unless CC-APP-04 is enforced")
    told = page.edit(part, {**content, "value": 0})
    assert result(told["standing"], "APR-01") == "fail"
    assert told["standing"]["verdict"] != "reject"


def test_a_tick_is_taken_with_those_that_stand(open_form: OpenForm, evaluation: Path) -> None:
    path = evaluation / "evaluation.yaml"
    lab = path.read_text(encoding="utf-8").replace("profile: standard", "profile: open-source-only-lab")
    path.write_text(lab, encoding="utf-8")
    form = open_form()
    profile = form.work.inputs.profile
    gate = next(each for each in profile.gates if each.question == "RTE-01")
    question, part = form.work.inputs.questionnaire.by_id[gate.question], f"answers/{gate.question}"
    assert isinstance(question, SetQuestion)
    page, reached = Visitor(form), (gate.includes_any or ())[0]
    page.edit("sources/talk", {"title": "A talk", "publisher": "Its vendor", "kind": "vendor-docs"})
    before = {"evidence": [{"class": "documented", "source": "talk", "collected": "2026-11-20"}]}
    other = next(each.id for each in question.options if each.id not in (gate.includes_any or ()))
    told = page.edit(part, {**before, "value": [reached]})
    assert told["problems"][part] == []
    said = {each["value"]: each["result"] for each in effects(told["standing"], gate.question)}
    told = page.edit(part, {**before, "value": [reached, other]})
    assert said[other] == result(told["standing"], gate.question) == "pass"


def test_what_serves_another_deployment_is_said_about_that_one(open_form: OpenForm) -> None:
    form = open_form()
    here, there = form.work.deployments[:2]
    page = Visitor(form, deployment=here)
    part = "answers/RTN-09"
    before = form.work.content(part)
    own = {key: value for key, value in before.items() if key in ("value", "evidence", "finding")}
    told = page.edit(part, {**before, "deployments": {here: own}})
    name = form.work.snapshot.answers.deployment(there).name
    general = [each["text"] for each in effects(told["standing"], "RTN-09")]
    assert all("this option" not in each for each in general)
    assert any(f"excludes {name}" in each for each in general) or all("gate open" in each for each in general)
    assert set(told["standing"]["effects"]["RTN-09"]) == {GENERAL, here}


def test_a_new_product_begins_with_gates_then_with_the_first_meeting(open_form: OpenForm) -> None:
    page = Visitor(open_form())
    page.send("create", seq=1, **SHEET)
    (told,) = page.send("next")
    assert {each["question"] for each in told["questions"][:4]} == set(GATES)
    assert told["questions"][0]["reason"] == "A gate"
    assert told["questions"][4]["reason"] == "For the first meeting"
    assert len(told["questions"]) == len({each["question"] for each in told["questions"]})


def test_of_a_product_with_answers_what_may_change_the_verdict_comes_first(open_form: OpenForm) -> None:
    page = Visitor(open_form())
    (told,) = page.send("next")
    asked = [each["question"] for each in told["questions"]]
    assert len(asked) == len(set(asked))
    likely = [each["reason"] for each in told["questions"] if "change the verdict" in each["reason"]]
    assert [each["reason"] for each in told["questions"][: len(likely)]] == likely
    assert all("of the weight" in each["reason"] for each in told["questions"][len(likely) :])


def test_the_last_change_is_told_in_words_and_nothing_where_nothing_changed(open_form: OpenForm) -> None:
    page = Visitor(open_form())
    page.send("create", seq=1, **SHEET)
    page.edit(
        "sources/docs", {"title": "D", "publisher": "V", "kind": "vendor-docs", "retrieved": "2026-11-20"}
    )
    assert page.last("standing")["standing"]["change"] == {"text": "", "items": []}
    page.edit("answers/RTN-09", {"value": 1, "evidence": [{"class": "documented", "source": "docs"}]})
    change = page.last("standing")["standing"]["change"]
    assert {"what": "Gate RTN-09", "before": "open", "after": "failed"} in change["items"]
    assert {"what": "Verdict", "before": "Not scorable", "after": "Reject"} in change["items"]
    assert change["text"].startswith("Assured – → ")
