"""What an answers file and its drafts hold, and the bytes that they have after changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evalkit.errors import EvalkitError, InvalidInputError, Problem
from evalkit.files.canonical import to_yaml
from evalkit.files.editing import update_answers
from evalkit.files.order import in_order
from evalkit.files.reading import MAX_BYTES, document_of
from evalkit.files.rules.vocabulary import carrying_over
from evalkit.files.saving.drafts import Draft, drafts_bytes
from evalkit.files.saving.merging import Merge
from evalkit.files.saving.parts import parts_of, revision
from evalkit.files.saving.states import SET_ASIDE, FieldProblem, PartState
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.files.saving.findings import Judge
    from evalkit.files.saving.journal import Change
    from evalkit.files.saving.parts import Json

_SET_ASIDE = FieldProblem(
    (),
    SET_ASIDE,
    "a draft of this was set aside, since the file was changed outside evalkit after it",
    "the draft is in the history; it can be put back from there",
)


@dataclass(frozen=True)
class Stored:
    """Both files at one moment.

    Attributes
    ----------
    raw, drafts_raw : bytes or None
        None where there is no file.
    answers : ProductAnswers or None
        None where there is no answers file.
    """

    raw: bytes | None
    answers: ProductAnswers | None
    drafts_raw: bytes | None
    drafts: Mapping[str, Draft]

    @cached_property
    def parts(self) -> dict[str, Json]:
        """What the file says, by part."""
        return {} if self.answers is None else parts_of(self.answers)

    def counting(self) -> dict[str, Draft]:
        """The drafts under which the file still says what it said."""
        parts = self.parts
        return {name: it for name, it in self.drafts.items() if it.base == revision(parts.get(name))}


def digest(raw: bytes | None) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes; ``""`` where there is no file."""
    return "" if raw is None else hashlib.sha256(raw).hexdigest()


def answers_in(raw: bytes, judge: Judge) -> ProductAnswers:
    """Return what the bytes of an answers file say.

    Raises
    ------
    InvalidInputError
        If they cannot be used: no YAML, not in the format, or for another version of the questionnaire.
    """
    document = document_of(raw, judge.path, judge.name)
    found = validate(document, ProductAnswers)
    if not isinstance(found, ProductAnswers):
        raise InvalidInputError(found)
    if found.questionnaire != judge.questionnaire.ref:
        message = f"questionnaire: {found.questionnaire} is not the one installed, {judge.questionnaire.ref}"
        hint = carrying_over(found.questionnaire, judge.questionnaire)
        raise InvalidInputError([document.problem("A001", ("questionnaire",), message, hint)])
    return found


def states(stored: Stored, judge: Judge) -> dict[str, PartState]:
    """Return the state of every part of the file and of every draft, in the order of the file."""
    if stored.answers is None:
        return {}
    parts, counting = stored.parts, stored.counting()
    wanted = {name: draft.content for name, draft in counting.items()}
    merge = Merge(judge, stored.answers, wanted, stored.parts)
    outcome, in_file, advice = merge.run(), merge.found_before, judge.advice(stored.answers)
    found: dict[str, PartState] = {}
    for name in dict.fromkeys((*parts, *stored.drafts)):
        if name in counting:
            content = counting[name].content
            found[name] = PartState(content, revision(content), True, outcome.refused.get(name, ()))  # noqa: FBT003 - is_draft
        else:
            aside = (_SET_ASIDE,) if name in stored.drafts else ()
            content = parts.get(name)
            told = (*in_file.get(name, ()), *aside, *advice.get(name, ()))
            found[name] = PartState(content, revision(content), False, told)  # noqa: FBT003 - is_draft
    return found


def changed(stored: Stored, changes: Iterable[Change], judge: Judge) -> Stored:
    """Return both files after changes; the same changes again change nothing.

    Raises
    ------
    EvalkitError
        If the file would be too large, or the changes do not fit what it says now.
    """
    changes = tuple(changes)
    parts: dict[str, Any] = {**stored.parts, **{it.part: it.new for it in changes if not it.is_draft}}
    answers = judge.made(parts)
    if not isinstance(answers, ProductAnswers):
        told = "; ".join(problem.message for each in answers.values() for problem in each)
        raise EvalkitError(f"{judge.name}: {told}")
    answers = in_order(
        stored.answers or answers.model_copy(update={"answers": {}}), answers, judge.questionnaire
    )
    drafts = {name: it for name, it in stored.drafts.items() if name not in {each.part for each in changes}}
    drafts |= {it.part: Draft(it.new, revision(parts.get(it.part))) for it in changes if it.is_draft}
    return Stored(_bytes(stored, answers, judge), answers, drafts_bytes(drafts), drafts)


def _bytes(stored: Stored, answers: ProductAnswers, judge: Judge) -> bytes:
    if answers == stored.answers and stored.raw is not None:
        return stored.raw
    if stored.raw is None or stored.answers is None:
        text = to_yaml(answers)
    else:
        # It reads back what it made, so nobody need do so again.
        text = update_answers(stored.raw.decode(), stored.answers, answers)
    raw = text.encode()
    if len(raw) > MAX_BYTES:
        message = f"the file would have {len(raw) / 1e6:.1f} MB; at most {MAX_BYTES // 1_000_000} MB are read"
        raise InvalidInputError([Problem(judge.name, 0, "Y004", "", message)])
    return raw
