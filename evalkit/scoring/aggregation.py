"""The additive value model: weights, scores of domains and of the whole.

Sums are exact (``math.fsum``), so that the order of questions and domains changes no bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.profile import Profile
    from evalkit.model.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class DomainWeights:
    """One domain's share of the whole, and its questions' shares of the domain.

    Attributes
    ----------
    share : float
        W_d / Σ W, in 0..1.
    questions : mapping
        u_q / Σ u by question id; sums to 1.
    """

    domain: str
    share: float
    questions: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a questionnaire under a profile, the same for every option."""

    domains: tuple[DomainWeights, ...]
    by_question: Mapping[str, float]

    def weight(self, question_id: str) -> float:
        """Return w_q, the question's share of the whole; all shares sum to 1."""
        return self.by_question[question_id]


def weights_of(questionnaire: Questionnaire, profile: Profile) -> Weights:
    """Return the weights: the profile's overrides, else the questionnaire's own.

    Raises
    ------
    KeyError
        If the profile lacks the weight of a domain.
    """
    total = math.fsum(profile.domain_weights[domain.id] for domain in questionnaire.domains)
    domains = []
    for domain in questionnaire.domains:
        own = {
            question.id: profile.question_weights.get(question.id, question.weight)
            for question in domain.questions
        }
        sum_own = math.fsum(own.values())
        shares = {question: weight / sum_own for question, weight in own.items()}
        domains.append(DomainWeights(domain.id, profile.domain_weights[domain.id] / total, shares))
    by_question = {
        question: domain.share * share for domain in domains for question, share in domain.questions.items()
    }
    return Weights(tuple(domains), by_question)


def domain_share(domain: DomainWeights, applies: Mapping[str, bool]) -> float:
    """Return the share of a domain's question weight that applies, in 0..1."""
    return math.fsum(share for question, share in domain.questions.items() if applies[question])


def domain_score(
    domain: DomainWeights, values: Mapping[str, float], applies: Mapping[str, bool]
) -> float | None:
    """Return D_d = Σ u a x / Σ u a, in 0..1; None where nothing applies."""
    share = domain_share(domain, applies)
    if share == 0:
        return None
    return weighted_sum(domain, values, applies) / share


def weighted_sum(domain: DomainWeights, values: Mapping[str, float], applies: Mapping[str, bool]) -> float:
    """Return Σ u a x of a domain, with u summing to 1."""
    return math.fsum(
        share * values[question] for question, share in domain.questions.items() if applies[question]
    )


def total_score(weights: Weights, values: Mapping[str, float], applies: Mapping[str, bool]) -> float | None:
    """Return S = Σ w a x / Σ w a, in 0..1; None where nothing applies.

    What does not apply leaves numerator and denominator, so that a domain of which little applies weighs
    little.
    """
    applicable = applicable_weight(weights, applies)
    if applicable == 0:
        return None
    return (
        math.fsum(part.share * weighted_sum(part, values, applies) for part in weights.domains) / applicable
    )


def applicable_weight(weights: Weights, applies: Mapping[str, bool]) -> float:
    """Return Σ w a, the share of the whole that applies."""
    return math.fsum(part.share * domain_share(part, applies) for part in weights.domains)


def fixed_rubric_score(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Return the weighted mean of values: the additive model without domains and conditions.

    >>> fixed_rubric_score({"a": 3, "b": 1}, {"a": 1.0, "b": 0.0})
    0.75
    """
    return math.fsum(weights[key] * values[key] for key in weights) / math.fsum(weights.values())
