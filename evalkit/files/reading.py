"""Path -> :class:`Document`: no file, however odd, blocks, exhausts memory or gives a traceback."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from typing import TYPE_CHECKING, Final

from evalkit.errors import InvalidInputError, Problem
from evalkit.files.document import Document
from evalkit.files.parsing import parse

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES: Final = 5_000_000

# U+0085, U+2028 and U+2029 are line breaks in YAML 1.1 and none in 1.2: the parser and an editor would count
# lines differently, and the text would change.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read_document(path: Path, name: str | None = None) -> Document:
    """Return a YAML file as plain values with their lines.

    Parameters
    ----------
    path
        Of the file; links are followed.
    name
        Of the file in messages and hashes; the path as given by default.

    Raises
    ------
    InvalidInputError
        If it is missing, no ordinary file, too large, no UTF-8 or no plain YAML 1.2.
    """
    label = path.as_posix() if name is None else name
    return document_of(read_bytes(path, label), path, label)


def document_of(raw: bytes, path: Path, name: str) -> Document:
    """Return the document that the bytes of a file hold; raises as :func:`read_document`."""
    data, places = parse(decode(raw, name), name)
    return Document(path.absolute(), name, data, hashlib.sha256(raw).hexdigest(), places)


def read_bytes(path: Path, name: str) -> bytes:
    """Return the bytes of an ordinary file of at most 5 MB; raises as :func:`read_document`."""
    try:
        # Before opening: a pipe would block, and opening some devices has effects.
        _check(path.stat(), name)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - Path.open takes no flags
            _check(os.fstat(file.fileno()), name)
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(error, name) from None


def _check(found: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "no file")
        raise _refused("Y002", name, f"this is {kind}; an ordinary file is expected")
    if found.st_size > MAX_BYTES:
        size = f"{found.st_size / 1e6:.1f} MB"
        raise _refused("Y004", name, f"the file has {size}; at most {MAX_BYTES // 1_000_000} MB are read")


def _unreadable(error: OSError, name: str) -> InvalidInputError:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return _refused("Y001", name, "there is no such file")
        case errno.ELOOP:
            return _refused("Y003", name, "the link leads back to itself")
        case errno.EACCES | errno.EPERM:
            return _refused("Y003", name, "you may not read this file", "look at its permissions")
        case _:
            return _refused("Y003", name, f"the file cannot be read: {error.strerror or error}")


def _refused(code: str, name: str, message: str, hint: str = "", line: int = 0) -> InvalidInputError:
    return InvalidInputError([Problem(name, line, code, "", message, hint)])


def decode(raw: bytes, name: str) -> str:
    """Return the text of a file, without byte order mark; raises as :func:`read_document`."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = f"0x{raw[error.start]:02x}"
        message = f"the byte {byte} is not UTF-8"
        raise _refused("Y005", name, message, "save the file as UTF-8", line) from None
    found = _FORBIDDEN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        char = f"U+{ord(found.group()):04X}"
        hint = "delete it, or write it as an escape within double quotes"
        raise _refused("Y006", name, f"the control character {char} is not allowed", hint, line)
    return text
