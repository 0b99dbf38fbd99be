"""Archives within an archive, opened one level deep where that is asked for.

They are counted by the same meter as the archive that holds them, so that no bomb is hidden in another one,
and held in memory, since a zip is read from its end.
"""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from evalkit.observe.archives import DAMAGED, GZIP, HEAD, archive_shape, chunks_of, members_of
from evalkit.observe.limits import MEBIBYTE, DamagedError
from evalkit.observe.members import Member, OpenMember

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.observe.limits import Limits, Meter

INSIDE: Final = "!/"
"""Between the label of an archive and that of its member."""

_OUTER_ONLY: Final = 1


def with_inner(members: Iterator[OpenMember], limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    """Yield members, and after each archive among them its own, if two levels are asked for.

    Raises
    ------
    LimitReachedError
        When a limit ends the reading.
    """
    for opened in members:
        if limits.nesting <= _OUTER_ONLY or opened.member.refused:
            yield opened
            continue
        first = next(opened.chunks, b"")
        chunks = chain((first,), opened.chunks) if first else iter(())
        if archive_shape(first[:HEAD]) is None:
            yield OpenMember(opened.member, chunks)
        else:
            yield from _opened(opened.member, chunks, limits, meter)


def _opened(member: Member, chunks: Iterator[bytes], limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > limits.nested_bytes:
            meter.notes.append(
                f"an archive of more than {limits.nested_bytes // MEBIBYTE} MiB in it was not opened"
            )
            yield OpenMember(member, chain((bytes(held),), chunks))
            return
    raw = bytes(held)
    held.clear()
    yield OpenMember(replace(member, is_opened=True), iter((raw,)))
    try:
        for inner in _members(member.label, raw, limits, meter):
            label = f"{member.label}{INSIDE}{inner.member.label}"
            yield OpenMember(replace(inner.member, label=label, is_inner=True), inner.chunks)
    except DamagedError as damage:
        meter.notes.append(f"an archive in it is {damage}")
    except DAMAGED:
        meter.notes.append("an archive in it is damaged")


def _members(label: str, raw: bytes, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    shape = archive_shape(raw[:HEAD])
    if shape is None:
        return
    if raw.startswith(GZIP):
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as unpacked:
            head = unpacked.read(HEAD)
        if archive_shape(head) != "tar" or head.startswith(GZIP):
            yield from _one_file(label, raw, limits, meter)
            return
    yield from members_of(io.BytesIO(raw), shape, limits, meter)


def _one_file(label: str, raw: bytes, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    """Yield what is packed by itself, as pages are for a browser."""
    meter.count_member()
    name = label.rpartition("/")[2].removesuffix(".gz")
    with gzip.GzipFile(fileobj=io.BytesIO(raw)) as unpacked:
        yield OpenMember(Member(name, 0), chunks_of(unpacked, meter, limits))  # type: ignore[arg-type]  # reads as one
