"""Where a worker works, and how to end what it started there."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Worksite:
    """Where a worker works.

    Attributes
    ----------
    cwd : Path
        The folder that cells run in.
    place : Path
        The worker's private folder, for sockets and notes of its kernels.
    """

    cwd: Path
    place: Path


def note_kernel(place: Path, group: int) -> None:
    """Write down that a kernel runs in the process group ``group``."""
    (place / f"{group}.group").touch()


def end_kernels(place: Path) -> None:
    """Kill each kernel that was started in ``place``, with all that its cells started."""
    for note in place.glob("*.group"):
        if sys.platform != "win32":
            with suppress(ProcessLookupError, PermissionError):  # gone, or by now somebody else's
                os.killpg(int(note.stem), signal.SIGKILL)
        note.unlink(missing_ok=True)
