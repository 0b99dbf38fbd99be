"""One answers file of an earlier version -> its text, its drafts and what its journal says of it."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError, InvalidInputError, Problem
from evalkit.files.editing import keys_under, says, update_answers
from evalkit.files.migrating.carrying import Arrived, Journey, carried
from evalkit.files.migrating.drafts import sorted_drafts
from evalkit.files.migrating.fitting import check_arrival, fitted
from evalkit.files.migrating.notes import with_notes
from evalkit.files.reading import MAX_BYTES, document_of, read_bytes
from evalkit.files.saving.drafts import Draft, drafts_bytes, drafts_from
from evalkit.files.saving.findings import Judge
from evalkit.files.saving.journal import Change, Entry, Journal, timestamp
from evalkit.files.saving.parts import checked, parts_of, revision
from evalkit.files.saving.stored import digest
from evalkit.files.translate import validate
from evalkit.model.answers import Answer, ProductAnswers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from evalkit.files.document import Document
    from evalkit.files.migrating.carrying import Scribe
    from evalkit.files.saving.parts import Json
    from evalkit.files.workspace import ProductFile, Workspace
    from evalkit.model.migration import Step
    from evalkit.model.questionnaire import Questionnaire

RETIRED: Final = "retired"
"""Folder of an evaluation for what nobody asks any more, by version; nothing reads it."""

WHAT: Final = "migration to "
"""How the occasion of a migration begins in the journal."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file as it is and as it shall be; None where there is none."""

    path: Path
    name: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class OldAnswers:
    """An answers file of an earlier version, with its drafts, as read."""

    file: ProductFile
    name: str
    raw: bytes
    document: Document
    answers: ProductAnswers
    drafts_raw: bytes | None
    drafts: Mapping[str, Draft]

    @property
    def stem(self) -> str:
        """The file's name without ``.yaml``."""
        return self.file.path.name.removesuffix(".yaml")

    @property
    def drafts_path(self) -> Path:
        """The file of its drafts, whether or not it is there."""
        return self.file.path.with_name(f"{self.stem}.drafts.json")

    @property
    def version(self) -> str:
        """The version of the questionnaire that it answers."""
        return self.answers.questionnaire.partition("@")[2]


@dataclass(frozen=True, slots=True)
class NewAnswers:
    """What becomes of an answers file.

    Attributes
    ----------
    files : tuple of FileChange
        In the order in which they are to be written; the answers come before their drafts.
    entry : Entry or None
        What the journal says of it; None where no part changes.
    journeys : mapping of str to Journey
        Where each answer went, by the question of the new version.
    retired : mapping of str to str
        Questions of the old version that are gone, and why.
    """

    old: OldAnswers
    files: tuple[FileChange, ...]
    journal: Journal
    entry: Entry | None
    journeys: Mapping[str, Journey]
    retired: Mapping[str, str]


def read_old(file: ProductFile, workspace: Workspace) -> OldAnswers:
    """Return an answers file of any version, with its drafts.

    Raises
    ------
    InvalidInputError
        If one of them cannot be used.
    EvalkitError
        If a draft is larger or deeper than any that evalkit saves.
    """
    name = workspace.name(file.path)
    raw = read_bytes(file.path, name)
    document = document_of(raw, file.path, name)
    answers = validate(document, ProductAnswers)
    if not isinstance(answers, ProductAnswers):
        raise InvalidInputError(answers)
    drafts_path = file.path.with_name(f"{file.path.name.removesuffix('.yaml')}.drafts.json")
    drafts_name = workspace.name(drafts_path)
    drafts_raw = read_bytes(drafts_path, drafts_name) if os.path.lexists(drafts_path) else None
    drafts = {
        part: Draft(checked(part, draft.content), draft.base)
        for part, draft in drafts_from(drafts_raw, drafts_name).items()
    }
    return OldAnswers(file, name, raw, document, answers, drafts_raw, drafts)


