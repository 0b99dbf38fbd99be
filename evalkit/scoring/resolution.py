"""A record resolved: what is read, what its gate says and what applies once its value is known.

A resolved record is answered at one value, undisputed and fresh, on evidence of the class that the
question's ``strongest_proof`` asks for. Other than a condition or a best case it is a new answer, so what
applies follows from it anew.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.model.condition import AnswerCondition, leaves
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion
from evalkit.scoring.worth import TOLERANCE, grid, worth

if TYPE_CHECKING:
    from evalkit.model.answers import RawValue
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.scoring.evidence import Distribution, Reading
    from evalkit.scoring.gates import Bar


def prior(question: Question, reading: Reading) -> Distribution:
    """Return how likely each value of a record is, for value of information only; values ascend.

    It is the record's own distribution. Only where the vendor refused, all values are equally likely: else
    asking again could never be worth anything.
    """
    if reading.state != "refused":
        return reading.distribution
    values = grid(question)
    return tuple((value, 1 / len(values)) for value in values)


def resolved(question: Question, reading: Reading, value: float, bar: Bar | None) -> Reading:
    """Return the reading of a record that the strongest proof has shown to be worth ``value``, in 0..1.

    Parameters
    ----------
    reading
        The record as it stands.
    bar
        The bar of the question's gate; None where it has none.
    """
    return replace(
        reading,
        state="answered",
        evidence_class=question.strongest_proof,
        governing=_answers_worth(question, reading, value, bar),
        v=value,
        low=value,
        expected=value,
        high=value,
        distribution=((value, 1.0),),
        disputed=False,
        stale=False,
        items=(),
    )


def _answers_worth(
    question: Question, reading: Reading, value: float, bar: Bar | None
) -> tuple[RawValue, ...]:
    """Return the answers of a resolved record as a gate or condition compares them.

    A scale has one level of that worth. A number stands on the side of the bar that its worth is on. A set's
    worth says nothing about what is ticked: what is stated now, nearest in worth, stays; where nothing is
    stated, the tick that the gate asks for is there, as in every draw.
    """
    if isinstance(question, ScaleQuestion):
        return (min(question.levels, key=lambda level: abs(level.points / 100 - value)).level,)
    if bar is None:
        return reading.governing
    if isinstance(question, NumberQuestion):
        return (_number_beside(bar, reaches=bar.reached_by_worth(value)),)
    if isinstance(question, SetQuestion) and not reading.governing:
        return (bar.gate.includes_any or (),)
    distances = [abs(worth(question, stated) - value) for stated in reading.governing]
    return tuple(
        stated
        for stated, distance in zip(reading.governing, distances, strict=True)
        if distance <= min(distances) + TOLERANCE
    )


def _number_beside(bar: Bar, *, reaches: bool) -> float:
    if bar.gate.at_most is not None:
        return bar.gate.at_most if reaches else math.inf
    return (bar.gate.at_least or 0.0) if reaches else -math.inf


def named_questions(inputs: EvaluationInputs) -> frozenset[str]:
    """Return the questions whose answers decide whether others apply, or whether an option is eligible."""
    conditions = [question.applies_if for question in inputs.questionnaire.questions]
    return frozenset(
        leaf.answer
        for condition in (*conditions, inputs.profile.eligibility)
        if condition is not None
        for leaf in leaves(condition)
        if isinstance(leaf, AnswerCondition)
    )
