"""What a child has published, on file: a child that dies leaves its notebook as far as it came."""

from __future__ import annotations

import errno
import os
from json import dumps, loads  # as they are now: cells may replace them
from typing import TYPE_CHECKING, Any, Final

from evalkit.engine.fork.streams import STREAMS, unpublished

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from evalkit.engine.fork.shell import Message, Shell, Sink

_JOURNAL: Final = "journal"
# Widgets speak in comm messages: their state is of no use to a notebook that ended.
_KEPT: Final = ("stream", "display_data", "execute_result", "update_display_data", "clear_output", "error")
_REPLIED: Final = "reply"


class JournalingShell:
    """A shell that writes down what it hands over, before it does."""

    def __init__(self, shell: Shell, place: Path) -> None:
        self._shell = shell
        self._file: BinaryIO = (place / _JOURNAL).open("wb", buffering=0)
        self.language_info = shell.language_info

    def run(self, index: int, source: str, sink: Sink) -> Mapping[str, Any]:
        """Run a cell; see :class:`Shell`."""

        def noted(message: Message) -> None:
            if message["msg_type"] in _KEPT:
                self._write(index, message["msg_type"], message["content"])
            sink(message)

        reply = self._shell.run(index, source, noted)
        self._write(index, _REPLIED, {"status": reply["status"]})
        return reply

    def tell(self, message: Message) -> None:
        """Take a comm message; see :class:`Shell`."""
        self._shell.tell(message)

    def _write(self, index: int, kind: str, content: Mapping[str, Any]) -> None:
        line = dumps([index, kind, content]).encode() + b"\n"
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class EndedHereError(Exception):
    """The journal ends in this cell."""


class ReplayingShell:
    """A shell that hands over what the journal in ``place`` holds, and runs nothing.

    In the cell that was ``reached``, in which the journal ends, the rest of what was captured is handed
    over, and :class:`EndedHereError` is raised.
    """

    language_info: Mapping[str, Any] = {"name": "python"}

    def __init__(self, place: Path, reached: int) -> None:
        self._place = place
        self._reached = reached
        self._entries = list(_entries(place / _JOURNAL))

    def run(self, index: int, source: str, sink: Sink) -> Mapping[str, Any]:  # noqa: ARG002 - it runs nothing
        """Hand a cell's messages over; see :class:`Shell`."""
        for number, kind, content in self._entries:
            if number == index and kind == _REPLIED:
                return content
            if number == index:
                sink(_message(kind, content))
        if index < self._reached:  # the journal is lost: a cell has removed the folder
            return {"status": "ok"}
        for _, name in STREAMS:
            if text := unpublished(name, self._place):
                sink(_message("stream", {"name": name, "text": text}))
        raise EndedHereError

    def tell(self, message: Message) -> None:
        """Nobody listens."""


def _entries(path: Path) -> Iterator[tuple[int, str, Message]]:
    if path.exists():
        for line in path.read_bytes().split(b"\n"):
            try:
                index, kind, content = loads(line)
            except ValueError:
                return  # the last entry, cut off in the middle, or the empty end
            yield index, kind, content


def _message(kind: str, content: Message) -> Message:
    header = {"msg_type": kind}
    return {
        "header": header,
        "msg_type": kind,
        "content": content,
        "parent_header": {},
        "metadata": {},
        "buffers": [],
    }
