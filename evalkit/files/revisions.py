"""An evaluation as it was in a revision of git, read without touching the work tree.

Only git's plumbing is used, which reads objects and runs no filter and no hook. What a revision holds is as
hostile as any other input: names are checked before anything is written, and links are not made.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError, InvalidInputError, Problem
from evalkit.files.loading import load_inputs
from evalkit.files.reading import MAX_BYTES
from evalkit.files.workspace import EVALUATION, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evalkit.model.evaluation import EvaluationInputs

_PATIENCE_SECONDS: Final = 60
_MOST_FILES: Final = 5000
_MOST_BYTES: Final = 200_000_000
_FILE: Final = re.compile(
    rb"(?P<mode>\d{6}) (?P<type>\w+) (?P<id>[0-9a-f]{40,64}) +(?P<size>\d+|-)\t(?P<name>.*)"
)
_LINK: Final = b"120000"
_GENERATED: Final = "out"
_QUIET: Final = {
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OF_HOOKS: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"})
"""What a hook's git sets: it would name another repository than the one that the evaluation lies in."""

_QUESTIONNAIRES: Final = "questionnaires"


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit.

    Attributes
    ----------
    name : str
        As somebody named it: a branch, a tag, a hash.
    commit : str
        Its whole hash.
    day : date
        On which it was committed, in the time zone of who did.
    """

    name: str
    commit: str
    day: date


@dataclass(frozen=True, slots=True)
class Past:
    """An evaluation as it was, and whether its questionnaires are those of that revision.

    Attributes
    ----------
    has_own_questionnaires : bool
        False where the revision has none, so that it is read with today's.
    """

    revision: Revision
    inputs: EvaluationInputs
    has_own_questionnaires: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    path: PurePosixPath
    blob: str
    size: int


def inputs_at(
    evaluation: Path, revision: str, *, profile: str | None = None, as_of: date | None = None
) -> Past:
    """Return what the scores of an evaluation depended on in a revision, its questionnaire and profile too.

    Parameters
    ----------
    evaluation
        The evaluation's folder, as it is named today.
    revision
        What git knows a commit by.
    profile, as_of
        In place of the evaluation's then.

    Raises
    ------
    InvalidInputError
        With every problem of every file, each named ``REVISION:path``.
    EvalkitError
        If git, the repository, the revision or the evaluation in it is not there.
    """
    workspace = Workspace.of(evaluation)
    repository = _Repository.around(workspace.evaluation)
    found = repository.revision(revision)
    with _unpacked(repository, found, workspace) as (folder, own):
        try:
            inputs = load_inputs(folder, profile=profile, as_of=as_of)
        except InvalidInputError as invalid:
            raise InvalidInputError(
                replace(each, file=f"{revision}:{each.file}") for each in invalid.problems
            ) from invalid
        except EvalkitError as failure:
            raise EvalkitError(f"in {revision}: {failure}") from failure
    return Past(found, inputs, own)


@contextmanager
def _unpacked(
    repository: _Repository, revision: Revision, workspace: Workspace
) -> Iterator[tuple[Path, bool]]:
    """Give the evaluation's folder in a project of its own, for as long as it is needed."""
    folder = repository.inside(workspace.evaluation)
    entries = repository.entries(revision, folder)
    if not any(entry.path == folder / EVALUATION for entry in entries):
        raise EvalkitError(_not_there(repository, revision, folder))
    root, questionnaires = _questionnaires(repository, revision, folder)
    with TemporaryDirectory(prefix="evalkit-") as name:
        base = Path(name).resolve()
        if root is None:
            place = base / workspace.evaluation.relative_to(workspace.root)
            # Not left to be found: whoever may write above a temporary folder would then be asked, too.
            shutil.copytree(workspace.questionnaires, base / _QUESTIONNAIRES)
        else:
            place = base.joinpath(*folder.relative_to(root).parts)
            repository.unpack(revision, questionnaires, root, base)
        repository.unpack(revision, entries, folder, place)
        yield place, root is not None


