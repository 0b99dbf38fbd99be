"""Changes to an evaluation, for tests of what a change may do to scores."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from evalkit.model.condition import AnswerCondition, leaves
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StartMinusPenalties,
    StepsAtMost,
    SumCapped,
)
from evalkit.model.records import stated_value, statement_for
from evalkit.scoring.worth import worth
from tests.scoring import builders as build
from tests.scoring.cases import TICKS, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from evalkit.model.answers import Answer, EvidenceItem, ProductAnswers, Statement
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.questionnaire import Question, Questionnaire

Stated = list[tuple["EvidenceItem", Any]]


def named_by_conditions(instrument: Questionnaire) -> set[str]:
    """Questions that some ``applies_if`` asks for."""
    return {
        leaf.answer
        for question in instrument.questions
        if question.applies_if is not None
        for leaf in leaves(question.applies_if)
        if isinstance(leaf, AnswerCondition)
    }


def with_answers(inputs: EvaluationInputs, answers: ProductAnswers) -> EvaluationInputs:
    return replace(inputs, answers={**inputs.answers, answers.product.id: answers})


def with_statement(
    inputs: EvaluationInputs, option: Option, question_id: str, said: Statement
) -> EvaluationInputs:
    """The evaluation in which the record that serves an option says something else."""
    old = option.answers.answers.get(question_id, build.answer())
    deployment = option.deployment.id
    new: Answer
    if deployment in old.deployments:
        new = old.model_copy(update={"deployments": {**old.deployments, deployment: said}})
    else:
        new = build.answer(said.value, *said.evidence, state=said.state, deployments=old.deployments)
    answers = {**option.answers.answers, question_id: new}
    return with_answers(inputs, option.answers.model_copy(update={"answers": answers}))


def same_option(inputs: EvaluationInputs, option: Option) -> Option:
    return next(other for other in inputs.options() if other.id == option.id)


def stated(option: Option, question_id: str) -> tuple[Stated, bool] | None:
    """Items with the values they state, and whether the answer is conflicting; None without an answer."""
    said = statement_for(option.answers, question_id, option.deployment.id)
    items = [(item, stated_value(item, said)) for item in said.evidence]
    return (items, said.state == "conflicting") if items else None


def answered_records(inputs: EvaluationInputs) -> Iterator[tuple[Option, Question, Stated, bool]]:
    """Every answered record of every option; a set with nothing ticked says nothing."""
    for option in inputs.options():
        for question in inputs.questionnaire.questions:
            found = stated(option, question.id)
            if found is not None and not any(value in ((), None) for _, value in found[0]):
                yield option, question, *found


def pick(rng: Random, inputs: EvaluationInputs, accept: Callable[[Question, Stated], bool]) -> Any:  # noqa: ANN401 - a record of the kind asked for, or None
    fitting = [record for record in answered_records(inputs) if accept(record[1], record[2])]
    return rng.choice(fitting) if fitting else None


def raised(rng: Random, question: Question, value: Any, gate: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - any answer
    """A better answer, or the same where there is none better.

    A set gains an option without penalty or loses one with a penalty that no gate asks for.
    """
    match question:
        case ScaleQuestion(levels=levels):
            better = [level.level for level in levels if level.level >= value]
            return rng.choice(better)
        case NumberQuestion(value_rule=rule) if not isinstance(value, str):
            limits = (0, 7, 20, 30, 60, 90, 400)
            down = isinstance(rule, StepsAtMost)
            return rng.choice([n for n in limits if (n <= value if down else n >= value)] or [value])
        case SetQuestion(value_rule=StartMinusPenalties(), options=options):
            costly = [o.id for o in options if o.penalty and o.id in value and o.id not in gate]
            lost = rng.choice(costly) if costly and len(value) > 1 else None
            return tuple(sorted({*value, "c"} - {lost}))
        case SetQuestion(value_rule=SumCapped()):
            return tuple(sorted({*value, rng.choice(TICKS)}))
        case _:
            return value


def lowest_and_highest(question: Question) -> tuple[Any, Any]:
    """Two answers of different worth."""
    match question:
        case ScaleQuestion(levels=levels):
            return levels[0].level, levels[-1].level
        case NumberQuestion(limits=limits, value_rule=rule):
            ends = (limits.max, limits.min) if isinstance(rule, StepsAtMost) else (limits.min, limits.max)
            assert worth(question, ends[0]) < worth(question, ends[1])
            return ends
        case SetQuestion(options=options):
            ranked = sorted(((option.id,) for option in options), key=lambda it: worth(question, it))
            return ranked[0], ranked[-1]
        case ListQuestion():
            return build.lists((), ("a.test",)), build.lists(("a.test",), ("a.test",), purposes=True)


def fresh(items: Stated) -> Stated:
    """The same items, collected on the day, for every deployment and for the version in use."""
    return [
        (
            item.model_copy(
                update={
                    "collected": build.AS_OF,
                    "expires": None,
                    "deployments": None,
                    "version": build.VERSION if item.evidence_class == "tested" else None,
                }
            ),
            value,
        )
        for item, value in items
    ]


def expired(items: Stated) -> Stated:
    yesterday = build.AS_OF - timedelta(days=1)
    return [(item.model_copy(update={"expires": yesterday}), value) for item, value in items]


def says(
    inputs: EvaluationInputs, option: Option, question: Question, items: Stated, *, conflicting: bool
) -> EvaluationInputs:
    return with_statement(inputs, option, question.id, settle(items, conflicting=conflicting))
