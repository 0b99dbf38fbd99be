"""The fork server: a process with one thread that imports everything once and forks a child per notebook.

It speaks :mod:`~evalkit.engine.fork.wire` with the process that started it, and ends when that one is gone.
It is started as a plain program, so it works from threads, pools and the workers of a cluster.
"""

from __future__ import annotations

import os
import selectors
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from evalkit.engine.fork import child
from evalkit.engine.fork.forked import cause_of_death
from evalkit.engine.fork.orphans import adopt, children, end_orphans
from evalkit.engine.fork.wire import Lines, line_of, packed_outcome, unpacked_job
from evalkit.engine.job import Outcome
from evalkit.engine.worksite import Worksite, end_group, forget_group, note_group
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

    pid: int
    job: Job
    number: int
    site: Worksite
    pipe: int
    watch: int
    clean: bool
    """Whether it runs no cells, so that nobody can help if it dies."""
    lines: Lines = field(default_factory=Lines)
    deadline: float = _FOREVER
    seconds: int = 0
    reached: int = -1
    overdue: bool = False
    outcome: dict[str, Any] | None = None


class Server:
    """Forks, watches and buries children."""

    def __init__(self, link: socket.socket, setup: Setup, shell: InProcessShell) -> None:
        self._link, self._setup, self._shell = link, setup, shell
        self._lines = Lines()
        self._children: set[_Child] = set()
        self._open = True
        self._own: set[int] = set()
        self._selector = selectors.DefaultSelector()
        self._selector.register(link, selectors.EVENT_READ, self._hear)

    def serve(self) -> None:
        """Work until the other side is gone, then leave no process behind."""
        adopt()
        self._own = children()  # what was started before
        try:
            while self._open:
                for key, _ in self._selector.select(self._patience()):
                    key.data()
                self._end_overdue()
        except ConnectionError:
            pass  # nobody is left to be told
        finally:
            for own in self._children:
                end_group(own.pid)
            end_orphans(self._own)

    def _patience(self) -> float | None:
        nearest = min((own.deadline for own in self._children), default=_FOREVER)
        return None if nearest == _FOREVER else max(0.0, nearest - time.monotonic())

    def _hear(self) -> None:
        piece = self._link.recv(_PIECE)
        self._open = bool(piece)
        for message in self._lines.messages(piece):
            job, number = unpacked_job(message["job"]), message["number"]
            site = Worksite(self._setup.cwd, self._setup.place / str(number), self._setup.page)
            if refusal := message.get("refusal"):
                self._fork(job, number, site, partial(child.refuse_job, reason=refusal), clean=True)
            else:
                self._fork(job, number, site, partial(child.run_job, shell=self._shell), clean=False)

    def _fork(self, job: Job, number: int, site: Worksite, work: Work, *, clean: bool) -> None:
        site.place.mkdir(mode=0o700, parents=True, exist_ok=True)  # a cell may have removed them all
        pipe, writing = os.pipe()
        pid = os.fork()
        if not pid:
            self._let_go()
            child.live(partial(work, job, site), writing)
        os.close(writing)
        os.set_blocking(pipe, False)
        note_group(self._setup.place, pid)
        own = _Child(pid, job, number, site, pipe, os.pidfd_open(pid), clean)
        self._expect(own, _WRITING_SECONDS)
        self._children.add(own)
        self._selector.register(pipe, selectors.EVENT_READ, partial(self._listen, own))
        self._selector.register(own.watch, selectors.EVENT_READ, partial(self._bury, own))

    def _let_go(self) -> None:
        """Close, in a child, what belongs to the server."""
        self._selector.close()
        self._link.close()
        for own in self._children:
            os.close(own.pipe)
            os.close(own.watch)

    @staticmethod
    def _expect(own: _Child, seconds: int) -> None:
        own.seconds, own.deadline = seconds, time.monotonic() + seconds

    def _listen(self, own: _Child) -> None:
        with suppress(BlockingIOError):
            piece = os.read(own.pipe, _PIECE)
            for message in own.lines.messages(piece):
                if "outcome" in message:
                    own.outcome = message["outcome"]
                    continue
                in_cell = message["index"] >= 0
                self._expect(own, own.job.cell_timeout_seconds if in_cell else _WRITING_SECONDS)
                if in_cell:
                    own.reached = message["index"]
                    self._tell(own, message)
            if not piece:
                self._selector.unregister(own.pipe)  # closed: its death will be seen

    def _bury(self, own: _Child) -> None:
        end_group(own.pid)  # before its number is free: what its cells started
        forget_group(self._setup.place, own.pid)
        _, status = os.waitpid(own.pid, 0)
        for descriptor in (own.pipe, own.watch):
            with suppress(KeyError):
                self._selector.unregister(descriptor)
        self._hear_last_words(own)
        end_orphans(self._own | {other.pid for other in self._children})
        os.close(own.pipe)
        os.close(own.watch)
        self._children.discard(own)
        if own.outcome is None:
            remove_leftovers(own.job.notebook, own.job.html)  # it may have died while it wrote them
        if own.outcome is None and not own.clean:
            name, reason = _cause(own, os.waitstatus_to_exitcode(status))
            finish = partial(child.finish_job, reached=own.reached, name=name, reason=reason)
            self._fork(own.job, own.number, own.site, finish, clean=True)
            return
        lost = Outcome(own.job.name, "failed", "the process that should write its report died")
        self._tell(own, {"outcome": own.outcome or packed_outcome(lost)})
        shutil.rmtree(own.site.place, ignore_errors=True)

    def _hear_last_words(self, own: _Child) -> None:
        with suppress(BlockingIOError):
            while piece := os.read(own.pipe, _PIECE):
                for message in own.lines.messages(piece):
                    own.outcome = message.get("outcome", own.outcome)
                    own.reached = max(own.reached, message.get("index", -1))

    def _tell(self, own: _Child, message: dict[str, Any]) -> None:
        self._link.sendall(line_of({"number": own.number, **message}))

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for own in self._children:
            if own.deadline <= now:
                own.overdue, own.deadline = True, _FOREVER
                end_group(own.pid)


def _cause(own: _Child, code: int) -> tuple[str, str]:
    """Return why a child is gone, as the name of an error and a sentence."""
    if own.overdue:
        return "CellTimeoutError", f"the cell took longer than the {own.seconds} s it may take"
    return "DeadKernelError", cause_of_death(code)
