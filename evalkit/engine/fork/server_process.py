"""A fork server as the process that started it sees it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final

from evalkit.engine.fork.wire import Lines, line_of
from evalkit.engine.legible import first_line
from evalkit.engine.worksite import end_group, end_groups
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.engine.fork.wire import Setup

_PIECE: Final = 1 << 16
_PATIENCE_SECONDS: Final = 2.0


class UnfitError(EvalkitError):
    """Notebooks cannot be run in forked children here; the message says why."""


def unfit_outside() -> str:
    """Return why no server need be started here; empty if one can be tried."""
    if sys.platform != "linux":
        return f"on {sys.platform} processes cannot be forked safely"
    if not hasattr(os, "pidfd_open"):
        return "this Python has no pidfd_open"
    return ""


class ServerProcess:
    """A server and the line to it.

    Parameters
    ----------
    environ
        Its environment.
    """

    def __init__(self, setup: Setup, environ: Mapping[str, str]) -> None:
        self._place = setup.place
        self._link, theirs = socket.socketpair()
        self._lines = Lines()
        self._is_ready = False
        self._log = TemporaryFile()  # noqa: SIM115 - closed in `end`
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
                [sys.executable, "-P", "-m", "evalkit.engine.fork", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                cwd=setup.cwd,
                env=environ,
                start_new_session=True,
            )
        with suppress(ConnectionError):  # it is gone already: found when it should be ready
            self._link.sendall(line_of(setup.packed()))

    def wait_until_ready(self) -> None:
        """Return when the server can fork; ``UnfitError`` if it says that it cannot, or is gone."""
        while not self._is_ready:
            messages = self.receive()
            if messages is None:
                self._log.seek(0)
                words = self._log.read().decode("utf-8", "replace").split("\n")
                last = next((line.strip() for line in reversed(words) if line.strip()), "no word")
                raise UnfitError(f"its server ended at its start: {first_line(last)}")
            for message in messages:
                if "unfit" in message:
                    raise UnfitError(first_line(message["unfit"]))
                self._is_ready = True

    def send(self, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Say something, and hand over copies of open file descriptors.

        Raises
        ------
        ConnectionError
            If the server is gone.
        """
        line = line_of(message)
        if descriptors:  # they travel with the first byte
            sent = socket.send_fds(self._link, [line], descriptors)
            line = line[sent:]
        self._link.sendall(line)

    def receive(self) -> list[dict[str, Any]] | None:
        """Return what the server says next; None if it is gone."""
        try:
            piece = self._link.recv(_PIECE)
        except ConnectionError:
            piece = b""
        return list(self._lines.messages(piece)) if piece else None

    def end(self) -> None:
        """End the server and whatever was started in it."""
        if self._is_ready:
            # It then ends what cells have started, also what left its group. A fork of this process may hold
            # a copy of the link, so that to close it would not be enough.
            with suppress(OSError):
                self._link.shutdown(socket.SHUT_RDWR)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE_SECONDS)
        end_group(self._process.pid)
        self._process.wait()
        end_groups(self._place)
        self._link.close()
        self._log.close()

    def is_running(self) -> bool:
        """Whether the server is there."""
        return self._process.poll() is None
