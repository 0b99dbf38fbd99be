"""Files that want to hurt, deceive, or were only handled carelessly: each is refused, or its rows are."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink, ExternalSheetNames

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form.receiving import MAX_BYTES
from evalkit.exchange.vendor_form.sheet import HIDDEN, text_digest
from tests.exchange.vendor_form.acme import (
    EVALUATION,
    QUESTIONNAIRE,
    came_back,
    changed_parts,
    columns,
    evaluation,
    fill_in,
    outcome,
    row_of,
    sent,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


@pytest.fixture
def form(small: Path) -> Path:
    return sent(small, triage=True)


def _saved(path: Path, change: Any) -> Path:  # noqa: ANN401 - a function of a workbook
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def _question(number: int = 0) -> str:
    scales = (each for each in QUESTIONNAIRE.questions if each.triage and each.kind == "scale")
    return [question.id for question in scales][number]


def test_formulas_are_rejected_and_not_evaluated(small: Path, form: Path) -> None:
    question = _question()
    row = outcome(came_back(small, fill_in(form, {f"{question}/*": {"answer": "=1+2"}})), question)
    assert row.outcome == "rejected"
    assert "is a formula" in row.reason


def test_text_that_looks_like_a_formula_is_text(small: Path, form: Path) -> None:
    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        sheet, row = row_of(book, f"{_question()}/*")
        cell = sheet.cell(row, columns(sheet)["explanation"])
        cell.value = "=cmd|'/c calc'!A1"
        cell.data_type = "s"

    received = came_back(small, _saved(form, change))
    assert outcome(received, _question()).outcome == "accepted"


def test_errors_in_cells_are_rejected(small: Path, form: Path) -> None:
    received = came_back(small, fill_in(form, {f"{_question()}/*": {"answer": "#REF!"}}))
    assert "holds the error #REF!" in outcome(received, _question()).reason


def test_links_to_other_workbooks_are_not_followed_and_the_rest_is_read(small: Path, form: Path) -> None:
    linked, plain = _question(0), _question(1)

    def link(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        elsewhere = ExternalLink(externalBook=ExternalBook(sheetNames=ExternalSheetNames(["Facts"])))
        elsewhere.file_link = Relationship(
            "rId1", type="externalLinkPath", Target="answers.xlsx", TargetMode="External"
        )
        book._external_links.append(elsewhere)  # noqa: SLF001 - openpyxl has no other way
        for question, value in ((linked, "=[1]Facts!A1"), (plain, 3)):
            sheet, row = row_of(book, f"{question}/*")
            sheet.cell(row, columns(sheet)["answer"]).value = value

    received = came_back(small, _saved(form, link))
    assert "is a formula, which is not evaluated" in outcome(received, linked).reason
    assert outcome(received, plain).outcome == "accepted"
    assert [note for note in received.notes if "takes values from other workbooks" in note]


def test_macros_are_not_run_and_are_told_of(small: Path, form: Path) -> None:
    received = came_back(small, changed_parts(form, xl__vbaProject_bin=b"\xd0\xcf\x11\xe0"))
    assert received.notes == ("the file holds macros or controls; they were not run, only values were read",)
    assert received.rejected == ()


@pytest.mark.parametrize("text", [b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<!  doctype a>"])
def test_document_types_and_entities_are_refused(small: Path, form: Path, text: bytes) -> None:
    with pytest.raises(EvalkitError, match="declares a document type or an entity"):
        came_back(small, changed_parts(form, xl__sharedStrings_xml=text))


def test_an_entity_in_another_encoding_is_refused(small: Path, form: Path) -> None:
    text = "<!DOCTYPE a [<!ENTITY b 'c'>]>".encode("utf-16")
    with pytest.raises(EvalkitError, match="is not UTF-8"):
        came_back(small, changed_parts(form, xl__sharedStrings_xml=text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_an_entity_in_a_part_with_another_ending_is_refused(small: Path, form: Path, encoding: str) -> None:
    text = " <!DOCTYPE a>" if encoding.startswith("utf-8") else "<!DOCTYPE a>"
    with pytest.raises(EvalkitError, match=r"declares a document type|is not UTF-8"):
        came_back(small, changed_parts(form, xl__worksheets__sheet_bin=text.encode(encoding)))


def test_without_openpyxl_it_is_said_what_to_install(
    small: Path, form: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(EvalkitError, match=r"pip install 'evalkit\[exchange\]'"):
        came_back(small, form)


def test_a_zip_bomb_is_refused(small: Path, form: Path) -> None:
    with pytest.raises(EvalkitError, match="zip bomb"):
        came_back(small, changed_parts(form, xl__media__image_png=b"\x00" * 50_000_000))


def test_a_zip_that_lies_about_its_size_is_refused(small: Path, form: Path) -> None:
    raw = bytearray(changed_parts(form, xl__media__image_png=b"\x00" * 50_000_000).read_bytes())
    claimed = struct.pack("<I", 50_000_000)
    while (at := raw.find(claimed)) >= 0:
        raw[at : at + 4] = struct.pack("<I", 10)
    form.write_bytes(raw)
    with pytest.raises(EvalkitError, match=r"zip bomb|damaged"):
        came_back(small, form)


def test_many_small_files_and_too_much_of_all_are_refused(small: Path, form: Path) -> None:
    with zipfile.ZipFile(form, "a") as package:
        for number in range(400):
            package.writestr(f"xl/x{number}.bin", b"")
    with pytest.raises(EvalkitError, match="at most 400"):
        came_back(small, form)


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/evil.xml", "xl\\evil.xml"])
def test_paths_that_lead_out_are_refused(small: Path, form: Path, name: str) -> None:
    with zipfile.ZipFile(form, "a") as package:
        package.writestr(name, b"")
    with pytest.raises(EvalkitError, match="which no workbook has"):
        came_back(small, form)


def test_a_member_that_stands_twice_is_refused(small: Path, form: Path) -> None:
    with zipfile.ZipFile(form, "a") as package:
        package.writestr("XL/sharedStrings.xml", b"")
    with pytest.raises(EvalkitError, match="twice"):
        came_back(small, form)


def _rows(count: int, *, last: bytes) -> Iterator[bytes]:
    yield b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    yield from (b'<row r="%d"><c r="A%d"/></row>' % (number, number) for number in range(1, count))
    yield b'<row r="%d"><c r="A%d">%s</c></row></sheetData></worksheet>' % (count, count, last)


def test_a_sheet_of_a_million_rows_is_refused(small: Path, form: Path) -> None:
    content = b"".join(_rows(1_000_000, last=b"<v>1</v>"))
    with pytest.raises(EvalkitError, match=r"zip bomb|beyond row 5,000"):
        came_back(small, changed_parts(form, xl__worksheets__sheet2_xml=content))


def test_a_value_far_below_is_not_passed_over_and_an_empty_row_is(small: Path, form: Path) -> None:
    def value(row: int, what: object) -> Any:  # noqa: ANN401 - a function of a workbook
        return lambda book: book["evalkit"].cell(row, 1, what)

    assert came_back(small, _saved(form, value(1_048_576, None))).rejected == ()
    with pytest.raises(EvalkitError, match="beyond row 5,000"):
        came_back(small, _saved(form, value(1_048_576, "x")))


def test_files_that_are_no_workbook_say_what_to_do(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    for raw, said in (
        (b"\xd0\xcf\x11\xe0rest", "without a password"),
        (buffer.getvalue(), "an OpenDocument file; save it as .xlsx"),
        (b"PK\x03\x04broken", "damaged"),
        (b"\xff\xfe\x00", "CSV UTF-8"),
        (b"a,b\n1,2\n", "is no form that evalkit sent"),
        (b"", "is no form that evalkit sent"),
        (b" " * (MAX_BYTES + 1), "more than 20 MB"),
    ):
        path.write_bytes(raw)
        with pytest.raises(EvalkitError, match=said):
            came_back(small, path)
    with pytest.raises(EvalkitError, match="no such file"):
        came_back(small, tmp_path)


def test_another_workbook_is_no_form(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(EvalkitError, match="is no form that evalkit sent"):
        came_back(small, path)


def test_broken_xml_is_an_error_and_no_traceback(small: Path, form: Path) -> None:
    with pytest.raises(EvalkitError, match="cannot be read as a workbook"):
        came_back(small, changed_parts(form, xl__worksheets__sheet2_xml=b"<worksheet><sheetData><row"))


def test_the_form_of_another_evaluation_is_refused(small: Path, tmp_path: Path) -> None:
    other = evaluation(tmp_path / "other")
    file = other / "evaluation.yaml"
    file.write_text(EVALUATION.replace("id: small", "id: other"), encoding="utf-8")
    with pytest.raises(EvalkitError, match="belongs to the evaluation 'other', not to 'small'"):
        came_back(small, sent(other))


def test_the_form_of_a_vendor_who_is_not_in_the_evaluation_is_refused(small: Path, tmp_path: Path) -> None:
    other = evaluation(tmp_path / "other")
    path = sent(other)
    (small / "answers" / "acme.yaml").rename(small / "answers" / "beta.yaml")
    text = (small / "answers" / "beta.yaml").read_text(encoding="utf-8").replace("id: acme", "id: beta")
    (small / "answers" / "beta.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EvalkitError, match="product 'acme' is not known"):
        came_back(small, path)


def test_rows_of_another_vendors_form_are_rejected(small: Path, form: Path) -> None:
    question = _question()

    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        sheet, row = row_of(book, f"{question}/*")
        cell = sheet.cell(row, columns(sheet)["form"])
        cell.value = cell.value.replace("/acme/", "/beta/")

    path = fill_in(_saved(form, change), {f"{question}/*": {"answer": 1}})
    assert "the row is of another form: beta in small" in outcome(came_back(small, path), question).reason


def test_a_changed_question_text_is_reported_and_its_answer_rejected(small: Path, form: Path) -> None:
    question = _question()
    entries = {f"{question}/*": {"answer": 1, "text": "Is all fine?"}}
    row = outcome(came_back(small, fill_in(form, entries)), question)
    assert row.outcome == "rejected"
    assert "the text of the question was changed in the file: 'Is all fine?'" in row.reason


def test_an_older_questionnaire_is_told_and_only_equal_questions_are_taken(small: Path, form: Path) -> None:
    first, second = _question(0), _question(1)

    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        for sheet in book.worksheets:
            for row in range(1, sheet.max_row + 1):
                for cell in sheet[row]:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.replace("coding-agent@1.0.0", "coding-agent@0.9.0")
        sheet, row = row_of(book, f"{first}/*")
        at = columns(sheet)
        sheet.cell(row, at["text"]).value = "Older\nAs it was asked then?"
        guidance = sheet.cell(row, at["guidance"]).value
        sheet.cell(row, at["digest"]).value = text_digest("Older As it was asked then?", guidance)

    path = fill_in(_saved(form, change), {f"{first}/*": {"answer": 1}, f"{second}/*": {"answer": 1}})
    received = came_back(small, path)
    assert "asks coding-agent@0.9.0, and coding-agent@1.0.0 is installed" in received.notes[0]
    assert "another one in the version installed" in outcome(received, first).reason
    assert outcome(received, second).outcome == "accepted"


def test_inserted_rows_are_reported_if_they_say_something(small: Path, form: Path) -> None:
    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        sheet, row = row_of(book, f"{_question()}/*")
        sheet.insert_rows(row, 2)
        sheet.cell(row, columns(sheet)["explanation"]).value = "Besides: all is fine."

    received = came_back(small, _saved(form, change))
    (row,) = received.rejected
    assert "the row has no id" in row.reason
    assert ", row " in row.where


def test_rows_may_be_sorted_and_columns_moved(small: Path, form: Path) -> None:
    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        sheet, row = row_of(book, f"{_question()}/*")
        sheet.cell(row, columns(sheet)["answer"]).value = 1
        rows = [[cell.value for cell in each] for each in sheet.iter_rows(min_row=4)][::-1]
        for number, values in enumerate(rows, 4):
            for at, value in enumerate(values, 1):
                sheet.cell(number, at).value = value
        sheet.insert_cols(columns(sheet)["answer"])

    received = came_back(small, _saved(form, change))
    assert received.rejected == ()
    assert outcome(received, _question()).outcome == "accepted"


def test_a_row_that_stands_twice_is_rejected(small: Path, form: Path) -> None:
    question = _question()

    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        sheet, row = row_of(book, f"{question}/*")
        end = sheet.max_row + 1
        for at in range(1, sheet.max_column + 1):
            sheet.cell(end, at).value = sheet.cell(row, at).value
        sheet.cell(end, columns(sheet)["answer"]).value = 2

    row = outcome(came_back(small, _saved(form, change)), question)
    assert f"the row {question}/* stands 2 times in the file" in row.reason


def test_merged_cells_are_rejected(small: Path, form: Path) -> None:
    question = _question()

    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        sheet, row = row_of(book, f"{question}/*")
        at = columns(sheet)["answer"]
        sheet.cell(row, at).value = 1
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=at, end_column=at)

    row = outcome(came_back(small, _saved(form, change)), question)
    assert "cells of the row were merged" in row.reason


def test_rows_that_were_deleted_are_reported(small: Path, form: Path) -> None:
    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        sheet, row = row_of(book, f"{_question()}/*")
        sheet.delete_rows(row)

    row = outcome(came_back(small, _saved(form, change)), _question())
    assert (row.outcome, row.reason) == ("rejected", "the row is not in the file any more")


def test_a_row_that_was_made_up_is_rejected(small: Path, form: Path) -> None:
    question = _question()

    def change(book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
        sheet, row = row_of(book, f"{question}/*")
        for key in HIDDEN:
            sheet.cell(row + 1, columns(sheet)[key]).value = sheet.cell(row, columns(sheet)[key]).value
        sheet.cell(row, columns(sheet)["id"]).value = "XYZ-99/*"
        sheet.cell(row, columns(sheet)["answer"]).value = 1

    received = came_back(small, _saved(form, change))
    assert "'XYZ-99' is no question" in outcome(received, "XYZ-99").reason


def test_control_characters_are_rejected(small: Path, form: Path) -> None:
    entries = {f"{_question()}/*": {"answer": 1, "explanation": "a_x0007_b"}}
    assert "U+0007" in outcome(came_back(small, fill_in(form, entries)), _question()).reason


def test_markup_from_vendors_is_kept_as_text(small: Path, form: Path) -> None:
    text = "<script>alert(1)</script> ![x](https://evil.example/p.png)"
    received = came_back(small, fill_in(form, {f"{_question()}/*": {"answer": 1, "explanation": text}}))
    assert outcome(received, _question()).outcome == "accepted"
