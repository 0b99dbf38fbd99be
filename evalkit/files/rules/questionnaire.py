"""What a questionnaire rule looks at, and the book those rules are registered in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from evalkit.files.rules.registry import Found, Rulebook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.files.document import At, Document
    from evalkit.model.questionnaire import Domain, Question, Questionnaire


@dataclass(frozen=True, slots=True)
class PlacedQuestion:
    """A question and where it was written."""

    question: Question
    domain: Domain
    document: Document
    at: At

    def found(self, at: At, message: str, hint: str = "") -> Found:
        """Return a finding inside this question; the message starts with its id."""
        return Found((*self.at, *at), f"{self.question.id}: {message}", hint, self.document)


@dataclass(frozen=True)
class QuestionnaireCase:
    """A questionnaire with its files: the header, domains by file name, framework identifiers."""

    questionnaire: Questionnaire
    document: Document
    domains: Mapping[str, Document]
    frameworks: Document | None

    @cached_property
    def document_of_domain(self) -> Mapping[str, Document]:
        """The file of every domain, by the id that the file states."""
        return {_stated_id(document, stem): document for stem, document in self.domains.items()}

    @cached_property
    def questions(self) -> tuple[PlacedQuestion, ...]:
        """Every question in the order of the questionnaire, with its place."""
        return tuple(
            PlacedQuestion(question, domain, document, ("questions", index))
            for domain in self.questionnaire.domains
            if (document := self.document_of_domain.get(domain.id)) is not None
            for index, question in enumerate(domain.questions)
        )


def _stated_id(document: Document, default: str) -> str:
    data = document.data
    return str(data.get("id", default)) if isinstance(data, dict) else default


rule: Rulebook[QuestionnaireCase] = Rulebook()
