"""Text or bytes -> file, whole or not at all."""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from evalkit.errors import EvalkitError


def write_text(path: Path, text: str) -> None:
    """Write a text file as :func:`write_bytes` does, in UTF-8."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, raw: bytes) -> str:
    """Write a file and return ``sha256:…`` of its content.

    It is written so that nobody ever sees half of it: either the old file is there, or the new one.

    The text goes to a file beside it, to the disk, and then in the place of the old one, whose permissions
    it takes. If ``path`` is a link, the file it leads to is written. On failure, the old file is unchanged
    and nothing is left beside it.

    Raises
    ------
    EvalkitError
        If folder or file may not be written, or the disk is full.
    """
    try:
        _replace(Path(os.path.realpath(path)), raw)
    except OSError as error:
        raise EvalkitError(f"{path}: {_reason(error)}; the file is unchanged") from error
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def remove_leftovers(*paths: Path) -> None:
    """Remove what a process that was killed while it wrote these files left beside them."""
    for path in paths:
        for part in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
            with suppress(OSError):  # not in reach
                part.unlink()


def _replace(target: Path, raw: bytes) -> None:
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    if mode is not None and not os.access(target, os.W_OK):
        # Renaming over a write-protected file would work, and is not what its owner wants.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        # No tempfile: its files are private to the user, whatever the umask says.
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:  # noqa: PTH123 - Path.open takes no flags
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            beside.chmod(mode)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the renaming last through a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some network file systems cannot; the file itself is written
    finally:
        os.close(handle)


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "may not be written; look at the permissions of the file and its folder"
        case errno.ENOSPC | errno.EDQUOT:
            return "there is no space left on the disk"
        case errno.ENOENT | errno.ENOTDIR:
            return "its folder does not exist"
        case errno.EISDIR:
            return "is a folder"
        case _:
            return f"cannot be written: {error.strerror or error}"
