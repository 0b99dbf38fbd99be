"""A memo as PDF: tagged, PDF/UA, the same bytes each time, with fonts that come with evalkit."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.views.board.clipping import clipped
from evalkit.views.board.words import words
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from evalkit.views.board.blocks import Memo

FONTS: Final = Path(__file__).parent / "fonts"
_TEMPLATE: Final = Path(__file__).parent / "memo.typ"
_LONG_WORD: Final = re.compile(r"\S{25,}")
_UNIT: Final = re.compile(r"(?<=\d) (?=%)")
_UNBROKEN: Final = "\u00a0"
_PIECE: Final = 12
_BREAK: Final = "\u200b"
_RUNNING: Final = 70


def require_typst() -> None:
    """Return if memos can be made.

    Raises
    ------
    EvalkitError
        If typst is not installed.
    """
    if find_spec("typst") is None:
        raise EvalkitError(
            "a memo as PDF needs typst, which is not installed: pip install 'evalkit[office]'; without it"
            " there is --format md"
        )


def to_pdf(memo: Memo) -> bytes:
    """Return a memo as PDF/UA-1.

    Raises
    ------
    EvalkitError
        If typst is not installed.
    """
    require_typst()
    import typst  # noqa: PLC0415 - comes with the extra "office" only

    data = _data(memo) | {
        "day": [memo.day.year, memo.day.month, memo.day.day],
        "running": shown(clipped(memo.title, _RUNNING)),
        "chart_key": list(words.CHART_KEY),
    }
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
        ),
        ignore_system_fonts=True,
        sys_inputs={"memo": json.dumps(data)},
    )
    made = compiler.compile(
        format="pdf", pdf_standards=["ua-1"], timestamp=datetime.combine(memo.day, time(), UTC)
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made


def shown(text: str) -> str:
    r"""Return text as the memo's fonts can show it, on one line, with places to break a long word.

    What no font has is shown as a token, so that nobody reads an empty box.

    >>> shown("通义灵码 \u202e قلم")[:20]
    '通义灵码 \\u202e \\u0642\\u'
    """
    known = coverage()
    one_line = plain(text)
    seen = "".join(char if ord(char) in known else _token(char) for char in one_line)
    return _LONG_WORD.sub(_breakable, _UNIT.sub(_UNBROKEN, seen))


@cache
def coverage() -> frozenset[int]:
    """Return the code points that the fonts have."""
    found: set[int] = set()
    for word in (FONTS / "coverage.txt").read_text(encoding="ascii").split():
        first, _, last = word.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def _token(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the basic plane ends there


def _breakable(match: re.Match[str]) -> str:
    word = match.group()
    return _BREAK.join(word[start : start + _PIECE] for start in range(0, len(word), _PIECE))


def _data(value: Any) -> Any:  # noqa: ANN401 - any part of a memo
    """Return a memo as JSON values, each part with its type, each text as it is shown."""
    if is_dataclass(value):
        content = {field.name: _data(getattr(value, field.name)) for field in fields(value)}
        return {"type": type(value).__name__.lower(), **content}
    if isinstance(value, (tuple, list)):
        return [_data(part) for part in value]
    return shown(value) if isinstance(value, str) and value else value
