"""A file that a format could not read -> what it looks like, and which format reads that."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOKED_AT: Final = 200_000
"""Bytes at the beginning of a file."""

_LONGEST_LIST: Final = 200_000
"""Bytes of an archive's list of parts; a longer one is not read."""

_END_OF_LIST: Final = b"PK\x05\x06"
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ROWS: Final = 8
_COMMENTS: Final = re.compile(r"(?s)(?:\s|//[^\n]*+\n|/\*.*?\*/|\#[^\n]*+\n|---\s)*+")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a file may be.

    Attributes
    ----------
    formats : tuple of str
        Those that read it, the likeliest first.
    advice : str
        What to do where none does.
    """

    what: str
    formats: tuple[str, ...] = ()
    advice: str = ""


_BEGINNINGS: Final[Mapping[bytes, _Kind]] = {
    b"%PDF": _Kind("a PDF", advice="ask for the spreadsheet that it was printed from"),
    b"\xd0\xcf\x11\xe0": _Kind(
        "an old or encrypted Office document", advice="save it as .xlsx without a password"
    ),
    b"\x1f\x8b": _Kind("a compressed file", advice="unpack it first"),
    b"7z\xbc\xaf": _Kind("a compressed file", advice="unpack it first"),
    b"{\\rtf": _Kind("a text document (RTF)", advice="save its table as CSV"),
}
_WORKBOOK: Final = _Kind("a workbook", ("table", "hecvat"))
_PARTS: Final[Mapping[str, _Kind]] = {
    "xl/": _WORKBOOK,
    "word/": _Kind("a Word document", advice="copy its table into a spreadsheet"),
    "ppt/": _Kind("a presentation", advice="copy its table into a spreadsheet"),
}
_OPEN_DOCUMENT: Final = _Kind("an OpenDocument file", advice="save it as .xlsx")
_ARCHIVE: Final = _Kind("an archive", advice="unpack it first")
_OSCAL_RESULTS: Final = _Kind("OSCAL assessment results", ("oscal-results",))
_TEXTS: Final[tuple[tuple[re.Pattern[str], _Kind], ...]] = (
    (
        re.compile(r"<(?:!doctype html|html)\b", re.IGNORECASE),
        _Kind("a web page", advice="copy its table into a spreadsheet"),
    ),
    (
        re.compile(r"<(?:\?xml[^>]*>\s*<)?(?:\w+:)?assessment-results\b"),
        _Kind("OSCAL in XML", advice="convert it with oscal-cli"),
    ),
    (re.compile(r"<\?xml\b"), _Kind("XML", advice="no format reads it")),
    (re.compile(r'\{\s*"assessment-results"|assessment-results\s*:'), _OSCAL_RESULTS),
    (
        re.compile(
            r'(?s)(?:\{\s*")?(?:catalog|profile|component-definition|system-security-plan|assessment-plan'
            r'|plan-of-action-and-milestones)"?\s*:.{0,4000}?oscal-version'
        ),
        _Kind("another document of OSCAL", advice="only assessment results are read"),
    ),
    (
        re.compile(r'(?s)\{.{0,4000}?"(?:questionnaire|extensions)"\s*:\s*\['),
        _Kind("a questionnaire of VSAQ", ("vsaq",)),
    ),
    (
        re.compile(r"(?sm)(?=.*^objects:)(?=.*^urn:)"),
        _Kind("a library of CISO Assistant", ("ciso-assistant",)),
    ),
    (re.compile(r"[{\[]"), _Kind("JSON", advice="no format reads what stands in it")),
    (
        re.compile(r"(?ms).*?^\s*\|.*\|\s*\n\s*\|[-:| ]+\|\s*$"),
        _Kind("Markdown with a table in it", advice="save the table as CSV"),
    ),
)


def as_utf8(raw: bytes) -> bytes:
    """Return a text in UTF-16 that says so as UTF-8, and all else as it is.

    >>> as_utf8("id;question".encode("utf-16"))
    b'id;question'
    """
    if not raw.startswith(_UTF_16):
        return raw
    try:
        return raw.decode("utf-16").encode()
    except UnicodeError:
        return raw


def looks_like(raw: bytes, tried: str, said: str = "") -> str:
    """Return what a file looks like that ``tried`` could not read, and what would.

    Nothing is returned where that is the format it was tried as, or where ``said`` advises the same.
    """
    kind = _kind(raw[:_LOOKED_AT], raw)
    if kind is None or tried in kind.formats[:1] or (kind.advice and kind.advice in said):
        return ""
    others = [each for each in kind.formats if each != tried]
    ways = " or ".join(f"evalkit import {each}" for each in others)
    end = f": try {ways}" if ways else f": {kind.advice}" if kind.advice else ""
    return f"It looks like {kind.what}{end}"


def _kind(beginning: bytes, raw: bytes) -> _Kind | None:
    for mark, kind in _BEGINNINGS.items():
        if beginning.startswith(mark):
            return kind
    if beginning.startswith(b"PK\x03\x04"):
        return _packed(raw)
    text = beginning.decode("utf-8-sig", errors="ignore")
    start = _COMMENTS.match(text)
    end = start.end() if start else 0
    return next((kind for pattern, kind in _TEXTS if pattern.match(text, end)), _table(text))


def _packed(raw: bytes) -> _Kind:
    end = raw.rfind(_END_OF_LIST)
    if end >= 0 and int.from_bytes(raw[end + 12 : end + 16], "little") > _LONGEST_LIST:
        return _ARCHIVE
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return _Kind("a damaged archive or workbook")
    if "mimetype" in names and "content.xml" in names:
        return _OPEN_DOCUMENT
    return next(
        (kind for start, kind in _PARTS.items() if any(name.startswith(start) for name in names)), _ARCHIVE
    )


def _table(text: str) -> _Kind | None:
    """Return that a text is CSV, if most of its first lines have the same separator in them."""
    lines = [line for line in text.splitlines() if line.strip()][:_ROWS]
    for mark in ",;\t":
        if len(lines) > 1 and sum(mark in line for line in lines) > len(lines) / 2:
            return _Kind("CSV", ("table",))
    return None
