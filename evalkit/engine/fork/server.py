"""The fork server: a process with one thread that imports everything once and forks a child per notebook.

It speaks :mod:`~evalkit.engine.fork.wire` with the process that started it, and ends when that one is gone.
It is started as a plain program, so it works from threads, pools and the workers of a cluster.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from evalkit.engine.fork import child
from evalkit.engine.fork.forked import cause_of_death
from evalkit.engine.fork.forking import ForkingServer
from evalkit.engine.fork.wire import Lines, line_of, packed_outcome, unpacked_job
from evalkit.engine.job import Outcome
from evalkit.engine.worksite import Worksite, end_group
from evalkit.writing import remove_leftovers

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from evalkit.engine.fork.shell import InProcessShell
    from evalkit.engine.fork.wire import Setup
    from evalkit.engine.job import Job

    Tell = Callable[[dict[str, Any]], None]
    Work = Callable[[Job, Worksite, Tell], Outcome]

_PIECE: Final = 1 << 16
_FOREVER: Final = float("inf")
_WRITING_SECONDS: Final = 300
"""How long a child may take for what is not in a cell: reading a template, making a page."""


@dataclass(slots=True, eq=False)
class _Child:
    """A forked process and what it is at."""

    job: Job
    number: int
    site: Worksite
    pipe: int
    clean: bool
    """Whether it runs no cells, so that nobody can help if it dies."""
    lines: Lines = field(default_factory=Lines)
    deadline: float = _FOREVER
    seconds: int = 0
    reached: int = -1
    overdue: bool = False
    outcome: dict[str, Any] | None = None

    def expect(self, seconds: int) -> None:
        """Give it so many seconds from now."""
        self.seconds, self.deadline = seconds, time.monotonic() + seconds

    def read(self) -> list[dict[str, Any]] | None:
        """Return what it says next; None if it has closed its end, ``BlockingIOError`` if it says nothing."""
        piece = os.read(self.pipe, _PIECE)
        return list(self.lines.messages(piece)) if piece else None


class Server(ForkingServer):
    """Has children make reports."""

    def __init__(self, link: socket.socket, setup: Setup, shell: InProcessShell) -> None:
        super().__init__(link, setup.place)
        self._setup, self._shell = setup, shell
        self._lines = Lines()
        self._children: dict[int, _Child] = {}
        self._began: dict[int, float] = {}
        """When each job was begun, by its number."""

    def hear(self) -> None:
        """Fork a child for each job that arrives."""
        piece = self._link.recv(_PIECE)
        if not piece:
            self.close()
        for message in self._lines.messages(piece):
            job, number = unpacked_job(message["job"]), message["number"]
            self._began[number] = time.monotonic()
            site = Worksite(self._setup.cwd, self._place / str(number), self._setup.page)
            if refusal := message.get("refusal"):
                self._begin(job, number, site, partial(child.refuse_job, reason=refusal), clean=True)
            else:
                self._begin(job, number, site, partial(child.run_job, shell=self._shell), clean=False)

    def look(self) -> float | None:
        """End what is overdue, and return the seconds until the next child is; None if none can be."""
        now = time.monotonic()
        for pid, own in self._children.items():
            if own.deadline <= now:
                own.overdue, own.deadline = True, _FOREVER
                end_group(pid)
        nearest = min((own.deadline for own in self._children.values()), default=_FOREVER)
        return None if nearest == _FOREVER else nearest - now

    def let_go(self) -> None:
        """Close, in a child, what belongs to the server."""
        super().let_go()
        for own in self._children.values():
            os.close(own.pipe)

    def _begin(self, job: Job, number: int, site: Worksite, work: Work, *, clean: bool) -> None:
        site.place.mkdir(mode=0o700, parents=True, exist_ok=True)  # a cell may have removed them all
        pipe, writing = os.pipe()
        pid = self.fork(partial(child.tell_outcome, partial(work, job, site), writing), self._mourn)
        os.close(writing)
        os.set_blocking(pipe, False)
        own = _Child(job, number, site, pipe, clean)
        own.expect(_WRITING_SECONDS)
        self._children[pid] = own
        self.listen(pipe, partial(self._listen, own))

    def _listen(self, own: _Child) -> None:
        messages = own.read()
        if messages is None:
            self.unlisten(own.pipe)  # its death will be seen
        for message in messages or ():
            self._note(own, message)

    def _note(self, own: _Child, message: dict[str, Any]) -> None:
        if "outcome" in message:
            own.outcome = message["outcome"]
            return
        in_cell = message["index"] >= 0
        own.expect(own.job.cell_timeout_seconds if in_cell else _WRITING_SECONDS)
        if in_cell:
            own.reached = message["index"]
            self._tell(own, message)

    def _mourn(self, pid: int, code: int) -> None:
        own = self._children.pop(pid)
        with suppress(BlockingIOError):  # somebody else holds the pipe
            while (last_words := own.read()) is not None:
                for message in last_words:
                    self._note(own, message)
        self.unlisten(own.pipe)
        os.close(own.pipe)
        if own.outcome is None:
            remove_leftovers(own.job.notebook, own.job.html)  # it may have died while it wrote them
        if own.outcome is None and not own.clean:
            name, reason = _cause(own, code)
            finish = partial(child.finish_job, reached=own.reached, name=name, reason=reason)
            self._begin(own.job, own.number, own.site, finish, clean=True)
            return
        lost = Outcome(own.job.name, "failed", "the process that should write its report died")
        outcome = own.outcome or packed_outcome(lost)
        if own.clean:  # it knows of its own time alone
            outcome["seconds"] = time.monotonic() - self._began[own.number]
        del self._began[own.number]
        self._tell(own, {"outcome": outcome})
        shutil.rmtree(own.site.place, ignore_errors=True)

    def _tell(self, own: _Child, message: dict[str, Any]) -> None:
        self._link.sendall(line_of({"number": own.number, **message}))


def _cause(own: _Child, code: int) -> tuple[str, str]:
    """Return why a child is gone, as the name of an error and a sentence."""
    if own.overdue:
        return "CellTimeoutError", f"the cell took longer than the {own.seconds} s it may take"
    return "DeadKernelError", cause_of_death(code)
