"""Messages of DNS that came over TCP, put together from the segments of each direction.

References
----------
RFC 7766, section 8: each message stands behind its length in two bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.observe.captures.flows import FlowKey, Segment

MAX_STREAMS: Final = 50_000
_MOST_WAITING: Final = 64
_LENGTH: Final = 2
_LAST_SEQUENCE: Final = 2**32
_BEFORE: Final = 2**31
"""From this distance on, a segment stands before the next one, and not after it."""


@dataclass(slots=True)
class _Stream:
    """One direction of a connection: what came in order and is no whole message yet, and what came early."""

    next: int
    held: bytes = b""
    waiting: dict[int, bytes] = field(default_factory=dict)

    def take(self, sequence: int, data: bytes) -> None:
        self.waiting[sequence] = max(data, self.waiting.get(sequence, b""), key=len)
        while (ready := self._ready()) is not None:
            piece = self.waiting.pop(ready)
            self.held += piece[(self.next - ready) % _LAST_SEQUENCE :]
            self.next = max(
                self.next, (ready + len(piece)) % _LAST_SEQUENCE, key=lambda at: (at - ready) % _LAST_SEQUENCE
            )

    def _ready(self) -> int | None:
        return next((at for at in self.waiting if (self.next - at) % _LAST_SEQUENCE < _BEFORE), None)

    def messages(self) -> Iterator[bytes]:
        while len(self.held) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self.held[:_LENGTH])
            if len(self.held) < end:
                return
            message, self.held = self.held[_LENGTH:end], self.held[end:]
            yield message


@dataclass(slots=True)
class DnsStreams:
    """All connections with DNS of a capture."""

    known: dict[FlowKey, _Stream] = field(default_factory=dict)

    def segment(self, key: FlowKey, segment: Segment) -> Iterator[bytes]:
        """Take a segment, and yield the messages that are whole with it."""
        stream = self.known.get(key)
        if stream is None or segment.is_opening:
            if len(self.known) >= MAX_STREAMS:
                return
            stream = self.known[key] = _Stream((segment.sequence + segment.is_opening) % _LAST_SEQUENCE)
        start = (segment.sequence + segment.is_opening) % _LAST_SEQUENCE
        if segment.data and (start == stream.next or len(stream.waiting) < _MOST_WAITING):
            stream.take(start, segment.data)
            yield from stream.messages()
