"""An answer in words, whatever kind its question has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from evalkit.model.answers import HostLists
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion, SetQuestion
from evalkit.views.numbers import count, number, number_words
from evalkit.views.sentences import sentences
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.answers import RawValue
    from evalkit.model.questionnaire import Question


@dataclass(frozen=True, slots=True)
class Tick:
    """One option of a set that was ticked, and what it does to the points."""

    text: str
    effect: str


@dataclass(frozen=True, slots=True)
class Hosts:
    """One list of hosts, by where they were found."""

    found: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """An answer in words.

    Attributes
    ----------
    short : str
        Fits a cell: ``Level 3 of 4``, ``30 days``, ``2 of 9 ticked``.
    brief : str
        Fits the narrowest cell: ``3``, ``30 d``, ``2✓``.
    label : str
        Name of the level, or empty.
    text : str
        What the level or special value means, in Markdown, or empty.
    """

    short: str
    brief: str
    label: str = ""
    text: str = ""
    ticks: tuple[Tick, ...] = ()
    hosts: tuple[Hosts, ...] = ()

    @property
    def named(self) -> str:
        """The short form with the label."""
        return f"{self.short}: {self.label}" if self.label else self.short


def describe(question: Question, value: RawValue) -> Described:
    """Return an answer in words; one that the question does not know is shown as written."""
    match question:
        case ScaleQuestion():
            return _level(question, value)
        case NumberQuestion():
            return _number(question, value)
        case SetQuestion():
            return _ticks(question, value)
        case ListQuestion():
            return _hosts(value)
        case _:
            assert_never(question)


def unit_of(unit: str, value: float) -> str:
    """Return a unit beside a number.

    >>> unit_of("days", 1), unit_of("days", 30)
    ('day', 'days')
    """
    if unit in number_words.UNITS:
        single, plural = number_words.UNITS[unit]
        return single if value == 1 else plural
    words = unit.replace("_", " ")
    return words[:-1] if value == 1 and words.endswith("s") else words


def _as_written(value: RawValue) -> Described:
    text = str(value)
    return Described(short=text, brief=text)


def _level(question: ScaleQuestion, value: RawValue) -> Described:
    top = question.levels[-1].level
    for level in question.levels:
        if level.level == value:
            short = sentences.LEVEL.format(level=value, top=top)
            return Described(short, str(value), label=level.label, text=level.text)
    return _as_written(value)


def _number(question: NumberQuestion, value: RawValue) -> Described:
    if isinstance(value, (int, float)):
        shown = number(value)
        return Described(f"{shown} {unit_of(question.unit, value)}", shown)
    for special in question.special_values:
        if special.id == value:
            words = wording.words(special.id)
            return Described(words[:1].upper() + words[1:], words, text=special.text)
    return _as_written(value)


def _ticks(question: SetQuestion, value: RawValue) -> Described:
    if not isinstance(value, tuple):
        return _as_written(value)
    ticked = tuple(
        Tick(option.text, _effect(option.points, option.penalty))
        for option in question.options
        if option.id in value
    )
    short = sentences.TICKED.format(ticked=len(ticked), all=len(question.options))
    return Described(short, f"{len(ticked)}✓", ticks=ticked)


def _effect(points: float | None, penalty: float | None) -> str:
    if penalty is not None:
        return f"−{number(penalty)}" if penalty else "no penalty"
    return "" if points is None else f"{number(points)} of 100"


def _hosts(value: RawValue) -> Described:
    if not isinstance(value, HostLists):
        return _as_written(value)
    lists = tuple(
        Hosts(found, names)
        for found, names in (
            ("documented by the vendor", value.documented),
            ("observed in a capture", value.observed),
            ("read from source or package", value.from_source),
        )
        if names
    )
    total = len({host for hosts in lists for host in hosts.names})
    notes = []
    if value.none_needed:
        notes.append("No host is needed besides the organisation's own services and the chosen endpoint.")
    if value.documented:
        given = "states" if value.purposes_given else "does not state"
        notes.append(f"The vendor {given} a purpose for every listed host.")
    if not lists and not value.none_needed:
        notes.append("No list was found.")
    return Described(count(total, "host"), str(total), text=" ".join(notes), hosts=lists)
