"""The sheet that says what the workbook is, what is calculated in it, and what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.exchange.evaluation_workbook import columns as places
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents
    from evalkit.exchange.evaluation_workbook.page import Page

_LINE: Final = 125
"""Characters of a line in the column of texts."""

_SHEETS: Final = (
    (
        places.OVERVIEW,
        "Every option: evalkit's verdict, its figures by formula, and which requirements it meets.",
    ),
    (places.RANKING, "The options in today's order, whatever was changed; the chart shows this table."),
    (places.DOMAINS, "Assured, expected and potential score of each domain."),
    (places.SHARES, "What the face value rests on, and what widens the interval."),
    (places.GATES, "The knock-out rules of the profile, and their results for each option."),
    (places.SCORES, "Every question of every option, from the answer to what it adds to the score."),
    (places.WEIGHTS, "Thresholds, weights of domains and questions. To be changed."),
    (places.EVIDENCE, "Slack and reliability of each class of evidence. To be changed."),
    (places.POINTS, "What each answer is worth. To be changed for levels and numbers."),
    (places.ANSWERS, "What was found, and on what evidence. Texts."),
    (places.SOURCES, "Where it was read. Texts."),
)
_CALCULATED: Final = (
    (
        "Calculated here: weights from the profile; points of levels and numbers; slack and reliability of"
        " the class; the interval and the expected value of each answer; scores of domains and of the whole;"
        " coverage, face value, unverified share, gap; gates; requirements met; the order of options."
    ),
    (
        "Worked out by evalkit and given as they are (grey, or said so in the column Computed by): verdicts;"
        " which questions apply; which evidence governs, and its class after age and scope; whether evidence"
        " disagrees or has expired; points of sets and host lists; which ticks reach a gate's bar; waivers;"
        " the interval where several assessors answered and none was agreed."
    ),
    (
        "Whoever changes an answer should know: what other questions apply may depend on it, and the workbook"
        " does not follow that; nor does it look for conditions or evidence that would change a verdict."
        " Change the files and ask evalkit for that."
    ),
    (
        "Scores are shares of 1, shown as percent; cells hold them in full. Every formula works in Excel"
        " since 2016 and in LibreOffice since 7.4. No macros, no links to other workbooks."
    ),
)


def write_read_me(page: Page, contents: Contents) -> None:
    """Write the sheet."""
    inputs = contents.inputs
    page.sheet.set_column(0, 0, 24)
    page.sheet.set_column(1, 1, 112)
    page.title("Read me")
    row = 2
    facts = (
        ("Evaluation", f"{inputs.evaluation.title} ({inputs.evaluation.id})"),
        ("As of", inputs.evaluation.as_of.isoformat()),
        ("Questionnaire", f"{inputs.questionnaire.header.title} ({inputs.questionnaire.ref})"),
        ("Profile", f"{inputs.profile.title} ({inputs.profile.id}@{inputs.profile.version})"),
        ("Products", "; ".join(_products(contents))),
        ("Made by", f"evalkit {EVALKIT_VERSION}"),
    )
    for name, text in facts:
        row = _line(page, row, name, text)
    row = _heading(page, row, "Sheets")
    for name, text in _SHEETS:
        page.sheet.write_url(row, 0, f"internal:'{name}'!A1", page.styles["link"], name)
        row = _line(page, row, None, text)
    row = _heading(page, row, "What is calculated")
    for text in _CALCULATED:
        row = _line(page, row, "", text)
    row = _heading(page, row, "Colours")
    for style, text in (
        ("input text", "May be changed: everything that depends on it follows."),
        ("fixed text", "Worked out by evalkit; no formula stands behind it."),
        ("text", "Calculated here, or a name."),
    ):
        page.put(row, 0, "such a cell", style)
        row = _line(page, row, None, text)
    row = _heading(page, row, "Files it was made from, with SHA-256")
    for name, digest in sorted(inputs.hashes.items()):
        page.put(row, 1, f"{digest.removeprefix('sha256:')}  {name}", "note")
        row += 1
    _line(page, row + 1, "", wording.NOT_PROOF)
    page.sheet.set_portrait()


def _products(contents: Contents) -> list[str]:
    answers = contents.inputs.answers
    names = dict.fromkeys(card.product for card in contents.cards)
    return [
        f"{answers[name].product.name}, version {answers[name].product.version}" for name in sorted(names)
    ]


def _heading(page: Page, row: int, text: str) -> int:
    page.put(row + 1, 0, text, "subtitle")
    return row + 2


def _line(page: Page, row: int, name: str | None, text: str) -> int:
    """Write a line; a name that is None was written before."""
    if name is not None:
        page.put(row, 0, name, "note")
    page.put(row, 1, text, "plain wrap")
    page.sheet.set_row(row, 14 * (1 + len(text) // _LINE) + 3)
    return row + 1
