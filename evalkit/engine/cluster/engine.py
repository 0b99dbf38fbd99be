"""A batch on a dask cluster, as its caller sees it: an engine as any other."""

from __future__ import annotations

import logging
import math
import queue
import uuid
from collections import deque
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Final

from distributed import Client, Future, KilledWorker

from evalkit.engine.cluster.worker import ChunkResult, Record, run_chunk
from evalkit.engine.events import Event
from evalkit.engine.job import Outcome
from evalkit.engine.legible import first_line
from evalkit.engine.parameters import json_types
from evalkit.engine.worksite import Worksite
from evalkit.errors import EvalkitError, RenderError
from evalkit.writing import remove_leftovers, write_bytes

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from evalkit.engine.cluster.site import Site
    from evalkit.engine.job import Job

_CONNECT_SECONDS: Final = 15
_LOOK_EVERY_SECONDS: Final = 1.0
_LEAST_JOBS: Final = 30
"""Of a chunk, where there are enough: to start what runs them takes as long as a few reports."""
_RETRIES: Final = 1
"""Of a chunk that fails; one whose worker is lost is tried as often as the scheduler allows."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Jobs that one worker was given at once, and the worker; empty if dask was free to choose."""

    jobs: tuple[Job, ...]
    worker: str
    future: Future[ChunkResult]


class ClusterEngine:
    """Has the workers of a dask cluster run notebooks, a chunk of jobs at a time.

    Parameters
    ----------
    scheduler
        Its address.
    site
        What a chunk needs to know.
    in_place
        Whether workers write the reports where the jobs say.

    Raises
    ------
    EvalkitError
        If the scheduler does not answer.
    """

    name = "dask"

    def __init__(self, scheduler: str, site: Site, *, in_place: bool) -> None:
        self._scheduler, self._site, self._in_place = scheduler, site, in_place
        self._noticed: set[str] = set()
        self._stack = ExitStack()
        self._stack.enter_context(_without_words_of_dask())
        with self._stack:
            self._client = _connected(scheduler)
            self._stack = self._stack.pop_all()

    def run(self, jobs: Sequence[Job]) -> Generator[Event, None, None]:
        """Run every job, and yield what happens: a chunk starts and ends as a whole.

        Closing the generator has the cluster drop what it runs.

        Raises
        ------
        EvalkitError
            If a worker lacks what reports need, or the scheduler is lost; what is finished is kept.
        """
        site = self._site.with_templates(job.template for job in jobs)
        self._check(site)
        waiting: deque[Job] = deque()
        for job in jobs:
            try:
                waiting.append(replace(job, parameters=json_types(job.parameters)))
            except RenderError as error:
                yield Event("started", job.name)
                yield self._given_up(job, str(error))
        total = len(waiting)
        done: queue.SimpleQueue[Future[ChunkResult]] = queue.SimpleQueue()
        running: dict[str, _Chunk] = {}
        try:
            while waiting or running:
                threads = self._threads()
                if not threads:
                    yield from self._notices(
                        [f"no worker is connected to the scheduler at {self._scheduler}; waiting for one"]
                    )
                for worker, size in _free(threads, running, total):
                    taken = tuple(waiting.popleft() for _ in range(min(size, len(waiting))))
                    if taken:
                        chunk = self._submit(site, taken, worker)
                        running[str(chunk.future.key)] = chunk
                        chunk.future.add_done_callback(done.put)
                        yield from (Event("started", job.name) for job in taken)
                with suppress(queue.Empty):
                    future = done.get(timeout=_LOOK_EVERY_SECONDS)
                    yield from self._ended(running.pop(str(future.key)))
                self._look_after_scheduler()
        finally:
            if running:
                self._client.cancel([chunk.future for chunk in running.values()], force=True)

    def close(self) -> None:
        """Let go of the cluster, which stays."""
        with self._stack:
            self._client.close()

    def _threads(self) -> dict[str, int]:
        """Return the number of threads of each worker that is connected now."""
        threads: dict[str, int] = self._client.nthreads()
        return threads

    def _check(self, site: Site) -> None:
        """Refuse a cluster with a worker whose reports would be others than those of this machine."""
        try:
            problems: Mapping[str, str] = self._client.run(site.problem)
        except Exception as error:
            said = first_line(str(error)) or type(error).__name__
            raise EvalkitError(
                f"a worker of {self._scheduler} cannot make reports: {said}; each needs evalkit[cluster]"
                " in the same version as here"
            ) from error
        lacking = [f"{worker}: {problem}" for worker, problem in sorted(problems.items()) if problem]
        if lacking:
            raise EvalkitError(
                f"workers of {self._scheduler} must have the same files and packages as this machine;"
                f" {'; '.join(lacking)}"
            )

    def _submit(self, site: Site, jobs: tuple[Job, ...], worker: str) -> _Chunk:
        future: Future[ChunkResult] = self._client.submit(
            run_chunk,
            site,
            jobs,
            in_place=self._in_place,
            key=f"evalkit-{uuid.uuid4()}",
            workers=[worker] if worker else None,
            allow_other_workers=bool(worker),
            retries=_RETRIES,
            pure=False,
        )
        return _Chunk(jobs, worker, future)

    def _ended(self, chunk: _Chunk) -> Iterator[Event]:
        try:
            result = chunk.future.result()
        except CancelledError as error:
            raise self._lost() from error
        except KilledWorker as error:
            died = f"{error.allowed_failures + 1} workers of the cluster died while they made it and others"
            yield from self._all_given_up(chunk, f"it was lost: {died}")
        except Exception as error:  # noqa: BLE001 - here the failure of one chunk becomes its jobs' failed lines
            yield from self._all_given_up(chunk, first_line(str(error)) or type(error).__name__)
        else:
            chunk.future.release()  # the worker need not keep the files
            yield from self._notices(result.notices)
            for job, record in zip(chunk.jobs, result.records, strict=True):
                yield Event.of(self._taken_over(job, record))

    def _taken_over(self, job: Job, record: Record) -> Outcome:
        """Return the outcome of a job whose files have come, after they are written."""
        outcome = record.outcome
        try:
            for suffix, path in (("html", job.html), ("ipynb", job.notebook)):
                if suffix in record.files:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    write_bytes(path, record.files[suffix])
        except (EvalkitError, OSError) as error:
            said = f"its report cannot be written: {first_line(str(error))}"
            return Outcome(job.name, "failed", f"{outcome.reason}; {said}" if outcome.reason else said)
        return outcome

    def _all_given_up(self, chunk: _Chunk, reason: str) -> Iterator[Event]:
        for job in chunk.jobs:
            remove_leftovers(job.notebook, job.html)
            yield self._given_up(job, reason)

    def _given_up(self, job: Job, reason: str) -> Event:
        """Write here the page of a job that could not be run; the module takes a second to import."""
        site = Worksite(self._site.cwd, self._site.cwd, self._site.page)  # nothing runs: no private place
        return Event.of(import_module("evalkit.engine.report").give_up(job, site, reason))

    def _notices(self, texts: Sequence[str]) -> Iterator[Event]:
        """Yield each notice once: every worker has the same to say."""
        for text in texts:
            if text not in self._noticed:
                self._noticed.add(text)
                yield Event("notice", text)

    def _look_after_scheduler(self) -> None:
        if self._client.status == "closed":
            raise self._lost()

    def _lost(self) -> EvalkitError:
        return EvalkitError(f"the dask scheduler at {self._scheduler} was lost; finished reports are kept")


