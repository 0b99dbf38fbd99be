"""When two statements are one record, and which deployments a record serves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from evalkit.model.answers import HostLists
from evalkit.model.values import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from evalkit.model.answers import Answer, Deployment, EvidenceItem, RawValue, Statement
    from evalkit.model.questionnaire import VariesBy

Key: TypeAlias = "tuple[Hashable, ...]"


def value_key(value: RawValue | None) -> Hashable:
    """Return what is equal for equal values: sets and host lists in any order."""
    match value:
        case tuple():
            return frozenset(value)
        case HostLists():
            lists = (frozenset(value.documented), frozenset(value.observed), frozenset(value.from_source))
            return (*lists, value.purposes_given, value.none_needed)
        case _:
            return value


def item_key(item: EvidenceItem, answer: RawValue | None) -> Key:
    """Return what is equal for equal items; one without a value of its own states the answer's."""
    return (
        item.evidence_class,
        item.source,
        item.locator,
        value_key(answer if item.value is None else item.value),
        item.collected,
        item.expires,
        item.method,
        item.sha256,
        None if item.deployments is None else frozenset(item.deployments),
        item.version,
    )


def record_key(statement: Statement) -> Key:
    """Return what is equal for statements that are one record; finding and review do not count."""
    state = statement.state or ("unanswered" if statement.value is None else "answered")
    items = Counter(item_key(item, statement.value) for item in statement.evidence)
    return (state, value_key(statement.value), frozenset(items.items()))


def served(answer: Answer, record: Statement, deployments: Iterable[str]) -> frozenset[str]:
    """Return the deployments whose answer is the record."""
    key = record_key(record)
    return frozenset(each for each in deployments if record_key(answer.deployments.get(each, answer)) == key)


def standing(deployment: Deployment, varies_by: VariesBy) -> Key:
    """Return what is equal for deployments that may not have different answers."""
    return (
        deployment.route if varies_by.route else None,
        (deployment.surface, deployment.client) if varies_by.surface else None,
        deployment.plan if varies_by.plan else None,
    )


def dimensions(varies_by: VariesBy) -> tuple[str, ...]:
    """Return the dimensions in which deployments may have different answers."""
    return tuple(name for name in DIMENSIONS if getattr(varies_by, name))
