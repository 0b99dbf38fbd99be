"""What reports are made from, as hashes of bytes: quick to find, for nothing is parsed."""

from __future__ import annotations

import hashlib
import os
import platform
import stat
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from evalkit.engine.libraries import versions
from evalkit.reports.run_record import combined_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.workspace import Workspace

_PACKAGE: Final = Path(__file__).resolve().parent.parent
_MOST_BYTES: Final = 5_000_000
"""No larger file is ever read as input; recordings from a lab may lie beside the answers."""


class Surroundings(BaseModel):
    """All that may shape the reports of an evaluation.

    Attributes
    ----------
    files : dict
        Hash by name of every file of the evaluation outside ``out/`` and of all questionnaires; hidden ones,
        which editors leave behind, do not count.
    templates : dict
        Hash by file name of the notebook templates.
    program : str
        See :func:`program`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    files: dict[str, str]
    templates: dict[str, str]
    program: str

    @classmethod
    def of(cls, workspace: Workspace) -> Surroundings:
        """Return what is there now."""
        own = _below(workspace.evaluation, without=workspace.evaluation / "out")
        instruments = _below(workspace.questionnaires, follow=True)
        return cls(
            files={_name(workspace, path): _input_hash(path) for path in (*own, *instruments)},
            templates={path.name: file_hash(path) for path in sorted(workspace.templates.glob("*.ipynb"))},
            program=program(),
        )

    def changed(self, since: Surroundings) -> set[str]:
        """Return the names of the files that are others than they were, new or gone."""
        names = self.files.keys() | since.files.keys()
        return {name for name in names if self.files.get(name) != since.files.get(name)}


@cache
def program() -> str:
    """Return the hash of what makes reports: evalkit's own files, Python and the libraries.

    Taken once: a process goes on with the modules it has loaded, whatever becomes of their files.
    """
    paths = [path for path in _below(_PACKAGE, without=_PACKAGE / "shipped") if path.suffix != ".pyc"]
    files = {path.relative_to(_PACKAGE).as_posix(): file_hash(path) for path in paths}
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return combined_hash(files | {"python": python} | versions())


def file_hash(path: Path, *, most_bytes: int | None = None) -> str:
    """Return ``sha256:…`` of an ordinary file; empty if it is none, cannot be read, or has more bytes."""
    try:
        # Before opening: a pipe would block, and opening some devices has effects.
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - Path.open takes no flags
            if most_bytes is None:
                return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
            raw = file.read(most_bytes + 1)
    except OSError:
        return ""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}" if len(raw) <= most_bytes else ""


def _input_hash(path: Path) -> str:
    if found := file_hash(path, most_bytes=_MOST_BYTES):
        return found
    try:
        status = path.stat()
    except OSError:
        return "not there"
    return f"mode {status.st_mode} size {status.st_size} at {status.st_mtime_ns}"


def _below(folder: Path, *, without: Path | None = None, follow: bool = False) -> Iterator[Path]:
    """Yield the files below a folder, hidden ones left out.

    Links to folders are followed at most once, if at all: in an evaluation they lead to what is found
    anyway, or out of it, which is refused (Y017); an organisation may keep its questionnaires elsewhere.
    """
    seen: set[str] = set()
    for base, folders, files in os.walk(folder, followlinks=follow):
        real = os.path.realpath(base)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name != "__pycache__" and Path(base, name) != without
        )
        yield from (Path(base, name) for name in sorted(files) if not name.startswith("."))


def _name(workspace: Workspace, path: Path) -> str:
    """Return a file's name as in hashes; bytes that are no UTF-8 are spelled out."""
    return os.fsencode(workspace.name(path)).decode("utf-8", "backslashreplace")
