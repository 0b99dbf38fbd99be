"""A capture read in a process of its own: a parser that is led astray takes nobody with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evalkit.errors import EvalkitError
from evalkit.model.observation import CaptureKind
from evalkit.observe.captures.events import FileEvent, FileOperation, NetworkEvent, Outcome, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SECONDS: Final = 150
MAX_ANSWER: Final = 512 << 20
_HOME: Final = Path(__file__).resolve().parents[3]
_CHILD: Final = "evalkit.observe.captures.reading_process"
_Short = Annotated[str, Field(max_length=5000)]
_Network = tuple[int, float | None, _Short, bool, _Short, int | None, int | None, _Short | None, Outcome]
_File = tuple[int, FileOperation, _Short, int | None, _Short, bool, bool, _Short | None, bool | None, Outcome]


class _Answer(BaseModel):
    """What a child says: a reading, or why there is none. Nothing of it is believed without a check."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    refused: str = ""
    kind: CaptureKind = "har"
    rows: int = 0
    network: tuple[_Network, ...] = ()
    files: tuple[_File, ...] = ()
    notes: tuple[_Short, ...] = ()
    limits_hit: tuple[_Short, ...] = ()


def read_isolated(path: Path) -> Reading:
    """Return what one file holds.

    Raises
    ------
    EvalkitError
        If it is no capture that is read, or its reader met a limit of time or memory.
    """
    # Safe path: nothing is imported from the folder that the command runs in, where the capture may lie.
    raw, code = _run([sys.executable, "-P", "-m", _CHILD, str(path.absolute())])
    try:
        answer = _Answer.model_validate_json(raw)
    except ValidationError:
        why = (
            f"it takes more than {MAX_SECONDS} seconds, or more memory than allowed"
            if code < 0
            else "no answer"
        )
        raise EvalkitError(f"{path}: reading it was ended: {why}") from None
    if answer.refused:
        raise EvalkitError(f"{path}: {answer.refused}")
    return Reading(
        answer.kind,
        answer.rows,
        tuple(NetworkEvent(*fields) for fields in answer.network),
        tuple(FileEvent(*fields) for fields in answer.files),
        answer.notes,
        answer.limits_hit,
    )


def _run(command: Sequence[str]) -> tuple[bytes, int]:
    """Return what a command prints, and its exit code; it is ended when its time is over."""
    with subprocess.Popen(  # noqa: S603 - this very interpreter
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as child:
        clock = threading.Timer(MAX_SECONDS, child.kill)
        clock.start()
        try:
            raw = child.stdout.read(MAX_ANSWER) if child.stdout else b""
            if len(raw) == MAX_ANSWER:
                child.kill()
            child.wait()
        finally:
            clock.cancel()
    return raw, child.returncode


def _environment() -> dict[str, str]:
    """Return what a child needs to import evalkit, and nothing else of this process's surroundings."""
    kept = {
        name: os.environ[name] for name in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH") if name in os.environ
    }
    return {**kept, "PYTHONPATH": str(_HOME), "PYTHONSAFEPATH": "1", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
