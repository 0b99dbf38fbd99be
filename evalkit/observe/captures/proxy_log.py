"""Logs of a proxy: Squid's own format, the common log format, and what mitmproxy prints.

The user that a proxy names, and path and query of an address, are never taken.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, Final

from evalkit.errors import EvalkitError
from evalkit.observe.captures.events import NetworkEvent, Reading, Tally
from evalkit.observe.captures.host_names import host_name, host_of_url, split_port
from evalkit.observe.captures.moments import moment, within
from evalkit.observe.captures.text_lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.observe.captures.events import Outcome

_METHOD: Final = r"(?P<method>[A-Z]{3,12})"
_SQUID: Final = re.compile(
    rf"(?P<at>\d{{9,11}}(?:\.\d{{1,6}})?)\s+-?\d+\s+\S+\s+(?P<result>[A-Z_]+)/(?P<status>\d{{3}})\s+\d+\s+"
    rf"{_METHOD}\s+(?P<target>\S+)(?:\s|$)"
)
_COMMON: Final = re.compile(
    rf"\S+ \S+ (?:\S+ )?\[(?P<day>[^\]]{{20,32}})\] \"{_METHOD} (?P<target>\S+)[^\"]*\" "
    r"(?P<status>\d{3}) \S+"
    r"(?:.* (?P<result>[A-Z_]+):[A-Z_]+)?"
)
_FLOW: Final = re.compile(
    r"(?:(?P<at>\d{4}-\d\d-\d\d[T ][0-9:.]+(?:Z|[+-][0-9:]+)?) )?"
    rf"\S+: {_METHOD} (?P<target>\S+)(?: HTTP/\S+)?"
)
_SERVER: Final = re.compile(r"\[[0-9:.]+\]\[[^\]]+\] server connect (?P<target>\S+)(?: .*)?")
_DENIED: Final = ("403", "451")
_LOGIN: Final = "407"


def read(file: BinaryIO) -> Reading:
    """Return the contacts of a proxy's log.

    Raises
    ------
    EvalkitError
        If no line has one of the formats.
    """
    lines, tally = Lines(file), Tally()
    events = []
    for number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        event = _event(number, line)
        if event is None:
            tally.add("a line in none of the formats known was passed over")
        else:
            events.append(event)
    if tally.counts and not events:
        raise EvalkitError("no line has the format of Squid, of a common log, or of mitmproxy")
    return Reading("proxy-log", lines.rows, tuple(events), (), tally.notes(), tuple(lines.limits_hit))


def recognised(line: str) -> bool:
    """Whether a line has one of the formats."""
    return any(pattern.match(line) for pattern, _ in _FORMATS)


def _event(number: int, line: str) -> NetworkEvent | None:
    for pattern, when in _FORMATS:
        found = pattern.match(line)
        target = _target(found["target"]) if found else None
        if found and target:
            host, is_address, scheme, port = target
            outcome = _outcome(found.groupdict())
            return NetworkEvent(number, when(found), host, is_address, scheme, port, outcome=outcome)
    return None


def _target(text: str) -> tuple[str, bool, str, int | None] | None:
    if "://" in text:
        return host_of_url(text)
    host, port = split_port(text.rpartition("@")[2].partition("/")[0])
    named = host_name(host)
    return None if named is None else (*named, "tls", port)


def _outcome(found: dict[str, str | None]) -> Outcome:
    result, status = found.get("result") or "", found.get("status") or ""
    if status == _LOGIN:
        return "unknown"  # the proxy asks for its login; the client then comes back
    if "DENIED" in result or (status in _DENIED and result in ("", "NONE", "NONE_NONE")):
        return "denied"
    return "failed" if status in ("000", "502", "503", "504") else "ok"


def _common_time(found: re.Match[str]) -> float | None:
    try:
        return within(datetime.strptime(found["day"], "%d/%b/%Y:%H:%M:%S %z").timestamp())
    except ValueError:
        return None


_FORMATS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], float | None]], ...]] = (
    (_SQUID, lambda found: moment(found["at"])),
    (_COMMON, _common_time),
    (_SERVER, lambda _: None),
    (_FLOW, lambda found: moment(found["at"] or "")),
)
"""Each format, and how its time is read; the first that a line has counts."""
