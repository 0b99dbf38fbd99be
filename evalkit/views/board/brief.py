"""What a board reads, as values: every document for a board is made from one brief.

Texts are as they were written, by whomever: whoever shows one escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from evalkit.model.profile import Thresholds
    from evalkit.model.robustness import Word
    from evalkit.model.scorecard import GateOutcome, Span, Verdict
    from evalkit.views.board.since import Since

Standing = Literal["low", "partly", "good", "none"]
"""Where a domain stands: below the floor, between, at the mark for approval or above; nothing applies."""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One option of all those compared.

    Attributes
    ----------
    place : int or None
        Rank by assured score; None without a score.
    gates : tuple of GateOutcome
        In the order of the profile; empty without a score.
    domains : tuple of float or None
        Assured score of each domain, 0..1, in the order of the questionnaire; None where nothing applies.
    why_not_scored : str
        The reason, empty where there is a score.
    """

    place: int | None
    option: str
    name: str
    verdict: Verdict
    span: Span | None
    face_value: float | None
    coverage: float | None
    gates: tuple[GateOutcome, ...]
    domains: tuple[float | None, ...]
    why_not_scored: str = ""


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to be done before an option is sufficient, with room for an owner and a date.

    Attributes
    ----------
    kind : str
        ``evidence`` to obtain, ``control`` to deploy, ``remedy`` to set and to have in the contract.
    how : str
        The test or document; the setting's clause; empty for a control.
    serves : tuple of str
        Titles of the questions that it answers.
    """

    kind: Literal["evidence", "control", "remedy"]
    id: str
    what: str
    how: str
    serves: tuple[str, ...]
    closes_gate: bool


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A question whose answer leaves much open: how much of 1, and why."""

    question: str
    title: str
    width: float
    cause: str


