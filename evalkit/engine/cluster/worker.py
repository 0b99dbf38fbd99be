"""What a worker of the cluster does with a chunk: it has a process of its own render it.

In a dask worker a task runs in a thread of a daemon process: there signals cannot be handled and processes
cannot be made by multiprocessing. A plain subprocess can do both, and ends with whatever it started when the
worker is killed, because its standard input ends then.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from distributed import get_worker

from evalkit.engine.fork.wire import packed_job, unpacked_outcome
from evalkit.engine.legible import first_line
from evalkit.engine.worksite import private_folder
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from evalkit.engine.cluster.site import Site
    from evalkit.engine.job import Job, Outcome

_LOOK_EVERY_SECONDS: Final = 0.5
_TO_END_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one job.

    Attributes
    ----------
    files : mapping
        Content by suffix, ``ipynb`` and ``html``; empty if the worker wrote them in place or could not.
    """

    outcome: Outcome
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What became of a chunk: one record per job in their order, and notices of the engine."""

    records: tuple[Record, ...]
    notices: tuple[str, ...] = ()


def run_chunk(site: Site, jobs: Sequence[Job], *, in_place: bool) -> ChunkResult:
    """Render jobs, as many at the same time as this worker has threads.

    Called in a task of dask. Called again after a worker was lost, it gives the same.

    Parameters
    ----------
    in_place
        Whether to write where the jobs say; else into a private folder, and the files come with the result.

    Raises
    ------
    EvalkitError
        If this machine lacks what reports need, the process that renders them dies, or nobody wants them
        any more.
    """
    if problem := site.problem():
        raise EvalkitError(f"{get_worker().address}: {problem}")
    with private_folder() as folder:
        placed = list(jobs) if in_place else [_placed(job, folder, n) for n, job in enumerate(jobs)]
        outcomes: dict[int, Outcome] = {}
        notices = []
        for message in _messages(site, placed, folder):
            if "notice" in message:
                notices.append(message["notice"])
            else:
                outcomes[message["number"]] = unpacked_outcome(message["outcome"])
        records = (Record(outcomes[n], {} if in_place else _files(job)) for n, job in enumerate(placed))
        return ChunkResult(tuple(records), tuple(notices))


def _placed(job: Job, folder: Path, number: int) -> Job:
    return replace(job, notebook=folder / f"{number}.ipynb", html=folder / f"{number}.html")


def _files(job: Job) -> dict[str, bytes]:
    paths = {"ipynb": job.notebook, "html": job.html}
    return {suffix: path.read_bytes() for suffix, path in paths.items() if path.exists()}


def _messages(site: Site, jobs: Sequence[Job], folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what the process that renders the jobs says; it is gone at the end, whatever happens."""
    log = folder / "log"
    order = {
        "folder": str(folder),
        "engine": site.engine,
        "slots": max(1, get_worker().state.nthreads),
        "cwd": str(site.cwd),
        "page": site.page,
        "prepare": site.prepare,
        "prepare_with": dict(site.prepare_with),
        "jobs": [packed_job(job) for job in jobs],
    }
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "evalkit.engine.cluster"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    listener = Thread(target=_listen, args=(process, said), daemon=True)
    listener.start()
    try:
        with suppress(BrokenPipeError):  # it is gone: found when it says nothing
            _send(process, order)
        while line := _next(said):
            yield json.loads(line)
        if process.wait():
            raise EvalkitError(f"the process that rendered this chunk ended: {_last_words(log)}")
    finally:
        _end(process)
        listener.join()
        if process.stdout is not None:
            process.stdout.close()


def _listen(process: subprocess.Popen[bytes], said: queue.SimpleQueue[bytes]) -> None:
    for line in process.stdout or ():
        said.put(line)
    said.put(b"")


def _send(process: subprocess.Popen[bytes], order: Mapping[str, Any]) -> None:
    if process.stdin is not None:
        process.stdin.write(json.dumps(order).encode() + b"\n")
        process.stdin.flush()  # and it stays open: its end is the end of the process


def _next(said: queue.SimpleQueue[bytes]) -> bytes:
    """Return the next line, empty at the end.

    Dask cannot stop a thread: it only forgets the task, when its client cancels it or is gone.
    """
    worker = get_worker()
    key = worker.get_current_task()
    while True:
        with suppress(queue.Empty):
            return said.get(timeout=_LOOK_EVERY_SECONDS)
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            raise EvalkitError("nobody wants these reports any more")


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return first_line(next((line for line in reversed(lines) if line.strip()), "no word"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Have the process end by itself, with all that it started; kill it if it does not."""
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
    try:
        process.wait(_TO_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()  # the processes that it started end when they notice
        process.wait()
