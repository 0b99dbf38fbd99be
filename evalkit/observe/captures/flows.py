"""Connections put together from packets, as far as is needed to read the name that the client asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from evalkit.observe.captures.client_hello import MAX_BYTES, client_hello, may_begin
from evalkit.observe.captures.host_names import host_name, split_port

FlowKey: TypeAlias = tuple[str, int, str, int]
"""Address and port of the client, address and port of the server."""

MAX_FLOWS: Final = 200_000
_MOST_SEGMENTS: Final = 64
_LAST_SEQUENCE: Final = 2**32
_HTTP: Final = re.compile(rb"[A-Z]{3,10} [^\r\n]{1,8000} HTTP/1\.[01]\r\n")
_HTTP_HOST: Final = re.compile(rb"\r\nhost: *([^\r\n]{1,300})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a TCP stream; an opening is the client's first word to a server."""

    sequence: int
    data: bytes
    is_opening: bool


@dataclass(slots=True)
class Flow:
    """What one client sent to one server.

    Attributes
    ----------
    host : tuple of str and bool, or None
        Name, and whether it is an address; None while none was read.
    """

    number: int
    at: float | None
    address: str
    port: int
    scheme: str
    host: tuple[str, bool] | None = None
    bytes_out: int = 0
    is_encrypted: bool = False
    is_settled: bool = False
    first: int = 0
    segments: dict[int, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Flows:
    """All connections of a capture, by client and server."""

    known: dict[FlowKey, Flow] = field(default_factory=dict)
    is_full: bool = False

    def datagram(self, number: int, at: float | None, key: FlowKey, data: bytes) -> None:
        """See a datagram of QUIC, whose names are encrypted."""
        flow = self._flow(number, at, key, "quic")
        if flow:
            flow.bytes_out += len(data)

    def segment(self, number: int, at: float | None, key: FlowKey, segment: Segment) -> None:
        """See a segment of TCP; a connection is known from its opening, or its first words."""
        flow, data, is_opening = self.known.get(key), segment.data, segment.is_opening
        if flow is None:
            if not is_opening and not may_begin(data) and not _HTTP.match(data):
                return
            flow = self._flow(number, at, key, "tcp")
            if flow is None:
                return
            flow.first = (segment.sequence + is_opening) % _LAST_SEQUENCE
        flow.bytes_out += len(data)
        if data and not flow.is_settled:
            flow.segments.setdefault((segment.sequence - flow.first) % _LAST_SEQUENCE, data)
            _settle(flow)

    def _flow(self, number: int, at: float | None, key: FlowKey, scheme: str) -> Flow | None:
        flow = self.known.get(key)
        if flow is None:
            if len(self.known) >= MAX_FLOWS:
                self.is_full = True
                return None
            flow = self.known[key] = Flow(number, at, key[2], key[3], scheme)
        return flow


def _settle(flow: Flow) -> None:
    """Read the name once enough of the stream is there, or give up."""
    stream = _stream(flow.segments)
    if may_begin(stream):
        flow.scheme = "tls"
        try:
            hello = client_hello(stream)
        except ValueError:
            flow.is_settled = True
        else:
            if hello:
                flow.host, flow.is_encrypted = host_name(hello.server_name), hello.is_encrypted
                flow.is_settled = True
    elif _HTTP.match(stream):
        flow.scheme = "http"
        found = _HTTP_HOST.search(stream)
        if found:
            flow.host = host_name(split_port(found[1].decode("latin-1").strip())[0])
            flow.is_settled = True
    elif len(stream) > 1:
        flow.is_settled = True
    if flow.is_settled or len(flow.segments) > _MOST_SEGMENTS or len(stream) > 2 * MAX_BYTES:
        flow.is_settled = True
        flow.segments.clear()


def _stream(segments: dict[int, bytes]) -> bytes:
    """Return the bytes from the start as far as they have no gap."""
    stream = b""
    for offset in sorted(segments):
        if offset > len(stream):
            break
        stream = stream[:offset] + segments[offset] + stream[offset + len(segments[offset]) :]
    return stream
