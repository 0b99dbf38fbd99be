"""How far the first place moves once an open record is known, by the draws of the ranking.

The draws are those that the robustness of the ranking rests on. They are sorted by what the record was drawn
to be, and the shares of first places of each part are set against those of all. Chance alone moves them a
little in any finite number of draws; how far, is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from evalkit.scoring.aggregation import applicable_weight, weights_of
from evalkit.scoring.draws import (
    draw,
    gate_excludes,
    generator,
    participants,
    quantile_places,
    rescore,
    uniforms,
)
from evalkit.scoring.gates import gate_of
from evalkit.scoring.information_survey import as_it_stands, open_records
from evalkit.scoring.resolution import prior, resolved
from evalkit.scoring.robustness import SEED
from evalkit.scoring.robustness_ranks import places_of
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.scoring.aggregation import Weights
    from evalkit.scoring.draws import Flags, Floats, Participant, Uniforms
    from evalkit.scoring.evidence import Distribution, Reading
    from evalkit.scoring.information_survey import OpenRecord

    Patterns = NDArray[np.uint8]
    Outcomes = NDArray[np.intp]

FEWEST_OPTIONS: Final = 2
"""A first place needs two options."""

MOST_OPTIONS: Final = 8
"""Among more options the first place spreads so thin that the draws do not tell a shift from chance."""

FEWEST_DRAWS: Final = 100_000
"""With fewer draws chance hides all but the largest shifts."""

SHUFFLES: Final = 100
"""How often the draws are shuffled to see what chance alone does."""

_PATTERNS: Final = 2**MOST_OPTIONS
"""Sets of options that may share a first place; the empty one stands for draws with no acceptable option."""

RecordKey = tuple[str, str, str]
"""Product, question and scope of a record."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the first place moves on average once one record is known.

    Attributes
    ----------
    measured : float
        Expected total variation in the draws, in 0..1.
    baseline : float
        The same where the draws are shuffled, so that the record can tell nothing: what chance does.
    """

    measured: float
    baseline: float

    @property
    def shown(self) -> float | None:
        """What is left without the baseline, in 0..1; None where that is below twice the baseline."""
        left = self.measured - self.baseline
        return left if left > TOLERANCE and left >= 2 * self.baseline else None


def is_measured(options: int, draws: int = FEWEST_DRAWS) -> bool:
    """Whether a shift is told for so many options with figures and so many draws."""
    return FEWEST_OPTIONS <= options <= MOST_OPTIONS and draws >= FEWEST_DRAWS


def competing(inputs: EvaluationInputs, options: Collection[str] | None = None) -> tuple[Participant, ...]:
    """Return who competes for the first place: of the options given, or of all, those that have figures."""
    chosen, _ = participants(inputs, options)
    return tuple(sorted(chosen, key=lambda one: one.option))  # sorted, so that their order changes no bit


def first_place_shifts(
    inputs: EvaluationInputs,
    options: Collection[str] | None = None,
    *,
    draws: int = FEWEST_DRAWS,
    seed: int = SEED,
) -> dict[RecordKey, Shift]:
    """Return by how much P(first) shifts among some options, for each record that is open for one of them.

    With the record's value k drawn with share p(k), the shift is the expected total variation
    Σ p(k) · ½ Σ_o |P(o first | k) − P(o first)|: the share of first places that change hands on average.
    The options compete with each other alone, at the stated weights and with the final gates, exactly as in
    :func:`evalkit.scoring.robustness.robustness`: a first place shared by k options counts 1/k for each, and
    "none acceptable" counts as one more o. All other records stay as drawn. So does what applies. Two things
    differ, as everywhere in the value of information: a record that was refused is taken as equally likely at
    all its values, and a gate that fails as the record stands is decided by the value that it turns out to
    have.

    Parameters
    ----------
    options
        Ids of the options that compete, all by default; those without figures take no part.
    draws
        Number of iterations N. Memory grows as options × N.
    seed
        The draws are those of the robustness with the same seed.

    Returns
    -------
    dict
        By product, question and scope; empty where :func:`is_measured` says no.

    References
    ----------
    Strong, Oakley & Brennan 2014, "Estimating Multiparameter Partial Expected Value of Perfect Information
    from a Probabilistic Sensitivity Analysis Sample", Medical Decision Making 34(3): one sample serves every
    parameter. Borgonovo 2007, "A new uncertainty importance measure", Reliability Engineering & System Safety
    92(6): the expected shift of a distribution given a parameter.
    """
    taking_part = competing(inputs, options)
    if not is_measured(len(taking_part), draws):
        return {}
    race = _Race.of(inputs, taking_part, draws=draws, seed=seed)
    records = open_records(as_it_stands(inputs), {one.option for one in taking_part})
    return {
        (record.product, record.question, record.scope): race.shift(record)
        for own in records.values()
        for record in own
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Race:
    """Some options in every draw.

    Attributes
    ----------
    scores, excluded : array (options, draws)
        Score at the stated weights, and whether a final gate excludes the option.
    firsts : array (draws,)
        Who is first, as in :func:`_firsts`.
    """

    inputs: EvaluationInputs
    options: Mapping[str, Option]
    taking_part: tuple[Participant, ...]
    weights: Weights
    scores: Floats
    excluded: Flags
    firsts: Patterns
    seed: int

    @classmethod
    def of(
        cls, inputs: EvaluationInputs, taking_part: tuple[Participant, ...], *, draws: int, seed: int
    ) -> _Race:
        weights = weights_of(inputs.questionnaire, inputs.profile)
        shares = {domain.domain: domain.share for domain in weights.domains}
        stated = np.array([shares[domain] for domain in sorted(shares)])
        scores = np.empty((len(taking_part), draws))
        excluded = np.empty((len(taking_part), draws), np.bool_)
        for place, one in enumerate(taking_part):  # one by one: no array over options and domains at once
            drawn = draw((one,), weights, draws=draws, seed=seed)
            scores[place] = rescore(drawn.sums, drawn.masses, stated)[0]
            excluded[place] = drawn.excluded_by_final[0]
        return cls(
            inputs,
            {option.id: option for option in inputs.options()},
            taking_part,
            weights,
            scores,
            excluded,
            _firsts(scores, excluded),
            seed,
        )

    def shift(self, record: OpenRecord) -> Shift:
        """Return how far the first place moves once one record is known."""
        numbers = self._numbers(record.product, record.question, record.scope)
        question = self.inputs.questionnaire.by_id[record.question]
        firsts = self.firsts
        outcomes = np.zeros(len(numbers), np.intp)
        counted: set[Distribution] = set()
        again: list[int] = []
        for place in self._served(record):
            reading = self.taking_part[place].case.readings[record.question]
            distribution = prior(question, reading)
            if distribution not in counted:
                # All places rise with the same number, so their sum tells every combination apart.
                outcomes += quantile_places(distribution, numbers)
                counted.add(distribution)
            if distribution != reading.distribution or self._fails(place, record.question):
                again.append(place)
        if again:
            firsts = self._decided_anew(record.question, again, numbers)
        source = generator("first place by chance", self.seed, record.product, record.question, record.scope)
        return shift_of(outcomes, firsts, len(self.taking_part), source)

    def _numbers(self, product: str, question: str, scope: str) -> Uniforms:
        return uniforms(self.seed, product, question, scope, draws=self.scores.shape[1])

    def _served(self, record: OpenRecord) -> Iterator[int]:
        for place, one in enumerate(self.taking_part):
            if one.option in record.values and one.case.applies[record.question]:
                yield place

    def _fails(self, place: int, question: str) -> bool:
        case = self.taking_part[place].case
        return case.gates.get(question) == "fail" and not case.bars[question].gate.mitigable

    def _decided_anew(self, question_id: str, places: Collection[int], numbers: Uniforms) -> Patterns:
        """Return who is first where a record may be more, for some options, than the draws have it."""
        question = self.inputs.questionnaire.by_id[question_id]
        scores, excluded = self.scores.copy(), self.excluded.copy()
        for place in places:
            case = self.taking_part[place].case
            reading = case.readings[question_id]
            distribution = prior(question, reading)
            share = self.weights.weight(question_id) / applicable_weight(self.weights, case.applies)
            at = quantile_places(distribution, numbers)
            scores[place] += share * (
                _values(distribution).take(at)
                - _values(reading.distribution).take(quantile_places(reading.distribution, numbers))
            )
            if question_id in case.gates and not case.bars[question_id].gate.mitigable:
                fails = self._gate_then(place, question_id, reading, distribution)
                excluded[place] = self._excluded_elsewhere(place, question_id)
                excluded[place] |= fails.take(at)
        return _firsts(scores, excluded)

    def _gate_then(self, place: int, question_id: str, reading: Reading, distribution: Distribution) -> Flags:
        """Return whether the record's own gate fails at each value that it may turn out to have."""
        one = self.taking_part[place]
        question, bar = self.inputs.questionnaire.by_id[question_id], one.case.bars[question_id]
        then = (resolved(question, reading, value, bar) for value, _ in distribution)
        option = self.options[one.option]
        return np.array([gate_of(self.inputs, option, bar, one.case.applies, it) == "fail" for it in then])

    def _excluded_elsewhere(self, place: int, question_id: str) -> Flags:
        """Return whether a final gate on another question excludes an option, by draw."""
        one = self.taking_part[place]
        case = one.case
        excluded = np.zeros(self.scores.shape[1], np.bool_)
        for other, bar in case.bars.items():
            if other == question_id or bar.gate.mitigable:
                continue
            distribution = case.readings[other].distribution
            at = np.array([gate_excludes(case, other, value) for value, _ in distribution])
            numbers = self._numbers(one.product, other, one.scopes[other])
            excluded |= at.take(quantile_places(distribution, numbers))
        return excluded


