"""How messages show a value, list what is allowed and guess what was meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from evalkit.files.document import harmless
from evalkit.files.document import shown as scalar
from evalkit.model.answers import HostLists

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_LONGEST_LIST: Final = 15
_LONGEST_TEXT: Final = 100


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint with the closest known word, or ``""`` if none is close.

    >>> did_you_mean("aws-bedrok", ["aws_bedrock", "vendor_direct"])
    'did you mean aws_bedrock?'
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(word.casefold(), by_folded, n=1)
    return f"did you mean {by_folded[close[0]]}?" if close else ""


def allowed(known: Collection[object], noun: str) -> str:
    """Return what is allowed, in full unless it is long.

    >>> allowed(["cli", "ide"], "surfaces")
    'allowed are cli, ide'
    >>> allowed(range(74), "questions")
    'it is none of the 74 questions'
    >>> allowed([], "sources")
    'there are no sources'
    """
    if not known:
        return f"there are no {noun}"
    if len(known) > _LONGEST_LIST:
        return f"it is none of the {len(known)} {noun}"
    return f"allowed are {', '.join(map(str, known))}"


def shown(value: object) -> str:
    """Return a value as its author would recognise it, cut where it is long.

    >>> shown("YES"), shown(7), shown(("a", "b")), shown(None)
    ("'YES'", '7', '[a, b]', 'nothing')
    """
    match value:
        case HostLists():
            return "host lists"
        case tuple() | list():
            return harmless(f"[{', '.join(map(str, value))}]", _LONGEST_TEXT)
        case _:
            return scalar(value)


def one_of_levels(levels: Sequence[int]) -> str:
    """Return the levels of a scale, short where none is missing.

    >>> one_of_levels([0, 1, 2]), one_of_levels([0, 1, 3])
    ('one of 0..2', 'one of 0, 1, 3')
    """
    first, last = levels[0], levels[-1]
    if list(levels) == list(range(first, last + 1)):
        return f"one of {first}..{last}"
    return f"one of {', '.join(map(str, levels))}"


def repeated(words: Iterable[str]) -> list[tuple[int, str]]:
    """Return position and text of every word that stood before.

    >>> repeated(["a", "b", "a"])
    [(2, 'a')]
    """
    seen: set[str] = set()
    found = []
    for index, word in enumerate(words):
        if word in seen:
            found.append((index, word))
        seen.add(word)
    return found
