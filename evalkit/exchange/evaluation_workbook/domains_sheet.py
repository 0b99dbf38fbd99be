"""The sheet of domains: assured, expected and potential score of each, and how much of it applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.exchange.evaluation_workbook import formulas

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents, Scored
    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Page

_BANDS = {
    "assured": "Assured",
    "applies": "Share of the domain that applies",
    "expected": "Expected",
    "potential": "Potential",
}


def write_domains(page: Page, layout: Layout, contents: Contents) -> None:
    """Write the sheet."""
    table = layout.domains
    page.title(
        "Domains",
        "Scores of each domain. Coloured: below the floor that the profile sets (sheet Weights), where enough"
        " of the domain applies.",
    )
    domains = contents.inputs.questionnaire.domains
    for key, title in _BANDS.items():
        first, last = (table.at[f"{key} {domain.id}"] for domain in (domains[0], domains[-1]))
        page.band(table.head - 1, first, last, title)
    page.headers(table, height=44)
    for place, scored in enumerate(contents.scored):
        _option(page, layout, place, scored)
    last = table.head + len(contents.scored)
    page.sheet.set_column(len(table.columns), len(table.columns), 3, None, {"collapsed": True})
    page.freeze(table, 1, last)
    if contents.scored:
        first_share = table.own(f"applies {domains[0].id}", table.first)
        first = table.at[f"assured {domains[0].id}"]
        page.mark(
            (table.first, first, last, first + len(domains) - 1),
            "missed",
            f"AND({first_share}>=Floor_applies_from-1E-9,"
            f"{table.own(f'assured {domains[0].id}', table.first)}<Domain_floor-1E-9)",
        )


def _option(page: Page, layout: Layout, place: int, scored: Scored) -> None:
    table, scores, weights = layout.domains, layout.scores, layout.weights
    row = table.first + place
    page.row(table, row, option=scored.card.option)
    for result in scored.card.domains:
        rows = layout.block_of_domain(place, result.domain)
        own = weights.area("in_domain", layout.weights_of_domain(result.domain))
        applies = scores.area("applies", rows)
        share = table.own(f"applies {result.domain}", row)
        page.calculated(
            table,
            row,
            f"applies {result.domain}",
            formulas.weighted(own, applies),
            result.applicable_share,
        )
        for key in ("assured", "expected", "potential"):
            page.calculated(
                table,
                row,
                f"{key} {result.domain}",
                formulas.share_of(share, formulas.weighted(own, applies, scores.area(key, rows))),
                formulas.NOTHING if result.span is None else float(getattr(result.span, key)),
            )
