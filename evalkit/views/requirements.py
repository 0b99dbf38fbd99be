"""What an option must reach to be approved, and what it reaches today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.scoring.verdict import FLOOR_APPLIES_FROM
from evalkit.scoring.worth import TOLERANCE
from evalkit.views.numbers import against, points
from evalkit.views.sentences import by_number, sentences
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import DomainResult, GateResult, Scorecard, Span

_NAMED: Final = 3  # domains named in a sentence; more are only counted, the profile shows them
SETTLED = ("pass", "waived", "not-applicable")
"""Outcomes of a gate that stand in nobody's way."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: what is needed, what was found, and whether that is enough.

    Attributes
    ----------
    missed : str
        What is missing, to go into a sentence; empty where the requirement is met.
    """

    name: str
    needed: str
    found: str
    met: bool
    missed: str = ""


def requirements(inputs: EvaluationInputs, card: Scorecard) -> tuple[Requirement, ...]:
    """Return every requirement of the profile for one option; empty where it has no figures."""
    if card.span is None or card.coverage is None:
        return ()
    parts = (
        _gates(inputs, card.gates),
        _assured(card.span, inputs.profile.thresholds.approve_at),
        _floor(inputs, card.domains),
        _coverage(card.coverage, inputs.profile.thresholds.minimum_coverage),
    )
    return tuple(part for part in parts if part is not None)


def counts_for_floor(domain: DomainResult) -> bool:
    """Whether enough of a domain applies for it to have to reach the floor."""
    return domain.span is not None and domain.applicable_share >= FLOOR_APPLIES_FROM - TOLERANCE


def below_floor(domain: DomainResult, floor: float) -> bool:
    """Whether a domain has to reach the floor and does not."""
    return counts_for_floor(domain) and domain.span is not None and domain.span.assured < floor - TOLERANCE


def _gates(inputs: EvaluationInputs, gates: tuple[GateResult, ...]) -> Requirement | None:
    if not gates:
        return None
    left = [gate for gate in gates if gate.result not in SETTLED]
    failed = tuple(_title(inputs, gate) for gate in left if gate.result == "fail")
    undecided = tuple(_title(inputs, gate) for gate in left if gate.result == "open")
    missed = []
    if failed:
        missed.append(_named(sentences.GATES_FAILED, failed))
    if undecided:
        missed.append(_named(sentences.GATES_UNDECIDED, undecided))
    return Requirement(
        name=sentences.REQUIREMENT["gates"],
        needed=sentences.NEEDED_SETTLED,
        found=sentences.FOUND_SETTLED.format(settled=len(gates) - len(left), all=len(gates)),
        met=not left,
        missed="; ".join(missed),
    )


def _assured(span: Span, needed: float) -> Requirement:
    found = against(span.assured, needed)
    met = span.assured >= needed - TOLERANCE
    return Requirement(
        name=sentences.REQUIREMENT["assured"],
        needed=sentences.NEEDED_POINTS.format(points=points(needed)),
        found=found,
        met=met,
        missed="" if met else sentences.ASSURED_MISSED.format(found=found, needed=points(needed)),
    )


def _floor(inputs: EvaluationInputs, domains: tuple[DomainResult, ...]) -> Requirement | None:
    floor = inputs.profile.thresholds.domain_floor
    spans = [(one, one.span) for one in domains if one.span is not None and counts_for_floor(one)]
    if not spans:
        return None
    titles = {domain.id: domain.title for domain in inputs.questionnaire.domains}
    low = tuple(titles[one.domain] for one in domains if below_floor(one, floor))
    weakest, span = min(spans, key=lambda pair: pair[1].assured)
    return Requirement(
        name=sentences.REQUIREMENT["floor"],
        needed=sentences.NEEDED_POINTS.format(points=points(floor)),
        found=sentences.FOUND_DOMAINS.format(
            enough=len(spans) - len(low),
            all=len(spans),
            title=titles[weakest.domain],
            points=against(span.assured, floor),
        ),
        met=not low,
        missed=_low(low, floor) if low else "",
    )


def _coverage(coverage: float, needed: float) -> Requirement:
    found = against(coverage, needed)
    met = coverage >= needed - TOLERANCE
    return Requirement(
        name=sentences.REQUIREMENT["coverage"],
        needed=sentences.NEEDED_PERCENT.format(points=points(needed)),
        found=sentences.FOUND_PERCENT.format(points=found),
        met=met,
        missed="" if met else sentences.COVERAGE_MISSED.format(found=found, needed=points(needed)),
    )


def _title(inputs: EvaluationInputs, gate: GateResult) -> str:
    return inputs.questionnaire.by_id[gate.question].title


def _named(table: Mapping[str, str], titles: tuple[str, ...]) -> str:
    return by_number(table, len(titles)).format(amount=len(titles), titles=wording.listed(titles))


def _low(titles: tuple[str, ...], floor: float) -> str:
    table = sentences.DOMAINS_LOW
    said = by_number(table, len(titles)) if len(titles) <= _NAMED else table["counted"]
    return said.format(amount=len(titles), floor=points(floor), titles=wording.listed(titles))
