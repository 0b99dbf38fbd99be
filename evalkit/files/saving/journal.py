"""``answers/<stem>.history.jsonl``: every change, written down before it is made. Lines are only added.

A line is an entry, which says what is about to change, or a mark: ``{"done": id}`` once it has changed,
``{"given_up": id}`` where a process died in between and the file was changed by somebody else before anybody
could finish. A line that cannot be read (a process died while it wrote, or somebody edited the file by hand)
is passed over, and stops nobody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from evalkit.files.saving.parts import Json

_BLOCK: Final = 65_536


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one part.

    Attributes
    ----------
    old, new : JSON or None
        Its working content before and after; None where there was or is none. They are equal where a draft
        became part of the file.
    is_draft : bool
        Whether it is a draft afterwards.
    """

    part: str
    old: Json
    new: Json
    is_draft: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One save.

    Attributes
    ----------
    at : str
        UTC, ISO with milliseconds.
    what : str
        The occasion, for example ``edit``.
    files : mapping of str to (str, str)
        Digests of the files ``answers`` and ``drafts`` before and after; ``""`` where there is none.
    """

    id: str
    at: str
    by: str
    what: str
    changes: tuple[Change, ...]
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of an entry."""

    id: str
    is_done: bool


def timestamp(at: datetime) -> str:
    """Return a moment as entries have it.

    Raises
    ------
    ValueError
        If it has no time zone: nobody could say when that is.

    Examples
    --------
    >>> timestamp(datetime(2026, 11, 26, 16, 40, 3, 250_000, UTC))
    '2026-11-26T16:40:03.250Z'
    """
    if at.tzinfo is None:
        raise ValueError("the time of an entry needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


class Journal:
    """The log of one answers file; whoever adds to it holds the lock of the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, entry: Entry) -> int:
        """Write down what is about to change, through to the disk; return the size of the log before.

        Raises
        ------
        EvalkitError
            If it cannot be written; the log is as before.
        """
        changes = [
            {"part": each.part, "old": each.old, "new": each.new, "draft": each.is_draft}
            for each in entry.changes
        ]
        line = {"id": entry.id, "at": entry.at, "by": entry.by, "what": entry.what, "changes": changes}
        return self._append(line | {"files": {name: list(pair) for name, pair in entry.files.items()}})

    def mark(self, mark: Mark) -> None:
        """Write down what became of an entry."""
        self._append({"done" if mark.is_done else "given_up": mark.id})

    def take_back(self, size: int) -> None:
        """Cut off what was added since the log had this size, if the disk lets it."""
        with self.path.open("r+b") as file:
            file.truncate(size)
            os.fsync(file.fileno())

    def pending(self) -> Entry | None:
        """Return the newest entry if nobody knows yet what became of it. Only the end of the log is read."""
        marked = set()
        for item in self.backwards():
            if isinstance(item, Mark):
                marked.add(item.id)
            else:
                return None if item.id in marked else item
        return None

    def newest_of(self, part: str) -> tuple[Entry, Change] | None:
        """Return the newest change of a part that was made, and its entry."""
        given_up = set()
        for item in self.backwards():
            if isinstance(item, Mark):
                if not item.is_done:
                    given_up.add(item.id)
            elif item.id not in given_up:
                for change in item.changes:
                    if change.part == part:
                        return item, change
        return None

    def backwards(self) -> Iterator[Entry | Mark]:
        """Yield what can be read, newest first; nothing where there is no log."""
        for line in self._lines_backwards():
            item = parsed(line)
            if item is not None:
                yield item

    def numbered(self) -> Iterator[tuple[int, Entry | Mark | None]]:
        """Yield every line that is not blank with its number, oldest first; None where it cannot be read."""
        try:
            with self.path.open("rb") as file:
                for number, line in enumerate(file, start=1):
                    if line.strip():
                        yield number, parsed(line)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _failure(self.path, "cannot be read", error) from error

    def _lines_backwards(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                at, rest = file.seek(0, os.SEEK_END), b""
                while at:
                    step = min(
                        max(_BLOCK, len(rest)), at
                    )  # doubling: a long line is not copied time and again
                    at -= step
                    file.seek(at)
                    first, *lines = (file.read(step) + rest).split(b"\n")
                    yield from reversed(lines)
                    rest = first
                yield rest
        except FileNotFoundError:
            return
        except OSError as error:
            raise _failure(self.path, "cannot be read", error) from error

    def _append(self, line: dict[str, Any]) -> int:
        # ASCII: half of a character, which a file edited by hand may hold, has no UTF-8.
        raw = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        size = None
        try:
            is_new = not self.path.exists()
            with self.path.open("a+b", buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                if size and (file.seek(size - 1), file.read(1))[1] != b"\n":
                    raw = b"\n" + raw  # somebody died while writing: that line stays for itself
                try:
                    _write_all(file, raw)
                    os.fsync(file.fileno())
                except BaseException:
                    file.truncate(size)
                    raise
            if is_new:
                _sync_folder(self.path.parent)
        except OSError as error:
            raise _failure(self.path, "cannot be written", error) from error
        return size


def _write_all(file: Any, raw: bytes) -> None:  # noqa: ANN401 - an unbuffered file
    view = memoryview(raw)
    while view:
        view = view[file.write(view) :]


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some network file systems cannot; the file itself is written
    finally:
        os.close(handle)


def _failure(path: Path, what: str, error: OSError) -> EvalkitError:
    return EvalkitError(f"{path}: {what}: {error.strerror or error}; nothing was changed")


def parsed(line: bytes) -> Entry | Mark | None:
    """Return what a line says; None if it says nothing that evalkit wrote."""
    try:
        data = json.loads(line)
        if not isinstance(data, Mapping):
            return None
        for key, is_done in (("done", True), ("given_up", False)):
            if key in data:
                return Mark(_text(data[key]), is_done)
        return Entry(
            _text(data["id"]),
            _text(data["at"]),
            _text(data["by"]),
            _text(data["what"]),
            _changes(data["changes"]),
            {name: (_text(old), _text(new)) for name, (old, new) in data.get("files", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _changes(data: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    return tuple(
        Change(_text(each["part"]), each["old"], each["new"], each["draft"] is True) for each in data
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
