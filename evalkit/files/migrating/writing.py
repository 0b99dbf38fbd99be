"""Many files rewritten together: all, or as they were.

Under the locks of all answers files, each new content first goes to a file beside its own and to the disk,
then into the journals, and only then do the files change places. What fails is put back. A process that is
killed among the last leaves whole files of both versions; each answers file says its own, the marker what
the others are, and the next run goes on from there.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from evalkit.errors import EvalkitError
from evalkit.files.saving.journal import Journal, Mark
from evalkit.files.saving.stored import digest
from evalkit.writing import remove_leftovers, write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.files.migrating.answers import FileChange
    from evalkit.files.saving.journal import Entry

MARKER: Final = ".migrating.json"
"""File of an evaluation that is there while, and only while, files of it change places."""

_PATIENCE_SECONDS: Final = 10.0
_FORMAT: Final = "evalkit/migrating/1"


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written together.

    Attributes
    ----------
    files : sequence of FileChange
        In this order; the evaluation comes last.
    entries : sequence of (Journal, Entry)
        What the journals say of it.
    locks : sequence of Path
        Lock files of the answers files.
    """

    evaluation: Path
    files: Sequence[FileChange]
    entries: Sequence[tuple[Journal, Entry]]
    locks: Sequence[Path]


def write(batch: Batch) -> None:
    """Write all files of a batch, or none.

    Raises
    ------
    EvalkitError
        If a file was changed since it was read, is being saved, or cannot be written.
    """
    with locked(batch.locks):
        for file in batch.files:
            if bytes_of(file.path) != file.before:
                raise EvalkitError(f"{file.name} was changed just now; nothing is written, run it again")
        targets = [Path(os.path.realpath(file.path)) for file in batch.files]
        remove_leftovers(*targets, *map(_beside, targets), batch.evaluation / MARKER)
        staged = _staged(batch.files)
        try:
            _replace_all(batch, staged)
        finally:
            for path in staged.values():
                path.unlink(missing_ok=True)


def _replace_all(batch: Batch, staged: Mapping[Path, Path]) -> None:
    marker = batch.evaluation / MARKER
    digests = {file.name: [digest(file.before), digest(file.after)] for file in batch.files}
    write_bytes(marker, json.dumps({"format": _FORMAT, "files": digests}, indent=1).encode())
    sizes: list[tuple[Journal, int]] = []
    try:
        for journal, entry in batch.entries:
            sizes.append((journal, journal.add(entry)))
        for file in batch.files:
            if file.path in staged:
                staged[file.path].replace(os.path.realpath(file.path))
            else:
                file.path.unlink(missing_ok=True)
    except (EvalkitError, OSError) as error:
        # Journals keep an entry whose files cannot be put back: the next one sees what became of it.
        if _put_back(batch.files):
            with suppress(OSError):
                for journal, size in sizes:
                    journal.take_back(size)
                marker.unlink(missing_ok=True)
        if isinstance(error, EvalkitError):
            raise
        raise EvalkitError(f"{error.filename}: {error.strerror or error}; nothing is migrated") from error
    for journal, entry in batch.entries:
        with suppress(EvalkitError):  # a disk that is full now: the next one sees that all is written
            journal.mark(Mark(entry.id, is_done=True))
    forget_interruption(batch.evaluation)


def done_before(evaluation: Path, files: Mapping[str, bytes]) -> frozenset[str]:
    """Return the files that a killed process rewrote already, by name; none where no process was killed.

    Raises
    ------
    EvalkitError
        If one of the files is neither as before nor as after: nobody can say which version it is of.
    """
    path = evaluation / MARKER
    raw = bytes_of(path)
    if raw is None:
        return frozenset()
    try:
        data = json.loads(raw)
        pairs = {_FORMAT: data["files"]}[data["format"]]
        known = {str(name): (str(before), str(after)) for name, (before, after) in pairs.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise EvalkitError(f"{path}: this is not what evalkit wrote; move it away") from None
    for name, content in files.items():
        if name in known and digest(content) not in known[name]:
            raise EvalkitError(
                f"a migration was interrupted, and {name} was changed since: bring back what it was"
                f" before, or remove {path} if the file is as the new version wants it"
            )
    return frozenset(
        name for name, content in files.items() if name in known and digest(content) == known[name][1]
    )


def is_interrupted(evaluation: Path) -> bool:
    """Whether a process was killed while files changed places."""
    return os.path.lexists(evaluation / MARKER)


def forget_interruption(evaluation: Path) -> None:
    """Remove the marker of a process that was killed after its last file."""
    with suppress(OSError):
        (evaluation / MARKER).unlink(missing_ok=True)


def _staged(files: Sequence[FileChange]) -> dict[Path, Path]:
    """Write every new content beside its file: a disk that is full shows before anything is changed."""
    staged: dict[Path, Path] = {}
    for file in files:
        # To rename over a write-protected file would work, and is not what its owner wants.
        if file.before is not None and not os.access(file.path, os.W_OK):
            raise EvalkitError(f"{file.name} may not be written; nothing is changed")
    try:
        for file in files:
            if file.after is None:
                continue
            target = Path(os.path.realpath(file.path))
            target.parent.mkdir(parents=True, exist_ok=True)
            staged[file.path] = _beside(target)
            write_bytes(staged[file.path], file.after)
            if file.before is not None:
                staged[file.path].chmod(stat.S_IMODE(target.stat().st_mode))
    except (EvalkitError, OSError) as error:
        for path in staged.values():
            path.unlink(missing_ok=True)
        if isinstance(error, EvalkitError):
            raise
        raise EvalkitError(f"{error.filename}: {error.strerror or error}; nothing is changed") from error
    return staged


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.migrate.tmp")


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_bytes(path, content)


def _put_back(files: Sequence[FileChange]) -> bool:
    """Make every file as it was, as far as the disk lets; return whether all are."""
    good = True
    for file in reversed(files):
        try:
            if bytes_of(file.path) != file.before:
                _put(file.path, file.before)
        except (EvalkitError, OSError):
            good = False
    return good


def bytes_of(path: Path) -> bytes | None:
    """Return what a file holds; None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EvalkitError(f"{path}: cannot be read: {error.strerror or error}") from error


@contextmanager
def locked(paths: Sequence[Path]) -> Iterator[None]:
    """Hold the locks of all answers files, taken in one order by everybody."""
    with ExitStack() as stack:
        for path in sorted(paths):
            lock = FileLock(path, _PATIENCE_SECONDS, 0o664)
            try:
                stack.enter_context(lock)
            except Timeout as error:
                raise EvalkitError(
                    f"somebody is saving answers: try again, and look who holds {path}"
                ) from error
            except OSError as error:
                raise EvalkitError(f"{path} cannot be made: {error.strerror or error}") from error
        yield
