"""One product that is being answered: its file, the evaluation around it, and what scores would say."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from evalkit.files.loading import load_inputs
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.beside import FilesBeside
from evalkit.files.saving.findings import Judge
from evalkit.files.saving.history import read_history
from evalkit.files.saving.rebasing import rebased
from evalkit.files.saving.states import Edit, Saved
from evalkit.files.workspace import Workspace
from evalkit.forms.answering.preview import previewed
from evalkit.forms.answering.standing import Standing, standing_of
from evalkit.forms.answering.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from evalkit.files.saving.states import Conflict, PartState, Snapshot
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.evaluation import EvaluationInputs

Json = dict[str, Any]

_ATTEMPTS: Final = 3
"""How often an edit is made anew on top of what others save at the same time."""
_REMEMBERED: Final = 50
"""Earlier contents of an answer from which an edit may still come."""


class ProductAtWork:
    """The answers about one product as their file says them, and as they would be with edits on top.

    Parameters
    ----------
    folder
        The evaluation.
    product
        Its id.
    assessor
        Whose answers; the consensus by default. An assessor's are scored alone, as if nobody else answered.

    Attributes
    ----------
    surroundings : Surroundings
        What else decides what the answers are worth.

    Raises
    ------
    InvalidInputError
        If a file of the evaluation cannot be used.
    EvalkitError
        If there are no answers about the product.
    """

    def __init__(self, folder: Path, product: str, assessor: str | None = None) -> None:
        workspace = Workspace.of(folder)
        stem = product if assessor is None else f"{product}.{assessor}"
        path = workspace.evaluation / "answers" / f"{stem}.yaml"
        inputs = load_inputs(folder, products=[product], settled=False)
        if assessor is not None:
            inputs = replace(inputs, assessors={})
        self.id = product
        self.surroundings = Surroundings(folder, inputs)
        self.inputs: EvaluationInputs = inputs
        self.file = AnswersFile(path, workspace.name(path), inputs.questionnaire, inputs.evaluation.as_of)
        self._judge = Judge(
            path, self.file.name, inputs.questionnaire, inputs.evaluation.as_of, FilesBeside(path)
        )
        self._past: dict[str, dict[str, Any]] = {}
        self._take(self.file.read())

    @property
    def deployments(self) -> tuple[str, ...]:
        """The deployments in the order of the file."""
        return tuple(each.id for each in self.snapshot.answers.deployments)

    def content(self, part: str) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return the working content of a part; None where there is none."""
        state = self.snapshot.parts.get(part)
        return None if state is None else state.content

    def revision(self, part: str) -> str:
        """Return the revision of a part's working content; empty where there is none."""
        state = self.snapshot.parts.get(part)
        return "" if state is None else state.revision

    def preparers(self) -> frozenset[str]:
        """Return everybody who is, or ever was, named as who prepared the answers, as far as is known.

        Whoever could take their name off would sign off their own answers.

        Raises
        ------
        EvalkitError
            If the journal is there and cannot be read.
        """
        past = read_history(self.file.journal, part="prepared").entries
        named = {entry.old.get("by") for entry in past if isinstance(entry.old, dict)}
        return frozenset(
            {self.snapshot.answers.prepared.by, *(name for name in named if isinstance(name, str))}
        )

    def standing(
        self, deployment: str, edits: Sequence[Edit] = ()
    ) -> tuple[Standing, Mapping[str, PartState]]:
        """Return how one deployment stands with edits that are not saved yet, and what became of those.

        An edit that breaks rules does not count; its problems say why.
        """
        answers, edited = previewed(self._judge, self._counting, edits)
        known = {each.id for each in answers.deployments}
        chosen = deployment if deployment in known else answers.deployments[0].id
        return standing_of(self._with(answers), self.id, chosen), edited

    def inputs_now(self) -> EvaluationInputs:
        """Return the evaluation with this product's answers as saved, as far as they keep the rules."""
        return self._with(self._counting.answers)

    def save(self, edits: Sequence[Edit], *, by: str, at: datetime, what: str) -> Saved:
        """Save edits and read the file anew; parameters and errors as :meth:`AnswersFile.save`.

        A remark or a sign-off that somebody saved meanwhile is no conflict with an edit, nor the other way
        round: the edit is made anew on top of it.
        """
        saved = self.file.save(edits, by=by, at=at, what=what)
        self._remember(saved.parts)
        for _ in range(_ATTEMPTS):
            again = list(self._rebased(edits, saved.conflicts))
            if not again:
                break
            more = self.file.save(again, by=by, at=at, what=what)
            self._remember(more.parts)
            tried = {edit.part for edit in again}
            left = tuple(found for found in saved.conflicts if found.part not in tried)
            saved = Saved({**saved.parts, **more.parts}, (*left, *more.conflicts))
        self._take(self.file.read())
        return saved

    def _rebased(self, edits: Sequence[Edit], conflicts: Sequence[Conflict]) -> Iterator[Edit]:
        for found in conflicts:
            mine = next(edit for edit in edits if edit.part == found.part)
            past = self._past.get(found.part, {})
            if mine.base in past:
                with suppress(ValueError):  # it contradicts: people decide
                    content = rebased(past[mine.base], mine.content, found.theirs.content)
                    yield Edit(found.part, found.theirs.revision, content)

    def _remember(self, states: Mapping[str, PartState]) -> None:
        for part, state in states.items():
            if part.startswith("answers/"):
                past = self._past.setdefault(part, {})
                past.pop(state.revision, None)
                past[state.revision] = state.content
                for old in list(past)[:-_REMEMBERED]:
                    del past[old]

    def look_outside(self) -> dict[str, PartState | None]:
        """Read the file anew, and return the parts that are not as this form knew them; None: gone.

        Among them are those that say the same and break a rule now, such as an answer whose source is gone,
        and drafts that became part of the file.

        Raises
        ------
        InvalidInputError
            If the file cannot be used at the moment.
        """
        before, now = self.snapshot.parts, self.file.read()
        self._take(now)
        return {
            part: now.parts.get(part)
            for part in {**before, **now.parts}
            if before.get(part) != now.parts.get(part)
        }

    def _take(self, snapshot: Snapshot) -> None:
        """Go on from what the file says; what a text editor left breaking a rule does not count."""
        self.snapshot = snapshot
        self._remember(snapshot.parts)
        wrong = {part.removeprefix("answers/") for part in self._judge.findings(snapshot.answers)}
        sound = {name: answer for name, answer in snapshot.answers.answers.items() if name not in wrong}
        self._counting = replace(snapshot, answers=snapshot.answers.model_copy(update={"answers": sound}))

    def _with(self, answers: ProductAnswers) -> EvaluationInputs:
        return replace(self.inputs, answers={self.id: answers})
