"""What a cell says, and what nobody may guess."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from evalkit.exchange.vendor_form.cell_values import (
    LONGEST_TEXT,
    UnclearError,
    day_in,
    flag_in,
    hosts_in,
    level_in,
    number_in,
    parsed_number,
    text_in,
)
from evalkit.exchange.vendor_form.sheet import Unusable
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion
from tests.exchange.vendor_form.acme import QUESTIONNAIRE

if TYPE_CHECKING:
    from evalkit.exchange.vendor_form.sheet import Cell


def scale() -> ScaleQuestion:
    question = QUESTIONNAIRE.by_id["LOC-01"]
    assert isinstance(question, ScaleQuestion)
    return question


def days() -> NumberQuestion:
    question = QUESTIONNAIRE.by_id["VER-03"]
    assert isinstance(question, NumberQuestion)
    return question


@pytest.mark.parametrize(
    "cell",
    ["3 · Full path list", "3", 3, 3.0, "full  PATH list", "3: full path list", "3 - Full path list\n"],
)
def test_a_level_may_be_named_by_number_by_label_or_by_both(cell: Cell) -> None:
    assert level_in(cell, scale()) == 3


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("3 · Folder named", "another text"),
        ("7", "is not one of 0 · No list"),
        (3.5, "is not one of"),
        (True, "is not one of"),
        ("Full", "is not one of"),
        ("yes", "is not one of"),
        (date(2026, 3, 1), "is the date"),
        (Unusable("is a formula"), "is a formula"),
    ],
)
def test_a_level_that_could_be_another_is_refused(cell: Cell, said: str) -> None:
    with pytest.raises(UnclearError, match=said):
        level_in(cell, scale())


@pytest.mark.parametrize(
    ("text", "number"),
    [("30", 30), ("1,5", 1.5), ("1.5", 1.5), ("0,125", 0.125), ("1234,25", 1234.25), ("2.0", 2), ("-3", -3)],
)
def test_decimals_may_be_written_as_any_language_does(text: str, number: float) -> None:
    assert parsed_number(text) == number


@pytest.mark.parametrize("text", ["1,234", "1.234", "12.345"])
def test_what_may_be_thousands_or_decimals_is_refused(text: str) -> None:
    with pytest.raises(UnclearError, match="may mean thousands or decimals"):
        parsed_number(text)


@pytest.mark.parametrize("text", ["1.234,5", "1,234.5", "1 234", "1'234", "1.234.567"])
def test_separators_of_thousands_are_refused(text: str) -> None:
    with pytest.raises(UnclearError, match="separates thousands"):
        parsed_number(text)


@pytest.mark.parametrize("text", ["30 days", "thirty", "1e3", "", "٣", "nan", "9" * 31])
def test_text_is_no_number(text: str) -> None:
    with pytest.raises(UnclearError, match="is no number"):
        parsed_number(text)


def test_a_number_question_takes_numbers_and_its_special_values() -> None:
    assert number_in(90, days()) == 90
    assert number_in("90,5", days()) == 90.5
    assert number_in("No forced end", days()) == "no_forced_end"
    assert number_in("no_forced_end", days()) == "no_forced_end"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (4000, "0 to 3650"),
        (-1, "is not one of"),
        (True, "TRUE or FALSE"),
        (date(2026, 5, 1), "perhaps made of a number"),
        (float("inf"), "finite"),
    ],
)
def test_a_number_outside_of_the_limits_or_of_another_kind_is_refused(cell: Cell, said: str) -> None:
    with pytest.raises(UnclearError, match=said):
        number_in(cell, days())


def test_days_are_iso_or_date_cells() -> None:
    assert day_in("2026-05-01") == day_in(date(2026, 5, 1)) == date(2026, 5, 1)
    assert day_in(None) is None


@pytest.mark.parametrize("cell", ["01.05.2026", "5/1/2026", "May 2026", 46143, "2026-02-30", "2026-5-1"])
def test_days_that_languages_read_differently_are_refused(cell: Cell) -> None:
    with pytest.raises(UnclearError, match=r"YYYY-MM-DD|no day of the calendar"):
        day_in(cell)


def test_flags_are_yes_or_no() -> None:
    assert flag_in(" Yes ")
    assert flag_in(True)  # noqa: FBT003 - a cell
    assert not flag_in("FALSE")
    with pytest.raises(UnclearError, match="neither yes nor no"):
        flag_in("partly")


def test_hosts_stand_one_per_line() -> None:
    assert hosts_in("a.example\r\n*.b.example\n\na.example") == ("a.example", "*.b.example")
    with pytest.raises(UnclearError, match="not one host"):
        hosts_in("a.example, b.example")


def test_text_that_no_file_holds_is_refused() -> None:
    assert text_in("a\r\nb\tc ") == "a\nb\tc"
    assert text_in("a\n b", lines=False) == "a b"
    assert (text_in(1.5), text_in(date(2026, 5, 1)), text_in(None)) == ("1.5", "2026-05-01", "")
    with pytest.raises(UnclearError, match=r"U\+0007"):
        text_in("a\x07")
    with pytest.raises(UnclearError, match="at most 5,000"):
        text_in("a" * (LONGEST_TEXT + 1))
