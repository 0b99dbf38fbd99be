"""What happens during a batch, told to whoever wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, Self

if TYPE_CHECKING:
    from evalkit.engine.job import Outcome


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one job.

    Attributes
    ----------
    kind : str
        ``started``, then ``cell`` for the cells that it reaches, then ``finished`` or ``failed``; or
        ``unchanged`` alone. ``notice`` tells of the batch as a whole.
    job : str
        Name of the job; for a notice its text.
    outcome : Outcome or None
        Of a job that has ended.
    cell : str
        Id of the cell that is being run.
    index : int
        Its place in the notebook, from 0.
    cells : int
        How many cells the notebook has; 0 where that is not known.
    """

    kind: Literal["started", "cell", "finished", "failed", "unchanged", "notice"]
    job: str
    outcome: Outcome | None = None
    cell: str = ""
    index: int = 0
    cells: int = 0

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """Return the event with which a job ends."""
        kinds: dict[str, Literal["finished", "failed", "unchanged"]] = {
            "rendered": "finished",
            "failed": "failed",
            "unchanged": "unchanged",
        }
        return cls(kinds[outcome.status], outcome.name, outcome)


class OnEvent(Protocol):
    """Whoever wants to know; called in the process that renders the batch, one event at a time."""

    def __call__(self, event: Event, /) -> None:
        """Take notice of the event."""


def ignore(_event: Event, /) -> None:
    """Take no notice."""
