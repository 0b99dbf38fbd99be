"""The process that reads what comes from outside: ``python -m evalkit.observe.child``.

A request on standard input, an answer or why there is none on standard output. It may use so much memory
and time, and can write no file.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.observe.isolation import ANSWERED, REFUSED
from evalkit.observe.limits import MEBIBYTE, Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

JOBS: Final[Mapping[str, str]] = {
    "artefact": "evalkit.observe.looking_apart",
    "capture": "evalkit.observe.captures.reading_apart",
    "listing": "evalkit.observe.listings",
}
"""The module of each job; its function ``do`` takes what was asked and returns the answer."""


def main() -> None:
    """Do one job within its bounds, and write one answer."""
    request = json.load(sys.stdin)
    bounds = Bounds(**request["bounds"])
    do: Callable[[Mapping[str, str]], str] = import_module(JOBS[request["job"]]).do
    confine(bounds)
    sys.stdout.buffer.write(_answer(do, request["asked"], bounds))
    sys.stdout.buffer.flush()


def _answer(do: Callable[[Mapping[str, str]], str], asked: Mapping[str, str], bounds: Bounds) -> bytes:
    try:
        return ANSWERED + do(asked).encode()
    except MemoryError:
        refused = f"reading it takes more than {bounds.memory_bytes // MEBIBYTE} MiB of memory"
    except RecursionError:
        refused = "it is nested too deep"
    except EvalkitError as error:
        refused = str(error)
    return REFUSED + refused.encode("utf-8", "backslashreplace")


def confine(bounds: Bounds) -> None:
    """Give up memory, time and files beyond the bounds, where the system can hold a process to them."""
    try:
        import resource  # noqa: PLC0415 - not on Windows, where only the parent's clock ends a child
    except ImportError:
        return
    for name, soft, hard in (
        (resource.RLIMIT_AS, bounds.memory_bytes, bounds.memory_bytes),
        (resource.RLIMIT_CPU, bounds.seconds, bounds.seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(name, (soft, hard))


if __name__ == "__main__":
    main()
