"""What is looked for in bytes: literals with their edges, and patterns that begin with a literal.

All literals go into sets of re2, which run over a window once, in linear time. One alternation would not
do: it gives hits that do not overlap, so that ``.ingest.`` would hide ``ingest.us.sentry.io``. A pattern runs
only where its anchor, a literal of every match, was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import re2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Edge = Literal["word", "token", "host", "path", "none"]
"""What may stand beside a match: no letter or digit, no part of a host or of a file's name, or anything.

A ``token`` has a word's edges even where strings have no ends: what looks like one stands in every base64.
"""

_WORD: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
_HOST: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_BEFORE_HOST: Final = _HOST | frozenset(b".")
_JOINS_HOST: Final = frozenset(b".-")
_LONG: Final = 10
"""Characters from which a literal is believed in a program whose strings have no ends."""

_MOST_PER_WINDOW: Final = 5000
_IN_ONE_SET: Final = 100


@dataclass(frozen=True, slots=True)
class Needle:
    """One thing that is looked for.

    Attributes
    ----------
    key : str
        Whom a match belongs to: a rule, or a rule and a value.
    anchors : tuple of bytes
        One of them stands in every match.
    pattern : str or None
        In the syntax of re2; None if the only anchor is all.
    near : bytes or None
        A literal that has to stand within ``within`` bytes, so that a common shape is not taken for this one.
    group : int
        The part of the match that is the value.
    edge : str
        What may stand beside a match.
    but_not : str or None
        A pattern of values that are samples.
    says : bytes or None
        What is told instead of the value.
    is_open : bool
        Whether the pattern says little of where a match ends; it is not used where strings have no ends.
    """

    key: str
    anchors: tuple[bytes, ...]
    pattern: str | None = None
    near: bytes | None = None
    within: int = 4096
    group: int = 0
    edge: Edge = "word"
    is_open: bool = False
    but_not: str | None = None
    says: bytes | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Where a needle was found in a window."""

    needle: Needle
    start: int
    end: int
    value: bytes


def compiled(pattern: str) -> Any:  # noqa: ANN401 - re2 ships no types
    """Return a pattern of re2 over bytes; raises ``re2.error`` if it is none."""
    return re2.compile(pattern.encode("utf-8"), _options())


def _options() -> Any:  # noqa: ANN401 - re2 ships no types
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = 64 << 20
    return options


class Needles:
    """Finds every needle in windows of bytes."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        by_anchor: dict[bytes, list[Needle]] = {}
        for needle in needles:
            for anchor in needle.anchors:
                by_anchor.setdefault(anchor, []).append(needle)
        self._by_anchor = by_anchor
        stated = {text for needle in needles for text in (needle.pattern, needle.but_not) if text}
        self._patterns = {text: compiled(text) for text in stated}
        self._sets = [_set_of(part) for part in _parts(sorted(by_anchor))]

    def anchors_in(self, window: bytes) -> list[bytes]:
        """Return the anchors that stand in a window, each once."""
        return [anchors[at] for found, anchors in self._sets for at in found.Match(window) or ()]

    def matches(self, window: bytes, *, has_ends: bool) -> Iterator[Match]:
        """Yield where needles are found in a window.

        Parameters
        ----------
        has_ends
            Whether strings in it end in a byte that is no part of them, as in text. In a program of a
            language that stores them side by side, neither edge says anything.
        """
        done: set[Needle] = set()
        for anchor in self.anchors_in(window):
            for needle in self._by_anchor[anchor]:
                if needle in done or (needle.is_open and not has_ends):
                    continue
                if needle.pattern is None:
                    yield from _literal(needle, anchor, window, has_ends=has_ends)
                else:
                    done.add(needle)
                    yield from self._pattern(needle, needle.pattern, window, has_ends=has_ends)

    def _pattern(self, needle: Needle, pattern: str, window: bytes, *, has_ends: bool) -> Iterator[Match]:
        number = 0
        for match in self._patterns[pattern].finditer(window):
            start, end = match.span(needle.group)
            if not _stands_alone(needle.edge, window, start, end, has_ends=has_ends):
                continue
            if needle.near is not None and not _is_near(needle, window, start, end):
                continue
            value = window[start:end]
            if needle.but_not is not None and self._patterns[needle.but_not].search(value):
                continue
            number += 1
            if number > _MOST_PER_WINDOW:
                return
            yield Match(needle, start, end, value if needle.says is None else needle.says)


def _parts(anchors: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(anchors), _IN_ONE_SET):
        yield anchors[start : start + _IN_ONE_SET]


def _set_of(anchors: list[bytes]) -> tuple[Any, list[bytes]]:
    found = re2.Set.SearchSet(_options())
    for anchor in anchors:
        found.Add(re2.escape(anchor))
    found.Compile()
    return found, anchors


def _literal(needle: Needle, anchor: bytes, window: bytes, *, has_ends: bool) -> Iterator[Match]:
    start, number = window.find(anchor), 0
    while start >= 0 and number < _MOST_PER_WINDOW:
        end = start + len(anchor)
        if _stands_alone(needle.edge, window, start, end, has_ends=has_ends):
            number += 1
            yield Match(needle, start, end, anchor)
        start = window.find(anchor, start + 1)


def _stands_alone(edge: Edge, window: bytes, start: int, end: int, *, has_ends: bool) -> bool:
    if edge == "none":
        return True
    before = window[start - 1] if start else None
    after = window[end] if end < len(window) else None
    if not has_ends and end - start >= _LONG and edge != "token":
        return edge == "word" or before not in _JOINS_HOST
    if edge in ("word", "token"):
        # A literal that begins with a sign, --yolo, has an edge of its own.
        left = before not in _WORD or window[start] not in _WORD
        right = after not in _WORD or window[end - 1] not in _WORD
        return left and right
    if before in _BEFORE_HOST or after in _HOST:
        return False
    return edge == "path" or after != ord(".") or end + 1 >= len(window) or window[end + 1] not in _HOST


def _is_near(needle: Needle, window: bytes, start: int, end: int) -> bool:
    assert needle.near is not None  # noqa: S101 - the caller asked
    return needle.near in window[max(0, start - needle.within) : end + needle.within]
