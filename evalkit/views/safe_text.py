r"""Text from questionnaires, answers and evaluations, made harmless for HTML and for a terminal.

All of it may come from somebody who wants to deceive the reader. Characters that hide, reorder or control
text are shown as tokens such as ``\u202e``; Markdown keeps emphasis, code and http links and nothing else.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

_INVISIBLE: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, among them the escape of ANSI sequences
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidi overrides and isolates
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # blanks that look like nothing, variation selectors
    "\ufffe\uffff"  # no characters, which XML does not take
    "\ud800-\udfff\U000e0000-\U000e0fff"  # lone surrogates, tag characters
    "]"
)
_LINE_END: Final = re.compile(r"\r\n?")
# ASCII only: a name in other letters has to be written in punycode, where a lookalike is seen.
_HOST: Final = re.compile(r"[a-z0-9.:_-]+")
_SPACE: Final = re.compile(r"\s+")
_MARKDOWN: Final = re.compile(r"[*_`\[\]!<&\\~|]")
_TAGS: Final = {
    "em_open": Markup("<em>"),
    "em_close": Markup("</em>"),
    "strong_open": Markup("<strong>"),
    "strong_close": Markup("</strong>"),
    "softbreak": Markup(" "),
    "hardbreak": Markup("<br>"),
}
_LINK: Final = Markup('<a href="{}" rel="noopener noreferrer nofollow">')


def visible(text: str) -> str:
    r"""Return text whose invisible and reordering characters are shown as tokens.

    >>> print(visible("invoice\u202egnp.exe"))
    invoice\u202egnp.exe
    """
    return _INVISIBLE.sub(_token, _LINE_END.sub("\n", text))


def plain(text: str) -> str:
    r"""Return text for a terminal: one line, no escape sequence, nothing invisible.

    >>> print(plain("a\n b \x1b[31mred"))
    a b \u001b[31mred
    """
    return _SPACE.sub(" ", visible(text)).strip()


def inline(text: str) -> Markup:
    """Return Markdown as HTML: emphasis, code and http links; everything else is text, images their alt.

    >>> inline("**a** <b> [x](javascript:1) ![pic](https://e.example/p.png)")
    Markup('<strong>a</strong> &lt;b&gt; [x](javascript:1) pic')
    """
    if not _MARKDOWN.search(text):
        return escape(visible(text))
    tokens = _parser().parseInline(text)
    return Markup("").join(_render(token.children or ()) for token in tokens)


def safe_url(url: str | None) -> str | None:
    """Return an address that may become a link: http or https with a host and no user name; else None.

    >>> safe_url("https://example.com/a"), safe_url("pkg:npm/cline@3.0.65"), safe_url("javascript:alert(1)")
    ('https://example.com/a', None, None)
    """
    if url is None or _SPACE.search(url) or _INVISIBLE.search(unquote(url)):
        return None
    try:
        parts = urlsplit(url)
        has_host = parts.scheme in ("http", "https") and parts.username is None
        has_host = has_host and _HOST.fullmatch(parts.hostname or "") is not None
    except ValueError:
        return None
    return url if has_host else None


def link(text: str, url: str | None) -> Markup:
    """Return text as a link where the address is safe, else as text."""
    href = safe_url(url)
    shown = escape(visible(text))
    return shown if href is None else _LINK.format(href) + shown + Markup("</a>")


def _token(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the basic plane ends there


def _render(tokens: Iterable[Token]) -> Markup:
    parts: list[Markup] = []
    open_links: list[bool] = []
    for token in tokens:
        if token.type in _TAGS:
            parts.append(_TAGS[token.type])
        elif token.type == "code_inline":
            parts.append(Markup("<code>{}</code>").format(visible(token.content)))
        elif token.type == "link_open":
            href = safe_url(str(token.attrGet("href") or ""))
            open_links.append(href is not None)
            parts.append(_LINK.format(href) if href is not None else Markup())
        elif token.type == "link_close":
            parts.append(Markup("</a>") if open_links.pop() else Markup())
        else:  # text; an image's content is its alternative text
            parts.append(escape(visible(token.content)))
    return Markup("").join(parts)


@cache
def _parser() -> MarkdownIt:
    rules = ["emphasis", "backticks", "link", "image", "escape", "entity", "newline"]
    return MarkdownIt("zero", {"html": False, "linkify": False}).enable(rules)
