"""The reviewer's table on a page that no kernel stands behind, where nobody can use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from evalkit.forms.panel_frame import framed
from evalkit.forms.reviewing.review_table import progress
from evalkit.model.records import GENERAL
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.forms.reviewing.review_form import ReviewForm
    from evalkit.forms.reviewing.review_table import Row

_ROW = Markup('<tr><td>{}</td><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>')
_TABLE = Markup(
    "<table><caption>{}</caption><thead><tr>"
    '<th scope="col">Evidence</th><th scope="col">Question</th><th scope="col">Where</th>'
    '<th scope="col">Answer</th><th scope="col">What to look at</th><th scope="col">Review</th>'
    "</tr></thead><tbody>{}</tbody></table>"
)


def static_html(form: ReviewForm) -> str:
    """Return the rows as a table, the weakest evidence first."""
    rows = Markup().join(_row(row) for row in form.rows)
    return framed(_TABLE.format(_caption(form), rows))


def static_text(form: ReviewForm) -> str:
    """Return the same as plain text."""
    lines = [f"  {row.evidence}: {row.question} ({where(row)}), {plain(row.answer)}" for row in form.rows]
    return "\n".join([_caption(form), *lines])


def _row(row: Row) -> Markup:
    question = f"{row.question} {plain(row.title)}"
    return _ROW.format(
        row.evidence, question, where(row), plain(row.answer), "; ".join(marks(row)), reviewed(row)
    )


def where(row: Row) -> str:
    """Return for which deployments a statement counts, in words."""
    return "in general" if row.scope == GENERAL else row.scope


def marks(row: Row) -> Iterator[str]:
    """Yield what a reviewer has to look at."""
    if row.gate_text and row.gate != "not-applicable":
        yield f"gate: {row.gate_text.lower()}"
    if row.is_conflicting or row.is_disputed:
        yield "conflicting statements" if row.is_conflicting else "evidence disagrees"
    if row.contradicted:
        yield "contradicted by what was observed"
    if row.stale:
        yield f"expired after {row.stale}"
    if row.differs:
        yield f"own answer: {plain(row.differs)}"
    if row.comments:
        yield "1 comment" if row.comments == 1 else f"{row.comments} comments"


def reviewed(row: Row) -> str:
    """Return how far the review of a statement is, in words."""
    who = f"{plain(row.reviewed_by)}, {row.reviewed_on}"
    match row.status:
        case "signed":
            return f"signed off by {who}"
        case "changed":
            return f"changed since {who}: {plain(row.changed)}"
        case "draft":
            return "a draft"
        case "broken":
            return "breaks a rule"
        case "empty":
            return "nothing to sign off"
        case _:
            return "not signed off"


def _caption(form: ReviewForm) -> str:
    done, all_of_them = progress(form.rows)
    name = plain(form.work.snapshot.answers.product.name)
    return f"{name}: {done} of {all_of_them} statements signed off, the weakest evidence first"
