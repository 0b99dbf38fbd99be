"""Who sits here: the name under which answers are given."""

from __future__ import annotations

import getpass
import os
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN: Final = "unknown"

_PATIENCE_SECONDS: Final = 2
_LONGEST: Final = 80


def current_user(folder: Path) -> str:
    """Return the name of who works in a folder, never an address.

    The first that is set of ``GIT_AUTHOR_NAME``, git's ``user.name`` in that folder, and the name in the
    system; else ``unknown``.
    """
    return next(
        filter(None, (_name(source) for source in (_from_variable(), _from_git(folder), _from_system()))),
        UNKNOWN,
    )


def _from_variable() -> str:
    return os.environ.get("GIT_AUTHOR_NAME", "")


def _from_git(folder: Path) -> str:
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"],  # noqa: S607 - the user's own git, wherever it is
            cwd=folder,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):  # no git, no such folder, a disk that does not answer
        return ""
    return asked.stdout.decode("utf-8", "replace") if asked.returncode == 0 else ""


def _from_system() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container whose user has no name
        return ""


def _name(text: str) -> str:
    """Return a name on one line without control characters; of an address, what stands before the @."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    name = " ".join(word for word in visible.split() if "@" not in word)
    return (name or visible.strip().strip("<>").partition("@")[0])[:_LONGEST].strip()