def _values(distribution: Distribution) -> Floats:
    return np.array([value for value, _ in distribution])


def _firsts(scores: Floats, excluded: Flags) -> Patterns:
    """Return the set of options that share the first place in each draw, as the bits of a number."""
    firsts = np.zeros(scores.shape[1], np.uint8)
    for option, own in enumerate(places_of(scores, excluded)[0]):
        firsts |= (own == 0).astype(np.uint8) << np.uint8(option)
    return firsts


def shift_of(outcomes: Outcomes, firsts: Patterns, options: int, source: np.random.Generator) -> Shift:
    """Return the shift of the first place that goes with the outcomes of a record, and that of chance.

    Parameters
    ----------
    outcomes : array of int, shape (draws,)
        What the record was drawn to be: places from 0.
    firsts : array of int, shape (draws,)
        Who shares the first place: bit o for option o, 0 for nobody.
    options
        How many options there are, at most :data:`MOST_OPTIONS`.
    source
        Shuffles the draws. A shuffled part of them is a sample without replacement of who is first, and drawn
        as such: that takes no shuffling of all draws.
    """
    highest = int(outcomes.max(initial=0))
    cells = np.bincount(outcomes * _PATTERNS + firsts, minlength=(highest + 1) * _PATTERNS)
    counts = cells.reshape(-1, _PATTERNS)
    counts = counts[counts.any(axis=1)]
    seen = np.flatnonzero(counts.any(axis=0))
    counts, shares = counts[:, seen], _shares(options)[seen]
    every = counts.sum(axis=0)
    measured = baseline = 0.0
    for own in counts:
        drawn = int(own.sum())
        chance = drawn / len(outcomes)
        measured += chance * float(_variation(own[np.newaxis], every, shares)[0])
        by_chance = source.multivariate_hypergeometric(every, drawn, size=SHUFFLES, method="marginals")
        baseline += chance * float(_variation(by_chance, every, shares).mean())
    return Shift(measured, baseline)


def _shares(options: int) -> Floats:
    """Return what each option has of a first place by who shares it: sets × options and nobody."""
    bits = (np.arange(_PATTERNS)[:, np.newaxis] >> np.arange(options)) & 1
    nobody = ~bits.any(axis=1)
    shares: Floats = np.column_stack([bits / np.maximum(bits.sum(axis=1, keepdims=True), 1), nobody])
    return shares


def _variation(parts: NDArray[np.int64], every: NDArray[np.int64], shares: Floats) -> Floats:
    """Return the total variation between the first places of parts of the draws and of all of them."""
    own = np.einsum("ks,so->ko", parts / parts.sum(axis=1, keepdims=True), shares)
    overall = np.einsum("s,so->o", every / every.sum(), shares)
    variation: Floats = np.abs(own - overall).sum(axis=1) / 2
    return variation
