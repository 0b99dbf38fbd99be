from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.views.safe_text import inline, link, plain, safe_url, visible
from tests.views.pages import Page

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**bold** and *soft* and `code`", "<strong>bold</strong> and <em>soft</em> and <code>code</code>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<b>no</b>", "&lt;b&gt;no&lt;/b&gt;"),
        ("![a pixel](https://e.example/p.png)", "a pixel"),
        ("[x](data:image/png;base64,AAAA)", "x"),
        ("`<script>`", "<code>&lt;script&gt;</code>"),
        ("one\ntwo", "one\ntwo"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_markdown_keeps_emphasis_and_code_and_nothing_else(markdown: str, html: str) -> None:
    assert inline(markdown) == html


def test_an_http_link_is_kept_and_tells_no_referrer() -> None:
    expected = '<a href="https://e.example/a?b=1&amp;c" rel="noopener noreferrer nofollow">x</a>'
    assert inline("[x](https://e.example/a?b=1&c)") == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "https://",
        "https:///path",
        "http://user:word@e.example",
        "https://e.example/\u202egnp",
        "https://[broken",
        "pkg:npm/cline@3.0.65",
        "mailto:a@b.example",
        "",
        None,
    ],
)
def test_only_http_with_a_host_becomes_a_link(url: str | None) -> None:
    assert safe_url(url) is None
    assert "<a" not in link("text", url)
    assert "href" not in inline(f"[text]({url})")


def test_characters_that_hide_or_reorder_are_shown() -> None:
    assert visible("a\u202eb\u2066c\u200bd\x1b[0m\ufeff\U000e0041\ud800\r") == (
        "a\\u202eb\\u2066c\\u200bd\\u001b[0m\\ufeff\\U000e0041\\ud800\n"
    )


def test_an_entity_cannot_smuggle_an_invisible_character() -> None:
    assert inline("a&#x202e;b") == "a\\u202eb"


@given(st.text())
def test_no_text_keeps_an_invisible_character_or_opens_a_tag(text: str) -> None:
    for shown in (str(inline(text)), plain(text)):
        hidden = [char for char in shown if unicodedata.category(char) in HIDDEN and char not in "\n\t"]
        assert not hidden
    tags = {tag for tag, _ in Page(str(inline(text))).elements}
    assert tags <= {"em", "strong", "code", "br", "a"}


@given(st.text())
def test_plain_text_is_one_line(text: str) -> None:
    assert "\n" not in plain(text)
    assert "\x1b" not in plain(text)
