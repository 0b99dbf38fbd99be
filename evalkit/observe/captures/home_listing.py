r"""Listings of a home folder, as ``find ~ -printf '%m %s %T@ %y %p\n'`` prints them: names, no content."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from evalkit.errors import EvalkitError
from evalkit.observe.captures.events import FileEvent, Reading, Tally
from evalkit.observe.captures.local_paths import local_path
from evalkit.observe.captures.text_lines import Lines

_LINE: Final = re.compile(
    r"(?P<mode>[0-7]{3,4}) (?P<size>\d{1,15}) (?P<time>\d{1,12}(?:\.\d{1,12})?) "
    r"(?P<type>[a-zA-Z]) (?P<path>\S.*)"
)


def read(file: BinaryIO) -> Reading:
    """Return the files of a listing; folders, links and devices are left out.

    Raises
    ------
    EvalkitError
        If no line has the format.
    """
    lines, tally = Lines(file), Tally()
    events = []
    is_listing = False
    for number, line in lines:
        found = _LINE.fullmatch(line)
        is_listing = is_listing or found is not None
        if found is None:
            if line.strip():
                tally.add("a line that is no entry of a listing was passed over")
        elif found["type"] == "f":
            path = local_path(found["path"])
            events.append(
                FileEvent(
                    line=number,
                    operation="present",
                    path=path.shown,
                    mode=int(found["mode"], 8),
                    stamp=f"{found['size']} {found['time']}",
                    is_credential=path.is_credential,
                    is_private=path.is_private,
                )
            )
    if not is_listing and lines.rows:
        raise EvalkitError("no line has the form that find ~ -printf '%m %s %T@ %y %p\\n' prints")
    return Reading("home-listing", lines.rows, (), tuple(events), tally.notes(), tuple(lines.limits_hit))


def recognised(line: str) -> bool:
    """Whether a line is one of a listing."""
    return _LINE.fullmatch(line) is not None
