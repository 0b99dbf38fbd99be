"""Rules W001 to W012: a stakeholder's weights of the domains."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import TYPE_CHECKING, Final, assert_never

from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.rules.vocabulary import file_stem
from evalkit.files.rules.wording import allowed, did_you_mean, shown
from evalkit.model.pairwise import ACCEPTABLE_RATIO, RANDOM_INDEX, ahp_priorities, comparison_matrix
from evalkit.model.stakeholder import METHOD_DATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.files.document import At, Document
    from evalkit.model.questionnaire import Questionnaire
    from evalkit.model.stakeholder import StakeholderWeights

_ROUNDING: Final = 0.02
"""How far the product of a comparison and its reverse may be from 1: 7 and 0.14 are meant as reciprocal."""

_LARGEST_COMPARISON: Final = 1000
"""Far beyond the 9 of Saaty's scale: what is more is a slip of the pen, and cannot be computed with."""


@dataclass(frozen=True, slots=True)
class WeightsCase:
    """A stakeholder's weights, their file and the questionnaire whose domains they weigh."""

    weights: StakeholderWeights
    document: Document
    questionnaire: Questionnaire

    @property
    def domains(self) -> Sequence[str]:
        """The domains of the questionnaire."""
        return self.questionnaire.header.domains

    @property
    def key(self) -> str:
        """The key that holds the data of the method."""
        return METHOD_DATA[self.weights.method]

    @property
    def named(self) -> tuple[tuple[str, At], ...]:
        """Every domain that the method's data name, with its place, in the order of the file."""
        weights = self.weights
        match weights.method:
            case "direct":
                return tuple((domain, (self.key, domain)) for domain in weights.domain_weights or {})
            case "swing":
                return tuple((domain, (self.key, domain)) for domain in weights.swings or {})
            case "rank":
                ranking = weights.ranking or ()
                return tuple(
                    (
                        domain,
                        (self.key, place) if isinstance(ranking[place], str) else (self.key, place, index),
                    )
                    for place, domains in enumerate(weights.places)
                    for index, domain in enumerate(domains)
                )
            case "ahp":
                rows = (weights.comparisons or {}).items()
                return tuple(
                    named
                    for one, row in rows
                    for named in ((one, (self.key, one)), *((other, (self.key, one, other)) for other in row))
                )
            case _:
                assert_never(weights.method)


rule: Rulebook[WeightsCase] = Rulebook()


@rule("W001", "The stakeholder is the name of the file.")
def _stakeholder_is_the_file_name(case: WeightsCase) -> Iterator[Found]:
    stem = file_stem(case.document)
    if case.weights.stakeholder != stem:
        message = f"stakeholder {case.weights.stakeholder} is not the file's name, {stem}"
        yield Found(("stakeholder",), message)


@rule("W002", "Weights are given by the key of their method, and by no other.")
def _data_are_those_of_the_method(case: WeightsCase) -> Iterator[Found]:
    method = case.weights.method
    for key in METHOD_DATA.values():
        given = getattr(case.weights, key) is not None
        if key == case.key and not given:
            yield Found(("method",), f"method {method} needs {key}, which is missing")
        if key != case.key and given:
            yield Found((key,), f"{key} has no place beside the method {method}", f"it takes {case.key}")


@rule("W003", "Weighted domains are those of the questionnaire.")
def _weighted_domains_exist(case: WeightsCase) -> Iterator[Found]:
    for domain, at in case.named:
        if domain not in case.domains:
            message = f"{case.key}: {domain} is not a domain; {allowed(case.domains, 'domains')}"
            yield Found(at, message, did_you_mean(domain, case.domains))


@rule("W004", "Every domain of the questionnaire is weighted.")
def _every_domain_is_weighted(case: WeightsCase) -> Iterator[Found]:
    named = {domain for domain, _ in case.named}
    if getattr(case.weights, case.key) is None:
        return  # W002 says so
    for domain in case.domains:
        if domain not in named:
            yield Found((case.key,), f"{case.key}: {domain} is missing; every domain is weighted")


@rule("W005", "A ranking names each domain once.")
def _domains_are_ranked_once(case: WeightsCase) -> Iterator[Found]:
    seen: Counter[str] = Counter()
    for domain, at in case.named if case.weights.method == "rank" else ():
        if seen[domain]:
            yield Found(at, f"ranking: {domain} stands twice; domains that tie share one place")
        seen[domain] += 1


