"""Rows of one answer -> what the vendor states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from evalkit.exchange.vendor_form.asking import ALSO, FLAGS
from evalkit.exchange.vendor_form.cell_values import (
    UnclearError,
    day_in,
    flag_in,
    hosts_in,
    is_empty,
    level_in,
    number_in,
    text_in,
)
from evalkit.exchange.vendor_form.sheet import BACKINGS
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion, SetQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from evalkit.exchange.vendor_form.sheet import Cell, ReturnedRow
    from evalkit.model.questionnaire import Question

Plain: TypeAlias = Any
"""A value as an answers file has it: a level, number, special value, list of option ids, or host lists."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a vendor says about one question.

    Attributes
    ----------
    value : plain value or None
        None where no answer was given.
    backing : str
        What the vendor says it rests on; nobody has looked yet.
    """

    value: Plain = None
    explanation: str = ""
    also: str = ""
    backing: str = ""
    link: str = ""
    day: date | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was said."""
        return self == Stated()


def stated(question: Question, rows: Mapping[str, ReturnedRow]) -> tuple[Stated, tuple[str, ...]]:
    """Return what the rows of one answer say, and what is wrong with them, each with its place.

    Parameters
    ----------
    rows
        By part; ``""`` is the question's own row.
    """
    problems: list[str] = []

    def read(part: str, column: str, how: Callable[[Cell], Plain], default: Plain) -> Plain:
        row = rows.get(part)
        cell = row.cells.get(column) if row else None
        if row is None or is_empty(cell):
            return default
        try:
            return how(cell)
        except UnclearError as unclear:
            problems.append(f"{row.where}, {column}: {unclear}")
            return default

    try:
        value = _value(question, rows, read)
    except UnclearError as unclear:
        problems.append(str(unclear))
        value = None
    found = Stated(
        value=value,
        explanation=read("", "explanation", text_in, ""),
        also=read(ALSO, "answer", text_in, ""),
        backing=read("", "backing", _backing, ""),
        link=read("", "link", lambda cell: text_in(cell, lines=False), ""),
        day=read("", "day", day_in, None),
    )
    problems += [
        f"{row.where}, {column}: nothing is to be filled in there"
        for row in rows.values()
        for column in _closed(question, row is rows.get(""))
        if not is_empty(row.cells.get(column))
    ]
    return found, tuple(problems)


def _value(
    question: Question,
    rows: Mapping[str, ReturnedRow],
    read: Callable[[str, str, Callable[[Cell], Plain], Plain], Plain],
) -> Plain:
    match question:
        case ScaleQuestion():
            return read("", "answer", lambda cell: level_in(cell, question), None)
        case NumberQuestion():
            return read("", "answer", lambda cell: number_in(cell, question), None)
        case SetQuestion():
            parts = [option.id for option in question.options]
            ticks = {part: read(part, "answer", flag_in, None) for part in parts}
            return _ticked(ticks, rows)
        case ListQuestion():
            fields = [each.id for each in question.list_fields]
            said = {
                part: read(part, "answer", flag_in if part in FLAGS else hosts_in, None) for part in fields
            }
            return _hosts(said, rows)
        case _:
            assert_never(question)


def _ticked(ticks: Mapping[str, bool | None], rows: Mapping[str, ReturnedRow]) -> Plain:
    if all(tick is None for tick in ticks.values()):
        return None
    if left := [part for part, tick in ticks.items() if tick is None]:
        raise UnclearError(
            f"{_where(rows)}yes or no is needed on each of its rows; none could be read for {', '.join(left)}"
        )
    chosen = [part for part, tick in ticks.items() if tick]
    if not chosen:
        raise UnclearError(
            f"{_where(rows)}no to every choice: the questionnaire has no such answer; say in the explanation"
            " what holds instead"
        )
    return chosen


def _hosts(said: Mapping[str, Plain], rows: Mapping[str, ReturnedRow]) -> Plain:
    given = {part: value for part, value in said.items() if value is not None}
    if not given:
        return None
    if given.get("documented") and "purposes_given" not in given:
        raise UnclearError(f"{_where(rows)}hosts are listed, and purposes given is neither yes nor no")
    # An empty list and an absent "no" are how an answers file says the same.
    lists = {part: list(given.get(part, ())) for part in said if part not in FLAGS}
    return lists | {part: given[part] for part in FLAGS if part in given}


def _where(rows: Mapping[str, ReturnedRow]) -> str:
    first = next(iter(rows.values()), None)
    return f"{first.where}: " if first else ""


def _closed(question: Question, is_head: bool) -> tuple[str, ...]:  # noqa: FBT001 - one of two kinds of row
    if not is_head:
        return "explanation", "backing", "link", "day"
    return ("answer",) if isinstance(question, (SetQuestion, ListQuestion)) else ()


def _backing(cell: Cell) -> str:
    text = text_in(cell, lines=False)
    for known in BACKINGS:
        if known.casefold() == text.casefold():
            return known
    raise UnclearError(f"{text[:60]!r} is not one of {', '.join(BACKINGS)}")
