"""What falls due besides evidence: waivers, the vendors' deadline, and the conditions of a board."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.model.due import Due, Effect
from evalkit.scoring.lapse import effect_between, merged, narrowed, next_stand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from evalkit.model.decision import DecidedWaiver, DecisionRecord
    from evalkit.model.evaluation import Option, Waiver
    from evalkit.model.values import AnswerState
    from evalkit.scoring.course import Look, Passing
    from evalkit.scoring.lapse import Stand

EVALUATION, DECISION = "evaluation.yaml", "decision.yaml"


def waivers_due(
    look: Look, record: DecisionRecord | None, passings: Mapping[tuple[str, date], Passing]
) -> Iterator[Due]:
    """Yield the waivers of the evaluation, which count in scores, and those of the board, which do not.

    A waiver that both have is one.
    """
    decided = {
        (decision.option, waiver.gate, waiver.until): waiver
        for decision in (record.decisions if record else ())
        for waiver in decision.waivers
    }
    options = {option.id: option for option in look.options}
    for waiver in look.inputs.evaluation.waivers:
        option = options.get(waiver.option)
        if option is not None:
            key = (waiver.option, waiver.gate, waiver.until)
            files = (EVALUATION, DECISION) if decided.pop(key, None) else (EVALUATION,)
            yield _waiver(look, option, waiver, files, _effect(look, option, waiver, passings))
    for (name, _, _), own in decided.items():
        if name in options:
            yield _waiver(look, options[name], own, (DECISION,), Effect())


def deadline_due(look: Look, passings: Mapping[tuple[str, date], Passing]) -> Iterator[Due]:
    """Yield the day until which vendors may answer; once it is over, only where they left something open."""
    day = look.inputs.evaluation.deadline
    if day is None:
        return
    is_past = day < look.day
    waiting = tuple(option for option, stand in look.stands.items() if _in_state(stand, "unanswered"))
    if is_past and not waiting:
        return
    effects = [
        narrowed(passing.effect, _in_state(stand, "refused"))
        for option, stand in look.stands.items()
        if (passing := passings.get((option, day))) is not None
    ]
    yield Due(
        kind="deadline",
        day=day,
        is_past=is_past,
        options=waiting,
        recorded_in=(EVALUATION,),
        effect=merged(effects),
    )


def conditions_due(look: Look, record: DecisionRecord | None) -> Iterator[Due]:
    """Yield the conditions of the board that nobody has shown to be met."""
    options = {option.id for option in look.options}
    for decision in record.decisions if record else ():
        for condition in decision.conditions:
            if condition.done is None and decision.option in options:
                yield Due(
                    kind="condition",
                    day=condition.due,
                    is_past=condition.due < look.day,
                    product=decision.option.partition("/")[0],
                    subject=condition.id or "",
                    text=condition.text or "",
                    who=condition.owner,
                    options=(decision.option,),
                    recorded_in=(DECISION,),
                )


def _waiver(
    look: Look, option: Option, waiver: Waiver | DecidedWaiver, files: tuple[str, ...], effect: Effect
) -> Due:
    return Due(
        kind="waiver",
        day=waiver.until,
        is_past=waiver.until < look.day,
        product=option.answers.product.id,
        subject=waiver.gate,
        text=waiver.reason,
        who=waiver.by,
        options=(option.id,),
        recorded_in=files,
        effect=effect,
    )


def _effect(
    look: Look, option: Option, waiver: Waiver, passings: Mapping[tuple[str, date], Passing]
) -> Effect:
    """Return what the end of a waiver changes, or has changed: its gate is no longer set aside."""
    passing = passings.get((option.id, waiver.until))
    if passing is not None:
        return narrowed(passing.effect, {waiver.gate})
    if waiver.until >= look.day:
        return Effect()  # further ahead than one looks
    evaluation = look.inputs.evaluation
    prolonged = tuple(
        it.model_copy(update={"until": look.day}) if it == waiver else it for it in evaluation.waivers
    )
    inputs = replace(look.inputs, evaluation=evaluation.model_copy(update={"waivers": prolonged}))
    now = look.stands[option.id]
    before = next_stand(now, inputs, option, ())
    return effect_between(option.id, before, now, ())


def _in_state(stand: Stand, state: AnswerState) -> set[str]:
    """Return the questions in a state that apply to an option; none where it is not scored."""
    if stand.case is None:
        return set()
    return {it for it, reading in stand.case.readings.items() if reading.state == state and stand.applies(it)}
