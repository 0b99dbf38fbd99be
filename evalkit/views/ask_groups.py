"""Whose answers, and the answers of which domain, are most worth having together."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from evalkit.views.numbers import count, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.information import GroupValue

GroupKind = Literal["product", "domain", "product-domain"]

KINDS: Final[tuple[GroupKind, ...]] = ("product", "domain", "product-domain")
"""All records of a product, of a domain, of a domain of a product; in the order in which they are told."""

_PLACES: Final = 2
"""Figures of groups are drawn: what chance may have done decides no place."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Open records that are asked together as readers see them; every text is still to be escaped.

    Attributes
    ----------
    place : int
        1 for the group of its kind to ask first.
    name : str
        Name of the product, title of the domain, or both.
    whose : str
        The product's vendor; empty for a domain of all products.
    changed : str
        How many verdicts change on average, for example ``2.4 of 5``.
    approved : str
        How many options are approved then on average, and now, for example ``0.6 (now 0)``.
    """

    place: int
    kind: GroupKind
    name: str
    whose: str
    changed: str
    approved: str
    value: GroupValue


def group_rows(inputs: EvaluationInputs, groups: Iterable[GroupValue]) -> tuple[GroupRow, ...]:
    """Return groups kind by kind, those most worth having first.

    They are sorted as records are: by the probability that a verdict changes, then that the leader changes;
    then by how many verdicts change, then fewer records first.
    """
    ordered = sorted(groups, key=_order)
    rows = []
    for kind in KINDS:
        own = (group for group in ordered if _kind(group) == kind)
        rows += [_row(inputs, place, kind, group) for place, group in enumerate(own, start=1)]
    return tuple(rows)


def rows_of(rows: Iterable[GroupRow], kind: GroupKind) -> tuple[GroupRow, ...]:
    """Return the rows of one kind, in their order."""
    return tuple(row for row in rows if row.kind == kind)


def how_known(rows: Iterable[GroupRow]) -> str:
    """Return how the figures of groups come about, and how exactly they are known."""
    values = [row.value for row in rows]
    drawn = [value for value in values if value.draws]
    start = (
        "All records of a group are taken as known at once, each as its evidence makes it likely. Once all"
        " that is open on an option is known, nothing is left to defer its verdict for."
    )
    if not drawn:
        return f"{start} The figures are exact."
    draws, seed = drawn[0].draws, drawn[0].seed
    error = max(value.error for value in drawn)
    within = f"to ± {percent(error)}" if error else "to under 1 %"
    which = "They are"
    if len(drawn) < len(values):
        verb = "is" if len(drawn) == 1 else "are"
        which = f"{count(len(drawn), 'group')} of {len(values)} {verb}"
    return f"{start} {which} drawn {draws:,} times (seed {seed}), so a chance is known {within}."


def _order(group: GroupValue) -> tuple[float, float, float, int, str, str]:
    return (
        -round(group.verdict_changes, _PLACES),
        -round(group.leader_changes, _PLACES),
        -round(group.verdicts_changed, _PLACES),
        group.records,
        group.product or "",
        group.domain or "",
    )


def _kind(group: GroupValue) -> GroupKind:
    if group.product is None:
        return "domain"
    return "product" if group.domain is None else "product-domain"


def _row(inputs: EvaluationInputs, place: int, kind: GroupKind, group: GroupValue) -> GroupRow:
    product = None if group.product is None else inputs.answers[group.product].product
    titles = (it.title for it in inputs.questionnaire.domains if it.id == group.domain)
    names = itertools.chain([] if product is None else [product.name], titles)
    return GroupRow(
        place=place,
        kind=kind,
        name=": ".join(names),
        whose="" if product is None else product.vendor,
        changed=f"{group.verdicts_changed:.1f} of {len(group.by_option)}",
        approved=f"{group.approved:.1f} (now {group.approved_now})",
        value=group,
    )
