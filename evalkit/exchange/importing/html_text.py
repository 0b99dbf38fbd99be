"""HTML, or text with some of it -> plain text: paragraphs, list items, addresses of links."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Final

# Possessive, and never past the next "<": no text, however odd, is gone through twice.
_TAG: Final = re.compile(
    r"""<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*+)(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>"""
)
_HREF: Final = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
# Of those that browsers take without a semicolon, only the ones that no address holds as a name.
_ENTITY: Final = re.compile(
    r"&(?:(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|(?:lt|gt|amp|quot)(?![A-Za-z0-9=;]))"
)
_BLOCKS: Final = frozenset(
    (
        *"br dd div dl dt form hr ol p pre tr ul table tbody tfoot thead".split(),  # noqa: SIM905 - reads better
        *"address article aside blockquote fieldset figcaption figure footer header main nav section".split(),  # noqa: SIM905
        *(f"h{level}" for level in range(1, 7)),
    )
)
_INLINE: Final = frozenset(
    (
        *"a b i q s u tt em th td big del dfn ins kbd img sub sup var wbr".split(),  # noqa: SIM905 - as above
        *"abbr acronym cite code font mark samp small span strike strong".split(),  # noqa: SIM905
    )
)
_DROPPED: Final = frozenset(("script", "style", "template", "iframe", "object"))
_KNOWN: Final = _BLOCKS | _INLINE | _DROPPED | {"li"}
_GAPS: Final = re.compile(r"\n{3,}")
_SPACES: Final = re.compile(r"[ \t\r\f\v\xa0]+")


def plain_text(text: str) -> str:
    """Return text without markup; links keep their address in brackets, what is no tag of HTML stays.

    >>> plain_text("Is <b>MFA</b> used &amp; <a href='https://example.com'>enforced</a>? <tenant>")
    'Is MFA used & enforced (https://example.com)? <tenant>'
    """
    reading = _Reading()
    source = _without_comments(text)
    at = 0
    for match in _TAG.finditer(source):
        if match["name"].lower() in _KNOWN:
            reading.words(source[at : match.start()])
            reading.tag(match["name"].lower(), match["rest"], closes=bool(match["end"]))
            at = match.end()
    reading.words(source[at:])
    return reading.text()


def without_html(text: str) -> str:
    """Return Markdown as it is, if there is no HTML in it; else as :func:`plain_text`."""
    if "<" in text and any(match["name"].lower() in _KNOWN for match in _TAG.finditer(text)):
        return plain_text(text)
    return text.strip()


def _without_comments(text: str) -> str:
    parts = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join((*parts, text[at:]))


@dataclass(slots=True)
class _Reading:
    parts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    dropped: str = ""

    def words(self, text: str) -> None:
        if not self.dropped:
            self.parts.append(_ENTITY.sub(lambda match: html.unescape(match.group()), text))

    def tag(self, name: str, rest: str, *, closes: bool) -> None:
        if self.dropped:
            if closes and name == self.dropped:
                self.dropped = ""
        elif name in _DROPPED:
            self.dropped = "" if closes or rest.rstrip().endswith("/") else name
        elif name == "li":
            self.parts.append("" if closes else "\n- ")
        elif name in _BLOCKS:
            self.parts.append("\n")
        elif name in {"td", "th"}:
            self.parts.append(" ")
        elif name == "a":
            self._link(rest, closes=closes)

    def _link(self, rest: str, *, closes: bool) -> None:
        if not closes:
            found = _HREF.search(rest)
            href = next(filter(None, found.groups()), "") if found else ""
            self.links.append(html.unescape(href).strip())
        elif self.links:
            href = self.links.pop()
            if href and not "".join(self.parts[-1:]).strip().endswith(href):
                self.parts.append(f" ({href})")

    def text(self) -> str:
        lines = (_SPACES.sub(" ", line).strip() for line in "".join(self.parts).split("\n"))
        return _GAPS.sub("\n\n", "\n".join(lines)).strip()
