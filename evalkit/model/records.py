"""Which statement serves which deployment, and what it says.

A record is (product, question, scope): the general answer serves every deployment without an override of its
own; overrides of one question that say the same are one record.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

from evalkit.model.answers import Answer, EvidenceItem, HostLists, RawValue, Statement

if TYPE_CHECKING:
    from collections.abc import Hashable

    from evalkit.model.answers import ProductAnswers
    from evalkit.model.values import AnswerState

GENERAL = "*"
"""Scope of the general answer."""

_UNANSWERED = Answer()
_NOT_SIGNED = {"answered", "reviewed", "comments", "deployments"}


def statement_for(answers: ProductAnswers, question_id: str, deployment_id: str) -> Statement:
    """Return what was said about a question for one deployment; an empty statement if nothing was."""
    answer = answers.answers.get(question_id, _UNANSWERED)
    return answer.deployments.get(deployment_id, answer)


def state_of(statement: Statement) -> AnswerState:
    """Return the state of a statement.

    It is answered where a value stands and no state is written; a set with nothing ticked says nothing and
    is unknown.
    """
    if statement.value == ():
        return "unknown"
    if statement.state is not None:
        return statement.state
    return "unanswered" if statement.value is None else "answered"


def normalised(value: RawValue | None) -> Hashable:
    """Return a value in a form that is equal for equal answers: the order of ticks and hosts is no matter."""
    if isinstance(value, tuple):
        return frozenset(value)
    if isinstance(value, HostLists):
        lists = (value.documented, value.observed, value.from_source)
        hosts = tuple(frozenset(host.casefold() for host in one) for one in lists)
        return (*hosts, value.purposes_given, value.none_needed)
    return value


def stated_value(item: EvidenceItem, statement: Statement) -> RawValue | None:
    """Return the value that an evidence item states: its own, else the answer's."""
    return statement.value if item.value is None else item.value


def item_identity(item: EvidenceItem, statement: Statement) -> Hashable:
    """Return what is equal for equal items; one without a value of its own states the answer's."""
    return (
        item.evidence_class,
        item.source,
        item.locator,
        normalised(stated_value(item, statement)),
        item.collected,
        item.expires,
        item.method,
        item.sha256,
        None if item.deployments is None else frozenset(item.deployments),
        item.version,
    )


def identity(statement: Statement) -> Hashable:
    """Return what makes two statements one record: state, value and evidence in any order.

    Finding, companion value and review do not count.
    """
    items = Counter(item_identity(item, statement) for item in statement.evidence)
    return (state_of(statement), normalised(statement.value), frozenset(items.items()))


def scope_of(answers: ProductAnswers, question_id: str, deployment_id: str) -> str:
    """Return the scope of the record that serves a deployment: ``*``, or deployment ids joined by ``+``."""
    answer = answers.answers.get(question_id)
    if answer is None or deployment_id not in answer.deployments:
        return GENERAL
    own = answer.deployments[deployment_id]
    if same_record(own, answer):
        return GENERAL
    return "+".join(sorted(other for other, said in answer.deployments.items() if same_record(said, own)))


def revision_of(statement: Statement) -> str:
    """Return what changes with everything that a reviewer signs off: state, value, finding, evidence.

    Twelve hexadecimal digits. Who answered, the sign-off itself, comments, and answers of other scopes do
    not count.
    """
    signed = statement.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude=_NOT_SIGNED, warnings="error"
    )
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def same_record(one: Statement, other: Statement) -> bool:
    """Whether two statements are one record; most differ in their value already."""
    return one is other or (
        normalised(one.value) == normalised(other.value) and identity(one) == identity(other)
    )
