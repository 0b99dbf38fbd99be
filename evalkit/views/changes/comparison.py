"""Two states of an evaluation side by side, and what a reader calls each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from evalkit.scoring.change import change
from evalkit.scoring.score import score
from evalkit.views.board.clipping import option_name
from evalkit.views.export import ranks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.files.revisions import Revision
    from evalkit.model.change import Change
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import Scorecard


@dataclass(frozen=True)
class State:
    """One state of an evaluation.

    Attributes
    ----------
    label : str
        What a reader calls it: a folder, a revision, a day.
    revision : Revision or None
        None for files as they are.
    """

    label: str
    inputs: EvaluationInputs
    revision: Revision | None = None

    @cached_property
    def cards(self) -> tuple[Scorecard, ...]:
        """The scorecards of all options."""
        return score(self.inputs)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The place of each scored option among all."""
        return ranks(self.cards)

    def title(self, question_id: str) -> str:
        """Return the title of a question; empty where the questionnaire does not have it."""
        question = self.inputs.questionnaire.by_id.get(question_id)
        return "" if question is None else question.title


@dataclass(frozen=True)
class StateComparison:
    """What changed from an earlier to a later state.

    Attributes
    ----------
    only : collection of str or None
        Ids of the options that are told about; None for all.
    notes : tuple of str
        What a reader has to know of how they were read.
    """

    before: State
    after: State
    only: Collection[str] | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def change(self) -> Change:
        """What differs.

        Raises
        ------
        EvalkitError
            If the two are answered on different questionnaires.
        """
        before, after = self.before, self.after
        return change(before.inputs, after.inputs, before.cards, after.cards, only=self.only)

    def name(self, option_id: str) -> str:
        """Return product and deployment of an option in words, as they are called later."""
        known = {card.option for card in self.after.cards}
        return option_name((self.after if option_id in known else self.before).inputs, option_id)

    def title(self, question_id: str) -> str:
        """Return a question's id and title, as it is asked later."""
        title = self.after.title(question_id) or self.before.title(question_id)
        return f"{question_id} {title}".strip()

    def questions(self, question_id: str) -> tuple[Question | None, Question | None]:
        """Return a question as it was asked before and after; None where it was not."""
        return (
            self.before.inputs.questionnaire.by_id.get(question_id),
            self.after.inputs.questionnaire.by_id.get(question_id),
        )
