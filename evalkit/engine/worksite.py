"""Where reports are made, and how to end what was started there."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbformat import NotebookNode

    from evalkit.engine.job import Failure

_LONGEST_FOLDER: Final = 60  # with a socket's name behind it; a socket's path ends at 104 characters on macOS


class PageMaker(Protocol):
    """Makes the HTML page of an executed notebook; the same notebook gives the same bytes."""

    def __call__(
        self, notebook: NotebookNode, *, title: str, language: str, failure: Failure | None
    ) -> bytes:
        """Return the page in UTF-8; a failure is shown on it."""


@dataclass(frozen=True, slots=True)
class Worksite:
    """Where reports are made.

    Attributes
    ----------
    cwd : Path
        The folder that cells run in.
    place : Path
        A private folder of one process: for sockets, captured output and notes of what it started.
    page : str
        The :class:`PageMaker` as ``module:function``, to be imported where pages are made.
    """

    cwd: Path
    place: Path
    page: str

    def page_maker(self) -> PageMaker:
        """Return the function that makes pages."""
        return named_function(self.page)


def named_function(name: str) -> Callable[..., Any]:
    """Return what ``module:function`` names.

    >>> named_function("os.path:join")("a", "b")
    'a/b'
    """
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


@contextmanager
def private_folder() -> Iterator[Path]:
    """Yield a folder that only this user can enter, with a short path; it is removed at the end."""
    folder = make_private_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_private_folder() -> Path:
    """Make a folder that only this user can enter, with a short path."""
    parent = "/tmp" if os.name == "posix" and len(tempfile.gettempdir()) > _LONGEST_FOLDER else None  # noqa: S108 - mkdtemp makes a private folder in it
    return Path(tempfile.mkdtemp(prefix="evk-", dir=parent))


def environment(place: Path) -> dict[str, str]:
    """Return what a process that runs cells needs to be shielded from the user's settings.

    Hash seeds are fixed, IPython's profile is an empty one, and each process keeps to one core: a batch has a
    process per core already.
    """
    return {
        "IPYTHONDIR": str(place / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
    }


def note_group(place: Path, group: int) -> None:
    """Write down that something runs in the process group ``group``."""
    (place / f"{group}.group").touch()


def forget_group(place: Path, group: int) -> None:
    """Strike a note of :func:`note_group`: the group was ended, and its number may serve another."""
    (place / f"{group}.group").unlink(missing_ok=True)


def end_group(group: int) -> None:
    """Kill every process of a group."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):  # gone, or by now somebody else's
            os.killpg(group, signal.SIGKILL)


def end_groups(place: Path) -> None:
    """Kill each process that was noted in ``place``, with all that its cells started."""
    for note in place.glob("*.group"):
        end_group(int(note.stem))
        note.unlink(missing_ok=True)


@contextmanager
def interrupt_postponed() -> Iterator[None]:
    """Let Ctrl-C wait until the block has ended; a process started in it inherits the deafness."""
    if sys.platform == "win32":
        yield
        return
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)