def _free(threads: Mapping[str, int], running: Mapping[str, _Chunk], total: int) -> Iterator[tuple[str, int]]:
    """Yield workers that have no chunk, and how many jobs each should take at once.

    A worker gets one chunk at a time, because a chunk uses all its threads. Where no worker is connected, one
    chunk goes to dask: clusters that grow do so when there is work.
    """
    busy = {chunk.worker for chunk in running.values()}
    for worker, count in threads.items():
        if worker not in busy:
            yield worker, chunk_size(total, count, sum(threads.values()))
    if not threads and not running:
        yield "", _LEAST_JOBS


def chunk_size(total: int, threads: int, all_threads: int) -> int:
    """Return how many jobs a worker takes at once.

    Its share of the batch by its threads, in equal parts of at least 30 where the share is so large: a lost
    worker then costs less, and a fast one takes from a slow one.

    Examples
    --------
    >>> chunk_size(30, 1, 2), chunk_size(1000, 1, 2), chunk_size(3, 4, 32)
    (15, 32, 1)
    """
    share = math.ceil(total * threads / all_threads)
    return max(1, math.ceil(share / max(1, share // _LEAST_JOBS)))


@contextmanager
def _without_words_of_dask() -> Iterator[None]:
    """Keep dask's log from the terminal, which belongs to the progress bar; what matters is raised."""
    handlers = list(logging.getLogger("distributed").handlers)
    for handler in handlers:
        handler.addFilter(_nothing)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def _connected(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False, name="evalkit")
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        said = first_line(str(error)) or type(error).__name__
        raise EvalkitError(
            f"no dask scheduler answers at {scheduler!r}: {said}; give the address that `dask scheduler`"
            " prints, for example tcp://10.0.0.5:8786, and start workers with `dask worker ADDRESS`"
        ) from error
