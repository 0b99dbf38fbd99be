"""One capture, read in a process of its own: ``python -m evalkit.observe.captures.reading_process FILE``.

Prints what was read as one JSON object, or why not, and nothing else. It may use so much memory and time, and
can write no file.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.observe.captures.events import FileEvent, NetworkEvent
from evalkit.observe.captures.formats import read_file

if TYPE_CHECKING:
    from evalkit.observe.captures.events import Reading

MAX_MEMORY: Final = 1536 << 20
MAX_SECONDS: Final = 120
_NAMES: Final[dict[type, tuple[str, ...]]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind)) for kind in (NetworkEvent, FileEvent)
}


def main() -> None:
    """Read the file that is named, within limits of memory and time."""
    _confine()
    try:
        told = _plain(read_file(Path(sys.argv[1])))
    except EvalkitError as refused:
        told = {"refused": str(refused)}
    except MemoryError:
        told = {"refused": f"reading it needs more than {MAX_MEMORY >> 20} MiB of memory"}
    except RecursionError:
        told = {"refused": "it is nested too deep"}
    json.dump(told, sys.stdout, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _confine() -> None:
    try:
        import resource  # noqa: PLC0415 - there is none on Windows, where only the parent's clock ends a child
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        resource.setrlimit(what, (most, most))


def _plain(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.kind,
        "rows": reading.rows,
        "network": [_fields(event) for event in reading.network],
        "files": [_fields(event) for event in reading.files],
        "notes": reading.notes,
        "limits_hit": reading.limits_hit,
    }


def _fields(event: NetworkEvent | FileEvent) -> list[Any]:
    # Lists, not objects: there may be a million.
    return [getattr(event, name) for name in _NAMES[type(event)]]


if __name__ == "__main__":
    main()
