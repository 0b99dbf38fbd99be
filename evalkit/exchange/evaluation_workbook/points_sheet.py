"""The sheet of points: what every answer to every question is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.exchange.evaluation_workbook.page import shown
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion, SetQuestion, StepsAtMost
from evalkit.scoring.evidence import ignorance
from evalkit.scoring.worth import grid
from evalkit.views.answer_text import unit_of
from evalkit.views.numbers import number
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Cell, Page
    from evalkit.model.questionnaire import HostCoverageCase, Question, SetOption

Entry = tuple["Cell", str, "float | str | None"]
"""What is answered, in words, and its points or what it does to them."""


def write_points(page: Page, layout: Layout) -> None:
    """Write the sheet."""
    table = layout.points
    page.title(
        "Points",
        "What each answer is worth. Formulas look up levels and numbers here; the points of sets and lists"
        " are counted by evalkit, and their rules are shown in grey.",
    )
    page.headers(table, height=42)
    for question in layout.questions:
        rows = layout.points_rows[question.id]
        chances = [chance for _, chance in ignorance(grid(question))]
        entries = entries_of(question)
        for place, (key, label, points) in enumerate(entries):
            row = rows.steps.first + place
            page.row(
                table,
                row,
                question=question.id,
                title=question.title,
                kind=question.kind,
                rule=rule_of(question),
                key=key,
                label=shown(label),
            )
            if not isinstance(question, (ScaleQuestion, NumberQuestion)):
                page.put(row, table.at["points"], points, "fixed")
                continue
            page.row(table, row, points=points)
            worth = float(points or 0) / 100
            page.calculated(table, row, "value", f"{table.own('points', row)}/100", worth)
            if isinstance(question, ScaleQuestion):
                page.row(table, row, chance=chances[place])
    page.freeze(
        table,
        1,
        max(rows.special.last if rows.special else rows.steps.last for rows in layout.points_rows.values()),
    )


def rule_of(question: Question) -> str:
    """Return how the points of a question come about."""
    if isinstance(question, ScaleQuestion):
        return "points of the level"
    if isinstance(question, NumberQuestion):
        down = isinstance(question.value_rule, StepsAtMost)
        return "first step not below it" if down else "first step not above it"
    return wording.words(question.value_rule.type)


def entries_of(question: Question) -> list[Entry]:
    """Return a row for each answer, or for each part of one."""
    match question:
        case ScaleQuestion():
            return [(level.level, f"{level.label}: {level.text}", level.points) for level in question.levels]
        case NumberQuestion():
            return list(_of_number(question))
        case SetQuestion():
            return [(option.id, option.text, _of_option(option)) for option in question.options]
        case ListQuestion():
            return [_of_case(place, case) for place, case in enumerate(question.value_rule.cases, 1)]


def _of_option(option: SetOption) -> float | str | None:
    return f"−{number(option.penalty)}" if option.penalty else option.points


def _of_case(place: int, case: HostCoverageCase) -> Entry:
    if not isinstance(case.points, str):
        return f"case {place}", case.when, case.points
    words = f"{case.when}: {case.points}"
    if case.cap_without_purposes is not None:
        words += f", at most {number(case.cap_without_purposes)} without purposes"
    return f"case {place}", words, None


def _of_number(question: NumberQuestion) -> Iterator[Entry]:
    rule = question.value_rule
    for step in rule.steps:
        limit = step.at_most if hasattr(step, "at_most") else step.at_least
        way = "at most" if hasattr(step, "at_most") else "at least"
        yield limit, f"{way} {number(limit)} {unit_of(question.unit, limit)}", step.points
    yield "beyond", "beyond the last step", rule.otherwise
    for special in question.special_values:
        yield special.id, special.text, special.points
