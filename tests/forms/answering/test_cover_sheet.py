"""A new product from its cover sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit import load_inputs
from evalkit.files.loading import check
from tests.forms.answering.visitor import Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forms.answering.test_answer_form import OpenForm

SHEET: dict[str, Any] = {
    "product": {
        "id": "our-agent",
        "name": "Our Agent",
        "vendor": "Its vendor",
        "version": "1.4",
        "licence": "closed",
        "operating_systems": ["linux"],
        "features": [],
    },
    "prepared": {"by": "ann", "on": "2026-11-23", "basis": "What we read."},
    "deployments": [
        {"id": "direct", "name": "API, CLI", "route": "vendor_direct", "surface": "cli", "plan": "enterprise"}
    ],
}


def test_a_cover_sheet_becomes_a_product_and_is_opened(open_form: OpenForm, evaluation: Path) -> None:
    page = Visitor(open_form())
    told = page.send("create", seq=1, **SHEET)
    assert [each["kind"] for each in told] == ["created", "state"]
    assert told[1]["product"] == "our-agent"
    assert told[1]["standing"]["verdict"] == "not-scorable"
    assert {gate["result"] for gate in told[1]["standing"]["gates"]} == {"open"}
    assert check(evaluation) == ()
    assert load_inputs(evaluation).answers["our-agent"].product.name == "Our Agent"


def test_a_new_product_is_answered_from_the_first_question_to_a_verdict(
    open_form: OpenForm, evaluation: Path
) -> None:
    page = Visitor(open_form())
    page.send("create", seq=1, **SHEET)
    page.edit(
        "sources/docs",
        {"title": "Docs", "publisher": "Its vendor", "kind": "vendor-docs", "retrieved": "2026-11-20"},
    )
    told = page.edit("answers/RTN-09", {"value": 3, "evidence": [{"class": "documented", "source": "docs"}]})
    assert told["problems"] == {"sources/docs": [], "answers/RTN-09": []}
    gates = {gate["question"]: gate["result"] for gate in told["standing"]["gates"]}
    assert gates["RTN-09"] == "pass"
    assert told["standing"]["assured"] is not None
    page.saved()
    assert load_inputs(evaluation).answers["our-agent"].answers["RTN-09"].value == 3


def test_every_problem_of_a_cover_sheet_is_told_at_its_field(open_form: OpenForm, evaluation: Path) -> None:
    page = Visitor(open_form())
    sheet = {
        **SHEET,
        "product": {**SHEET["product"], "name": " ", "licence": "free"},
        "deployments": [{**SHEET["deployments"][0], "route": ""}],
    }
    (told,) = page.send("create", seq=1, **sheet)
    assert told["kind"] == "cover-problems"
    fields = {tuple(each["path"]) for each in told["problems"]}
    assert {("product", "name"), ("deployments", 0, "route")} <= fields
    assert not (evaluation / "answers" / "our-agent.yaml").exists()


def test_a_product_that_is_there_is_not_overwritten(open_form: OpenForm, evaluation: Path) -> None:
    before = (evaluation / "answers" / "cursor.yaml").read_bytes()
    page = Visitor(open_form())
    (told,) = page.send("create", seq=1, **SHEET | {"product": {**SHEET["product"], "id": "cursor"}})
    assert told["problems"] == [
        {
            "path": ["product", "id"],
            "message": "there are answers about cursor already; choose another id or open it",
        }
    ]
    assert (evaluation / "answers" / "cursor.yaml").read_bytes() == before


def test_an_id_that_is_a_path_is_none(open_form: OpenForm, evaluation: Path) -> None:
    page = Visitor(open_form())
    for name in ("../evil", "a/b", "x.ann", "", None, 7):
        (told,) = page.send("create", seq=1, **SHEET | {"product": {**SHEET["product"], "id": name}})
        assert told["kind"] == "cover-problems", name
    assert {path.name for path in evaluation.rglob("*.yaml")} == {
        "evaluation.yaml",
        "aider.yaml",
        "cursor.yaml",
    }