@dataclass(frozen=True, slots=True)
class Migrator:
    """Carries answers files of one evaluation over to its questionnaire as it is installed."""

    workspace: Workspace
    questionnaire: Questionnaire
    as_of: date
    scribe: Scribe
    at: datetime

    def migrated(self, old: OldAnswers, steps: Sequence[Step], reopened: Collection[str]) -> NewAnswers:
        """Return what becomes of a file.

        Raises
        ------
        InvalidInputError
            If nothing says what became of a question that is answered, or the new file would be too large.
        EvalkitError
            If what was retired has no place.
        """
        arrived = carried(old.answers.answers, steps, self.scribe)
        check_arrival(arrived, old.document, self.questionnaire)
        head = old.answers.model_copy(update={"questionnaire": self.questionnaire.ref})
        judge = Judge(old.file.path, old.name, self.questionnaire, self.as_of)
        journeys = fitted(arrived, head, judge, self.scribe, reopened)
        before = parts_of(old.answers)
        drafts = sorted_drafts(old.drafts, before, _parts(head, journeys), steps)
        for question, told in drafts.told.items():
            journeys[question] = self._told(journeys.get(question), question, told)
        answers = head.model_copy(update={"answers": {name: it.answer for name, it in journeys.items()}})
        after = parts_of(answers)
        kept = {**drafts.stay, **self._moved(drafts.move, old.drafts, after)}
        excerpt = self._excerpt(old, arrived)
        text = self._text(old, answers, journeys, excerpt)
        files = (
            *self._laid_aside(old, excerpt, drafts.aside),
            self._change(old.file.path, old.raw, text.encode()),
            self._change(
                old.drafts_path, old.drafts_raw, old.drafts_raw if kept == old.drafts else drafts_bytes(kept)
            ),
        )
        changes = tuple(self._changes(old, before, after, drafts.move, drafts.aside))
        entry = self._entry(changes, files[-2], files[-1]) if changes else None
        journal = Journal(old.file.path.with_name(f"{old.stem}.history.jsonl"))
        moved = tuple(file for file in files if file.before != file.after)
        return NewAnswers(old, moved, journal, entry, journeys, arrived.retired)

    def _told(self, journey: Journey | None, question: str, told: Sequence[str]) -> Journey:
        found = journey or Journey(Answer(state="unanswered"), (question,), ("only drafted",))
        answer = found.answer
        for text in told:
            answer = self.scribe.remarked(answer, text)
        return Journey(answer, found.origins, found.happened, again=True)

    @staticmethod
    def _moved(
        move: Mapping[str, str], drafts: Mapping[str, Draft], after: Mapping[str, Json]
    ) -> dict[str, Draft]:
        return {
            target: Draft(drafts[part].content, revision(after.get(target))) for part, target in move.items()
        }

    def _excerpt(self, old: OldAnswers, arrived: Arrived) -> str:
        """Return the old file with retired answers only, layout and all; ``""`` where there are none."""
        kept = {name: each for name, each in old.answers.answers.items() if name in arrived.retired}
        if not kept:
            return ""
        return update_answers(old.raw.decode(), old.answers, old.answers.model_copy(update={"answers": kept}))

    def _laid_aside(self, old: OldAnswers, excerpt: str, aside: Mapping[str, Draft]) -> Iterator[FileChange]:
        folder = self.workspace.evaluation / RETIRED / old.version
        for path, raw in (
            (folder / old.file.path.name, excerpt.encode() or None),
            (folder / f"{old.stem}.drafts.json", drafts_bytes(aside)),
        ):
            if raw is None:
                continue
            problems = list(self.workspace.leading_out(path))
            if problems:
                raise InvalidInputError(problems)
            name = self.workspace.name(path)
            there = read_bytes(path, name) if os.path.lexists(path) else None
            if there not in (None, raw):
                raise EvalkitError(
                    f"{name} is there already, from an earlier migration, and says something else;"
                    " move it away"
                )
            yield FileChange(path, name, there, raw)

    def _text(
        self, old: OldAnswers, answers: ProductAnswers, journeys: Mapping[str, Journey], excerpt: str
    ) -> str:
        text = old.raw.decode()
        heirs = {origin: name for name, it in reversed([*journeys.items()]) for origin in it.origins}
        renamed, between = _with_new_ids(text, old.answers, heirs)
        made = update_answers(renamed, between, answers)
        return with_notes(text, made, answers, "answers", heirs=heirs, elsewhere=excerpt)

    def _change(self, path: Path, before: bytes | None, after: bytes | None) -> FileChange:
        name = self.workspace.name(path)
        if after is not None and len(after) > MAX_BYTES:
            size = f"{len(after) / 1e6:.1f} MB; at most {MAX_BYTES // 1_000_000} MB are read"
            raise InvalidInputError([Problem(name, 0, "Y004", "", f"the file would have {size}")])
        return FileChange(path, name, before, after)

    @staticmethod
    def _changes(
        old: OldAnswers,
        before: Mapping[str, Json],
        after: Mapping[str, Json],
        move: Mapping[str, str],
        aside: Mapping[str, Draft],
    ) -> Iterator[Change]:
        """Yield what the journal says; where a part changes in the file and as a draft, in this order."""
        for part in dict.fromkeys((*before, *after, *move, *aside)):
            draft = old.drafts.get(part)
            counts = draft is not None and draft.base == revision(before.get(part))
            is_gone = part in move or (part in aside and counts)
            if revision(before.get(part)) != revision(after.get(part)) or is_gone:
                was = draft.content if draft is not None and counts else before.get(part)
                yield Change(part, was, after.get(part), is_draft=False)
        for part, target in move.items():
            yield Change(target, after.get(target), old.drafts[part].content, is_draft=True)

    def _entry(self, changes: tuple[Change, ...], file: FileChange, drafts: FileChange) -> Entry:
        files = {
            "answers": (digest(file.before), digest(file.after)),
            "drafts": (digest(drafts.before), digest(drafts.after)),
        }
        what = f"{WHAT}{self.questionnaire.ref}"
        return Entry(secrets.token_hex(5), timestamp(self.at), self.scribe.by, what, changes, files)


def _parts(head: ProductAnswers, journeys: Mapping[str, Journey]) -> dict[str, Json]:
    return parts_of(
        head.model_copy(update={"answers": {name: journey.answer for name, journey in journeys.items()}})
    )


def _with_new_ids(text: str, answers: ProductAnswers, heirs: Mapping[str, str]) -> tuple[str, ProductAnswers]:
    """Return the file with answers under their new ids, where they stand, and what it then says.

    An answer that goes on elsewhere keeps its lines so: its comments and its layout. Where a key is written
    in an unusual way, nothing is changed here.
    """
    old = set(answers.answers)
    new: dict[str, str] = {}
    for origin, name in heirs.items():
        if (
            origin in old
            and origin != name
            and name not in (*old, *new.values())
            and origin not in heirs.values()
        ):
            new[origin] = name
    body = text.removeprefix("\ufeff")
    shift = len(text) - len(body)
    made = text
    for origin, (start, _) in sorted(keys_under(body, "answers").items(), key=lambda it: -it[1][0]):
        at = shift + start + (body[start] in "'\"")
        if origin in new and made.startswith(origin, at):
            made = made[:at] + new[origin] + made[at + len(origin) :]
    between = answers.model_copy(
        update={"answers": {new.get(name, name): each for name, each in answers.answers.items()}}
    )
    return (made, between) if new and says(made, between) else (text, answers)
