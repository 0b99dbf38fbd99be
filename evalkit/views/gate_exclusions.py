"""Which gates exclude which options, and in what share of the draws: named, where a ranking only counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.model.scorecard import Finding
from evalkit.scoring.gate_exclusions import gate_exclusions
from evalkit.scoring.score import case_of
from evalkit.views.numbers import percent
from evalkit.views.rendering import EMPTY, Section, section

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.scoring.gate_exclusions import Exclusions, GateExclusion


@dataclass(frozen=True, slots=True)
class NamedGate:
    """One gate that may exclude an option, with its question."""

    question: Question
    gate: GateExclusion

    @property
    def why(self) -> str:
        """Why it excludes in every draw; empty where it does not."""
        if self.gate.fails:
            return "it fails as the evidence stands"
        return "no value that is still open reaches its bar" if self.gate.chance == 1 else ""


@dataclass(frozen=True, slots=True)
class ExclusionRow:
    """The gates that may exclude one option, the most often first."""

    option: str
    exclusions: Exclusions
    final: tuple[NamedGate, ...]
    mitigable: tuple[NamedGate, ...]


def exclusion_rows(inputs: EvaluationInputs, options: Collection[str]) -> tuple[ExclusionRow, ...]:
    """Return a row per option that has a score, in the order of the options given."""
    known = {option.id: option for option in inputs.options()}
    by_id = inputs.questionnaire.by_id
    rows = []
    for option in options:
        case = case_of(inputs, known[option])
        if not isinstance(case, Finding):
            found = gate_exclusions(case)
            final, mitigable = _named(by_id, found.final), _named(by_id, found.mitigable)
            rows.append(ExclusionRow(option, found, final, mitigable))
    return tuple(rows)


def _named(by_id: Mapping[str, Question], gates: tuple[GateExclusion, ...]) -> tuple[NamedGate, ...]:
    return tuple(NamedGate(by_id[gate.question], gate) for gate in gates)


def exclusions_section(inputs: EvaluationInputs, options: Collection[str]) -> Section:
    """Return the gates that exclude each option; empty where there are no gates or no scores."""
    rows = exclusion_rows(inputs, options)
    if not rows or not inputs.profile.gates:
        return EMPTY
    return section("gate_exclusions", [exclusion_line(row) for row in rows], exclusions=rows)


def exclusion_line(row: ExclusionRow) -> str:
    """Return in one line which gates exclude an option, final ones first, and in what share of the draws.

    For example ``a/b: excluded by a final gate in 25 % of the draws (RTN-09 Use for training 25 %); as
    delivered in 36 % (besides by APR-09 Before trust is given 15 %)``.
    """
    final, delivered = (percent(it) for it in (row.exclusions.by_final, row.exclusions.as_delivered))
    return (
        f"{row.option}: excluded by a final gate in {final} of the draws{_list('', row.final)};"
        f" as delivered in {delivered}{_list('besides by ', row.mitigable)}"
    )


def _list(lead: str, gates: tuple[NamedGate, ...]) -> str:
    named = [f"{it.question.id} {it.question.title} {percent(it.gate.chance)}" for it in gates]
    return f" ({lead}{'; '.join(named)})" if named else ""
