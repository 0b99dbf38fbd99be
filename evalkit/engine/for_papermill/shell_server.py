"""The fork server for papermill's callers: it forks a child per notebook, which is the caller's shell.

The caller speaks with the child through a socket of their own. The server keeps the other end of a second
one, the fate: when the caller shuts it, the child is ended; when the child ends, the caller reads there how.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from evalkit.engine.for_papermill.shell_child import serve_shell
from evalkit.engine.fork.forked import cause_of_death
from evalkit.engine.fork.forking import ForkingServer
from evalkit.engine.fork.wire import Lines, line_of
from evalkit.engine.worksite import end_group

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.engine.fork.shell import InProcessShell
    from evalkit.engine.fork.wire import Setup

_PIECE: Final = 1 << 16
_MOST_DESCRIPTORS: Final = 64


class ShellServer(ForkingServer):
    """Forks, ends and buries children."""

    def __init__(self, link: socket.socket, setup: Setup, shell: InProcessShell) -> None:
        super().__init__(link, setup.place)
        self._shell = shell
        self._lines = Lines()
        self._descriptors: deque[int] = deque()
        self._fates: dict[int, socket.socket] = {}
        # The link is not enough: a fork of the caller may hold a copy of its end.
        self._caller = os.pidfd_open(os.getppid())
        self.listen(self._caller, self.close)

    def hear(self) -> None:
        """Fork a child for each pair of sockets that arrives."""
        piece, descriptors, _, _ = socket.recv_fds(self._link, _PIECE, _MOST_DESCRIPTORS)
        if not piece:
            self.close()
        self._descriptors.extend(descriptors)
        for message in self._lines.messages(piece):
            cells, fate = (socket.socket(fileno=self._descriptors.popleft()) for _ in range(2))
            self._begin(message, cells, fate)

    def let_go(self) -> None:
        """Close, in a child, what belongs to the server."""
        super().let_go()
        os.close(self._caller)
        for fate in self._fates.values():
            fate.close()

    def _begin(self, message: dict[str, Any], cells: socket.socket, fate: socket.socket) -> None:
        place = self._place / str(message["number"])
        place.mkdir(mode=0o700, parents=True, exist_ok=True)  # a cell may have removed them all

        def work() -> None:
            fate.close()
            serve_shell(self._shell, cells, place, cwd=message["cwd"], environ=message["environ"])

        pid = self.fork(work, partial(self._mourn, place))
        cells.close()
        self._fates[pid] = fate
        self.listen(fate, partial(self._end, pid))

    def _end(self, pid: int) -> None:
        """End a child: its caller has shut the fate."""
        self.unlisten(self._fates[pid])
        end_group(pid)

    def _mourn(self, place: Path, pid: int, code: int) -> None:
        fate = self._fates.pop(pid)
        self.unlisten(fate)
        shutil.rmtree(place, ignore_errors=True)
        with fate, suppress(OSError):  # the caller may be gone
            fate.sendall(line_of({"ended": cause_of_death(code)}))
