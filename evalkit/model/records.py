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
    from collections.abc import Hashable, Mapping
    from collections.abc import Set as AbstractSet

    from evalkit.model.answers import ProductAnswers, Source
    from evalkit.model.values import AnswerState, Value

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
    return _digest(statement, _NOT_SIGNED)


def source_revisions(statement: Statement, sources: Mapping[str, Source]) -> dict[str, str]:
    """Return the revision of each source that a statement cites, by key; one not there is left out."""
    cited = dict.fromkeys(item.source for item in statement.evidence)
    return {key: source_revision(sources[key]) for key in cited if key in sources}


def source_revision(source: Source) -> str:
    """Return what changes with everything that a source says: twelve hexadecimal digits."""
    return _digest(source)


def changed_sources(statement: Statement, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Return the keys of the sources that were changed, or taken away, after a statement was signed off.

    A sign-off that names no revisions of sources, as those of older files, tells of none.
    """
    review = statement.reviewed
    then = {} if review is None else review.sources
    now = {key: source_revision(sources[key]) for key in then if key in sources}
    return tuple(key for key, was in then.items() if now.get(key) != was)


def is_outdated(statement: Statement, sources: Mapping[str, Source]) -> bool:
    """Whether a statement, or a source that it cites, was changed after it was signed off.

    An old sign-off without a revision is not outdated.
    """
    review = statement.reviewed
    if review is None:
        return False
    is_changed = review.revision not in (None, revision_of(statement))
    return is_changed or bool(changed_sources(statement, sources))


def _digest(value: Value, unsigned: AbstractSet[str] = frozenset()) -> str:
    said = value.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={*unsigned}, warnings="error"
    )
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def same_record(one: Statement, other: Statement) -> bool:
    """Whether two statements are one record; most differ in their value already."""
    return one is other or (
        normalised(one.value) == normalised(other.value) and identity(one) == identity(other)
    )
