"""What was written differently: answers with their evidence, what counts otherwise, settings and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.model.records import GENERAL
from evalkit.views.board.blocks import Cell, Column, Heading, Paragraph, Table
from evalkit.views.board.clipping import clipped
from evalkit.views.changes.phrases import ARROW, reading_words, shown, statement_words, thing_name
from evalkit.views.numbers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.model.change import Kind, ReadingChange, StatementChange, ThingChange
    from evalkit.views.board.blocks import Block
    from evalkit.views.changes.comparison import StateComparison

MOST_ROWS: Final = 300
"""Rows of a table; JSON has all."""

_TITLES: Final[dict[Kind, str]] = {
    "evaluation": "Evaluation",
    "questionnaire": "Questionnaire",
    "domain": "Domains",
    "question": "Questions",
    "profile": "Profile",
    "product": "Products",
    "deployment": "Deployments",
    "source": "Sources",
    "control": "Controls",
    "stakeholder": "Weights of stakeholders",
}


def answers(found: StateComparison) -> Iterator[Block]:
    """Yield what is said otherwise, a table per product, with what it counts for now."""
    products: dict[str, list[StatementChange]] = {}
    for it in found.change.statements:
        products.setdefault(it.product, []).append(it)
    if not products:
        return
    yield Heading("Answers and evidence")
    columns = (
        Column("Question", share=2),
        Column("For", share=1),
        Column("What changed", share=5),
        Column("Counts for, of 100", share=3),
    )
    for product, changes in products.items():
        yield Heading(clipped(found.after.inputs.answers[product].product.name), level=2)
        rows = tuple(
            (
                Cell(found.title(it.question)),
                Cell(_scope(it)),
                Cell("; ".join(statement_words(found, it))),
                Cell(_effects(found, it)),
            )
            for it in changes
        )
        yield from _table(columns, rows)


def _scope(it: StatementChange) -> str:
    scope = "all" if it.scope == GENERAL else it.scope
    return scope if it.assessor is None else f"{scope} ({it.assessor})"


def readings_of(found: StateComparison, it: StatementChange) -> tuple[ReadingChange, ...]:
    """Return how a question counts otherwise for the options that a statement is for."""
    return tuple(
        each
        for each in found.change.readings
        if (each.product, each.question) == (it.product, it.question)
        and (it.scope == GENERAL or f"{it.product}/{it.scope}" in each.options)
    )


def _effects(found: StateComparison, it: StatementChange) -> str:
    effects = readings_of(found, it)
    told = [f"{reading_words(each.before)} {ARROW} {reading_words(each.after)}" for each in effects]
    if len(effects) > 1:
        told = [f"{_deployments(each)}: {said}" for each, said in zip(effects, told, strict=True)]
    return "; ".join(told) or "the same"


def _deployments(it: ReadingChange) -> str:
    return ", ".join(option.partition("/")[2] for option in it.options)


def counting_otherwise(found: StateComparison) -> Iterator[Block]:
    """Yield the questions that count otherwise although nobody changed what is said about them."""
    left = [it for it in found.change.readings if not it.is_stated]
    if not left:
        return
    yield Heading("Counts differently, though nobody changed the answer")
    yield Paragraph(
        "Evidence expired or was renewed by the day, the version of the product or a fact is another, or the"
        " questionnaire or the profile values it differently. Class of the evidence, and v⁻ to v⁺ of 100.",
        is_note=True,
    )
    columns = (
        Column("Product", share=1),
        Column("Question", share=2),
        Column("For", share=2),
        Column("Before", share=2),
        Column("After", share=2),
    )
    rows = tuple(
        tuple(
            Cell(text)
            for text in (
                it.product,
                found.title(it.question),
                _deployments(it),
                reading_words(it.before),
                reading_words(it.after),
            )
        )
        for it in left
    )
    yield from _table(columns, rows)


def things(found: StateComparison) -> Iterator[Block]:
    """Yield settings, questions, facts, sources and controls that are otherwise, a table per kind."""
    columns = (
        Column("What", share=2),
        Column("Field", share=2),
        Column("Before", share=3),
        Column("After", share=3),
    )
    for kind, title in _TITLES.items():
        own = [it for it in found.change.things if it.kind == kind]
        if own:
            yield Heading(title)
            yield from _table(columns, tuple(row for it in own for row in _rows(found, it)))


def _rows(found: StateComparison, it: ThingChange) -> Iterator[tuple[Cell, ...]]:
    name = clipped(thing_name(found, it))
    if not it.fields:
        yield Cell(name), Cell(it.fate), Cell(NOTHING), Cell(NOTHING)
        return
    for field in it.fields:
        yield Cell(name), Cell(clipped(field.path)), Cell(shown(field.old)), Cell(shown(field.new))


def _table(columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]]) -> Iterator[Block]:
    yield Table(columns, tuple(rows[:MOST_ROWS]))
    if len(rows) > MOST_ROWS:
        more = f"{len(rows) - MOST_ROWS} more rows are left out here; --format json has all."
        yield Paragraph(more, is_note=True)
