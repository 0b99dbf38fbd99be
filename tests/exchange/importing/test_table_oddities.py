"""Tables as they are published: titles, merged cells, headings, footers, repeated headers, encodings."""

from __future__ import annotations

import pytest

from evalkit.errors import EvalkitError
from tests.exchange.importing.tables import table, workbook

CONTROLS = {"id": "Question ID", "answer": "Vendor answer", "section": "Domain"}


def test_a_cell_that_is_merged_over_rows_names_the_section_of_all_of_them() -> None:
    header: list[object] = ["Domain", "Question ID", "Question", "Vendor answer"]
    rows: list[list[object]] = [
        ["Audit", "A&A-01.1", "Is there a policy?", "Yes"],
        [None, "A&A-01.2", "Is it read again each year?", "No"],
        ["Access", "IAM-01.1", "Is access asked for?", None],
        [None, "IAM-01.2", "Is it taken away?", None],
    ]
    draft = table(workbook(Controls=[header, *rows]), columns=CONTROLS)
    assert [(section.title, len(section.questions)) for section in draft.sections] == [
        ("Audit", 2),
        ("Access", 2),
    ]
    (note,) = draft.notes
    assert (note.kind, note.where) == ("assumed", "Controls, row 3 and 1 more")
    assert note.text == "a row without a section belongs to that of the row above it"


def test_a_text_alone_in_the_column_of_ids_is_a_heading_and_a_footer_is_none() -> None:
    draft = table(
        "No.,Question\nA. Access,\n1,Is MFA asked for?\nB. Data,\n2,Is data encrypted?\nEnd of list,\n",
        columns={"id": "No."},
    )
    assert [section.title for section in draft.sections] == ["A. Access", "B. Data"]
    assert [(note.where, note.text) for note in draft.notes] == [
        ("line 6", "a text under which nothing is asked: 'End of list'")
    ]


def test_a_heading_followed_by_another_is_told() -> None:
    draft = table("id,question\nPart one,\nAccess,\n1,Is it?\n")
    assert [section.title for section in draft.sections] == ["Access"]
    assert [(note.where, note.text) for note in draft.notes] == [
        ("line 2", "a text under which nothing is asked: 'Part one'")
    ]


def test_a_header_that_is_repeated_is_no_question() -> None:
    draft = table("id,question,answer\n1,Is it?,Yes\nID,Question,Answer\n2,Is it too?,No\n")
    assert [question.id for question in draft.questions] == ["1", "2"]


def test_ids_that_a_spreadsheet_made_alike_leave_no_question_out() -> None:
    raw = workbook(List=[["id", "question"], [1.1, "First?"], [1.10, "Tenth?"], [1.2, "Second?"]])
    draft = table(raw)
    assert [question.id for question in draft.questions] == ["1.1", "1.1 (row 3)", "1.2"]
    assert [(note.kind, note.where) for note in draft.notes] == [("changed", "List, row 3")]


def test_what_is_not_read_is_told() -> None:
    raw = workbook(
        Read=[["How to fill this in"]],
        List=[["To our vendors, 2025"], [], ["id", "question", "", "Owner"], ["1", "Is it?", "x", "Me"]],
        Empty=[],
    )
    assert [(note.where, note.text) for note in table(raw).notes] == [
        ("", "the other sheets: 'Read'"),
        ("List, row 3", "what stands above the header: 'To our vendors, 2025'"),
        ("List, row 3", "column 'Owner'"),
        ("List, row 4", "a value in a column that has no header"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_title_with_another_separator_misleads_nobody(separator: str) -> None:
    rows = [["id", "question", "answer"], ["1", '"Is it, or; is it not?"', "Yes"], ["2", "Is it too?", "No"]]
    text = "\r\n".join(["Questions, of; 2025\tto vendors", "", *(separator.join(row) for row in rows)])
    draft = table(text)
    assert [(answer.question, answer.text) for answer in draft.answers] == [("1", "Yes"), ("2", "No")]
    assert draft.questions[0].text == "Is it, or; is it not?"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_text_may_say_how_it_is_encoded(encoding: str) -> None:
    begin = "\ufeff" if encoding == "utf-16-be" else ""
    draft = table(f"{begin}id\tquestion\r\n1\tGibt es Schlüssel für Geräte?\r\n".encode(encoding))
    assert draft.questions[0].text == "Gibt es Schlüssel für Geräte?"


def test_texts_that_may_be_the_header_are_shown_first() -> None:
    text = "A list of what we ask,\n,Owner\nRef,Assessment Questions\n1,Is it?\n"
    with pytest.raises(EvalkitError, match="seen are 'Assessment Questions', 'A list of what we ask'"):
        table(text)


MARKED: list[list[object]] = [
    ["Control", "Question ID", "Question", "Answers", None, None, "Notes"],
    [None, None, None, "Yes", "No", "Not Applicable", None],
    ["Audit", "AAC-01.1", "Is there a plan?", "X", None, None, "Each spring."],
    [None, "AAC-01.2", "Is it tested?", None, "x", None, None],
    [None, "AAC-01.3", "Is it for all?", None, None, "x", None],
    [None, "AAC-01.4", "Is it read?", "x", "x", None, None],
    [None, "AAC-01.5", "Is it kept?", None, "in 2027", None, None],
    [None, "AAC-01.6", "Is it new?", None, None, None, None],
]


def test_an_answer_may_be_a_mark_in_a_column_of_its_own() -> None:
    named = {"id": "Question ID", "section": "Control", "comment": "Notes"}
    columns = named | {"answer": "Yes|No|Not Applicable"}
    draft = table(workbook(List=MARKED), columns=columns)
    assert [(each.question, each.choices, each.text) for each in draft.answers] == [
        ("AAC-01.1", ("Yes",), "Each spring."),
        ("AAC-01.2", ("No",), ""),
        ("AAC-01.3", ("Not Applicable",), ""),
        ("AAC-01.4", (), "Yes: x; No: x"),
        ("AAC-01.5", (), "No: in 2027"),
    ]
    assert [choice.text for choice in draft.questions[0].choices] == ["Yes", "No", "Not Applicable"]
    assert len(draft.questions) == 6
    assert [note.text for note in draft.notes if note.kind == "left out"] == [
        "answer 'Yes: x; No: x' is none of Yes, No, Not Applicable: kept as a finding, unanswered",
        "answer 'No: in 2027' is none of Yes, No, Not Applicable: kept as a finding, unanswered",
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("Yes|Never", "no column is called 'Never', in which an answer is to be marked"),
        ("Yes|No", "2 columns are called 'No'"),
    ],
)
def test_a_column_to_be_marked_stands_once(answer: str, told: str) -> None:
    rows: list[list[object]] = [["id", "question", "Yes", "No", "No"], ["1", "Is it?", "x", None, None]]
    with pytest.raises(EvalkitError, match=told):
        table(workbook(List=rows), columns={"answer": answer})
