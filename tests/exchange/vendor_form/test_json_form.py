"""What the page saves: read as workbook and CSV are, and as hostile as they."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form.asking import level_choice
from evalkit.exchange.vendor_form.json_form import MAX_ROWS, document, returned
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.sending import form_of
from evalkit.exchange.vendor_form.sheet import FILLED_IN, text_digest
from tests.exchange.vendor_form.acme import (
    EVALUATION,
    NOW,
    QUESTIONNAIRE,
    came_back,
    evaluation,
    outcome,
    says,
    sent,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Document = dict[str, Any]
    Change = Callable[[Document], object]

LEVELS = {question.id: question.levels for question in QUESTIONNAIRE.questions if question.kind == "scale"}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


@pytest.fixture
def saved(small: Path) -> Document:
    return document(form_of(Place.of(small), "acme"))


def fill_in(saved: Document, entries: Mapping[str, Mapping[str, object]]) -> Document:
    rows = {row["id"]: row for row in saved["rows"]}
    for row_id, cells in entries.items():
        rows[row_id].update(cells)
    return saved


def written(small: Path, data: object) -> Path:
    path = small.parent / "acme-answers.json"
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def reason(small: Path, saved: Document, cells: Mapping[str, object], question: str = "LOC-01") -> str:
    received = came_back(small, written(small, fill_in(saved, {f"{question}/*": cells})))
    row = outcome(received, question)
    assert row.outcome == "rejected"
    return row.reason


def test_answers_are_filed_as_claims_as_those_of_a_workbook_are(small: Path, saved: Document) -> None:
    entries = {
        "LOC-01/*": {
            "answer": level_choice(LEVELS["LOC-01"][4]),
            "explanation": "=1+1, “é”\r\nsecond line",
            "backing": "public documentation",
            "link": "https://acme.example/paths",
            "day": "2026-10-01",
        },
        "LOC-02/*/open_undocumented": {"answer": "yes"},
        "VER-03/*": {"answer": "90,5"},
    }
    ticks = {row["id"]: {"answer": "no"} for row in saved["rows"] if row["id"].startswith("LOC-02/*/")}
    received = came_back(small, written(small, fill_in(fill_in(saved, ticks), entries)))
    assert received.rejected == ()
    assert outcome(received, "LOC-01").outcome == "changed"
    assert outcome(received, "VER-03").outcome == "accepted"
    assert outcome(received, "LOC-03").outcome == "unchanged"
    assert received.apply(NOW) == ()
    answer = says(small).answers["LOC-01"]
    assert answer.evidence[-1].evidence_class == "claim"
    assert answer.finding == "One page lists the paths."
    (remark,) = answer.comments
    assert "=1+1, “é”\nsecond line" in remark.text
    assert says(small).answers["VER-03"].value == 90.5
    assert says(small).answers["LOC-02"].value == ("open_undocumented",)


def test_a_form_that_nobody_filled_in_says_nothing(small: Path, saved: Document) -> None:
    received = came_back(small, written(small, saved))
    assert {row.outcome for row in received.rows} == {"unchanged"}
    assert received.edits == ()


def test_given_cells_are_read_as_they_were_written(small: Path) -> None:
    form = form_of(Place.of(small), "acme")
    first = form.sections[0].lines[0]
    given = replace(first, given=(3, "why", "source code", "x", form.as_of))
    section = replace(form.sections[0], lines=(given, *form.sections[0].lines[1:]))
    data = document(replace(form, sections=(section, *form.sections[1:])))
    row = returned(json.dumps(data).encode(), "acme.json").rows[0]
    assert [row.cells[key] for key in FILLED_IN] == ["3", "why", "source code", "x", "2026-11-22"]


def test_numbers_and_truth_values_are_what_they_are_in_a_workbook(small: Path, saved: Document) -> None:
    entries: dict[str, dict[str, object]] = {
        "LOC-01/*": {"answer": 4},
        "VER-03/*": {"answer": 12.5},
        "NET-01/*/documented": {"answer": "a.example\nb.example"},
        "NET-01/*/purposes_given": {"answer": True},
    }
    received = came_back(small, written(small, fill_in(saved, entries)))
    assert received.rejected == ()
    assert {row.question for row in received.rows if row.outcome != "unchanged"} == {
        "LOC-01",
        "VER-03",
        "NET-01",
    }


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"answer": ["4"]}, "holds a list"),
        ({"answer": {"a": 4}}, "holds an object"),
        ({"answer": 7}, "7 is not one of"),
        ({"answer": 1.5}, "is not one of"),
        ({"answer": "4 · No list"}, "number of '4"),
        ({"answer": 4, "explanation": "a\x00b"}, r"control character U\+0000"),
        ({"answer": 4, "explanation": "a\x1b[31mb"}, r"control character U\+001B"),
        ({"answer": 4, "explanation": "x" * 5_001}, "at most 5,000"),
        ({"answer": 4, "backing": "trust us"}, "is not one of our statement"),
        ({"answer": 4, "day": "1.2.2026"}, "YYYY-MM-DD"),
        ({"answer": 4, "day": 45_000}, "is a number, not a date"),
    ],
)
def test_a_cell_that_cannot_be_read_rejects_its_answer(
    small: Path, saved: Document, cells: dict[str, object], said: str
) -> None:
    assert re.search(said, reason(small, saved, cells))


@pytest.mark.parametrize("number", ["9" * 31, "9" * 10_000, "1e999", "-1e999", "0." + "3" * 40])
def test_a_number_beyond_all_sense_rejects_its_answer(small: Path, saved: Document, number: str) -> None:
    text = json.dumps(fill_in(saved, {"VER-03/*": {"answer": "HERE", "explanation": "HERE"}}))
    received = came_back(small, written(small, text.replace('"HERE"', number)))
    row = outcome(received, "VER-03")
    assert row.outcome == "rejected"
    assert "number" in row.reason


def test_half_a_character_rejects_its_answer_and_reaches_no_message(small: Path, saved: Document) -> None:
    text = json.dumps(fill_in(saved, {"LOC-01/*": {"answer": "HERE"}}))
    row = outcome(came_back(small, written(small, text.replace("HERE", "\\ud800"))), "LOC-01")
    assert (row.outcome, "U+D800" in row.reason) == ("rejected", True)
    named = text.replace('"LOC-01/*", "form"', '"\\ud800/*", "form"')
    assert named != text
    received = came_back(small, written(small, named))
    json.dumps([[each.question, each.reason] for each in received.rows], ensure_ascii=False).encode()
    assert received.rejected


def test_a_question_whose_text_was_changed_is_rejected(small: Path, saved: Document) -> None:
    told = reason(small, saved, {"answer": 4, "text": "Is everything fine?"})
    assert "the text of the question was changed in the file: 'Is everything fine?'" in told


def test_a_question_of_an_older_questionnaire_is_rejected(small: Path, saved: Document) -> None:
    older = {"text": "An older question", "digest": text_digest("An older question", "4 · Fine")}
    told = reason(small, saved, {"answer": 4, "guidance": "4 · Fine", **older})
    assert "is another one in the version installed" in told


@pytest.mark.parametrize(
    ("change", "question", "said"),
    [
        (lambda data: data["rows"].pop(0), "LOC-01", "not in the file any more"),
        (lambda data: data["rows"].append(data["rows"][0]), "LOC-01", "stands 2 times"),
        (lambda data: data["rows"][0].update(id="LOC-99/*"), "LOC-99", "is no question of"),
        (lambda data: data["rows"][0].update(id="LOC-01/moon"), "LOC-01", "no answer of its own"),
        (lambda data: data["rows"][0].update(id="LOC-01/*/part"), "LOC-01", "is no row of LOC-01"),
        (lambda data: data["rows"][0].pop("form"), "LOC-01", "does not say of which form"),
        (lambda data: data["rows"][0].pop("digest"), "LOC-01", "text of the question was changed"),
        (lambda data: data["rows"][0].update(id=7), "", "the row has no id"),
        (lambda data: data["rows"][0].pop("id"), "", "the row has no id"),
    ],
)
def test_a_row_that_is_not_as_it_was_sent_is_rejected(
    small: Path, saved: Document, change: Change, question: str, said: str
) -> None:
    fill_in(saved, {"LOC-01/*": {"answer": 4}})
    change(saved)
    rejected = came_back(small, written(small, saved)).rejected
    assert any(row.question == question and said in row.reason for row in rejected)


def test_a_row_of_another_vendor_is_rejected(small: Path, saved: Document) -> None:
    other = saved["rows"][0]["form"].replace("/acme/", "/other/")
    assert "another form: other in small" in reason(small, saved, {"answer": 4, "form": other})


def test_a_file_of_another_evaluation_or_product_is_refused(small: Path, saved: Document) -> None:
    text = json.dumps(saved)
    for old, new, said in (
        ("/small/", "/large/", "belongs to the evaluation 'large'"),
        ("/acme/", "/other/", "product 'other' is not known"),
        ("/coding-agent@", "/chatbot@", "asks 'chatbot@"),
    ):
        with pytest.raises(EvalkitError, match=said):
            came_back(small, written(small, text.replace(old, new)))


def test_keys_that_no_form_has_are_told_of(small: Path, saved: Document) -> None:
    fill_in(saved, {"LOC-01/*": {"answr": "4", "b": 1, "c": 1, "d": 1}})
    (note,) = came_back(small, written(small, saved)).notes
    assert note.endswith("were left alone: 'answr', 'b', 'c' and 1 more")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ('{"format": "evalkit/form-answers/1", "rows": [}', "is no JSON"),
        ("[" * 100_000, "nested more than 6 deep"),
        ("[]", "is no form that evalkit sent"),
        ("{}", "is no form that evalkit sent"),
        ('{"format": "evalkit/form-answers/2"}', "does not say that it is evalkit/form-answers/1"),
        ('{"format": "evalkit/form-answers/1", "sent": {}, "rows": []}', "sent is no list"),
        ('{"format": "evalkit/form-answers/1", "sent": [1], "rows": []}', "sent is no list"),
        ('{"format": "evalkit/form-answers/1", "sent": ["\\ud800"], "rows": []}', "sent is no list"),
        ('{"format": "evalkit/form-answers/1", "sent": [], "rows": {}}', "rows is no list"),
        ('{"format": "evalkit/form-answers/1", "sent": [], "rows": [7]}', "row 1 is no object"),
        ('{"format": "evalkit/form-answers/1", "sent": [], "rows": []}', "is no form that evalkit sent"),
        ('{"format": "evalkit/form-answers/1", "rows": [], "rows": []}', "'rows' stands twice"),
        ('{"format": NaN}', "NaN is no JSON"),
        ('{"format": -Infinity}', "-Infinity is no JSON"),
        ('{"a": [' + "1," * 300_000 + "1]}", "more values than any form"),
        ('{"a": "' + "x" * 300_000, "is no JSON"),
        ('{"a": ' + '"\\' * 300_000, "is no JSON"),
        (
            '{"format": "evalkit/form-answers/1", "sent": [], "rows": [' + "{}," * MAX_ROWS + "{}]}",
            "more than 5,000 rows",
        ),
    ],
)
def test_a_file_that_is_no_saved_form_is_refused(small: Path, text: str, said: str) -> None:
    with pytest.raises(EvalkitError, match=said):
        came_back(small, written(small, text))


def test_a_mark_of_byte_order_and_blanks_in_front_change_nothing_and_other_encodings_are_refused(
    small: Path, saved: Document
) -> None:
    path = written(small, saved)
    raw = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf\r\n  " + raw)
    assert came_back(small, path).rejected == ()
    path.write_bytes(b'{"\xff"')
    with pytest.raises(EvalkitError, match="is not UTF-8 text"):
        came_back(small, path)


def test_the_page_itself_is_no_answer(small: Path) -> None:
    with pytest.raises(EvalkitError, match=r"press Save as file in it, and send the \.json"):
        came_back(small, sent(small, "acme.html"))


def test_unchanged_questions_of_an_older_version_are_taken(small: Path, saved: Document) -> None:
    fill_in(saved, {"VER-03/*": {"answer": "5"}})
    for row in saved["rows"]:
        row["form"] = row["form"].replace("@1.0.0/", "@0.9.0/")
    received = came_back(small, written(small, saved))
    assert outcome(received, "VER-03").outcome == "accepted"
    assert "asks coding-agent@0.9.0" in received.notes[0]
    assert "coding-agent@1.0.0" in EVALUATION
