"""What each open record alone can do to an option: its scores and its verdict at either end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.model.explanation import Resolution, TornadoRow
from evalkit.model.questionnaire import ScaleQuestion
from evalkit.scoring.aggregation import total_score
from evalkit.scoring.evidence import Reading
from evalkit.scoring.explanation import values_of
from evalkit.scoring.gates import outcome
from evalkit.scoring.verdict import best_case, decide
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from evalkit.model.answers import RawValue
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.scoring.gates import Bar
    from evalkit.scoring.verdict import Case


def tornado(case: Case, inputs: EvaluationInputs) -> tuple[TornadoRow, ...]:
    """Return one row per open record of an option, the widest swing first, ties by question id.

    The lowest value is v⁻. The best is that of the best case in the verdict: v⁺, or the bar's value where the
    evidence is too weak to decide an open gate. What applies stays as the records stand. Empty where nothing
    is open.

    By hand, C of the specification's worked example: RET-02 is refused and weighs 1/6, so its swing is .1667;
    at 0 the assured score stays .5146, at 1 it is .6813.
    """
    rows = []
    for question_id, reading in case.readings.items():
        effect = best_case(case, question_id)
        if effect is None:
            continue
        question = inputs.questionnaire.by_id[question_id]
        fails = inputs.profile.unknown_gate == "fail"
        reached_at_best = _may_reach(case, question_id)
        reached_at_lowest = _surely_reaches(case, question_id)
        lowest, best = (
            _resolution(
                with_record_at(case, question, value, ticks_reach=ticks_reach, unknown_fails=fails), value
            )
            for value, ticks_reach in ((reading.low, reached_at_lowest), (effect.low, reached_at_best))
        )
        rows.append(TornadoRow(question_id, lowest, best, best.assured - lowest.assured))
    return tuple(sorted(rows, key=lambda row: (-round(row.swing, 12), row.question)))


def with_record_at(
    case: Case, question: Question, value: float, *, ticks_reach: bool, unknown_fails: bool
) -> Case:
    """Return a case in which one record stands at an end of what it may be, by the strongest kind of proof.

    Its gate, unless waived or not applicable, is decided anew; a set's gate by ``ticks_reach``, since the
    worth of a set does not say what is ticked. Nothing else changes.

    Parameters
    ----------
    value
        Worth of the answer, in 0..1.
    ticks_reach
        Whether the ticks of a set with a gate include one that the gate asks for.
    unknown_fails
        Whether the profile takes an undecided gate as failed.
    """
    bar = case.bars.get(question.id)
    reading = Reading(
        state="answered",
        evidence_class=question.strongest_proof,
        governing=() if bar is None else (_answer_worth(bar, value, ticks_reach=ticks_reach),),
        v=value,
        low=value,
        expected=value,
        high=value,
        distribution=((value, 1.0),),
        disputed=False,
        stale=False,
        items=(),
    )
    gates = dict(case.gates)
    if bar is not None and gates[question.id] not in ("waived", "not-applicable"):
        gates[question.id] = outcome(bar, reading, past_deadline=False, unknown_fails=unknown_fails)
    return replace(case, readings={**case.readings, question.id: reading}, gates=gates)


def _answer_worth(bar: Bar, value: float, *, ticks_reach: bool) -> RawValue:
    """Return an answer that stands to the bar as one of that worth does.

    A level of a scale has its worth. A number may have been moved down to a worth that no number has: the
    limit itself stands for all that reach the bar, one beyond it for all that do not.
    """
    gate = bar.gate
    if gate.includes_any is not None:
        return gate.includes_any if ticks_reach else ()
    if isinstance(bar.question, ScaleQuestion):
        return max(level.level for level in bar.question.levels if level.points / 100 <= value + TOLERANCE)
    beyond = 0 if bar.reached_by_worth(value) else 1
    return gate.at_most + beyond if gate.at_most is not None else (gate.at_least or 0) - beyond


def _may_reach(case: Case, question_id: str) -> bool:
    """Whether the ticks of a set may turn out to include what its gate asks for.

    Yes unless evidence that decides the gate says that they do not.
    """
    reached = _reached(case, question_id)
    return not reached or any(reached) or case.gates[question_id] == "open"


def _surely_reaches(case: Case, question_id: str) -> bool:
    """Whether every value that the governing evidence states includes what the gate asks for."""
    reached = _reached(case, question_id)
    return bool(reached) and all(reached)


def _reached(case: Case, question_id: str) -> list[bool]:
    bar = case.bars.get(question_id)
    if bar is None:
        return []
    return [bar.reached_by(value) for value in case.readings[question_id].governing]


def _resolution(case: Case, value: float) -> Resolution:
    assured = total_score(case.weights, values_of(case, "assured"), case.applies) or 0.0
    expected = total_score(case.weights, values_of(case, "expected"), case.applies) or 0.0
    return Resolution(value, assured, expected, decide(case).verdict)
