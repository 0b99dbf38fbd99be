"""How much of an artefact is read, and what is said when there is more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from evalkit.errors import EvalkitError

MEBIBYTE: Final = 1 << 20
LARGEST_PACKED: Final = 1 << 30
"""Of a file that is given; larger ones are refused before they are opened."""


class LimitReachedError(EvalkitError):
    """Reading ends here: a limit was reached. What was read before counts."""


class DamagedError(LimitReachedError):
    """An archive, or a member of one, is damaged from here on."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a process that reads something from outside may use, and how much it may answer."""

    seconds: int = 120
    memory_bytes: int = 1536 * MEBIBYTE
    answer_bytes: int = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be read at most; real releases have stayed far below each.

    Attributes
    ----------
    ratio : int
        Unpacked to packed bytes; 16 releases of coding agents had 6.5 at most.
    header_bytes : int
        Of a tar header that belongs to a member: pax headers and long names are held in memory.
    document_bytes : int
        Of a JSON document that is parsed, a source map for example.
    directory_bytes : int
        Of a zip archive's list of members, which is held in memory.
    nesting : int
        Levels of archives that are opened; 2 at most.
    nested_bytes : int
        Of an archive within an archive, which is held in memory.
    values, places : int
        Different values per rule that are kept, and places of each.
    """

    total_bytes: int = 2048 * MEBIBYTE
    member_bytes: int = 512 * MEBIBYTE
    members: int = 100_000
    ratio: int = 200
    name_characters: int = 1024
    depth: int = 64
    header_bytes: int = MEBIBYTE
    document_bytes: int = 64 * MEBIBYTE
    directory_bytes: int = 64 * MEBIBYTE
    nesting: int = 1
    nested_bytes: int = 64 * MEBIBYTE
    seconds: int = 120
    memory_bytes: int = 1536 * MEBIBYTE
    values: int = 500
    places: int = 20


@dataclass(slots=True)
class Meter:
    """Counts what was really read, whatever an archive declares.

    Attributes
    ----------
    notes : list of str
        What was left out although it was there.
    names_leading_out : int
        Members that a careless program would write outside of its folder.

    Raises
    ------
    LimitReachedError
        When more bytes or members come than the limits allow.
    """

    limits: Limits
    packed_bytes: int
    bytes_read: int = 0
    members: int = 0
    notes: list[str] = field(default_factory=list)
    names_leading_out: int = 0

    def count_bytes(self, number: int) -> None:
        """Count unpacked bytes, headers of the archive included."""
        self.bytes_read += number
        if self.bytes_read > self.limits.total_bytes:
            raise LimitReachedError(f"more than {self.limits.total_bytes // MEBIBYTE} MiB unpacked")
        if self.bytes_read > self.limits.ratio * max(self.packed_bytes, MEBIBYTE):
            raise LimitReachedError(f"unpacks to more than {self.limits.ratio} times its size")

    def count_member(self) -> None:
        """Count one member."""
        self.members += 1
        if self.members > self.limits.members:
            raise LimitReachedError(f"more than {self.limits.members} members")
