"""The first sheet: what evalkit says of each option, its figures, and what they miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.exchange.evaluation_workbook import formulas
from evalkit.exchange.evaluation_workbook.columns import GATES, RANKING
from evalkit.exchange.evaluation_workbook.ranking import chart_of
from evalkit.exchange.evaluation_workbook.table import Rows, area
from evalkit.views.export import PLACES, ranks
from evalkit.views.headline import title_of
from evalkit.views.numbers import number
from evalkit.views.requirements import SETTLED, below_floor
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents, Scored
    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Page
    from evalkit.model.scorecard import Scorecard, Span

_SAME: Final = "0.0000005"
_MET: Final = ("enough", "floors", "covered", "gates")
_SPAN: Final = ("assured", "expected", "potential")
_LOST: Final = ("face", "gap", "absent", "applicable")
CHECK_ROW: Final = 3
NEEDED_ROW: Final = 4


def write_overview(page: Page, layout: Layout, contents: Contents) -> None:
    """Write the sheet."""
    inputs, table = contents.inputs, layout.overview
    evaluation, profile = inputs.evaluation, inputs.profile
    page.title(
        evaluation.title,
        f"As of {evaluation.as_of.isoformat()} · {inputs.questionnaire.header.title}"
        f" ({inputs.questionnaire.ref}) · profile {profile.title} ({profile.id}@{profile.version})",
        "Ordered by the assured score. Tinted cells of the other sheets may be changed; formulas follow, the"
        " verdict, which is evalkit's, does not.",
    )
    page.headers(table, height=42)
    page.sheet.set_column(len(table.columns), len(table.columns), 3, None, {"collapsed": True})
    places = ranks(contents.cards)
    for place, scored in enumerate(contents.scored):
        _Line(page, layout, place).write(scored, places[scored.card.option], contents)
    for row, card in enumerate(contents.cards[len(contents.scored) :], layout.overview_rows.last + 1):
        _without_figures(page, layout, row, card, title_of(inputs, card.option))
    _bands(page, layout, contents)
    _marks(page, layout, contents)
    _notes(page, table.first + len(contents.cards) + 1)
    page.freeze(table, table.at["title"] + 1, table.head + len(contents.cards), filtered=False)
    if contents.scored:
        _chart(page, layout, contents)


def _bands(page: Page, layout: Layout, contents: Contents) -> None:
    """Write above the headers what they belong to, and whether the figures are evalkit's."""
    table = layout.overview
    for key, last, title in (
        ("assured", "unverified", "Figures"),
        ("enough", "sufficient", "What approval needs"),
        ("face", "applicable", "More figures"),
        ("place", "change", "Order, and the figures as evalkit has them"),
    ):
        page.band(table.head - 1, table.at[key], table.at[last], title)
    rows = layout.overview_rows
    limits = contents.inputs.profile.thresholds
    needed = (
        f"Approval needs {number(100 * limits.approve_at)} % assured, {number(100 * limits.domain_floor)} %"
        f" in each domain, {number(100 * limits.minimum_coverage)} % answered and every gate passed."
    )
    page.formula(
        NEEDED_ROW,
        0,
        '"Approval needs "&ROUND(100*Approve_at,2)&" % assured, "&ROUND(100*Domain_floor,2)&'
        '" % in each domain, "'
        '&ROUND(100*Minimum_coverage,2)&" % answered and every gate passed."',
        needed,
        "note",
    )
    if contents.scored:
        most = f"MAX({table.area('change', rows)})"
        page.formula(
            CHECK_ROW,
            0,
            f'IF({most}<{_SAME},"The figures are those of evalkit.","Changed: figures differ from those of'
            f' evalkit by up to "&ROUND(100*{most},2)&" percentage points.")',
            "The figures are those of evalkit.",
            "subtitle",
        )


class _Line:
    """One option with figures, as it is written."""

    def __init__(self, page: Page, layout: Layout, place: int) -> None:
        self.page = page
        self.layout = layout
        self.place = place
        self.table = layout.overview
        self.row = layout.overview_rows.first + place

    def own(self, key: str) -> str:
        return self.table.own(key, self.row)

    def put(self, key: str, formula: str, value: str | float) -> None:
        self.page.calculated(self.table, self.row, key, formula, value)

    def write(self, scored: Scored, rank: int, contents: Contents) -> None:
        card = scored.card
        span = card.span
        assert span is not None  # noqa: S101 - options without figures are written elsewhere
        self.page.row(
            self.table,
            self.row,
            title=scored.title,
            option=card.option,
            verdict=_verdict(card),
            was_assured=span.assured,
            was_expected=span.expected,
            was_potential=span.potential,
        )
        self._figures(card, span)
        self._requirements(card, span, contents)
        self._order(span, rank)

    def _figures(self, card: Scorecard, span: Span) -> None:
        scores, rows = self.layout.scores, self.layout.block(self.place)
        weighed = (scores.area("weight", rows), scores.area("applies", rows))
        whole = sum(one.weight for one in card.questions if one.applicable)
        face = card.face_value or 0.0
        self.put("applicable", formulas.weighted(*weighed), whole)
        columns = {
            "assured": ("assured", span.assured),
            "expected": ("expected", span.expected),
            "potential": ("potential", span.potential),
            "coverage": ("answered", card.coverage or 0.0),
            "face": ("face", face),
        }
        for key, (column, value) in columns.items():
            total = formulas.weighted(*weighed, scores.area(column, rows))
            self.put(key, formulas.share_of(self.own("applicable"), total), value)
        shares, line = self.layout.shares, self.layout.shares.first + self.place
        unverified = f"({shares.cell('class claim', line)}+{shares.cell('class third_party', line)})"
        share = card.unverified_share
        self.put(
            "unverified",
            formulas.share_of(self.own("face"), unverified),
            formulas.NOTHING if share is None else share,
        )
        self.put("gap", f"{self.own('potential')}-{self.own('assured')}", span.potential - span.assured)
        self.put("absent", f"{self.own('expected')}*{self.own('applicable')}", span.expected * whole)

    def _requirements(self, card: Scorecard, span: Span, contents: Contents) -> None:
        limits = contents.inputs.profile.thresholds
        tolerance = float(formulas.TOLERANCE)
        met = {
            "enough": _met(span.assured >= limits.approve_at - tolerance),
            "floors": _left(sum(below_floor(one, limits.domain_floor) for one in card.domains), "below"),
            "covered": _met((card.coverage or 0.0) >= limits.minimum_coverage - tolerance),
            "gates": _left(sum(gate.result not in SETTLED for gate in card.gates), "not passed"),
        }
        texts = {
            "enough": formulas.reached(self.own("assured"), "Approve_at"),
            "floors": formulas.none_left(self._below_floor(contents), "below"),
            "covered": formulas.reached(self.own("coverage"), "Minimum_coverage"),
            "gates": formulas.none_left(self._unsettled(), "not passed"),
        }
        for key in _MET:
            self.put(key, texts[key], met[key])
        every = all(text == formulas.MET for text in met.values())
        self.put("sufficient", formulas.all_met([self.own(key) for key in _MET]), _met(every))

    def _below_floor(self, contents: Contents) -> str:
        table, domains = self.layout.domains, contents.inputs.questionnaire.domains
        row = table.first + self.place
        ends = (domains[0].id, domains[-1].id)
        share, assured = (
            area(table.at[f"{key} {ends[0]}"], row, row, table.sheet, until=table.at[f"{key} {ends[1]}"])
            for key in ("applies", "assured")
        )
        enough = f"({share}>=Floor_applies_from-{formulas.TOLERANCE})"
        return f"SUMPRODUCT({enough}*({assured}<Domain_floor-{formulas.TOLERANCE}))"

    def _unsettled(self) -> str:
        rows: Rows = self.layout.gates_of(self.place)
        if not rows.each:
            return "0"
        results = area(self.layout.gates.at["result"], rows.first, rows.last, GATES)
        return f'(COUNTIF({results},"open")+COUNTIF({results},"fail"))'

    def _order(self, span: Span, rank: int) -> None:
        table, rows = self.table, self.layout.overview_rows
        own = self.own
        rounded, second = own("rounded"), own("rounded_expected")
        for key, figure, value in (
            ("rounded", "assured", span.assured),
            ("rounded_expected", "expected", span.expected),
        ):
            self.put(key, f"ROUND({own(figure)},{PLACES})", round(value, PLACES))
        every = table.area("rounded", rows)
        self.put("rank", f"RANK({rounded},{every})", rank)
        # Ties by the expected score, then in the order of the rows, so that each place is taken once.
        better = f"({every}={rounded})*({table.area('rounded_expected', rows)}>{second})"
        above = Rows(rows.first - 1, self.row - 1)
        before = (
            f"({table.area('rounded', above)}={rounded})*({table.area('rounded_expected', above)}={second})"
        )
        place = f"RANK({rounded},{every})+SUMPRODUCT({better})+SUMPRODUCT({before})"
        self.put("place", place, self.place + 1)
        differences = ",".join(f"ABS({own(key)}-{own(f'was_{key}')})" for key in _SPAN)
        self.put("change", f"MAX({differences})", 0.0)


