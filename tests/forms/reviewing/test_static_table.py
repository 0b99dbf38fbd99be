"""The table where nobody can click, and which of its rows say what."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from evalkit.forms.reviewing.static_table import static_html, static_text
from tests.forms.answering.test_answer_form import a_scale, by_hand
from tests.forms.reviewing.reviewer import Reviewer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forms.answering.test_answer_form import OpenForm
    from tests.forms.reviewing.reviewer import OpenReview


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def cells(html: str) -> _Cells:
    found = _Cells()
    found.feed(html)
    return found


def test_the_page_without_a_kernel_holds_every_row_in_order(open_review: OpenReview) -> None:
    form = open_review()
    Reviewer(form).act("sign", "LOC-04/bedrock")
    table = cells(static_html(form))
    assert len(table.rows) == len(form.rows) + 1
    assert [row[1].split()[0] for row in table.rows[1:]] == [row.question for row in form.rows]
    assert ["LOC-04 Stored credentials", "bedrock"] in [row[1:3] for row in table.rows]
    assert [row[5] for row in table.rows if row[5].startswith("signed")] == ["signed off by ben, 2026-11-23"]
    assert "1 of 108 statements signed off" in static_html(form)
    assert len(static_text(form).splitlines()) == len(form.rows) + 1


def test_hostile_text_is_text(open_review: OpenReview, open_form: OpenForm, evaluation: Path) -> None:
    page, question = Reviewer(open_review(who="<script>x</script>")), a_scale(open_form())
    page.act("sign", f"{question}/*")
    by_hand(evaluation, question, "<img src=x onerror=alert(1)>")
    page.form.look_outside()
    table = cells(static_html(page.form))
    assert table.tags == {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert any("since <script>x</script>" in row[5] for row in table.rows)
