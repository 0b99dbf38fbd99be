"""What is sent: everything a vendor needs, nothing that runs, and the same bytes each time."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form.asking import level_choice
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.sending import form_of, send
from evalkit.exchange.vendor_form.sheet import FILLED_IN, HIDDEN
from evalkit.model.questionnaire import ScaleQuestion
from tests.exchange.vendor_form.acme import ANSWERS, QUESTIONNAIRE, columns, evaluation, row_of, sent

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


def test_the_workbook_has_a_cover_a_sheet_per_domain_and_a_hidden_one(small: Path) -> None:
    book = openpyxl.load_workbook(sent(small))
    assert len(book.sheetnames) == len(QUESTIONNAIRE.domains) + 2
    assert book.sheetnames[0] == "Start here"
    assert book["evalkit"].sheet_state == "hidden"
    cover = "\n".join(str(cell.value) for row in book["Start here"].iter_rows() for cell in row if cell.value)
    for fact in (
        "Small evaluation",
        "Acme Ltd",
        "Bedrock",
        "2026-12-20",
        "coding-agent@1.0.0",
        "74 questions",
    ):
        assert fact in cover


def test_every_question_has_a_row_with_a_dropdown_of_its_levels(small: Path) -> None:
    book = openpyxl.load_workbook(sent(small))
    for question in QUESTIONNAIRE.questions:
        sheet, row = row_of(book, f"{question.id}/*")
        assert question.question in str(sheet.cell(row, columns(sheet)["text"]).value)
        if not isinstance(question, ScaleQuestion):
            continue
        cell = sheet.cell(row, columns(sheet)["answer"])
        rule = next(each for each in sheet.data_validations.dataValidation if cell.coordinate in each.sqref)
        first, last = str(rule.formula1).replace("$", "").partition("!")[2].split(":")
        offered = [each[0].value for each in book["evalkit"][f"{first}:{last}"]]
        assert offered == [level_choice(level) for level in question.levels]
        for level in question.levels:
            assert level.text in str(sheet.cell(row, columns(sheet)["guidance"]).value)


def test_only_what_is_filled_in_is_unlocked_and_ids_are_hidden(small: Path) -> None:
    book = openpyxl.load_workbook(sent(small))
    sheet, row = row_of(book, "LOC-01/*")
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    for key, at in columns(sheet).items():
        assert sheet.cell(row, at).protection.locked == (key not in FILLED_IN), key
        letter = sheet.cell(row, at).column_letter
        # openpyxl keeps a run of equal columns under its first.
        assert (key in HIDDEN) == (sheet.column_dimensions[letter].hidden or letter in "BC"), key
    assert sheet.row_dimensions[1].hidden
    assert sheet.freeze_panes is not None


def test_the_same_form_is_the_same_bytes(small: Path) -> None:
    assert sent(small).read_bytes() == sent(small, "again.xlsx").read_bytes()
    created = openpyxl.load_workbook(sent(small)).properties.created
    assert created == datetime(2026, 11, 22)  # noqa: DTZ001 - a workbook knows no zones


def test_text_from_answers_is_text_and_no_formula(small: Path) -> None:
    book = openpyxl.load_workbook(sent(small, with_findings=True))
    kinds = {
        cell.data_type
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds == {"s"}
    sheet, row = row_of(book, "LOC-04/*")
    assert sheet.cell(row, columns(sheet)["applies"]).value == "=cmd|calc"


def test_findings_are_shown_on_request_only(small: Path) -> None:
    found = "One page lists the paths."
    shown = openpyxl.load_workbook(sent(small, with_findings=True))
    sheet, row = row_of(shown, "LOC-01/*")
    assert sheet.cell(row, columns(sheet)["found"]).value == f"Level 3 of 4: Full path list\n{found}"
    for name in ("acme.xlsx", "acme.csv"):
        hidden = sent(small, name)
        assert found.encode() not in hidden.read_bytes()
    book = openpyxl.load_workbook(sent(small))
    assert all(
        found not in str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
    )


def test_triage_asks_the_questions_for_a_first_meeting(small: Path) -> None:
    form = form_of(Place.of(small), "acme", triage=True)
    assert {line.question for line in form.lines()} == {
        question.id for question in QUESTIONNAIRE.questions if question.triage
    }


def test_answers_by_deployment_have_rows_of_their_own(small: Path) -> None:
    place = Place.of(small)

    def rows(*names: str) -> list[tuple[str, str]]:
        form = form_of(place, "acme", deployments=names)
        return [(line.id, line.applies) for line in form.lines() if line.question == "LOC-04"]

    assert rows() == [("LOC-04/*", "=cmd|calc"), ("LOC-04/bedrock", "Bedrock")]
    assert rows("bedrock") == [("LOC-04/bedrock", "Bedrock")]
    assert rows("direct") == [("LOC-04/*", "=cmd|calc")]


def test_only_deployments_that_the_evaluation_compares_are_asked_about(small: Path) -> None:
    file = small / "evaluation.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}options: [acme/bedrock]\n", encoding="utf-8")
    form = form_of(Place.of(small), "acme")
    assert form.deployments == (("bedrock", "Bedrock"),)


def test_wrong_usage_says_what_is_allowed(small: Path, tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match=r"\.xlsx or \.csv"):
        send(small, "acme", tmp_path / "form.docx")
    with pytest.raises(EvalkitError, match="did you mean acme"):
        send(small, "acmee", tmp_path / "form.xlsx")
    with pytest.raises(EvalkitError, match="direct, bedrock"):
        send(small, "acme", tmp_path / "form.xlsx", deployments=["moon"])
    with pytest.raises(EvalkitError, match="folder does not exist"):
        send(small, "acme", tmp_path / "no" / "form.xlsx")


def test_without_xlsxwriter_it_is_said_what_to_install(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(EvalkitError, match=r"pip install 'evalkit\[exchange\]'"):
        sent(small)


def test_answers_of_assessors_only_cannot_take_what_a_vendor_says(tmp_path: Path) -> None:
    small = evaluation(tmp_path, ANSWERS, product="acme.ann")
    with pytest.raises(EvalkitError, match="assessors only"):
        send(small, "acme", tmp_path / "form.xlsx")
