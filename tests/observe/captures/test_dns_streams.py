"""Names asked of DNS over TCP: put together from segments, whatever their order."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from evalkit.observe.captures.dns_streams import DnsStreams
from evalkit.observe.captures.flows import Segment
from evalkit.observe.captures.formats import read_file
from tests.observe.captures.packets import question, tcp, vector, write_pcap

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.observe.captures.flows import FlowKey

KEY: FlowKey = ("10.0.0.5", 6000, "203.0.113.7", 53)
NAMES = ("beacon.kestrel.example", "api.kestrel.example")
ASKED = b"".join(vector(question(name), 2) for name in NAMES)


def messages(*segments: Segment) -> list[bytes]:
    streams = DnsStreams()
    return [message for segment in segments for message in streams.segment(KEY, segment)]


def test_names_asked_over_tcp_are_listed_and_the_resolver_is_not(tmp_path: Path) -> None:
    frames = (tcp(b"", seq=99, flags=0x02, port=53), tcp(ASKED, seq=100, port=53))
    found = read_file(write_pcap(tmp_path / "a.pcap", *frames))
    assert [(each.host, each.scheme) for each in found.network] == [(name, "dns") for name in NAMES]


def test_what_is_no_dns_on_its_port_stays_a_connection(tmp_path: Path) -> None:
    frames = (tcp(b"", seq=99, flags=0x02, port=53), tcp(b"\0\x05hello", seq=100, port=53))
    found = read_file(write_pcap(tmp_path / "a.pcap", *frames))
    assert [(each.host, each.port, each.is_address) for each in found.network] == [("203.0.113.7", 53, True)]
    assert any("could not be parsed" in note for note in found.notes)


@pytest.mark.parametrize("start", [100, 2**32 - 20], ids=["early", "around the last number"])
@pytest.mark.parametrize("seed", range(8))
def test_segments_may_come_in_any_order_twice_and_overlap(start: int, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret, an order
    places = [(at, at + 11) for at in range(0, len(ASKED), 7)]
    dice.shuffle(places)
    pieces = [
        Segment((start + at) % 2**32, ASKED[at:end], is_opening=False) for at, end in [*places, *places[:3]]
    ]
    opening = Segment(start - 1, b"", is_opening=True)
    assert messages(opening, *pieces) == [question(name) for name in NAMES]


def test_a_gap_hides_what_comes_after_it_and_nothing_before() -> None:
    opening, whole = Segment(99, b"", is_opening=True), vector(question(NAMES[0]), 2)
    after = Segment(100 + len(whole) + 1, whole, is_opening=False)
    assert messages(opening, Segment(100, whole, is_opening=False), after) == [question(NAMES[0])]


def test_segments_that_wait_for_a_gap_are_not_kept_without_end() -> None:
    streams = DnsStreams()
    for number in range(1000):
        assert (
            list(streams.segment(KEY, Segment(100 + 2 * number + (number > 0), b"x", is_opening=False))) == []
        )
    assert len(streams.known[KEY].waiting) <= 64
