"""Gates: knock-out rules with three outcomes, which no score averages away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion
from evalkit.model.values import RANK
from evalkit.scoring.worth import TOLERANCE, worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from evalkit.model.answers import RawValue
    from evalkit.model.evaluation import EvaluationInputs, Option, Waiver
    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import GateOutcome
    from evalkit.scoring.evidence import Reading

_ORDER: tuple[GateOutcome, ...] = ("fail", "open", "waived", "pass")


@dataclass(frozen=True, slots=True)
class Bar:
    """What an answer must reach, compared with the answer as written; slack plays no role.

    Attributes
    ----------
    v : float or None
        Worth of the bar in 0..1; None for a set.
    """

    gate: Gate
    question: Question
    v: float | None

    def reached_by(self, value: RawValue) -> bool:
        """Whether one answer reaches the bar."""
        if isinstance(value, tuple):
            return any(option in value for option in self.gate.includes_any or ())
        if isinstance(self.question, NumberQuestion) and not isinstance(value, str):
            if self.gate.at_most is not None:
                return isinstance(value, (int, float)) and value <= self.gate.at_most
            return isinstance(value, (int, float)) and value >= (self.gate.at_least or 0)
        return self.reached_by_worth(worth(self.question, value))

    def reached_by_worth(self, v: float) -> bool:
        """Whether something worth ``v`` reaches the bar; a set is reached by any worth."""
        return self.v is None or v >= self.v - TOLERANCE


def bar_of(gate: Gate, question: Question) -> Bar:
    """Return the bar of a gate.

    Raises
    ------
    ValueError
        If the bar is no level of the scale or does not fit the question's kind.
    """
    limit = gate.at_least if gate.at_least is not None else gate.at_most
    if isinstance(question, ScaleQuestion) and gate.at_least is not None:
        return Bar(gate, question, worth(question, gate.at_least))
    if isinstance(question, NumberQuestion) and limit is not None:
        return Bar(gate, question, worth(question, limit))
    if question.kind == "set" and gate.includes_any:
        return Bar(gate, question, None)
    msg = f"the gate on {gate.question} does not fit a question of kind {question.kind}"
    raise ValueError(msg)


def waiver_in_force(waivers: Iterable[Waiver], option_id: str, gate: Gate, as_of: date) -> Waiver | None:
    """Return the waiver that sets a gate aside for an option on a day; only mitigable gates can have one."""
    if not gate.mitigable:
        return None
    for waiver in waivers:
        if waiver.option == option_id and waiver.gate == gate.question and as_of <= waiver.until:
            return waiver
    return None


def outcome(
    bar: Bar,
    reading: Reading,
    *,
    past_deadline: bool,
    unknown_fails: bool,
) -> GateOutcome:
    """Return what the evidence of one record says about a gate: pass, open or fail.

    Parameters
    ----------
    past_deadline
        Whether the vendor's deadline has passed, so that a refusal fails.
    unknown_fails
        Whether the profile takes an undecided gate as failed.
    """
    rank = RANK[reading.evidence_class]
    reached = [bar.reached_by(value) for value in reading.governing]
    if reached and all(reached) and rank >= RANK[bar.gate.needs]:
        return "pass"
    # Until somebody has read the contract, nothing weaker shows that a contract falls short.
    enough = RANK["contract"] if bar.gate.needs == "contract" else RANK["documented"]
    if reached and not any(reached) and rank >= enough:
        return "fail"
    if reading.state == "refused" and past_deadline:
        return "fail"
    return "fail" if unknown_fails else "open"


def gate_of(
    inputs: EvaluationInputs, option: Option, bar: Bar, applies: Mapping[str, bool], reading: Reading
) -> GateOutcome:
    """Return the outcome of a gate for one option, its question read as given."""
    evaluation = inputs.evaluation
    if not applies[bar.gate.question]:
        return "not-applicable"
    if waiver_in_force(evaluation.waivers, option.id, bar.gate, evaluation.as_of):
        return "waived"
    return outcome(
        bar,
        reading,
        past_deadline=evaluation.deadline is not None and evaluation.as_of > evaluation.deadline,
        unknown_fails=inputs.profile.unknown_gate == "fail",
    )


def better(one: GateOutcome, other: GateOutcome) -> GateOutcome:
    """Return the better of two outcomes: pass, lifted by a remedy or waiver, open, fail."""
    return max(one, other, key=_ORDER.index)
