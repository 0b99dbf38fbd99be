"""What git knows of files that are about to be rewritten: whether it can bring them back."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_PATIENCE_SECONDS: Final = 60
_GIT: Final = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


@dataclass(frozen=True, slots=True)
class Known:
    """What git says.

    Attributes
    ----------
    is_kept : bool
        Whether the folder is in a work tree of git.
    not_committed : tuple of Path
        Files of which git could not bring back what they hold: changed, new or ignored.
    """

    is_kept: bool
    not_committed: tuple[Path, ...] = ()


def known_to_git(folder: Path, files: Iterable[Path]) -> Known:
    """Return what git knows of files in a folder; nothing where there is no git, or it does not answer."""
    top = _asked(folder, "rev-parse", "--show-toplevel")
    if top is None:
        return Known(is_kept=False)
    status = _asked(
        folder, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignored=matching", "--", "."
    )
    if status is None:
        return Known(is_kept=False)
    base = os.path.realpath(os.fsdecode(top.rstrip(b"\r\n")))
    found = [os.path.join(base, os.fsdecode(name)) for name in _names(status)]  # noqa: PTH118 - bytes of any kind
    dirty = tuple(path for path in files if _is_among(os.path.realpath(path), found))
    return Known(is_kept=True, not_committed=dirty)


def _is_among(path: str, found: list[str]) -> bool:
    # A folder that is ignored as a whole stands for what is in it.
    return any(path == each.rstrip("/") or (each.endswith("/") and path.startswith(each)) for each in found)


def _names(status: bytes) -> Iterable[bytes]:
    """Yield every file that a status names; of a file that was moved, both names."""
    entries = iter(status.split(b"\0"))
    for entry in entries:
        if not entry:
            continue
        yield entry[3:]
        if entry[:1] in b"RC":
            yield next(entries, b"")


def _asked(folder: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [*_GIT, *arguments],
            cwd=folder,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):  # no git, or a disk that does not answer
        return None
    return done.stdout if done.returncode == 0 else None
