"""Rules Q040 to Q045: conditions of a questionnaire name what exists and never turn in circles."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from evalkit.files.rules import conditions
from evalkit.files.rules.questionnaire import QuestionnaireCase, rule
from evalkit.model.condition import AnswerCondition, leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.files.document import At
    from evalkit.files.rules.registry import Found
    from evalkit.model.condition import Condition, FactCondition
    from evalkit.model.questionnaire import Questionnaire

    LeafCheck = Callable[[Questionnaire, FactCondition | AnswerCondition, At, str], Iterator[Found]]


def _in_every_leaf(case: QuestionnaireCase, check: LeafCheck) -> Iterator[Found]:
    for placed in case.questions:
        if placed.question.applies_if is None:
            continue
        for leaf, at in conditions.leaves_at(placed.question.applies_if, ("applies_if",)):
            for found in check(case.questionnaire, leaf, at, "applies_if"):
                yield placed.found(found.at, found.message, found.hint)


@rule("Q040", "Conditions ask for subject facts that the header defines.")
def _facts_exist(case: QuestionnaireCase) -> Iterator[Found]:
    yield from _in_every_leaf(case, conditions.unknown_fact)


@rule("Q041", "Conditions ask for options that the subject fact has.")
def _fact_options_exist(case: QuestionnaireCase) -> Iterator[Found]:
    yield from _in_every_leaf(case, conditions.unknown_option)


@rule("Q042", "Conditions ask for questions that exist.")
def _asked_questions_exist(case: QuestionnaireCase) -> Iterator[Found]:
    yield from _in_every_leaf(case, conditions.unknown_question)


@rule("Q043", "Conditions on an answer name a level of a question that is a scale.")
def _asked_levels_exist(case: QuestionnaireCase) -> Iterator[Found]:
    yield from _in_every_leaf(case, conditions.unreachable_level)


@rule("Q044", "No question's condition asks for its own answer.")
def _no_question_asks_itself(case: QuestionnaireCase) -> Iterator[Found]:
    for placed in case.questions:
        if placed.question.id in _asked(placed.question.applies_if):
            yield placed.found(("applies_if",), "applies_if asks for the question's own answer; name another")


@rule("Q045", "Conditions do not depend on each other in a circle.")
def _conditions_have_no_cycles(case: QuestionnaireCase) -> Iterator[Found]:
    asks = {
        placed.question.id: _asked(placed.question.applies_if) - {placed.question.id}
        for placed in case.questions
    }
    places = {placed.question.id: placed for placed in case.questions}
    while (cycle := _cycle(asks, tuple(places))) is not None:
        yield places[cycle[0]].found(("applies_if",), f"conditions form a circle: {' -> '.join(cycle)}")
        asks[cycle[0]] = asks[cycle[0]] - {cycle[1]}


def _asked(condition: Condition | None) -> frozenset[str]:
    if condition is None:
        return frozenset()
    return frozenset(leaf.answer for leaf in leaves(condition) if isinstance(leaf, AnswerCondition))


def _cycle(asks: dict[str, frozenset[str]], order: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return one circle, from its first question in the questionnaire back to it; None without one."""
    try:
        TopologicalSorter(asks).prepare()
    except CycleError as error:
        # graphlib lists the asked before the asking, and the first again at the end.
        ring: list[str] = error.args[1][:0:-1]
        start = ring.index(min(ring, key=order.index))
        return (*ring[start:], *ring[:start], ring[start])
    return None
