"""An evaluation of an earlier version -> what becomes of every file of it, before anything is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.instrument import Reader, load_questionnaire
from evalkit.files.migrating.answers import RETIRED, FileChange, Migrator, NewAnswers, OldAnswers, read_old
from evalkit.files.migrating.controls import migrated_conditions, migrated_controls
from evalkit.files.migrating.evaluation import migrated_evaluation
from evalkit.files.migrating.following import followed
from evalkit.files.migrating.rows import Row
from evalkit.files.migrating.trial import problems_after
from evalkit.files.migrating.writing import Batch, done_before
from evalkit.files.migrations import load_migrations
from evalkit.files.reading import document_of, read_bytes
from evalkit.files.rules.wording import allowed
from evalkit.files.translate import validate
from evalkit.model.condition import AnswerCondition, leaves
from evalkit.model.controls import ConditionCatalogue, ControlFile
from evalkit.model.evaluation import Evaluation
from evalkit.model.migration import said_of, sources_of, version_key
from evalkit.model.profile import Profile
from evalkit.model.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from evalkit.errors import Problem
    from evalkit.files.migrating.carrying import Scribe
    from evalkit.files.migrating.rows import Rewritten
    from evalkit.files.workspace import Workspace
    from evalkit.model.migration import Migrations, Step

Model = TypeVar("Model", bound=Value)

AGAIN: Final = "answer again"

_QUESTION: Final = re.compile(r"answers\.([A-Z]{2,5}-[0-9]{2,3})\b")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a migration does.

    Attributes
    ----------
    begins, ends : str
        Questionnaire and version before and after.
    batch : Batch
        What is to be written; no files where nothing is to be done.
    rows : tuple of Row
        What becomes of each question, by file.
    left : tuple of Problem
        What ``evalkit check`` will still find: people have to mend it.
    """

    begins: str
    ends: str
    batch: Batch
    rows: tuple[Row, ...] = ()
    left: tuple[Problem, ...] = ()

    @property
    def to_do(self) -> bool:
        """Whether somebody has to do something after it."""
        return bool(self.left) or any(row.to_do for row in self.rows)


def plan_migration(workspace: Workspace, scribe: Scribe, at: datetime) -> Plan:
    """Return what becomes of an evaluation; nothing is written.

    Raises
    ------
    InvalidInputError
        If files of the evaluation, its questionnaire or its migrations cannot be used.
    EvalkitError
        If no step leads on from its version.
    """
    return _Planner(workspace, scribe, at).plan()


