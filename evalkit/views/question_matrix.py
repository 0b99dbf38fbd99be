"""Options against questions: where they differ, question by question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.views.deployments import essence
from evalkit.views.level_map import Cell, cell_of
from evalkit.views.matrices import by_product
from evalkit.views.numbers import count
from evalkit.views.rendering import EMPTY, Section, section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import Scorecard

PER_PAGE: Final = 12
"""Options beside each other on a printed page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question with a cell per option."""

    question: Question
    cells: tuple[Cell, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Options that stand in one table: ``spans`` are products with their number of columns."""

    cards: tuple[Scorecard, ...]
    spans: tuple[tuple[str, int], ...]
    start: int


def question_matrix(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return options against questions, those that differ first; empty where no option has a score."""
    scored = tuple(card for _, own in by_product(cards) for card in own)
    if not scored:
        return EMPTY
    rows = matrix_rows(inputs, scored)
    differing = [row for row in rows if row.differs]
    alike = [row for row in rows if not row.differs]
    lines = [f"Options differ on {count(len(differing), 'question')} of {len(rows)}:"]
    lines += [f"  {row.question.id} {row.question.title}: {_summary(row)}" for row in differing]
    whole = _block(inputs, scored, 0)
    pages = [
        _block(inputs, scored[start : start + PER_PAGE], start) for start in range(0, len(scored), PER_PAGE)
    ]
    return section(
        "question_matrix",
        lines,
        whole=whole,
        pages=pages if len(pages) > 1 else [],
        differing=differing,
        alike=alike,
    )


def matrix_rows(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> tuple[Row, ...]:
    """Return one row per question, in the order of the questionnaire."""
    rows = []
    for place, question in enumerate(inputs.questionnaire.questions):
        results = [card.questions[place] for card in cards]
        differs = len({essence(result) for result in results}) > 1
        rows.append(Row(question, tuple(cell_of(question, result) for result in results), differs))
    return tuple(rows)


def _block(inputs: EvaluationInputs, cards: tuple[Scorecard, ...], start: int) -> Block:
    spans: dict[str, int] = {}
    for card in cards:
        spans[card.product] = spans.get(card.product, 0) + 1
    names = tuple((inputs.answers[product].product.name, width) for product, width in spans.items())
    return Block(cards, names, start)


def _summary(row: Row) -> str:
    seen: dict[str, int] = {}
    for cell in row.cells:
        seen[cell.answer] = seen.get(cell.answer, 0) + 1
    return ", ".join(f"{answer} ({amount})" for answer, amount in seen.items())
