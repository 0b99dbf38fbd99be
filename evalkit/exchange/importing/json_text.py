"""JSON that somebody else wrote -> values that know where they stand, or an error that names the place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEEPEST: Final = 64
MOST_TOKENS: Final = 3_000_000
"""Texts, brackets and commas of a document; values take far more room than the text they are made of."""

_SHOWN: Final = 40
# Possessive, so that a text that nobody closed is passed over once and not tried again from each place.
_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[\[\]{},]', re.DOTALL)
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a document.

    Attributes
    ----------
    path : str
        Where it stands, for people, for example ``results[0].findings[2]``.
    """

    content: object
    path: str
    file: str

    def fields(self) -> Mapping[str, Value]:
        """Return the values of an object by key; those that are null are not there.

        Raises
        ------
        EvalkitError
            If it is no object.
        """
        if not isinstance(self.content, dict):
            raise self.wrong("an object")
        return {
            key: Value(content, self._below(key), self.file)
            for key, content in self.content.items()
            if content is not None
        }

    def items(self) -> Sequence[Value]:
        """Return the values of a list.

        Raises
        ------
        EvalkitError
            If it is no list.
        """
        if not isinstance(self.content, list):
            raise self.wrong("a list")
        return [Value(content, f"{self.path}[{at}]", self.file) for at, content in enumerate(self.content)]

    def text(self) -> str:
        """Return a text.

        Raises
        ------
        EvalkitError
            If it is none.
        """
        if not isinstance(self.content, str):
            raise self.wrong("a text")
        return self.content.strip()

    def wrong(self, wanted: str) -> EvalkitError:
        """Return the error that it is not what is wanted here."""
        return EvalkitError(f"{self.file}: {self.path or 'the document'} is {self._kind()}, not {wanted}")

    def _below(self, key: str) -> str:
        name = key if _PLAIN_KEY.fullmatch(key) else f"[{key[:_SHOWN]!r}]"
        return f"{self.path}.{name}" if self.path else name

    def _kind(self) -> str:
        match self.content:
            case dict():
                return "an object"
            case list():
                return "a list"
            case str():
                return f"the text {self.content[:_SHOWN]!r}"
            case bool():
                return "true" if self.content else "false"
            case None:
                return "null"
            case _:
                return "a number"


def parsed(raw: bytes, name: str) -> Value:
    """Return the value that a document holds.

    Raises
    ------
    EvalkitError
        If it is no JSON in UTF-8, has a key twice in one object, is too deep or too large.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvalkitError(f"{name} is no JSON: it is not UTF-8 text (byte {error.start:,})") from error
    _check_size(text, name)
    try:
        # Numbers of any length become floats: nothing that is imported is one.
        content = json.loads(
            text, object_pairs_hook=_object, parse_constant=_no_number, parse_int=float, parse_float=float
        )
    except (ValueError, RecursionError) as error:
        raise EvalkitError(f"{name} is no JSON: {error}") from error
    except EvalkitError as error:
        raise EvalkitError(f"{name}: {error}") from error
    return Value(content, "", name)


def _check_size(text: str, name: str) -> None:
    """Refuse what is too large before any of it becomes values."""
    depth = 0
    for number, token in enumerate(_TOKEN.finditer(text)):
        if number >= MOST_TOKENS:
            raise EvalkitError(f"{name} has more than {MOST_TOKENS:,} texts and brackets; not read")
        if token[0] in {"[", "{"}:
            depth += 1
        elif token[0] in {"]", "}"}:
            depth -= 1
        if depth > DEEPEST:
            raise EvalkitError(f"{name} is nested more than {DEEPEST} deep; not read")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add says nothing, so that the search goes on
        raise EvalkitError(f"the key {twice[:_SHOWN]!r} stands twice in one object: which one holds?")
    return found


def _no_number(word: str) -> float:
    raise EvalkitError(f"{word} is no JSON and no number")
