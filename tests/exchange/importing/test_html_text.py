"""Markup is taken off texts, and nothing else is."""

from __future__ import annotations

import pytest

from evalkit.exchange.importing.html_text import plain_text, without_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>c", "- a\n- b\nc"),
        ("<a href='https://example.com/?a=1&amp;b=2'>Look</a>", "Look (https://example.com/?a=1&b=2)"),
        ('<a href="https://example.com">https://example.com</a>', "https://example.com"),
        ("<a name=x>Look</a></a>", "Look"),
        ("AT&T &mdash; &lt;script&gt tags &#65;&unknown;", "AT&T — <script> tags A&unknown;"),
        ("?id=1&copy=2&month=5", "?id=1&copy=2&month=5"),
        ("<script>alert('<p>')</script>safe<style>p{}", "safe"),
        ("a <!-- b --> c <!-- d", "a c <!-- d"),
        ("at most <10 of <tenant> & <2>", "at most <10 of <tenant> & <2>"),
        ('<b title="a>b">x</b', "x</b"),
        ("<td>a</td><td>b</td>", "a b"),
    ],
)
def test_html_becomes_what_is_read(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_markdown_stays_as_it_is() -> None:
    markdown = "# Why\n\n\n*All* of <tenant> &amp;  more"
    assert without_html(markdown) == markdown
    assert without_html("a <b>b</b>") == "a b"


@pytest.mark.parametrize("odd", ["<a " + "x" * 200_000, "<!--" * 50_000, "<" * 200_000, "<a href='" * 20_000])
def test_odd_markup_is_gone_through_once(odd: str) -> None:
    assert plain_text(odd)
