"""Scores while one weight goes from nothing to everything and the others keep their proportions.

What does not apply leaves numerator and denominator, so a score is a ratio of two sums, each of them linear
along such a line of weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalkit.model.explanation import Sweep
from evalkit.scoring.aggregation import DomainWeights, Weights, applicable_weight, weighted_sum
from evalkit.scoring.explanation import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.explanation import ScoreName
    from evalkit.scoring.verdict import Case

NOTHING = 1e-12
"""A share of the weight no greater than this counts as none."""


def with_domain_share(weights: Weights, domain: str, share: float) -> Weights:
    """Return weights in which a domain has a share of the whole, 0..1, and the others keep their proportions.

    Raises
    ------
    KeyError
        If there is no such domain.
    ValueError
        If it is the only one: its share is always 1.
    """
    shares = _moved({part.domain: part.share for part in weights.domains}, domain, share)
    return with_domain_shares(weights, shares)


def with_domain_shares(weights: Weights, shares: Mapping[str, float]) -> Weights:
    """Return weights with other domain shares, which sum to 1; questions keep their shares of the domain."""
    return _weights(tuple(replace(part, share=shares[part.domain]) for part in weights.domains))


def with_question_share(weights: Weights, question: str, share: float) -> Weights:
    """Return weights in which a question has a share of its domain, 0..1; the others keep their proportions.

    Raises
    ------
    KeyError
        If there is no such question.
    ValueError
        If it is the only one of its domain: its share is always 1.
    """
    if question not in weights.by_question:
        raise KeyError(question)
    return _weights(
        tuple(
            replace(part, questions=_moved(part.questions, question, share))
            if question in part.questions
            else part
            for part in weights.domains
        )
    )


def _moved(shares: Mapping[str, float], name: str, share: float) -> dict[str, float]:
    rest = math.fsum(own for other, own in shares.items() if other != name)
    if name not in shares:
        raise KeyError(name)
    if rest == 0:
        msg = f"{name} stands alone: its share is always 1"
        raise ValueError(msg)
    return {other: share if other == name else own / rest * (1 - share) for other, own in shares.items()}


def _weights(domains: tuple[DomainWeights, ...]) -> Weights:
    by_question = {question: part.share * own for part in domains for question, own in part.questions.items()}
    return Weights(domains, by_question)


@dataclass(frozen=True, slots=True)
class Line:
    """A score along a line of weights: numerator and denominator at the weights 0 and 1."""

    numerator: tuple[float, float]
    denominator: tuple[float, float]

    def at(self, share: float) -> float | None:
        """Return the score at a share in 0..1; None where nothing that applies has weight."""
        below = _between(self.denominator, share)
        return None if below <= NOTHING else _between(self.numerator, share) / below


def _between(ends: tuple[float, float], share: float) -> float:
    return (1 - share) * ends[0] + share * ends[1]


def _ends(weights: Weights, domain: str, question: str | None) -> tuple[Weights, Weights]:
    if question is None:
        return with_domain_share(weights, domain, 0), with_domain_share(weights, domain, 1)
    if question not in next(part.questions for part in weights.domains if part.domain == domain):
        raise KeyError(question)
    return with_question_share(weights, question, 0), with_question_share(weights, question, 1)


def line_of(case: Case, domain: str, question: str | None, which: ScoreName) -> Line:
    """Return a score as the weight of a domain, or of a question in its domain, goes from 0 to 1.

    Raises
    ------
    KeyError
        If there is no such domain, or no such question in it.
    ValueError
        If the domain, or the question in its domain, stands alone.
    """
    values = values_of(case, which)
    ends = _ends(case.weights, domain, question)
    low, high = (
        math.fsum(part.share * weighted_sum(part, values, case.applies) for part in end.domains)
        for end in ends
    )
    below, above = (applicable_weight(end, case.applies) for end in ends)
    return Line((low, high), (below, above))


def sweep(
    cases: Mapping[str, Case],
    domain: str,
    *,
    question: str | None = None,
    steps: int = 101,
    which: ScoreName = "assured",
) -> Sweep:
    """Return the scores of options at evenly spaced weights of one domain, or of one question in its domain.

    At weight t of a domain S(t) = (t n_d + (1−t) n_R) / (t p_d + (1−t) p_R), with n = Σ u a x, p = Σ u a, and
    R the other domains in their proportions. Where everything applies this is t D_d + (1−t) R: at t = 0 the
    score of the others, at t = 1 that of the domain.

    Raises
    ------
    KeyError
        If there is no such domain, or no such question in it.
    ValueError
        If the domain, or the question in its domain, stands alone; if there are fewer than two steps, or no
        cases.
    """
    if steps < 2 or not cases:  # noqa: PLR2004 - both ends
        msg = f"a sweep takes two steps and one option at least, not {steps} and {len(cases)}"
        raise ValueError(msg)
    shares = tuple(step / (steps - 1) for step in range(steps))
    lines = {name: line_of(case, domain, question, which) for name, case in cases.items()}
    part = next(part for case in cases.values() for part in case.weights.domains if part.domain == domain)
    return Sweep(
        domain=domain,
        question=question,
        stated=part.share if question is None else part.questions[question],
        shares=shares,
        scores={name: tuple(line.at(share) for share in shares) for name, line in lines.items()},
    )
