"""A warm process whose children save and are killed, as the tests of crashes ask for it.

Each line of standard input is one child: ``random SEED NUMBER`` is killed some milliseconds after it starts,
for an odd seed after its first save; ``step K NUMBER`` kills itself at the K-th thing it does to a file, and
``many NAME COUNT`` makes COUNT edits and ends. What a child prints was acknowledged; ``over`` says that it is
gone.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.files.saving import answers_file as saving
from evalkit.files.saving.states import ABSENT, Edit
from tests.files.saving.acme import CITED, answers_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed import FileDescriptorLike

    from evalkit.files.saving.answers_file import AnswersFile
    from evalkit.files.saving.parts import Json

QUESTIONS = ("LOC-01", "LOC-03", "LOC-04")
"""What the children that are killed answer."""

SHARED = "LOC-06"
"""What processes that save at once both answer."""

LONGEST_MS = 25


def tell(text: str) -> None:
    """Print a line at once, without a buffer that would die with the process."""
    os.write(1, f"{text}\n".encode())


def numbered(number: int, _: Json) -> Json:
    """An answer that says its number; every third is a draft."""
    answer = {"value": 2, "finding": str(number)}
    return answer if number % 3 == 0 else answer | {"evidence": CITED}


def said(text: str, _: Json) -> Json:
    """An answer with a finding."""
    return {"state": "unknown", "finding": text}


def said_too(text: str, old: Json) -> Json:
    """An answer with a finding after what stood in the one before."""
    return {"state": "unknown", "finding": f"{(old or {}).get('finding', '')} {text}"}


def save(file: AnswersFile, part: str, made: Callable[[Json], Json], by: str) -> None:
    """Save until nobody was quicker."""
    while True:
        state = file.read().parts.get(part, ABSENT)
        edit = Edit(part, state.revision, made(state.content))
        if not file.save([edit], by=by, at=datetime.now(UTC)).conflicts:
            return


def keep_saving(file: AnswersFile, numbers: Iterable[int], heard: int | None = None) -> None:
    """Save answers with these numbers, and tell each that was saved, into this pipe as well."""
    for number in numbers:
        question = QUESTIONS[number // 3 % len(QUESTIONS)]
        save(file, f"answers/{question}", partial(numbered, number), "child")
        tell(f"{question} {number}")
        if heard is not None:
            os.write(heard, b"!")


def die_at_step(last: int) -> None:
    """Kill this process at the ``last``-th file that it opens, renames, removes, syncs or locks."""
    steps = count(1)
    sync = os.fsync

    def step() -> None:
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(event: str, _: tuple[object, ...]) -> None:
        if event in ("open", "os.rename", "os.remove", "os.chmod", "os.truncate", "fcntl.flock"):
            step()

    def synced(fd: FileDescriptorLike) -> None:
        step()
        sync(fd)

    os.fsync = synced
    sys.addaudithook(watched)


def many(file: AnswersFile, name: str, edits: int) -> None:
    """Make edits of an own question and of one that others answer at the same time."""
    own = {"a": "LOC-01", "b": "LOC-03"}[name]
    for number in range(edits):
        text = f"{name}{number}"
        if number % 2:
            save(file, f"answers/{own}", partial(said, text), name)
        else:
            save(file, f"answers/{SHARED}", partial(said_too, text), name)


def child(file: AnswersFile, kind: str, first: str, second: str, heard: int) -> None:
    """What a child does."""
    if kind == "many":
        many(file, first, int(second))
    else:
        if kind == "step":
            die_at_step(int(first))
        if kind == "random":
            keep_saving(file, count(int(second)), heard)
        keep_saving(file, range(int(second), int(second) + 2))
        tell("survived")


def main() -> None:
    """Serve until standard input ends."""
    setattr(saving, "_PATIENCE_SECONDS", 600.0)  # noqa: B010 - on a busy machine nobody is to give up
    file = answers_file(Path(sys.argv[1]))
    tell("ready")
    for line in sys.stdin:
        kind, first, second = line.split()
        hears, heard = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                child(file, kind, first, second, heard)
                code = 0
            finally:
                os._exit(code)
        os.close(heard)
        if kind == "random":
            if int(first) % 2:
                os.read(hears, 1)
            # At any moment: that is what is tried, and no test waits for it to be a certain one.
            time.sleep(random.Random(int(first)).uniform(0, LONGEST_MS / 1000))  # noqa: S311 - no secret
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        os.close(hears)
        tell(f"over {status}")


if __name__ == "__main__":
    main()
