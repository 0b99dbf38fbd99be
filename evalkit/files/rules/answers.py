"""What a rule about answers looks at: statements with their places, and the book of these rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from evalkit.files.rules.registry import Found, Rulebook
from evalkit.model.values import RANK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from evalkit.files.document import At, Document
    from evalkit.model.answers import EvidenceItem, ProductAnswers, RawValue, Statement
    from evalkit.model.questionnaire import Question, Questionnaire


@dataclass(frozen=True, slots=True)
class PlacedStatement:
    """The general answer to a question, or one deployment's (then ``deployment`` is its id)."""

    statement: Statement
    question_id: str
    question: Question | None
    deployment: str | None

    @property
    def at(self) -> At:
        """The place in the document."""
        general: At = ("answers", self.question_id)
        return general if self.deployment is None else (*general, "deployments", self.deployment)

    @property
    def name(self) -> str:
        """The question, and the deployment where it is not the general answer."""
        return self.question_id if self.deployment is None else f"{self.question_id} ({self.deployment})"

    @property
    def state(self) -> str | None:
        """The state, from the value where none is written; nothing ticked means unknown."""
        if self.statement.state not in (None, "answered"):
            return self.statement.state
        if self.statement.value == ():
            return "unknown"
        return self.statement.state or (None if self.statement.value is None else "answered")

    @property
    def strongest(self) -> tuple[EvidenceItem, ...]:
        """The evidence items of the highest class as written."""
        items = self.statement.evidence
        highest = max((RANK[item.evidence_class] for item in items), default=0)
        return tuple(item for item in items if RANK[item.evidence_class] == highest)

    def found(self, at: At, message: str, hint: str = "") -> Found:
        """Return a finding inside this statement; the message starts with the question."""
        return Found((*self.at, *at), f"{self.name}: {message}", hint)

    def values(self) -> Iterator[tuple[RawValue, At]]:
        """Yield every value stated, the answer's and the evidence's, with its place."""
        if self.statement.value is not None:
            yield self.statement.value, ("value",)
        for index, item in enumerate(self.statement.evidence):
            if item.value is not None:
                yield item.value, ("evidence", index, "value")

    def items(self) -> Iterator[tuple[EvidenceItem, At]]:
        """Yield every evidence item with its place."""
        for index, item in enumerate(self.statement.evidence):
            yield item, ("evidence", index)


@dataclass(frozen=True)
class AnswersCase:
    """The answers about a product, their file, the questionnaire and the evaluation's day."""

    answers: ProductAnswers
    document: Document
    questionnaire: Questionnaire
    as_of: date

    @cached_property
    def statements(self) -> tuple[PlacedStatement, ...]:
        """Every statement in the order of the file, the general answer before the deployments'."""
        known = self.questionnaire.by_id
        return tuple(
            PlacedStatement(statement, question_id, known.get(question_id), deployment)
            for question_id, answer in self.answers.answers.items()
            for deployment, statement in ((None, answer), *answer.deployments.items())
        )

    @cached_property
    def deployment_ids(self) -> tuple[str, ...]:
        """The deployments in the order of the file."""
        return tuple(deployment.id for deployment in self.answers.deployments)


rule: Rulebook[AnswersCase] = Rulebook()
