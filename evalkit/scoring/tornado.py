"""What each open record alone can do to an option: its scores and its verdict at either end.

A record at an end is resolved exactly as for the value of information, so that one record does not say two
things in one report: same kind of proof, same gate, and what applies follows from it anew.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalkit.model.explanation import Resolution, TornadoRow
from evalkit.scoring.aggregation import total_score
from evalkit.scoring.applicability import masks
from evalkit.scoring.explanation import values_of
from evalkit.scoring.gates import gate_of
from evalkit.scoring.resolution import named_questions, resolved
from evalkit.scoring.verdict import best_case, verdict_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.scoring.evidence import Reading
    from evalkit.scoring.verdict import Case


def tornado(case: Case, inputs: EvaluationInputs, option: Option) -> tuple[TornadoRow, ...]:
    """Return one row per open record of an option, the widest swing first, ties by question id.

    The ends are v⁻ and v⁺. Where an undecided gate could turn out as no value that the evidence leaves open
    has it, a row also says what follows then. Rows at whose end the option is not eligible come first, since
    they have no swing. Empty where nothing is open.

    By hand, C of the specification's worked example: RET-02 is refused and weighs 1/6, so its swing is .1667;
    at 0 the assured score stays .5146, at 1 it is .6813.
    """
    stand = _Stand(inputs, option, case, named_questions(inputs))
    rows = [_row(stand, question_id) for question_id in case.readings if best_case(case, question_id)]
    return tuple(sorted(rows, key=_order))


def _order(row: TornadoRow) -> tuple[float, str]:
    return (-math.inf if row.swing is None else -round(abs(row.swing), 12), row.question)


@dataclass(frozen=True, slots=True)
class _Stand:
    """One option as it stands; ``named`` are the questions that some condition asks for."""

    inputs: EvaluationInputs
    option: Option
    case: Case
    named: Collection[str]

    def reading(self, question_id: str, value: float) -> Reading:
        """Return the reading of a record resolved at a value."""
        question, case = self.inputs.questionnaire.by_id[question_id], self.case
        return resolved(question, case.readings[question_id], value, case.bars.get(question_id))

    def resolution(self, question_id: str, reading: Reading) -> Resolution:
        """Return how the option stands once a record is read as given: gates and what applies anew."""
        readings = {**self.case.readings, question_id: reading}
        applies: Mapping[str, bool] | None = self.case.applies
        if question_id in self.named:
            applies = masks(self.inputs, self.option, readings)
        if applies is None:
            return Resolution(reading.expected, None, None, "not-eligible")
        gates = {
            question: gate_of(self.inputs, self.option, bar, applies, readings[question])
            for question, bar in self.case.bars.items()
        }
        case = replace(self.case, readings=readings, applies=applies, gates=gates)
        assured, expected = (
            total_score(case.weights, values_of(case, which), applies) for which in ("assured", "expected")
        )
        return Resolution(reading.expected, assured, expected, verdict_of(case))


def _row(stand: _Stand, question_id: str) -> TornadoRow:
    own = stand.case.readings[question_id]
    lowest, best = (
        stand.resolution(question_id, stand.reading(question_id, value)) for value in (own.low, own.high)
    )
    other = _other_side(stand, question_id)
    return TornadoRow(
        question_id, lowest, best, None if other is None else stand.resolution(question_id, other)
    )


def _other_side(stand: _Stand, question_id: str) -> Reading | None:
    """Return a record whose gate turns out as no value that the evidence leaves open has it; else None.

    Weak evidence that a bar is missed may be wrong: the value is then that of the best case in the verdict.
    A set of which nothing is stated counts as including what its gate asks for, and may not.
    """
    case = stand.case
    bar, own = case.bars.get(question_id), case.readings[question_id]
    if bar is None or case.gates[question_id] in ("waived", "not-applicable"):
        return None
    ticks = bar.gate.includes_any
    if ticks is not None and not own.governing:
        return replace(stand.reading(question_id, own.low), governing=((),))
    short = own.governing and not any(bar.reached_by(value) for value in own.governing)
    effect = best_case(case, question_id)
    if not short or effect is None or effect.gate != "pass":
        return None
    reading = stand.reading(question_id, effect.low)
    return reading if ticks is None else replace(reading, governing=(ticks,))
