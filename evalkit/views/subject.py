"""What a report is about: one option with its scorecard, and the other deployments of its product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.model.answers import Statement
from evalkit.model.records import stated_value
from evalkit.scoring.assessors import voices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import Product, RawValue
    from evalkit.model.controls import Control
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import QuestionResult, Scorecard
    from evalkit.scoring.assessors import Voice


@dataclass(frozen=True, slots=True)
class Subject:
    """One option as its report sees it.

    Attributes
    ----------
    others : tuple of Scorecard
        Scorecards of the product's other deployments, in the order of its file.
    """

    inputs: EvaluationInputs
    option: Option
    card: Scorecard
    others: tuple[Scorecard, ...] = ()

    @property
    def product(self) -> Product:
        """The product that the option is a deployment of."""
        return self.option.answers.product

    def question(self, question_id: str) -> Question:
        """Return a question of the questionnaire."""
        return self.inputs.questionnaire.by_id[question_id]

    def statement(self, question_id: str) -> Statement:
        """Return what was said about a question for this option; nothing where several assessors speak."""
        said = self.voices(question_id)
        return said[0].statement if len(said) == 1 else Statement()

    def voices(self, question_id: str) -> tuple[Voice, ...]:
        """Return who says what about a question for this option: the consensus, or each assessor."""
        return voices(self.inputs, self.option, question_id)

    def governing(self, result: QuestionResult) -> tuple[RawValue, ...]:
        """Return the values of the evidence that governs, in the order written, each once."""
        statement = self.statement(result.question)
        values: list[RawValue] = []
        for it in result.items:
            value = stated_value(it.item, statement)
            if it.governs and value is not None and value not in values:
                values.append(value)
        return tuple(values)

    @property
    def controls(self) -> Mapping[str, Control]:
        """Every documented control of the product, by id."""
        file = self.inputs.controls.get(self.option.answers.product.id)
        return {} if file is None else {control.id: control for control in file.controls}


def display_state(result: QuestionResult) -> str:
    """Return the state that readers see: a question that does not apply has none of its own."""
    return result.state if result.applicable else "not-applicable"


def report_path(option_id: str) -> str:
    """Return where an option's report lies, relative to the folder of all results.

    >>> report_path("claude-code/bedrock")
    'reports/claude-code.bedrock.html'
    """
    return f"reports/{option_id.replace('/', '.')}.html"
