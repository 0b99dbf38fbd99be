"""What a shell in another process captures, read while it writes: a long cell is heard before its end.

Each text is handed over once, though two tell of it: the file, which this process reads, and the shell's
messages, which say how far the text before them goes.
"""

from __future__ import annotations

import codecs
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.engine.fork.streams import StreamName

_CHUNK_BYTES: Final = 1 << 20


class Following:
    """A captured stream as its reader sees it; it stays readable when its file is removed."""

    def __init__(self, name: StreamName, place: Path) -> None:
        self.name: StreamName = name
        self._file = os.open(place / f"{name}.capture", os.O_RDONLY)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._offset = 0

    def size(self) -> int:
        """Return how many bytes have been written so far."""
        return os.fstat(self._file).st_size

    def up_to(self, offset: int) -> str:
        """Return the text in front of this offset, in bytes, that was not returned before."""
        pieces = []
        while piece := os.pread(self._file, min(_CHUNK_BYTES, max(0, offset - self._offset)), self._offset):
            self._offset += len(piece)
            pieces.append(self._decode(piece))
        return "".join(pieces)

    def rest(self) -> str:
        """Return all that is left; a character of which the end is missing appears as replaced."""
        return self.up_to(self.size()) + self._decode(b"", final=True)

    def skip(self, offset: int) -> None:
        """Pass over what is in front of this offset: it belongs to no cell."""
        self.up_to(offset)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)
