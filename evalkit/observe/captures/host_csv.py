"""Tables of hosts as CSV: an export of tshark, or of whatever else watched the network."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, Final

from evalkit.errors import EvalkitError
from evalkit.observe.captures.events import NetworkEvent, Reading, Tally
from evalkit.observe.captures.host_names import host_name, port_of, split_port
from evalkit.observe.captures.moments import moment
from evalkit.observe.captures.text_lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.observe.captures.events import Outcome

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "at": ("first_seen", "time", "timestamp", "frame.time_epoch", "frame.time"),
    "host": (
        "host",
        "hostname",
        "server_name",
        "sni",
        "tls.handshake.extensions_server_name",
        "http.host",
        "dns.qry.name",
    ),
    "address": ("address", "ip", "ip.dst", "ipv6.dst", "destination"),
    "port": ("port", "tcp.dstport", "udp.dstport", "dstport"),
    "scheme": ("proto", "protocol", "_ws.col.protocol"),
    "bytes": ("bytes_out", "bytes", "tcp.len"),
    "process": ("process", "process_name", "exe", "image"),
    "outcome": ("outcome", "action"),
}
"""Names of columns by what they hold; where a table has several for one thing, the first that is filled."""

_SCHEMES: Final[tuple[tuple[str, str], ...]] = (
    ("quic", "quic"),
    ("dns", "dns"),
    ("https", "https"),
    ("http", "http"),
    ("tls", "tls"),
    ("ssl", "tls"),
    ("udp", "udp"),
)
_PROCESS: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,39}")
_MOST_DIGITS: Final = 15
_DENIED: Final = frozenset({"denied", "deny", "blocked", "block", "drop", "dropped", "reject"})


def read(file: BinaryIO) -> Reading:
    """Return the contacts that a table of hosts lists.

    Raises
    ------
    EvalkitError
        If there is no column for hosts or addresses.
    """
    lines, tally = Lines(file), Tally()
    rows = _rows(lines)
    columns = columns_of([name for _, row in [next(rows, (1, []))] for name in row])
    if not {"host", "address"} & columns.keys():
        known = ", ".join((*COLUMNS["host"], *COLUMNS["address"]))
        raise EvalkitError(f"the first row names no column for hosts; known are {known}")
    events = [event for number, row in rows for event in _events(number, row, columns, tally)]
    return Reading("host-csv", lines.rows, tuple(events), (), tally.notes(), tuple(lines.limits_hit))


def columns_of(header: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return the positions of the columns by what they hold."""
    there = {name.strip().strip("\ufeff").lower(): position for position, name in enumerate(header)}
    found = {what: tuple(there[name] for name in names if name in there) for what, names in COLUMNS.items()}
    return {what: positions for what, positions in found.items() if positions}


def _rows(lines: Lines) -> Iterator[tuple[int, list[str]]]:
    delimiter = ","
    for number, line in lines:
        if number == 1:
            delimiter = max(",;\t", key=line.count)
        # Line by line: hosts have no line breaks, and one quote that is never closed must not eat the rest.
        try:
            yield number, next(csv.reader([line.replace("\0", "")], delimiter=delimiter), [])
        except csv.Error:
            yield number, []


def _events(
    number: int, row: list[str], columns: Mapping[str, tuple[int, ...]], tally: Tally
) -> Iterator[NetworkEvent]:
    cells = {what: _cell(row, positions) for what, positions in columns.items()}
    # tshark joins what one packet says several times by commas.
    named = cells.get("host", "").split(",") if cells.get("host") else [cells.get("address", "")]
    found = [host for text in named if (host := host_name(split_port(text.strip())[0]))]
    if not found and any(cells.values()):
        tally.add("a row without a host was passed over")
    scheme = cells.get("scheme", "").lower()
    amount = cells.get("bytes", "")
    denied: Outcome = "denied" if cells.get("outcome", "").lower() in _DENIED else "ok"
    for name, is_address in found:
        yield NetworkEvent(
            line=number,
            at=moment(cells.get("at", "")),
            host=name,
            is_address=is_address,
            scheme=next((scheme_ for word, scheme_ in _SCHEMES if word in scheme), "tcp"),
            port=port_of(cells.get("port", "")),
            bytes_out=int(amount)
            if amount.isascii() and amount.isdigit() and len(amount) <= _MOST_DIGITS
            else None,
            process=process_name(cells.get("process", "")),
            outcome=denied,
        )


def _cell(row: list[str], positions: tuple[int, ...]) -> str:
    for position in positions:
        if position < len(row) and (text := row[position].strip()):
            return text
    return ""


@lru_cache(maxsize=4096)
def process_name(text: str) -> str | None:
    r"""Return the name of a program, without folder and arguments; None if it has no plain name.

    >>> process_name("/usr/bin/git --password=x"), process_name(r"C:\Tools\agent.exe"), process_name("")
    ('git', 'agent.exe', None)
    """
    words = text.replace("\\", "/").split()
    found = _PROCESS.fullmatch(words[0].rpartition("/")[2]) if words else None
    return found.group() if found else None
