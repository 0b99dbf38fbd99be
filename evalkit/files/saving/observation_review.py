"""A reviewer's decision on what was observed: in the answers through their journal, then in its own file.

Both files are changed under the lock of the file of observations. The answers come first: a process that dies
in between leaves an observation that nobody seems to have decided on, and deciding again finishes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from evalkit.errors import EvalkitError
from evalkit.files.observations import (
    locked_observations,
    observation_files,
    read_observations,
    text_of,
)
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.findings import Judge
from evalkit.files.saving.history import read_history
from evalkit.files.saving.merging import merged
from evalkit.files.saving.observation_filing import Accepted, filed, parsed_value, source_key, source_of
from evalkit.files.saving.parts import revision
from evalkit.files.saving.states import ABSENT, Edit
from evalkit.model.observation import Judgement
from evalkit.model.observed import cites, mark_of, says_other_version, version_of
from evalkit.model.people import same_person
from evalkit.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from pathlib import Path

    from evalkit.files.observations import ObservationFile
    from evalkit.files.saving.states import Snapshot
    from evalkit.files.workspace import Workspace
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.observation import Observation
    from evalkit.model.questionnaire import Questionnaire

SHORTEST: Final = 6
"""Digits of an id that are enough, if no other id begins with them."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer says of an observation.

    Attributes
    ----------
    value : str or None
        The answer that it shows, as typed.
    questions : tuple of str
        File it on these questions only; on all that it bears on where empty.
    """

    state: Literal["accepted", "rejected"]
    reason: str
    by: str
    on: date
    value: str | None = None
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of an observation.

    Attributes
    ----------
    told : tuple of (str, str)
        Question, and what was done with its answer.
    was_so : bool
        Whether it was decided so before, and nothing was written.
    """

    observation: Observation
    told: tuple[tuple[str, str], ...]
    was_so: bool = False


