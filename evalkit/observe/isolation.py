"""Reading an artefact in a child process that may be killed: what it was made to do ends with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from evalkit.observe.looking import Looked, Request

if TYPE_CHECKING:
    from evalkit.observe.limits import Limits

_LONGEST_ANSWER: Final = 64 << 20
_MORE_SECONDS: Final = 15
"""Beyond the limit of processor time, for a machine that is busy with other things."""


@dataclass(frozen=True, slots=True)
class NotLooked:
    """Why nothing can be said of an artefact."""

    reason: str


def look_apart(path: Path, request: Request, limits: Limits) -> Looked | NotLooked:
    """Return what a child process finds in a file or folder, or why it found nothing.

    Nothing that the child does is believed without a check: its answer has to be a :class:`Looked`.
    """
    asked = json.dumps(
        {"path": str(path.absolute()), "request": request.model_dump_json(), "limits": asdict(limits)}
    )
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "evalkit.observe.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as child:
        answer, is_late = _exchange(child, asked.encode(), limits.seconds + _MORE_SECONDS)
        code = child.returncode
    if is_late or (code is not None and code < 0):
        return NotLooked(
            f"reading it was ended: it takes more than {limits.seconds} s, or more memory than allowed"
        )
    return _parsed(answer)


def _exchange(child: subprocess.Popen[bytes], asked: bytes, seconds: float) -> tuple[bytes, bool]:
    assert child.stdin is not None  # noqa: S101 - as Popen was asked
    assert child.stdout is not None  # noqa: S101 - as Popen was asked
    answer: list[bytes] = []
    stdout = child.stdout
    reader = threading.Thread(target=lambda: answer.append(stdout.read(_LONGEST_ANSWER)), daemon=True)
    reader.start()
    try:
        child.stdin.write(asked)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended already; its code says how
    reader.join(seconds)
    is_late = reader.is_alive()
    if is_late:
        child.kill()
        reader.join()
    try:
        child.wait(_MORE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    return b"".join(answer), is_late


def _parsed(answer: bytes) -> Looked | NotLooked:
    try:
        data = json.loads(answer)
        if isinstance(data, dict) and isinstance(data.get("error"), str):
            return NotLooked(data["error"][:300])
        return Looked.model_validate(data["looked"])
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        return NotLooked("reading it ended without an answer")


def _environment() -> dict[str, str]:
    """Return what the child needs to import evalkit, and nothing else of this process's surroundings."""
    kept = {
        name: os.environ[name] for name in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH") if name in os.environ
    }
    places = [str(Path(__file__).resolve().parents[2])]
    places += [place for place in sys.path if place.endswith("-packages")]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONSAFEPATH": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
    }