@dataclass(frozen=True, slots=True)
class Unverified:
    """What of an option nobody has proven.

    Attributes
    ----------
    share : float or None
        Share of the face value that rests on claims and third parties; None without a face value.
    causes : tuple of (str, float)
        Potential less assured score by cause, most first; sums to the difference.
    points : tuple of OpenPoint
        The widest questions, widest first.
    """

    share: float | None
    causes: tuple[tuple[str, float], ...]
    points: tuple[OpenPoint, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One option of the short list.

    Attributes
    ----------
    letter : str
        What tables call it: A for the first.
    why : tuple of str
        Sentences: the reason, what stands in the way today, the way out.
    reached : float or None
        Assured score once all that is to be done is done; None where nothing is listed.
    readings : str
        What a stricter and a more lenient reading of the evidence would say.
    flips : bool
        Whether one of them gives another verdict.
    first_share : float or None
        Share of the draws in which it is first; None where it takes no part.
    """

    letter: str
    line: OptionLine
    product: str
    why: tuple[str, ...]
    to_do: tuple[ToDo, ...]
    reached: float | None
    readings: str
    flips: bool
    unverified: Unverified | None
    first_share: float | None


@dataclass(frozen=True, slots=True)
class GateLine:
    """One gate for the options of the short list, in their order; None for one without a score."""

    title: str
    bar: str
    mitigable: bool
    results: tuple[GateOutcome | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a domain adds to the difference of two assured scores, -1..1."""

    title: str
    difference: float


@dataclass(frozen=True, slots=True)
class WeightMove:
    """One domain whose weight has to move for two options to change places; shares in 0..1."""

    title: str
    stated: float
    changed: float


@dataclass(frozen=True, slots=True)
class FirstOverSecond:
    """Why the first option of the short list stands above the second.

    Attributes
    ----------
    difference : float
        Assured score of the first less that of the second.
    by_verdict : bool
        Whether its verdict is the better one.
    parts : tuple of Part
        By domain, in the order of the questionnaire; they sum to the difference.
    wins : float or None
        Share of the draws in which the first is ahead of the second.
    moves : tuple of WeightMove
        The smallest change of weights that lets them change places; empty where there is none.
    """

    first: str
    second: str
    difference: float
    by_verdict: bool
    parts: tuple[Part, ...]
    wins: float | None
    moves: tuple[WeightMove, ...]


@dataclass(frozen=True, slots=True)
class RouteLine:
    """One question on which the deployments of a product differ, with each one's answer in short."""

    title: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routes:
    """What differs between the deployments of one product; ``others`` counts the questions left out."""

    product: str
    deployments: tuple[OptionLine, ...]
    names: tuple[str, ...]
    lines: tuple[RouteLine, ...]
    others: int


@dataclass(frozen=True, slots=True)
class Silence:
    """What was not answered about one option.

    Attributes
    ----------
    counts : tuple of (str, int)
        Questions by state, without zeros.
    heaviest : tuple of str
        Titles of those that weigh most.
    asked : int
        Questions that apply.
    """

    option: str
    name: str
    counts: tuple[tuple[str, int], ...]
    heaviest: tuple[str, ...]
    asked: int


@dataclass(frozen=True, slots=True)
class FirstPlace:
    """How surely an option is first: shares of the draws, 0..1."""

    option: str
    first: float
    in_front: float


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure the ranking is: the option that is first most often, and those of the short list.

    Attributes
    ----------
    share, any_weights : float
        Share of the draws in which it is first, at the stated weights and with any weights.
    draws : int
        Draws of weights and of what is not known.
    none_acceptable : float
        Share of the draws in which gates exclude every option.
    """

    leader: str
    leader_name: str
    share: float
    word: Word
    any_weights: float
    rows: tuple[FirstPlace, ...]
    draws: int
    none_acceptable: float


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source and how many answers about the short-listed options cite it."""

    title: str
    publisher: str
    kind: str
    dated: str
    answers: int


@dataclass(frozen=True, slots=True)
class BoardBrief:
    """Everything that a board is told about one evaluation.

    Attributes
    ----------
    decision : str
        What the board is asked to decide, in one sentence.
    recommendation : tuple of str
        Sentences: what is recommended and under which conditions.
    options : tuple of OptionLine
        All options, by rank, those without a score last.
    short_list : tuple of Candidate
        By verdict, then by assured score; 1 to 6.
    chosen : bool
        Whether the short list was named, and not taken from the ranking.
    frozen : str
        Whether questionnaire and profile were frozen before the first answer.
    domains, domain_questions : tuple of str
        Titles and leading questions of the domains.
    weights : tuple of float
        Share of each domain in the whole.
    sources : tuple of CitedSource
        Those of the short-listed options, most cited first.
    basis : str
        Digest of all that the brief rests on, as decision records have it.
    hashes : mapping
        Of every file read, by path.
    since : Since or None
        What changed since the last board; None where there was none.
    """

    title: str
    evaluation: str
    as_of: date
    profile: str
    profile_purpose: str
    questionnaire: str
    frozen: str
    data_classes: tuple[str, ...]
    thresholds: Thresholds
    products: int
    verdicts: tuple[tuple[Verdict, int], ...]
    decision: str
    recommendation: tuple[str, ...]
    options: tuple[OptionLine, ...]
    short_list: tuple[Candidate, ...]
    chosen: bool
    domains: tuple[str, ...]
    domain_questions: tuple[str, ...]
    weights: tuple[float, ...]
    gates: tuple[GateLine, ...]
    certainty: Certainty | None
    first_over_second: FirstOverSecond | None
    routes: Routes | None
    silence: tuple[Silence, ...]
    not_scored: tuple[OptionLine, ...]
    method: tuple[str, ...]
    glossary: tuple[tuple[str, str], ...]
    sources: tuple[CitedSource, ...]
    basis: str
    hashes: Mapping[str, str]
    since: Since | None = None

    def standing(self, share: float | None) -> Standing:
        """Return where an assured score of a domain stands by the profile's floor and mark."""
        if share is None:
            return "none"
        if share < self.thresholds.domain_floor - _TOLERANCE:
            return "low"
        return "good" if share >= self.thresholds.approve_at - _TOLERANCE else "partly"


_TOLERANCE = 1e-9
