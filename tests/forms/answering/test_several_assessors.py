"""One assessor's file beside another's: what all files about a product must agree on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from evalkit import load_inputs
from evalkit.files.loading import check
from evalkit.forms.reviewing.review_form import ReviewForm
from tests.forms.answering.test_answer_form import a_scale
from tests.forms.answering.visitor import Visitor
from tests.forms.reviewing.reviewer import row_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forms.answering.test_answer_form import OpenForm


@pytest.fixture
def evaluation(evaluation: Path) -> Path:
    """An evaluation in which ann and ben answer apart, beside a consensus."""
    answers = evaluation / "answers"
    for name in ("ann", "ben"):
        shutil.copy(answers / "aider.yaml", answers / f"aider.{name}.yaml")
    return evaluation


@pytest.mark.parametrize(("assessor", "other"), [("ann", "the consensus"), (None, "ann")])
def test_a_version_that_the_others_do_not_name_stays_a_draft(
    open_form: OpenForm, evaluation: Path, assessor: str | None, other: str
) -> None:
    form = open_form(assessor=assessor)
    page, before = Visitor(form), form.work.content("product")
    page.edit("product", {**before, "version": "9.9"})
    (saved,) = (each for each in page.saved() if each["kind"] == "saved")
    product = saved["parts"]["product"]
    assert product["draft"]
    (problem,) = product["problems"]
    assert (problem["code"], problem["path"]) == ("A041", ["version"])
    assert f"is not that of {other}" in problem["message"]
    assert "aider.ben.yaml" in problem["hint"]
    assert load_inputs(evaluation).answers["aider"].product.version == before["version"]
    assert open_form(assessor=assessor).work.content("product")["version"] == "9.9", "the draft is there"


def test_a_deployment_that_the_others_do_not_have_stays_a_draft(
    open_form: OpenForm, evaluation: Path
) -> None:
    form = open_form(assessor="ann")
    page, before = Visitor(form), form.work.content("deployments")
    page.edit("deployments", [*before, {**before[0], "id": "another", "name": "Another"}])
    page.saved()
    state = form.work.snapshot.parts["deployments"]
    assert state.is_draft
    assert [each.code for each in state.problems] == ["A042"]
    assert check(evaluation) == ()


def test_a_draft_joins_once_the_others_say_the_same(open_form: OpenForm, evaluation: Path) -> None:
    form = open_form(assessor="ann")
    page, before = Visitor(form), form.work.content("product")
    page.edit("product", {**before, "licence": "closed"})
    page.saved()
    for name in ("aider.yaml", "aider.ben.yaml"):
        path = evaluation / "answers" / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"licence: {before['licence']}", "licence: closed"), encoding="utf-8")
    page.act("comment", a_scale(form), text="Which page?")
    page.saved()
    assert not form.work.snapshot.parts["product"].is_draft
    assert "A041" not in {problem.code for problem in check(evaluation)}


def test_a_refusal_beside_anothers_value_is_told_and_may_stand(open_form: OpenForm, evaluation: Path) -> None:
    (evaluation / "answers" / "aider.yaml").unlink()
    form = open_form(assessor="ann")
    page, question = Visitor(form), a_scale(form)
    evidence = form.work.content(f"answers/{question}")["evidence"]
    for item in evidence:
        item.pop("value", None)
    page.edit(
        f"answers/{question}", {"state": "refused", "finding": "Asked on 2026-11-01.", "evidence": evidence}
    )
    page.saved()
    state = form.work.snapshot.parts[f"answers/{question}"]
    assert not state.is_draft
    assert [(each.code, each.message) for each in state.problems] == [
        ("A040", f"{question}: refused, but ben found a value")
    ]
    review = ReviewForm(open_form(who="cy", assessor="ann"))
    assert row_of(review, f"{question}/*").status == "open"
