"""What became of questions from one version of a questionnaire to the next."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from evalkit.model.values import Id, Integer, Number, QuestionId, Text, Value, Version

Scalar = Annotated[str, Field(strict=True, min_length=1)] | Integer | Number
"""A level, a number, a special value or the id of an option."""

Carry = Literal["finding", "evidence"]
Keep = Literal["numbers", "unknown", "refused"]


class Counterpart(Value):
    """Two answers that mean the same, before and after a change."""

    was: Scalar
    now: Scalar


class Part(Value):
    """One of the questions that a question was split into.

    Attributes
    ----------
    carry : tuple of str
        What it takes over of the old answer; ``finding`` brings companion text and remarks with it.
    values : tuple of Counterpart
        What answers to the old question suggest here; they are still to be confirmed.
    """

    question: QuestionId
    carry: tuple[Carry, ...] = ("finding", "evidence")
    values: tuple[Counterpart, ...] = ()


class Renamed(Value):
    """The same question under another id: its answers stand."""

    renamed: QuestionId
    to: QuestionId


class Split(Value):
    """Several questions in the place of one: each is to be answered by itself."""

    split: QuestionId
    into: Annotated[tuple[Part, ...], Field(min_length=2)]
    reason: Text


class Merged(Value):
    """One question in the place of several: an answer stands where all said the same."""

    merged: Annotated[tuple[QuestionId, ...], Field(min_length=2)]
    into: QuestionId
    reason: Text


class Retired(Value):
    """A question that nobody asks any more."""

    retired: QuestionId
    reason: Text


class Changed(Value):
    """A question that means something else now.

    Attributes
    ----------
    to : str or None
        Its new id, where it has one.
    values : tuple of Counterpart
        Answers whose meaning stays. What is not among them is to be answered again.
    keeps : tuple of str
        What else stays: all plain numbers; that it is unknown; that it was refused.
    """

    changed: QuestionId
    to: QuestionId | None = None
    reason: Text
    values: tuple[Counterpart, ...] = ()
    keeps: tuple[Keep, ...] = ()


_OF_TYPE: Final[dict[type[Value], str]] = {
    Renamed: "renamed",
    Split: "split",
    Merged: "merged",
    Retired: "retired",
    Changed: "changed",
}


def _kind(value: Any) -> str | None:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, dict):
        return next((key for key in _OF_TYPE.values() if key in value), None)
    return _OF_TYPE.get(type(value)) if isinstance(value, Value) else None


Change = Annotated[
    Annotated[Renamed, Tag("renamed")]
    | Annotated[Split, Tag("split")]
    | Annotated[Merged, Tag("merged")]
    | Annotated[Retired, Tag("retired")]
    | Annotated[Changed, Tag("changed")],
    Discriminator(
        _kind,
        custom_error_type="change",
        custom_error_message=(
            "is not a change; it must have one of the keys renamed, split, merged, retired, changed"
        ),
    ),
]
"""What became of one question, or of several."""

AnyChange: TypeAlias = Renamed | Split | Merged | Retired | Changed


class Step(Value):
    """From one version to the next; questions that it does not name are as they were, or new."""

    from_: Version = Field(alias="from")
    to: Version
    changes: tuple[Change, ...] = ()


class Migrations(Value):
    """The file ``migrations.yaml`` of a questionnaire: its versions, oldest first."""

    format: Literal["evalkit/migrations/1"]
    questionnaire: Id
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version that a step leads from, oldest first."""
        return tuple(step.from_ for step in self.steps)

    def after(self, version: str) -> tuple[Step, ...]:
        """Return the steps that lead on from a version; ``KeyError`` if none does."""
        for index, step in enumerate(self.steps):
            if step.from_ == version:
                return self.steps[index:]
        raise KeyError(version)


def sources_of(change: AnyChange) -> tuple[str, ...]:
    """Return the questions that a change is about, by their ids before it."""
    match change:
        case Renamed(renamed=question) | Retired(retired=question):
            return (question,)
        case Split(split=question) | Changed(changed=question):
            return (question,)
        case Merged(merged=questions):
            return questions


def targets_of(change: AnyChange) -> tuple[str, ...]:
    """Return the questions that a change leads to; none for a question that was retired."""
    match change:
        case Renamed(to=question) | Merged(into=question):
            return (question,)
        case Split(into=parts):
            return tuple(part.question for part in parts)
        case Changed(changed=question, to=other):
            return (other or question,)
        case Retired():
            return ()


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts versions: 1.10.0 comes after 1.9.0.

    Examples
    --------
    >>> version_key("1.9.0") < version_key("1.10.0")
    True
    """
    # As text: nothing says how many digits a number in a file has, and int refuses thousands.
    numbers = (number.lstrip("0") for number in version.split("."))
    return tuple((len(number), number) for number in numbers)


def said_of(change: AnyChange) -> str:
    """Return what a change did, for people.

    Examples
    --------
    >>> said_of(Renamed(renamed="LOC-03", to="LOC-15"))
    'renamed to LOC-15'
    """
    match change:
        case Renamed(to=question):
            return f"renamed to {question}"
        case Split(into=parts):
            return f"split into {' and '.join(part.question for part in parts)}"
        case Merged(merged=questions, into=question):
            return f"merged: {' and '.join(questions)} into {question}"
        case Retired():
            return "retired"
        case Changed(to=question):
            return "changed its meaning" if question is None else f"changed its meaning, now {question}"
