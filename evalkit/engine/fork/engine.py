"""The fast engine as its caller sees it: a server process, started once and renewed if it is killed."""

from __future__ import annotations

import os
from collections import Counter, deque
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from evalkit.engine.events import Event
from evalkit.engine.fork.server_process import ServerProcess, UnfitError, unfit_outside
from evalkit.engine.fork.wire import Setup, packed_job, unpacked_outcome
from evalkit.engine.parameters import json_types
from evalkit.engine.worksite import environment, interrupt_postponed, private_folder
from evalkit.errors import RenderError
from evalkit.writing import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from evalkit.engine.job import Job

_LOSSES: Final = 2
_LOST: Final = "its worker process was killed, and killed again when tried once more"


class ForkEngine:
    """Runs notebooks in forked children of a warm process.

    Parameters
    ----------
    slots
        How many notebooks run at the same time, at least 1.
    cwd
        The folder that cells run in, absolute.
    page
        The page maker as ``module:function``.
    prepare, prepare_with
        A function as ``module:function`` and its keyword arguments (JSON types), called once in the server:
        each notebook inherits what it imported and computed.
    """

    name = "fast"

    def __init__(
        self,
        *,
        slots: int,
        cwd: Path,
        page: str,
        prepare: str = "",
        prepare_with: Mapping[str, Any] | None = None,
    ) -> None:
        self._slots = slots
        self._stack = ExitStack()
        self._folder = self._stack.enter_context(private_folder())
        self._setup = (cwd, page, prepare, prepare_with or {})
        self._numbers = 0
        self._server: ServerProcess | None = None

    def begin(self) -> None:
        """Start the server, without waiting for it.

        Raises
        ------
        UnfitError
            If processes cannot be forked on this system.
        """
        if reason := unfit_outside():
            raise UnfitError(reason)
        if self._server is None:
            cwd, page, prepare, prepare_with = self._setup
            self._numbers += 1
            place = self._folder / str(self._numbers)
            place.mkdir(mode=0o700, parents=True)  # a cell may have removed them all
            with interrupt_postponed():
                setup = Setup(cwd, place, page, prepare, prepare_with)
                self._server = ServerProcess(setup, os.environ | environment(place))

    def run(self, jobs: Sequence[Job]) -> Generator[Event, None, None]:
        """Run every job, and yield what happens; closing the generator ends what runs.

        Raises
        ------
        UnfitError
            If this engine cannot be used here; after the first event only if a killed server cannot be
            started again.
        """
        waiting = deque(enumerate(jobs))
        running: dict[int, Job] = {}
        losses: Counter[int] = Counter()
        server = self._ready()
        try:
            while waiting or running:
                while waiting and len(running) < self._limit(losses, waiting, running):
                    number, job = waiting.popleft()
                    running[number] = job
                    refusal = _LOST if losses[number] >= _LOSSES else ""
                    with suppress(ConnectionError):  # it is gone: the next `receive` says so
                        server.send(_request(number, job, refusal))
                    if not losses[number]:
                        yield Event("started", job.name)
                messages = server.receive()
                for message in messages or ():
                    yield self._event(message, running)
                if messages is None:
                    self._end()  # first: a child may be writing still
                    losses.update(list(running))
                    waiting.extendleft(reversed(running.items()))
                    for job in running.values():
                        remove_leftovers(job.notebook, job.html)
                    running.clear()
                    server = self._ready()
        finally:
            if running:
                self._end()
                for job in running.values():
                    remove_leftovers(job.notebook, job.html)

    def close(self) -> None:
        """End the server, and remove its folder."""
        self._end()
        self._stack.close()

    def _limit(self, losses: Counter[int], waiting: deque[tuple[int, Job]], running: dict[int, Job]) -> int:
        """Return how many may run: one while a job that may have killed a server is run again."""
        return 1 if losses[waiting[0][0]] or any(losses[number] for number in running) else self._slots

    def _event(self, message: Mapping[str, Any], running: dict[int, Job]) -> Event:
        number = message["number"]
        if "outcome" in message:
            del running[number]
            return Event.of(unpacked_outcome(message["outcome"]))
        job = running[number].name
        return Event("cell", job, cell=message["cell"], index=message["index"], cells=message["cells"])

    def _ready(self) -> ServerProcess:
        self.begin()
        if self._server is None:
            raise RuntimeError("no server was started")
        try:
            self._server.wait_until_ready()
        except UnfitError:
            self._end()
            raise
        return self._server

    def _end(self) -> None:
        with interrupt_postponed():
            if self._server is not None:
                self._server.end()
            self._server = None


def _request(number: int, job: Job, refusal: str) -> dict[str, Any]:
    """Ask for a job to be run, or for its page to say why it is refused."""
    try:
        job = replace(job, parameters=json_types(job.parameters))
    except RenderError as error:
        job, refusal = replace(job, parameters={}), refusal or str(error)
    return {"number": number, "job": packed_job(job), "refusal": refusal}
