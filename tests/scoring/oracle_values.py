"""What answers are worth, and records: the first half of the naive scorer, in exact fractions."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from evalkit.model.answers import HostLists
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StepsAtMost,
    SumCapped,
    WorstOfSelected,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from evalkit.model.answers import Answer, EvidenceItem, Statement
    from evalkit.model.questionnaire import Question

F = Fraction
NOTHING, FULL = F(0), F(1)
TINY = F(1, 10**9)
RANKS = ["none", "claim", "third_party", "documented", "source_read", "contract", "attested", "tested"]
ANSWERED = ("answered", "conflicting")

Key = tuple[str, str, str]
"""Kind, id and question of a condition; kind is control or remedy."""


def exact(number: float) -> Fraction:
    return F(str(number))


def rank(name: str) -> int:
    return RANKS.index(name)


# §1: what an answer is worth


def label_matches(pattern: str, label: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), label) is not None


def host_matches(pattern: str, host: str) -> bool:
    ours, theirs = pattern.lower().split("."), host.lower().split(".")
    return len(ours) == len(theirs) and all(map(label_matches, ours, theirs))


def host_points(question: ListQuestion, lists: HostLists) -> Fraction:
    seen = {host.lower() for host in lists.observed}
    covered = {host for host in seen if any(host_matches(p, host) for p in lists.documented)}
    documented, observed, source = bool(lists.documented), bool(seen), bool(lists.from_source)
    holds = {
        "none_needed is true and observed is empty": lists.none_needed and not observed,
        "documented, observed and from_source are empty": not (documented or observed or source),
        "documented and observed are empty, from_source is not": not documented and not observed and source,
        "documented is empty, observed is not": not documented and observed,
        "observed is empty, purposes_given is false": not observed and not lists.purposes_given,
        "observed is empty, purposes_given is true": not observed and lists.purposes_given,
        "both filled": documented and observed,
    }
    for case in question.value_rule.cases:
        if holds[case.when]:
            if isinstance(case.points, str):
                points = F(math.floor(F(100 * len(covered), len(seen))))
            else:
                points = exact(case.points)
            if case.cap_without_purposes is not None and not lists.purposes_given:
                points = min(points, exact(case.cap_without_purposes))
            return points
    raise ValueError(lists)


def is_open(value: Any) -> bool:  # noqa: ANN401 - any answer
    """Whether a host list is open above; one that says that no host is needed has its full worth."""
    return (
        isinstance(value, HostLists)
        and bool(value.documented)
        and not value.observed
        and not value.none_needed
    )


def points_of(question: Question, value: Any) -> Fraction:  # noqa: ANN401 - any answer
    if isinstance(question, ScaleQuestion):
        return next(exact(level.points) for level in question.levels if level.level == value)
    if isinstance(question, NumberQuestion):
        if isinstance(value, str):
            return next(exact(s.points) for s in question.special_values if s.id == value)
        rule = question.value_rule
        if isinstance(rule, StepsAtMost):
            fitting = [exact(step.points) for step in rule.steps if value <= step.at_most]
        else:
            fitting = [exact(step.points) for step in rule.steps if value >= step.at_least]
        return max(fitting) if fitting else exact(rule.otherwise)
    if isinstance(question, SetQuestion):
        return set_points(question, value)
    return host_points(question, value)


def set_points(question: SetQuestion, value: Collection[str]) -> Fraction:
    ticked = [option for option in question.options if option.id in value]
    rule = question.value_rule
    if isinstance(rule, WorstOfSelected):
        return min(exact(option.points or 0) for option in ticked)
    if isinstance(rule, SumCapped):
        return min(exact(rule.cap), sum((exact(o.points or 0) for o in ticked), F(0)))
    lost = sum((exact(o.penalty or 0) for o in ticked), F(0))
    return max(exact(rule.floor), exact(rule.start) - lost)


def worth(question: Question, value: Any) -> Fraction:  # noqa: ANN401 - any answer
    return points_of(question, value) / 100


# §1: records


def plain(value: Any) -> Any:  # noqa: ANN401 - any answer
    """Equal for equal answers; the order of ticks and hosts says nothing."""
    if isinstance(value, HostLists):
        fields = (value.documented, value.observed, value.from_source)
        return (*(frozenset(part) for part in fields), value.purposes_given, value.none_needed)
    return frozenset(value) if isinstance(value, tuple) else value


def state_of(statement: Statement | None) -> str:
    if statement is None:
        return "unanswered"
    if statement.state is not None and statement.state != "answered":
        return statement.state
    if statement.value is None:
        return "unanswered"
    return "unknown" if statement.value == () else "answered"


def fingerprint(statement: Statement | None) -> Any:  # noqa: ANN401 - only compared
    if statement is None:
        return ("unanswered", None, [])
    items = sorted(
        repr(
            (
                e.model_dump(exclude={"value"}, by_alias=False),
                sorted(map(repr, v)) if isinstance(v := plain(value_of(e, statement)), frozenset) else v,
            )
        )
        for e in statement.evidence
    )
    return (state_of(statement), plain(statement.value), items)


def value_of(item: EvidenceItem, statement: Statement) -> Any:  # noqa: ANN401 - any answer
    return statement.value if item.value is None else item.value


def scope_of(answer: Answer | None, deployment: str) -> str:
    if answer is None or deployment not in answer.deployments:
        return "*"
    mine = fingerprint(answer.deployments[deployment])
    if mine == fingerprint(answer):
        return "*"
    return "+".join(sorted(d for d, s in answer.deployments.items() if fingerprint(s) == mine))


@dataclass
class Reading:
    """What §2 makes of one record for one deployment."""

    state: str
    cls: str = "none"
    values: list[Any] = field(default_factory=list)
    low: Fraction = NOTHING
    high: Fraction = FULL
    mass: dict[Fraction, Fraction] = field(default_factory=dict)
    face: Fraction | None = None
    disputed: bool = False
    stale: bool = False

    @property
    def expected(self) -> Fraction:
        return sum((v * p for v, p in self.mass.items()), F(0))


def rungs(question: Question) -> list[Fraction]:
    """Values of all levels, or the grid of the other kinds, ascending."""
    if isinstance(question, ScaleQuestion):
        return sorted(exact(level.points) / 100 for level in question.levels)
    return [F(n, 4) for n in range(5)]


def lowered(question: Question, v: Fraction, slack: int) -> Fraction:
    target = v - F(slack, 4)
    if isinstance(question, ScaleQuestion):
        return max((r for r in rungs(question) if r <= target), default=rungs(question)[0])
    return max(F(0), target)
