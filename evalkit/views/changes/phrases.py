"""Single changes in words: values, evidence, what an answer counts for, why a verdict is another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from evalkit.files.saving.differences import differences
from evalkit.model.answers import Statement
from evalkit.model.records import state_of
from evalkit.scoring.change_contents import changed_fields
from evalkit.views.answer_text import describe
from evalkit.views.board.clipping import SENTENCE, clipped
from evalkit.views.board.since_words import turned
from evalkit.views.board.words import words
from evalkit.views.numbers import NOTHING, against, count, points
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.answers import EvidenceItem, RawValue, Source
    from evalkit.model.change import EvidenceChange, StatementChange, ThingChange, Tip, Turn
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import QuestionResult
    from evalkit.views.changes.comparison import StateComparison

ARROW: Final = "→"
_TOLD_HERE: Final = ("value", "state", "evidence", "finding")
_NOTHING: Final = ("changed", "stands in the file now")
_FIELD: Final = 160


def statement_words(found: StateComparison, change: StatementChange) -> tuple[str, ...]:
    """Return what is said otherwise, most important first: answer, evidence, finding, sign-off, remarks."""
    told = [*_answer(found, change)]
    told += (evidence_words(found, change, each) for each in change.evidence)
    told += _texts(change)
    rest = differences("answers/", _content(change.before), _content(change.after))
    told += (each for each in rest if not each.startswith(_TOLD_HERE) and each not in _NOTHING)
    if change.remarks:
        told.append(f"{count(change.remarks, 'remark')} made or taken back")
    return tuple(dict.fromkeys(clipped(each, 2 * SENTENCE) for each in told)) or ("written differently",)


def _content(statement: Statement | None) -> Any:  # noqa: ANN401 - JSON as a part has it
    if statement is None:
        return {}
    return statement.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _answer(found: StateComparison, change: StatementChange) -> Iterator[str]:
    if change.before is None or change.after is None:
        old, new = change.before or Statement(), change.after or Statement()
        scope = "answer" if change.scope == "*" else "own answer"
        yield f"{scope} {'added' if change.before is None else 'removed'}"
    else:
        old, new = change.before, change.after
    if change.is_answer:
        questions = found.questions(change.question)
        yield f"{said_words(questions[0], old)} {ARROW} {said_words(questions[1], new)}"


def said_words(question: Question | None, statement: Statement) -> str:
    """Return state or value of a statement in a few words."""
    state = state_of(statement)
    if state == "answered" and statement.value is not None:
        return value_words(question, statement.value)
    return wording.STATE_SHORT[state]


def value_words(question: Question | None, value: RawValue) -> str:
    """Return an answer in words; as written where there is no such question."""
    return shown(value) if question is None else clipped(describe(question, value).named, SENTENCE)


def _texts(change: StatementChange) -> Iterator[str]:
    old = change.before.finding if change.before else None
    new = change.after.finding if change.after else None
    if old != new and new:
        yield f"finding {'changed' if old else 'added'}: {clipped(new, SENTENCE)}"
    elif old != new:
        yield "finding removed"


def evidence_words(found: StateComparison, change: StatementChange, each: EvidenceChange) -> str:
    """Return what became of one piece of evidence."""
    before, after = each.before, each.after
    if after is None and before is not None:
        return f"evidence removed: {_cited(found, change, before, is_later=False)}"
    if after is None:
        return ""
    if before is None:
        return f"evidence added: {_cited(found, change, after, is_later=True)}"
    fields = (
        f"{field.path} {shown(field.old)} {ARROW} {shown(field.new)}"
        for field in changed_fields(before, after)
    )
    return f"evidence changed: {_cited(found, change, after, is_later=True)}: {', '.join(fields)}"


def _cited(found: StateComparison, change: StatementChange, item: EvidenceItem, *, is_later: bool) -> str:
    source = _source(found, change, item.source, is_later=is_later)
    parts = [
        wording.CLASS[item.evidence_class],
        clipped(source.title) if source else item.source,
        clipped(item.locator) if item.locator else "",
        f"collected {item.collected}" if item.collected else "",
        f"expires {item.expires}" if item.expires else "",
    ]
    return ", ".join(filter(None, parts))


def _source(found: StateComparison, change: StatementChange, key: str, *, is_later: bool) -> Source | None:
    inputs = (found.after if is_later else found.before).inputs
    file = inputs.answers[change.product]
    if change.assessor is not None:
        file = inputs.assessors.get(change.product, {}).get(change.assessor, file)
    return file.sources.get(key)


def reading_words(result: QuestionResult | None) -> str:
    """Return what a question counts for: state or class of the evidence, and v⁻ to v⁺ of 100."""
    if result is None or not result.applicable:
        return wording.STATE_SHORT["not-applicable"]
    named = wording.STATE_SHORT[result.state]
    if result.is_answered:
        named = wording.CLASS[result.evidence_class]
    if result.stale:
        named += ", expired"
    if result.disputed:
        named += ", disputed"
    return f"{named}, {points(result.low)} to {points(result.high)}"


def turn_words(found: StateComparison, turn: Turn) -> str:
    """Return what turned a verdict."""
    cause = words.SINCE_CAUSE[turn.cause]
    named = f"{cause}, {found.title(turn.question)}" if turn.question else cause
    before, after = (wording.VERDICT_IN_TEXT[each] for each in (turn.before, turn.after))
    return f"{named}: {before} {ARROW} {after}"


def tip_words(found: StateComparison, tip: Tip) -> str:
    """Return which requirement is met in one state only, with what was found and what is needed."""
    met = "now met" if tip.is_met else "no longer met"
    if tip.kind == "gate":
        old, new = (turned(_outcome(each)) for each in (tip.before, tip.after))
        return f"gate {found.title(tip.id)}: {old} {ARROW} {new}"
    named = {"assured": "assured score", "coverage": "answered, by weight"}.get(tip.kind)
    if named is None:
        named = f"floor of the domain {_domain(found, tip.id)}"
    old, new = _found(tip.before, tip.needed_before), _found(tip.after, tip.needed_after)
    needed = f"{points(tip.needed_after)} needed"
    if tip.needed_before != tip.needed_after:
        needed = f"{points(tip.needed_before)} needed before, {needed} now"
    return f"{named} {met}: {old} {ARROW} {new}, {needed}"


def _outcome(value: Any) -> Any:  # noqa: ANN401 - a gate's outcome or None
    return value if isinstance(value, str) else None


def _found(share: object, needed: float | None) -> str:
    if not isinstance(share, float) or needed is None:
        return "not asked for"
    return against(share, needed)


def _domain(found: StateComparison, domain: str) -> str:
    for state in (found.after, found.before):
        for each in state.inputs.questionnaire.domains:
            if each.id == domain:
                return each.title
    return domain


def thing_name(found: StateComparison, thing: ThingChange) -> str:
    """Return what a reader calls something that changed."""
    if thing.kind == "question":
        return found.title(thing.id)
    return thing.id or thing.kind


def shown(value: object) -> str:
    """Return a value of a field on one line, cut where it is long."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return clipped(value, _FIELD)
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
    return clipped(text, _FIELD)


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON, or host lists as they were read
    dump = getattr(value, "model_dump", None)
    return dump(mode="json") if callable(dump) else value


def counted(amounts: Mapping[str, int]) -> str:
    """Return amounts with their nouns, without zeros, as people list them."""
    told = tuple(count(amount, noun) for noun, amount in amounts.items() if amount)
    return wording.listed(told) if told else ""
