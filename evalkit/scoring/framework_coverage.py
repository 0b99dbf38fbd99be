"""Which identifiers of a framework the questions of an instrument are related to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from evalkit.model.questionnaire import Framework, Question, Questionnaire

_NUMBER_AT_END: Final = re.compile(r"[-. ]?\d+$")
_SEPARATORS: Final = "-. "


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier, with the questions that are related to it.

    Attributes
    ----------
    part : str
        What it begins with: identifiers that begin alike stand together.
    has_parts : bool
        Whether the framework lists identifiers below it. It is then no entry of its own in any count.
    """

    id: str
    part: str
    has_parts: bool
    questions: tuple[str, ...]

    @property
    def is_related(self) -> bool:
        """Whether a question is related to it."""
        return bool(self.questions)


@dataclass(frozen=True)
class FrameworkCoverage:
    """A framework as an instrument looks at it.

    Attributes
    ----------
    title : str
        As the questionnaire calls it.
    framework : Framework or None
        Where its identifiers come from; None where the questionnaire lists none, so that only those that
        questions name are known.
    """

    key: str
    title: str
    framework: Framework | None
    identifiers: tuple[Identifier, ...]

    @cached_property
    def counted(self) -> tuple[Identifier, ...]:
        """The identifiers that counts are made of: those without others below them."""
        return tuple(it for it in self.identifiers if not it.has_parts)

    @property
    def total(self) -> int | None:
        """How many there are; None where they are not listed."""
        return None if self.framework is None else len(self.counted)

    @property
    def related(self) -> int:
        """To how many of them a question is related."""
        return sum(it.is_related for it in self.counted)

    @property
    def not_related(self) -> tuple[Identifier, ...]:
        """Those that no question is related to."""
        return tuple(it for it in self.counted if not it.is_related)

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that are related to any, each once."""
        return tuple(dict.fromkeys(question for it in self.identifiers for question in it.questions))


def parts_of(identifiers: Iterable[Identifier]) -> list[tuple[str, list[Identifier]]]:
    """Return identifiers by what they begin with, both in their order."""
    return [(part, list(own)) for part, own in groupby(identifiers, key=lambda it: it.part)]


def framework_coverage(
    questionnaire: Questionnaire, keys: Collection[str] | None = None
) -> tuple[FrameworkCoverage, ...]:
    """Return the frameworks that a questionnaire names, in its order, with the questions related to each.

    Parameters
    ----------
    keys
        Only these frameworks; all by default.
    """
    listed = {framework.key: framework for framework in questionnaire.frameworks}
    return tuple(
        FrameworkCoverage(key, title, listed.get(key), _identifiers(questionnaire, key, listed.get(key)))
        for key, title in questionnaire.header.frameworks.items()
        if keys is None or key in keys
    )


def part_of(identifier: str) -> str:
    """Return what an identifier begins with, before its last number.

    >>> [part_of(it) for it in ("PR.AA-01", "GOVERN 1.1", "A.5.1", "CC6.1", "ASI03")]
    ['PR.AA', 'GOVERN 1', 'A.5', 'CC6', 'ASI']
    """
    return _NUMBER_AT_END.sub("", identifier) or identifier


def _identifiers(
    questionnaire: Questionnaire, key: str, framework: Framework | None
) -> tuple[Identifier, ...]:
    related: dict[str, list[str]] = {}
    for question in questionnaire.questions:
        for name in _refs(question, key):
            related.setdefault(name, []).append(question.id)
    names = tuple(dict.fromkeys((*(framework.ids if framework else ()), *related)))
    below = {name for name in names for other in names if _is_below(other, name)}
    made = [Identifier(name, part_of(name), name in below, tuple(related.get(name, ()))) for name in names]
    places = {part: place for place, part in enumerate(dict.fromkeys(it.part for it in made))}
    return tuple(sorted(made, key=lambda it: places[it.part]))


def _refs(question: Question, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(question.refs.get(key, ())))


def _is_below(name: str, other: str) -> bool:
    """Whether an identifier is part of another, as PR.AA-01 is of PR.AA, and A.5.10 is not of A.5.1."""
    return name.startswith(other) and name[len(other) : len(other) + 1] in tuple(_SEPARATORS)
