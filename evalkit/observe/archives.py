"""Tar, zip, folder or file -> members and their bytes, nothing written, followed or run.

Archives are streams: a member's bytes are counted while they come, because what it declares may be false.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self

from evalkit.observe.limits import DamagedError, LimitReachedError, Limits, Meter
from evalkit.observe.members import CHUNK, Member, OpenMember, label_problem, leads_out
from evalkit.observe.secrets import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

ArchiveShape = Literal["tar", "zip"]
Shape = ArchiveShape | Literal["folder", "file"]

HEAD: Final = 512
"""Bytes that tell what sort of archive something is."""

DAMAGED: Final = (
    EOFError,
    OSError,
    RecursionError,
    ValueError,
    NotImplementedError,
    lzma.LZMAError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the standard library raises for archives that are damaged, or made to damage."""

_HELD_HEADERS: Final = frozenset(
    {
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    }
)
GZIP: Final = b"\x1f\x8b"
_ENCRYPTED: Final = 0x1
_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_LONGEST_REASON: Final = 120


def open_members(path: Path, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    """Yield every member, in the order of the archive; a folder's by name.

    Raises
    ------
    LimitReachedError
        When a limit ends the reading, or the archive is damaged from here on.
    """
    shape = shape_of(path)
    try:
        if shape == "folder":
            yield from _folder(path, limits, meter)
        elif shape == "file":
            yield from _file(path, limits, meter)
        else:
            with path.open("rb") as file:
                yield from members_of(file, shape, limits, meter)
    except DAMAGED as error:
        raise DamagedError(f"damaged: {_said(error)}") from error


def shape_of(path: Path) -> Shape:
    """Return what sort of thing a path leads to, by its first bytes; its name says nothing."""
    if path.is_dir():
        return "folder"
    with path.open("rb") as file:
        return archive_shape(file.read(HEAD)) or "file"


def archive_shape(head: bytes) -> ArchiveShape | None:
    """Return what sort of archive begins like this; None if it is none that is read."""
    if head.startswith((b"PK\x03\x04", _END_OF_DIRECTORY)):
        return "zip"
    return "tar" if head.startswith(GZIP) or head[257:262] == b"ustar" else None


def members_of(file: BinaryIO, shape: ArchiveShape, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    """Yield the members of an open archive; raises as :func:`open_members` does, or what damage raises."""
    yield from (_tar if shape == "tar" else _zip)(file, limits, meter)


def _said(error: BaseException) -> str:
    if isinstance(error, EOFError):
        return "it ends too early"
    return shown_text(str(error), _LONGEST_REASON) or type(error).__name__


def _checked(member: Member, limits: Limits, meter: Meter) -> Member:
    """Count a member, and return it as it may be read."""
    meter.count_member()
    problem = label_problem(member.label, limits)
    if not problem and not member.refused and member.size > limits.member_bytes:
        problem = f"it is larger than {limits.member_bytes >> 20} MiB"
    if problem:
        return Member(member.label[: limits.name_characters], member.size, problem, is_harmful=True)
    if not member.refused and leads_out(member.label):
        meter.names_leading_out += 1
    return member


def chunks_of(file: BinaryIO, meter: Meter | None, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes of one member, counted where a meter is given; raises ``LimitReachedError``."""
    size = 0
    while chunk := _piece(file):
        size += len(chunk)
        if size > limits.member_bytes:
            raise LimitReachedError("a member is larger than it declares")
        if meter is not None:
            meter.count_bytes(len(chunk))
        yield chunk


def _piece(file: BinaryIO) -> bytes:
    # Whoever reads a member stands outside of open_members, which names the damage of all else.
    try:
        return file.read(CHUNK)
    except DAMAGED as error:
        raise DamagedError(f"damaged: {_said(error)}") from error


class _CountedFile(io.RawIOBase):
    """What is below a tar parser: counts all that is unpacked, headers too."""

    def __init__(self, file: BinaryIO, meter: Meter) -> None:
        self._file = file
        self._meter = meter

    def read(self, size: int = -1) -> bytes:
        found = self._file.read(min(size, CHUNK) if size >= 0 else CHUNK)
        self._meter.count_bytes(len(found))
        return found


def _guarded(limits: Limits) -> type[tarfile.TarInfo]:
    class GuardedTarInfo(tarfile.TarInfo):
        """Refuses a header that the parser would hold in memory, by its declared size."""

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
            info = super().frombuf(buf, encoding, errors)
            if info.type in _HELD_HEADERS and info.size > limits.header_bytes:
                raise LimitReachedError(f"a header of more than {limits.header_bytes >> 20} MiB")
            return info

    return GuardedTarInfo


def _tar(packed: BinaryIO, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    is_gzip = packed.read(2) == GZIP
    packed.seek(0)
    file: BinaryIO = gzip.GzipFile(fileobj=packed) if is_gzip else packed  # type: ignore[assignment]  # reads as one
    counted = _CountedFile(file, meter)
    with tarfile.open(fileobj=counted, mode="r|", tarinfo=_guarded(limits)) as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # or it would keep every header of 100,000
            if info.isdir():
                meter.count_member()
                continue
            member = _checked(_of_tar(info), limits, meter)
            content = None if member.refused else archive.extractfile(info)
            yield OpenMember(member, iter(()) if content is None else chunks_of(content, None, limits))  # type: ignore[arg-type]  # IO[bytes]


def _of_tar(info: tarfile.TarInfo) -> Member:
    if info.issparse():
        return Member(info.name, info.size, "it is a sparse file", is_harmful=True)
    if not info.isfile():
        return Member(info.name, 0, _special(info))
    return Member(info.name, info.size)


def _special(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "it is a link, which is not followed"
    return "it is no ordinary file"


def _zip(packed: BinaryIO, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    _refuse_large_directory(packed, limits)
    seen: set[int] = set()
    with zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            if info.is_dir():
                meter.count_member()
                continue
            member = _checked(_of_zip(info, seen), limits, meter)
            if member.refused:
                yield OpenMember(member, iter(()))
            else:
                yield OpenMember(member, _unzipped(archive, info, limits, meter))


def _of_zip(info: zipfile.ZipInfo, seen: set[int]) -> Member:
    if info.header_offset in seen:
        return Member(info.filename, 0, "it shares its bytes with another member", is_harmful=True)
    seen.add(info.header_offset)
    if stat.S_ISLNK(info.external_attr >> 16):
        return Member(info.filename, 0, "it is a link, which is not followed")
    if info.flag_bits & _ENCRYPTED:
        return Member(info.filename, info.file_size, "it is encrypted", is_harmful=True)
    return Member(info.filename, info.file_size)


def _unzipped(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, meter: Meter
) -> Iterator[bytes]:
    try:
        with archive.open(info) as content:
            yield from chunks_of(content, meter, limits)  # type: ignore[arg-type]  # IO[bytes]
    except DamagedError as damage:
        # One member that lies about its size does not hide the others.
        meter.notes.append(f"a member is {damage}")
    except (*DAMAGED, RuntimeError) as error:
        meter.notes.append(f"a member is damaged: {_said(error)}")


def _refuse_large_directory(file: BinaryIO, limits: Limits) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
    tail = file.read(_END_SIZE + _LONGEST_COMMENT)
    file.seek(0)
    start = tail.rfind(_END_OF_DIRECTORY)
    if start < 0 or len(tail) < start + _END_SIZE:
        raise DamagedError("damaged: its list of members is not there")
    if struct.unpack_from("<I", tail, start + 12)[0] > limits.directory_bytes:
        raise LimitReachedError(f"a list of members of more than {limits.directory_bytes >> 20} MiB")


def _folder(path: Path, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    waiting = [(path, "")]
    while waiting:
        folder, prefix = waiting.pop()
        deeper = []
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            label = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                meter.count_member()
                if not label_problem(f"{label}/", limits):
                    deeper.append((Path(entry.path), f"{label}/"))
                else:
                    meter.notes.append("a folder that is too deep")
                continue
            member = _checked(_of_entry(entry, label), limits, meter)
            yield OpenMember(member, iter(()) if member.refused else _read(Path(entry.path), limits, meter))
        waiting += reversed(deeper)


def _of_entry(entry: os.DirEntry[str], label: str) -> Member:
    if entry.is_symlink():
        return Member(label, 0, "it is a link, which is not followed")
    if not entry.is_file(follow_symlinks=False):
        return Member(label, 0, "it is no ordinary file")
    return Member(label, entry.stat(follow_symlinks=False).st_size)


def _file(path: Path, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    member = _checked(Member(path.name, path.stat().st_size), limits, meter)
    yield OpenMember(member, iter(()) if member.refused else _read(path, limits, meter))


def _read(path: Path, limits: Limits, meter: Meter) -> Iterator[bytes]:
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        handle = os.open(path, flags)
    except OSError as error:
        meter.notes.append(f"a file that cannot be read: {error.strerror}")
        return
    with open(handle, "rb") as file:  # noqa: PTH123 - Path.open takes no flags
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            meter.notes.append("a file that became something else while it was read")
            return
        yield from chunks_of(file, meter, limits)
        after = os.fstat(handle)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            meter.notes.append("a file that changed while it was read")
