"""One worker process at a time: begun, begun again when it is killed, ended."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from evalkit.engine.job import Outcome
from evalkit.engine.stock import worker
from evalkit.engine.worksite import end_groups, interrupt_postponed
from evalkit.writing import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess

    from evalkit.engine.job import Job
    from evalkit.engine.stock.place import Cell
    from evalkit.engine.worksite import Worksite

_LOST: Final = "its worker process was killed, and killed again when tried once more"
_RUNS: Final = 2


@dataclass(slots=True)
class Slot:
    """One worker process, renewed when it is killed, and the job it is at.

    A pool of one process for each slot, not one pool of many: when a process is killed, its pool gives up
    all its jobs and does not say which of them was the victim.
    """

    site: Worksite
    job: Job | None = None
    cell: Cell | None = None
    losses: int = 0
    processes: set[BaseProcess] = field(default_factory=set)
    pool: ProcessPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._renew()

    def begin(self, job: Job) -> Future[Outcome]:
        """Give the worker a job; it is started if need be."""
        self.job, self.cell, self.losses = job, None, 0
        return self._submit(worker.run, job, self.site)

    def begin_again(self) -> Future[Outcome]:
        """After the worker was killed: try the job once more, then have its loss written down."""
        if self.job is None:
            raise RuntimeError("no job was begun")
        if self.losses < _RUNS:
            return self._submit(worker.run, self.job, self.site)
        return self._submit(worker.give_up, self.job, self.site, _LOST)

    def outcome(self, future: Future[Outcome]) -> Outcome | None:
        """Return what became of the job; None if its worker was killed and it can begin again."""
        try:
            return future.result()
        except BrokenProcessPool:
            self.close()
            self._renew()
            self.losses += 1
            if self.losses <= _RUNS or self.job is None:
                return None
            return Outcome(self.job.name, "failed", f"{_LOST}; so was the one that should write this down")

    def close(self) -> None:
        """End the process now, and the kernel that it ran."""
        for process in self.processes:
            process.kill()
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.processes.clear()
        end_groups(self.site.place)
        if self.job is not None:
            remove_leftovers(self.job.notebook, self.job.html)

    def _renew(self) -> None:
        self.site.place.mkdir(exist_ok=True)
        self.pool = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), initializer=worker.start, initargs=(self.site,)
        )

    def _submit(self, call: Callable[..., Outcome], *args: object) -> Future[Outcome]:
        before = set(multiprocessing.active_children())
        with interrupt_postponed():
            with suppress(BrokenProcessPool):  # killed while it was idle: no job was lost
                return self._start(call, args, before)
            self.close()
            self._renew()
            return self._start(call, args, before)

    def _start(
        self, call: Callable[..., Outcome], args: tuple[object, ...], before: set[BaseProcess]
    ) -> Future[Outcome]:
        future = self.pool.submit(call, *args)
        self.processes |= set(multiprocessing.active_children()) - before
        return future
