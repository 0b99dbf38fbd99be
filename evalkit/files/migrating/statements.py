"""Statements whose question changed: what they mean now, what is left of them, what was taken out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from evalkit.files.canonical import emitted, plain
from evalkit.model.answers import Answer, HostLists, Statement
from evalkit.model.records import GENERAL, item_identity, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.model.answers import EvidenceItem, RawValue, Review
    from evalkit.model.migration import Counterpart, Keep

_ESSENCE: Final = ("state", "value", "evidence")


def statements_of(answer: Answer) -> dict[str, Statement]:
    """Return what an answer says, by scope; the general statement, under ``*``, comes first."""
    general = Statement(**{name: getattr(answer, name) for name in Statement.model_fields})
    return {GENERAL: general, **answer.deployments}


def with_statements(answer: Answer, said: Mapping[str, Statement]) -> Answer:
    """Return an answer that says something else; its remarks stay."""
    changes: dict[str, object] = {name: getattr(said[GENERAL], name) for name in Statement.model_fields}
    changes["deployments"] = {scope: each for scope, each in said.items() if scope != GENERAL}
    return answer.model_copy(update=changes)


def says_anything(answer: Answer) -> bool:
    """Whether an answer says something about its question in any scope, if only that it is unknown."""
    return any(state_of(each) != "unanswered" for each in statements_of(answer).values())


def without_value(statement: Statement) -> tuple[Statement, tuple[str, ...]]:
    """Return a statement that does not count any more, and what was taken out of it, in words.

    Finding, companion text and evidence stay, for whoever answers again.
    """
    told = [_said(statement)] if state_of(statement) != "unanswered" else []
    told += [
        f"{_cited(item)} stated {value_text(item.value)}"
        for item in statement.evidence
        if item.value is not None
    ]
    told += _signs(statement)
    if not told and state_of(statement) == "unanswered":
        return statement, ()
    left = statement.model_copy(
        update={
            "state": "unanswered",
            "value": None,
            "evidence": distinct(item.model_copy(update={"value": None}) for item in statement.evidence),
            "answered": None,
            "reviewed": None,
        }
    )
    return left, tuple(told)


def distinct(items: Iterator[EvidenceItem] | Sequence[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """Return evidence items without those that say the same as one before."""
    nothing = Statement()
    return tuple({item_identity(item, nothing): item for item in reversed([*items])}.values())[::-1]


def without_sign_off(statement: Statement) -> tuple[Statement, tuple[str, ...]]:
    """Return a statement that is to be signed off anew, and who had signed it off, in words."""
    if statement.reviewed is None:
        return statement, ()
    return statement.model_copy(update={"reviewed": None}), (_signed(statement.reviewed),)


def translated(
    statement: Statement, values: Sequence[Counterpart], keeps: Sequence[Keep]
) -> Statement | None:
    """Return a statement in the values of a changed question; None where it has to be answered again."""
    state = state_of(statement)
    if state in ("unknown", "refused") and state not in keeps:
        return None
    if state == "unanswered":
        return without_value(statement)[0]
    value = statement.value
    now = None if value is None else counterpart(value, values, keeps)
    items = []
    for item in statement.evidence:
        stated = None if item.value is None else counterpart(item.value, values, keeps)
        if item.value is not None and stated is None:
            return None
        items.append(item.model_copy(update={"value": stated}))
    if value is not None and now is None:
        return None
    return statement.model_copy(update={"value": now, "evidence": tuple(items)})


def counterpart(
    value: RawValue, values: Sequence[Counterpart], keeps: Sequence[Keep] = ()
) -> RawValue | None:
    """Return what a value is after a change; None where nothing says so. Host lists have no counterpart."""
    if isinstance(value, HostLists):
        return None
    if isinstance(value, tuple):
        ticked = [counterpart(each, values) for each in value]
        named = [each for each in ticked if isinstance(each, str)]
        return tuple(dict.fromkeys(named)) if len(named) == len(ticked) else None
    for pair in values:
        if pair.was == value and isinstance(pair.was, str) == isinstance(value, str):
            return pair.now
    return value if "numbers" in keeps and not isinstance(value, str) else None


def same(one: Statement, other: Statement) -> bool:
    """Whether two statements say the same on the same evidence; who said so is no matter."""
    return all(getattr(one, name) == getattr(other, name) for name in _ESSENCE)


def value_text(value: RawValue | None) -> str:
    """Return a value in full, on one line.

    Examples
    --------
    >>> value_text(3), value_text(("a", "b")), value_text(())
    ('3', 'a, b', 'nothing ticked')
    """
    match value:
        case HostLists():
            return json.dumps(plain(value), ensure_ascii=False)
        case tuple():
            return ", ".join(value) or "nothing ticked"
        case _:
            return str(value)


def whole(answer: Answer) -> str:
    """Return an answer as its file would have it, without its remarks."""
    return emitted(plain(answer.model_copy(update={"comments": ()}))).rstrip("\n")


def for_scope(scope: str, told: Sequence[str]) -> str:
    """Return what was said in a scope, in one phrase."""
    phrase = "; ".join(told)
    return phrase if scope == GENERAL else f"for {scope}: {phrase}"


def _said(statement: Statement) -> str:
    return f"value {value_text(statement.value)}" if statement.value is not None else state_of(statement)


def _cited(item: EvidenceItem) -> str:
    locator = f", {item.locator}" if item.locator else ""
    return f"{item.evidence_class} from {item.source}{locator}"


def _signs(statement: Statement) -> Iterator[str]:
    if statement.answered is not None:
        yield f"answered by {statement.answered.by} on {statement.answered.on}"
    if statement.reviewed is not None:
        yield _signed(statement.reviewed)


def _signed(review: Review) -> str:
    note = f" ({review.note})" if review.note else ""
    return f"signed off by {review.by} on {review.on}{note}"
