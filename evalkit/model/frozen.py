"""The instrument as it was frozen before answers were opened, and what is known of it today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from evalkit.model.decision import Hash
from evalkit.model.values import Id, QuestionnaireRef, Text, Value

Moment = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
"""A moment in UTC, to the second."""


class Frozen(Value):
    """The file ``frozen.yaml``.

    Attributes
    ----------
    at : str
        When, in UTC.
    answers : int
        How many answers there were then; more than none only where it was frozen late.
    instrument : mapping
        SHA-256 of the questionnaire's files and of the profile, by name.
    """

    format: Literal["evalkit/frozen/1"]
    questionnaire: QuestionnaireRef
    profile: Id
    by: Text
    at: Moment
    late: Annotated[bool, Field(strict=True)] = False
    answers: Annotated[int, Field(ge=0, strict=True)] = 0
    instrument: dict[Text, Hash] = Field(min_length=1)

    @property
    def day(self) -> date:
        """The day on which it was frozen, in UTC."""
        return datetime.fromisoformat(self.at).date()


@dataclass(frozen=True, slots=True)
class Freeze:
    """What is known today of an instrument that was frozen.

    Attributes
    ----------
    changed : tuple of str
        Files that are others than then, no longer used, or new.
    earlier : str
        Moment of an answer that is older than the freezing, as its journal has it; empty where there is none.
    """

    record: Frozen
    changed: tuple[str, ...] = ()
    earlier: str = ""

    @property
    def came_first(self) -> bool:
        """Whether nobody had answered anything when it was frozen."""
        return not (self.record.late or self.record.answers or self.earlier)
