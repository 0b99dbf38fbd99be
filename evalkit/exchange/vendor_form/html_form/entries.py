"""Rows of a form and their questions -> what a page shows and asks, in its order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from evalkit.exchange.vendor_form.asking import level_choice, special_choice
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion, SetQuestion
from evalkit.views.numbers import number
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.exchange.vendor_form.sheet import Form, Kind, Line
    from evalkit.model.questionnaire import Question, Questionnaire

    Numbered: TypeAlias = Sequence[tuple[int, Line]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose: what stands in the cell if it is chosen, and what it means."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers that a cell takes."""

    unit: str
    low: float
    high: float
    said: str


@dataclass(frozen=True, slots=True)
class Part:
    """A row below that of a question.

    Attributes
    ----------
    row : int
        Place among all rows of the form, from 0.
    name : str
        Its id among the parts of its question.
    is_alone : bool
        Whether none of its neighbours holds if this one does.
    """

    row: int
    name: str
    kind: Kind
    label: str
    text: str
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer that is asked for.

    Attributes
    ----------
    row : int
        Place of its first row among all rows of the form, from 0.
    applies : str
        The deployments meant, in words.
    found : str
        What was found so far; ``""`` where it is not shown.
    """

    row: int
    kind: Kind
    applies: str
    found: str
    choices: tuple[Choice, ...]
    span: Span | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with an entry for each scope.

    Attributes
    ----------
    proofs : tuple of (str, str)
        Kind of evidence, and what of it would do.
    remark : str
        What the choices mean together; ``""`` where nothing is to be said.
    """

    id: str
    title: str
    question: str
    why: str
    proofs: tuple[tuple[str, str], ...]
    remark: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The questions of a domain."""

    id: str
    title: str
    seed: str
    questions: tuple[Asked, ...]

    @property
    def entries(self) -> int:
        """How many answers are asked for."""
        return sum(len(question.entries) for question in self.questions)


def chapters(form: Form, questionnaire: Questionnaire) -> tuple[Chapter, ...]:
    """Return what the page of a form asks; ``questionnaire`` is the one that the form was made of."""
    found = []
    first = 0
    for section in form.sections:
        rows = list(enumerate(section.lines, first))
        first += len(rows)
        questions = (
            _asked(questionnaire.by_id[name], list(own))
            for name, own in groupby(rows, key=lambda each: each[1].question)
        )
        found.append(Chapter(section.id, section.title, section.seed, tuple(questions)))
    return tuple(found)


def _asked(question: Question, rows: Numbered) -> Asked:
    scopes = (list(own) for _, own in groupby(rows, key=lambda each: each[1].scope))
    return Asked(
        question.id,
        question.title,
        question.question,
        question.why,
        tuple((wording.CLASS[each.kind], each.what) for each in question.evidence),
        _remark(question),
        tuple(_entry(question, own) for own in scopes),
    )


def _remark(question: Question) -> str:
    """Return what the guidance of a row says besides its choices."""
    match question:
        case ScaleQuestion():
            return "Choose the highest level of which all of the text holds."
        case SetQuestion():
            counted = getattr(question.value_rule, "count_only", None)
            said = "Tick all that holds. What you leave unticked says no, as soon as anything is ticked."
            return f"{said}\n{counted}" if counted else said
        case ListQuestion():
            return "One host or pattern per line; yes or no elsewhere."
        case _:
            return ""


def _entry(question: Question, rows: Numbered) -> Entry:
    (row, head), *below = rows
    return Entry(
        row,
        head.kind,
        " · ".join(head.applies.splitlines()),
        head.found,
        tuple(_choices(question)),
        _span(question),
        tuple(_part(question, at, line) for at, line in below),
    )


def _choices(question: Question) -> Iterator[Choice]:
    if isinstance(question, ScaleQuestion):
        yield from (Choice(level_choice(level), level.text) for level in question.levels)
    elif isinstance(question, NumberQuestion):
        yield from (Choice(special_choice(each), each.text) for each in question.special_values)


def _span(question: Question) -> Span | None:
    if not isinstance(question, NumberQuestion):
        return None
    low, high = question.limits.min, question.limits.max
    return Span(wording.words(question.unit), low, high, f"{number(low)} to {number(high)}")


def _part(question: Question, row: int, line: Line) -> Part:
    match line.kind, question:
        case "also", _ if question.also_record is not None:
            unit = question.also_record.unit
            said = "" if unit == "text" else f", in {wording.words(unit)}"
            return Part(row, line.part, "also", f"Also{said}", question.also_record.text)
        case "tick", SetQuestion():
            texts = {option.id: option.text for option in question.options}
            alone = line.part in getattr(question.value_rule, "exclusive", ())
            return Part(row, line.part, "tick", "", texts[line.part], alone)
        case kind, ListQuestion():
            meanings: Mapping[str, str] = {each.id: each.text for each in question.list_fields}
            return Part(row, line.part, kind, wording.words(line.part).capitalize(), meanings[line.part])
        case _:  # asking makes no other rows
            raise ValueError(f"{line.id}: no row of a page")
