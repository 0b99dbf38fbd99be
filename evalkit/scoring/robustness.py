"""How far a ranking holds: the weights drawn from scenarios, the values from what the evidence leaves open.

Stochastic multicriteria acceptability analysis on the additive model. Everything is a share of draws and
stands beside its sampling error; dominance, which needs no draws, is exact.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from evalkit.model.robustness import GateTable, OptionRobustness, Robustness, ScenarioRobustness
from evalkit.scoring.aggregation import weights_of
from evalkit.scoring.draws import can_be_excluded, draw, participants, rescore
from evalkit.scoring.robustness_ranks import acceptability, both_excluded, firsts, places_of, winning_index
from evalkit.scoring.weight_scenarios import weight_scenarios
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.scoring.draws import Drawn, Flags, Floats, Participant
    from evalkit.scoring.robustness_ranks import Counts, Places
    from evalkit.scoring.weight_scenarios import WeightScenario

DRAWS = 10_000
SEED = 1

_NOBODY: Mapping[str, Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class _Gates:
    """What one reading of the gates excludes: the same under all weights."""

    excluded: Flags
    shares: Floats
    both_excluded: Counts

    @classmethod
    def of(cls, excluded: Flags) -> _Gates:
        return cls(excluded, excluded.mean(axis=1), both_excluded(excluded))


def robustness(
    inputs: EvaluationInputs,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    stakeholder_weights: Mapping[str, Mapping[str, float]] = _NOBODY,
) -> Robustness:
    """Return who is first in how many draws, under every weight scenario and both readings of the gates.

    Parameters
    ----------
    draws
        Number of iterations N, at least 1. Memory grows as options × domains × N.
    seed
        The same seed gives the same bytes; another option or question changes no other's draws.
    stakeholder_weights
        By name: a weight above 0 for every domain, on any scale.

    Raises
    ------
    ValueError
        If ``draws`` is below 1, or a stakeholder does not weigh exactly the domains there are, each above 0.

    References
    ----------
    Lahdelma & Salminen 2001, "SMAA-2: Stochastic Multicriteria Acceptability Analysis for Group Decision
    Making", Operations Research 49(3), section 3: rank acceptability, central weights, confidence factors.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; it must be at least 1")
    stated = weights_of(inputs.questionnaire, inputs.profile)
    scenarios = weight_scenarios(stated, draws=draws, seed=seed, stakeholder_weights=stakeholder_weights)
    taking_part, left_out = participants(inputs)
    drawn = draw(taking_part, stated, draws=draws, seed=seed)
    gates = tuple(_Gates.of(one) for one in (drawn.excluded_by_final, drawn.excluded_as_delivered))
    scores = np.empty((len(taking_part), draws))
    results: tuple[list[ScenarioRobustness], ...] = ([], [])
    with ThreadPoolExecutor(len(gates)) as threads:  # numpy leaves Python's lock while it computes
        for scenario in scenarios:
            rescore(drawn.sums, drawn.masses, scenario.weights, out=scores)
            one_table = partial(_table, drawn, scenario, scores)
            for table, found in zip(results, threads.map(one_table, gates), strict=True):
                table.append(found)
    final, delivered = (
        GateTable(
            scenarios=tuple(table),
            none_acceptable=float(own.excluded.all(axis=0).mean()),
            dominance=dominance(taking_part, as_delivered=own is gates[1]),
        )
        for table, own in zip(results, gates, strict=True)
    )
    return Robustness(draws, seed, drawn.options, left_out, final, delivered)


def dominance(taking_part: Sequence[Participant], *, as_delivered: bool) -> tuple[tuple[str, str], ...]:
    """Return the pairs (a, b) in which a is never behind b, whatever the weights and the draws.

    The same questions apply to both, no gate can exclude a, and v⁻ of a is at least v⁺ of b everywhere.
    """
    if not taking_part:
        return ()
    questions = sorted(taking_part[0].case.applies)
    cases = [one.case for one in taking_part]
    applies = np.array([[case.applies[question] for question in questions] for case in cases])
    lows = np.array([[case.readings[question].low for question in questions] for case in cases])
    highs = np.array([[case.readings[question].high for question in questions] for case in cases])
    pairs = []
    for place, one in enumerate(taking_part):
        if can_be_excluded(one.case, as_delivered=as_delivered):
            continue
        nowhere_below = (lows[place] >= highs - TOLERANCE) | ~applies[place]
        behind = (applies == applies[place]).all(axis=1) & nowhere_below.all(axis=1)
        pairs += [
            (one.option, taking_part[other].option)
            for other in np.flatnonzero(behind).tolist()
            if other != place
        ]
    return tuple(pairs)


