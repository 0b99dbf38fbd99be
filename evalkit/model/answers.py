"""What was answered about one product, by whom, on what evidence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError, ValidationError

from evalkit.model.values import (
    Day,
    EvidenceClass,
    Flag,
    Id,
    Key,
    OptionalText,
    QuestionId,
    QuestionnaireRef,
    SourceKind,
    Text,
    Value,
    Word,
)

Host = Annotated[str, Field(min_length=1, pattern=r"^\S+$")]
Revision = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]


class HostLists(Value):
    """The answer to a list question: host names or patterns, by where they were found."""

    documented: tuple[Host, ...] = ()
    observed: tuple[Host, ...] = ()
    from_source: tuple[Host, ...] = ()
    purposes_given: Flag = False
    none_needed: Flag = False


def _answer_value(value: Any, parse: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - any YAML value
    try:
        return parse(value)
    except ValidationError as error:
        raise PydanticCustomError(
            "answer_value",
            "is not an answer; allowed are a level, a number, a special value, a list of option ids, or the"
            " lists documented, observed, from_source with purposes_given and none_needed",
        ) from error


RawValue = Annotated[
    Annotated[int, Field(strict=True)]
    | Annotated[float, Field(strict=True)]
    | Annotated[str, Field(strict=True)]
    | tuple[Annotated[str, Field(strict=True)], ...]
    | HostLists,
    WrapValidator(_answer_value),
]
"""An answer as written: a level, a number, a special value, option ids, or host lists."""


class Product(Value):
    """The product that the answers are about."""

    id: Id
    name: Text
    vendor: Text
    version: Text
    licence: Word
    operating_systems: tuple[Word, ...] | None = None
    features: tuple[Word, ...] | None = None


class Prepared(Value):
    """Who answered, when, and on what basis."""

    by: Text
    on: Day
    basis: Text


class Deployment(Value):
    """One way to run the product; product and deployment together are an option."""

    id: Id
    name: Text
    route: Word
    surface: Word
    plan: Word
    client: Text | None = None


class Source(Value):
    """Where something was read, cited by its key."""

    title: Text
    publisher: Text
    url: Text | None = None
    kind: SourceKind
    version: Text | None = None
    retrieved: Day | None = None


class EvidenceItem(Value):
    """One piece of evidence for one answer."""

    evidence_class: EvidenceClass = Field(alias="class")
    source: Key
    locator: OptionalText | None = None
    value: RawValue | None = None
    collected: Day | None = None
    expires: Day | None = None
    method: Literal["examine", "interview", "test"] | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    deployments: tuple[Id, ...] | None = None
    version: Text | None = None


class Answered(Value):
    """Who answered last, and when; kept by the form."""

    by: Text
    on: Day


class Review(Value):
    """A reviewer's sign-off, or what assessors agreed on.

    Attributes
    ----------
    revision : str or None
        Revision of the statement that was signed off (:func:`evalkit.model.records.revision_of`), so that a
        later change shows.
    sources : dict of str to str
        Revisions of the sources that it cited then, by key, for the same reason; empty in older files.
    """

    by: Text
    on: Day
    note: OptionalText | None = None
    revision: Revision | None = None
    sources: dict[Key, Revision] = Field(default_factory=dict)


class Comment(Value):
    """A remark between those who answer and those who review; never scored."""

    by: Text
    on: Day
    text: Text


class Statement(Value):
    """An answer for one scope: the general one, or one deployment's."""

    state: Literal["answered", "conflicting", "unknown", "refused", "unanswered"] | None = None
    value: RawValue | None = None
    finding: OptionalText | None = None
    also: OptionalText | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    answered: Answered | None = None
    reviewed: Review | None = None


class Answer(Statement):
    """The general answer to a question, what differs by deployment, and what was remarked on it."""

    comments: tuple[Comment, ...] = ()
    deployments: dict[Id, Statement] = Field(default_factory=dict)


class ProductAnswers(Value):
    """The file ``answers/<product>.yaml``."""

    format: Literal["evalkit/answers/1"]
    questionnaire: QuestionnaireRef
    product: Product
    prepared: Prepared
    deployments: Annotated[tuple[Deployment, ...], Field(min_length=1)]
    sources: dict[Key, Source] = Field(default_factory=dict)
    answers: dict[QuestionId, Answer] = Field(default_factory=dict)

    def deployment(self, deployment_id: str) -> Deployment:
        """Return one deployment; ``KeyError`` if there is none of that id."""
        for deployment in self.deployments:
            if deployment.id == deployment_id:
                return deployment
        raise KeyError(deployment_id)