@rule("W006", "Each pair of domains is compared, one way or both.")
def _every_pair_is_compared(case: WeightsCase) -> Iterator[Found]:
    compared = case.weights.comparisons
    if case.weights.method != "ahp" or compared is None:
        return
    named = {domain for domain, _ in case.named}
    for one, other in combinations((each for each in case.domains if each in named), 2):
        if other not in compared.get(one, {}) and one not in compared.get(other, {}):
            at: At = ("comparisons", one) if one in compared else ("comparisons",)
            yield Found(at, f"comparisons: {one} is not compared with {other}")


@rule("W007", "Where a pair is compared both ways, the two numbers are reciprocal.")
def _comparisons_are_reciprocal(case: WeightsCase) -> Iterator[Found]:
    compared = case.weights.comparisons or {}
    for one, other in combinations(compared, 2):
        forth, back = compared[one].get(other), compared[other].get(one)
        if forth is not None and back is not None and abs(forth * back - 1) > _ROUNDING + 1e-9:
            message = f"{shown(back)} against {one}, but {one} has {shown(forth)} against {other}"
            yield Found(("comparisons", other, one), f"{other}: {message}; about {1 / forth:.3g} is allowed")


@rule("W008", "A domain compared with itself is 1.")
def _a_domain_equals_itself(case: WeightsCase) -> Iterator[Found]:
    for domain, row in (case.weights.comparisons or {}).items():
        if row.get(domain, 1) != 1:
            yield Found(
                ("comparisons", domain, domain),
                f"{domain}: {shown(row[domain])} against itself; allowed is 1",
            )


@rule("W009", "No place of a ranking is empty.")
def _places_hold_domains(case: WeightsCase) -> Iterator[Found]:
    for place, domains in enumerate(case.weights.places):
        if not domains:
            yield Found(("ranking", place), "ranking: the place is empty; a tie is a list of domains")


@rule("W010", f"Pairwise comparisons weigh at most {len(RANDOM_INDEX)} domains.")
def _comparisons_are_few_enough(case: WeightsCase) -> Iterator[Found]:
    most, count = len(RANDOM_INDEX), len(case.domains)
    if case.weights.method == "ahp" and count > most:
        message = f"method ahp for {count} domains; its random index is known for {most} at most"
        yield Found(("method",), message, "weigh so many by swing, rank or direct")


@rule(
    "W011",
    f"Pairwise comparisons contradict one another little: ratio below {ACCEPTABLE_RATIO}.",
    is_advice=True,
)
def _comparisons_are_consistent(case: WeightsCase) -> Iterator[Found]:
    if case.weights.method != "ahp":
        return
    domains = case.domains
    try:
        matrix = comparison_matrix(domains, case.weights.comparisons or {})
        priorities = ahp_priorities(matrix)
    except ValueError:
        return  # W004, W006, W010 or W012 says so
    if priorities.is_acceptable:
        return
    weights = priorities.weights
    implied = {(i, j): weights[i] / weights[j] for i, j in combinations(range(len(domains)), 2)}
    # Most contradictory is the pair whose number is furthest from what all comparisons together imply.
    i, j = max(implied, key=lambda pair: abs(log(matrix[pair[0]][pair[1]] / implied[pair])))
    ratio = f"consistency ratio {priorities.consistency_ratio:.3f}; below {ACCEPTABLE_RATIO} is acceptable"
    stated = (
        f"{domains[i]} against {domains[j]} is {matrix[i][j]:.3g}, all together imply {implied[i, j]:.3g}"
    )
    yield Found(("comparisons",), f"comparisons: {ratio}", f"look again, first where {stated}")


@rule("W012", f"A comparison is from 1/{_LARGEST_COMPARISON} to {_LARGEST_COMPARISON}.")
def _comparisons_are_in_bounds(case: WeightsCase) -> Iterator[Found]:
    for one, row in (case.weights.comparisons or {}).items():
        for other, ratio in row.items():
            if not 1 / _LARGEST_COMPARISON <= ratio <= _LARGEST_COMPARISON:
                allowed_range = f"1/{_LARGEST_COMPARISON}..{_LARGEST_COMPARISON}"
                message = f"{one}: {shown(ratio)} against {other} is not in {allowed_range}"
                yield Found(("comparisons", one, other), message, "Saaty's scale ends at 9")
