"""HECVAT workbooks: what stands where, what is joined, what is said to be left out."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import AllTrue, AnyTrue, Choice, ChoiceMade, NotTrue
from evalkit.exchange.importing.formats import Wanted, read
from evalkit.files.loading import load_inputs
from evalkit.scoring.applicability import applicable, facts_of
from tests.exchange.importing import hecvat_book
from tests.exchange.importing.drafts import brought
from tests.exchange.importing.hecvat_small import (
    ASKED,
    HEADER,
    JUDGING,
    answer,
    drafted,
    notes,
    question,
)

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.exchange.importing.draft import Draft


@pytest.fixture(scope="module")
def whole() -> Draft:
    """Return what a workbook built like version 4.1 says."""
    return read("hecvat", hecvat_book.workbook(), "hecvat.xlsx", Wanted())


def unless(qualifier: str) -> NotTrue:
    """Return that a qualifier is not answered no."""
    return NotTrue(ChoiceMade(qualifier, ("No",)))


def test_all_questions_of_a_workbook_are_found_once_in_sections_with_their_headings(whole: Draft) -> None:
    counts = {
        prefix: (title, count)
        for sections in hecvat_book.SHEETS.values()
        for prefix, (title, count) in sections.items()
    }
    assert {each.id: (each.title, len(each.questions)) for each in whole.sections} == counts
    assert len(whole.questions) == 332
    assert [each.id for each in whole.sections[3].questions] == [f"DOCU-0{n}" for n in range(1, 8)]


def test_texts_come_from_the_hidden_sheet_not_from_formulas_or_what_they_once_gave(whole: Draft) -> None:
    asked = question(whole)
    assert asked.text == "Does the vendor do what DOCU-01 is about?*"
    assert asked.why == "DOCU-01 tells how much care is taken.\n\nThink of DOCU-01."
    assert asked.where == "Questions, row 25"
    assert not any("an old" in each.text + each.why for each in whole.questions)


def test_the_compliant_response_is_worth_100_and_weights_are_those_of_the_workbook(whole: Draft) -> None:
    assert question(whole).choices == (Choice("Yes", "Yes", 100), Choice("No", "No", 0))
    assert question(whole, "DATA-02").choices == (Choice("Yes", "Yes", 0), Choice("No", "No", 100))
    assert {each.weight for each in whole.questions if each.choices and each.choices[0].points} == {5, 10, 20}


def test_what_is_not_scored_has_no_worth_and_a_note_says_so(whole: Draft) -> None:
    assert question(whole, "COMP-02").choices == ()
    assert question(whole, "GNRL-01").weight == 1
    assert "20 questions are not scored in the workbook" in notes(whole, "changed")
    assert "nothing is scored in General Information" in notes(whole, "changed")


def test_answers_are_taken_where_they_are_typed(whole: Draft) -> None:
    assert answer(whole).choices == ("Yes",)
    assert answer(whole).text == "Tested every spring; https://acme.example/continuity"
    assert answer(whole).where == "Organization, row 18"
    assert answer(whole, "DATA-02").choices == ("No",)
    assert answer(whole, "COMP-02").text == "Founded by three engineers."
    assert {each.question for each in whole.answers} == set(hecvat_book.ANSWERS)


def test_an_answer_that_is_neither_yes_nor_no_is_kept_in_words_and_noted(whole: Draft) -> None:
    assert answer(whole, "DOCU-03").choices == ()
    assert answer(whole, "DOCU-03").text == "N/A\n\nWe rest on a data centre's audit."
    assert answer(whole, "DOCU-04").text == "Yes, in part"
    assert "DOCU-03 is answered 'N/A'" in notes(whole)
    assert "'Yes, in part' to DOCU-04 is neither yes nor no" in notes(whole)


def test_qualifiers_decide_which_sheets_and_sections_are_asked(whole: Draft) -> None:
    wishes = {each.id: each.asked_if for each in whole.questions}
    assert wishes["AAAI-01"] == wishes["VULN-06"] == unless("REQU-01")
    assert wishes["ITAC-01"] == unless("REQU-02")
    assert wishes["CONS-01"] == unless("REQU-03")
    assert wishes["AILM-01"] == unless("REQU-04")
    assert wishes["HIPA-29"] == unless("REQU-05")
    assert wishes["PCID-01"] == unless("REQU-06")
    assert wishes["OPEM-01"] == unless("REQU-07")
    assert wishes["PCOM-01"] == unless("REQU-08")
    assert wishes["DOCU-01"] is wishes["GNRL-01"] is wishes["COMP-01"] is wishes["REQU-01"] is None


def test_vendor_product_and_version_are_read_and_to_be_confirmed(whole: Draft) -> None:
    assert (whole.vendor, whole.product) == ("Acme, Inc.", "Acme Assistant")
    assert (whole.title, whole.version) == ("HECVAT 4.1.5", "4.1.5")
    assert "the vendor is 'Acme, Inc.'" in notes(whole, "assumed")
    assert "no header names the question" in notes(whole, "assumed")


def test_columns_sheets_and_rows_that_are_not_taken_are_named(whole: Draft) -> None:
    told = notes(whole)
    assert "sheet 'Questions': columns, with how many values: 'Start' (22)" in told
    assert "'Compliant' (formulas)" in told
    assert "sheets without questions: 'Auto Responses'" in told
    assert "'End of sheet in row 43'" in told


def test_what_was_imported_is_checked_answered_and_asks_what_the_qualifiers_say(
    whole: Draft, tmp_path: Path
) -> None:
    made = brought(whole, tmp_path)
    made.write(tmp_path)
    inputs = load_inputs(tmp_path / made.evaluation)
    option = inputs.options()[0]
    asked = applicable(inputs.questionnaire, facts_of(option, inputs.evaluation), {})
    assert len(inputs.questionnaire.questions) == 324
    assert option.answers.answers["DOCU-01"].value == 1
    assert option.answers.answers["DATA-02"].value == 1
    assert option.answers.answers["DOCU-03"].state == "unanswered"
    assert asked["AAAI-01"]
    assert asked["ITAC-01"]
    assert not asked["HIPA-01"]
    assert not asked["PCOM-01"]


def test_a_value_counts_wherever_it_stands_and_a_formula_nowhere() -> None:
    found = drafted(
        {
            "One": [HEADER, ("DOCU-01", "=A1", "=Two!C2", "", "")],
            "Two": [HEADER, ASKED],
        }
    )
    assert (question(found).text, answer(found).choices, answer(found).text) == (
        "Is there a plan?",
        (),
        "Yes\n\nTested.",
    )


def test_an_answer_that_is_a_formula_wherever_it_stands_is_left_out() -> None:
    found = drafted({"One": [HEADER, ("DOCU-01", "Is there a plan?", '=IF(1=1,"Yes","No")', "", "")]})
    assert found.answers == ()
    assert "the answer to DOCU-01 is a formula wherever it stands" in notes(found)


def test_different_answers_to_one_question_are_kept_in_words_only() -> None:
    found = drafted(
        {
            "One": [HEADER, ASKED],
            "Two": [HEADER, ("DOCU-01", "Is there a plan?", "No", "", "")],
            "Judge": [JUDGING, ("DOCU-01", "", "Yes", "", 20)],
        }
    )
    assert answer(found).choices == ()
    assert answer(found).text == "One: Yes\n\nTwo: No\n\nTested."
    assert "DOCU-01 is answered in different ways, so not at all: 'Yes' at One, row 2; 'No' at" in notes(
        found
    )


def test_different_compliant_responses_give_no_worth_and_different_weights_the_first() -> None:
    found = drafted(
        {
            "Vendor": [HEADER, ASKED, ("DOCU-02", "And a copy?", "yes", "", "")],
            "One": [JUDGING, ("DOCU-01", "", "Yes", "", 20), ("DOCU-02", "", "Yes", "", 20)],
            "Two": [JUDGING, ("DOCU-01", "", "No", "", 20), ("DOCU-02", "", "YES", "", 5)],
        }
    )
    assert question(found).choices == ()
    assert "the compliant response to DOCU-01, 'Yes' at One, row 2, 'No' at Two, row 2" in notes(found)
    assert question(found, "DOCU-02").weight == 20
    assert answer(found, "DOCU-02").choices == ("Yes",)
    assert "weight of DOCU-02: '20' is kept, not '5' at Two, row 3" in notes(found, "changed")


def test_weights_that_are_formulas_follow_from_the_importance() -> None:
    found = drafted(
        {
            "Vendor": [HEADER, ASKED],
            "Judge": [
                JUDGING,
                ("DOCU-01", "", "Yes", "Critical Importance", '=IF(D2="x",1,2)'),
                ("DOCU-02", "Two?", "Yes", "Minor Importance", None),
                ("DOCU-03", "Three?", "Yes", "Utmost Importance", "many"),
            ],
        }
    )
    assert [each.weight for each in found.questions] == [20, 5, 10]
    assert "2 weights follow from the importance: critical importance 20" in notes(found, "assumed")
    assert "no weight of DOCU-03 can be read: it counts 10" in notes(found, "assumed")
    assert "importance 'Utmost Importance' of DOCU-03" in notes(found)


def test_a_workbook_that_only_the_vendor_filled_in_has_questions_without_a_worth() -> None:
    found = drafted({"Organization": [("Documentation", None, "Vendor Answers"), ASKED[:3]]})
    assert question(found).choices == ()
    assert answer(found).text == "Yes"
    assert found.sections[0].title == "Documentation"


@pytest.mark.parametrize(
    "texts",
    [
        ("DO NOT complete the Cloud worksheet", "DO complete the Moon worksheet"),
        ("DO NOT complete the Moon worksheet", ""),
        ("DO NOT complete the Cloud worksheet", "DO NOT complete the Cloud worksheet"),
        ("DO NOT complete the Cloud and Moon worksheets", ""),
        ("You need not complete the Cloud worksheet", ""),
        ("DO NOT complete the Rain section in the Cloud worksheet", ""),
        ("", ""),
    ],
)
def test_a_qualifier_that_cannot_be_read_for_certain_excludes_nothing(texts: tuple[str, str]) -> None:
    guidance = ("ID", "Question", "No Guidance", "Yes Guidance")
    found = drafted(
        {
            "Start": [HEADER, ("REQU-01", "Cloud?", "No", "", "")],
            "Cloud": [("Safety",), HEADER, ("CLOU-01", "Locked?", "", "", "")],
            "Questions": [guidance, ("REQU-01", "Cloud?", *texts)],
        }
    )
    assert question(found, "CLOU-01").asked_if is None
    assert "which questions are asked by REQU-01: its texts do not say it" in notes(found)


def test_a_question_on_two_sheets_is_asked_as_long_as_one_of_them_is_to_be_completed() -> None:
    guidance = ("ID", "Question", "No Guidance", "Yes Guidance")
    row = ("CLOU-01", "Locked?", "", "", "")
    orders = {
        "REQU-01": "DO NOT complete the Cloud sheet",
        "REQU-02": "DO NOT complete the Rain tab.",
        "REQU-03": "DO NOT complete the Safety section in the Rain tab",
    }
    found = drafted(
        {
            "Start": [HEADER, *((id_, f"{id_}?", "", "", "") for id_ in orders)],
            "Cloud": [HEADER, row],
            "Rain": [HEADER, ("Safety",), row],
            "Questions": [guidance, *((id_, "", text, "") for id_, text in orders.items())],
        }
    )
    both = AllTrue((unless("REQU-02"), unless("REQU-03")))
    assert question(found, "CLOU-01").asked_if == AnyTrue((unless("REQU-01"), both))


def test_a_table_without_a_header_and_ids_written_otherwise_are_named_not_read() -> None:
    found = drafted(
        {
            "Bare": [("DOCU-02", "Is there a plan?", "Yes")],
            "Odd": [HEADER, ASKED, ("docu-3", "And?", "Yes"), ("DOCU\u201304", "Then?", "No")],
            "Mirror": [("=Odd!A2", "x", "y")],
        }
    )
    assert [each.id for each in found.questions] == ["DOCU-01"]
    assert "sheet 'Bare': 1 row with an id: no row above says which column is what" in notes(found)
    assert "not written like ABCD-01: 'docu-3 in row 3', 'DOCU\u201304 in row 4'" in notes(found)
    assert "sheet 'Mirror': 1 row with a formula in front, not an id" in notes(found)


def test_a_header_that_stands_twice_names_no_column() -> None:
    found = drafted({"One": [("ID", "Question", "Answer", "Answer", "Guidance"), ASKED]})
    assert found.answers == ()
    assert "columns whose header stands twice: 'Answer'" in notes(found)
    assert "'Answer' (2)" in notes(found)


def test_columns_of_other_names_can_be_named() -> None:
    header = ("ID", "Question", "Antwort", "Bemerkung")
    with pytest.raises(EvalkitError, match="below a header that names the answer"):
        drafted({"One": [header, ASKED[:4]]})
    found = drafted({"One": [header, ASKED[:4]]}, columns={"answer": "Antwort", "information": "Bemerkung"})
    assert answer(found).text == "Yes\n\nTested."
    with pytest.raises(EvalkitError, match=r"--column anser: .*did you mean answer"):
        drafted({"One": [header, ASKED[:4]]}, columns={"anser": "Antwort"})


def test_a_section_whose_heading_is_a_formula_is_called_as_a_list_of_codes_has_it() -> None:
    one = [HEADER, ("=Codes!B1",), ASKED, ("=Codes!B2",), ("DATA-01", "Safe?", "", "", "")]
    codes = [("DOCU", "Documentation"), ("DATA", "Data of all kinds"), ("Data at rest", "DATA"), ("DATA",)]
    found = drafted({"One": one, "Codes": codes})
    assert {each.id: each.title for each in found.sections} == {"DOCU": "Documentation", "DATA": "DATA"}
    assert "called as a list has it: DOCU 'Documentation'" in notes(found, "assumed")


def test_a_csv_file_with_ids_is_read_too() -> None:
    raw = b"ID,Question,Response,Compliant Response\nDOCU-01,Is there a plan?,yes,Yes\n"
    found = read("hecvat", raw, "hecvat.csv", Wanted(title="Ours"))
    assert (found.title, answer(found).choices, answer(found).where) == ("Ours", ("Yes",), "line 2")


def test_two_versions_are_none_and_what_names_nobody_is_no_vendor() -> None:
    found = drafted(
        {
            "One": [("HECVAT 4.1.5",), HEADER, ("GNRL-01", "Vendor Name", "Acme\nInc.", "", "")],
            "Two": [("Version:", 4.06), HEADER, ("GNRL-02", "Product Name", "x" * 200, "", "")],
        }
    )
    assert (found.version, found.vendor, found.product, found.title) == ("", "", "", "HECVAT")
    assert "more than one: 4.1.5 at One, row 1, 4.06 at Two, row 1" in notes(found)
    assert "the vendor's name: the answer to GNRL-01 is none" in notes(found)


def test_a_question_whose_text_is_a_formula_everywhere_is_called_by_its_id() -> None:
    found = drafted({"One": [HEADER, ("DOCU-01", "=B9", "Yes", "", "")]})
    assert question(found).text == "DOCU-01"
    assert "the text of DOCU-01: it is empty or a formula" in notes(found)


@pytest.mark.parametrize(
    ("cell", "day", "told"),
    [
        (datetime(2026, 2, 13, 9, 30), date(2026, 2, 13), "One, row 1: answers are of 2026-02-13"),  # noqa: DTZ001 - a spreadsheet knows no zones
        ("2026-02-13", date(2026, 2, 13), "One, row 1: answers are of 2026-02-13"),
        ("02/03/2026", None, "completed, '02/03/2026': it is not written YYYY-MM-DD; say it with --on"),
        ("=TODAY()", None, "completed, a formula: it is not written YYYY-MM-DD"),
        (None, None, ""),
    ],
)
def test_answers_are_as_old_as_the_workbook_says_it_was_completed(
    cell: object, day: date | None, told: str
) -> None:
    found = drafted({"One": [("Date Completed", None, cell), HEADER, ASKED]})
    assert answer(found).on == day
    assert told in notes(found, "assumed" if day else "left out")
