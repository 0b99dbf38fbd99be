"""The servers of shells that this process keeps: started when first needed, ended with the process."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from nbclient.exceptions import DeadKernelError

from evalkit.engine.for_papermill.remote_shell import RemoteShell
from evalkit.engine.fork.fitness import tried
from evalkit.engine.fork.server_process import ServerProcess, UnfitError, unfit_outside
from evalkit.engine.fork.wire import Setup
from evalkit.engine.worksite import interrupt_postponed, make_private_folder

_READ_AT_START: Final = ("PYTHON", "LANG", "LC_", "LD_")
"""Environment variables that a running interpreter has read once and for all."""

_TRIES: Final = 2
_Key = frozenset[tuple[str, str]]


def open_shell() -> RemoteShell:
    """Return a shell in a new child that has this process's folder and environment; close it after use.

    Threads may call it at the same time.

    Raises
    ------
    UnfitError
        If notebooks cannot be run in forked children here.
    """
    if reason := unfit_outside():
        raise UnfitError(reason)
    said = ""
    for _ in range(_TRIES):
        with _KEPT.lock:
            server = _KEPT.server()
        try:
            return server.open_shell()
        except (ConnectionError, DeadKernelError) as error:  # perhaps somebody has killed it just now
            said = str(error)
    raise UnfitError(f"no child can be forked: {said}")


class _WarmServer:
    """A server that has run a trial notebook."""

    def __init__(self) -> None:
        self._place = make_private_folder()
        self._lock = threading.Lock()
        self._numbers = 0
        setup = Setup(cwd=self._place, place=self._place)
        with interrupt_postponed():
            self._process = ServerProcess(setup, os.environ)
        try:
            self._process.wait_until_ready()
            self._try_out()
        except BaseException:
            self.end()
            raise

    def _try_out(self) -> None:
        try:
            shell = self.open_shell()
            found = tried(shell, shell)
        except (ConnectionError, DeadKernelError) as error:
            found = str(error)
        if found:
            raise UnfitError(f"its self-test failed: {found}")

    def open_shell(self) -> RemoteShell:
        """Return a shell in a new child; ``ConnectionError`` or ``DeadKernelError`` if there is none."""
        cells, their_cells = socket.socketpair()
        fate, their_fate = socket.socketpair()
        with their_cells, their_fate, self._lock:
            self._numbers += 1
            place = self._place / str(self._numbers)
            request = {"number": self._numbers, "cwd": str(Path.cwd()), "environ": dict(os.environ)}
            try:
                self._process.send(request, [their_cells.fileno(), their_fate.fileno()])
            except BaseException:
                cells.close()
                fate.close()
                raise
        return RemoteShell(cells, fate, place)

    def is_running(self) -> bool:
        """Whether it can be asked for a shell."""
        return self._process.is_running()

    def end(self) -> None:
        """End the server and whatever was started in it."""
        with interrupt_postponed():
            self._process.end()
            shutil.rmtree(self._place, ignore_errors=True)


@dataclass(slots=True)
class _Kept:
    """The servers of one process, by the variables that they have read at their start."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    servers: dict[_Key, _WarmServer] = field(default_factory=dict)
    unfit: dict[_Key, str] = field(default_factory=dict)
    """Why one could not be started: it would not be the next time either."""
    inherited: list[_WarmServer] = field(default_factory=list)
    """A parent's, if this process is a fork: not to be ended, and not to be collected."""

    def server(self) -> _WarmServer:
        """Return the server for this process's environment, started if need be."""
        key = frozenset(
            (name, value) for name, value in os.environ.items() if name.startswith(_READ_AT_START)
        )
        known = self.servers.get(key)
        if known is not None and known.is_running():
            return known
        if known is not None:
            self.servers.pop(key).end()
        if reason := self.unfit.get(key):
            raise UnfitError(reason)
        try:
            self.servers[key] = _WarmServer()
        except UnfitError as error:
            self.unfit[key] = str(error)
            raise
        return self.servers[key]

    def end(self) -> None:
        """End all servers."""
        while self.servers:
            self.servers.popitem()[1].end()

    def forget(self) -> None:
        """In a fork of this process: the servers are the parent's."""
        self.lock = threading.Lock()
        self.inherited.extend(self.servers.values())
        self.servers.clear()


_KEPT: Final = _Kept()
atexit.register(_KEPT.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_KEPT.forget)
