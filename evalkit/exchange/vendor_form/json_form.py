"""What the HTML form saves: the rows of a form as JSON, read as if somebody else had written it."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form.cell_values import text_in
from evalkit.exchange.vendor_form.sheet import FILLED_IN, HIDDEN, Returned, ReturnedRow, Unusable

if TYPE_CHECKING:
    from evalkit.exchange.vendor_form.sheet import Cell, Form

FORMAT: Final = "evalkit/form-answers/1"

MAX_ROWS: Final = 5_000
"""Rows that are read; a form has some hundred."""

_KEYS: Final = (*HIDDEN, "text", "guidance", *FILLED_IN)
_DEEPEST: Final = 6
"""A form has the document, its rows, and one of them; a list in a cell rejects that row only."""

_MOST_TOKENS: Final = 40 * MAX_ROWS
_LONGEST_NUMBER: Final = 30
_SHOWN: Final = 40
# Possessive, so that a text that nobody closed is passed over once and not tried again from each place.
_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[\[\]{},]', re.DOTALL)
_HALF: Final = re.compile("[\ud800-\udfff]")


def document(form: Form) -> dict[str, Any]:
    """Return a form as the page saves it, each row with what stands in it."""
    return {
        "format": FORMAT,
        "evaluation": form.title,
        "product": form.product_name,
        "vendor": form.vendor,
        "sent": [line.id for line in form.lines()],
        "rows": [
            {
                "id": line.id,
                "form": form.reference,
                "digest": line.digest,
                "text": line.text,
                "guidance": line.guidance,
                **dict(zip(FILLED_IN, map(text_in, line.given), strict=True)),
            }
            for line in form.lines()
        ],
    }


def returned(raw: bytes, name: str) -> Returned:
    """Return what a saved form says; rows may stand in any order.

    Raises
    ------
    EvalkitError
        If it is no JSON in UTF-8, has a key twice, is deeper or larger than any form, or is no saved form.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvalkitError(f"{name} is not UTF-8 text; send the file as the form saved it") from error
    _check_shape(text, name)
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_int=_whole,
            parse_float=_decimal,
        )
    except ValueError as error:
        raise EvalkitError(f"{name} is no JSON: {error}") from error
    except EvalkitError as error:
        raise EvalkitError(f"{name}: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise EvalkitError(f"{name} is no form that evalkit sent: it does not say that it is {FORMAT}")
    sent, rows = data.get("sent"), data.get("rows")
    if not isinstance(sent, list) or not all(
        isinstance(each, str) and not _HALF.search(each) for each in sent
    ):
        raise EvalkitError(f"{name} is no form that evalkit sent: sent is no list of the rows it had")
    if not isinstance(rows, list):
        raise EvalkitError(f"{name} is no form that evalkit sent: rows is no list")
    if max(len(sent), len(rows)) > MAX_ROWS:
        raise EvalkitError(f"{name} has more than {MAX_ROWS:,} rows, which no form has; not read")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise EvalkitError(f"{name}: row {number} is no object with the keys {', '.join(_KEYS)}")
    return Returned(
        tuple(
            ReturnedRow(f"row {number}", {key: _cell(row.get(key)) for key in _KEYS})
            for number, row in enumerate(rows, 1)
        ),
        tuple(dict.fromkeys(sent)),
        _notes(rows),
    )


def _check_shape(text: str, name: str) -> None:
    """Refuse what no form looks like before any of it becomes values, which take far more room."""
    depth = 0
    for number, token in enumerate(_TOKEN.finditer(text)):
        if number >= _MOST_TOKENS:
            raise EvalkitError(f"{name} has more values than any form; not read")
        if token[0] in {"[", "{"}:
            depth += 1
        elif token[0] in {"]", "}"}:
            depth -= 1
        if depth > _DEEPEST:
            raise EvalkitError(f"{name} is nested more than {_DEEPEST} deep, which no form is; not read")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise EvalkitError(f"the key {key[:_SHOWN]!r} stands twice in one object: which one holds?")
        found[key] = value
    return found


def _no_number(word: str) -> Cell:
    raise EvalkitError(f"{word} is no JSON and no number")


def _whole(digits: str) -> Cell:
    if len(digits) > _LONGEST_NUMBER:
        return Unusable(f"is a number of {len(digits):,} digits; type the answer in")
    return int(digits)


def _decimal(digits: str) -> Cell:
    value = float(digits)
    if len(digits) > _LONGEST_NUMBER or not math.isfinite(value):
        return Unusable(f"{digits[:_SHOWN]!r} is longer, or larger, than any number asked for")
    return value


def _cell(value: object) -> Cell:
    match value:
        case str():
            if found := _HALF.search(value):
                return Unusable(f"holds half a character, U+{ord(found.group()):04X}; type the answer in")
            return value
        case None | bool() | int() | float() | Unusable():
            return value
        case _:
            kind = "a list" if isinstance(value, list) else "an object"
            return Unusable(f"holds {kind}; a text, a number or nothing is asked for")


def _notes(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    others = dict.fromkeys(key for row in rows for key in row if key not in _KEYS)
    if not others:
        return ()
    some = ", ".join(repr(key[:_SHOWN]) for key in list(others)[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""  # noqa: PLR2004 - what a line holds
    return (f"rows have keys that no form has, which were left alone: {some}{more}",)
