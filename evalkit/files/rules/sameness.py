"""Which deployments a record serves, and which may not have different answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from evalkit.model.records import identity
from evalkit.model.values import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from evalkit.model.answers import Answer, Deployment, Statement
    from evalkit.model.questionnaire import VariesBy

Key: TypeAlias = "tuple[Hashable, ...]"


def served(answer: Answer, record: Statement, deployments: Iterable[str]) -> frozenset[str]:
    """Return the deployments whose answer is the record."""
    key = identity(record)
    return frozenset(each for each in deployments if identity(answer.deployments.get(each, answer)) == key)


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
