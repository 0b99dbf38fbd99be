"""Unquoted scalars of YAML 1.2: which are numbers, truth values or null, and which are text.

YAML 1.1, which PyYAML speaks, differs: there ``no`` is false, ``012`` is 10, ``12:30`` is 750 and
``2026-11-22`` a date. Here they are text, 12, text and text.
"""

from __future__ import annotations

import re
from typing import Final

from evalkit.files.document import harmless

_MAX_DIGITS = 40

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NUMERIC_START = frozenset("+-.0123456789")
_WORDS: Final[dict[str, bool | None]] = (
    dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
    | dict.fromkeys(("", "~", "null", "Null", "NULL"))
)


class NotANumberError(ValueError):
    """An unquoted scalar that is written like a number and cannot be one."""


def is_text(plain: str) -> bool:
    """Return whether YAML 1.2 reads an unquoted scalar as text.

    Examples
    --------
    >>> is_text("no"), is_text("2026-11-22"), is_text("true"), is_text("1e3")
    (True, True, False, False)
    """
    return not (
        plain in _WORDS or _INT.fullmatch(plain) or _FLOAT.fullmatch(plain) or _NOT_FINITE.fullmatch(plain)
    )


def plain_value(text: str) -> str | int | float | bool | None:
    """Return what an unquoted scalar means in YAML 1.2.

    Raises
    ------
    NotANumberError
        If it is a number that is infinite, none (``.nan``), or longer than 40 characters.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        return _number(text)
    if _NOT_FINITE.fullmatch(text):
        raise NotANumberError(f"{text} is not a finite number")
    return text


def _number(text: str) -> int | float:
    if len(text) <= _MAX_DIGITS:
        if text.startswith(("0o", "0x")):
            return int(text, 0)
        if _INT.fullmatch(text):
            return int(text)
        number = float(text)
        if abs(number) != float("inf"):
            return number
    raise NotANumberError(f"{harmless(text)} is too large or too long for a number")
