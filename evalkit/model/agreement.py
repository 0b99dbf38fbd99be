"""What several assessors' answers about one product have in common, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import RawValue
    from evalkit.model.values import AnswerState

LEAST_ALPHA: Final = 0.667
"""Below it Krippendorff draws no conclusion from data; the rubric of such a domain wants another wording."""

DISCUSSED_LEVELS: Final = 2
"""Assessors who are so many levels apart, or more, talk about it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How far assessors agree.

    Attributes
    ----------
    alpha : float or None
        Krippendorff's alpha of the levels of scales, ordinal, at most 1; None where no two assessors answered
        or where no value differs from another.
    interval : tuple of (float, float) or None
        Bootstrap interval of alpha over questions; None where alpha is, or where there is one question only.
    exact_share : float or None
        Mean over records of the share of pairs of assessors with the same value, 0..1; every kind of
        question.
    within_one_share : float or None
        The same for pairs at most one level apart; scales only.
    questions : int
        Questions to which at least two assessors gave a value, for one deployment or all.
    records : int
        Their records to which at least two assessors gave a value.
    scale_records : int
        Those of them on a scale.
    """

    alpha: float | None
    interval: tuple[float, float] | None
    exact_share: float | None
    within_one_share: float | None
    questions: int
    records: int
    scale_records: int

    @property
    def is_low(self) -> bool:
        """Whether alpha is known and below .667."""
        return self.alpha is not None and self.alpha < LEAST_ALPHA


@dataclass(frozen=True, slots=True)
class DomainAgreement:
    """How far assessors agree in one domain."""

    domain: str
    figures: Figures

    @property
    def is_rubric_unclear(self) -> bool:
        """Whether alpha is below .667: rewrite the rubric and rescore."""
        return self.figures.is_low


@dataclass(frozen=True, slots=True)
class Position:
    """What one assessor says about one record.

    Attributes
    ----------
    value : level, number, special value, option ids, host lists or None
        As written; None where the state is not answered.
    evidence_class : str
        Highest class as written; ``none`` without evidence.
    """

    state: AnswerState
    value: RawValue | None
    evidence_class: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One record on which assessors differ in state or value.

    Attributes
    ----------
    scope : str
        ``*`` where everybody's general answer is meant, else deployment ids joined by ``+``.
    deployments : tuple of str
        The deployments that it is about, in the order of the file.
    positions : mapping
        Position by assessor.
    levels_apart : int or None
        Steps of the scale between lowest and highest level stated; None where fewer than two assessors state
        one.
    """

    question: str
    domain: str
    scope: str
    deployments: tuple[str, ...]
    positions: Mapping[str, Position]
    levels_apart: int | None

    @property
    def must_be_discussed(self) -> bool:
        """Whether assessors are two levels or more apart."""
        return self.levels_apart is not None and self.levels_apart >= DISCUSSED_LEVELS


@dataclass(frozen=True, slots=True)
class Agreement:
    """Several assessors of one product: overall, by domain in the questionnaire's order, and differences."""

    product: str
    assessors: tuple[str, ...]
    overall: Figures
    domains: tuple[DomainAgreement, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def unclear_domains(self) -> tuple[str, ...]:
        """The domains whose rubric is to be rewritten before it is scored again."""
        return tuple(each.domain for each in self.domains if each.is_rubric_unclear)

    @property
    def to_discuss(self) -> tuple[Disagreement, ...]:
        """The differences of two levels or more."""
        return tuple(each for each in self.disagreements if each.must_be_discussed)
