"""Work on a file from outside, done in a child process that may be killed.

A parser that is led astray takes nobody with it: the child may use so much memory and time, can write no
file, and sees nothing of this process's surroundings. Releases and captures are read alike. What a child
does, and what its answer means, is said by a job (:data:`evalkit.observe.child.JOBS`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.observe.limits import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.observe.limits import Bounds

MORE_SECONDS: Final = 30
"""Beyond the limit of processor time, for a machine that is busy with other things."""

ANSWERED: Final = b"answer\n"
REFUSED: Final = b"refused\n"
"""What a child writes before its answer, or before why it has none."""

_LONGEST_REASON: Final = 300


class NoAnswerError(EvalkitError):
    """A child process gave no answer; the text says why."""


def answer_of(job: str, asked: Mapping[str, str], bounds: Bounds) -> bytes:
    """Return the answer of a child process, which nobody has checked yet.

    Parameters
    ----------
    job
        One of :data:`evalkit.observe.child.JOBS`.
    asked
        What the job is given.

    Raises
    ------
    NoAnswerError
        If the child refused, was ended by a limit, or ended without a word.
    """
    request = json.dumps({"job": job, "asked": dict(asked), "bounds": asdict(bounds)})
    with subprocess.Popen(
        # Safe path: nothing is imported from the folder that the command runs in, where the file may lie.
        [sys.executable, "-P", "-m", "evalkit.observe.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as child:
        written, is_late = _exchange(child, request.encode(), bounds)
        is_ended = is_late or (child.returncode is not None and child.returncode < 0)
    if len(written) > bounds.answer_bytes:
        raise NoAnswerError(f"what it holds comes to more than {bounds.answer_bytes // MEBIBYTE} MiB")
    if is_ended:
        raise NoAnswerError(
            f"reading it was ended: it takes more than {bounds.seconds} s, or more memory than allowed"
        )
    if written.startswith(REFUSED):
        raise NoAnswerError(written.removeprefix(REFUSED).decode("utf-8", "replace")[:_LONGEST_REASON])
    if not written.startswith(ANSWERED):
        raise NoAnswerError("reading it ended without an answer")
    return written.removeprefix(ANSWERED)


def _exchange(child: subprocess.Popen[bytes], request: bytes, bounds: Bounds) -> tuple[bytes, bool]:
    """Return what a child wrote, and whether it was ended because its time was over."""
    assert child.stdin is not None  # noqa: S101 - as Popen was asked
    assert child.stdout is not None  # noqa: S101 - as Popen was asked
    answer: list[bytes] = []
    stdout = child.stdout
    most = bounds.answer_bytes + 1
    reader = threading.Thread(target=lambda: answer.append(stdout.read(most)), daemon=True)
    reader.start()
    try:
        child.stdin.write(request)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it ended already; its code says how
    reader.join(bounds.seconds + MORE_SECONDS)
    is_late = reader.is_alive()
    # Who has written all it may, and goes on, waits for a reader.
    if is_late or (answer and len(answer[0]) == most):
        child.kill()
    reader.join()
    child.wait()
    return b"".join(answer), is_late


def environment() -> dict[str, str]:
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
