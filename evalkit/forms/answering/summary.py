"""What a notebook shows of the form where nobody can use it: on a page that no kernel stands behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from evalkit.forms.panel_frame import framed
from evalkit.model.records import state_of
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.forms.answering.product_at_work import ProductAtWork
    from evalkit.model.answers import Answer

_ROW = Markup('<tr><th scope="row">{}</th><td class="num">{}</td><td class="num">{}</td></tr>')
_TABLE = Markup(
    "<table><caption>{}: answered questions by domain</caption>"
    '<thead><tr><th scope="col">Domain</th><th scope="col" class="num">Answered</th>'
    '<th scope="col" class="num">Questions</th></tr></thead><tbody>{}</tbody></table>'
)


def summary_html(work: ProductAtWork) -> str:
    """Return how far the product is answered, as a table."""
    rows = Markup().join(_ROW.format(*row) for row in _rows(work))
    return framed(_TABLE.format(plain(work.snapshot.answers.product.name), rows))


def summary_text(work: ProductAtWork) -> str:
    """Return the same as plain text."""
    lines = [f"  {title}: {answered} of {asked} answered" for title, answered, asked in _rows(work)]
    return "\n".join([plain(work.snapshot.answers.product.name), *lines])


def _rows(work: ProductAtWork) -> Iterator[tuple[str, int, int]]:
    """Yield title, number of questions that something was said about, and of questions, by domain."""
    said = work.snapshot.answers.answers
    for domain in work.inputs.questionnaire.domains:
        names = [each.id for each in domain.questions]
        yield plain(domain.title), sum(name in said and _is_said(said[name]) for name in names), len(names)


def _is_said(answer: Answer) -> bool:
    """Whether something was said, in general or for a deployment; a remark is nothing said."""
    return any(state_of(each) != "unanswered" for each in (answer, *answer.deployments.values()))
