"""An answers file that several people, programs and crashes share.

A save takes the lock, finishes what a killed process began, reads again what is there, compares the revision
of each part with the one that its editor had seen, writes the change into the journal, and only then writes
the files. So what :meth:`AnswersFile.save` returned is on the disk, and what it did not return is there whole
or not at all.

Finishing goes by the bytes of the files: an entry without a mark is finished if each file is as it was before
or after the entry, and given up otherwise. Between a crash and the next start somebody may have checked out
another commit: where that changed the answers or the drafts, the entry is given up; nobody was told
that it was saved, and its content stays in the journal. Where it replaced the journal too, none is pending.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from evalkit.errors import EvalkitError, InvalidInputError, Problem
from evalkit.files.reading import read_bytes
from evalkit.files.saving.beside import FilesBeside
from evalkit.files.saving.drafts import drafts_from
from evalkit.files.saving.findings import Judge
from evalkit.files.saving.journal import Change, Entry, Journal, Mark, timestamp
from evalkit.files.saving.merging import Merge
from evalkit.files.saving.parts import checked, normalised, parts_of, revision
from evalkit.files.saving.states import ABSENT, Conflict, Saved, Snapshot
from evalkit.files.saving.stored import Stored, answers_in, changed, digest, states
from evalkit.writing import remove_leftovers, write_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from evalkit.files.saving.beside import Stamp
    from evalkit.files.saving.parts import Json
    from evalkit.files.saving.states import Edit, PartState
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.questionnaire import Questionnaire

_PATIENCE_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.005
_NO_BASES: Final[Mapping[str, Collection[str]]] = {}


class AnswersFile:
    """The file ``answers/<stem>.yaml`` with its drafts, journal and lock.

    What was read is kept, and used again while the bytes on the disk are the same.

    Parameters
    ----------
    path
        Of the file, whether or not it is there.
    name
        Of the file in messages.
    as_of
        The evaluation's day: no evidence is dated after it.
    """

    def __init__(self, path: Path, name: str, questionnaire: Questionnaire, as_of: date) -> None:
        stem = path.name.removesuffix(".yaml")
        self.path = path
        self.name = name
        self.drafts_path = path.with_name(f"{stem}.drafts.json")
        self.journal = Journal(path.with_name(f"{stem}.history.jsonl"))
        self.lock_path = path.with_name(f".{stem}.lock")
        self._judge = Judge(path, name, questionnaire, as_of, FilesBeside(path))
        self._last = Stored(None, None, None, {})
        self._last_states: tuple[tuple[str, str, Stamp], dict[str, PartState]] = (("", "", ()), {})

    def read(self) -> Snapshot:
        """Return the file as it is, after finishing what a killed process began.

        Raises
        ------
        InvalidInputError
            If the answers or the drafts cannot be used.
        EvalkitError
            If another process keeps the file locked.
        """
        if not any(map(os.path.lexists, (self.lock_path, self.journal.path, self.drafts_path))):
            return self._snapshot(self._stored())  # nobody ever saved: to look leaves no trace
        with self._locked(to_read=True) as may_write:
            if may_write:
                with suppress(EvalkitError):  # a disk that is full or read-only: what is there can be read
                    self._recover()
            return self._snapshot(self._stored())

    def save(
        self,
        edits: Sequence[Edit],
        *,
        by: str,
        at: datetime,
        what: str = "edit",
        allowed_bases: Mapping[str, Collection[str]] = _NO_BASES,
    ) -> Saved:
        """Save edits, each unless its part was changed by somebody else since its editor looked.

        What keeps the rules goes into the file, with drafts that keep them now; the rest stays a draft. An
        edit that says what stands already is saved, whatever its base.

        Parameters
        ----------
        by, at, what
            Who, when (with time zone) and on what occasion, for the journal.
        allowed_bases
            Further revisions by part that an edit may start from, such as its editor's own last ones.

        Raises
        ------
        InvalidInputError
            If the answers or drafts on the disk cannot be used.
        EvalkitError
            If an edit is none, the disk is full or read-only, or the file stays locked. Everything is as
            before.
        """
        wanted = [replace(edit, content=checked(edit.part, edit.content)) for edit in edits]
        self._check_questions(wanted)
        moment = timestamp(at)
        with self._locked():
            self._recover()
            before = self._stored()
            answers = self._said(before)
            old = self._states(before)
            accepted, conflicts = self._judged(wanted, old, allowed_bases)
            changes, after = self._merged(before, answers, accepted, old)
            if after != before:
                self._commit(_entry(moment, by, what, changes, before, after), before, after)
            new = self._states(after)
        touched = {name for name in {**old, **new} if old.get(name) != new.get(name)} | accepted.keys()
        return Saved({name: new.get(name, ABSENT) for name in touched}, tuple(conflicts))

    def create(self, answers: ProductAnswers, *, by: str, at: datetime) -> Snapshot:
        """Write a new answers file.

        Raises
        ------
        InvalidInputError
            If the answers break rules.
        EvalkitError
            If there is such a file already, or it cannot be written.
        """
        moment = timestamp(at)
        if found := self._judge.findings(answers):
            raise InvalidInputError(
                Problem(self.name, 0, each.code, part, each.message, each.hint)
                for part, problems in found.items()
                for each in problems
            )
        with self._locked():
            self._recover()
            if os.path.lexists(self.path):
                raise EvalkitError(f"{self.name} is there already; it is unchanged")
            # Drafts of a file that somebody removed are none of the new one's.
            before = Stored(None, None, self._drafts_raw(), {})
            changes = [
                Change(part, None, content, is_draft=False) for part, content in parts_of(answers).items()
            ]
            after = changed(before, changes, self._judge)
            self._commit(_entry(moment, by, "create", changes, before, after), before, after)
            return self._snapshot(after)

    def recover(self) -> None:
        """Finish what a killed process began, or give it up if the file was changed since; see the module."""
        with self._locked():
            self._recover()

    def _judged(
        self, edits: Sequence[Edit], old: Mapping[str, PartState], allowed: Mapping[str, Collection[str]]
    ) -> tuple[dict[str, Json], list[Conflict]]:
        """Return the contents that are to be saved, by part, and the edits that are not."""
        accepted: dict[str, Json] = {}
        conflicts = []
        for edit in edits:
            state = old.get(edit.part, ABSENT)
            content = normalised(edit.part, edit.content)
            now = revision(accepted[edit.part]) if edit.part in accepted else state.revision
            if revision(content) == now or edit.base == now or edit.base in allowed.get(edit.part, ()):
                accepted[edit.part] = content
            else:
                conflicts.append(self._conflict(edit.part, state))
        return accepted, conflicts

    def _conflict(self, part: str, theirs: PartState) -> Conflict:
        newest = self.journal.newest_of(part)
        if newest is None or revision(newest[1].new) != theirs.revision:
            return Conflict(part, theirs, "", "")
        return Conflict(part, theirs, newest[0].by, newest[0].at)

    def _merged(
        self,
        before: Stored,
        answers: ProductAnswers,
        accepted: Mapping[str, Json],
        old: Mapping[str, PartState],
    ) -> tuple[list[Change], Stored]:
        """Return what changes, and both files after it."""
        parts, counting = before.parts, before.counting()
        working = {name: draft.content for name, draft in counting.items()} | dict(accepted)
        differing = {
            name: content
            for name, content in working.items()
            if revision(content) != revision(parts.get(name))
        }
        refused = Merge(self._judge, answers, differing, parts).run().refused
        changes = []
        for name, content in working.items():
            state = old.get(name, ABSENT)
            is_draft = name in refused
            was_set_aside = name in before.drafts and name not in counting
            if revision(content) != state.revision or is_draft != state.is_draft or was_set_aside:
                changes.append(Change(name, state.content, content, is_draft))
        after = changed(before, changes, self._judge)
        return changes, after

    def _commit(self, entry: Entry, before: Stored, after: Stored) -> None:
        size = self.journal.add(entry)
        try:
            self._write(before, after)
        except EvalkitError:
            # If the files cannot be made as before either, the entry stays, and the next one finishes it.
            if self._restored(before):
                with suppress(OSError):
                    self.journal.take_back(size)
            raise
        with suppress(EvalkitError):  # a disk that is full now: the next one sees that all is written
            self.journal.mark(Mark(entry.id, is_done=True))
        self._last = after

    def _write(self, before: Stored, after: Stored) -> None:
        if after.raw is not None and after.raw != before.raw:
            write_bytes(self.path, after.raw)
        if after.drafts_raw == before.drafts_raw:
            return
        if after.drafts_raw is not None:
            write_bytes(self.drafts_path, after.drafts_raw)
            return
        try:
            self.drafts_path.unlink(missing_ok=True)
        except OSError as error:
            raise EvalkitError(f"{self.drafts_path}: cannot be removed: {error.strerror or error}") from error

    def _restored(self, before: Stored) -> bool:
        """Make the answers as they were, and return whether they are; drafts are written last."""
        try:
            if before.raw is None:
                self.path.unlink(missing_ok=True)
            elif self._read_bytes() != before.raw:
                write_bytes(self.path, before.raw)
        except (EvalkitError, OSError):
            return False
        return True

    def _recover(self) -> None:
        entry = self.journal.pending()
        if entry is None:
            return
        remove_leftovers(Path(os.path.realpath(self.path)), Path(os.path.realpath(self.drafts_path)))
        raws = {"answers": self._raw(), "drafts": self._drafts_raw()}
        done = all(digest(raw) in entry.files.get(which, ()) for which, raw in raws.items())
        if done:
            try:
                before = self._stored()
                after = changed(before, entry.changes, self._judge)
            except EvalkitError:
                done = False  # as it was, it could be used: the questionnaire or evalkit is another one now
            else:
                self._write(before, after)
        self.journal.mark(Mark(entry.id, is_done=done))

    def _stored(self) -> Stored:
        raw, drafts_raw = self._raw(), self._drafts_raw()
        last = self._last
        if raw == last.raw and drafts_raw == last.drafts_raw:
            return last
        answers = None
        if raw is not None:
            answers = last.answers if raw == last.raw else answers_in(raw, self._judge)
        drafts = drafts_from(drafts_raw, self._beside(self.drafts_path))
        self._last = Stored(raw, answers, drafts_raw, drafts)
        return self._last

    def _states(self, stored: Stored) -> dict[str, PartState]:
        key = digest(stored.raw), digest(stored.drafts_raw), self._judge.stamp()
        if self._last_states[0] != key:
            self._last_states = (key, states(stored, self._judge))
        return self._last_states[1]

    def _snapshot(self, stored: Stored) -> Snapshot:
        return Snapshot(self._said(stored), self._states(stored), digest(stored.raw))

    def _said(self, stored: Stored) -> ProductAnswers:
        if stored.answers is None:
            self._read_bytes()  # says why there is none
            raise EvalkitError(f"{self.name} was made just now by another process; try again")
        return stored.answers

    def _read_bytes(self) -> bytes:
        return read_bytes(self.path, self.name)

    def _raw(self) -> bytes | None:
        return self._read_bytes() if os.path.lexists(self.path) else None

    def _drafts_raw(self) -> bytes | None:
        if not os.path.lexists(self.drafts_path):
            return None
        return read_bytes(self.drafts_path, self._beside(self.drafts_path))

    def _beside(self, path: Path) -> str:
        return f"{self.name.rpartition('/')[0]}/{path.name}".removeprefix("/")

    def _check_questions(self, edits: Sequence[Edit]) -> None:
        known = self._judge.questionnaire.by_id
        for edit in edits:
            kind, _, name = edit.part.partition("/")
            if kind == "answers" and edit.content is not None and name not in known:
                raise EvalkitError(
                    f"{name} is no question of {self._judge.questionnaire.ref}; it is not saved"
                )

    @contextmanager
    def _locked(self, *, to_read: bool = False) -> Iterator[bool]:
        """Hold the lock; yield whether files may be written."""
        # Not only its owner may lock it: a team shares the folder.
        lock = FileLock(self.lock_path, _PATIENCE_SECONDS, 0o664, poll_interval=_POLL_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise EvalkitError(
                f"{self.name} is being saved by another process for {_PATIENCE_SECONDS:.0f} seconds already;"
                f" try again, and look who holds {self.lock_path}"
            ) from error
        except OSError as error:
            if not to_read:
                raise EvalkitError(
                    f"{self.lock_path} cannot be made: {error.strerror or error}; nothing was changed"
                ) from error
            # Who may not write here can still look; nobody else's save is half done for long.
            yield False
            return
        try:
            yield True
        finally:
            lock.release()


def _entry(  # noqa: PLR0913, PLR0917 - each is one thing that the journal says
    moment: str, by: str, what: str, changes: Sequence[Change], before: Stored, after: Stored
) -> Entry:
    files = {
        "answers": (digest(before.raw), digest(after.raw)),
        "drafts": (digest(before.drafts_raw), digest(after.drafts_raw)),
    }
    return Entry(secrets.token_hex(5), moment, by, what, tuple(changes), files)
