"""Ids of a draft -> ids of questions, domains and words: the file's own where they will do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain, product
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from evalkit.exchange.importing.draft import Draft, DraftSection

MAX_IN_SECTION: Final = 999
"""Questions in one section; ids have three digits at most."""

_QUESTION_ID: Final = re.compile(r"(?P<prefix>[A-Z]{2,5})-[0-9]{2,3}")
_LONGEST_WORD: Final = 60
_LONGEST_ID: Final = 56
_PREFIX_LETTERS: Final = 3


@dataclass(frozen=True, slots=True)
class Numbering:
    """What things are called in evalkit.

    Attributes
    ----------
    domains, prefixes : tuple of str
        One for each section, in order.
    questions : mapping
        Id of each question by its id in the file.
    """

    domains: tuple[str, ...]
    prefixes: tuple[str, ...]
    questions: Mapping[str, str]


def numbering(draft: Draft) -> Numbering:
    """Return what the sections and questions of a draft are called.

    Ids in the form ``ABCD-01`` stay, if all are and each section has a prefix of its own; else questions are
    numbered in the order of the file.

    Raises
    ------
    EvalkitError
        If a section has more than 999 questions.
    """
    for section in draft.sections:
        if len(section.questions) > MAX_IN_SECTION:
            raise EvalkitError(
                f"section {section.title[:60]!r} has {len(section.questions):,} questions; at most"
                f" {MAX_IN_SECTION} are taken: divide it"
            )
    domains = unique((id_from(section.title) or "section" for section in draft.sections), _LONGEST_ID, "-")
    kept = _kept_prefixes(draft.sections)
    if kept is not None:
        return Numbering(domains, kept, {question.id: question.id for question in draft.questions})
    prefixes = _new_prefixes(draft.sections)
    return Numbering(
        domains,
        prefixes,
        {
            question.id: f"{prefix}-{number:02d}"
            for section, prefix in zip(draft.sections, prefixes, strict=True)
            for number, question in enumerate(section.questions, start=1)
        },
    )


def _kept_prefixes(sections: Collection[DraftSection]) -> tuple[str, ...] | None:
    prefixes = []
    for section in sections:
        found = [_QUESTION_ID.fullmatch(question.id) for question in section.questions]
        own = {match["prefix"] if match else "" for match in found}
        if len(own) != 1 or "" in own:
            return None
        prefixes.append(own.pop())
    return tuple(prefixes) if len(set(prefixes)) == len(prefixes) else None


def _new_prefixes(sections: Collection[DraftSection]) -> tuple[str, ...]:
    taken: dict[str, None] = {}
    for section in sections:
        letters = re.sub(r"[^A-Z]", "", ascii_text(section.title).upper())
        words = re.findall(r"[A-Z]", "".join(word[:1] for word in ascii_text(section.title).upper().split()))
        candidates: Iterator[str] = (
            candidate
            for candidate in chain(
                (letters[:_PREFIX_LETTERS], "".join(words)[:_PREFIX_LETTERS]),
                ("Q" + "".join(rest) for rest in product(ascii_uppercase, repeat=2)),
                ("Q" + "".join(rest) for rest in product(ascii_uppercase, repeat=3)),
            )
            if len(candidate) > 1 and candidate not in taken
        )
        taken[next(candidates)] = None
    return tuple(taken)


def ascii_text(text: str) -> str:
    """Return the letters of a text without accents; those of other scripts are left out."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def id_from(text: str) -> str:
    """Return a text as an id: lower-case letters, digits and hyphens; ``""`` if nothing is left.

    >>> id_from("Größe & Umfang")
    'groe-umfang'
    """
    return re.sub(r"[^a-z0-9]+", "-", ascii_text(text).lower()).strip("-")[:_LONGEST_ID].strip("-")


def word_from(text: str) -> str:
    """Return a text as a word: lower-case letters, digits and underscores; ``""`` if nothing is left."""
    return id_from(text).replace("-", "_")[:_LONGEST_WORD].strip("_")


def unique(names: Iterator[str], longest: int, joiner: str) -> tuple[str, ...]:
    """Return names with a number behind each that stood before."""
    taken = Unique(longest, joiner)
    return tuple(map(taken.new, names))


class Unique:
    """Makes each name that it is given another one, by numbers behind those that stood before."""

    def __init__(self, longest: int, joiner: str) -> None:
        self._longest = longest
        self._joiner = joiner
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def new(self, name: str) -> str:
        """Return a name that it has not returned yet."""
        candidate, number = name[: self._longest], self._numbers.get(name, 2)
        while candidate in self._taken:
            tail = f"{self._joiner}{number}"
            candidate, number = f"{name[: self._longest - len(tail)]}{tail}", number + 1
        self._numbers[name] = number
        self._taken.add(candidate)
        return candidate
