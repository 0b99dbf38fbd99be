"""The sheet of evidence: what each class is worth under the profile, to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.exchange.evaluation_workbook.columns import EVIDENCE
from evalkit.exchange.evaluation_workbook.layout import GRID_ROW
from evalkit.exchange.evaluation_workbook.table import area
from evalkit.model.values import EVIDENCE_CLASSES, RANK
from evalkit.scoring.evidence import STEP, ignorance
from evalkit.scoring.worth import GRID
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents
    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Page

_VALUE: Final = 0
_CHANCE: Final = 1


def write_evidence(page: Page, layout: Layout, contents: Contents) -> None:
    """Write the sheet."""
    table = layout.evidence
    page.title(
        "Evidence",
        "How far a statement of each class may overstate, and how often it holds. Change slack (whole levels,"
        " 0 to 4) and reliability: every interval follows.",
    )
    page.headers(table)
    for row, name in enumerate(EVIDENCE_CLASSES, table.first):
        policy = contents.inputs.profile.evidence[name]
        page.row(
            table,
            row,
            **{"class": name},
            meaning=wording.CLASS_MEANING[name],
            rank=RANK[name],
            slack=policy.slack_levels,
            reliability=policy.reliability,
            days=policy.valid_days,
        )
    notes = (
        (
            f"A level of slack is {STEP:.0%} of the scale. Slack is 0 where the class has at least the rank"
            " of the question's strongest proof (sheet Weights)."
        ),
        (
            "Lifetimes are shown only: which class an item counts as on the day, after its age and scope, is"
            " evalkit's (sheet Scores, Evidence class)."
        ),
    )
    for row, note in enumerate(notes, table.first + len(EVIDENCE_CLASSES) + 1):
        page.put(row, 0, note, "note")
    _grid(page)
    page.sheet.freeze_panes(table.first, 1)


def evidence_names(layout: Layout) -> dict[str, str]:
    """Return the areas of the table by their names in formulas."""
    table = layout.evidence
    first, last = table.first, table.first + len(EVIDENCE_CLASSES) - 1
    names = {"Evidence_class": "class", "Slack": "slack", "Reliability": "reliability"}
    areas = {name: area(table.at[key], first, last, EVIDENCE) for name, key in names.items()}
    first, last = GRID_ROW + 2, GRID_ROW + 1 + len(GRID)
    return areas | {
        "Grid": area(_VALUE, first, last, EVIDENCE),
        "Grid_chance": area(_CHANCE, first, last, EVIDENCE),
    }


def _grid(page: Page) -> None:
    page.put(GRID_ROW, 0, "Values that numbers, sets and lists may have where they are not known", "subtitle")
    for column, head in ((_VALUE, "Value"), (_CHANCE, "Chance where nothing is known")):
        page.put(GRID_ROW + 1, column, head, "head")
    for row, (value, chance) in enumerate(ignorance(GRID), GRID_ROW + 2):
        page.put(row, _VALUE, value, "fixed left")
        page.put(row, _CHANCE, chance, "fixed left")
