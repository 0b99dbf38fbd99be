"""A cell -> what it says, or why nobody can tell: what could mean two things is refused."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form.asking import level_choice, special_choice
from evalkit.exchange.vendor_form.sheet import NO, YES, Unusable
from evalkit.views.numbers import number

if TYPE_CHECKING:
    from evalkit.exchange.vendor_form.sheet import Cell
    from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion

LONGEST_TEXT: Final = 5_000
"""Characters of one cell that are read: a page and a half."""

_LONGEST_NUMBER: Final = 30
_LEVEL: Final = re.compile(r"(?P<number>[0-9]{1,3})(?:\s*[·.:)–-]\s*(?P<label>\S.*))?", re.DOTALL)
_WHOLE: Final = re.compile(r"-?[0-9]+")
_DECIMAL: Final = re.compile(r"(?P<whole>-?[0-9]+)(?P<mark>[.,])(?P<rest>[0-9]+)")
_THOUSANDS: Final = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What no text file holds: controls but tab and line feed, and halves of characters.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class UnclearError(EvalkitError):
    """A cell that cannot be read without guessing."""


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_in(cell: Cell, *, lines: bool = True) -> str:
    """Return the text in a cell, ``""`` where it is empty; numbers and dates as they would be typed.

    Parameters
    ----------
    lines
        Whether it may have more than one line; else they are joined by blanks.

    Raises
    ------
    UnclearError
        If it is too long, or has characters that no text has.
    """
    match cell:
        case Unusable():
            raise UnclearError(cell.reason)
        case None:
            return ""
        case bool():
            return YES if cell else NO
        case int() | float():
            return number(cell)
        case date():
            return cell.isoformat()
        case str():
            text = re.sub(r"\r\n?", "\n", cell).strip()
    if len(text) > LONGEST_TEXT:
        raise UnclearError(f"has {len(text):,} characters; at most {LONGEST_TEXT:,} are taken")
    if found := _CONTROLS.search(text):
        raise UnclearError(f"holds the control character U+{ord(found.group()):04X}; remove it")
    return text if lines else " ".join(text.split())


def level_in(cell: Cell, question: ScaleQuestion) -> int:
    """Return the level that a cell names by number, by label, or by both if they agree.

    Raises
    ------
    UnclearError
        If it names none, or number and label are of two levels.
    """
    levels = {level.level: level for level in question.levels}
    offered = "; ".join(map(level_choice, question.levels))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if cell in levels:
            return int(cell)
        raise UnclearError(f"{number(cell)} is not one of {offered}")
    if isinstance(cell, date):
        raise UnclearError(f"is the date {cell}; choose one of {offered}")
    text = text_in(cell, lines=False)
    by_label = {_folded(level.label): level.level for level in question.levels}
    if _folded(text) in by_label:
        return by_label[_folded(text)]
    match = _LEVEL.fullmatch(text)
    if match is None or int(match["number"]) not in levels:
        raise UnclearError(f"{_quoted(text)} is not one of {offered}")
    level = levels[int(match["number"])]
    if match["label"] and _folded(match["label"]) != _folded(level.label):
        raise UnclearError(
            f"{_quoted(text)} has the number of {level_choice(level)!r} and another text;"
            f" choose one of {offered}"
        )
    return level.level


def number_in(cell: Cell, question: NumberQuestion) -> int | float | str:
    """Return the number in a cell, or the special value that it names.

    Raises
    ------
    UnclearError
        If it is neither, outside of the limits, or could be two numbers.
    """
    low, high = question.limits.min, question.limits.max
    specials = {each.id: each.id for each in question.special_values}
    specials |= {_folded(special_choice(each)): each.id for each in question.special_values}
    if isinstance(cell, bool):
        raise UnclearError("is TRUE or FALSE; a number is asked for")
    if isinstance(cell, date):
        raise UnclearError(
            f"is the date {cell}, perhaps made of a number by the program; type the number again"
        )
    if isinstance(cell, (int, float)):
        found = _exact(cell)
    else:
        text = text_in(cell, lines=False)
        if _folded(text) in specials:
            return specials[_folded(text)]
        found = parsed_number(text)
    if not low <= found <= high:
        also = "".join(f", {special_choice(each)}" for each in question.special_values)
        raise UnclearError(f"{number(found)} is not one of {number(low)} to {number(high)}{also}")
    return found


def parsed_number(text: str) -> int | float:
    """Return the number that a text is in any language's way of writing decimals.

    Raises
    ------
    UnclearError
        If it is none, or separates thousands, or might: ``1,234`` is 1.234 to some and 1234 to others.

    Examples
    --------
    >>> parsed_number("1,5"), parsed_number("1.5"), parsed_number("30")
    (1.5, 1.5, 30)
    """
    shown = _quoted(text)
    if len(text) > _LONGEST_NUMBER:
        raise UnclearError(f"{shown} is no number")
    if _WHOLE.fullmatch(text):
        return int(text)
    if _THOUSANDS.fullmatch(text):
        raise UnclearError(
            f"{shown} may mean thousands or decimals; write it without a separator, or with another number of"
            " decimals"
        )
    match = _DECIMAL.fullmatch(text)
    if match is not None:
        return _exact(float(f"{match['whole']}.{match['rest']}"))
    if re.fullmatch(r"-?[0-9][0-9.,'’\s]*[0-9]", text):
        raise UnclearError(
            f"{shown} separates thousands, which languages do in different ways; write digits only"
        )
    raise UnclearError(f"{shown} is no number; write digits only, without a unit")


def flag_in(cell: Cell) -> bool:
    """Return whether a cell says yes.

    Raises
    ------
    UnclearError
        If it says neither yes nor no.
    """
    if isinstance(cell, bool):
        return cell
    text = text_in(cell, lines=False)
    if _folded(text) not in {YES, NO, "true", "false"}:
        raise UnclearError(f"{_quoted(text)} is neither yes nor no")
    return _folded(text) in {YES, "true"}


def hosts_in(cell: Cell) -> tuple[str, ...]:
    """Return the hosts that a cell lists, one per line.

    Raises
    ------
    UnclearError
        If a line holds more than one.
    """
    hosts = [line.strip() for line in text_in(cell).split("\n") if line.strip()]
    for host in hosts:
        if re.search(r"[\s,;]", host):
            raise UnclearError(f"{_quoted(host)} is not one host; write one host or pattern per line")
    return tuple(dict.fromkeys(hosts))


def day_in(cell: Cell) -> date | None:
    """Return the day in a cell; None where it is empty.

    Raises
    ------
    UnclearError
        If it is no day, or written in a way that languages read differently.
    """
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)):
        raise UnclearError(f"{number(cell)} is a number, not a date; write it as YYYY-MM-DD")
    text = text_in(cell, lines=False)
    if not text:
        return None
    if _ISO.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise UnclearError(f"{text} is no day of the calendar") from None
    raise UnclearError(f"{_quoted(text)} may be read in different ways; write the date as YYYY-MM-DD")


def _exact(value: float) -> int | float:
    if not math.isfinite(value):
        raise UnclearError("is not a finite number")
    return int(value) if float(value).is_integer() else value


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")  # noqa: PLR2004 - a line of a report
