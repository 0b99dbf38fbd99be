"""What the leaves of a condition may name, in ``applies_if`` and in ``eligibility``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.rules.registry import Found
from evalkit.files.rules.vocabulary import options_of
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, FactCondition, Not
from evalkit.model.questionnaire import ScaleQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.document import At
    from evalkit.model.condition import Condition
    from evalkit.model.questionnaire import Questionnaire


def leaves_at(condition: Condition, at: At) -> Iterator[tuple[FactCondition | AnswerCondition, At]]:
    """Yield every leaf with its place."""
    match condition:
        case AllOf(all=parts):
            for index, part in enumerate(parts):
                yield from leaves_at(part, (*at, "all", index))
        case AnyOf(any=parts):
            for index, part in enumerate(parts):
                yield from leaves_at(part, (*at, "any", index))
        case Not(not_=part):
            yield from leaves_at(part, (*at, "not"))
        case FactCondition() | AnswerCondition():
            yield condition, at


def unknown_fact(
    questionnaire: Questionnaire, leaf: FactCondition | AnswerCondition, at: At, name: str
) -> Iterator[Found]:
    """Find a leaf on a subject fact that the questionnaire does not define."""
    if isinstance(leaf, FactCondition) and leaf.fact not in questionnaire.facts:
        yield Found(
            (*at, "fact"),
            f"{name}: fact {leaf.fact} is unknown; {allowed(questionnaire.facts, 'subject facts')}",
            did_you_mean(leaf.fact, questionnaire.facts),
        )


def unknown_option(
    questionnaire: Questionnaire, leaf: FactCondition | AnswerCondition, at: At, name: str
) -> Iterator[Found]:
    """Find the values of a leaf that its subject fact can never have."""
    if not isinstance(leaf, FactCondition):
        return
    options = options_of(questionnaire, leaf.fact)
    for index, word in enumerate(leaf.includes_any):
        if options is not None and word not in options:
            yield Found(
                (*at, "includes_any", index),
                f"{name}: {word} is no option of the fact {leaf.fact}; {allowed(options, 'options')}",
                did_you_mean(word, options),
            )


def unknown_question(
    questionnaire: Questionnaire, leaf: FactCondition | AnswerCondition, at: At, name: str
) -> Iterator[Found]:
    """Find a leaf on a question that the questionnaire does not have."""
    if isinstance(leaf, AnswerCondition) and leaf.answer not in questionnaire.by_id:
        yield Found(
            (*at, "answer"),
            f"{name}: question {leaf.answer} is unknown; {allowed(questionnaire.by_id, 'questions')}",
            did_you_mean(leaf.answer, questionnaire.by_id),
        )


def unreachable_level(
    questionnaire: Questionnaire, leaf: FactCondition | AnswerCondition, at: At, name: str
) -> Iterator[Found]:
    """Find a leaf whose level the question does not have."""
    if not isinstance(leaf, AnswerCondition) or leaf.answer not in questionnaire.by_id:
        return
    question = questionnaire.by_id[leaf.answer]
    if not isinstance(question, ScaleQuestion):
        yield Found(
            (*at, "answer"),
            f"{name}: {leaf.answer} is a {question.kind} question; at_least needs a scale",
        )
    elif leaf.at_least not in (levels := [level.level for level in question.levels]):
        yield Found(
            (*at, "at_least"),
            f"{name}: {leaf.at_least} is no level of {leaf.answer}; {allowed(levels, 'levels')}",
        )
