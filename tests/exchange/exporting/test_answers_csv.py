"""The table of all answers: a row per option and question, whatever an option has."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from evalkit.exchange.exporting.answers_csv import COLUMNS, answers_csv
from evalkit.exchange.exporting.registry import format_named
from tests.exchange.exporting.own import answers, chosen, inputs
from tests.views.test_hostile import INVISIBLE

if TYPE_CHECKING:
    from evalkit.exchange.exporting.format import Chosen


def text_of(of: Chosen) -> str:
    content = answers_csv(of).content
    assert isinstance(content, str)
    return content


def rows_of(of: Chosen) -> dict[tuple[str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text_of(of), newline=""))
    assert tuple(rows.fieldnames or ()) == COLUMNS
    return {(row["option"], row["question"]): row for row in rows}


@pytest.mark.parametrize("which", ["own", "hostile", "shipped"])
def test_there_is_a_row_for_every_option_and_question(which: str, request: pytest.FixtureRequest) -> None:
    chosen: Chosen = request.getfixturevalue(which)
    wanted = [
        (card.option, question.id)
        for card in chosen.cards
        for question in chosen.inputs.questionnaire.questions
    ]
    assert [*rows_of(chosen)] == wanted


def test_a_row_says_what_was_said_what_it_is_worth_and_where_it_was_read(own: Chosen) -> None:
    row = rows_of(own)["p/direct", "LOC-01"]
    assert (row["state"], row["value"], row["answer"]) == ("answered", "3", "Level 3 of 4: -")
    assert (row["v_low"], row["v"], row["v_high"], row["class"]) == ("0.25", "0.75", "0.75", "documented")
    assert (row["gate"], row["applicable"], row["also"]) == ("pass", "true", "30 days")
    assert row["finding"] == "One page\nlists them.\n\nAnother does not."
    assert row["sources"] == ("docs: Docs, Acme Ltd, https://example.com/a_(b)?c=1&d=2; talk: Talk, Somebody")
    assert (row["answered_by"], row["reviewed_on"], row["changed_since_review"]) == (
        "Ann",
        "2026-11-21",
        "true",
    )
    assert rows_of(own)["p/ide", "LOC-01"]["record"] == "ide"
    assert rows_of(own)["p/ide", "LOC-01"]["gate"] == "fail"


def test_values_of_every_kind_are_written_so_that_programs_read_them(own: Chosen) -> None:
    rows = rows_of(own)
    values = {name: rows["p/direct", name]["value"] for name in ("LOC-03", "LOC-04", "LOC-06", "LOC-09")}
    assert values == {"LOC-03": "7", "LOC-04": "for_ever", "LOC-06": "a; b", "LOC-09": ""}
    assert json.loads(rows["p/direct", "LOC-08"]["value"])["documented"] == ["=cmd.example.com"]
    assert rows["p/direct", "LOC-09"]["answer"] == "Level 2 of 2: - / Level 0 of 2: -"
    assert rows["p/direct", "LOC-10"]["state"] == "refused"


def test_what_does_not_apply_has_no_figures(own: Chosen) -> None:
    row = rows_of(own)["p/direct", "LOC-02"]
    assert (row["state"], row["applicable"], row["answer"]) == ("not-applicable", "false", "Does not apply")
    assert {row[name] for name in ("v", "v_low", "v_high", "class", "weight")} == {""}


def test_options_without_figures_keep_their_answers(own: Chosen) -> None:
    rows = rows_of(own)
    assert (rows["q/direct", "LOC-01"]["verdict"], rows["q/direct", "LOC-01"]["state"]) == (
        "not-scorable",
        "unanswered",
    )
    ineligible = rows["r/direct", "LOC-01"]
    assert (ineligible["verdict"], ineligible["state"], ineligible["value"]) == (
        "not-eligible",
        "answered",
        "3",
    )
    assert {ineligible[name] for name in ("v", "v_low", "class", "gate", "applicable")} == {""}
    assert answers_csv(own).losses[0] == "no figures: q/direct, q/ide, r/direct, r/ide"


def test_each_assessor_has_a_line(own: Chosen) -> None:
    row = rows_of(own)["s/direct", "LOC-01"]
    assert row["assessors"] == "ann; ben"
    assert row["value"] == "ann: 3\nben: 1"
    assert row["state"] == "conflicting"


def test_no_cell_is_a_formula_or_hides_anything(hostile: Chosen) -> None:
    text = text_of(hostile)
    assert not INVISIBLE.search(text)
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "\r\n="])
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(begins: str) -> None:
    said = answers()["BBB-01"].model_copy(update={"finding": f"{begins}cmd|calc"})
    row = rows_of(chosen(inputs(BBB_01=said)))["p/direct", "BBB-01"]
    assert row["finding"].startswith("'")
    assert row["finding"].endswith("cmd|calc")


def test_a_file_has_a_byte_order_mark_and_crlf_as_spreadsheets_want_it(own: Chosen) -> None:
    raw = format_named("csv").raw(text_of(own))
    assert raw.startswith(b"\xef\xbb\xbfoption,")
    assert b"changed_since_review\r\np/direct," in raw
