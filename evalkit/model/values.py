"""The field types that all file formats share: ids, dates, texts, closed lists."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

EvidenceClass = Literal["claim", "third_party", "documented", "source_read", "contract", "attested", "tested"]
"""How well a statement is backed, weakest first."""

EVIDENCE_CLASSES: Final[tuple[EvidenceClass, ...]] = get_args(EvidenceClass)
"""The evidence classes from the weakest (rank 1) to the strongest (rank 7)."""

RANK: Final[dict[str, int]] = {"none": 0} | {
    name: rank for rank, name in enumerate(EVIDENCE_CLASSES, start=1)
}
"""Rank of each evidence class; ``none``, the absence of evidence, has rank 0."""

AnswerState = Literal["answered", "conflicting", "unknown", "refused", "unanswered"]
"""What is known about a question that applies."""

SourceKind = Literal[
    "vendor-docs",
    "source-code",
    "package",
    "schema",
    "news",
    "third-party",
    "contract",
    "audit-report",
    "lab",
    "correspondence",
]
"""What sort of thing a source is; its standing as evidence is the evidence class, not this."""

DIMENSIONS: Final = ("route", "surface", "plan")
"""What deployments of one product may differ in."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso_date(value: Any) -> date:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # 2026-02-30 is well-formed and no date: same message as below
    raise PydanticCustomError("iso_date", "is not a date; write it as YYYY-MM-DD")


class Value(BaseModel):
    """A frozen value read from a file; an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
    )


Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
"""Text that says something; Markdown without HTML where it is prose."""

OptionalText = Annotated[str, Field()]
"""Text that may be empty."""

Integer = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True)] | Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]

Day = Annotated[
    date,
    BeforeValidator(_iso_date),
    PlainSerializer(lambda day: day.isoformat(), return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A calendar day, written ``YYYY-MM-DD``."""

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
"""Lower-case letters, digits and hyphens: safe as a file name."""

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]
"""Id of a source, parameter or file within one document."""

Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=64)]
"""One value of a closed list, for example ``aws_bedrock``."""

QuestionId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{2,3}$")]
"""Prefix of the domain and a number, for example ``LOC-07``; never reused."""

Version = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
"""Version of an instrument: major.minor.patch."""

QuestionnaireRef = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*@[0-9]+\.[0-9]+\.[0-9]+$")]
"""Questionnaire and version, for example ``coding-agent@1.0.0``."""

Share = Annotated[float, Field(ge=0, le=1, strict=True)]
"""A number in 0..1."""

Points = Annotated[float, Field(ge=0, le=100, strict=True)]
"""Worth of an answer on the scale 0..100."""

Weight = Annotated[float, Field(gt=0, strict=True)]
"""A weight, greater than zero; only ratios matter."""
