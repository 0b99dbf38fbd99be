"""The condition language of ``applies_if`` and ``eligibility``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from evalkit.model.values import Integer, QuestionId, Text, Value, Word


class FactCondition(Value):
    """True if the subject fact has one of the listed values."""

    fact: Word
    includes_any: Annotated[tuple[Text, ...], Field(min_length=1)]


class AnswerCondition(Value):
    """True if the answer to a question on a scale reaches a level."""

    answer: QuestionId
    at_least: Integer


class AllOf(Value):
    """True if every part is."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(Value):
    """True if at least one part is."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Not(Value):
    """True if the part is false."""

    not_: Condition = Field(alias="not")


_KEYS = ("fact", "answer", "all", "any", "not")
_OF_TYPE: dict[type[Value], str] = {
    FactCondition: "fact",
    AnswerCondition: "answer",
    AllOf: "all",
    AnyOf: "any",
    Not: "not",
}


def _kind(value: Any) -> str | None:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, dict):
        return next((key for key in _KEYS if key in value), None)
    return _OF_TYPE.get(type(value)) if isinstance(value, Value) else None


Condition = Annotated[
    Annotated[FactCondition, Tag("fact")]
    | Annotated[AnswerCondition, Tag("answer")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(
        _kind,
        custom_error_type="condition",
        custom_error_message="is not a condition; it must have one of the keys fact, answer, all, any, not",
    ),
]
"""A condition: a leaf on a fact or an answer, or a combination of conditions."""

for _model in (AllOf, AnyOf, Not):
    _model.model_rebuild()


def leaves(condition: Condition) -> tuple[FactCondition | AnswerCondition, ...]:
    """Return every leaf of a condition, in the order written."""
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
        case Not(not_=part):
            return leaves(part)
        case _:
            return (condition,)
