"""A page of the reviewer's table as tests play it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.forms.answering.test_answer_form import with_level
from tests.forms.answering.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.forms.answering.answer_form import AnswerForm
    from evalkit.forms.reviewing.review_form import ReviewForm
    from evalkit.forms.reviewing.review_table import Row

    OpenReview = Callable[..., ReviewForm]

Json = dict[str, Any]


class Reviewer:
    """One page of the table.

    Attributes
    ----------
    shown : dict
        Rows by id, as this page shows them.
    order : list of str
        Their order.
    """

    def __init__(self, form: ReviewForm, client: str = "page") -> None:
        self.form = form
        self.client = client
        self.seq = 0
        (state,) = self.send("hello")
        self.shown: dict[str, Json] = {row["id"]: row for row in state["rows"]}
        self.order: list[str] = list(self.shown)
        self.state = state

    def send(self, kind: str, **more: object) -> list[Json]:
        """Send a message; return the answers."""
        return self.form.receive({"kind": kind, "client": self.client, **more})

    def hear(self, messages: list[Json]) -> list[Json]:
        """Take in what the kernel says; return the messages."""
        for message in messages:
            if message["kind"] == "rows":
                self.shown |= {row["id"]: row for row in message["rows"]}
                self.order = message["order"]
        return messages

    def act(self, kind: str, *rows: str, note: str = "") -> Json:
        """Sign rows off, or take that back, from what this page shows; return what came of it."""
        self.seq += 1
        asked = [{"id": row, "base": self.shown[row]["revision"]} for row in rows]
        said = self.hear(self.send(kind, seq=self.seq, rows=asked, note=note))
        return said[-1]


def row_of(form: ReviewForm, wanted: str) -> Row:
    """The row of an id."""
    return next(row for row in form.rows if row.id == wanted)


def set_level(form: AnswerForm, question: str, level: int) -> None:
    """Answer a question with a level, through the answering form."""
    page = Visitor(form, "answering")
    page.edit(f"answers/{question}", with_level(form, question, level))
    page.saved()
