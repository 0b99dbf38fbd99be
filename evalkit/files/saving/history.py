"""The past of an answers file: who changed what, what changed outside evalkit, and how to undo a change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.files.saving.differences import differences
from evalkit.files.saving.journal import Mark
from evalkit.files.saving.parts import revision
from evalkit.files.saving.states import ABSENT, Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.files.saving.answers_file import AnswersFile
    from evalkit.files.saving.journal import Entry, Journal
    from evalkit.files.saving.parts import Json
    from evalkit.files.saving.states import PartState

OUTSIDE: Final = "changed outside evalkit"
"""What happened where a content is not the one that was saved last: a text editor, git, another program."""

_CREATED: Final = "create"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What happened to one part at one time.

    Attributes
    ----------
    id : str
        Of the entry in the journal; for what was changed outside evalkit, one that stays the same while the
        journal does.
    at, by : str
        ``""`` for what was changed outside evalkit: nobody wrote down who and when.
    what : str
        The occasion, or :data:`OUTSIDE`.
    was_given_up : bool
        Whether a process died before it was done, and the file was changed by somebody else then: it never
        came to be.
    summary : str
        What changed, in words; holds text as somebody wrote it, still to be escaped.
    """

    id: str
    at: str
    by: str
    what: str
    part: str
    old: Json
    new: Json
    is_draft: bool
    was_given_up: bool
    summary: str


@dataclass(frozen=True, slots=True)
class History:
    """The past of one answers file.

    Attributes
    ----------
    entries : tuple of HistoryEntry
        Oldest first.
    unreadable : tuple of int
        Numbers of the lines of the journal that cannot be read.
    """

    entries: tuple[HistoryEntry, ...]
    unreadable: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Undoing:
    """What would undo a change.

    Attributes
    ----------
    edits : tuple of Edit
        The contents from before it; saved, they undo it.
    since : tuple of HistoryEntry
        For each part that was changed again since, its newest change.
    by : str
        Who made the change; ``""`` where nobody wrote it down.
    """

    edits: tuple[Edit, ...]
    since: tuple[HistoryEntry, ...]
    by: str


def history_of(file: AnswersFile, part: str) -> tuple[HistoryEntry, ...]:
    """Return the past of one part, oldest first; raises as :meth:`AnswersFile.read`."""
    return read_history(file.journal, file.read().parts, part).entries


def read_history(
    journal: Journal, now: Mapping[str, PartState] | None = None, part: str | None = None
) -> History:
    """Return the past of an answers file.

    Parameters
    ----------
    now
        States of all parts, so that a change since the last entry is seen; None where nobody can read them.
    part
        Of this part only.

    Raises
    ------
    EvalkitError
        If the journal is there and cannot be read.
    """
    items = list(journal.numbered())
    given_up = {item.id for _, item in items if isinstance(item, Mark) and not item.is_done}
    last: dict[str, tuple[str, Json]] = {}
    found: list[HistoryEntry] = []
    for _, item in items:
        if item is None or isinstance(item, Mark):
            continue
        for entry in _entries(item, was_given_up=item.id in given_up):
            if part is not None and entry.part != part:
                continue
            if not entry.was_given_up:
                if entry.part in last and revision(last[entry.part][1]) != revision(entry.old):
                    found.append(_outside(entry.part, *last[entry.part], entry.old))
                last[entry.part] = entry.id, entry.new
            found.append(entry)
    if now is not None:
        found += (
            _outside(name, after, content, state.content, is_draft=state.is_draft)
            for name, (after, content) in last.items()
            if (state := now.get(name, ABSENT)).revision != revision(content)
        )
    return History(tuple(found), tuple(number for number, item in items if item is None))


def undoing(file: AnswersFile, change: str, part: str | None = None) -> Undoing:
    """Return what would undo a change, in one of its parts or in all.

    Raises
    ------
    EvalkitError
        If there is no such change, or it cannot be undone.
    """
    now = file.read().parts
    past = read_history(file.journal, now).entries
    meant = [entry for entry in past if entry.id == change]
    if not meant:
        raise EvalkitError(f"there is no change {change!r} in the history of {file.name}")
    if part is not None:
        meant = [entry for entry in meant if entry.part == part]
        if not meant:
            raise EvalkitError(f"the change {change} has nothing to do with {part}")
    if meant[0].was_given_up:
        raise EvalkitError(f"the change {change} never came to be: there is nothing to undo")
    if meant[0].what == _CREATED:
        raise EvalkitError(f"the change {change} made {file.name}; to undo it, remove the file")
    # What only became part of the file then goes back by itself when what let it in does.
    meant = [entry for entry in meant if revision(entry.old) != revision(entry.new)]
    edits, since = [], []
    for entry in meant:
        state = now.get(entry.part, ABSENT)
        edits.append(Edit(entry.part, state.revision, entry.old))
        if state.revision != revision(entry.new):
            since.append(next(it for it in reversed(past) if it.part == entry.part and not it.was_given_up))
    return Undoing(tuple(edits), tuple(since), meant[0].by if meant else "")


def _entries(entry: Entry, *, was_given_up: bool) -> list[HistoryEntry]:
    return [
        HistoryEntry(
            id=entry.id,
            at=entry.at,
            by=entry.by,
            what=entry.what,
            part=each.part,
            old=each.old,
            new=each.new,
            is_draft=each.is_draft,
            was_given_up=was_given_up,
            summary="; ".join(differences(each.part, each.old, each.new)),
        )
        for each in entry.changes
    ]


def _outside(part: str, after: str, old: Json, new: Json, *, is_draft: bool = False) -> HistoryEntry:
    """Return what happened to a part after an entry, whose id it is."""
    summary = "; ".join(differences(part, old, new))
    name = hashlib.sha256(f"{after} {part} {revision(new)}".encode()).hexdigest()[:9]
    return HistoryEntry(f"x{name}", "", "", OUTSIDE, part, old, new, is_draft, False, summary)  # noqa: FBT003 - never given up
