"""The options in today's order, whatever is changed, and the chart of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.evaluation_workbook.columns import RANKING
from evalkit.exchange.evaluation_workbook.page import shown
from evalkit.exchange.evaluation_workbook.table import Rows
from evalkit.views.numbers import number
from evalkit.views.palette import INK, LINE, MARK, MUTED, RANGE
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents
    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Page

MOST_BARS: Final = 60
"""Options that a chart shows; further ones stand in the table."""

_BAR: Final = 19
_AROUND: Final = 110
_LIGHT: Final = "#d9e5f2"
_TITLE_ROW: Final = 1


def write_ranking(page: Page, layout: Layout, contents: Contents) -> None:
    """Write the sheet."""
    table, overview, rows = layout.ranking, layout.overview, layout.overview_rows
    page.title("Ranking")
    limit = contents.inputs.profile.thresholds.approve_at
    page.formula(
        _TITLE_ROW,
        0,
        '"Assured, up to expected, up to potential; approval needs "&ROUND(100*Approve_at,2)&" % assured"',
        f"Assured, up to expected, up to potential; approval needs {number(100 * limit)} % assured",
        "note",
    )
    page.headers(table)
    for place, scored in enumerate(contents.scored):
        row, card = table.first + place, scored.card
        span = card.span
        assert span is not None  # noqa: S101 - only options with figures are here
        page.row(table, row, place=place + 1)
        found = f"MATCH({table.own('place', row)},{overview.area('place', rows)},0)"
        verdict = f"{wording.VERDICT_SYMBOL[card.finding.verdict]} {wording.VERDICT[card.finding.verdict]}"
        for key, value in (
            ("option", card.option),
            ("title", shown(scored.title)),
            ("verdict", shown(verdict)),
            ("assured", span.assured),
            ("expected", span.expected),
            ("potential", span.potential),
        ):
            page.calculated(table, row, key, f"INDEX({overview.area(key, rows)},{found})", value)
        for key, high, low, value in (
            ("to_expected", "expected", "assured", span.expected - span.assured),
            ("to_potential", "potential", "expected", span.potential - span.expected),
        ):
            page.calculated(table, row, key, f"{table.own(high, row)}-{table.own(low, row)}", value)
    page.freeze(table, 2, table.head + len(contents.scored), filtered=False)


def chart_of(page: Page, layout: Layout, options: int) -> Any:  # noqa: ANN401 - xlsxwriter's chart
    """Return the chart: a bar for each option, best on top, in three parts."""
    table = layout.ranking
    bars = min(options, MOST_BARS)
    rows = Rows(table.first, table.first + bars - 1)
    chart = page.chart({"type": "bar", "subtype": "stacked"})
    for key, name, colour in (
        ("assured", "Assured", MARK),
        ("to_expected", "up to expected", RANGE),
        ("to_potential", "up to potential", _LIGHT),
    ):
        chart.add_series(
            {
                "name": name,
                "categories": f"={table.area('option', rows)}",
                "values": f"={table.area(key, rows)}",
                "fill": {"color": colour},
                "border": {"color": colour},
                "gap": 35,
            }
        )
    small = {"size": 8.5, "color": INK}
    chart.set_title({"name": f"={RANKING}!$A${_TITLE_ROW + 1}", "name_font": {"size": 10.5, "color": INK}})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": small, "line": {"color": MUTED}})
    chart.set_x_axis(
        {
            "min": 0,
            "max": 1,
            "major_unit": 0.25,
            "num_format": "0%",
            "num_font": small,
            "label_position": "high",
            "major_gridlines": {"visible": True, "line": {"color": LINE}},
            "line": {"none": True},
        }
    )
    chart.set_legend({"position": "top", "font": small})
    chart.set_size({"width": 760, "height": _AROUND + _BAR * bars})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart
