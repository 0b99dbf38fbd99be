"""From inputs and scorecards to the bytes of a workbook."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.evaluation_workbook import columns as places
from evalkit.exchange.evaluation_workbook.answers_sheet import write_answers, write_sources
from evalkit.exchange.evaluation_workbook.contents import contents_of
from evalkit.exchange.evaluation_workbook.domains_sheet import write_domains
from evalkit.exchange.evaluation_workbook.evidence_sheet import evidence_names, write_evidence
from evalkit.exchange.evaluation_workbook.gates_sheet import gate_names, write_gates
from evalkit.exchange.evaluation_workbook.layout import Layout
from evalkit.exchange.evaluation_workbook.overview import write_overview
from evalkit.exchange.evaluation_workbook.page import Page, shown
from evalkit.exchange.evaluation_workbook.points_sheet import write_points
from evalkit.exchange.evaluation_workbook.ranking import write_ranking
from evalkit.exchange.evaluation_workbook.read_me import write_read_me
from evalkit.exchange.evaluation_workbook.scores_sheet import write_scores
from evalkit.exchange.evaluation_workbook.shares_sheet import write_shares
from evalkit.exchange.evaluation_workbook.styles import Styles
from evalkit.exchange.evaluation_workbook.table import Rows
from evalkit.exchange.evaluation_workbook.weights_sheet import threshold_names, write_weights
from evalkit.views.palette import INK, MARK, MUTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evalkit.exchange.evaluation_workbook.contents import Contents
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}

_SHEETS: Final[Mapping[str, tuple[Callable[[Page, Layout, Contents], None], str]]] = {
    places.OVERVIEW: (write_overview, INK),
    places.RANKING: (write_ranking, INK),
    places.READ_ME: (lambda page, _, contents: write_read_me(page, contents), MUTED),
    places.DOMAINS: (write_domains, INK),
    places.SHARES: (write_shares, INK),
    places.GATES: (write_gates, INK),
    places.SCORES: (write_scores, INK),
    places.WEIGHTS: (write_weights, MARK),
    places.EVIDENCE: (write_evidence, MARK),
    places.POINTS: (lambda page, layout, _: write_points(page, layout), MARK),
    places.ANSWERS: (lambda page, _, contents: write_answers(page, contents.inputs), MUTED),
    places.SOURCES: (lambda page, _, contents: write_sources(page, contents.inputs), MUTED),
}
"""What writes each sheet, and the colour of its tab: figures, what may be changed, texts."""


def workbook(inputs: EvaluationInputs, scorecards: Sequence[Scorecard]) -> bytes:
    """Return the workbook of an evaluation; the same inputs give the same bytes.

    Parameters
    ----------
    scorecards
        Those of the inputs' options, all or some.

    Raises
    ------
    EvalkitError
        If xlsxwriter is not installed, or there are more options than a sheet has rows for.
    """
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra of its own
    except ImportError as error:
        raise EvalkitError("workbooks need xlsxwriter: pip install 'evalkit[exchange]'") from error
    from evalkit.exchange.evaluation_workbook.plain_sheet import PlainSheet  # noqa: PLC0415 - needs xlsxwriter

    contents = contents_of(inputs, scorecards)
    layout = Layout(contents)
    layout.check()
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, dict(_OPTIONS))
    book.set_properties(
        {
            "title": shown(inputs.evaluation.title),
            "subject": shown(inputs.questionnaire.header.title),
            "created": datetime.combine(inputs.evaluation.as_of, time()),
        }
    )
    book.set_size(2600, 1500)
    styles = Styles(book)
    pages = {name: Page(book.add_worksheet(name, PlainSheet), styles) for name in _SHEETS}
    for name, (write, colour) in _SHEETS.items():
        pages[name].sheet.set_tab_color(colour)
        write(pages[name], layout, contents)
    _name_areas(book, layout, contents)
    pages[places.OVERVIEW].sheet.activate()
    book.close()
    return buffer.getvalue()


def _name_areas(book: Any, layout: Layout, contents: Contents) -> None:  # noqa: ANN401 - xlsxwriter's workbook
    """Name what formulas cite by name, and the columns that analysts will want to."""
    names = threshold_names() | evidence_names(layout) | gate_names()
    weights, domains, questions = layout.weights, layout.domain_rows, layout.question_rows
    names["Domain_weights"] = weights.area("given", Rows(min(domains.values()), max(domains.values())))
    own = Rows(min(questions.values()), max(questions.values()))
    names |= {"Question_weights": weights.area("counts", own), "Question_shares": weights.area("share", own)}
    if contents.scored:
        rows = layout.overview_rows
        every = Rows(layout.scores.first, layout.block(len(contents.scored)).first - 1)
        for key in ("assured", "expected", "potential"):
            names[f"Option_{key}"] = layout.overview.area(key, rows)
            names[f"Score_{key}"] = layout.scores.area(key, every)
        for key in ("option", "question", "applies", "weight", "class"):
            names[f"Score_{key}"] = layout.scores.area(key, every)
    for name, where in names.items():
        book.define_name(name, f"={where}")
