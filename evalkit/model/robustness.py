"""What the robustness analysis returns: who leads, how surely, and under which weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Word = Literal["robust", "likely", "leaning", "undetermined"]

_WORDS: tuple[tuple[float, Word], ...] = ((0.95, "robust"), (0.80, "likely"), (0.50, "leaning"))
_TOLERANCE = 1e-9


def word_for(share: float) -> Word:
    """Return the word for a share of draws in 0..1; each limit belongs to the stronger word.

    >>> [word_for(share) for share in (0.95, 0.8, 0.5, 0.49)]
    ['robust', 'likely', 'leaning', 'undetermined']
    """
    return next((word for limit, word in _WORDS if share >= limit - _TOLERANCE), "undetermined")


def sampling_error(share: float, draws: int) -> float:
    """Return half the width of the 95 % interval of a share of draws: 1.96 √(b(1−b)/N).

    >>> round(sampling_error(0.5, 10_000), 4)
    0.0098
    """
    return 1.96 * math.sqrt(share * (1 - share) / draws)


@dataclass(frozen=True, slots=True)
class OptionRobustness:
    """One option under one weight scenario and one reading of the gates. Shares of draws, in 0..1.

    Attributes
    ----------
    acceptability : tuple of float
        By rank, the best first: share of the draws in which the option has it. Options tied for ranks i..j
        have 1/(j−i+1) of each. With ``excluded`` the row sums to 1.
    excluded : float
        Share of the draws in which a gate excludes the option; the same under all weights.
    wins : mapping
        By other option: share of the draws in which this one is strictly ahead, of those in which not both
        are excluded; None if both always are. What is missing from ``wins`` both ways is tied.
    central_weights : mapping or None
        Mean domain weights, by domain, of the draws in which the option is first, a shared first place
        counting in part; they sum to 1. None if it never is first.
    confidence : float or None
        Of the draws of the values in which the option is acceptable: share in which it is first at its
        central weights, a shared first place counting in part. None if it has none.
    """

    option: str
    acceptability: tuple[float, ...]
    excluded: float
    wins: Mapping[str, float | None]
    central_weights: Mapping[str, float] | None
    confidence: float | None

    @property
    def first(self) -> float:
        """Share of the draws in which the option is first."""
        return self.acceptability[0]

    @property
    def word(self) -> Word:
        """How sure the first place is, in a word."""
        return word_for(self.first)


@dataclass(frozen=True, slots=True)
class ScenarioRobustness:
    """Every option under one weight scenario, in the order of the evaluation.

    Attributes
    ----------
    scenario : str
        ``stated``, ``dirichlet30``, ``flat``, ``ordinal``, or ``stakeholder:`` and a name.
    """

    scenario: str
    options: tuple[OptionRobustness, ...]

    def option(self, option_id: str) -> OptionRobustness:
        """Return one option's row; ``KeyError`` if it takes no part."""
        for row in self.options:
            if row.option == option_id:
                return row
        raise KeyError(option_id)


@dataclass(frozen=True, slots=True)
class GateTable:
    """Every weight scenario under one reading of the gates.

    Attributes
    ----------
    none_acceptable : float
        Share of the draws in which the gates exclude every option.
    dominance : tuple of (str, str)
        Pairs (a, b): a is never behind b, whatever the weights and whatever turns out.
    """

    scenarios: tuple[ScenarioRobustness, ...]
    none_acceptable: float
    dominance: tuple[tuple[str, str], ...]

    def scenario(self, name: str) -> ScenarioRobustness:
        """Return one weight scenario; ``KeyError`` if there is none of that name."""
        for result in self.scenarios:
            if result.scenario == name:
                return result
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Robustness:
    """How far the ranking holds if weights and values are not exactly as stated.

    Attributes
    ----------
    options : tuple of str
        Options that take part.
    left_out : tuple of str
        Options that are not scorable or not eligible.
    final_gates : GateTable
        Gates as specified: only those that nothing mitigates exclude.
    as_delivered : GateTable
        Mitigable gates exclude too.
    """

    draws: int
    seed: int
    options: tuple[str, ...]
    left_out: tuple[str, ...]
    final_gates: GateTable
    as_delivered: GateTable

    def error(self, share: float) -> float:
        """Return half the width of the 95 % interval of a share of all draws."""
        return sampling_error(share, self.draws)
