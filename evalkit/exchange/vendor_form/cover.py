"""The first sheet: what the form is about, and how it is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.vendor_form.sheet import BACKINGS
from evalkit.views.numbers import count
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.exchange.vendor_form.sheet import Form, Section
    from evalkit.exchange.vendor_form.styles import Styles

COVER: Final = "Start here"

HOW: Final = (
    (
        "Fill in the tinted cells of each sheet. Everything else is there to read, and is compared when the"
        " file comes back: please leave texts, rows and sheets as they are. You may sort rows; where the"
        " program refuses, unprotect the sheet first, which takes no password."
    ),
    (
        "Your answer: choose from the list, or type what the column How to answer asks for. Choose a level"
        " only if all of its text holds. Leave the cell empty where you give no answer: it then says nothing."
    ),
    "Some questions have rows below them: say yes or no on each, or list one host per line of a cell.",
    "Explanation: what holds and where it stops, in your own words.",
    (
        f"What backs it, with a link or reference and its date (YYYY-MM-DD): {', '.join(BACKINGS)}. We file"
        " your answer as your statement and look up what you name: what we can read counts for more."
    ),
    (
        "Type answers, not formulas. Formulas, macros and links to other workbooks are never run, and a cell"
        " that holds a formula is not read."
    ),
)


def write_cover(sheet: Any, form: Form, styles: Styles, sheets: Sequence[tuple[Section, str]]) -> None:  # noqa: ANN401 - xlsxwriter's sheet
    """Write the cover."""
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 86)
    sheet.hide_gridlines(2)
    row = 1
    sheet.write_string(row, 1, visible(form.questionnaire_title), _unwrapped(styles.heading))
    sheet.set_row(row, 28)
    row += 2
    for label, text in facts(form):
        sheet.write_string(row, 1, label, styles.label)
        sheet.write_string(row, 2, visible(text), styles.fact)
        sheet.set_row(row, 12.5 * (text.count("\n") + 1) + 5)
        row += 1
    row += 1
    sheet.write_string(row, 1, "How to fill it in", styles.subheading)
    row += 1
    for number, text in enumerate(HOW, 1):
        sheet.write_string(row, 1, f"{number}", styles.label)
        sheet.write_string(row, 2, text, styles.fact)
        sheet.set_row(row, 13 * (1 + len(text) // 98) + 6)
        row += 1
    sheet.write_string(row, 1, "This is a cell to fill in", styles.sample)
    row += 2
    sheet.write_string(row, 1, "Sheets", styles.subheading)
    row += 1
    for section, name in sheets:
        questions = len({line.question for line in section.lines})
        sheet.write_url(row, 1, f"internal:'{name}'!A1", styles.link, visible(section.title))
        sheet.write_string(row, 2, visible(f"{section.seed} ({count(questions, 'question')})"), styles.fact)
        sheet.set_row(row, 18 if len(section.seed) < 80 else 33)  # noqa: PLR2004 - what fits a line
        row += 1
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, row, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def facts(form: Form) -> list[tuple[str, str]]:
    """Return what the cover says of the form, each with its label."""
    questions = len({line.question for line in form.lines()})
    asked = count(questions, "question") + (", those for a first meeting" if form.is_triage else "")
    answers = sum(not line.part for line in form.lines())
    if answers > questions:
        asked += f"; {answers} answers, as some are asked for each way to run it"
    told = [
        ("Evaluation", form.title),
        ("Product", f"{form.product_name}, version {form.version}"),
        ("Vendor", form.vendor),
        ("Ways to run it", "\n".join(name for _, name in form.deployments)),
        ("Asked", asked),
        ("State of", form.as_of.isoformat()),
    ]
    if form.deadline:
        told.append(("Please answer by", form.deadline.isoformat()))
    return [*told, ("Questionnaire", f"{form.questionnaire}, digest {form.digest}")]


def _unwrapped(style: Any) -> Any:  # noqa: ANN401 - xlsxwriter's format
    style.set_text_wrap(False)
    return style
