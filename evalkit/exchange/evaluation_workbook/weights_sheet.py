"""The sheet of weights: thresholds, domains and questions of the profile, to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.exchange.evaluation_workbook.columns import WEIGHTS
from evalkit.exchange.evaluation_workbook.layout import THRESHOLD_ROW
from evalkit.exchange.evaluation_workbook.table import Rows, cell
from evalkit.model.questionnaire import ScaleQuestion
from evalkit.model.values import RANK
from evalkit.scoring.evidence import ignorance
from evalkit.scoring.verdict import FLOOR_APPLIES_FROM
from evalkit.scoring.worth import grid

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents
    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Page
    from evalkit.model.questionnaire import Question

_VALUE: Final = 5
"""Column of the thresholds."""


def write_weights(page: Page, layout: Layout, contents: Contents) -> None:
    """Write the sheet."""
    page.title(
        "Weights",
        "Thresholds and weights of the profile. Change what is tinted: every figure of the workbook follows."
        " Only ratios of weights matter.",
    )
    for place, column in enumerate(layout.weights.columns):
        page.sheet.set_column(place, place, column.width)
    _thresholds(page, contents)
    _domains(page, layout, contents)
    _questions(page, layout, contents)
    page.sheet.freeze_panes(2, 0)


def threshold_names() -> dict[str, str]:
    """Return the cells of the thresholds by their names in formulas."""
    names = ("Approve_at", "Domain_floor", "Minimum_coverage", "Floor_applies_from")
    return {name: cell(_VALUE, THRESHOLD_ROW + place, WEIGHTS) for place, name in enumerate(names)}


def _thresholds(page: Page, contents: Contents) -> None:
    limits = contents.inputs.profile.thresholds
    page.put(THRESHOLD_ROW - 1, 0, "Thresholds", "subtitle")
    rows = (
        ("Approve_at", "Assured score that approval needs", limits.approve_at, "input share"),
        ("Domain_floor", "Assured score that each domain needs", limits.domain_floor, "input share"),
        (
            "Minimum_coverage",
            "Share of the weight that must be answered",
            limits.minimum_coverage,
            "input share",
        ),
        (
            "Floor_applies_from",
            "A domain needs its score if this share of it applies (the same for every profile)",
            FLOOR_APPLIES_FROM,
            "fixed share",
        ),
    )
    for row, (name, what, limit, style) in enumerate(rows, THRESHOLD_ROW):
        page.put(row, 0, name, "aside")
        page.across(row, 1, _VALUE - 1, what, "text")
        page.put(row, _VALUE, limit, style)


def _domains(page: Page, layout: Layout, contents: Contents) -> None:
    table, rows = layout.weights, layout.domain_rows
    first = min(rows.values())
    page.put(first - 2, 0, "Domains", "subtitle")
    given, share = table.at["given"], table.at["counts"]
    page.put(first - 1, 0, "Id", "head")
    page.across(first - 1, 1, given - 1, "Domain", "head")
    page.put(first - 1, given, "Weight", "head input")
    page.put(first - 1, share, "Share of the whole", "head")
    page.sheet.set_row(first - 1, 28)
    every = Rows(first, max(rows.values()))
    for part, domain in zip(contents.weights.domains, contents.inputs.questionnaire.domains, strict=True):
        row = rows[domain.id]
        page.put(row, 0, domain.id, "aside")
        page.across(row, 1, given - 1, domain.title, "text")
        page.put(row, given, contents.inputs.profile.domain_weights[domain.id], "input")
        own = f"{table.own('given', row)}/SUM({table.area('given', every)})"
        page.formula(row, share, own, part.share, "fine")
    page.sheet.conditional_format(
        first,
        share,
        every.last,
        share,
        {"type": "data_bar", "bar_color": "#a9c4e2", "bar_solid": True, "min_type": "num", "min_value": 0},
    )


def _questions(page: Page, layout: Layout, contents: Contents) -> None:
    table, rows = layout.weights, layout.question_rows
    head = min(rows.values()) - 1
    page.put(head - 1, 0, "Questions", "subtitle")
    for place, column in enumerate(table.columns):
        page.put(head, place, column.head, "head input" if column.key == "given" else "head")
    page.sheet.set_row(head, 42)
    for part, domain in zip(contents.weights.domains, contents.inputs.questionnaire.domains, strict=True):
        within = layout.weights_of_domain(domain.id)
        for question in domain.questions:
            row = rows[question.id]
            _question(page, layout, contents, question)
            used = table.own("counts", row)
            whole = f"SUM({table.area('counts', within)})"
            page.calculated(
                table, row, "in_domain", f"IF({whole}=0,0,{used}/{whole})", part.questions[question.id]
            )
            share = f"{table.own('in_domain', row)}*{table.own('counts', layout.domain_rows[domain.id])}"
            page.calculated(table, row, "share", share, contents.weights.weight(question.id))


def _question(page: Page, layout: Layout, contents: Contents, question: Question) -> None:
    table, row = layout.weights, layout.question_rows[question.id]
    given = contents.inputs.profile.question_weights.get(question.id)
    page.row(
        table,
        row,
        domain=contents.inputs.questionnaire.domain_of[question.id].title,
        question=question.id,
        title=question.title,
        kind=question.kind,
        own=question.weight,
        given=given,
        proof=question.strongest_proof,
    )
    own, other = table.own("own", row), table.own("given", row)
    page.calculated(
        table,
        row,
        "counts",
        f"IF(ISNUMBER({other}),{other},{own})",
        question.weight if given is None else given,
    )
    proof = table.own("proof", row)
    page.calculated(
        table, row, "proof_rank", f"MATCH({proof},Evidence_class,0)", RANK[question.strongest_proof]
    )
    values, chances = "Grid", "Grid_chance"
    if isinstance(question, ScaleQuestion):
        steps = layout.points_rows[question.id].steps
        values, chances = layout.points.area("value", steps), layout.points.area("chance", steps)
    nothing_known = sum(value * chance for value, chance in ignorance(grid(question)))
    page.calculated(table, row, "unknown", f"SUMPRODUCT({values},{chances})", nothing_known)
