"""Conditions of VSAQ, such as ``a && (b/yes || !c)`` -> when something is asked.

As VSAQ evaluates them, and not as JavaScript would: from left to right, ``&&`` and ``||`` binding alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.draft import AllTrue, AnyTrue, ChoiceMade, NotTrue
from evalkit.files.document import harmless

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.exchange.importing.draft import Wish

ALWAYS: Final = AllTrue(())
NEVER: Final = AnyTrue(())
MAX_LEAVES: Final = 100
MAX_DEPTH: Final = 8
"""Of brackets and of operators that change: deeper conditions cannot be said in a questionnaire."""

_LONGEST: Final = 4_000
_FALSE: Final = "false"
_TOKEN: Final = re.compile(
    r'\s*+(?:(?P<text>"(?:[^"\\]|\\.)*+")|(?P<sign>&&|\|\||[()!,])|(?P<name>[^\s()!&|,"]++))'
)


class CannotSayError(Exception):
    """Why a condition cannot be said; its text is fit for a user's eyes."""


@dataclass(frozen=True, slots=True)
class _Term:
    wish: Wish
    depth: int = 0
    leaves: int = 1


def parsed(text: str, resolve: Callable[[str], Wish]) -> Wish:
    """Return a condition; :data:`ALWAYS` and :data:`NEVER` for those that are.

    Parameters
    ----------
    resolve
        Returns when a name in it is true, or raises CannotSayError.

    Raises
    ------
    CannotSayError
        If it is not well-formed, compares texts, or is too long or too deep.
    """
    if len(text) > _LONGEST:
        raise CannotSayError(f"it has more than {_LONGEST:,} characters")
    tokens = _tokens(text)
    if not tokens:
        return ALWAYS
    reading = _Reading(tokens, resolve)
    found = reading.expression(0)
    if reading.at < len(tokens):
        raise CannotSayError(f"{harmless(tokens[reading.at])!r} stands where '&&' or '||' is expected")
    return found.wish


def both(first: Wish, second: Wish) -> Wish:
    """Return that both hold."""
    return _joined("&&", _measured(first), _measured(second)).wish


def _tokens(text: str) -> list[str]:
    tokens = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise CannotSayError(f"{harmless(text[at : at + 10].strip())!r} in it is not understood")
        if match["text"]:
            raise CannotSayError("it compares texts")
        tokens.append(match["sign"] or match["name"])
        at = match.end()
    return tokens


@dataclass
class _Reading:
    tokens: list[str]
    resolve: Callable[[str], Wish]
    at: int = 0

    def expression(self, nested: int) -> _Term:
        if nested > MAX_DEPTH:
            raise CannotSayError(f"it is nested more than {MAX_DEPTH} deep")
        found = self.term(nested)
        while self.at < len(self.tokens) and self.tokens[self.at] in {"&&", "||"}:
            sign = self.tokens[self.at]
            self.at += 1
            found = _joined(sign, found, self.term(nested))
            if found.depth > MAX_DEPTH or found.leaves > MAX_LEAVES:
                raise CannotSayError("it is too long")
        return found

    def term(self, nested: int) -> _Term:
        negated = False
        while self.at < len(self.tokens) and self.tokens[self.at] == "!":
            negated = not negated
            self.at += 1
        found = self.atom(nested)
        return _negated(found) if negated else found

    def atom(self, nested: int) -> _Term:
        word = self.tokens[self.at] if self.at < len(self.tokens) else ""
        self.at += 1
        if word == "(":
            if self.tokens[self.at : self.at + 1] == [")"]:
                self.at += 1
                return _Term(ALWAYS)
            found = self.expression(nested + 1)
            if self.tokens[self.at : self.at + 1] != [")"]:
                raise CannotSayError("a bracket in it is not closed")
            self.at += 1
            return found
        if word in {"", ")", "&&", "||", ","}:
            raise CannotSayError(f"a name is expected in it, not {harmless(word)!r}")
        if self.tokens[self.at : self.at + 1] == ["("]:
            raise CannotSayError(f"it calls {harmless(word)!r}")
        return _measured(self.resolve(word) if word != _FALSE else NEVER)


def _measured(wish: Wish) -> _Term:
    match wish:
        case AllTrue(parts) | AnyTrue(parts) if parts:
            inner = [_measured(part) for part in parts]
            return _Term(wish, 1 + max(it.depth for it in inner), sum(it.leaves for it in inner))
        case NotTrue(part):
            found = _measured(part)
            return _Term(wish, found.depth + 1, found.leaves)
        case _:
            return _Term(wish)


def _negated(term: _Term) -> _Term:
    if term.wish == ALWAYS:
        return _Term(NEVER)
    if term.wish == NEVER:
        return _Term(ALWAYS)
    if isinstance(term.wish, NotTrue):
        return _Term(term.wish.part, term.depth - 1, term.leaves)
    return _Term(NotTrue(term.wish), term.depth + 1, term.leaves)


def _joined(sign: str, first: _Term, second: _Term) -> _Term:
    """Return two conditions as one; what is always or never true is worked out."""
    neutral, decides = (ALWAYS, NEVER) if sign == "&&" else (NEVER, ALWAYS)
    if decides in (first.wish, second.wish):
        return _Term(decides)
    if first.wish == neutral:
        return second
    if second.wish in (neutral, first.wish):
        return first
    leaves = first.leaves + second.leaves
    kind = AllTrue if sign == "&&" else AnyTrue
    match sign, first.wish, second.wish:
        case "||", ChoiceMade(question, choices), ChoiceMade(other, more) if question == other:
            return _Term(ChoiceMade(question, tuple(dict.fromkeys((*choices, *more)))), 0, leaves)
    if isinstance(first.wish, kind):
        return _Term(kind((*first.wish.parts, second.wish)), max(first.depth, second.depth + 1), leaves)
    return _Term(kind((first.wish, second.wish)), max(first.depth, second.depth) + 1, leaves)
