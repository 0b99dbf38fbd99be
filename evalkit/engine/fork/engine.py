"""The fast engine as its caller sees it: a server process, started once and renewed if it is killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import Counter, deque
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from evalkit.engine.events import Event
from evalkit.engine.fork.wire import Lines, Setup, line_of, packed_job, unpacked_outcome
from evalkit.engine.parameters import json_types
from evalkit.engine.worksite import end_group, end_groups, environment, interrupt_postponed, private_folder
from evalkit.errors import EvalkitError, RenderError
from evalkit.writing import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from evalkit.engine.job import Job

_PIECE: Final = 1 << 16
_LOSSES: Final = 2
_LOST: Final = "its worker process was killed, and killed again when tried once more"


class UnfitError(EvalkitError):
    """Notebooks cannot be run in forked children here; the message says why."""


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
        self._server: _ServerProcess | None = None

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
            place.mkdir(mode=0o700)
            with interrupt_postponed():
                self._server = _ServerProcess(Setup(cwd, place, page, prepare, prepare_with))

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
                    server.send(number, job, refusal=_LOST if losses[number] >= _LOSSES else "")
                    if not losses[number]:
                        yield Event("started", job.name)
                messages = server.receive()
                for message in messages or ():
                    yield self._event(message, running)
                if messages is None:
                    losses.update(list(running))
                    waiting.extendleft(reversed(running.items()))
                    for job in running.values():
                        remove_leftovers(job.notebook, job.html)
                    running.clear()
                    self._end()
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
        return Event("cell", running[number].name, cell=message["cell"], index=message["index"])

    def _ready(self) -> _ServerProcess:
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


def unfit_outside() -> str:
    """Return why no server need be started here; empty if one can be tried."""
    if sys.platform != "linux":
        return f"on {sys.platform} processes cannot be forked safely"
    if not hasattr(os, "pidfd_open"):
        return "this Python has no pidfd_open"
    return ""


class _ServerProcess:
    """A server and the line to it."""

    def __init__(self, setup: Setup) -> None:
        self._place = setup.place
        self._link, theirs = socket.socketpair()
        self._lines = Lines()
        self._is_ready = False
        self._log = setup.place.with_suffix(".log")
        with theirs, self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
                [sys.executable, "-P", "-m", "evalkit.engine.fork", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=setup.cwd,
                env=os.environ | environment(setup.place),
                start_new_session=True,
            )
        with suppress(ConnectionError):  # it is gone already: found when it should be ready
            self._link.sendall(line_of(setup.packed()))

    def wait_until_ready(self) -> None:
        """Return when the server can fork; ``UnfitError`` if it says that it cannot, or is gone."""
        while not self._is_ready:
            messages = self.receive()
            if messages is None:
                words = self._log.read_text(encoding="utf-8", errors="replace").split("\n")
                last = next((line.strip() for line in reversed(words) if line.strip()), "no word")
                raise UnfitError(f"its server ended at its start: {last}")
            for message in messages:
                if "unfit" in message:
                    raise UnfitError(message["unfit"])
                self._is_ready = True

    def send(self, number: int, job: Job, *, refusal: str) -> None:
        """Have a job run, or its page say why it is refused."""
        try:
            job = replace(job, parameters=json_types(job.parameters))
        except RenderError as error:
            job, refusal = replace(job, parameters={}), refusal or str(error)
        with suppress(ConnectionError):  # it is gone: the next `receive` says so
            self._link.sendall(line_of({"number": number, "job": packed_job(job), "refusal": refusal}))

    def receive(self) -> list[dict[str, Any]] | None:
        """Return what the server says next; None if it is gone."""
        try:
            piece = self._link.recv(_PIECE)
        except ConnectionError:
            piece = b""
        return list(self._lines.messages(piece)) if piece else None

    def end(self) -> None:
        """Kill the server and whatever was started in it."""
        end_group(self._process.pid)
        self._process.wait()
        end_groups(self._place)
        self._link.close()