class _Planner:
    """Reads everything, then asks each kind of file what becomes of it."""

    def __init__(self, workspace: Workspace, scribe: Scribe, at: datetime) -> None:
        self.workspace = workspace
        self.scribe = scribe
        self.at = at
        self.raw: dict[Path, bytes] = {}
        self.problems: list[Problem] = list(workspace.misplaced())
        evaluation = self._read(workspace.evaluation_file, Evaluation)
        if evaluation is None:
            raise InvalidInputError(self.problems)
        self.evaluation = evaluation
        kind = evaluation.questionnaire.partition("@")[0]
        self.questionnaire = load_questionnaire(workspace.questionnaire_folder(kind))
        self.olds = self._old_answers()
        path = workspace.conditions_file
        self.conditions = None if path is None else self._read(path, ConditionCatalogue)
        self.controls = {file.path: self._read(file.path, ControlFile) for file in workspace.controls}
        if self.problems:
            raise InvalidInputError(self.problems)
        self.rows: list[Row] = []

    def plan(self) -> Plan:
        ref, begins = self.questionnaire.ref, self.evaluation.questionnaire
        stated = {self.workspace.name(self.workspace.evaluation_file): begins}
        stated |= {old.name: old.answers.questionnaire for old in self.olds}
        if self.conditions is not None and self.workspace.conditions_file is not None:
            stated[self.workspace.name(self.workspace.conditions_file)] = self.conditions.questionnaire
        for name, each in stated.items():
            self._check_reference(name, each)
        if set(stated.values()) == {ref}:
            return Plan(begins, ref, Batch(self.workspace.evaluation, (), (), ()))
        migrations = self._migrations(begins)
        steps = {each: self._steps(migrations, name, each) for name, each in stated.items()}
        news, around, left = self._settled(steps)
        for new in news:
            self._tell_answers(new)
        longest = max(steps.values(), key=len)
        self._tell_unanswered(longest)
        self._tell_profiles(longest)
        files = [file for new in news for file in new.files] + around
        entries = [(new.journal, new.entry) for new in news if new.entry is not None]
        locks = [old.file.path.with_name(f".{old.stem}.lock") for old in self.olds]
        batch = Batch(self.workspace.evaluation, files, entries, locks)
        return Plan(min(stated.values(), key=_version), ref, batch, tuple(self.rows), left)

    def _settled(
        self, steps: Mapping[str, Sequence[Step]]
    ) -> tuple[list[NewAnswers], list[FileChange], tuple[Problem, ...]]:
        """Return what is to be written, and what is left to mend by hand.

        Where one assessor's answer does not stand beside another's any more (A040), it is opened again.
        """
        migrator = Migrator(self.workspace, self.questionnaire, self.evaluation.as_of, self.scribe, self.at)
        around = list(self._around(steps))
        reopened: dict[str, set[str]] = {old.name: set() for old in self.olds}
        while True:
            news = [
                migrator.migrated(old, steps[old.answers.questionnaire], reopened[old.name])
                for old in self.olds
                if steps[old.answers.questionnaire]
            ]
            files = [file for new in news for file in new.files] + around
            left = problems_after(self.workspace, self.questionnaire.header.id, files)
            more = {(each.file, found[1]) for each in left if (found := _opened_by(each))}
            more = {(name, question) for name, question in more if question not in reopened.get(name, ())}
            touched = {question for new in news for question, it in new.journeys.items() if it.happened}
            more = {(name, question) for name, question in more if name in reopened and question in touched}
            if not more:
                return news, around, left
            for name, question in more:
                reopened[name].add(question)

    def _around(self, steps: Mapping[str, Sequence[Step]]) -> Iterator[FileChange]:
        """Yield what becomes of controls, conditions and, last, the evaluation."""
        ref, path = self.questionnaire.ref, self.workspace.conditions_file
        stated = self.evaluation.questionnaire if self.conditions is None else self.conditions.questionnaire
        files = {self.workspace.name(each): self.raw[each] for each in self.controls}
        done = done_before(self.workspace.evaluation, files)
        for each, controls in self.controls.items():
            name = self.workspace.name(each)
            if controls is not None and name not in done:
                text = self.raw[each].decode()
                yield from self._change(each, migrated_controls(text, controls, steps[stated], ref, name))
        if path is not None and self.conditions is not None:
            text, name = self.raw[path].decode(), self.workspace.name(path)
            went = steps[self.conditions.questionnaire]
            yield from self._change(path, migrated_conditions(text, self.conditions, went, ref, name))
        own = self.workspace.evaluation_file
        went = steps[self.evaluation.questionnaire]
        text = self.raw[own].decode()
        yield from self._change(own, migrated_evaluation(text, self.evaluation, went, ref, self._gates()))

    def _change(self, path: Path, made: Rewritten) -> Iterator[FileChange]:
        self.rows += made.rows
        after = made.text.encode()
        if after != self.raw[path]:
            yield FileChange(path, self.workspace.name(path), self.raw[path], after)

    def _read(self, path: Path, model: type[Model]) -> Model | None:
        name = self.workspace.name(path)
        outside = list(self.workspace.leading_out(path))
        self.problems += outside
        try:
            if outside:
                return None
            self.raw[path] = read_bytes(path, name)
            found = validate(document_of(self.raw[path], path, name), model)
        except InvalidInputError as error:
            self.problems += error.problems
            return None
        if isinstance(found, list):
            self.problems += found
            return None
        return found

    def _old_answers(self) -> tuple[OldAnswers, ...]:
        found = []
        for file in self.workspace.answers:
            try:
                found.append(read_old(file, self.workspace))
            except InvalidInputError as error:
                self.problems += error.problems
        return tuple(found)

    def _check_reference(self, name: str, ref: str) -> None:
        kind, _, version = ref.partition("@")
        header = self.questionnaire.header
        if kind != header.id:
            raise EvalkitError(f"{name} is for {ref}, and the evaluation uses {self.questionnaire.ref}")
        if version_key(version) > version_key(header.version):
            raise EvalkitError(
                f"{name} is for {ref}, which is newer than the one installed, {self.questionnaire.ref}:"
                " nothing leads back; install that version"
            )

    def _migrations(self, begins: str) -> Migrations:
        migrations = load_migrations(self.workspace, self.questionnaire)
        if migrations is None:
            folder = self.workspace.name(self.workspace.questionnaire_folder(self.questionnaire.header.id))
            raise EvalkitError(
                f"{folder} has no migrations.yaml: nobody says what became of the questions from {begins} to"
                f" {self.questionnaire.ref}"
            )
        return migrations

    def _steps(self, migrations: Migrations, name: str, ref: str) -> tuple[Step, ...]:
        if ref == self.questionnaire.ref:
            return ()
        try:
            return migrations.after(ref.partition("@")[2])
        except KeyError:
            raise EvalkitError(
                f"{name} is for {ref}, from which no step of migrations.yaml leads on;"
                f" {allowed(migrations.versions, 'versions')}"
            ) from None

    def _profiles(self) -> Iterator[tuple[str, Profile]]:
        folder = self.workspace.questionnaire_folder(self.questionnaire.header.id) / "profiles"
        for path in sorted(folder.glob("*.yaml")):
            read = Reader(self.workspace.name).read(path, Profile)
            if read is not None:  # what is wrong with one is among what is left
                yield read[0].name, read[1]

    def _gates(self) -> dict[str, bool] | None:
        for _, profile in self._profiles():
            if profile.id == self.evaluation.profile:
                return {gate.question: gate.mitigable for gate in profile.gates}
        return None

    def _tell_answers(self, new: NewAnswers) -> None:
        name = new.old.name
        for question, journey in new.journeys.items():
            if journey.happened:
                origins = ", ".join(journey.origins)
                to_do = f"{AGAIN}: {question}" if journey.again else ""
                self.rows.append(Row(origins, ", ".join(journey.happened), name, to_do))
        for question, why in new.retired.items():
            kept = f"kept in {RETIRED}/{new.old.version}/{new.old.file.path.name}"
            self.rows.append(Row(question, why, f"{name}, {kept}"))

    def _tell_unanswered(self, steps: Sequence[Step]) -> None:
        named = {question for row in self.rows for question in row.question.split(", ")}
        told = {change for question in named for change, _ in followed(question, steps).changes}
        for step in steps:
            for change in step.changes:
                if change not in told:
                    happened = f"{said_of(change)} ({step.to})"
                    self.rows.append(Row(", ".join(sources_of(change)), happened, "answered nowhere"))

    def _tell_profiles(self, steps: Sequence[Step]) -> None:
        known = self.questionnaire.by_id
        for name, profile in self._profiles():
            named = [*profile.question_weights, *(gate.question for gate in profile.gates)]
            if profile.eligibility is not None:
                asked = (leaf for leaf in leaves(profile.eligibility) if isinstance(leaf, AnswerCondition))
                named += [leaf.answer for leaf in asked]
            for question in dict.fromkeys(named):
                went = followed(question, steps)
                if question not in known and went.changes:
                    to_do = "mend the profile: it belongs to the questionnaire"
                    self.rows.append(Row(question, went.happened, name, to_do))


def _opened_by(problem: Problem) -> re.Match[str] | None:
    return _QUESTION.match(problem.path) if problem.code == "A040" else None


def _version(ref: str) -> tuple[tuple[int, str], ...]:
    return version_key(ref.partition("@")[2])
