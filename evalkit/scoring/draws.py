"""Draws of what every record may turn out to be, summed by domain.

One uniform number per record and iteration serves all options and weight scenarios. Its stream is named by
what the record is, never by its position: another option, question or product changes no other's draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evalkit.model.scorecard import Finding
from evalkit.scoring.aggregation import domain_share
from evalkit.scoring.assessors import record_scope
from evalkit.scoring.score import case_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.scoring.aggregation import Weights
    from evalkit.scoring.evidence import Distribution
    from evalkit.scoring.verdict import Case

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.uint8]
    Uniforms = NDArray[np.uint32]

STEPS = 2**32
"""A uniform number is a whole number below this, which stands for its share of it."""

COMBINATIONS = 2048
"""So many combinations of values are summed at most before any is looked up."""

_BYTE = 2**8
_CERTAIN: Places = np.zeros(1, np.uint8)
"""The place of the one value of a record that is certain, in whatever draw."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One option that takes part, with what its verdict is taken on.

    Attributes
    ----------
    scopes : mapping
        Scope of the record that answers each question.
    """

    option: str
    product: str
    case: Case
    scopes: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The draws of a set of options. Axes: options as given, domains by id ascending, draws.

    Attributes
    ----------
    sums : array (options, domains, draws)
        Σ u a x of a domain with u summing to 1, in 0..1.
    masses : array (options, domains)
        Σ u a: the share of a domain's question weight that applies.
    peaks : array (options, domains)
        Σ u a x with every x at the highest value that it can be drawn: no sum is above.
    excluded_by_final : array (options, draws)
        Whether a gate that nothing mitigates excludes the option.
    excluded_as_delivered : array (options, draws)
        The same with mitigable gates counted.
    """

    options: tuple[str, ...]
    domains: tuple[str, ...]
    sums: Floats
    masses: Floats
    peaks: Floats
    excluded_by_final: Flags
    excluded_as_delivered: Flags


def _bits(*name: str | int) -> np.random.PCG64DXSM:
    text = "".join(f"{len(part)}:{part}" for part in map(str, name))
    words = np.frombuffer(blake2b(text.encode(), digest_size=32).digest(), "<u4")
    # Words are read several times as fast as the whole number that they are, which has no zeros in front.
    while words[-1] == 0:
        words = words[:-1]
    return np.random.PCG64DXSM(words)


def generator(*name: str | int) -> np.random.Generator:
    """Return a generator whose stream depends on a name alone; no two names share one.

    References
    ----------
    The name's BLAKE2b digest (RFC 7693), a number of 256 bits, is the entropy of a NumPy ``SeedSequence``.
    """
    return np.random.Generator(_bits(*name))


