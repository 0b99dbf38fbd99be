"""How sure the ranking is: who is first in how many draws of weights and of what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.scoring.elicitation import stakeholder_weights
from evalkit.scoring.robustness import robustness
from evalkit.views.export import ranked
from evalkit.views.gate_exclusions import exclusion_line, exclusion_rows
from evalkit.views.numbers import count, percent
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.robustness import GateTable, OptionRobustness
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.gate_exclusions import ExclusionRow

ROWS: Final = 12
"""Options shown at least, by assured score; further ones only if they are ever first."""

EVER: Final = 0.005
"""Share of draws from which an option counts as ever first."""

PAIRED: Final = 6
"""Options of the pairwise table, by assured score."""

HEAD: Final = 3
"""Ranks that count as in front."""


@dataclass(frozen=True, slots=True)
class Row:
    """One option: its first places under each weight scenario, what else the draws say, and its gates."""

    option: str
    stated: OptionRobustness
    first: tuple[float, ...]
    in_front: float
    delivered: OptionRobustness
    excluded: ExclusionRow


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of the pairwise table: the share of draws in which the option is ahead of each other one."""

    option: str
    wins: tuple[float | None, ...]


def certainty(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return who is first how surely; empty where fewer than two options have a score."""
    stakeholders = {name: stakeholder_weights(stated) for name, stated in inputs.stakeholders.items()}
    result = robustness(inputs, stakeholder_weights=stakeholders)
    if len(result.options) < 2:  # noqa: PLR2004 - a ranking needs two
        return EMPTY
    by_scenario = [{row.option: row for row in table.options} for table in result.final_gates.scenarios]
    stated = by_scenario[0]
    order = [card.option for card in ranked(cards) if card.option in stated]
    ever = {option for option in order if max(table[option].first for table in by_scenario) >= EVER}
    shown = [option for place, option in enumerate(order) if place < ROWS or option in ever]
    delivered = {row.option: row for row in result.as_delivered.scenarios[0].options}
    rows = [
        Row(
            option,
            stated[option],
            tuple(table[option].first for table in by_scenario),
            sum(stated[option].acceptability[:HEAD]),
            delivered[option],
            excluded,
        )
        for option, excluded in zip(shown, exclusion_rows(inputs, shown), strict=True)
    ]
    leader = max(rows, key=lambda row: (row.stated.first, row.option))
    scenarios = [wording.scenario(table.scenario) for table in result.final_gates.scenarios]
    pairs = _pairs(stated, order[:PAIRED])
    lines = [_headline(leader), f"{count(result.draws, 'draw')}, seed {result.seed}"]
    lines += [f"{row.option}: first in {percent(row.stated.first)}, {row.stated.word}" for row in rows]
    lines += [exclusion_line(row.excluded) for row in rows]
    return section(
        "certainty",
        lines,
        headline=_headline(leader),
        rows=rows,
        exclusions=[row.excluded for row in rows] if inputs.profile.gates else [],
        rest=len(order) - len(rows),
        scenarios=scenarios,
        pairs=pairs,
        paired=[pair.option for pair in pairs],
        result=result,
        head=HEAD,
        ever=EVER,
        error=result.error(0.5),
        dominated=_dominance(result.final_gates),
    )


def _headline(leader: Row) -> str:
    return (
        f"{leader.option} is first in {percent(leader.stated.first)} of the draws at the stated weights:"
        f" {wording.CERTAINTY[leader.stated.word]}."
    )


def _pairs(stated: Mapping[str, OptionRobustness], options: Sequence[str]) -> tuple[Pair, ...]:
    return tuple(
        Pair(option, tuple(stated[option].wins.get(other) for other in options)) for option in options
    )


def _dominance(table: GateTable) -> tuple[tuple[str, int], ...]:
    """Return how many others each option is never behind, the most first."""
    better: dict[str, int] = {}
    for ahead, _ in table.dominance:
        better[ahead] = better.get(ahead, 0) + 1
    return tuple(sorted(better.items(), key=lambda it: (-it[1], it[0])))
