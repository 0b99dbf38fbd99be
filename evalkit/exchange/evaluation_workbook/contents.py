"""What goes into the workbook: the options in order of rank, and what each figure starts from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from evalkit.model.answers import HostLists
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion
from evalkit.model.records import state_of
from evalkit.scoring.aggregation import weights_of
from evalkit.scoring.assessors import counted, voices
from evalkit.scoring.hosts import open_above
from evalkit.scoring.score import readings_of
from evalkit.scoring.worth import worth
from evalkit.views.answer_text import describe
from evalkit.views.export import ranked
from evalkit.views.headline import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.answers import RawValue
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.aggregation import Weights
    from evalkit.scoring.evidence import Reading

Basis = Literal["formulas", "points by evalkit", "interval by evalkit"]
"""How far formulas go back: to the answer, to its points, or to the merged interval of several assessors."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement that governs.

    Attributes
    ----------
    raw : str, int, float or None
        The level, number or special value; a set or list in words.
    points : float or None
        Its worth of 100.
    """

    raw: str | float | int | None = None
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about one question for one option.

    Attributes
    ----------
    answer, lowest, highest : Stated
        The statement that gives the face value; the lowest and highest that govern.
    open_up_to : float or None
        Potential of a host list that no capture has tested.
    """

    reading: Reading
    answer: Stated
    lowest: Stated
    highest: Stated
    open_up_to: float | None
    basis: Basis
    words: str


@dataclass(frozen=True, slots=True)
class Scored:
    """One option that has figures."""

    card: Scorecard
    title: str
    said: Mapping[str, Said]


@dataclass(frozen=True)
class Contents:
    """Everything that the sheets show.

    Attributes
    ----------
    cards : tuple of Scorecard
        In order of rank; those without figures last.
    """

    inputs: EvaluationInputs
    cards: tuple[Scorecard, ...]

    @cached_property
    def weights(self) -> Weights:
        """The weights as evalkit counts them."""
        return weights_of(self.inputs.questionnaire, self.inputs.profile)

    @cached_property
    def scored(self) -> tuple[Scored, ...]:
        """The options with figures, in order of rank."""
        options = {option.id: option for option in self.inputs.options()}
        return tuple(
            Scored(
                card,
                title_of(self.inputs, card.option),
                _said_of(self.inputs, options[card.option]),
            )
            for card in self.cards
            if card.is_scored
        )


def contents_of(inputs: EvaluationInputs, scorecards: Sequence[Scorecard]) -> Contents:
    """Return what the workbook of an evaluation shows."""
    return Contents(inputs, ranked(scorecards))


def _said_of(inputs: EvaluationInputs, option: Option) -> dict[str, Said]:
    readings = readings_of(inputs, option, inputs.profile.evidence)
    return {
        question.id: said(question, readings[question.id], merged=_is_merged(inputs, option, question.id))
        for question in inputs.questionnaire.questions
    }


def _is_merged(inputs: EvaluationInputs, option: Option, question_id: str) -> bool:
    """Whether several assessors' readings stand for the record."""
    states = [state_of(voice.statement) for voice in voices(inputs, option, question_id)]
    return len(counted(states)) > 1


def said(question: Question, reading: Reading, *, merged: bool) -> Said:
    """Return what the figures of one question start from."""
    basis: Basis = "formulas"
    if merged:
        basis = "interval by evalkit"
    elif not isinstance(question, (ScaleQuestion, NumberQuestion)):
        basis = "points by evalkit"
    if reading.v is None:
        return Said(reading, Stated(), Stated(), Stated(), None, basis, "")
    values = sorted(reading.governing, key=lambda value: worth(question, value))
    face = min(values, key=lambda value: abs(worth(question, value) - (reading.v or 0.0)))
    potential = None
    if isinstance(question, ListQuestion) and not merged:
        lists = [value for value in values if isinstance(value, HostLists)]
        potential = max((above for value in lists if (above := open_above(value)) is not None), default=None)
    return Said(
        reading=reading,
        answer=_stated(question, face),
        # A list that is open above is as good as its best table value, whatever else governs.
        lowest=_stated(question, values[0] if potential is None else values[-1]),
        highest=_stated(question, values[-1]),
        open_up_to=potential,
        basis=basis,
        words="; ".join(dict.fromkeys(describe(question, value).named for value in values)),
    )


def _stated(question: Question, value: RawValue) -> Stated:
    # Twice divided and multiplied, 55 points would be 55.00000000000001.
    points = round(100 * worth(question, value), 9)
    if isinstance(value, (str, int, float)):
        return Stated(value, points)
    return Stated(describe(question, value).short, points)
