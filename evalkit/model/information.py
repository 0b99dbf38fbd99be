"""What it would be worth to know the answer to an open record, or to a group of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalkit.model.scorecard import Verdict
    from evalkit.model.values import AnswerState


@dataclass(frozen=True, slots=True)
class ResolvedAt:
    """One value that an open record may turn out to have.

    Attributes
    ----------
    value : float
        Worth in 0..1.
    chance : float
        Its probability; over all values of a record they sum to 1.
    verdict : str
        Verdict on the option once the record is known to have this value.
    """

    value: float
    chance: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class OptionEffect:
    """What resolving one record does to one option that it serves.

    Attributes
    ----------
    verdict : str
        Verdict as the record stands.
    verdict_changes : float
        Probability that the verdict changes, in 0..1.
    values : tuple of ResolvedAt
        Values ascending.
    """

    option: str
    verdict: Verdict
    verdict_changes: float
    values: tuple[ResolvedAt, ...]


@dataclass(frozen=True, slots=True)
class RecordValue:
    """What it is worth to resolve one record for every option that it serves.

    Attributes
    ----------
    scope : str
        ``*`` for the general answer, else deployment ids joined by ``+``.
    state : str
        State of the record; every option that it serves has it in common.
    weight : float
        Global weight of the question, in 0..1.
    verdict_changes : float
        Probability that the verdict on at least one of the options changes, in 0..1.
    leader_changes : float
        Probability that another option leads by expected score, in 0..1.
    first_shift : float or None
        Share of first places that change hands on average, in 0..1; None where it was not measured, or where
        chance alone moves about as many.
    evppi : float
        Expected value of partial perfect information: by how much the expected score of the best choice
        rises, in 0..1. Gates take no part in it.
    options : tuple of OptionEffect
        The options served to which the question applies, in the order of the evaluation.
    """

    product: str
    question: str
    domain: str
    scope: str
    state: AnswerState
    weight: float
    verdict_changes: float
    leader_changes: float
    first_shift: float | None
    evppi: float
    options: tuple[OptionEffect, ...]


@dataclass(frozen=True, slots=True)
class GroupValue:
    """What it is worth to resolve many open records at once.

    Attributes
    ----------
    product : str or None
        None for the records of all products.
    domain : str or None
        None for the records of all domains; not both are None.
    records : int
        How many records the group has.
    verdict_changes, leader_changes, evppi : float
        As for one record.
    by_option : tuple of (str, float)
        Probability that the verdict on each chosen option of the group's products changes.
    approved_now : int
        How many of these options are approved as it stands, with or without conditions.
    approved : float
        How many are on average once the records are known.
    draws : int or None
        Number of random draws; None where every combination of values was enumerated.
    seed : int or None
        Seed of the draws; None where there were none.
    error : float
        Half the width of the 95 % interval of ``verdict_changes``; 0 where it is exact.
    """

    product: str | None
    domain: str | None
    records: int
    verdict_changes: float
    leader_changes: float
    evppi: float
    by_option: tuple[tuple[str, float], ...]
    approved_now: int
    approved: float
    draws: int | None
    seed: int | None
    error: float

    @property
    def verdicts_changed(self) -> float:
        """How many verdicts change on average."""
        return sum(chance for _, chance in self.by_option)
