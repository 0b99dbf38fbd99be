"""When a question of a file is asked -> ``applies_if``, where the condition language can say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from evalkit.exchange.importing.draft import (
    AllTrue,
    AnyTrue,
    ChoiceMade,
    Note,
    NotTrue,
    choices_asked_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.exchange.importing.draft import Draft, Wish
    from evalkit.exchange.importing.numbering import Numbering
    from evalkit.exchange.importing.shaping import Shaped

Plain: TypeAlias = dict[str, Any]


class _CannotSayError(Exception):
    """Why a condition cannot be said."""


def conditions(draft: Draft, names: Numbering, shaped: Shaped) -> tuple[dict[str, Plain], tuple[Note, ...]]:
    """Return the condition of each question that has one, by its id in the file, as plain data.

    A question whose condition cannot be said, or goes round in a circle, is always asked, and that is noted.
    """
    said: dict[str, Plain] = {}
    notes: list[Note] = []
    needs: dict[str, set[str]] = {}
    for question in draft.questions:
        if question.asked_if is None or question.id not in shaped.questions:
            if question.asked_if is not None:
                told = f"when {question.id} is asked is not kept: it became facts, which are always asked for"
                notes.append(Note("left out", question.where, told))
            continue
        try:
            plain = _said(question.asked_if, names, shaped)
        except _CannotSayError as error:
            told = f"when {question.id} is asked cannot be said here, so it always is: {error}"
            notes.append(Note("left out", question.where, told))
            continue
        on = {leaf.question for leaf in choices_asked_for(question.asked_if)} & shaped.levels.keys()
        if question.id in on or any(_leads_to(question.id, each, needs) for each in on):
            told = f"when {question.id} is asked depends on itself, so it always is"
            notes.append(Note("left out", question.where, told))
            continue
        needs[question.id] = on
        said[question.id] = plain
    return said, tuple(notes)


def _leads_to(goal: str, start: str, needs: Mapping[str, Iterable[str]]) -> bool:
    waiting, seen = [start], set()
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            waiting += needs.get(at, ())
    return False


def _said(wish: Wish, names: Numbering, shaped: Shaped) -> Plain:
    match wish:
        case ChoiceMade():
            return _leaf(wish, names, shaped)
        case AllTrue(parts):
            return _joined("all", [_said(part, names, shaped) for part in parts])
        case AnyTrue(parts):
            return _joined("any", [_said(part, names, shaped) for part in parts])
        case NotTrue(part):
            return {"not": _said(part, names, shaped)}


def _joined(key: str, parts: list[Plain]) -> Plain:
    if not parts:
        raise _CannotSayError("the condition is empty")
    return parts[0] if len(parts) == 1 else {key: parts}


def _leaf(leaf: ChoiceMade, names: Numbering, shaped: Shaped) -> Plain:
    if leaf.question in shaped.facts:
        words = shaped.facts[leaf.question]
        _know(leaf, words)
        return {"fact": "features", "includes_any": [words[choice] for choice in leaf.choices]}
    if leaf.question in shaped.levels:
        levels = shaped.levels[leaf.question]
        _know(leaf, levels)
        wanted = sorted(levels[choice] for choice in leaf.choices)
        id_ = names.questions[leaf.question]
        return _joined("any", [_between(id_, *run, len(levels) - 1) for run in _runs(wanted)])
    if leaf.question in shaped.questions:
        raise _CannotSayError(f"{leaf.question} is no scale of choices")
    raise _CannotSayError(f"there is no question {leaf.question[:60]!r}")


def _know(leaf: ChoiceMade, known: Mapping[str, object]) -> None:
    unknown = [choice for choice in leaf.choices if choice not in known]
    if unknown or not leaf.choices:
        raise _CannotSayError(f"{leaf.question} offers no choice {', '.join(unknown)[:80]!r}")


def _runs(levels: list[int]) -> list[tuple[int, int]]:
    """Return levels as first and last of each run without a gap."""
    runs: list[tuple[int, int]] = []
    for level in levels:
        if runs and level <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], level)
        else:
            runs.append((level, level))
    return runs


def _between(question: str, low: int, high: int, top: int) -> Plain:
    above = {"not": {"answer": question, "at_least": high + 1}}
    reached = {"answer": question, "at_least": low}
    if high == top:
        return reached
    # With the least level, too: else what is not asked at all would count as answered with it.
    return {"all": [reached, above]}
