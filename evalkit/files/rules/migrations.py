"""Rules M001 to M009: what became of questions from version to version, without gaps and riddles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.rules.wording import allowed, did_you_mean, one_of_levels, repeated, shown
from evalkit.model.migration import (
    Changed,
    Merged,
    Renamed,
    Retired,
    Split,
    said_of,
    sources_of,
    targets_of,
    version_key,
)
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.files.document import At, Document
    from evalkit.model.migration import AnyChange, Counterpart, Migrations, Scalar, Step
    from evalkit.model.questionnaire import Question, Questionnaire


@dataclass(frozen=True, slots=True)
class PlacedChange:
    """A change, the number of its step, and where it stands."""

    change: AnyChange
    step: int
    at: At

    def sources(self) -> Iterator[tuple[str, At]]:
        """Yield each question that it is about, with its place."""
        match self.change:
            case Renamed():
                yield self.change.renamed, (*self.at, "renamed")
            case Split():
                yield self.change.split, (*self.at, "split")
            case Retired():
                yield self.change.retired, (*self.at, "retired")
            case Changed():
                yield self.change.changed, (*self.at, "changed")
            case Merged():
                for index, question in enumerate(self.change.merged):
                    yield question, (*self.at, "merged", index)

    def targets(self) -> Iterator[tuple[str, At]]:
        """Yield each question that it leads to, with its place."""
        match self.change:
            case Renamed():
                yield self.change.to, (*self.at, "to")
            case Merged():
                yield self.change.into, (*self.at, "into")
            case Changed():
                yield targets_of(self.change)[0], (*self.at, "to" if self.change.to else "changed")
            case Split():
                for index, part in enumerate(self.change.into):
                    yield part.question, (*self.at, "into", index, "question")
            case Retired():
                pass

    def maps(self) -> Iterator[tuple[str, tuple[Counterpart, ...], At]]:
        """Yield each question that answers are carried to, with the values and their place."""
        match self.change:
            case Changed():
                yield targets_of(self.change)[0], self.change.values, (*self.at, "values")
            case Split():
                for index, part in enumerate(self.change.into):
                    yield part.question, part.values, (*self.at, "into", index, "values")


@dataclass(frozen=True)
class MigrationsCase:
    """The migrations of a questionnaire, their file and the questionnaire as it is now."""

    migrations: Migrations
    document: Document
    questionnaire: Questionnaire

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in the order of the file."""
        return self.migrations.steps

    @cached_property
    def changes(self) -> tuple[PlacedChange, ...]:
        """Every change in the order of the file."""
        return tuple(
            PlacedChange(change, number, ("steps", number, "changes", index))
            for number, step in enumerate(self.steps)
            for index, change in enumerate(step.changes)
        )

    @cached_property
    def by_source(self) -> Mapping[str, tuple[PlacedChange, ...]]:
        """Every change by the questions that it is about, in the order of the file."""
        found: dict[str, list[PlacedChange]] = {}
        for placed in self.changes:
            for question in sources_of(placed.change):
                found.setdefault(question, []).append(placed)
        return {question: tuple(each) for question, each in found.items()}

    def next_change(self, question: str, after: int) -> PlacedChange | None:
        """Return what becomes of a question of the version after a step; None if nothing does."""
        return next((each for each in self.by_source.get(question, ()) if each.step > after), None)

    def question_now(self, question: str, after: int) -> Question | None:
        """Return what a question of the version after a step is now; None where its meaning went on."""
        while (placed := self.next_change(question, after)) is not None:
            if not isinstance(placed.change, Renamed):
                return None
            question, after = placed.change.to, placed.step
        return self.questionnaire.by_id.get(question)


rule: Rulebook[MigrationsCase] = Rulebook()


@rule("M001", "Migrations name the questionnaire beside which they lie.")
def _questionnaire_is_that_of_the_folder(case: MigrationsCase) -> Iterator[Found]:
    stated, own = case.migrations.questionnaire, case.questionnaire.header.id
    if stated != own:
        yield Found(("questionnaire",), f"questionnaire {stated} is not the one of the folder, {own}")


@rule("M002", "A step leads to a later version.")
def _steps_lead_on(case: MigrationsCase) -> Iterator[Found]:
    for number, step in enumerate(case.steps):
        if version_key(step.to) <= version_key(step.from_):
            message = f"the step from {step.from_} leads to {step.to}; a later version is allowed"
            yield Found(("steps", number, "to"), message)


@rule("M003", "Each step begins where the one before ended; the last leads to the version that is there.")
def _steps_are_a_chain(case: MigrationsCase) -> Iterator[Found]:
    for number, step in enumerate(case.steps[1:], start=1):
        before = case.steps[number - 1]
        if step.from_ != before.to:
            message = f"the step begins at {step.from_}, but the one before ended at {before.to}"
            yield Found(("steps", number, "from"), message, "put a step between them, or mend the version")
    now, last = case.questionnaire.header.version, case.steps[-1].to
    if last != now:
        message = f"the last step leads to {last}, but {case.questionnaire.ref} is there"
        yield Found(("steps", len(case.steps) - 1, "to"), message, f"add the step from {last} to {now}")


