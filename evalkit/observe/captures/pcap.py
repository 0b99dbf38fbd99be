"""Packets of a network card: names asked of DNS and of TLS servers, and addresses without a name."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from evalkit.errors import EvalkitError
from evalkit.observe.captures.dns_streams import DnsStreams
from evalkit.observe.captures.events import NetworkEvent, Reading
from evalkit.observe.captures.flows import Flow, FlowKey, Flows, Segment
from evalkit.observe.captures.host_names import host_name
from evalkit.observe.captures.moments import within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

MAX_PACKETS: Final = 5_000_000
MAX_READ: Final = 1_048_576
PCAP: Final = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
PCAPNG: Final = b"\x0a\x0d\x0d\x0a"
_DNS: Final = 53
_QUIC: Final = 443
_MOST_QUESTIONS: Final = 20
_ADDRESS_RECORDS: Final = (1, 28)
NOT_VISIBLE: Final = "names inside QUIC and encrypted ClientHello are not visible in packets"
_MALFORMED: Final = (
    ValueError,  # also bytes that are no text
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    struct.error,
)
"""What a parser raises that was written for well-formed packets, beside its own errors."""


def read(file: BinaryIO) -> Reading:
    """Return the contacts of a pcap or pcapng file.

    Raises
    ------
    EvalkitError
        If dpkt is not installed, or the file's header is none.
    """
    dpkt = _dpkt()
    malformed = (*_MALFORMED, dpkt.Error)
    bounded = _Bounded(file)
    try:
        packets = _reader(dpkt, file, bounded)
        network = _LINK_TYPES[packets.datalink()]
    except KeyError as error:
        raise EvalkitError(f"its packets have link type {error}, which is not read") from None
    except malformed as error:
        raise EvalkitError(f"its header is not that of a pcap or pcapng file: {error}") from error
    watch, limits, number = _Watch(), [], 0
    try:
        for number, (at, frame) in enumerate(packets, start=1):
            if number > MAX_PACKETS:
                limits.append(f"only the first {MAX_PACKETS} packets were read")
                break
            try:
                packet = network(dpkt, frame)
                watch.see(dpkt, number, within(float(at)), packet)
            except malformed:
                watch.malformed += 1
    except malformed:
        limits.append(f"the file breaks off, or is damaged, after packet {number}")
    if watch.flows.is_full:
        limits.append("connections beyond the first 200000 were not followed")
    return Reading("pcap", min(number, MAX_PACKETS), tuple(watch.events()), (), watch.notes(), tuple(limits))


def _dpkt() -> ModuleType:
    try:
        import_module("dpkt.sll2")  # which dpkt itself does not import
        return import_module("dpkt")
    except ImportError as error:
        raise EvalkitError("reading packets needs dpkt; install evalkit[observe]") from error


def _reader(dpkt: Any, file: BinaryIO, bounded: _Bounded) -> Any:  # noqa: ANN401 - dpkt has no types
    is_new = file.read(4) == PCAPNG
    file.seek(0)
    return (dpkt.pcapng if is_new else dpkt.pcap).Reader(bounded)


class _Bounded:
    """A file of which no single read takes much, whatever length a header announces."""

    name = ""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def read(self, size: int) -> bytes:
        if not 0 <= size <= MAX_READ:
            raise ValueError(f"a packet of {size} bytes is announced; at most {MAX_READ} are read")
        data = self.file.read(size)
        if data and len(data) < size:
            raise ValueError("the file breaks off within a packet")
        return data


def _ethernet(dpkt: Any, frame: bytes) -> Any:  # noqa: ANN401 - dpkt has no types
    return dpkt.ethernet.Ethernet(frame).data


def _raw(dpkt: Any, frame: bytes) -> Any:  # noqa: ANN401 - dpkt has no types
    is_six = frame[0] >> 4 == 6  # noqa: PLR2004 - the version of IP
    return dpkt.ip6.IP6(frame) if is_six else dpkt.ip.IP(frame)


def _linux(dpkt: Any, frame: bytes) -> Any:  # noqa: ANN401 - dpkt has no types
    return dpkt.sll.SLL(frame).data


def _linux_2(dpkt: Any, frame: bytes) -> Any:  # noqa: ANN401 - dpkt has no types
    return dpkt.sll2.SLL2(frame).data


def _loopback(dpkt: Any, frame: bytes) -> Any:  # noqa: ANN401 - dpkt has no types
    return _raw(dpkt, frame[4:])


_LINK_TYPES: Final[dict[int, Callable[[Any, bytes], Any]]] = {
    0: _loopback,
    1: _ethernet,
    12: _raw,
    14: _raw,
    101: _raw,
    108: _loopback,
    113: _linux,
    228: _raw,
    229: _raw,
    276: _linux_2,
}
"""How to come from a frame to its IP packet, by link type of libpcap."""


@dataclass(slots=True)
class _Watch:
    """What was seen so far."""

    flows: Flows = field(default_factory=Flows)
    streams: DnsStreams = field(default_factory=DnsStreams)
    of_dns: set[FlowKey] = field(default_factory=set)
    asked: list[NetworkEvent] = field(default_factory=list)
    resolved: set[str] = field(default_factory=set)
    malformed: int = 0

    def see(self, dpkt: Any, number: int, at: float | None, packet: Any) -> None:  # noqa: ANN401 - dpkt has no types
        segment = getattr(packet, "data", None)
        if isinstance(segment, dpkt.udp.UDP):
            source, target = str(ip_address(packet.src)), str(ip_address(packet.dst))
            if _DNS in (segment.sport, segment.dport):
                self._ask(dpkt.dns.DNS(segment.data), number, at)
            elif segment.dport == _QUIC:
                self.flows.datagram(number, at, (source, segment.sport, target, segment.dport), segment.data)
        elif isinstance(segment, dpkt.tcp.TCP):
            source, target = str(ip_address(packet.src)), str(ip_address(packet.dst))
            key = (source, segment.sport, target, segment.dport)
            is_opening = segment.flags & (dpkt.tcp.TH_SYN | dpkt.tcp.TH_ACK) == dpkt.tcp.TH_SYN
            piece = Segment(segment.seq, bytes(segment.data), is_opening)
            self.flows.segment(number, at, key, piece)
            if _DNS in (segment.sport, segment.dport):
                self._ask_in_stream(dpkt, number, at, key, piece)

    def _ask_in_stream(
        self,
        dpkt: Any,  # noqa: ANN401 - dpkt has no types
        number: int,
        at: float | None,
        key: FlowKey,
        piece: Segment,
    ) -> None:
        for message in self.streams.segment(key, piece):
            try:
                self._ask(dpkt.dns.DNS(message), number, at)
            except (*_MALFORMED, dpkt.Error):
                self.malformed += 1
            else:
                self.of_dns.add(key)

    def _ask(self, message: Any, number: int, at: float | None) -> None:  # noqa: ANN401 - dpkt has no types
        for answer in message.an[: 10 * _MOST_QUESTIONS]:
            if answer.type in _ADDRESS_RECORDS:
                self.resolved.add(str(ip_address(bytes(answer.rdata))))
        if message.qr == 0:
            for question in message.qd[:_MOST_QUESTIONS]:
                named = host_name(question.name)
                if named and not _is_local(named[0]):
                    self.asked.append(NetworkEvent(number, at, *named, "dns", _DNS))

    def events(self) -> Iterator[NetworkEvent]:
        yield from self.asked
        for key, flow in self.flows.known.items():
            if key in self.of_dns:
                continue  # what it was asked is listed
            # An address that DNS gave to a name asked here is listed under that name.
            if flow.host is not None or flow.address not in self.resolved:
                yield _event(flow)

    def notes(self) -> tuple[str, ...]:
        by_name = sum(
            flow.host is None and flow.address in self.resolved and key not in self.of_dns
            for key, flow in self.flows.known.items()
        )
        hidden = sum(flow.is_encrypted for flow in self.flows.known.values())
        counted = (
            (by_name, "a connection without a server name went to an address that DNS gave to a listed name"),
            (hidden, "a ClientHello had an encrypted part; the name listed is the outer one"),
            (self.malformed, "a packet that could not be parsed was passed over"),
        )
        return (NOT_VISIBLE, *(f"{count} × {text}" for count, text in counted if count))


def _event(flow: Flow) -> NetworkEvent:
    host, is_address = flow.host or (flow.address, True)
    return NetworkEvent(
        flow.number, flow.at, host, is_address, flow.scheme, flow.port, bytes_out=flow.bytes_out
    )


def _is_local(name: str) -> bool:
    return "." not in name or name.endswith((".local", ".arpa", ".lan", ".internal"))
