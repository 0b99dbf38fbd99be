"""The portable engine: each job in a worker process that starts a kernel for it."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from evalkit.engine.events import Event
from evalkit.engine.stock.place import current_cell, forget_cell
from evalkit.engine.stock.slot import Slot
from evalkit.engine.worksite import Worksite, interrupt_postponed, private_folder

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from evalkit.engine.job import Job, Outcome

_LOOK_EVERY_SECONDS: Final = 0.2


class StockEngine:
    """Runs notebooks with stock nbclient, anywhere.

    Parameters
    ----------
    slots
        How many notebooks run at the same time, at least 1.
    cwd
        The folder that cells run in, absolute.
    page
        The page maker as ``module:function``.
    """

    name = "stock"

    def __init__(self, *, slots: int, cwd: Path, page: str) -> None:
        self._slots, self._cwd, self._page = slots, cwd, page

    def run(self, jobs: Sequence[Job]) -> Generator[Event, None, None]:
        """Run every job, and yield what happens; closing the generator ends what runs."""
        with private_folder() as folder, self._workers(folder, min(self._slots, len(jobs))) as slots:
            waiting = deque(jobs)
            running: dict[Future[Outcome], Slot] = {}
            idle = list(slots)
            while waiting or running:
                while waiting and idle:
                    slot, job = idle.pop(), waiting.popleft()
                    forget_cell(slot.site.place)
                    running[slot.begin(job)] = slot
                    yield Event("started", job.name)
                done, _ = wait(running, timeout=_LOOK_EVERY_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    slot = running.pop(future)
                    outcome = slot.outcome(future)
                    if outcome is None:  # the worker was killed
                        running[slot.begin_again()] = slot
                        continue
                    idle.append(slot)
                    yield Event.of(outcome)
                for slot in running.values():
                    yield from _progress(slot)

    def close(self) -> None:
        """Nothing outlives a run."""

    @contextmanager
    def _workers(self, folder: Path, count: int) -> Iterator[list[Slot]]:
        slots = [Slot(Worksite(self._cwd, folder / str(number), self._page)) for number in range(count)]
        try:
            yield slots
        finally:
            with interrupt_postponed():
                for slot in slots:
                    slot.close()


def _progress(slot: Slot) -> Iterator[Event]:
    """Yield in which cell a worker is, if it is in another one than when it was last looked at."""
    cell = current_cell(slot.site.place)
    if slot.job is not None and cell is not None and cell != slot.cell:
        slot.cell = cell
        yield Event("cell", slot.job.name, cell=cell.id, index=cell.index, cells=cell.cells)
