from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from evalkit.engine.job import Failure
from evalkit.reports.html import to_html

if TYPE_CHECKING:
    from tests.engine.conftest import Batch

v4: Any = nbformat.v4  # it has no types
HOSTILE = "\x1b[31m</script><script>alert(1)</script>\x1b[0m \u202egnp.exe & <"
HARMLESS = "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; [U+202E]gnp.exe &amp; &lt;"


class Page(HTMLParser):
    """What a browser would fetch or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("link", "script", "img", "iframe", "object", "source", "base"):
            self.addresses += [
                value or "" for name, value in attrs if name in ("src", "href", "srcset", "data")
            ]


def _page(*outputs: object, title: str = "t", failure: Failure | None = None) -> str:
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", id="a", outputs=list(outputs))])
    return to_html(notebook, title=title, failure=failure).decode()


@pytest.mark.parametrize("name", ["good", "raises", "unknown"])
def test_a_page_fetches_and_runs_nothing(batch: Batch, name: str) -> None:
    page = Page(batch.page(name))
    assert [address for address in page.addresses if not address.startswith("data:")] == []
    assert "script" not in page.tags
    assert "default-src &#x27;none&#x27;" in batch.page(name) or "default-src 'none'" in batch.page(name)


def test_code_parameters_and_prompts_are_hidden(batch: Batch) -> None:
    page = batch.page("good")
    assert 'product = ""' not in page
    assert "print(" not in page
    assert "injected-parameters" not in page
    assert "In&nbsp;[" not in page


def test_a_title_is_escaped() -> None:
    page = _page(title=HOSTILE)
    assert f"<title>{HARMLESS}</title>" in page
    assert Page(page).tags.count("script") == 0


@pytest.mark.parametrize(
    "output",
    [
        v4.new_output("stream", name="stdout", text=HOSTILE),
        v4.new_output("error", ename="E", evalue="", traceback=[HOSTILE]),
        v4.new_output("display_data", data={"text/plain": HOSTILE}),
    ],
)
def test_text_of_a_run_is_escaped_and_its_controls_are_made_visible(output: object) -> None:
    page = _page(output)
    assert HARMLESS in page
    assert "\x1b" not in page


def test_a_failure_is_escaped_wherever_it_shows() -> None:
    page = _page(failure=Failure(HOSTILE, "</script>", HOSTILE))
    assert page.count(HARMLESS) == 2
    assert "script" not in Page(page).tags


def test_the_failing_cell_and_its_traceback_are_named_once(batch: Batch) -> None:
    page = batch.page("raises")
    assert "Cell <code>work</code> failed" in page
    assert page.count("Traceback (most recent call last)") == 1


def test_markdown_shows_html_as_text_and_fetches_no_image() -> None:
    source = "# A\n\n<img src=x onerror=alert(1)> ![x](https://e.example/x.png) [y](javascript:alert(1))"
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(source, id="a")])
    tags = Page(to_html(notebook, title="t").decode()).tags
    assert "h1" in tags
    assert "img" not in tags
    assert "a" not in [tag for tag in tags if tag == "javascript"]


def test_html_of_our_views_passes_unchanged() -> None:
    table = '<table><caption>a &amp; b &lt;</caption><tr><th scope="row">x</th></tr></table>'
    assert table in _page(v4.new_output("display_data", data={"text/html": table, "text/plain": "no"}))


def test_a_picture_carries_its_alternative_text() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"
    output = v4.new_output(
        "display_data", data={"image/svg+xml": svg}, metadata={"image/svg+xml": {"alt": 'a "b"'}}
    )
    page = _page(output)
    assert 'alt="a &#34;b&#34;"' in page
    assert "No description" not in page


def test_the_page_names_its_language() -> None:
    assert b'<html lang="de">' in to_html(v4.new_notebook(), title="t", language="de")


def test_a_lone_surrogate_does_not_stop_the_page() -> None:
    assert "\\ud800" in _page(v4.new_output("stream", name="stdout", text="\ud800"))
