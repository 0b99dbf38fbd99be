"""A whole folder at once: either the old one is there, or the new one."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.hardening.baseline import FORMAT, NAME
from evalkit.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PART: Final = re.compile(r"[A-Za-z0-9._-]+")


def check_folder(folder: Path) -> None:
    """Check that a folder may be written: it is not there, is empty, or holds a baseline and nothing else.

    Raises
    ------
    EvalkitError
        If it is a file or a link, or holds what evalkit did not write.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise EvalkitError(f"{folder}: is no folder; name one that is empty or not there")
    if not folder.is_dir():
        return
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    foreign = sorted(there - _own_files(folder))
    if foreign:
        more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""  # noqa: PLR2004 - three say enough
        raise EvalkitError(
            f"{folder}: holds {', '.join(foreign[:3])}{more}, which evalkit harden did not write; name"
            " a folder that is empty or not there"
        )


def _own_files(folder: Path) -> set[str]:
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    is_own = isinstance(data, dict) and data.get("format") == FORMAT and isinstance(data.get("files"), list)
    return {str(name) for name in data["files"]} if is_own else set()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, which takes the place of the one that was there.

    Parameters
    ----------
    files
        Content by path inside the folder, with ``/`` between plain names.

    Raises
    ------
    EvalkitError
        If the folder may not be written (see :func:`check_folder`), or a path leads out of it.
    """
    for name in files:
        parts = name.split("/")
        if not all(_PART.fullmatch(part) and part.strip(".") for part in parts):
            raise EvalkitError(f"{name!r} is no path inside the folder")
    check_folder(folder)
    mark = secrets.token_hex(4)
    fresh, old = (folder.with_name(f".{folder.name}.{mark}.{kind}") for kind in ("new", "old"))
    try:
        fresh.mkdir(parents=True)
        for name, raw in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, raw)
        _take_the_place(fresh, folder, old)
    except OSError as error:
        raise EvalkitError(
            f"{folder}: cannot be written: {error.strerror or error}; nothing was changed"
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _take_the_place(fresh: Path, folder: Path, old: Path) -> None:
    if folder.is_dir():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        with suppress(OSError):
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
