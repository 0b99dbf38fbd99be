"""What explains a score and what would change it: plain results, in shares and their differences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.scorecard import Verdict

ScoreName = Literal["assured", "expected", "potential"]
"""Which of the three scores."""

Side = Literal["a", "b"]
"""The first or the second of two options compared."""


@dataclass(frozen=True, slots=True)
class QuestionBar:
    """What one question adds to the difference between two options.

    Attributes
    ----------
    answers : float
        Part due to the answers, in -1..1; 0 where the question applies to one option only.
    applicability : float
        Part due to the weights that differ because not the same questions apply to both; 0 where the same
        do.
    """

    question: str
    answers: float
    applicability: float

    @property
    def total(self) -> float:
        """ŵ_a x_a − ŵ_b x_b, the whole of what the question adds."""
        return self.answers + self.applicability


@dataclass(frozen=True, slots=True)
class DomainBar:
    """What one domain adds to the difference: the sums of its questions' bars."""

    domain: str
    answers: float
    applicability: float
    questions: tuple[QuestionBar, ...]


@dataclass(frozen=True, slots=True)
class ScoreWaterfall:
    """The difference of one score between two options, in bars that sum to it.

    Attributes
    ----------
    domains : tuple of DomainBar
        In the order of the questionnaire; what applies to neither option is left out.
    """

    score_a: float
    score_b: float
    domains: tuple[DomainBar, ...]

    @property
    def difference(self) -> float:
        """S_a − S_b, in -1..1."""
        return self.score_a - self.score_b

    @property
    def applicability(self) -> float:
        """The separate bar: what differs because not the same questions apply to both."""
        return math.fsum(bar.applicability for domain in self.domains for bar in domain.questions)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The differences between two options in all three scores."""

    assured: ScoreWaterfall
    expected: ScoreWaterfall
    potential: ScoreWaterfall


@dataclass(frozen=True, slots=True)
class FaceWaterfall:
    """From the face value of one option down to what is assured and up to what is possible, by cause.

    Causes are those of the gap, in its order: the state of what is not answered, disputed, stale, or the
    evidence class. ``face - sum(unproven) = assured`` and ``face + sum(unsaid) = potential``.

    Attributes
    ----------
    unproven : mapping
        What the answers claim beyond what their evidence assures; greater than 0 each.
    unsaid : mapping
        What may still come: of silence, and above answers that are open upwards; greater than 0 each.
    """

    face: float
    unproven: Mapping[str, float]
    assured: float
    unsaid: Mapping[str, float]
    potential: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """Scores while one weight goes from nothing to everything and the others keep their proportions.

    Attributes
    ----------
    question : str or None
        None where the domain's share of the whole is swept, else the question whose share of the domain is.
    stated : float
        The share that the profile states, in 0..1.
    shares : tuple of float
        The shares tried, ascending from 0 to 1.
    scores : mapping
        By option, one score per share; None where nothing that applies to the option has weight.
    """

    domain: str
    question: str | None
    stated: float
    shares: tuple[float, ...]
    scores: Mapping[str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class ReversalPoint:
    """A weight at which two options score the same.

    Attributes
    ----------
    share : float
        The weight, in 0..1: of a domain in the whole, or of a question in its domain.
    score : float
        What both score there.
    below, above : "a", "b" or None
        Who leads at smaller and at larger weights; None at the ends 0 and 1, where there are none.
    """

    share: float
    score: float
    below: Side | None
    above: Side | None


@dataclass(frozen=True, slots=True)
class WeightChange:
    """The smallest change of domain weights that lets one option catch up with another.

    Attributes
    ----------
    shares : mapping
        The changed weights by domain; they sum to 1.
    change : float
        Σ |changed − stated|, in 0..2; half of it is the weight that moves.
    score_a, score_b : float
        The scores under the changed weights.
    """

    shares: Mapping[str, float]
    change: float
    score_a: float
    score_b: float


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer that is raised so that one option overtakes another.

    Attributes
    ----------
    before, after : float
        v⁻ of the answer, in 0..1.
    score_a, score_b : float
        Assured scores after this change and all before it.
    """

    question: str
    before: float
    after: float
    score_a: float
    score_b: float


@dataclass(frozen=True, slots=True)
class Resolution:
    """How an option stands if one record is resolved at a value.

    Attributes
    ----------
    value : float
        The value, in 0..1.
    assured, expected : float or None
        The scores then, in 0..1; None where the option is not eligible then.
    """

    value: float
    assured: float | None
    expected: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TornadoRow:
    """What one open record can do to an option, all else as it stands.

    Attributes
    ----------
    lowest, best : Resolution
        At v⁻ and at v⁺, the ends of what the evidence leaves open.
    gate_otherwise : Resolution or None
        Where the record has an undecided gate that turns out alike at both ends although it may turn out
        otherwise: how the option stands then.
    """

    question: str
    lowest: Resolution
    best: Resolution
    gate_otherwise: Resolution | None

    @property
    def swing(self) -> float | None:
        """Assured score at v⁺ less that at v⁻, in -1..1; None where the option is not eligible at an end.

        Below 0 only where more questions apply at v⁺.
        """
        if self.lowest.assured is None or self.best.assured is None:
            return None
        return self.best.assured - self.lowest.assured