@rule("M004", "In a step, an id stands in one change only, and there once on each side.")
def _changes_of_a_step_are_apart(case: MigrationsCase) -> Iterator[Found]:
    for _, changes in groupby(case.changes, key=lambda placed: placed.step):
        stood: dict[str, PlacedChange] = {}
        for placed in changes:
            named = [*placed.sources(), *_unless_changed(placed)]
            for question, at in named:
                if stood.setdefault(question, placed) is not placed:
                    message = f"{question} stands in two changes of the step: {said_of(placed.change)}, and"
                    yield Found(at, f"{message} {said_of(stood[question].change)}")
            for side in (list(placed.sources()), list(_unless_changed(placed))):
                for index, question in repeated(question for question, _ in side):
                    yield Found(side[index][1], f"{question} stands twice in the change; allowed is once")
            if isinstance(placed.change, Renamed) and placed.change.renamed == placed.change.to:
                yield Found((*placed.at, "to"), f"{placed.change.to} is renamed to itself")


def _unless_changed(placed: PlacedChange) -> Iterator[tuple[str, At]]:
    """Yield the targets that are written down: a changed question may keep its id."""
    if not (isinstance(placed.change, Changed) and placed.change.to is None):
        yield from placed.targets()


@rule("M005", "An id that was given up is never used again.")
def _ids_are_not_reused(case: MigrationsCase) -> Iterator[Found]:
    gone: dict[str, PlacedChange] = {}
    for placed in case.changes:
        for question, at in dict([*placed.sources(), *placed.targets()]).items():
            if question in gone and gone[question].step < placed.step:
                message = f"{question} was given up in {case.steps[gone[question].step].to}"
                message = f"{message}: {said_of(gone[question].change)}"
                yield Found(at, message, "take an id that was never used")
        for question in {*sources_of(placed.change)} - {*targets_of(placed.change)}:
            gone.setdefault(question, placed)
    for question, placed in gone.items():
        if question in case.questionnaire.by_id:
            at = next(at for source, at in placed.sources() if source == question)
            message = f"{question} is given up here, but it is a question of {case.questionnaire.ref}"
            yield Found(at, message, "take another id for the new question")


@rule("M006", "What a change leads to is a question that is there, or a later step says what became of it.")
def _changes_lead_to_questions(case: MigrationsCase) -> Iterator[Found]:
    known = case.questionnaire.by_id
    for placed in case.changes:
        for question, at in placed.targets():
            if question not in known and case.next_change(question, placed.step) is None:
                message = f"{question} is no question of {case.questionnaire.ref}"
                yield Found(at, f"{message}; {allowed(known, 'questions')}", did_you_mean(question, known))


@rule("M007", "Of each answer before a change, it is said once what it is now.")
def _values_are_mapped_once(case: MigrationsCase) -> Iterator[Found]:
    for placed in case.changes:
        for question, values, at in placed.maps():
            seen: Counter[Scalar] = Counter()
            for index, pair in enumerate(values):
                if seen[pair.was]:
                    message = f"{question}: {shown(pair.was)} stands twice; allowed is once"
                    yield Found((*at, index, "was"), message)
                seen[pair.was] += 1


@rule("M008", "What an answer is after a change, the question allows.")
def _values_are_allowed(case: MigrationsCase) -> Iterator[Found]:
    for placed in case.changes:
        for name, values, at in placed.maps():
            question = case.question_now(name, placed.step)
            for index, pair in enumerate(values if question else ()):
                if question and (wanted := _wanted(question, pair.now)):
                    yield Found((*at, index, "now"), f"{name}: {shown(pair.now)} is not {wanted}")


def _wanted(question: Question, value: Scalar) -> str:
    """Return what the question wants instead of a value; ``""`` where it is allowed."""
    match question:
        case ScaleQuestion(levels=levels):
            known = [level.level for level in levels]
            return "" if isinstance(value, int) and value in known else one_of_levels(known)
        case NumberQuestion(limits=limits, special_values=special):
            ids = [each.id for each in special]
            fits = value in ids if isinstance(value, str) else limits.min <= value <= limits.max
            return "" if fits else ", ".join((f"one of {limits.min}..{limits.max}", *ids))
        case SetQuestion(options=options):
            ids = [option.id for option in options]
            return "" if value in ids else f"an option; {allowed(ids, 'options')}"
        case _:
            return "possible here: lists of hosts are answered again"


@rule("M009", "Numbers keep their meaning only where the question asks for a number.")
def _only_numbers_are_kept(case: MigrationsCase) -> Iterator[Found]:
    for placed in case.changes:
        change = placed.change
        if isinstance(change, Changed) and "numbers" in change.keeps:
            question = case.question_now(targets_of(change)[0], placed.step)
            if question is not None and question.kind != "number":
                at = (*placed.at, "keeps", change.keeps.index("numbers"))
                yield Found(at, f"{question.id}: numbers are kept, but it is a {question.kind}")