def _without_figures(page: Page, layout: Layout, row: int, card: Scorecard, title: str) -> None:
    table = layout.overview
    for place, column in enumerate(table.columns):
        page.put(row, place, formulas.NOTHING if column.style.endswith("share") else None, "number")
    page.row(table, row, title=title, option=card.option, verdict=_verdict(card))
    page.put(row, table.at["enough"], wording.REASON[card.finding.reason], "note")


def _verdict(card: Scorecard) -> str:
    verdict = card.finding.verdict
    return f"{wording.VERDICT_SYMBOL[verdict]} {wording.VERDICT[verdict]}"


def _met(holds: bool) -> str:  # noqa: FBT001 - the one thing that it says
    return formulas.MET if holds else formulas.NOT_MET


def _left(amount: int, what: str) -> str:
    return f"{amount} {what}" if amount else formulas.MET


def _marks(page: Page, layout: Layout, contents: Contents) -> None:
    table, rows = layout.overview, layout.overview_rows
    if not contents.scored:
        return
    first, last = table.at["enough"], table.at["sufficient"]
    own = table.own("enough", rows.first)
    page.mark((rows.first, first, rows.last, last), "met", f'{own}="{formulas.MET}"')
    page.mark((rows.first, first, rows.last, last), "missed", f'{own}<>"{formulas.MET}"')
    for key, limit in (("assured", "Approve_at"), ("coverage", "Minimum_coverage")):
        # 49.8 % would read as 50 %, which it misses.
        figure, at = table.own(key, rows.first), table.at[key]
        for decimals, style in ((3, "finer"), (2, "fine")):
            rounds = f"AND({figure}<{limit}-{formulas.TOLERANCE},ROUND({figure},{decimals})>={limit})"
            page.mark((rows.first, at, rows.last, at), style, rounds)


def _notes(page: Page, row: int) -> None:
    notes = (
        wording.THREE_NUMBERS,
        (
            "Answered is the share of the applicable weight with a value; unverified the share of the face"
            " value that rests on claims and third parties. Further columns unfold with the + above."
        ),
        wording.INDEPENDENT,
        (
            "A verdict also weighs conditions (controls, remedies) and open records, which no formula here"
            " does: where you change what an option must reach, ask evalkit again."
        ),
        wording.NOT_PROOF,
    )
    for place, note in enumerate(notes):
        page.put(row + place, 0, note, "note")


def _chart(page: Page, layout: Layout, contents: Contents) -> None:
    table = layout.overview
    chart = chart_of(page, layout, len(contents.scored))
    page.sheet.insert_chart(
        table.head - 1,
        len(table.columns) + 1,
        chart,
        {"description": f"Bars of the sheet {RANKING}: assured, then up to expected, then up to potential."},
    )
