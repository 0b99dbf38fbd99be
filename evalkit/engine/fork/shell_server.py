"""The fork server for papermill's callers: it forks a child per notebook, which is the caller's shell.

The caller speaks with the child through a socket of their own. The server keeps the other end of a second
one, the fate: when the caller shuts it, the child is ended; when the child ends, the caller reads there how.
"""

from __future__ import annotations

import os
import selectors
import shutil
import socket
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from evalkit.engine.fork.forked import cause_of_death, live
from evalkit.engine.fork.orphans import adopt, children, end_orphans
from evalkit.engine.fork.shell_child import serve_shell
from evalkit.engine.fork.wire import Lines, line_of
from evalkit.engine.worksite import end_group, forget_group, note_group

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.engine.fork.shell import InProcessShell
    from evalkit.engine.fork.wire import Setup

_PIECE: Final = 1 << 16
_MOST_DESCRIPTORS: Final = 64


@dataclass(slots=True, eq=False)
class _Child:
    pid: int
    watch: int
    fate: socket.socket
    place: Path


class ShellServer:
    """Forks, ends and buries children."""

    def __init__(self, link: socket.socket, setup: Setup, shell: InProcessShell) -> None:
        self._link, self._place, self._shell = link, setup.place, shell
        self._lines = Lines()
        self._descriptors: deque[int] = deque()
        self._children: set[_Child] = set()
        self._own: set[int] = set()
        self._open = True
        self._caller = os.pidfd_open(os.getppid())
        self._selector = selectors.DefaultSelector()
        self._selector.register(link, selectors.EVENT_READ, self._hear)
        # The link is not enough: a fork of the caller may hold a copy of its end.
        self._selector.register(self._caller, selectors.EVENT_READ, self._close)

    def serve(self) -> None:
        """Work until the caller is gone, then leave no process behind."""
        adopt()
        self._own = children()  # what was started before
        try:
            while self._open:
                for key, _ in self._selector.select():
                    key.data()
        except ConnectionError:
            pass  # the caller is gone
        finally:
            for own in self._children:
                end_group(own.pid)
            end_orphans(self._own)

    def _close(self) -> None:
        self._open = False

    def _hear(self) -> None:
        piece, descriptors, _, _ = socket.recv_fds(self._link, _PIECE, _MOST_DESCRIPTORS)
        self._open = bool(piece)
        self._descriptors.extend(descriptors)
        for message in self._lines.messages(piece):
            cells, fate = (socket.socket(fileno=self._descriptors.popleft()) for _ in range(2))
            self._fork(message, cells, fate)

    def _fork(self, message: dict[str, Any], cells: socket.socket, fate: socket.socket) -> None:
        place = self._place / str(message["number"])
        place.mkdir(mode=0o700, parents=True, exist_ok=True)  # a cell may have removed them all
        pid = os.fork()
        if not pid:
            self._let_go()
            fate.close()
            cwd, environ = message["cwd"], message["environ"]
            live(partial(serve_shell, self._shell, cells, place, cwd=cwd, environ=environ))
        cells.close()
        note_group(self._place, pid)
        own = _Child(pid, os.pidfd_open(pid), fate, place)
        self._children.add(own)
        self._selector.register(own.watch, selectors.EVENT_READ, partial(self._bury, own))
        self._selector.register(fate, selectors.EVENT_READ, partial(self._end, own))

    def _let_go(self) -> None:
        """Close, in a child, what belongs to the server."""
        self._selector.close()
        self._link.close()
        os.close(self._caller)
        for own in self._children:
            own.fate.close()
            os.close(own.watch)

    def _end(self, own: _Child) -> None:
        """End a child: its caller has shut the fate."""
        self._selector.unregister(own.fate)
        end_group(own.pid)

    def _bury(self, own: _Child) -> None:
        end_group(own.pid)  # before its number is free: what its cells started
        forget_group(self._place, own.pid)
        _, status = os.waitpid(own.pid, 0)
        self._selector.unregister(own.watch)
        with suppress(KeyError):
            self._selector.unregister(own.fate)
        os.close(own.watch)
        self._children.discard(own)
        end_orphans(self._own | {other.pid for other in self._children})
        shutil.rmtree(own.place, ignore_errors=True)
        with own.fate, suppress(OSError):  # the caller may be gone
            own.fate.sendall(line_of({"ended": cause_of_death(os.waitstatus_to_exitcode(status))}))
