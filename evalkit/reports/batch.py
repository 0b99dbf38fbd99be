"""Many reports at once: each job in a worker process, and no failure stops the others."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from evalkit.reports.events import Event, ignore
from evalkit.reports.slot import Slot, interrupt_postponed
from evalkit.reports.worksite import Worksite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from evalkit.reports.events import OnEvent
    from evalkit.reports.job import Job, Outcome

_LONGEST_FOLDER: Final = 60  # with a socket's name behind it; a socket's path ends at 104 characters on macOS


def render_batch(
    jobs: Sequence[Job], *, workers: int, cwd: Path, on_event: OnEvent = ignore
) -> tuple[Outcome, ...]:
    """Render every job and return the outcomes in the order of the jobs; no jobs, no process.

    Parameters
    ----------
    workers
        How many reports are made at the same time, at least 1.
    cwd
        The folder that the cells run in.
    on_event
        Called in this process when a job starts, is finished or has failed.

    Raises
    ------
    ValueError
        If two jobs share a name or a file, or ``workers`` is less than 1.
    KeyboardInterrupt
        At Ctrl-C: running kernels are ended, finished reports are kept.
    """
    _refuse_clashes(jobs)
    if workers < 1:
        raise ValueError(f"workers: {workers} is less than 1")
    outcomes: dict[str, Outcome] = {}
    with _private_folder() as folder, _slots(folder, min(workers, len(jobs)), cwd.absolute()) as slots:
        waiting = deque(job.absolute() for job in jobs)
        running: dict[Future[Outcome], Slot] = {}
        idle = list(slots)
        while waiting or running:
            while waiting and idle:
                slot, job = idle.pop(), waiting.popleft()
                running[slot.begin(job)] = slot
                on_event(Event("started", job.name))
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                slot = running.pop(future)
                outcome = slot.outcome(future)
                if outcome is None:  # the worker was killed
                    running[slot.begin_again()] = slot
                    continue
                outcomes[outcome.name] = outcome
                idle.append(slot)
                kind: Literal["finished", "failed"] = "failed" if outcome.reason else "finished"
                on_event(Event(kind, outcome.name, outcome))
    return tuple(outcomes[job.name] for job in jobs)


def _refuse_clashes(jobs: Sequence[Job]) -> None:
    names = Counter(job.name for job in jobs)
    files = Counter(path.absolute() for job in jobs for path in (job.notebook, job.html))
    for what, count in (*names.items(), *((path.name, n) for path, n in files.items())):
        if count > 1:
            raise ValueError(f"{what}: {count} jobs of one batch share this name or file")


@contextmanager
def _slots(folder: Path, count: int, cwd: Path) -> Iterator[list[Slot]]:
    slots = [Slot(Worksite(cwd, folder / str(number))) for number in range(count)]
    try:
        yield slots
    finally:
        with interrupt_postponed():
            for slot in slots:
                slot.close()


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Yield a folder that only this user can enter, with a short path; it is removed at the end."""
    parent = "/tmp" if os.name == "posix" and len(tempfile.gettempdir()) > _LONGEST_FOLDER else None  # noqa: S108 - mkdtemp makes a private folder in it
    folder = Path(tempfile.mkdtemp(prefix="evk-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
