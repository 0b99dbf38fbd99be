"""Processes that cells have started and that outlived them, found also when they left their process group."""

from __future__ import annotations

import ctypes
import os
import select
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

_SET_CHILD_SUBREAPER: Final = 36
_PATIENCE_SECONDS: Final = 1.0


def adopt() -> None:
    """Become the parent of descendants that lose theirs: then none is out of sight.

    A notebook's process adopts what its cells start; when it ends, the server does.
    """
    with suppress(AttributeError, OSError):  # a C library without it: then only groups are ended
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children() -> set[int]:
    """Return the processes whose parent this one is; empty where the system does not tell."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path("/proc/self/task").iterdir():
            found |= {int(pid) for pid in (task / "children").read_text(encoding="ascii").split()}
    return found


def end_orphans(known: set[int]) -> None:
    """Kill and bury every child that is not known, and the ones that are adopted by that."""
    met: set[int] = set()
    while fresh := children() - known - met:
        met |= fresh
        for pid in fresh:
            _end(pid)


def _end(pid: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        watch = os.pidfd_open(pid)
        try:
            os.kill(pid, signal.SIGKILL)
            # With a limit: one that waits for a lost network disk cannot be killed.
            if select.select([watch], [], [], _PATIENCE_SECONDS)[0]:
                os.waitpid(pid, 0)
        finally:
            os.close(watch)
