"""What an answer is worth, in 0..1, by the rule of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from evalkit.model.answers import HostLists
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StartMinusPenalties,
    StepsAtLeast,
    StepsAtMost,
    SumCapped,
    WorstOfSelected,
)
from evalkit.scoring.hosts import coverage_points

if TYPE_CHECKING:
    from evalkit.model.answers import RawValue
    from evalkit.model.questionnaire import Question

GRID = (0.0, 0.25, 0.5, 0.75, 1.0)
"""The values that answers to numbers, sets and lists are taken to have where they are not known."""

TOLERANCE = 1e-9
"""Values closer than this count as equal, and thresholds are reached."""


def grid(question: Question) -> tuple[float, ...]:
    """Return the values that an unknown answer may have, ascending in 0..1.

    The levels of a scale; 0, .25, .5, .75, 1 for other kinds.
    """
    if isinstance(question, ScaleQuestion):
        return tuple(level.points / 100 for level in question.levels)
    return GRID


def worth(question: Question, value: RawValue) -> float:
    """Return what an answer is worth, in 0..1.

    Raises
    ------
    ValueError
        If the value is none that the question allows (checked input has none such).
    """
    return _points(question, value) / 100


def _points(question: Question, value: RawValue) -> float:
    points: float | None = None
    match question:
        case ScaleQuestion():
            points = _level_points(question, value)
        case NumberQuestion():
            points = _number_points(question, value)
        case SetQuestion():
            points = _set_points(question, value)
        case ListQuestion():
            points = coverage_points(question.value_rule, value) if isinstance(value, HostLists) else None
        case _:
            assert_never(question)
    if points is None:
        msg = f"{question.id}: {value!r} is not an answer to a question of kind {question.kind}"
        raise ValueError(msg)
    return points


def _level_points(question: ScaleQuestion, value: RawValue) -> float | None:
    for level in question.levels:  # no generator: called for every item of evidence
        if level.level == value:
            return level.points
    return None


def _number_points(question: NumberQuestion, value: RawValue) -> float | None:
    if isinstance(value, str):
        return next((special.points for special in question.special_values if special.id == value), None)
    return _step_points(question, value) if isinstance(value, (int, float)) else None


def _step_points(question: NumberQuestion, value: float) -> float:
    rule = question.value_rule
    match rule:
        case StepsAtMost(steps=at_most, otherwise=otherwise):
            return next((step.points for step in at_most if value <= step.at_most), otherwise)
        case StepsAtLeast(steps=at_least, otherwise=otherwise):
            return next((step.points for step in at_least if value >= step.at_least), otherwise)
        case _:
            assert_never(rule)


def _set_points(question: SetQuestion, value: RawValue) -> float | None:
    ticked = set(value) if isinstance(value, tuple) else set()
    chosen = [option for option in question.options if option.id in ticked]
    if not chosen or len(chosen) != len(ticked):
        return None
    rule = question.value_rule
    match rule:
        case WorstOfSelected():
            return min(option.points or 0.0 for option in chosen)
        case SumCapped():
            return min(rule.cap, sum(option.points or 0.0 for option in chosen))
        case StartMinusPenalties():
            return max(rule.floor, rule.start - sum(option.penalty or 0.0 for option in chosen))
        case _:
            assert_never(rule)
