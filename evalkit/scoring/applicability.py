"""Which questions apply to an option: conditions in the three values of strong Kleene logic."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, FactCondition, Not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from evalkit.model.condition import Condition
    from evalkit.model.evaluation import Evaluation, EvaluationInputs, Option
    from evalkit.model.questionnaire import Questionnaire
    from evalkit.scoring.evidence import Reading

Truth = bool | None
"""True, False, or None for unknown."""


def facts_of(option: Option, evaluation: Evaluation) -> dict[str, tuple[str, ...] | None]:
    """Return the subject facts of an option; None is an absent fact, an empty tuple a known empty one."""
    product, deployment = option.answers.product, option.deployment
    return {
        "product": (product.id,),
        "version": (product.version,),
        "licence": (product.licence,),
        "operating_systems": product.operating_systems,
        "features": product.features,
        "routes": (deployment.route,),
        "surfaces": (deployment.surface,),
        "plan_type": (deployment.plan,),
        "data_classes": evaluation.data_classes,
    }


def truth(
    condition: Condition,
    facts: Mapping[str, tuple[str, ...] | None],
    reaches: Callable[[str, int], Truth],
) -> Truth:
    """Return whether a condition holds.

    Parameters
    ----------
    facts
        Values of every subject fact; None where a fact is absent.
    reaches
        Whether the answer to a question reaches a level.
    """
    match condition:
        case FactCondition(fact=fact, includes_any=wanted):
            known = facts.get(fact)
            return None if known is None else any(value in wanted for value in known)
        case AnswerCondition(answer=question, at_least=level):
            return reaches(question, level)
        case AllOf(all=parts):
            return _conjunction(truth(part, facts, reaches) for part in parts)
        case AnyOf(any=parts):
            return _negation(_conjunction(_negation(truth(part, facts, reaches)) for part in parts))
        case Not(not_=part):
            return _negation(truth(part, facts, reaches))
        case _:
            assert_never(condition)


def _negation(value: Truth) -> Truth:
    return None if value is None else not value


def _conjunction(values: Iterable[Truth]) -> Truth:
    seen = set(values)
    if False in seen:
        return False
    return None if None in seen else True


def applicable(
    questionnaire: Questionnaire,
    facts: Mapping[str, tuple[str, ...] | None],
    readings: Mapping[str, Reading],
) -> dict[str, bool]:
    """Return for every question whether it applies; what is unknown applies."""
    known: dict[str, bool] = {}

    def applies(question_id: str) -> bool:
        if question_id not in known:
            condition = questionnaire.by_id[question_id].applies_if
            known[question_id] = condition is None or truth(condition, facts, reaches) is not False
        return known[question_id]

    def reaches(question_id: str, level: int) -> Truth:
        if not applies(question_id):
            return False
        return answer_reaches(readings[question_id], level)

    return {question.id: applies(question.id) for question in questionnaire.questions}


def answer_reaches(reading: Reading, level: int) -> Truth:
    """Return whether every, no, or (None) some governing value on a scale reaches a level."""
    reached = {isinstance(value, (int, float)) and value >= level for value in reading.governing}
    return reached.pop() if len(reached) == 1 else None


def masks(
    inputs: EvaluationInputs, option: Option, readings: Mapping[str, Reading]
) -> dict[str, bool] | None:
    """Return which questions apply under these readings; None if the option is then not eligible."""
    facts = facts_of(option, inputs.evaluation)
    applies = applicable(inputs.questionnaire, facts, readings)
    eligibility = inputs.profile.eligibility
    if eligibility is None:
        return applies
    holds = truth(
        eligibility,
        facts,
        lambda question, level: applies[question] and answer_reaches(readings[question], level),
    )
    return None if holds is False else applies
