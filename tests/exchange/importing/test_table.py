"""A plain table becomes a draft; what cannot be read in one way only is told."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import Choice
from tests.exchange.importing.tables import table, workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = {
    "id": "Ref",
    "question": "What we ask",
    "answer": "Vendor says",
    "choices": "Pick",
    "section": "Topic",
}
TABLE = """Ref;Topic;What we ask;Pick;Vendor says;Owner
A1;Access;Is MFA enforced?;Yes = 100 | In part = 50 | No = 0;in  PART;-
A2;Access;Is SSO there?;Yes=100|No=0;banana;-
;Data;"How long is
data kept?";;30 days;-
"""


def test_each_row_is_a_question_with_its_answer() -> None:
    draft = table(TABLE, columns=COLUMNS)
    assert [
        (section.title, [question.id for question in section.questions]) for section in draft.sections
    ] == [
        ("Access", ["A1", "A2"]),
        ("Data", ["row-5"]),
    ]
    assert draft.questions[0].choices == (
        Choice("Yes", "Yes", 100),
        Choice("In part", "In part", 50),
        Choice("No", "No", 0),
    )
    assert draft.questions[2].text == "How long is\ndata kept?"
    assert [(answer.question, answer.choices, answer.text) for answer in draft.answers] == [
        ("A1", ("In part",), ""),
        ("A2", (), "banana"),
        ("row-5", (), "30 days"),
    ]


def test_what_is_not_taken_is_told_with_its_place() -> None:
    assert [(note.kind, note.where, note.text) for note in table(TABLE, columns=COLUMNS).notes] == [
        ("left out", "line 3", "answer 'banana' is none of Yes, No: kept as a finding, unanswered"),
        ("left out", "line 1", "column 'Owner'"),
    ]


def test_columns_are_found_by_the_names_of_their_roles_too() -> None:
    draft = table("ID,Question,Answer\nA1,Is it?,Yes\n", points={"Yes": 1, "No": 0})
    assert draft.questions[0].choices == (Choice("Yes", "Yes"), Choice("No", "No"))
    assert draft.answers[0].choices == ("Yes",)


def test_headings_between_rows_are_sections() -> None:
    draft = table("id,question\n,Access\nA1,Is it?\n,Data\nA2,Is it too?\n")
    assert [section.title for section in draft.sections] == ["Access", "Data"]


@pytest.mark.parametrize(
    ("weight", "taken"), [("3", 3.0), ("2.5", 2.5), ("", 1.0), ("0", 1.0), ("much", 1.0), ("nan", 1.0)]
)
def test_a_weight_is_a_number_above_nothing(weight: str, taken: float) -> None:
    draft = table(f"id,question,weight\nA1,Is it?,{weight}\n")
    assert draft.questions[0].weight == taken
    assert bool(draft.notes) == (weight in {"0", "much", "nan"})


@pytest.mark.parametrize(
    ("text", "columns", "told"),
    [
        (
            "Ref,Ask\nA,Is it?\n",
            {},
            r"no row has the header 'question'; seen are 'Ref', 'Ask', 'A', 'Is it\?'",
        ),
        (
            "question,a\nIs it?,\n",
            {"answer": "Reply"},
            "no column is called 'Reply'; allowed are question, a",
        ),
        ("question,a,a\nIs it?,,\n", {"answer": "a"}, "line 1: the header 'a' stands 2 times"),
        ("question\n", {}, "has no question below its header"),
        ("question\nx\n", {"antwort": "y"}, "--column antwort: allowed are id, question"),
        ('question\n"x', {}, "is no CSV"),
        ("", {}, "seen are nothing"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text: str, columns: Mapping[str, str], told: str) -> None:
    with pytest.raises(EvalkitError, match=told):
        table(text, columns=columns)


def test_a_workbook_is_read_from_the_sheet_with_questions() -> None:
    raw = workbook(
        Cover=[["Read me"]],
        Ask=[["A title"], [], ["id", "question", "answer"], ["A1", "Is it?", "=1+1"], [2, "And this?", 12.5]],
    )
    draft = table(raw)
    assert [(question.id, question.where) for question in draft.questions] == [
        ("A1", "Ask, row 4"),
        ("2", "Ask, row 5"),
    ]
    assert [(answer.question, answer.text) for answer in draft.answers] == [("2", "12.5")]
    assert [note.text for note in draft.notes] == [
        "the answer is a formula, which is not evaluated",
        "the other sheets: 'Cover'",
        "what stands above the header: 'A title'",
    ]


def test_of_several_sheets_with_questions_one_is_named() -> None:
    raw = workbook(One=[["question"], ["Is it?"]], Two=[["question"], ["Is it too?"]])
    with pytest.raises(EvalkitError, match="several sheets have questions; say which with --sheet: One, Two"):
        table(raw)
    assert table(raw, sheet="Two").questions[0].text == "Is it too?"
    with pytest.raises(EvalkitError, match="has no sheet 'Three'; allowed are One, Two"):
        table(raw, sheet="Three")


def test_values_far_below_are_not_looked_for() -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Far")
    sheet.cell(1, 1, "question")
    sheet.cell(1_000_000, 1, "far")
    raw = io.BytesIO()
    book.save(raw)
    with pytest.raises(EvalkitError, match="beyond row 20,000"):
        table(raw.getvalue())


@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        table(b"question,answer\n" + raw)
        table(raw)
    except EvalkitError as error:
        assert str(error).startswith("list.csv")  # noqa: PT017 - the other outcome is as good
