"""Which domain weights the robustness of a ranking is tried under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evalkit.scoring.draws import generator
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.scoring.aggregation import Weights
    from evalkit.scoring.draws import Floats

CONCENTRATION = 30
"""Sum of the parameters of the Dirichlet distribution around the stated weights."""

LEAST_SHARE = 1e-12
"""No drawn domain weight is smaller: an option that lies wholly in one domain keeps a score."""


@dataclass(frozen=True, slots=True, eq=False)
class WeightScenario:
    """Domain weights that sum to 1, domains by id ascending.

    Attributes
    ----------
    weights : array (domains,) or (domains, draws)
        One vector for all draws, or one per draw.
    """

    name: str
    weights: Floats

    @property
    def is_point(self) -> bool:
        """Whether all draws have the same weights."""
        return self.weights.ndim == 1


def weight_scenarios(
    weights: Weights,
    *,
    draws: int,
    seed: int,
    stakeholder_weights: Mapping[str, Mapping[str, float]],
) -> tuple[WeightScenario, ...]:
    """Return the stated weights, three distributions around or without them, and each stakeholder's own.

    Weights of questions within a domain are those stated in every scenario: a flat distribution over all
    questions would concentrate on equal domain weights and flatter the ranking. Each domain has a stream of
    its own.

    Raises
    ------
    ValueError
        If a stakeholder does not weigh exactly the domains there are, each above 0.

    References
    ----------
    Lahdelma & Salminen 2001, "SMAA-2: Stochastic Multicriteria Acceptability Analysis for Group Decision
    Making", Operations Research 49(3), sections 2 (weight distributions) and 5 (partial preference
    information); Devroye 1986, "Non-Uniform Random Variate Generation", XI.4 (Dirichlet by gamma variates).
    """
    shares = {part.domain: part.share for part in weights.domains}
    domains = sorted(shares)
    stated = np.array([shares[domain] for domain in domains])
    flat = _normalised(
        np.array([generator("weights", seed, "flat", one).standard_exponential(draws) for one in domains])
    )
    around = _normalised(
        np.array(
            [
                generator("weights", seed, "dirichlet30", one).standard_gamma(
                    CONCENTRATION * shares[one], draws
                )
                for one in domains
            ]
        )
    )
    return (
        WeightScenario("stated", stated),
        WeightScenario("dirichlet30", around),
        WeightScenario("flat", flat),
        WeightScenario("ordinal", in_stated_order(flat, stated)),
        *(
            WeightScenario(f"stakeholder:{name}", _own(name, own, domains))
            for name, own in stakeholder_weights.items()
        ),
    )


def in_stated_order(flat: Floats, stated: Floats) -> Floats:
    """Return flat draws sorted so that the domain with the largest stated weight has the largest.

    Domains with equal stated weights share the mean of their places. Shape (domains, draws), as ``flat``.
    """
    descending = -np.sort(-flat, axis=0)
    order = np.argsort(-stated, kind="stable")
    result = np.empty_like(flat)
    start = 0
    for end in range(1, len(order) + 1):
        if end < len(order) and stated[order[end - 1]] - stated[order[end]] <= TOLERANCE:
            continue
        result[order[start:end]] = descending[start:end].mean(axis=0)
        start = end
    return result


def _normalised(drawn: Floats) -> Floats:
    drawn = np.maximum(drawn / drawn.sum(axis=0), LEAST_SHARE)
    normalised: Floats = drawn / drawn.sum(axis=0)
    return normalised


def _own(name: str, own: Mapping[str, float], domains: Sequence[str]) -> Floats:
    if sorted(own) != list(domains):
        raise ValueError(f"{name}: weighs {', '.join(sorted(own))}; the domains are {', '.join(domains)}")
    for domain, weight in own.items():
        if not 0 < weight < float("inf"):
            raise ValueError(f"{name}: the weight of {domain} is {weight}; it must be above 0 and finite")
    vector = np.array([own[domain] for domain in domains], np.float64)
    normalised: Floats = vector / vector.sum()
    return normalised
