"""Messages with buffers through a socket: a shell and the process that uses it speak like that."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping, Sequence

_SIZE: Final = struct.Struct("!I")
_dumps = json.dumps  # cells may replace it


class Frame(NamedTuple):
    """A message as JSON types, and the buffers that belong to it."""

    message: dict[str, Any]
    buffers: list[memoryview]


def send_frame(
    link: socket.socket, message: Mapping[str, Any], buffers: Sequence[memoryview | bytes] = ()
) -> None:
    """Send a message; what JSON does not know travels as its text."""
    raw = [memoryview(buffer).cast("B") for buffer in buffers]
    head = _dumps([[len(buffer) for buffer in raw], message], default=str).encode()
    link.sendall(_SIZE.pack(len(head)) + head)
    for buffer in raw:
        link.sendall(buffer)


class Frames:
    """Puts frames together from the pieces in which they arrive."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def arrived(self, piece: bytes) -> Iterator[Frame]:
        """Yield the frames that end in this piece."""
        self._rest += piece
        while frame := self._first():
            yield frame

    def _first(self) -> Frame | None:
        start = _SIZE.size
        if len(self._rest) < start:
            return None
        end = start + _SIZE.unpack_from(self._rest)[0]
        if len(self._rest) < end:
            return None
        sizes, message = json.loads(self._rest[start:end])
        if len(self._rest) < end + sum(sizes):
            return None
        buffers = []
        for size in sizes:
            buffers.append(memoryview(bytes(self._rest[end : end + size])))
            end += size
        del self._rest[:end]
        return Frame(message, buffers)
