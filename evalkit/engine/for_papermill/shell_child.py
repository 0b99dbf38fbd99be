"""A forked child that is another process's shell: it runs the cells that come through a socket."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from IPython.core.interactiveshell import InteractiveShell

from evalkit.engine.for_papermill.frames import Frames, send_frame
from evalkit.engine.fork.streams import CapturedStream

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.engine.fork.shell import InProcessShell, Message

_PIECE: Final = 1 << 16


def serve_shell(
    shell: InProcessShell, link: socket.socket, place: Path, *, cwd: str, environ: Mapping[str, str]
) -> None:
    """Run cells until the other side has no more, then end as an interpreter does.

    Parameters
    ----------
    place
        A private folder, in which captured output is kept.
    cwd, environ
        Where the cells run, and their environment variables.
    """
    _move_in(cwd, environ)
    shell.enter()
    with shell.captured(place):
        desk = _Desk(shell, link)
        frames = Frames()
        while piece := link.recv(_PIECE):
            for message, _ in frames.arrived(piece):
                desk.take(message)
        _leave()


class _Desk:
    """Does what the other side asks for."""

    def __init__(self, shell: InProcessShell, link: socket.socket) -> None:
        self._shell, self._link = shell, link
        self._streams = {one.name: one for one in (sys.stdout, sys.stderr) if isinstance(one, CapturedStream)}
        self._told: dict[str, int | None] = dict.fromkeys(self._streams, 0)
        send_frame(link, {"language_info": dict(shell.language_info)})

    def take(self, message: Message) -> None:
        """Do one thing."""
        if "tell" in message:
            self._shell.tell(message["tell"])
            return
        # What was published since the last cell, in answer to a message, is no cell's.
        self._told = {name: stream.offset for name, stream in self._streams.items()}
        send_frame(self._link, {"begin": self._told})
        reply = self._shell.run(message["index"], message["run"], self._hand_over)
        send_frame(self._link, {"reply": dict(reply)})

    def _hand_over(self, message: Message) -> None:
        buffers = message.pop("buffers")
        frame: dict[str, Any] = {"message": message}
        if message["msg_type"] == "stream":
            name = message["content"]["name"]
            offset = self._streams[name].offset if name in self._streams else None
            if offset != self._told.get(name):  # captured, so it is in the file; else a cell has sent it
                self._told[name] = frame["offset"] = offset
                message["content"]["text"] = ""
        send_frame(self._link, frame, buffers)


def _move_in(cwd: str, environ: Mapping[str, str]) -> None:
    """Make the surroundings those of a kernel that was started just now, by the process that asks for it."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    InteractiveShell.instance().init_environment()  # type: ignore[no-untyped-call] # a kernel's: no colours, no pager
    os.environ["MPLBACKEND"] = os.environ.get("MPLBACKEND") or "module://matplotlib_inline.backend_inline"
    time.tzset()
    tempfile.tempdir = None  # another TMPDIR, perhaps


def _leave() -> None:
    """Do what an interpreter does at its end, in its order: threads, atexit, files that were left open.

    Not its end itself: it would go through all that the server has imported.
    """
    with suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 - as multiprocessing does in its forks
    with suppress(BaseException):
        atexit._run_exitfuncs()  # noqa: SLF001 - as above; IPython's is among them: it clears the namespace
    gc.collect()
    for thing in gc.get_objects():
        if issubclass(type(thing), (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)):
            with suppress(Exception):
                thing.flush()
