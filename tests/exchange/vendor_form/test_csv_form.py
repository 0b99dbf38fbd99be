"""The form as CSV: harmless in every program, and read back from what programs make of it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form.csv_form import MAX_ROWS
from tests.exchange.vendor_form.acme import came_back, evaluation, outcome, sent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


def _filled(path: Path, entries: Mapping[str, Mapping[str, str]], delimiter: str = ",") -> Path:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row.update(entries.get(row["id"], {}))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows[::-1])
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_answers_are_read_whatever_stands_between_the_cells_and_in_whatever_order(
    small: Path, delimiter: str
) -> None:
    entries = {"VER-03/*": {"answer": "90,5", "explanation": 'a "b"; c,\nd'}, "LOC-01/*": {"answer": "4"}}
    received = came_back(small, _filled(sent(small, "acme.csv"), entries, delimiter))
    assert received.rejected == ()
    assert outcome(received, "VER-03").outcome == "accepted"
    assert outcome(received, "LOC-01").outcome == "changed"


def test_no_cell_begins_as_a_formula_does(small: Path) -> None:
    text = sent(small, "acme.csv", with_findings=True).read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=cmd|calc" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_the_apostrophe_in_front_of_a_formula_is_taken_away(small: Path) -> None:
    path = _filled(
        sent(small, "acme.csv"), {"VER-03/*": {"answer": "5", "explanation": "'=1+1", "link": "''@x"}}
    )
    edit = next(each for each in came_back(small, path).edits if each.part == "answers/VER-03")
    assert edit.content["finding"] == "=1+1"
    assert edit.content["evidence"][0]["locator"].endswith("'@x")


def test_broken_csv_is_refused(small: Path) -> None:
    path = sent(small, "acme.csv")
    raw = path.read_bytes()
    for broken, said in (
        (raw + b'"never closed', "is no CSV"),
        (raw + b"x" * 200_000, "is no CSV"),
        (raw.replace(b",digest,", b",digest2,", 1), "has not, or not once, digest"),
        (raw + b"," * 30 + b"x\r\n", "more cells than the header"),
        (raw + b"x\x00\r\n", "nor text"),
        (raw + b"a,b\r\n" * MAX_ROWS, "more than 5,000 rows"),
    ):
        path.write_bytes(broken)
        with pytest.raises(EvalkitError, match=said):
            came_back(small, path)
