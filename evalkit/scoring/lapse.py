"""What changes of one option when evidence lapses, a waiver ends, or a day passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalkit.model.due import Effect, GateChange, Held, OptionChange, Outlook, ReadingChange
from evalkit.model.scorecard import Finding
from evalkit.scoring.aggregation import total_score
from evalkit.scoring.applicability import masks
from evalkit.scoring.assessors import merged_reading, voices
from evalkit.scoring.evidence import read_evidence
from evalkit.scoring.gates import gate_of
from evalkit.scoring.score import case_of
from evalkit.scoring.verdict import decide

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.scoring.evidence import Reading
    from evalkit.scoring.verdict import Case


@dataclass(frozen=True, slots=True)
class Stand:
    """How one option stands; ``case`` is None where it is not scored, and the outlook says why."""

    case: Case | None
    outlook: Outlook

    def applies(self, question: str) -> bool:
        """Whether a question applies; nothing does to what is not scored."""
        return self.case is not None and self.case.applies[question]


def stand_of(inputs: EvaluationInputs, option: Option) -> Stand:
    """Return how an option stands."""
    return _stand(case_of(inputs, option))


def next_stand(stand: Stand, inputs: EvaluationInputs, option: Option, questions: Collection[str]) -> Stand:
    """Return how an option stands on other inputs.

    As :func:`stand_of`, in a fraction of its time: only what differs is worked out again, and nothing where
    no number does.

    Parameters
    ----------
    stand
        How it stands on inputs that differ in nothing but the evidence on ``questions``, in the day and in
        waivers.
    """
    case = stand.case
    if case is None:
        return stand_of(inputs, option)
    readings = {question: reading_of(inputs, option, question) for question in questions}
    # The items themselves differ in being expired, even where a claim cannot sink lower.
    changed = any(_numbers(readings[it]) != _numbers(case.readings[it]) for it in questions)
    known: Mapping[str, Reading] = {**case.readings, **readings}
    applies = masks(inputs, option, known) if changed else case.applies
    if applies is None or not any(applies.values()):
        return stand_of(inputs, option)
    gates = {it: gate_of(inputs, option, bar, applies, known[it]) for it, bar in case.bars.items()}
    later = replace(case, readings=known, applies=applies, gates=gates)
    if not changed and gates == case.gates:
        return Stand(later, stand.outlook)
    return _stand(later)


def effect_between(option: str, before: Stand, after: Stand, questions: Collection[str]) -> Effect:
    """Return what differs between two stands of one option; empty where no number does.

    Parameters
    ----------
    questions
        Those whose evidence may differ.
    """
    if before.case is None or after.case is None:
        changes = (OptionChange(option, before.outlook, after.outlook, tuple(questions)),)
        return Effect(options=changes if before.outlook != after.outlook else ())
    old, new = before.case, after.case
    moved = [
        it
        for it in questions
        if (old.applies[it] or new.applies[it]) and _numbers(old.readings[it]) != _numbers(new.readings[it])
    ]
    gates = [it for it in old.gates if old.gates[it] != new.gates[it]]
    if not moved and not gates and old.applies == new.applies:
        return Effect()
    weights = old.weights
    moved.sort(key=lambda it: (-weights.weight(it) * abs(old.readings[it].low - new.readings[it].low), it))
    because = tuple(dict.fromkeys((*gates, *moved)))
    return Effect(
        readings=tuple(
            ReadingChange(option, it, _held(old.readings[it]), _held(new.readings[it])) for it in moved
        ),
        gates=tuple(GateChange(option, it, old.gates[it], new.gates[it]) for it in gates),
        options=(OptionChange(option, before.outlook, after.outlook, because),),
    )


def merged(effects: Iterable[Effect]) -> Effect:
    """Return several options' effects as one."""
    every = tuple(effects)
    return Effect(
        readings=tuple(it for effect in every for it in effect.readings),
        gates=tuple(it for effect in every for it in effect.gates),
        options=tuple(it for effect in every for it in effect.options),
    )


def narrowed(effect: Effect, questions: Collection[str]) -> Effect:
    """Return the part of an effect that rests on some questions."""
    return Effect(
        readings=tuple(it for it in effect.readings if it.question in questions),
        gates=tuple(it for it in effect.gates if it.question in questions),
        options=tuple(it for it in effect.options if not set(it.because).isdisjoint(questions)),
    )


def reading_of(inputs: EvaluationInputs, option: Option, question_id: str) -> Reading:
    """Return what the evidence on one question is worth for an option, under the profile's own table."""
    question = inputs.questionnaire.by_id[question_id]
    return merged_reading(
        [
            read_evidence(
                question,
                voice.statement,
                answers=voice.answers,
                deployment_id=option.deployment.id,
                table=inputs.profile.evidence,
                as_of=inputs.evaluation.as_of,
            )
            for voice in voices(inputs, option, question_id)
        ]
    )


def _stand(found: Case | Finding) -> Stand:
    if isinstance(found, Finding):
        return Stand(None, Outlook(found.verdict, found.reason, None))
    finding = decide(found)
    lows = {question: reading.low for question, reading in found.readings.items()}
    assured = total_score(found.weights, lows, found.applies) or 0.0
    return Stand(found, Outlook(finding.verdict, finding.reason, assured))


def _numbers(reading: Reading) -> tuple[object, ...]:
    return (
        reading.state,
        reading.evidence_class,
        reading.governing,
        reading.low,
        reading.high,
        reading.distribution,
    )


def _held(reading: Reading) -> Held:
    return Held(reading.low, reading.high, reading.evidence_class)
