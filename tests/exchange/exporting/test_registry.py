"""The formats: known by name, written to files whose names say what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.exporting.registry import FORMATS, check_ending, exported, format_named
from tests.exchange.exporting.own import inputs

if TYPE_CHECKING:
    from evalkit.exchange.exporting.format import Chosen


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_it_does_not_carry_and_gives_the_same_bytes_again(
    name: str, own: Chosen
) -> None:
    form = FORMATS[name]
    one, again = form.write(own), form.write(own)
    assert one == again
    assert one.losses
    assert form.raw(one.content)


def test_an_unknown_format_is_told_with_those_that_are_known() -> None:
    with pytest.raises(
        EvalkitError,
        match="format 'pdf' is not known; allowed are oscal, ciso-assistant, csv, markdown, workbook",
    ):
        format_named("pdf")


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_another_ending_is_refused(name: str) -> None:
    form = FORMATS[name]
    for ending in form.endings:
        check_ending(form, Path(f"a{ending.upper()}"))
    with pytest.raises(EvalkitError, match=f"a.txt: {name} is .*; the name ends in"):
        check_ending(form, Path("a.txt"))


def test_only_the_options_chosen_are_exported() -> None:
    content = exported(FORMATS["markdown"], inputs(), ["p/ide"]).content
    assert isinstance(content, str)
    assert "p/ide" in content
    assert "p/direct" not in content
