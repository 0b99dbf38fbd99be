"""The sheet of shares: how much of a score rests on which evidence, and what widens its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.exchange.evaluation_workbook.table import letters
from evalkit.model.values import EVIDENCE_CLASSES
from evalkit.scoring.shares import GAP_BUCKETS

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents
    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Page


def write_shares(page: Page, layout: Layout, contents: Contents) -> None:
    """Write the sheet."""
    table, scores = layout.shares, layout.scores
    page.title(
        "Shares",
        "Left: the face value by the class of evidence it rests on. Right: potential less assured by what"
        " widens the interval. Claims and third parties are unverified.",
    )
    for first, last, title in (
        (f"class {EVIDENCE_CLASSES[0]}", "face", "Face value by evidence class"),
        (f"gap {GAP_BUCKETS[0]}", "gap", "Gap by cause"),
    ):
        page.band(table.head - 1, table.at[first], table.at[last], title)
    page.headers(table)
    for place, scored in enumerate(contents.scored):
        row, rows = table.first + place, layout.block(place)
        page.row(table, row, option=scored.card.option)
        for group, names, adds, by, figures, total in (
            ("class", EVIDENCE_CLASSES, "adds_face", "class", scored.card.face_by_class, "face"),
            ("gap", GAP_BUCKETS, "adds_gap", "cause", scored.card.gap, "gap"),
        ):
            for name in names:
                head = f"{letters(table.at[f'{group} {name}'])}${table.head + 1}"
                page.calculated(
                    table,
                    row,
                    f"{group} {name}",
                    f"SUMIFS({scores.area(adds, rows)},{scores.area(by, rows)},{head})",
                    figures.get(name, 0.0),
                )
            first, last = (table.own(f"{group} {name}", row) for name in (names[0], names[-1]))
            page.calculated(table, row, total, f"SUM({first}:{last})", sum(figures.values()))
    page.freeze(table, 1, table.head + len(contents.scored))
