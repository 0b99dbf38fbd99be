"""Contacts of a capture, summed up by host: what is judged is hosts, however many rows there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from evalkit.observe.captures.events import NetworkEvent

MOST_LINES: Final = 20
WINDOW_SECONDS: Final = 60.0


@dataclass(slots=True)
class Contacts:
    """What one process had to do with one host, or all whose process is not known.

    Attributes
    ----------
    first_at, last_at : float or None
        Seconds since 1970; None where no row tells.
    largest : int
        Bytes sent in one event, at most.
    denied_at : list of float
        When a proxy refused, where rows tell.
    """

    count: int = 0
    lines: list[int] = field(default_factory=list)
    first_at: float | None = None
    last_at: float | None = None
    largest: int = 0
    denied: int = 0
    reached: int = 0
    denied_at: list[float] = field(default_factory=list)

    def add(self, event: NetworkEvent) -> None:
        """Count one event more."""
        self.count += 1
        if len(self.lines) < MOST_LINES:
            self.lines.append(event.line)
        if event.at is not None:
            self.first_at = event.at if self.first_at is None else min(self.first_at, event.at)
            self.last_at = event.at if self.last_at is None else max(self.last_at, event.at)
        self.largest = max(self.largest, event.bytes_out or 0)
        if event.outcome == "denied":
            self.denied += 1
            if event.at is not None:
                self.denied_at.append(event.at)
        elif event.outcome == "ok":
            self.reached += 1


@dataclass(frozen=True, slots=True)
class HostSeen:
    """One host of a capture, with its contacts by process; the key is None where no row tells."""

    host: str
    is_address: bool
    schemes: frozenset[str]
    by_process: dict[str | None, Contacts]

    @property
    def count(self) -> int:
        """How many events there were."""
        return sum(each.count for each in self.by_process.values())

    @property
    def lines(self) -> tuple[int, ...]:
        """The first rows, in order."""
        return tuple(sorted({line for each in self.by_process.values() for line in each.lines})[:MOST_LINES])

    @property
    def largest(self) -> int:
        """Bytes sent in one event, at most."""
        return max(each.largest for each in self.by_process.values())

    @property
    def denied(self) -> int:
        """How many events a proxy refused."""
        return sum(each.denied for each in self.by_process.values())

    @property
    def denied_at(self) -> list[float]:
        """When a proxy refused, in order."""
        return sorted(at for each in self.by_process.values() for at in each.denied_at)


def hosts_seen(events: Iterable[NetworkEvent], idle: Collection[str] = ()) -> tuple[HostSeen, ...]:
    """Return the hosts of a capture by name, without those that the idle machine spoke to as well."""
    found: dict[str, tuple[bool, set[str], dict[str | None, Contacts]]] = {}
    for event in events:
        if event.host in idle:
            continue
        _, schemes, by_process = found.setdefault(event.host, (event.is_address, set(), {}))
        schemes.add(event.scheme)
        by_process.setdefault(event.process, Contacts()).add(event)
    return tuple(
        HostSeen(host, is_address, frozenset(schemes), by_process)
        for host, (is_address, schemes, by_process) in sorted(found.items())
    )


def most_within(moments: list[float], seconds: float = WINDOW_SECONDS) -> int:
    """Return how many moments, which are in order, fall into one window at most.

    >>> most_within([0.0, 30.0, 59.0, 200.0])
    3
    """
    most, start = 0, 0
    for end, moment in enumerate(moments):
        while moment - moments[start] >= seconds:
            start += 1
        most = max(most, end - start + 1)
    return most
