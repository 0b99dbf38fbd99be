"""A shell in a forked child of another process: cells go through a socket, messages come back."""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from nbclient.exceptions import DeadKernelError

from evalkit.engine.for_papermill.following import Following
from evalkit.engine.for_papermill.frames import Frames, send_frame
from evalkit.engine.fork.streams import STREAMS
from evalkit.engine.fork.wire import first_message
from evalkit.engine.worksite import interrupt_postponed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from evalkit.engine.for_papermill.frames import Frame
    from evalkit.engine.fork.shell import Message, Sink

_PIECE: Final = 1 << 16
_FOREVER: Final = float("inf")
_LOOK_EVERY_SECONDS: Final = 0.2  # as often as ipykernel publishes what a cell prints
_LEAVING_SECONDS: Final = 5.0  # as long as jupyter_client waits for a kernel that should end
_DYING_SECONDS: Final = 10.0
_SERVER_GONE: Final = "the kernel died with the process that forked it"


class OverdueError(Exception):
    """The cell took longer than it may take; its process was ended."""


class RemoteShell:
    """Runs cells in the child at the other end, and follows what they print.

    A context manager: where the block ends without an error, the child may do what is left to do at its end
    for five seconds; else it is ended at once. After the block no process is left.

    Parameters
    ----------
    cells
        Socket to the child.
    fate
        Socket to the server, see :mod:`~evalkit.engine.for_papermill.shell_server`.
    place
        The child's private folder.

    Raises
    ------
    DeadKernelError
        If the child ends before it is ready.

    Attributes
    ----------
    seconds : float or None
        How long the next cell may run; None for as long as it likes.
    """

    def __init__(self, cells: socket.socket, fate: socket.socket, place: Path) -> None:
        self._cells, self._fate = cells, fate
        self._frames = Frames()
        self._arrived: deque[Frame] = deque()
        self._selector = selectors.PollSelector()
        for link in (cells, fate):
            self._selector.register(link, selectors.EVENT_READ)
        self._streams: dict[str, Following] = {}
        self._cause: Message = {}
        self._ended: str | None = None
        self._is_in_cell = False
        self.seconds: float | None = None
        try:
            self.language_info: Mapping[str, Any] = self._hello()
            self._streams = {name: Following(name, place) for _, name in STREAMS}
        except BaseException:
            self._end(politely=False)
            raise

    def __enter__(self) -> Self:
        """Do nothing."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self._end(politely=kind is None)

    def run(self, index: int, source: str, sink: Sink) -> Mapping[str, Any]:
        """Run a cell; see :class:`~evalkit.engine.fork.shell.Shell`.

        Raises
        ------
        OverdueError
            If it takes longer than it may; what it printed until then was handed over.
        DeadKernelError
            If the child ends; the same holds.
        """
        self._cause = {}
        deadline = _FOREVER if self.seconds is None else time.monotonic() + self.seconds
        with suppress(OSError):  # it is gone: found below
            send_frame(self._cells, {"run": source, "index": index})
        self._is_in_cell = False
        while True:
            frame = self._next(min(deadline, time.monotonic() + _LOOK_EVERY_SECONDS))
            reply = None if frame is None else self._take(frame, sink)
            if reply is not None:
                return reply
            if frame is None and self._ended is not None:
                self._hand_over_rest(sink)
                raise DeadKernelError(self._ended)
            if time.monotonic() >= deadline:  # also of a cell that never stops to speak
                self._kill()
                self._hand_over_rest(sink)
                raise OverdueError
            if frame is None and self._is_in_cell:
                self._hand_over_news(sink)

    def tell(self, message: Message) -> None:
        """Take a comm message; see :class:`~evalkit.engine.fork.shell.Shell`."""
        with suppress(OSError):  # it is gone: the next cell finds that
            send_frame(self._cells, {"tell": message | {"buffers": []}})

    def _hello(self) -> Mapping[str, Any]:
        while True:
            frame = self._next(_FOREVER)
            if frame is not None:
                info: Mapping[str, Any] = frame.message["language_info"]
                return info
            if self._ended is not None:
                raise DeadKernelError(self._ended)

    def _next(self, until: float) -> Frame | None:
        """Return the next frame; None if none comes until then, or the child has ended and left none."""
        while not self._arrived:
            if self._ended is not None:
                return None
            patience = None if until == _FOREVER else max(0.0, until - time.monotonic())
            ready = {key.fileobj for key, _ in self._selector.select(patience)}
            if not ready:
                return None
            if self._cells in ready:
                self._read()
            elif self._fate in ready:  # and nothing that it sent before is left
                self._ended = self._how_it_ended()
        return self._arrived.popleft()

    def _read(self) -> None:
        try:
            piece = self._cells.recv(_PIECE)
        except ConnectionError:
            piece = b""
        self._arrived.extend(self._frames.arrived(piece))
        if not piece:
            self._selector.unregister(self._cells)

    def _how_it_ended(self) -> str:
        try:
            return str(first_message(self._fate)["ended"])
        except ConnectionError:
            return _SERVER_GONE

    def _take(self, frame: Frame, sink: Sink) -> Mapping[str, Any] | None:
        """Do with a frame what is to be done; return the reply if it is that."""
        if "reply" in frame.message:
            reply: Mapping[str, Any] = frame.message["reply"]
            return reply
        if "begin" in frame.message:
            self._is_in_cell = True
            for name, offset in frame.message["begin"].items():
                self._streams[name].skip(offset)
            return None
        message = frame.message["message"] | {"buffers": frame.buffers}
        self._cause = message["parent_header"]
        if "offset" in frame.message:
            name = message["content"]["name"]
            message["content"]["text"] = self._streams[name].up_to(frame.message["offset"])
            if not message["content"]["text"]:  # it was handed over already
                return None
        sink(message)
        return None

    def _hand_over_news(self, sink: Sink) -> None:
        """Hand over what is printed and not yet published, unless a message came that belongs before it."""
        sizes = [(stream, stream.size()) for stream in self._streams.values()]
        if not self._selector.select(0):
            for stream, size in sizes:
                self._print(stream.name, stream.up_to(size), sink)

    def _hand_over_rest(self, sink: Sink) -> None:
        """Hand over all that has arrived and was printed."""
        while (frame := self._next(0.0)) is not None:
            self._take(frame, sink)
        if self._is_in_cell:
            for stream in self._streams.values():
                self._print(stream.name, stream.rest(), sink)

    def _print(self, name: str, text: str, sink: Sink) -> None:
        if text:
            kind = {"msg_type": "stream"}
            message = kind | {"header": kind, "parent_header": self._cause, "metadata": {}, "buffers": []}
            sink(message | {"content": {"name": name, "text": text}})

    def _kill(self) -> None:
        """Have the server end the child and all that its cells started, and wait until that is done."""
        with interrupt_postponed():
            with suppress(OSError):
                self._fate.shutdown(socket.SHUT_WR)
            self._wait(_DYING_SECONDS)

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        kept: list[Frame] = []
        while self._ended is None and time.monotonic() < deadline:
            frame = self._next(deadline)
            if frame is not None:
                kept.append(frame)
        self._arrived.extendleft(reversed(kept))

    def _end(self, *, politely: bool) -> None:
        try:
            if politely:
                with suppress(OSError):
                    self._cells.shutdown(socket.SHUT_WR)
                self._wait(_LEAVING_SECONDS)
        finally:
            with interrupt_postponed():
                if self._ended is None:
                    self._kill()
                self._selector.close()
                self._cells.close()
                self._fate.close()
                for stream in self._streams.values():
                    stream.close()
