"""How an option would stand if some of what is to be done were done.

A control shows its level once it and all that it must be deployed with are there; evidence is supposed to
turn out in the option's favour. Both are what the verdict's own way out counts on, so that all of it done is
what the evaluation says is reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalkit.scoring.verdict import Standing, best_case, condition_effects

if TYPE_CHECKING:
    from collections.abc import Collection

    from evalkit.scoring.evidence import Reading
    from evalkit.scoring.verdict import Case, Effect
    from evalkit.views.board.brief import ToDo


@dataclass(frozen=True, slots=True)
class Way:
    """One option with what is to be done before it is sufficient.

    Attributes
    ----------
    case : Case
        As evaluated.
    to_do : tuple of ToDo
        As the board's documents list it.
    """

    case: Case
    to_do: tuple[ToDo, ...]

    @property
    def keys(self) -> frozenset[str]:
        """What can be supposed to be done."""
        return frozenset(map(key_of, self.to_do))

    def supposing(self, done: Collection[str]) -> Case:
        """Return the case as if some of it were done, by :func:`key_of`."""
        effects = self._effects(done)
        if not effects:
            return self.case
        standing = Standing.of(self.case, effects)
        readings = {
            question: _raised(reading, standing.lows[question], is_answered=standing.answered[question])
            for question, reading in self.case.readings.items()
        }
        return replace(self.case, readings=readings, gates=dict(standing.gates))

    def _effects(self, done: Collection[str]) -> list[Effect]:
        there = {(it.kind, it.id) for it in self.to_do if key_of(it) in done}
        conditions = [
            effect
            for effect in condition_effects(self.case)
            if all((it.kind, it.id) in there for it in effect.conditions)
        ]
        asked = (question for question in self.case.readings if ("evidence", question) in there)
        evidence = (best_case(self.case, question) for question in asked)
        return [*conditions, *(effect for effect in evidence if effect is not None)]


def key_of(it: ToDo) -> str:
    """Return what one thing to be done is called in messages."""
    return f"{it.kind}:{it.id}"


def _raised(reading: Reading, low: float, *, is_answered: bool) -> Reading:
    """Return a reading with nothing below what is assured then; what was answered stays as it is."""
    state = reading.state
    if is_answered and state not in ("answered", "conflicting"):
        state = "answered"
    expected, high = max(reading.expected, low), max(reading.high, low)
    return replace(reading, state=state, low=low, expected=expected, high=high)
