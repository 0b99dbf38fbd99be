"""Which part of a Linux program is the vendor's: sections of an ELF file, from pieces of a stream.

A program of 400 MB is never in memory. Its section table stands at an address that its first bytes name, and
the names of the sections close by, so that these pieces are kept while the rest goes past.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import Final

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import NoteSection

_HEAD: Final = 1 << 16
_TAIL: Final = 1 << 22
_BUN_MARK: Final = b"\n---- Bun! ----\n"
_NODE_MARK: Final = b"NODE_SEA_BLOB\0\0\0\x20\xda\x43\x01"
_NODE_NAME: Final = 16
_NOTE_HEADER: Final = 12
_NOTE_BEFORE: Final = 64
_MOST_SECTIONS: Final = 2000
_ODD: Final = (
    ELFError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    struct.error,
    UnicodeError,
    TypeError,
)
"""What a parser of a hostile file may raise."""


@dataclass(frozen=True, slots=True)
class ElfSection:
    """A named range of the file."""

    name: str
    offset: int
    size: int


@dataclass(slots=True)
class ElfPieces:
    """Takes an ELF file in order and keeps its first 64 KiB and its last 4 MiB.

    The section table stands at the end of every program that was looked at. The names need not, so that
    what a section holds is told by its bytes too.
    """

    head: bytes = b""
    tail: bytearray = field(default_factory=bytearray)
    size: int = 0
    note: tuple[int, int] | None = None

    def take(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._look_for_note(chunk)
        if len(self.head) < _HEAD:
            self.head += chunk[: _HEAD - len(self.head)]
        self.size += len(chunk)
        self.tail += chunk
        if len(self.tail) > 2 * _TAIL:
            del self.tail[:-_TAIL]

    def bundle(self) -> tuple[int, int] | None:
        """Return start and end of the script that a runtime holds in its program; None if it holds none.

        Bun holds it in a section ``.bun``, which ends in a mark; Node in a note of its own.
        """
        if self.note is not None and self.note[0] < self.size:
            return self.note[0], min(self.note[1], self.size)
        mark = self.tail.rfind(_BUN_MARK)
        at = None if mark < 0 else self.size - len(self.tail) + mark
        for section in self.sections():
            end = section.offset + section.size
            if section.name == ".bun" or (at is not None and section.offset <= at < end):
                return section.offset, min(end, self.size)
        return None

    def _look_for_note(self, chunk: bytes) -> None:
        """Find the note of Node, whose header says how long it is; it may lie on an edge of two chunks."""
        near = bytes(self.tail[-_NOTE_BEFORE:]) + chunk
        found = near.find(_NODE_MARK)
        if self.note is not None or found < _NOTE_HEADER:
            return
        _, length, _ = struct.unpack_from("<III", near, found - _NOTE_HEADER)
        start = self.size - (len(near) - len(chunk)) + found + _NODE_NAME
        self.note = (start, start + length)

    def sections(self) -> tuple[ElfSection, ...]:
        """Return the sections with a name and bytes in the file; none if the table cannot be read."""
        try:
            file = ELFFile(_Sparse(self))  # type: ignore[arg-type]  # reads, seeks and tells
            if file.num_sections() > _MOST_SECTIONS:
                return ()
            return tuple(
                ElfSection(section.name[:64], section["sh_offset"], section["sh_size"])
                for section in file.iter_sections()
                if section["sh_type"] != "SHT_NOBITS" and not isinstance(section, NoteSection)
            )
        except _ODD:
            return ()


class _Sparse(io.RawIOBase):
    """The pieces as a file; what was not kept reads as zeros."""

    def __init__(self, pieces: ElfPieces) -> None:
        self._pieces = pieces
        self._at = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._pieces.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        pieces = self._pieces
        if size < 0 or size > _TAIL:
            raise ValueError("more is asked for than was kept")
        start, end = self._at, min(self._at + size, pieces.size)
        self._at = max(start, end)
        if end <= len(pieces.head):
            return pieces.head[start:end]
        kept_from = pieces.size - len(pieces.tail)
        if start >= kept_from:
            return bytes(pieces.tail[start - kept_from : end - kept_from])
        return bytes(max(0, end - start))