def uniforms(seed: int, product: str, question: str, scope: str, *, draws: int) -> Uniforms:
    """Return one uniform number per draw for a record: whole numbers in 0..2³²−1, shape (draws,)."""
    source = _bits("record", seed, product, question, scope)
    return source.random_raw((draws + 1) // 2).view(np.uint32)[:draws]


def quantile_places(distribution: Distribution, numbers: Uniforms) -> Places:
    """Return for each uniform number the place of the value that the distribution has there.

    Values ascend, so that of two options that share a record and differ in what its evidence is worth, the
    better one draws no lower. Shape as ``numbers``.
    """
    if len(distribution) == 1:
        return np.zeros(len(numbers), np.uint8)
    first, *others = _ends(distribution)
    places = (numbers >= first).view(np.uint8)
    for end in others:
        places += (numbers >= end).view(np.uint8)
    return places


@lru_cache(maxsize=4096)
def _ends(distribution: Distribution) -> tuple[np.uint32, ...]:
    """Return the uniform numbers from which on the second value is drawn, the third and so on."""
    below = (math.fsum(chance for _, chance in distribution[:count]) for count in range(1, len(distribution)))
    return tuple(np.uint32(min(STEPS - 1, round(share * STEPS))) for share in below)


def drawn_values(distribution: Distribution, numbers: Uniforms) -> Floats:
    """Return the distribution's quantile at each uniform number, in 0..1, shape as ``numbers``.

    >>> drawn_values(((0.0, 0.25), (1.0, 0.75)), np.array([0, 2**30 - 1, 2**30], np.uint32)).tolist()
    [0.0, 0.0, 1.0]
    """
    return np.array([value for value, _ in distribution]).take(quantile_places(distribution, numbers))


def participants(
    inputs: EvaluationInputs, options: Collection[str] | None = None
) -> tuple[tuple[Participant, ...], tuple[str, ...]]:
    """Return the options that take part, of those named or of all, and the ids of others without figures."""
    taking_part: list[Participant] = []
    left_out: list[str] = []
    for option in inputs.options():
        if options is not None and option.id not in options:
            continue
        case = case_of(inputs, option)
        if isinstance(case, Finding):
            left_out.append(option.id)
        else:
            taking_part.append(_participant(inputs, option, case))
    return tuple(taking_part), tuple(left_out)


def _participant(inputs: EvaluationInputs, option: Option, case: Case) -> Participant:
    scopes = {question: record_scope(inputs, option, question) for question in case.readings}
    return Participant(option.id, option.answers.product.id, case, scopes)


def gate_excludes(case: Case, question: str, v: float) -> bool:
    """Whether a gate excludes an option for which its question turns out to be worth ``v``.

    It does if it fails as it stands, or if the value is below the bar's; a set has no bar to compare with.
    Waived and not applicable gates never do.
    """
    result, bar = case.gates[question], case.bars[question]
    if result in ("waived", "not-applicable"):
        return False
    return result == "fail" or not bar.reached_by_worth(v)


def can_be_excluded(case: Case, *, as_delivered: bool) -> bool:
    """Whether a gate excludes an option in some draw; mitigable gates count only as delivered."""
    return any(
        gate_excludes(case, question, case.readings[question].distribution[0][0])
        for question, bar in case.bars.items()
        if as_delivered or not bar.gate.mitigable
    )


def draw(taking_part: Sequence[Participant], weights: Weights, *, draws: int, seed: int) -> Drawn:
    """Return the draws of every option, summed by domain.

    Questions are summed by id, so that the questionnaire's order changes no bit. Memory grows as options ×
    domains × draws; there is no array over questions.
    """
    domains = sorted(weights.domains, key=lambda domain: domain.domain)
    shape = (len(taking_part), len(domains))
    drawn = Drawn(
        options=tuple(one.option for one in taking_part),
        domains=tuple(domain.domain for domain in domains),
        sums=np.empty((*shape, draws)),
        masses=np.zeros(shape),
        peaks=np.zeros(shape),
        excluded_by_final=np.zeros((shape[0], draws), np.bool_),
        excluded_as_delivered=np.zeros((shape[0], draws), np.bool_),
    )
    products: dict[str, list[int]] = {}
    for place, one in enumerate(taking_part):
        products.setdefault(one.product, []).append(place)
    for places in products.values():
        for index, domain in enumerate(domains):
            records = _Records(seed, draws)
            questions = sorted(domain.questions.items())
            for place in places:
                one = taking_part[place]
                parts = [
                    _Part(
                        question, share, one.case.readings[question].distribution, records.of(one, question)
                    )
                    for question, share in questions
                    if one.case.applies[question]
                ]
                drawn.masses[place, index] = domain_share(domain, one.case.applies)
                drawn.peaks[place, index] = sum(part.share * part.distribution[-1][0] for part in parts)
                _sum(parts, drawn.sums[place, index])
                for part in parts:
                    if part.question in one.case.gates:
                        _exclude(drawn, place, one.case, part)
    return drawn


class _Part(NamedTuple):
    """One question's part of a sum: its share of the domain, and the values of its record, as drawn."""

    question: str
    share: float
    distribution: Distribution
    places: Places


@dataclass(frozen=True, slots=True)
class _Records:
    """What the records of one product and domain are drawn to be; deployments that share one draw once."""

    seed: int
    draws: int
    drawn: dict[tuple[str, str, Distribution], Places] = field(default_factory=dict)

    def of(self, one: Participant, question: str) -> Places:
        """Return for each draw the place of the value that an option's record has; one if it is certain."""
        distribution = one.case.readings[question].distribution
        if len(distribution) == 1:
            return _CERTAIN
        key = (question, one.scopes[question], distribution)
        if key not in self.drawn:
            numbers = uniforms(self.seed, one.product, question, one.scopes[question], draws=self.draws)
            self.drawn[key] = quantile_places(distribution, numbers)
        return self.drawn[key]


def _sum(parts: Sequence[_Part], out: Floats) -> None:
    """Write the sum Σ u x of every draw, one addition after the other.

    Draws in which the same values meet have the same sum. So every combination of values is summed once, in
    a table, and looked up by its number; where there are too many of them, the rest is added draw by draw.
    """
    table, combination = np.zeros(1), _CERTAIN
    rest: list[tuple[Floats, Places]] = []
    for _, share, distribution, places in parts:
        worths = np.array([share * value for value, _ in distribution])
        if rest or len(table) * len(worths) > COMBINATIONS:
            rest.append((worths, places))
            continue
        if len(worths) > 1:
            if len(table) * len(worths) > _BYTE:
                combination = combination.astype(np.uint16)
            combination = combination * combination.dtype.type(len(worths)) + places
        table = np.add.outer(table, worths).ravel()
    out[:] = table.take(combination)
    for worths, places in rest:
        out += worths.take(places)


def _exclude(drawn: Drawn, place: int, case: Case, part: _Part) -> None:
    excludes = np.array([gate_excludes(case, part.question, value) for value, _ in part.distribution])
    if excludes.any():
        excluded = excludes.take(part.places)
        drawn.excluded_as_delivered[place] |= excluded
        if not case.bars[part.question].gate.mitigable:
            drawn.excluded_by_final[place] |= excluded


def rescore(sums: Floats, masses: Floats, weights: Floats, *, out: Floats | None = None) -> Floats:
    """Return the scores of options under other domain weights, without touching a question.

    Parameters
    ----------
    sums : array (options, domains, columns)
        Σ u a x by domain, with u summing to 1; columns are draws, or assured, expected and potential.
    masses : array (options, domains)
        Σ u a by domain.
    weights : array (domains,) or (domains, columns)
        Positive, on any scale; one vector for all columns, or one per column.
    out : array (options, columns), optional
        Where to write: fresh memory costs as much as the sums.

    Returns
    -------
    array (options, columns)
        S = Σ W Σ u a x / Σ W Σ u a, in 0..1.
    """
    scores = np.empty((sums.shape[0], sums.shape[2])) if out is None else out
    pattern = "d,dn->n" if weights.ndim == 1 else "dn,dn->n"
    for place, own in enumerate(sums):  # option by option: no other option's presence changes a bit
        np.einsum(pattern, weights, own, out=scores[place])
        scores[place] /= np.einsum("d,d...->...", masses[place], weights)
    return scores
