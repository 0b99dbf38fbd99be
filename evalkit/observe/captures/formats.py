"""The forms of captures: told apart by content first, then by name, and read within limits."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.observe.captures import har, home_listing, host_csv, pcap, proxy_log, strace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from evalkit.observe.captures.events import Reading

MEBIBYTE: Final = 1 << 20
_HEAD: Final = 65_536
_LINES: Final = 30
_COMPRESSED: Final = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")


@dataclass(frozen=True, slots=True)
class Format:
    """One form of captures.

    Attributes
    ----------
    name : str
        In messages.
    recognises : callable
        Whether the first bytes of a file are those of this form.
    endings : tuple of str
        Of names, where content does not tell.
    max_bytes : int
        Larger files are refused.
    """

    name: str
    read: Callable[[BinaryIO], Reading]
    recognises: Callable[[bytes], bool]
    endings: tuple[str, ...]
    max_bytes: int


def _any_line(recognised: Callable[[str], bool]) -> Callable[[bytes], bool]:
    return lambda head: any(recognised(line) for line in _lines(head))


def _lines(head: bytes) -> list[str]:
    return [line for line in head.decode("utf-8", "replace").splitlines()[:_LINES] if line.strip()]


def _is_table(head: bytes) -> bool:
    first = next(iter(_lines(head)), "")
    delimiter = max(",;\t", key=first.count)
    return bool({"host", "address"} & host_csv.columns_of(first.replace('"', "").split(delimiter)).keys())


FORMATS: Final[tuple[Format, ...]] = (
    Format(
        "pcap",
        pcap.read,
        lambda head: head.startswith((*pcap.PCAP, pcap.PCAPNG)),
        (".pcap", ".pcapng", ".cap"),
        2048 * MEBIBYTE,
    ),
    Format(
        "HAR",
        har.read,
        lambda head: head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{",
        (".har",),
        64 * MEBIBYTE,
    ),
    Format(
        "home listing", home_listing.read, _any_line(home_listing.recognised), (".listing",), 256 * MEBIBYTE
    ),
    Format("table of hosts", host_csv.read, _is_table, (".csv", ".tsv"), 512 * MEBIBYTE),
    Format("proxy log", proxy_log.read, _any_line(proxy_log.recognised), (".log",), 1024 * MEBIBYTE),
    Format("strace", strace.read, _any_line(strace.recognised), (".strace", ".trace"), 1024 * MEBIBYTE),
)
"""Every form that is read; of several that a content may be, the first counts."""


def read_file(path: Path) -> Reading:
    """Return what one file holds; whoever wrote the file may mean harm, so do this in a process of its own.

    Raises
    ------
    EvalkitError
        If it is no capture that is read, too large, or not readable.
    """
    try:
        with open_ordinary(path) as file:
            head = file.read(_HEAD)
            found = _format(path, head)
            size = os.fstat(file.fileno()).st_size
            if size > found.max_bytes:
                most = found.max_bytes // MEBIBYTE
                raise EvalkitError(
                    f"it has {size / MEBIBYTE:.0f} MiB; at most {most} of a {found.name} are read"
                )
            file.seek(0)
            return found.read(file)
    except OSError as error:
        raise EvalkitError(f"it cannot be read: {error.strerror or error}") from error


def open_ordinary(path: Path) -> BinaryIO:
    """Return an ordinary file, open for reading; raises ``OSError``, or EvalkitError for what is no file."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = open(os.open(path, flags), "rb")  # noqa: PTH123, SIM115 - Path.open takes no flags; the caller closes
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise EvalkitError("it is no ordinary file")
    return file


def _format(path: Path, head: bytes) -> Format:
    if not head:
        raise EvalkitError("the file is empty")
    if head.startswith(_COMPRESSED):
        raise EvalkitError("it is compressed, and nothing is unpacked here; give the file inside")
    for each in FORMATS:
        if each.recognises(head):
            return each
    ending = path.suffix.lower()
    named = next((each for each in FORMATS if ending in each.endings), None)
    if named is None:
        known = ", ".join(each.name for each in FORMATS)
        raise EvalkitError(f"it has none of the forms that are read: {known}")
    return named
