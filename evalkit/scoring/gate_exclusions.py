"""Which gates exclude an option, in what share of all draws: exact, where the robustness analysis counts.

A gate's question is one record, and an option's records are drawn independently of one another: chances of
single gates multiply, and no draw is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.scoring.draws import gate_excludes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.scoring.verdict import Case


@dataclass(frozen=True, slots=True)
class GateExclusion:
    """One gate that may exclude an option.

    Attributes
    ----------
    chance : float
        Share of all draws in which it excludes the option, above 0 and at most 1.
    fails : bool
        Whether it fails as the record stands, so that it excludes in every draw.
    """

    question: str
    mitigable: bool
    chance: float
    fails: bool


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The gates that may exclude an option, the most often first, ties by question id."""

    gates: tuple[GateExclusion, ...]

    @property
    def final(self) -> tuple[GateExclusion, ...]:
        """Gates that nothing mitigates."""
        return tuple(gate for gate in self.gates if not gate.mitigable)

    @property
    def mitigable(self) -> tuple[GateExclusion, ...]:
        """Gates that a measure could lift; they exclude as delivered only."""
        return tuple(gate for gate in self.gates if gate.mitigable)

    @property
    def by_final(self) -> float:
        """Share of all draws in which some final gate excludes the option, in 0..1."""
        return _any(self.final)

    @property
    def as_delivered(self) -> float:
        """Share of all draws in which some gate excludes it, in 0..1."""
        return _any(self.gates)


def gate_exclusions(case: Case) -> Exclusions:
    """Return the gates that exclude an option in some draw, each with the share of draws.

    Waived and not applicable gates never exclude.

    By hand, of five even levels: an unknown answer is drawn at levels 0 to 4 with weights 5, 4, 3, 2 and 1;
    a bar of level 2 excludes at the first two, in 9 of 15 draws.
    """
    found = []
    for question, bar in case.bars.items():
        distribution = case.readings[question].distribution
        below = [share for value, share in distribution if gate_excludes(case, question, value)]
        chance = 1.0 if len(below) == len(distribution) else math.fsum(below)
        if chance > 0:
            fails = case.gates[question] == "fail"
            found.append(GateExclusion(question, bar.gate.mitigable, chance, fails))
    return Exclusions(tuple(sorted(found, key=lambda gate: (-round(gate.chance, 12), gate.question))))


def _any(gates: Iterable[GateExclusion]) -> float:
    return 1 - math.prod(1 - gate.chance for gate in gates)
