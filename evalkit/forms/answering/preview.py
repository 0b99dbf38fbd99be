"""What the answers would be with edits that are not saved yet, and what is wrong with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from evalkit.files.saving.merging import merged
from evalkit.files.saving.parts import parts_of, revision
from evalkit.files.saving.states import PartState
from evalkit.model.answers import Answer, ProductAnswers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.files.saving.findings import Judge
    from evalkit.files.saving.states import Edit, FieldProblem, Snapshot

_ANSWERS: Final = "answers/"


def previewed(
    judge: Judge, snapshot: Snapshot, edits: Sequence[Edit]
) -> tuple[ProductAnswers, dict[str, PartState]]:
    """Return the answers with those edits that keep all rules, and what each edited part would be.

    Nothing is compared with what others did meanwhile; saving does.
    """
    if all(edit.part.startswith(_ANSWERS) for edit in edits):
        return _answers(judge, snapshot, edits)
    drafts = {part: state.content for part, state in snapshot.parts.items() if state.is_draft}
    found = merged(judge, snapshot.answers, drafts | {edit.part: edit.content for edit in edits})
    states = {edit.part: _state(edit, found.refused.get(edit.part, ())) for edit in edits}
    return found.answers, states


def _answers(
    judge: Judge, snapshot: Snapshot, edits: Sequence[Edit]
) -> tuple[ProductAnswers, dict[str, PartState]]:
    """Return the same where only answers were edited, which break no other: each is looked at by itself."""
    answers, states = dict(snapshot.answers.answers), {}
    for edit in edits:
        question = edit.part.removeprefix(_ANSWERS)
        made, problems = _answer(judge, snapshot.answers, question, edit)
        states[edit.part] = _state(edit, problems)
        if problems:
            continue
        if made is None:
            answers.pop(question, None)
        else:
            answers[question] = made
    return snapshot.answers.model_copy(update={"answers": answers}), states


def _answer(
    judge: Judge, answers: ProductAnswers, question: str, edit: Edit
) -> tuple[Answer | None, tuple[FieldProblem, ...]]:
    if edit.content is None:
        return None, ()
    alone = answers.model_copy(update={"answers": {}})
    try:
        made = Answer.model_validate(edit.content)
    except ValidationError:
        found = judge.made({**parts_of(alone), edit.part: edit.content})
        return None, () if isinstance(found, ProductAnswers) else found.get(edit.part, ())
    found = judge.findings(alone.model_copy(update={"answers": {question: made}}))
    return made, found.get(edit.part, ())


def _state(edit: Edit, problems: tuple[FieldProblem, ...]) -> PartState:
    content: Any = edit.content
    return PartState(content, revision(content), bool(problems), problems)
