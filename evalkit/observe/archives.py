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

from evalkit.observe.limits import LimitReachedError, Limits, Meter
from evalkit.observe.members import CHUNK, Member, OpenMember, label_problem, leads_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

Shape = Literal["tar", "zip", "folder", "file"]

_DAMAGED: Final = (
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
_GZIP: Final = b"\x1f\x8b"
_ENCRYPTED: Final = 0x1
_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF


def open_members(path: Path, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    """Yield every member, in the order of the archive; a folder's by name.

    Raises
    ------
    LimitReachedError
        When a limit ends the reading, or the archive is damaged from here on.
    """
    try:
        yield from _READERS[shape_of(path)](path, limits, meter)
    except LimitReachedError:
        raise
    except _DAMAGED as error:
        raise LimitReachedError(f"damaged: {_said(error)}") from error


def shape_of(path: Path) -> Shape:
    """Return what sort of thing a path leads to, by its first bytes; its name says nothing."""
    if path.is_dir():
        return "folder"
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith((b"PK\x03\x04", _END_OF_DIRECTORY)):
        return "zip"
    return "tar" if head.startswith(_GZIP) or head[257:262] == b"ustar" else "file"


def _said(error: BaseException) -> str:
    if isinstance(error, EOFError):
        return "it ends too early"
    return str(error)[:120] or type(error).__name__


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


def _chunks(file: BinaryIO, meter: Meter | None, limits: Limits) -> Iterator[bytes]:
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
    except _DAMAGED as error:
        raise LimitReachedError(f"damaged: {_said(error)}") from error


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


def _tar(path: Path, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    with path.open("rb") as packed:
        is_gzip = packed.read(2) == _GZIP
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
                yield OpenMember(member, iter(()) if content is None else _chunks(content, None, limits))  # type: ignore[arg-type]  # IO[bytes]


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


def _zip(path: Path, limits: Limits, meter: Meter) -> Iterator[OpenMember]:
    _refuse_large_directory(path, limits)
    seen: set[int] = set()
    with zipfile.ZipFile(path) as archive:
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
            yield from _chunks(content, meter, limits)  # type: ignore[arg-type]  # IO[bytes]
    except LimitReachedError as reached:
        if not isinstance(reached.__cause__, _DAMAGED):
            raise
        # One member that lies about its size does not hide the others.
        meter.notes.append(f"a member is {reached}")
    except (*_DAMAGED, RuntimeError) as error:
        meter.notes.append(f"a member is damaged: {_said(error)}")


def _refuse_large_directory(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        tail = file.read(_END_SIZE + _LONGEST_COMMENT)
    start = tail.rfind(_END_OF_DIRECTORY)
    if start < 0 or len(tail) < start + _END_SIZE:
        raise LimitReachedError("damaged: its list of members is not there")
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
        yield from _chunks(file, meter, limits)
        after = os.fstat(handle)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            meter.notes.append("a file that changed while it was read")


_READERS: Final[dict[Shape, Callable[[Path, Limits, Meter], Iterator[OpenMember]]]] = {
    "tar": _tar,
    "zip": _zip,
    "folder": _folder,
    "file": _file,
}
