"""Standard output and error of a cell: what Python, C code and other programs write, in order."""

from __future__ import annotations

import codecs
import io
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

StreamName = Literal["stdout", "stderr"]
STREAMS: Final[tuple[tuple[int, StreamName], ...]] = ((1, "stdout"), (2, "stderr"))
_CHUNK_BYTES: Final = 1 << 20
_write, _pread, _pwrite = os.write, os.pread, os.pwrite  # cells may replace what `os` has


class CapturedStream(io.TextIOBase):
    """A text stream whose content goes to a file in the private folder, and from there to the notebook.

    The file descriptor of the process writes to the same file, so nothing can overtake anything, and what
    was not published when the process died is still there (see :func:`unpublished`).

    Parameters
    ----------
    publish
        Called with the new text at each flush.
    """

    def __init__(
        self, name: StreamName, descriptor: int, place: Path, publish: Callable[[StreamName, str], None]
    ) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._name: StreamName = name
        self._publish = publish
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self._file = os.open(place / f"{name}.capture", flags, 0o600)
        self._mark = os.open(place / f"{name}.mark", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._offset = 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._saved = os.dup(descriptor)
        os.dup2(self._file, descriptor)

    @property
    def encoding(self) -> str:  # type: ignore[override] # a read-only property in typeshed's class, too
        """As of ipykernel's streams."""
        return "UTF-8"

    @property
    def name(self) -> StreamName:
        """``stdout`` or ``stderr``."""
        return self._name

    @property
    def offset(self) -> int:
        """How many bytes were published, with those that are being published."""
        return self._offset

    def write(self, text: str) -> int:
        """Write to the file at once."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")  # as io.TextIOWrapper says it
        raw = memoryview(text.encode("utf-8", "replace"))
        while raw:
            raw = raw[_write(self._file, raw) :]
        return len(text)

    def flush(self) -> None:
        """Publish what was written since the last time, whoever wrote it."""
        start = self._offset
        if text := self._unread():
            try:
                self._publish(self._name, text)
            except BaseException:
                self._offset = start
                raise
            _pwrite(self._mark, str(self._offset).encode(), 0)

    def _unread(self) -> str:
        pieces = []
        while piece := _pread(self._file, _CHUNK_BYTES, self._offset):
            self._offset += len(piece)
            pieces.append(self._decode(piece))
        return "".join(pieces)

    def restore(self) -> None:
        """Give the process its file descriptor back."""
        os.dup2(self._saved, self._descriptor)
        for descriptor in (self._saved, self._file, self._mark):
            os.close(descriptor)

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return False: a notebook is no terminal."""
        return False

    def fileno(self) -> int:
        """Return the process's own descriptor, for programs that a cell starts."""
        return self._descriptor


@contextmanager
def captured(place: Path, publish: Callable[[StreamName, str], None]) -> Iterator[tuple[CapturedStream, ...]]:
    """Capture standard output and error while the block runs, and yield the streams that do so."""
    before = sys.stdout, sys.stderr
    for stream in before:
        stream.flush()
    streams = tuple(CapturedStream(name, descriptor, place, publish) for descriptor, name in STREAMS)
    sys.stdout, sys.stderr = streams
    try:
        yield streams
    finally:
        sys.stdout, sys.stderr = before
        for stream in streams:
            stream.restore()


def unpublished(name: StreamName, place: Path) -> str:
    """Return what a process that is gone had written and not yet published."""
    try:
        raw = (place / f"{name}.capture").read_bytes()
        mark = (place / f"{name}.mark").read_bytes()
    except OSError:
        return ""
    return raw[int(mark or b"0") :].decode("utf-8", "replace")
