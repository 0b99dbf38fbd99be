"""How one organisation decides: weights, evidence table, thresholds, gates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalkit.model.condition import Condition
from evalkit.model.values import (
    EvidenceClass,
    Flag,
    Id,
    Number,
    QuestionId,
    Share,
    Text,
    Value,
    Version,
    Weight,
    Word,
)


class EvidencePolicy(Value):
    """What one evidence class is worth.

    ``slack_levels`` is how many levels of 0.25 a statement may overstate, ``reliability`` the probability
    that it holds as stated, ``valid_days`` how long it lives after it was collected.
    """

    slack_levels: Annotated[int, Field(ge=0, le=4, strict=True)]
    reliability: Share
    valid_days: Annotated[int, Field(gt=0, strict=True)]


class Thresholds(Value):
    """Shares in 0..1 that an option must reach to be approved."""

    approve_at: Share
    domain_floor: Share
    minimum_coverage: Share


class Gate(Value):
    """A knock-out rule: the bar one question must reach, and the evidence it needs.

    Exactly one of ``at_least``, ``at_most`` and ``includes_any`` is given.
    """

    question: QuestionId
    at_least: Number | None = None
    at_most: Number | None = None
    includes_any: Annotated[tuple[Word, ...], Field(min_length=1)] | None = None
    mitigable: Flag
    needs: EvidenceClass
    consequence: Text


class Profile(Value):
    """The file ``profiles/<id>.yaml``."""

    format: Literal["evalkit/profile/1"]
    id: Id
    version: Version
    questionnaire: Id
    title: Text
    purpose: Text
    eligibility: Condition | None = None
    domain_weights: dict[Id, Weight]
    domain_reason: Text | None = None
    question_weights: dict[QuestionId, Weight] = Field(default_factory=dict)
    evidence: dict[EvidenceClass, EvidencePolicy]
    thresholds: Thresholds
    unknown_gate: Literal["open", "fail"] = "open"
    gates: tuple[Gate, ...] = ()
