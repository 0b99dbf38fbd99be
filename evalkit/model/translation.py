"""What questionnaire, profiles and evaluation say in another language; what is asked stays the same."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalkit.model.values import Id, QuestionId, Text, Value

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
"""Code of two letters."""


class DomainTexts(Value):
    """A domain's title and leading question."""

    title: Text
    seed: Text


class ProfileTexts(Value):
    """A profile's title and purpose."""

    title: Text
    purpose: Text


class Translation(Value):
    """The file ``languages/<code>.yaml`` of a questionnaire; what it leaves out is shown as written.

    Attributes
    ----------
    questions
        Titles by question.
    texts
        By the text that they replace: labels of levels, options of sets, evidence wanted, remedies.
    """

    format: Literal["evalkit/translation/1"]
    questionnaire: Id
    language: Language
    title: Text | None = None
    domains: dict[Id, DomainTexts] = Field(default_factory=dict)
    questions: dict[QuestionId, Text] = Field(default_factory=dict)
    profiles: dict[Id, ProfileTexts] = Field(default_factory=dict)
    texts: dict[Text, Text] = Field(default_factory=dict)

    def of(self, text: str) -> str:
        """Return a text in this language, or as written where there is none."""
        return self.texts.get(text, text)


class EvaluationTranslation(Value):
    """The file ``languages/<code>.yaml`` of an evaluation; what it leaves out is shown as written.

    Attributes
    ----------
    title
        Of the evaluation.
    texts
        By the text that they replace: titles of controls, and names of deployments.
    """

    format: Literal["evalkit/evaluation-translation/1"]
    evaluation: Id
    language: Language
    title: Text | None = None
    texts: dict[Text, Text] = Field(default_factory=dict)

    def of(self, text: str) -> str:
        """Return a text in this language, or as written where there is none."""
        return self.texts.get(text, text)
