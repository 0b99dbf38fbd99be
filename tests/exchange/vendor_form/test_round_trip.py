"""Whatever a vendor answers comes out of the file as it went in, as workbook and as CSV."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.exchange.vendor_form import csv_form, workbook_reader, workbook_writer
from evalkit.exchange.vendor_form.asking import level_choice, special_choice
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.rows import records_in
from evalkit.exchange.vendor_form.sending import form_of
from evalkit.exchange.vendor_form.sheet import BACKINGS, FILLED_IN, Form, parsed_reference
from evalkit.exchange.vendor_form.stating import Stated
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion
from tests.exchange.vendor_form.acme import QUESTIONNAIRE, evaluation, says

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.exchange.vendor_form.sheet import Cell, Line, Returned
    from evalkit.model.answers import ProductAnswers

FORMATS: dict[str, tuple[Callable[[Form], bytes], Callable[[bytes, str], Returned]]] = {
    "xlsx": (workbook_writer.workbook, workbook_reader.returned),
    "csv": (csv_form.csv_bytes, csv_form.returned),
}
ASKED = ("LOC-01", "LOC-02", "VER-03", "NET-01", "RTN-01")
_TEXT = st.text(st.sampled_from(f"{string.printable[:95]}äß€漢🙂'=+-@_x000\n"), max_size=40).map(str.strip)
_LINE = _TEXT.map(lambda text: " ".join(text.split()))
_HOST = st.text(st.sampled_from(f"{string.ascii_lowercase}.*-=@"), min_size=1, max_size=20)


@cache
def _place() -> tuple[Place, ProductAnswers, Form]:
    with TemporaryDirectory() as folder:
        made = evaluation(Path(folder))
        place = Place.of(made)
        return place, says(made), form_of(place, "acme")


@st.composite
def _statements(draw: st.DrawFn) -> dict[str, Stated]:
    return {
        name: Stated(
            value=draw(st.none() | _values(name)),
            explanation=draw(_TEXT),
            also=draw(_TEXT) if QUESTIONNAIRE.by_id[name].also_record else "",
            backing=draw(st.sampled_from(("", *BACKINGS))),
            link=draw(_LINE),
            day=draw(st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))),
        )
        for name in ASKED
    }


def _values(name: str) -> st.SearchStrategy[Any]:
    question = QUESTIONNAIRE.by_id[name]
    match question:
        case ScaleQuestion():
            return st.sampled_from([level.level for level in question.levels])
        case NumberQuestion():
            specials = [each.id for each in question.special_values]
            quarters = st.integers(0, 400).map(lambda each: each // 4 if each % 4 == 0 else each / 4)
            return st.sampled_from(specials) | st.integers(0, 3650) | quarters
        case SetQuestion():
            options = [option.id for option in question.options]
            chosen = st.sets(st.sampled_from(options), min_size=1)
            return chosen.map(lambda some: [option for option in options if option in some])
        case _:
            hosts = st.lists(_HOST, unique=True, max_size=3)
            names = {"documented": hosts, "observed": hosts, "from_source": hosts}
            flags = {"purposes_given": st.booleans(), "none_needed": st.booleans()}
            return st.fixed_dictionaries({**names, **flags})


def _cell(line: Line, said: Stated) -> Cell:
    """Return what a vendor puts into the answer cell of a row."""
    question, value = QUESTIONNAIRE.by_id[line.question], said.value
    if line.part == "also":
        return said.also
    if value is None:
        return None
    match question:
        case ScaleQuestion():
            return next(level_choice(level) for level in question.levels if level.level == value)
        case NumberQuestion():
            return next((special_choice(each) for each in question.special_values if each.id == value), value)
        case SetQuestion():
            return None if not line.part else "yes" if line.part in value else "no"
        case _:
            cell = value.get(line.part)
            return "\n".join(cell) if isinstance(cell, list) else cell


def _filled(form: Form, statements: dict[str, Stated]) -> Form:
    def filled(line: Line) -> Line:
        said = statements.get(line.question)
        if said is None:
            return line
        cells = (_cell(line, said), said.explanation, said.backing, said.link, said.day)
        allowed = line.takes
        given = (cell if key in allowed else None for key, cell in zip(FILLED_IN, cells, strict=True))
        return replace(line, given=tuple(given))

    sections = (replace(each, lines=tuple(map(filled, each.lines))) for each in form.sections)
    return replace(form, sections=tuple(sections))


@pytest.mark.parametrize("kind", FORMATS)
@given(statements=_statements())
def test_what_was_answered_comes_back(kind: str, statements: dict[str, Stated]) -> None:
    place, answers, form = _place()
    asked = [
        replace(each, lines=tuple(line for line in each.lines if line.question in ASKED))
        for each in form.sections
    ]
    form = replace(form, sections=tuple(each for each in asked if each.lines))
    writer, reader = FORMATS[kind]
    returned = reader(writer(_filled(form, statements)), f"acme.{kind}")
    reference = parsed_reference(form.reference)
    assert reference is not None
    records, loose = records_in(place, answers, returned, reference)
    assert loose == []
    assert [record.problems for record in records if record.problems] == []
    assert {record.question: record.said for record in records if record.question in ASKED} == statements