def _questionnaires(
    repository: _Repository, revision: Revision, folder: PurePosixPath
) -> tuple[PurePosixPath | None, tuple[_Entry, ...]]:
    """Return the project around a folder in a revision, with its questionnaires; None where it has none."""
    for root in folder.parents:
        entries = repository.entries(revision, root / _QUESTIONNAIRES)
        if entries:
            return root, entries
    return None, ()


def _not_there(repository: _Repository, revision: Revision, folder: PurePosixPath) -> str:
    results = folder.parent
    there = [
        entry.path.parent.as_posix()
        for entry in repository.entries(revision, results)
        if entry.path.name == EVALUATION and len(entry.path.relative_to(results).parts) == 2  # noqa: PLR2004 - its folder and its name
    ]
    known = f"; evaluations in it: {', '.join(there)}" if there else ""
    return f"{folder.as_posix()} was no evaluation in {revision.name} ({revision.commit[:12]}){known}"


@dataclass(frozen=True, slots=True)
class _Repository:
    top: Path

    @classmethod
    def around(cls, folder: Path) -> _Repository:
        """Return the repository that a folder lies in."""
        asked = _git(folder, ("rev-parse", "--show-toplevel"))
        top = os.fsdecode(asked.stdout).rstrip("\r\n")
        if asked.returncode or not top:
            raise EvalkitError(
                f"{folder} lies in no work tree of git, so that no revision of it can be read:"
                f" {_told(asked.stderr) or 'git says nothing more'}"
            )
        return cls(Path(top).resolve())

    def inside(self, folder: Path) -> PurePosixPath:
        """Return the path of a folder within the repository."""
        return PurePosixPath(folder.relative_to(self.top).as_posix())

    def revision(self, name: str) -> Revision:
        """Return the commit of a name."""
        if not name or name.startswith("-") or not name.isprintable():
            raise EvalkitError(f"{name!r} is no revision; name a branch, a tag or a hash")
        asked = _git(self.top, ("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"))
        commit = asked.stdout.decode("ascii", "replace").strip()
        if asked.returncode or not re.fullmatch(r"[0-9a-f]{40,64}", commit):
            raise EvalkitError(f"{name} is no revision of {self.top}{self._shallow()}")
        shown = _git(self.top, ("show", "--no-patch", "--no-show-signature", "--format=%cs", commit))
        try:
            day = date.fromisoformat(shown.stdout.decode("ascii", "replace").strip())
        except ValueError as invalid:
            raise EvalkitError(f"{name}: git cannot show the commit: {_told(shown.stderr)}") from invalid
        return Revision(name, commit, day)

    def entries(self, revision: Revision, folder: PurePosixPath) -> tuple[_Entry, ...]:
        """Return the YAML files below a folder in a revision, but for generated ones; empty without any."""
        path = folder.as_posix()
        below = () if path == "." else ("--", f":(literal){path}")
        arguments = ("ls-tree", "-r", "-z", "-l", "--full-tree", revision.commit, *below)
        asked = _git(self.top, arguments)
        if asked.returncode:
            raise EvalkitError(f"{revision.name}: git cannot list {path}: {_told(asked.stderr)}")
        found = []
        for line in filter(None, asked.stdout.split(b"\0")):
            entry = _entry(revision, folder, line)
            if entry is not None:
                found.append(entry)
        _check_amount(revision, found)
        return tuple(found)

    def unpack(
        self, revision: Revision, entries: Sequence[_Entry], folder: PurePosixPath, place: Path
    ) -> None:
        """Write what lies below a folder of a revision to a place on the disk."""
        for entry, raw in zip(entries, self._contents(revision, entries), strict=True):
            target = place.joinpath(*entry.path.relative_to(folder).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(raw)

    def _contents(self, revision: Revision, entries: Sequence[_Entry]) -> Iterator[bytes]:
        asked = _git(
            self.top,
            ("cat-file", "--batch"),
            "".join(f"{entry.blob}\n" for entry in entries).encode("ascii"),
        )
        rest = memoryview(asked.stdout)
        for entry in entries:
            head, _, _ = bytes(rest[:200]).partition(b"\n")
            if asked.returncode or head != f"{entry.blob} blob {entry.size}".encode("ascii"):
                why = "git does not have its content here; in a partial clone, fetch it first"
                raise InvalidInputError([_problem(revision, entry.path, "Y003", why)])
            start = len(head) + 1
            yield bytes(rest[start : start + entry.size])
            rest = rest[start + entry.size + 1 :]

    def _shallow(self) -> str:
        asked = _git(self.top, ("rev-parse", "--is-shallow-repository"))
        if asked.stdout.strip() != b"true":
            return ""
        return "; this is a shallow clone, which has few of them: git fetch --unshallow brings the rest"


def _entry(revision: Revision, folder: PurePosixPath, line: bytes) -> _Entry | None:
    """Return a file to be read; None for one that no evaluation reads."""
    found = _FILE.fullmatch(line)
    if found is None:
        raise EvalkitError(f"{revision.name}: git lists a file in a way that is not known: {line[:80]!r}")
    path = PurePosixPath(os.fsdecode(found["name"]))
    inner = path.relative_to(folder).parts if path.is_relative_to(folder) else ()
    if path.suffix.lower() not in (".yaml", ".yml") or inner[:1] == (_GENERATED,):
        return None
    if not inner or not all(map(_is_safe, os.fsdecode(found["name"]).split("/"))):
        raise InvalidInputError(
            [_problem(revision, path, "Y018", "the path cannot be written on every system")]
        )
    if found["mode"] == _LINK or found["type"] != b"blob":
        message = "this is a link; in a revision links are not followed"
        raise InvalidInputError([_problem(revision, path, "Y017", message)])
    size = int(found["size"])
    if size > MAX_BYTES:
        message = f"the file has {size / 1e6:.1f} MB; at most {MAX_BYTES // 1_000_000} MB are read"
        raise InvalidInputError([_problem(revision, path, "Y004", message)])
    return _Entry(path, found["id"].decode("ascii"), size)


def _is_safe(part: str) -> bool:
    """Whether a part of a path means a name and nothing else, on every system."""
    return part not in ("", ".", "..") and part.isprintable() and not set(part) & set('\\:*?"<>|')


def _check_amount(revision: Revision, entries: Sequence[_Entry]) -> None:
    size = sum(entry.size for entry in entries)
    if len(entries) > _MOST_FILES or size > _MOST_BYTES:
        raise EvalkitError(
            f"{revision.name} has {len(entries)} YAML files with {size / 1e6:.0f} MB there; at most"
            f" {_MOST_FILES} with {_MOST_BYTES // 1_000_000} MB are read"
        )


def _problem(revision: Revision, path: PurePosixPath, code: str, message: str) -> Problem:
    return Problem(f"{revision.name}:{path.as_posix()}", 0, code, "", message)


def _told(stderr: bytes) -> str:
    """Return what git says of a failure, on one line."""
    text = stderr.decode("utf-8", "replace").strip()
    return " ".join(text.removeprefix("fatal: ").split())


def _git(folder: Path, arguments: Iterable[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git, which neither asks anybody anything nor fetches anything."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    try:
        return subprocess.run(  # noqa: S603 - fixed commands; names that users give are checked before
            ["git", "--no-pager", *arguments],  # noqa: S607 - the user's own git, wherever it is
            cwd=folder,
            env=kept | _QUIET,
            input=given,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise EvalkitError("git is not installed, and without it no earlier revision can be read") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise EvalkitError(f"git gave no answer about {folder}: {error}") from error
