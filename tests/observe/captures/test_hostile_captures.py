"""Captures come from machines under test: whatever they hold, nothing but a plain refusal comes out."""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.observe.captures import har, home_listing, host_csv, pcap, proxy_log, strace
from evalkit.observe.captures.capturing import read_capture
from evalkit.observe.captures.formats import read_file
from evalkit.observe.captures.host_names import host_name, host_of_url
from evalkit.observe.captures.local_paths import local_path
from evalkit.observe.captures.reading_apart import read_apart
from evalkit.observe.captures.text_lines import MAX_LINE
from tests.observe.captures.kestrel import har_entry, write_har
from tests.observe.captures.packets import hello, query, tcp, udp, write_pcap

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from evalkit.observe.captures.events import Reading

    Read = Callable[[BinaryIO], Reading]

SEEDS: tuple[tuple[Read, str], ...] = (
    (home_listing.read, "0600 4096 1795162802 f /home/somebody/.kestrel/auth.json\n"),
    (host_csv.read, "first_seen,host,port,proto,bytes_out\n2026-11-20T10:00:01Z,a.example,443,tls,1\n"),
    (proxy_log.read, "1795168801.1 2 10.0.0.5 TCP_DENIED/403 1 CONNECT a.example:443 - HIER_NONE/- -\n"),
    (strace.read, '812 10:00:01.1 openat(AT_FDCWD, "/home/somebody/\\303\\251", O_RDWR|O_CREAT, 0600) = 3\n'),
)
LISTED = SEEDS[0][1]
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def read_only_refuses(read: Read, data: bytes) -> Reading | None:
    try:
        return read(io.BytesIO(data))
    except EvalkitError:
        return None


@pytest.mark.parametrize("read", [*(read for read, _ in SEEDS), har.read, pcap.read])
@FEW
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(read: Read, data: bytes) -> None:
    read_only_refuses(read, data)


@pytest.mark.parametrize(("read", "seed"), SEEDS)
@FEW
@given(noise=st.text(max_size=60), where=st.integers(0, 80), cut=st.integers(0, 20))
def test_lines_that_are_nearly_right_are_read_or_refused(
    read: Read, seed: str, noise: str, where: int, cut: int
) -> None:
    broken = seed[:where] + noise + seed[where + cut :]
    read_only_refuses(read, (seed + broken + seed).encode("utf-8", "surrogatepass"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@FEW
@given(
    entry=JSON, url=JSON | st.text(max_size=50).map("https://".__add__), started=JSON, size=JSON, status=JSON
)
def test_a_har_of_wrong_types_is_read_or_refused(
    entry: object, url: object, started: object, size: object, status: object
) -> None:
    odd = {
        "startedDateTime": started,
        "request": {"url": url, "bodySize": size},
        "response": {"status": status},
    }
    read_only_refuses(har.read, json.dumps({"log": {"entries": [entry, odd]}}).encode())


@FEW
@given(where=st.integers(0, 700), noise=st.binary(max_size=8), cut=st.integers(0, 8))
def test_damaged_packets_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, where: int, noise: bytes, cut: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "seed.pcap"
    if not path.exists():
        write_pcap(path, query("a.example"), tcp(hello("b.example")), udp(b"\xc0" * 20))
    raw = path.read_bytes()
    read_only_refuses(pcap.read, raw[:where] + noise + raw[where + cut :])


@FEW
@given(text=st.text(max_size=300))
def test_a_host_is_plain_ascii_or_none(text: str) -> None:
    for found in (host_name(text), host_of_url(f"https://{text}/")):
        if found:
            assert found[0].isascii()
            assert found[0].isprintable()
            assert not set(found[0]) & set(" @/?#<>\"'")


@FEW
@given(text=st.text(max_size=200))
def test_a_path_of_a_home_never_tells_whose_it_is(text: str) -> None:
    shown = local_path(f"/home/zebedee/{text}/zebedee-notes").shown
    assert "zebedee" not in shown.lower()


def test_deep_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.har"
    path.write_text('{"log":' + "[" * 200_000 + "]" * 200_000 + "}", encoding="utf-8")
    with pytest.raises(EvalkitError, match=r"nested too deep|HAR file was expected"):
        read_apart(path)


def test_a_number_of_a_million_digits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.har"
    path.write_text('{"log":{"entries":' + "9" * 1_000_000 + "}}", encoding="utf-8")
    with pytest.raises(EvalkitError, match="HAR file was expected"):
        read_file(path)


def test_a_compressed_file_is_never_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.har"
    path.write_bytes(gzip.compress(b"0" * 5_000_000))
    with pytest.raises(EvalkitError, match="compressed"):
        read_file(path)


def test_a_line_without_end_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "after.txt"
    seed = LISTED
    path.write_text(seed + "x" * (3 * MAX_LINE) + "\n" + seed, encoding="utf-8")
    found = read_file(path)
    assert len(found.files) == 2
    assert "was not read" in found.limits_hit[0]


def test_a_packet_that_announces_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = write_pcap(tmp_path / "a.pcap", query("a.example"))
    path.write_bytes(path.read_bytes() + struct.pack("<IIII", 0, 0, 0xFFFFFFF0, 0xFFFFFFF0))
    found = read_file(path)
    assert [each.host for each in found.network] == ["a.example"]
    assert found.limits_hit


def test_a_link_type_nobody_reads_is_named(tmp_path: Path) -> None:
    path = write_pcap(tmp_path / "a.pcap", b"x", link=147)
    with pytest.raises(EvalkitError, match="link type 147"):
        read_file(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_a_pipe_or_folder_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / "a.har"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(EvalkitError, match=r"ordinary file|cannot be read"):
            read_capture(path)


def test_a_reader_in_its_own_process_gives_the_same(tmp_path: Path) -> None:
    path = write_har(tmp_path / "a.har", har_entry("https://api.kestrel.example/v1"))
    assert read_apart(path) == read_file(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match=r"nothing\.har"):
        read_capture(tmp_path / "nothing.har")
