"""The formulas of the sheets: the rules of scoring as spreadsheet programs of the last decade calculate them.

Each says what a function of ``evalkit.scoring`` says. They hold cells, numbers and evalkit's own words,
never a text from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.scoring.evidence import STEP

if TYPE_CHECKING:
    from collections.abc import Sequence

TOLERANCE: Final = "1E-9"
"""Values closer than this count as equal, as in ``evalkit.scoring.worth``."""

NOTHING: Final = "–"
"""Stands where there is no figure."""

MET: Final = "met"
NOT_MET: Final = "not met"


def blank_if_blank(cell: str, then: str) -> str:
    """Return a formula that is empty where a cell is."""
    return f'IF({cell}="","",{then})'


def level_points(answer: str, keys: str, points: str) -> str:
    """Return the points of the level that a cell names."""
    return blank_if_blank(answer, f"INDEX({points},MATCH({answer},{keys},0))")


def number_points(
    answer: str, limits: str, steps: str, *, rising: bool, special: tuple[str, str] | None
) -> str:
    """Return the points of a number by its steps, or of a special value.

    Parameters
    ----------
    limits, steps
        Limits from the best step on, and the points of the steps with those of what lies beyond.
    rising
        Whether the limits rise: the smaller the better.
    special
        Names and points of the special values.
    """
    beyond = f"--({limits}{'<' if rising else '>'}{answer})"
    step = f"INDEX({steps},1+SUMPRODUCT({beyond}))"
    if special is not None:
        names, points = special
        step = f"IF(ISNUMBER({answer}),{step},INDEX({points},MATCH({answer},{names},0)))"
    return blank_if_blank(answer, step)


def has_value(state: str) -> str:
    """Return 1 where a state has a value, else 0."""
    return f'IF(OR({state}="answered",{state}="conflicting"),1,0)'


def class_rank(answered: str, evidence_class: str) -> str:
    """Return the rank of a class, 0 without a value."""
    return f"IF({answered}=0,0,MATCH({evidence_class},Evidence_class,0))"


def slack(rank: str, proof_rank: str) -> str:
    """Return by how many levels a class may overstate: none from the question's strongest proof on."""
    return f'IF({rank}=0,"",IF({rank}>={proof_rank},0,INDEX(Slack,{rank})))'


def reliability(rank: str) -> str:
    """Return the chance that a statement of a class holds."""
    return f'IF({rank}=0,"",INDEX(Reliability,{rank}))'


def assured(answered: str, points: str, slack_levels: str, levels: str | None) -> str:
    """Return v⁻: the lowest governing value shifted down, on a scale to a level of it."""
    target = f"{points}/100-{STEP}*{slack_levels}"
    if levels is None:
        return f"IF({answered}=0,0,MAX(0,{target}))"
    below = f"SUMPRODUCT(--({levels}<={target}+{TOLERANCE}))"
    return f"IF({answered}=0,0,INDEX({levels},MAX(1,{below})))"


def potential(answered: str, points: str, open_up_to: str | None) -> str:
    """Return v⁺: the highest governing value, or what an untested host list is open to."""
    stated = f"{points}/100"
    return f"IF({answered}=0,1,{stated if open_up_to is None else f'MAX({stated},{open_up_to})'})"


def expected(  # noqa: PLR0913 - each argument is one cell that the rule looks at
    *, answered: str, state: str, low: str, high: str, trust: str, levels: str, unknown: str
) -> str:
    """Return E v: the stated value with its class's reliability, the rest evenly on what lies below it.

    Parameters
    ----------
    levels
        The values that the question may have.
    unknown
        What is expected where nothing is known.
    """
    inside = f"({levels}>={low}-{TOLERANCE})*({levels}<{high}-{TOLERANCE})"
    spread = _mixed(high, trust, low, inside, levels)
    return _or_unknown(answered, state, unknown, f"IF({high}-{low}<={TOLERANCE},{high},{spread})")


def expected_of_list(  # noqa: PLR0913 - as above
    *, answered: str, state: str, low: str, high: str, trust: str, unknown: str, stated: str, open_up_to: str
) -> str:
    """Return E v of a host list, which may be open above the value that its table gives."""
    value = f"{stated}/100"
    below = f"(Grid>={low}-{TOLERANCE})*(Grid<{high}-{TOLERANCE})"
    around = f"(Grid>={low}-{TOLERANCE})*(Grid<={high}+{TOLERANCE})*(ABS(Grid-{value})>{TOLERANCE})"
    tested, untested = _mixed(high, trust, low, below, "Grid"), _mixed(value, trust, low, around, "Grid")
    spread = f'IF({open_up_to}="",{tested},{untested})'
    return _or_unknown(answered, state, unknown, f"IF({high}-{low}<={TOLERANCE},{high},{spread})")


def _mixed(stated: str, trust: str, low: str, inside: str, levels: str) -> str:
    """Return the stated value with its reliability, and the mean of the values inside with the rest."""
    mean = f"IF(SUMPRODUCT({inside})=0,{low},SUMPRODUCT({inside}*{levels})/SUMPRODUCT({inside}))"
    return f"{trust}*{stated}+(1-{trust})*{mean}"


def _or_unknown(answered: str, state: str, unknown: str, known: str) -> str:
    return f'IF({answered}=0,IF({state}="refused",0,{unknown}),{known})'


def cause(low: str, high: str, state: str, disputed: str, stale: str, evidence_class: str) -> str:  # noqa: PLR0913, PLR0917 - tried in this order
    """Return the first cause that holds for the width of an interval, nothing where it has none."""
    later = f'IF({disputed}=1,"disputed",IF({stale}=1,"stale",{evidence_class}))'
    silent = f'OR({state}="unanswered",{state}="unknown",{state}="refused")'
    return f'IF({high}<={low},"",IF({silent},{state},{later}))'


def weighted(*areas: str) -> str:
    """Return the sum of products of areas of one shape."""
    return f"SUMPRODUCT({','.join(areas)})"


def share_of(total: str, part: str) -> str:
    """Return a part of a total, or that there is no figure where the total is 0."""
    return f'IF({total}<=0,"{NOTHING}",{part}/{total})'


def reached(figure: str, needed: str) -> str:
    """Return whether a figure reaches a threshold."""
    return f'IF({figure}>={needed}-{TOLERANCE},"{MET}","{NOT_MET}")'


def none_left(amount: str, what: str) -> str:
    """Return that a requirement is met, or how many stand in the way."""
    return f'IF({amount}=0,"{MET}",{amount}&" {what}")'


def gate_result(  # noqa: PLR0913 - each argument is one cell that the rule looks at
    *,
    applies: str,
    waived: str,
    answered: str,
    every: str,
    some: str,
    rank: str,
    needs_rank: str,
    fails_rank: str,
    state: str,
) -> str:
    """Return the result of a gate, as ``evalkit.scoring.gates.outcome`` gives it."""
    passes = f"AND({answered}=1,{every}=1,{rank}>={needs_rank})"
    fails = f"AND({answered}=1,{some}=0,{rank}>={fails_rank})"
    late = f'AND({state}="refused",Deadline_passed=1)'
    undecided = f'IF({fails},"fail",IF({late},"fail",Undecided_gate))'
    return f'IF({applies}=0,"not-applicable",IF({waived}=1,"waived",IF({passes},"pass",{undecided})))'


def all_met(cells: Sequence[str]) -> str:
    """Return whether every requirement is met."""
    conditions = ",".join(f'{one}="{MET}"' for one in cells)
    return f'IF(AND({conditions}),"{MET}","{NOT_MET}")'
