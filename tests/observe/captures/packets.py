"""Packets made by hand, in pcap and pcapng files."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import dpkt  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = b"\x0a\x00\x00\x05"
SERVER = b"\xcb\x00\x71\x07"
OTHER = b"\xcb\x00\x71\x09"
AT = 1795168801


def vector(data: bytes, width: int) -> bytes:
    """Return data behind its length."""
    return len(data).to_bytes(width, "big") + data


def hello(name: str, *, encrypted: bool = False, padding: int = 0) -> bytes:
    """Return the record of a ClientHello."""
    server = struct.pack(">H", 0) + vector(vector(b"\0" + vector(name.encode(), 2), 2), 2)
    extensions = server if name else b""
    if padding:
        extensions = struct.pack(">H", 21) + vector(b"\0" * padding, 2) + extensions
    if encrypted:
        extensions += struct.pack(">H", 0xFE0D) + vector(b"\0" * 8, 2)
    body = b"\x03\x03" + b"\x11" * 32 + vector(b"\x22" * 32, 1) + vector(b"\x13\x01", 2) + vector(b"\0", 1)
    message = b"\x01" + vector(body + vector(extensions, 2), 3)
    return b"\x16\x03\x01" + vector(message, 2)


def tcp(data: bytes, *, server: bytes = SERVER, seq: int = 1, flags: int = 0x18, port: int = 443) -> bytes:
    """Return a frame from the client to a server."""
    segment = dpkt.tcp.TCP(sport=6000, dport=port, seq=seq, flags=flags, data=data)
    return ethernet(segment, dpkt.ip.IP_PROTO_TCP, server)


def udp(data: bytes, *, server: bytes = SERVER, port: int = 443, sport: int = 5000) -> bytes:
    """Return a datagram from the client to a server."""
    datagram = dpkt.udp.UDP(sport=sport, dport=port, data=data, ulen=8 + len(data))
    return ethernet(datagram, dpkt.ip.IP_PROTO_UDP, server)


def ethernet(payload: object, protocol: int, server: bytes) -> bytes:
    """Return a frame around a segment or datagram."""
    packet = dpkt.ip.IP(src=CLIENT, dst=server, p=protocol, data=payload)
    packet.len = len(packet)
    return bytes(dpkt.ethernet.Ethernet(dst=b"\1" * 6, src=b"\2" * 6, type=0x0800, data=packet))


def query(name: str) -> bytes:
    """Return a question to DNS."""
    return udp(question(name), port=53)


def question(name: str) -> bytes:
    """Return the message that asks DNS for a name."""
    asked = dpkt.dns.DNS.Q(name=name, type=dpkt.dns.DNS_A)
    return bytes(dpkt.dns.DNS(id=1, qd=[asked]))


def reply(name: str, address: bytes) -> bytes:
    """Return an answer of DNS, as if the client had sent it: only its content counts."""
    answer = dpkt.dns.DNS.RR(name=name, type=dpkt.dns.DNS_A, rdata=address, ip=address)
    message = dpkt.dns.DNS(id=1, qr=1, qd=[dpkt.dns.DNS.Q(name=name)], an=[answer])
    return udp(bytes(message), port=5000, sport=53)


def write_pcap(path: Path, *frames: bytes, link: int = 1) -> Path:
    """Write a pcap file, and return its path."""
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link)
    packets = (struct.pack("<IIII", AT, 0, len(frame), len(frame)) + frame for frame in frames)
    path.write_bytes(head + b"".join(packets))
    return path


def write_pcapng(path: Path, *frames: bytes) -> Path:
    """Write a pcapng file, and return its path."""
    with path.open("wb") as file:
        writer = dpkt.pcapng.Writer(file)
        for frame in frames:
            writer.writepkt(frame, ts=float(AT))
    return path