class ObservationReview:
    """Decides on what was observed in one evaluation."""

    def __init__(self, workspace: Workspace, questionnaire: Questionnaire, as_of: date) -> None:
        self._workspace = workspace
        self._questionnaire = questionnaire
        self._as_of = as_of

    def decide(self, observation_id: str, ruling: Ruling, at: datetime) -> Decided:
        """Write a decision, and return what came of it; one that stands already changes nothing.

        Parameters
        ----------
        observation_id
            In full, or its first digits, at least :data:`SHORTEST`.
        at
            Now, with time zone, for the journal.

        Raises
        ------
        InvalidInputError
            If a file cannot be used.
        EvalkitError
            If there is no such observation, or the decision may not be taken. Nothing is changed then.
        """
        if not ruling.reason.strip():
            raise EvalkitError("a decision on an observation needs its reason")
        if not ruling.by.strip():
            raise EvalkitError("a decision on an observation needs who takes it")
        path, whole = self.found(observation_id)
        with locked_observations(path):
            name = self._workspace.name(path)
            file = read_observations(path, name)
            observation = next((it for it in file.observations if it.id == whole), None)
            if observation is None:
                raise EvalkitError(f"{name} was changed just now; observation {whole} is in it no more")
            if ruling.state == "rejected":
                return self._rejected(path, file, observation, ruling)
            return self._accepted(path, file, observation, ruling, at)

    def found(self, observation_id: str) -> tuple[Path, str]:
        """Return the file that holds an observation, and its id in full.

        Raises
        ------
        EvalkitError
            If there is none, or more than one begins so.
        """
        there = {
            it.id: path
            for path in observation_files(self._workspace)
            for it in read_observations(path, self._workspace.name(path)).observations
        }
        digits = observation_id.strip().lower()
        fitting = sorted(it for it in there if it.startswith(digits)) if len(digits) >= SHORTEST else []
        if len(fitting) == 1:
            return there[fitting[0]], fitting[0]
        if fitting:
            raise EvalkitError(f"observation {observation_id!r}: {', '.join(fitting)} begin so; say more")
        hint = did_you_mean(digits, there)
        told = f"observation {observation_id!r} is not known; {allowed(sorted(there), 'observations')}"
        if len(digits) < SHORTEST:
            told += f"; an id has 16 digits, of which {SHORTEST} are enough"
        raise EvalkitError(f"{told}{f'; {hint}' if hint else ''}")

    def _rejected(
        self, path: Path, file: ObservationFile, observation: Observation, ruling: Ruling
    ) -> Decided:
        if observation.review.state == "rejected":
            return Decided(observation, (), was_so=True)
        answers_file = self._answers_file(observation.product)
        snapshot = answers_file.read()
        if observation.relation == "contradicts":
            names = _preparers(answers_file, snapshot)
            for question in observation.questions:
                _check_not_own(snapshot.answers, question, ruling.by, names)
        for question, answer in snapshot.answers.answers.items():
            if cites(answer, observation.id):
                raise EvalkitError(
                    f"it is evidence for {question}: undo that first (evalkit history"
                    f" {observation.product} {question}), then reject it"
                )
        return Decided(_write(path, file, observation, ruling), ())

    def _accepted(
        self, path: Path, file: ObservationFile, observation: Observation, ruling: Ruling, at: datetime
    ) -> Decided:
        answers_file = self._answers_file(observation.product)
        snapshot = answers_file.read()
        self._check_acceptable(file, observation, snapshot.answers)
        edits, told = self._edits(file, observation, ruling, answers_file, snapshot)
        if observation.review.state == "accepted" and not edits:
            return Decided(observation, tuple(told), was_so=True)
        self._check_rules(answers_file, snapshot, edits)
        if edits:
            what = f"accept {mark_of(observation.id)}"
            if conflicts := answers_file.save(edits, by=ruling.by, at=at, what=what).conflicts:
                names = ", ".join(each.part for each in conflicts)
                raise EvalkitError(f"{names} was changed by somebody else just now; look again")
        if observation.review.state != "accepted":
            observation = _write(path, file, observation, ruling)
        return Decided(observation, tuple(told))

    def _check_acceptable(
        self, file: ObservationFile, observation: Observation, answers: ProductAnswers
    ) -> None:
        subject, stated = file.subject, answers.product.version
        if observation.stale or says_other_version(subject, stated):
            raise EvalkitError(
                f"it is stale: seen in version {version_of(subject) or 'unknown'}, while the answers are"
                f" about {stated}; look into that version"
            )
        if subject.observed_on > self._as_of:
            raise EvalkitError(
                f"it was observed on {subject.observed_on}, after the evaluation's day, {self._as_of}: no"
                " evidence may be dated after it; set as_of in evaluation.yaml first"
            )
        if observation.strength == "not_checkable":
            raise EvalkitError("it could not be checked: that says nothing about an answer; reject it")

    def _edits(
        self,
        file: ObservationFile,
        observation: Observation,
        ruling: Ruling,
        answers_file: AnswersFile,
        snapshot: Snapshot,
    ) -> tuple[list[Edit], list[tuple[str, str]]]:
        """Return what changes in the answers, and for each question what is done."""
        edits: list[Edit] = []
        told: list[tuple[str, str]] = []
        names = _preparers(answers_file, snapshot)
        for question in self._questions(observation, ruling):
            part = f"answers/{question}"
            state = snapshot.parts.get(part, ABSENT)
            if state.is_draft:
                raise EvalkitError(f"{question}: the answer has a draft; complete it or drop it first")
            known = self._questionnaire.by_id[question]
            value = None if ruling.value is None else parsed_value(known, ruling.value)
            accepted = Accepted(
                file.subject, observation, ruling.by.strip(), ruling.on, ruling.reason.strip(), value
            )
            try:
                found = filed(part, state.content, snapshot.answers, accepted, names)
            except EvalkitError as error:
                raise EvalkitError(f"{question}: {error}") from error
            told.append((question, found.told))
            if revision(found.content) != state.revision:
                edits.append(Edit(part, state.revision, found.content))
        key = source_key(file.subject)
        cited = any(_cites_source(edit.content, key) for edit in edits)
        if cited and key not in snapshot.answers.sources:
            source = source_of(file.subject, snapshot.answers.product.vendor)
            edits.insert(0, Edit(f"sources/{key}", "", source))
        return edits, told

    def _questions(self, observation: Observation, ruling: Ruling) -> tuple[str, ...]:
        known = self._questionnaire.by_id
        for question in ruling.questions:
            if question not in observation.questions:
                about = ", ".join(observation.questions)
                raise EvalkitError(f"it does not bear on {question}, but on {about or 'no question'}")
        questions = ruling.questions or observation.questions
        if missing := [each for each in questions if each not in known]:
            raise EvalkitError(f"{', '.join(missing)}: there is no such question; run evalkit check")
        if not questions:
            raise EvalkitError("it bears on no question; it can only be rejected")
        return questions

    def _check_rules(self, file: AnswersFile, snapshot: Snapshot, edits: Collection[Edit]) -> None:
        """Refuse what would only become a draft: a decision counts at once or not at all."""
        judge = Judge(file.path, file.name, self._questionnaire, self._as_of)
        refused = merged(judge, snapshot.answers, {edit.part: edit.content for edit in edits}).refused
        if told := [f"{each.code} {each.message}" for found in refused.values() for each in found]:
            raise EvalkitError("\n".join(("the answer would break rules; nothing is changed:", *told)))

    def _answers_file(self, product: str) -> AnswersFile:
        workspace = self._workspace
        path = workspace.evaluation / "answers" / f"{product}.yaml"
        if all(file.path != path for file in workspace.answers):
            raise EvalkitError(
                f"there is no answers/{product}.yaml; what is accepted is filed there, not with assessors"
            )
        return AnswersFile(path, workspace.name(path), self._questionnaire, self._as_of)


def _write(path: Path, file: ObservationFile, observation: Observation, ruling: Ruling) -> Observation:
    review = Judgement(state=ruling.state, by=ruling.by.strip(), on=ruling.on, reason=ruling.reason.strip())
    decided = observation.model_copy(update={"review": review})
    others = [it for it in file.observations if it.id != observation.id]
    write_text(path, text_of(file.subject, [*others, decided]))
    return decided


def _preparers(file: AnswersFile, snapshot: Snapshot) -> frozenset[str]:
    """Return everybody who is, or ever was, named as who prepared the answers."""
    past = read_history(file.journal, part="prepared").entries
    named = [entry.old.get("by") for entry in past if isinstance(entry.old, dict)]
    return frozenset({snapshot.answers.prepared.by, *(each for each in named if isinstance(each, str))})


def _check_not_own(answers: ProductAnswers, question: str, by: str, preparers: Collection[str]) -> None:
    answer = answers.answers.get(question)
    for statement in () if answer is None else (answer, *answer.deployments.values()):
        names = [statement.answered.by] if statement.answered else preparers
        if any(same_person(name, by) for name in names):
            raise EvalkitError(f"{question}: {by} answered this; somebody else decides on it (four eyes)")


def _cites_source(content: dict[str, object], key: str) -> bool:
    own = content.get("deployments")
    statements = [content, *(own.values() if isinstance(own, dict) else ())]
    return any(
        item.get("source") == key
        for said in statements
        if isinstance(said, dict)
        for item in said.get("evidence") or ()
    )
