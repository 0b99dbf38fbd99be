"""What each reader takes out of a capture, and what it leaves there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.observe.captures.formats import read_file
from evalkit.observe.captures.local_paths import local_path
from tests.observe.captures.kestrel import har_entry, write_har
from tests.observe.captures.packets import (
    OTHER,
    SERVER,
    hello,
    query,
    reply,
    tcp,
    udp,
    write_pcap,
    write_pcapng,
)

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.observe.captures.events import FileEvent, NetworkEvent

TEN = 1795168801.0
"""2026-11-20T10:00:01Z"""


def network(path: Path, text: str | None = None) -> tuple[NetworkEvent, ...]:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    return read_file(path).network


def files(path: Path, text: str) -> tuple[FileEvent, ...]:
    path.write_text(text, encoding="utf-8")
    return read_file(path).files


def test_a_har_gives_time_host_port_and_size(tmp_path: Path) -> None:
    entries = [
        har_entry("https://u:pw@API.Kestrel.example:8443/v1?key=1", bodySize=5120),
        har_entry("http://203.0.113.9/", bodySize=-1) | {"response": {"status": 0}},
        har_entry("wss://bücher.example/live"),
    ]
    found = read_file(write_har(tmp_path / "a.har", *entries))
    assert [(each.host, each.port, each.scheme, each.bytes_out, each.outcome) for each in found.network] == [
        ("api.kestrel.example", 8443, "https", 5120, "ok"),
        ("203.0.113.9", 80, "http", None, "failed"),
        ("xn--bcher-kva.example", 443, "https", 410, "ok"),
    ]
    assert found.network[0].at == TEN


@pytest.mark.parametrize(
    "entry",
    [None, 7, "x", [], {"request": []}, {"request": {"url": 5}}, {"request": {"url": "data:text/html,x"}},
     {"request": {"url": "https://[::1"}}, {"request": {"url": "https://a b/"}}, {"request": {"url": "https:///x"}}],
)  # fmt: skip
def test_entries_of_a_har_that_are_none_are_counted(tmp_path: Path, entry: object) -> None:
    found = read_file(write_har(tmp_path / "a.har", entry, har_entry("https://a.example/")))
    assert [each.host for each in found.network] == ["a.example"]
    assert len(found.notes) == 1


@pytest.mark.parametrize(
    "text", ["{}", '{"log":[]}', '{"log":{"entries":{}}}', "{", '{"log":NaN}', '{"a":1e999']
)
def test_what_is_no_har_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.har"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalkitError, match="HAR file was expected"):
        read_file(path)


def test_squid_tells_what_was_refused(tmp_path: Path) -> None:
    text = (
        "1795168801.123 214 10.0.0.5 TCP_TUNNEL/200 8123 CONNECT"
        " api.kestrel.example:443 somebody HIER_DIRECT/203.0.113.7 -\n"
        "1795168802.500 90 10.0.0.5 TCP_DENIED/403 310 CONNECT"
        " sentry.kestrel.example:443 - HIER_NONE/- text/html\n"
        "1795168803.500 90 10.0.0.5 TCP_DENIED/407 310 CONNECT"
        " login.kestrel.example:443 - HIER_NONE/- text/html\n"
        "1795168804.500 90 10.0.0.5 TCP_MISS/200 310 GET"
        " http://u:pw@plain.example/a?k=1 - HIER_DIRECT/1.2.3.4 -\n"
    )
    found = network(tmp_path / "proxy.log", text)
    assert [(each.host, each.port, each.outcome) for each in found] == [
        ("api.kestrel.example", 443, "ok"),
        ("sentry.kestrel.example", 443, "denied"),
        ("login.kestrel.example", 443, "unknown"),
        ("plain.example", 80, "ok"),
    ]


def test_the_common_log_and_mitmproxy_are_read(tmp_path: Path) -> None:
    text = (
        '10.0.0.5 - somebody [20/Nov/2026:10:00:01 +0000] "CONNECT'
        ' api.kestrel.example:443 HTTP/1.1" 200 8123 "-" "x" TCP_TUNNEL:HIER_DIRECT\n'
        '10.0.0.5 - - [20/Nov/2026:10:00:02 +0000] "CONNECT beacon.kestrel.example:443 HTTP/1.1" 403 10\n'
        "10.0.0.5:52344: POST https://us.i.posthog.com/batch/ HTTP/2.0\n"
        "     << HTTP/2.0 200 OK 3b\n"
        "[10:00:01.123][10.0.0.5:52344] server connect updates.kestrel.example:443 (203.0.113.7:443)\n"
    )
    path = tmp_path / "proxy.log"
    found = network(path, text)
    assert [(each.host, each.outcome) for each in found] == [
        ("api.kestrel.example", "ok"),
        ("beacon.kestrel.example", "denied"),
        ("us.i.posthog.com", "ok"),
        ("updates.kestrel.example", "ok"),
    ]
    assert found[0].at == TEN
    assert read_file(path).notes == ("1 × a line in none of the formats known was passed over",)


def test_a_table_of_hosts_is_read_by_its_columns(tmp_path: Path) -> None:
    text = (
        "first_seen,host,port,proto,bytes_out,process\n"
        "2026-11-20T10:00:01Z,api.kestrel.example,443,tls-sni,5120,/opt/kestrel/kestrel --key x\n"
        "2026-11-20T10:00:02Z,203.0.113.9,443,ip,91,kestrel\n"
        "2026-11-20T10:00:03Z,,443,ip,91,kestrel\n"
    )
    first, second = network(tmp_path / "hosts.csv", text)
    assert (first.host, first.port, first.bytes_out, first.process, first.at) == (
        "api.kestrel.example",
        443,
        5120,
        "kestrel",
        TEN,
    )
    assert second.is_address


def test_an_export_of_tshark_with_tabs_is_read(tmp_path: Path) -> None:
    text = (
        "frame.time_epoch\tip.dst\ttcp.dstport\ttls.handshake.extensions_server_name\tdns.qry.name\n"
        "1795168801.0\t203.0.113.7\t443\tapi.kestrel.example\t\n"
        "1795168801.0\t10.0.0.1\t\t\tbeacon.kestrel.example\n"
        "1795168801.0\t203.0.113.9\t443\t\t\n"
    )
    assert [each.host for each in network(tmp_path / "hosts.csv", text)] == [
        "api.kestrel.example",
        "beacon.kestrel.example",
        "203.0.113.9",
    ]


def test_an_open_quote_in_a_table_does_not_swallow_the_rest(tmp_path: Path) -> None:
    text = 'host,port\n"a.example,443\nb.example,443\n'
    assert "b.example" in [each.host for each in network(tmp_path / "hosts.csv", text)]


def test_packets_tell_names_of_dns_and_tls(tmp_path: Path) -> None:
    frames = (query("beacon.kestrel.example"), tcp(hello("api.kestrel.example")))
    for path in (write_pcap(tmp_path / "a.pcap", *frames), write_pcapng(tmp_path / "a.pcapng", *frames)):
        found = network(path)
        assert [(each.host, each.scheme) for each in found] == [
            ("beacon.kestrel.example", "dns"),
            ("api.kestrel.example", "tls"),
        ]
        assert found[1].at == TEN


def test_a_server_name_split_over_packets_out_of_order_is_read(tmp_path: Path) -> None:
    data = hello("api.kestrel.example", padding=2000)
    frames = (
        tcp(b"", seq=99, flags=0x02),
        tcp(data[1200:], seq=100 + 1200),
        tcp(data[:700], seq=100),
        tcp(data[600:1200], seq=100 + 600),
    )
    (found,) = network(write_pcap(tmp_path / "a.pcap", *frames))
    assert (found.host, found.scheme) == ("api.kestrel.example", "tls")


def test_connections_without_a_name_are_addresses(tmp_path: Path) -> None:
    frames = (tcp(hello("")), udp(b"\xc0" * 1200, server=OTHER))
    found = read_file(write_pcap(tmp_path / "a.pcap", *frames))
    assert [(each.host, each.scheme, each.is_address) for each in found.network] == [
        ("203.0.113.7", "tls", True),
        ("203.0.113.9", "quic", True),
    ]
    assert "QUIC" in found.notes[0]


def test_an_address_that_dns_gave_to_a_listed_name_is_that_name(tmp_path: Path) -> None:
    frames = (query("api.kestrel.example"), reply("api.kestrel.example", SERVER), udp(b"\xc0" * 1200))
    found = read_file(write_pcap(tmp_path / "a.pcap", *frames))
    assert [each.host for each in found.network] == ["api.kestrel.example"]
    assert any("address that DNS gave" in note for note in found.notes)


def test_an_encrypted_hello_is_noted(tmp_path: Path) -> None:
    found = read_file(write_pcap(tmp_path / "a.pcap", tcp(hello("outer.example", encrypted=True))))
    assert [each.host for each in found.network] == ["outer.example"]
    assert any("outer one" in note for note in found.notes)


def test_plain_http_tells_its_host_and_nothing_else(tmp_path: Path) -> None:
    data = b"GET /a?token=CANARY HTTP/1.1\r\nCookie: CANARY\r\nHost: plain.example:8080\r\n\r\n"
    (found,) = network(write_pcap(tmp_path / "a.pcap", tcp(data, port=8080)))
    assert (found.host, found.scheme) == ("plain.example", "http")


def test_a_file_of_packets_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    path = write_pcap(tmp_path / "a.pcap", tcp(hello("api.kestrel.example")), query("beacon.kestrel.example"))
    path.write_bytes(path.read_bytes()[:-5])
    found = read_file(path)
    assert [each.host for each in found.network] == ["api.kestrel.example"]
    assert "breaks off" in found.limits_hit[0]


def test_a_trace_tells_files_programs_and_addresses(tmp_path: Path) -> None:
    text = (
        '812 10:00:01.1 execve("/opt/kestrel/kestrel", ["kestrel",'
        ' "--key=CANARY"], 0x7ffd /* 30 vars */) = 0\n'
        '812 10:00:01.2 openat(AT_FDCWD, "/home/somebody/.kestrel/auth.json",'
        " O_WRONLY|O_CREAT|O_TRUNC, 0666) = 8\n"
        '812 10:00:01.3 openat(AT_FDCWD, "/home/somebody/.ssh/config", O_RDONLY) = 9\n'
        "812 10:00:01.4 connect(10, {sa_family=AF_INET, sin_port=htons(443),"
        ' sin_addr=inet_addr("203.0.113.7")}, 16) = 0\n'
        "812 10:00:01.5 clone(child_stack=NULL, flags=SIGCHLD) = 813\n"
        '813 10:00:01.6 execve("/usr/bin/git", ["git", "status"], 0x7ffd /* 30 vars */) = 0\n'
        '813 10:00:01.7 openat(AT_FDCWD, "/home/somebody/.gitconfig", O_RDONLY) = 3\n'
        '812 10:00:01.8 openat(AT_FDCWD, "/home/somebody/.cache/kestrel/index.db",'
        " O_RDWR|O_CREAT <unfinished ...>\n"
        "813 10:00:01.9 +++ exited with 0 +++\n"
        "812 10:00:02.0 <... openat resumed>, 0600) = 11\n"
    )
    path = tmp_path / "trace.strace"
    found = {(each.operation, each.path): each for each in files(path, text)}
    assert set(found) == {
        ("write", "~/.kestrel/auth.json"),
        ("read", "~/.ssh/config"),
        ("execute", "/usr/bin/git"),
        ("read", "~/.gitconfig"),
        ("write", "~/.cache/kestrel/index.db"),
    }
    assert found["write", "~/.kestrel/auth.json"].mode == 0o666
    assert found["read", "~/.ssh/config"].is_agent
    assert found["read", "~/.gitconfig"].process == "git"
    assert not found["read", "~/.gitconfig"].is_agent
    assert found["write", "~/.cache/kestrel/index.db"].outcome == "ok"
    assert found["write", "~/.cache/kestrel/index.db"].mode == 0o600
    assert [each.host for each in read_file(path).network] == ["203.0.113.7"]


def test_paths_in_octal_and_relative_to_folders_are_resolved_or_counted(tmp_path: Path) -> None:
    text = (
        r'812 openat(AT_FDCWD, "/home/somebody/\303\251t\303\251/a.txt", O_WRONLY|O_CREAT, 0644) = 3'
        "\n"
        '812 openat(5, "b.txt", O_WRONLY) = 3\n'
        '812 openat(AT_FDCWD</home/somebody/task>, "c.txt", O_WRONLY) = 3</home/somebody/task/c.txt>\n'
        '812 openat(7</home/somebody/task>, "k=v.txt", O_WRONLY) = 3</home/somebody/task/k=v.txt>\n'
        '812 openat(AT_FDCWD, "/home/somebody/very"..., O_WRONLY) = 3\n'
        '812 rename("/home/somebody/.kestrel/auth.tmp", "/home/somebody/.kestrel/auth.json") = 0\n'
        '812 openat(AT_FDCWD, "/nowhere", O_WRONLY) = -1 ENOENT (No such file or directory)\n'
        '812 openat(AT_FDCWD, "/home/somebody/late", O_WRONLY <unfinished ...>\n'
    )
    path = tmp_path / "trace.strace"
    found = files(path, text)
    assert [(each.path, each.outcome) for each in found] == [
        (local_path("/home/somebody/été/a.txt").shown, "ok"),
        ("~/task/c.txt", "ok"),
        (local_path("/home/somebody/task/k=v.txt").shown, "ok"),
        ("~/.kestrel/auth.json", "ok"),
        ("/nowhere", "failed"),
        ("~/late", "unknown"),
    ]
    assert read_file(path).notes == (
        "2 × a path relative to an open folder, or cut off, could not be resolved",
    )


def test_a_listing_tells_modes_and_no_names_of_people_and_projects(tmp_path: Path) -> None:
    text = (
        "0644 220 1795162000.5 f /home/somebody/.bashrc\n"
        "0755 220 1795162000.5 d /home/somebody/.kestrel\n"
        "0600 4096 1795162802 f /Users/somebody/.kestrel/projects/-Users-somebody-merger/a plan.json\n"
        "no entry\n"
    )
    found = files(tmp_path / "after.txt", text)
    assert (found[0].path, found[0].mode) == ("~/.bashrc", 0o644)
    assert found[1].path.startswith("~/.kestrel/projects/#")
    assert "merger" not in found[1].path
    assert "somebody" not in found[1].path


@pytest.mark.parametrize(
    "head", [b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"BZh9", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"]
)
def test_nothing_is_unpacked(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "a.har"
    path.write_bytes(head + b"\0" * 100)
    with pytest.raises(EvalkitError, match="compressed"):
        read_file(path)


def test_a_capture_is_told_by_content_before_its_name(tmp_path: Path) -> None:
    path = write_har(tmp_path / "really.pcap", har_entry("https://a.example/"))
    assert read_file(path).kind == "har"


@pytest.mark.parametrize("text", ["", "nothing\nof\nthe kind\n"])
def test_what_is_no_capture_is_refused_with_what_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalkitError, match=r"empty|HAR, home listing, table of hosts"):
        read_file(path)
