"""What happens during a batch, told to whoever wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from evalkit.reports.job import Outcome


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one job; ``outcome`` is None while it only started."""

    kind: Literal["started", "finished", "failed"]
    job: str
    outcome: Outcome | None = None


class OnEvent(Protocol):
    """Whoever wants to know; called in the process that renders the batch, one event at a time."""

    def __call__(self, event: Event, /) -> None:
        """Take notice of the event."""


def ignore(_event: Event, /) -> None:
    """Take no notice."""
