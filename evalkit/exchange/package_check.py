"""Whether a workbook is safe to open: it is a zip of XML, and either can be made to hurt who reads it."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MEMBERS: Final = 400
MAX_UNPACKED: Final = 60_000_000
"""Bytes of all members; a form unpacks to about one million."""

MAX_RATIO: Final = 250
"""Times that a member may unpack; sheets of text come to 30."""

_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)
"""What reading a damaged archive raises."""

_RATIO_MATTERS: Final = 1_000_000
_CHUNK: Final = 65_536
_NAME: Final = re.compile(r"[A-Za-z0-9_\[\]. %/()-]+")
_XML: Final = (".xml", ".rels", ".vml")
_XML_STARTS: Final = (b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<")
_DECLARATION: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def checked_parts(raw: bytes, name: str) -> tuple[str, ...]:
    """Return the names of a workbook's members after looking at all of them.

    Every member is unpacked up to its limit, whatever size the zip's index says.

    Raises
    ------
    EvalkitError
        If it is no workbook, is damaged or encrypted, unpacks to too much, names paths outside, or declares
        XML entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            infos = package.infolist()
            _check_index(infos, name)
            _check_content(package, infos, name)
    except _DAMAGE as error:
        raise EvalkitError(f"{name} is damaged, or no workbook: {error}") from error
    names = tuple(info.filename for info in infos)
    if "[Content_Types].xml" not in names:
        kind = "an OpenDocument file" if "mimetype" in names else "no workbook"
        raise EvalkitError(f"{name} is {kind}; save it as .xlsx")
    return names


def remarks_on(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is in a workbook, is left alone, and is to be known."""
    folded = [each.casefold() for each in names]
    notes = []
    if any("vbaproject" in each or "macrosheets/" in each or "activex/" in each for each in folded):
        notes.append("the file holds macros or controls; they were not run, only values were read")
    if any("embeddings/" in each for each in folded):
        notes.append("the file holds embedded files; they were not opened")
    if any("externallinks/" in each for each in folded):
        notes.append(
            "the file takes values from other workbooks; they were not followed, and a cell that does so is a"
            " formula, which is not read"
        )
    if any(each.endswith("connections.xml") or "querytables/" in each for each in folded):
        notes.append("the file holds connections to data; they were not followed")
    return tuple(notes)


def _check_index(infos: list[zipfile.ZipInfo], name: str) -> None:
    if len(infos) > MAX_MEMBERS:
        raise EvalkitError(f"{name} packs {len(infos):,} files; a workbook has at most {MAX_MEMBERS}")
    seen = set()
    for info in infos:
        path = info.filename
        if not _NAME.fullmatch(path) or path.startswith("/") or ".." in path.split("/"):
            raise EvalkitError(f"{name} packs a file called {path[:80]!r}, which no workbook has")
        if path.casefold() in seen:
            raise EvalkitError(f"{name} packs {path[:80]!r} twice: programs would read different workbooks")
        seen.add(path.casefold())
        if info.flag_bits & 1:
            raise EvalkitError(f"{name} is encrypted; save it without a password")
    _check_sizes(sum(info.file_size for info in infos), name)


def _check_content(package: zipfile.ZipFile, infos: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = 0
    for info in infos:
        size, tail, is_xml = 0, b"", info.filename.casefold().endswith(_XML)
        for chunk in _chunks(package, info):
            size += len(chunk)
            _check_sizes(unpacked + size, name)
            if size > _RATIO_MATTERS and size > MAX_RATIO * max(info.compress_size, 1):
                raise EvalkitError(
                    f"{name}: {info.filename} unpacks to more than {MAX_RATIO} times its size, as only a"
                    " zip bomb does; not read"
                )
            # A workbook may call its sheets as it likes.
            is_xml = is_xml or (size == len(chunk) and _begins_as_xml(chunk))
            if is_xml:
                _check_xml(tail + chunk, name, info.filename)
                tail = chunk[-64:]
        unpacked += size


def _begins_as_xml(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(_XML_STARTS)


def _check_xml(content: bytes, name: str, member: str) -> None:
    # UTF-16 would hide a declaration from this search; spreadsheet programs write UTF-8.
    if b"\x00" in content:
        raise EvalkitError(f"{name}: {member} is not UTF-8; save it anew with a spreadsheet program")
    if _DECLARATION.search(content):
        raise EvalkitError(f"{name}: {member} declares a document type or an entity, which no workbook needs")


def _chunks(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(info) as member:
        while chunk := member.read(_CHUNK):
            yield chunk


def _check_sizes(size: int, name: str) -> None:
    if size > MAX_UNPACKED:
        raise EvalkitError(
            f"{name} unpacks to more than {MAX_UNPACKED // 1_000_000} MB, which no form does; not read"
        )
