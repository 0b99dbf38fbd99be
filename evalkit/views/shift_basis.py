"""How the shift of the first place is told of, and when it is not."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.scoring.first_place_shift import FEWEST_DRAWS, FEWEST_OPTIONS, MOST_OPTIONS, is_measured
from evalkit.scoring.robustness import SEED


@dataclass(frozen=True, slots=True)
class ShiftBasis:
    """What the shift of the first place rests on: how many options compete for it, and how many draws.

    Attributes
    ----------
    options : int
        Options that compete for it.
    """

    options: int
    draws: int = FEWEST_DRAWS
    seed: int = SEED

    @property
    def measured(self) -> bool:
        """Whether its shift is told."""
        return is_measured(self.options, self.draws)

    @property
    def sentence(self) -> str:
        """What the figure is, or why there is none."""
        if self.measured:
            return (
                "First place shifts: the share of first places that change hands on average among the"
                f" {self.options} options compared once the answer is known, in {self.draws:,} draws (seed"
                f" {self.seed}), less what chance moves; nothing is shown where chance alone could be the"
                " reason."
            )
        return (
            f"How far the first place shifts is left out: it is told where {FEWEST_OPTIONS} to {MOST_OPTIONS}"
            f" options with a score are compared; here there {_are(self.options)}."
        )


def _are(options: int) -> str:
    return f"{'is' if options == 1 else 'are'} {options}"
