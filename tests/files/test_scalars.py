from __future__ import annotations

import pytest

from evalkit.files.scalars import NotANumberError, is_text, plain_value


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no",
        "on",
        "off",
        "YES",
        "y",
        "n",
        "2026-11-22",
        "12:30",
        "0b1",
        "1_000",
        "1.2.3",
        "=",
        "<<",
        "-",
    ],
)
def test_what_yaml_1_1_took_for_something_else_stays_text(text: str) -> None:
    assert plain_value(text) == text
    assert is_text(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("", None),
        ("~", None),
        ("null", None),
        ("12", 12),
        ("+12", 12),
        ("-12", -12),
        ("012", 12),
        ("0o14", 12),
        ("0xfF", 255),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1e3", -1000.0),
        ("1.5E+2", 150.0),
    ],
)
def test_the_core_scalars_of_yaml_1_2_are_read(text: str, value: object) -> None:
    read = plain_value(text)
    assert (type(read), read) == (type(value), value)
    assert not is_text(text)


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan", "1e999", "9" * 41, "0." + "1" * 5000])
def test_a_number_without_end_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError):
        plain_value(text)
