"""HAR: what a browser's tools or a proxy recorded of HTTP, decrypted.

Of an entry only time, scheme, host, port, sizes and status are taken. Headers, cookies, bodies, queries and
paths are never looked at.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NoReturn

from evalkit.errors import EvalkitError
from evalkit.observe.captures.events import NetworkEvent, Reading, Tally
from evalkit.observe.captures.host_names import host_of_url
from evalkit.observe.captures.moments import moment

if TYPE_CHECKING:
    from evalkit.observe.captures.events import Outcome

MAX_ENTRIES: Final = 500_000
_LARGEST: Final = 2**53


def read(file: BinaryIO) -> Reading:
    """Return the requests of a HAR file.

    Raises
    ------
    EvalkitError
        If it is no JSON, or has no list ``log.entries``.
    """
    entries = _entries(_parsed(file.read()))
    tally = Tally()
    events = []
    for number, entry in enumerate(entries[:MAX_ENTRIES], start=1):
        event = _event(number, entry, tally)
        if event is not None:
            events.append(event)
    hit = (f"only the first {MAX_ENTRIES} entries were read",) if len(entries) > MAX_ENTRIES else ()
    return Reading("har", min(len(entries), MAX_ENTRIES), tuple(events), notes=tally.notes(), limits_hit=hit)


def _parsed(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(raw, parse_constant=_no_number)
    except RecursionError as error:
        raise EvalkitError("it is nested too deep for a HAR file") from error
    except ValueError as error:  # also what is no UTF-8
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise EvalkitError(f"it is no JSON{where}: a HAR file was expected") from error


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _entries(data: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    log = data.get("log") if isinstance(data, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise EvalkitError("it has no list log.entries: a HAR file was expected")
    return entries


def _event(number: int, entry: Any, tally: Tally) -> NetworkEvent | None:  # noqa: ANN401 - any JSON value
    request = entry.get("request") if isinstance(entry, dict) else None
    url = request.get("url") if isinstance(request, dict) else None
    found = host_of_url(url) if isinstance(url, str) else None
    if found is None or not isinstance(request, dict):
        tally.add("an entry without an address that has a host was passed over")
        return None
    host, is_address, scheme, port = found
    started = entry.get("startedDateTime")
    return NetworkEvent(
        line=number,
        at=moment(started) if isinstance(started, str) else None,
        host=host,
        is_address=is_address,
        scheme={"ws": "http", "wss": "https"}.get(scheme, scheme),
        port=port,
        bytes_out=_amount(request.get("bodySize")),
        outcome=_outcome(entry.get("response")),
    )


def _amount(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= _LARGEST else None


def _outcome(response: Any) -> Outcome:  # noqa: ANN401 - any JSON value
    status = response.get("status") if isinstance(response, dict) else None
    if not isinstance(status, int) or isinstance(status, bool):
        return "unknown"
    return "failed" if status <= 0 else "ok"