def _table(drawn: Drawn, scenario: WeightScenario, scores: Floats, gates: _Gates) -> ScenarioRobustness:
    excluded = gates.excluded
    places, sizes = places_of(scores, excluded)
    by_rank = acceptability(places, sizes)
    wins = winning_index(places, gates.both_excluded)
    centres = central_weights(scenario, places, sizes)
    rivals = np.argsort(-by_rank[:, :1].ravel(), kind="stable").tolist()

    def confidence(place: int, centre: Floats) -> float:
        if scenario.is_point:  # the draws have been ranked at these weights already
            return float(by_rank[place, 0] / (1 - gates.shares[place]))
        return confidence_factor(drawn, place, centre, excluded, rivals)

    rows = []
    for place, option in enumerate(drawn.options):
        centre = centres[place]
        own_wins = zip(drawn.options, wins[place], strict=True)
        rows.append(
            OptionRobustness(
                option=option,
                acceptability=tuple(by_rank[place].tolist()),
                excluded=float(gates.shares[place]),
                wins={other: share for other, share in own_wins if other != option},
                central_weights=None
                if centre is None
                else dict(zip(drawn.domains, centre.tolist(), strict=True)),
                confidence=None if centre is None else confidence(place, centre),
            )
        )
    return ScenarioRobustness(scenario.name, tuple(rows))


def central_weights(scenario: WeightScenario, places: Places, sizes: Places) -> list[Floats | None]:
    """Return for every option the mean weights of the draws in which it is first; None if it never is.

    A first place shared by k options counts 1/k. Each vector has shape (domains,) and sums to 1.
    """
    centres: list[Floats | None] = []
    for draws, share in firsts(places, sizes):
        if not len(draws):
            centres.append(None)
        elif scenario.is_point:
            centres.append(scenario.weights)
        else:
            centres.append((scenario.weights[:, draws] * share).sum(axis=1) / share.sum())
    return centres


def confidence_factor(
    drawn: Drawn, place: int, weights: Floats, excluded: Flags, rivals: Sequence[int]
) -> float:
    """Return how often an option is first at given weights, of the draws in which it is acceptable.

    Rivals compete in the draws in which no gate excludes them; a first place shared by k options counts 1/k.

    Parameters
    ----------
    place
        The option's place among those drawn; some draw must leave it acceptable.
    weights : array (domains,)
        Its central weights.
    excluded : array (options, draws)
        Whether a gate excludes an option.
    rivals
        Places of all options in any order; it is quickest with those first that are first most often.
    """
    ahead = np.flatnonzero(~excluded[place])
    acceptable = len(ahead)
    masses = np.einsum("od,d->o", drawn.masses, weights)
    peaks = np.einsum("od,d->o", drawn.peaks, weights) / masses

    def scores(option: int) -> Floats:
        own: Floats = np.einsum("d,dn->n", weights, drawn.sums[option].take(ahead, axis=1))
        own /= masses[option]
        return own

    own = scores(place)
    lowest = own.min()
    sharing = np.ones(acceptable)
    for rival in rivals:
        if rival == place or peaks[rival] < lowest - TOLERANCE:
            continue
        lead = scores(rival)
        lead -= own
        lead[excluded[rival].take(ahead)] = -1.0
        sharing += lead >= -TOLERANCE
        stays = np.flatnonzero(lead <= TOLERANCE)
        if len(stays) < len(ahead):
            if not len(stays):
                return 0.0
            ahead, own, sharing = ahead.take(stays), own.take(stays), sharing.take(stays)
            lowest = own.min()
    return float((1 / sharing).sum()) / acceptable
