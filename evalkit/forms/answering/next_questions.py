"""Which question is worth answering next for one option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.scoring.information import value_of_information
from evalkit.views.numbers import percent
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.forms.answering.standing import Standing
    from evalkit.model.information import RecordValue

Json = dict[str, Any]


def next_questions(standing: Standing) -> list[Json]:
    """Return open questions, most valuable first, each with the reason in words.

    First come those whose answer is likely to change the verdict on the option, then by the expected gain
    and by weight. Where nothing is answered yet, gates come first, then the first meeting's subset.
    """
    if not standing.card.is_scored:
        return list(_to_begin_with(standing))
    values = value_of_information(standing.inputs, {standing.option.id})
    seen = dict.fromkeys(value.question for value in values)
    first = {value.question: value for value in reversed(values)}
    return [{"question": name, "reason": _reason(first[name])} for name in seen]


def _to_begin_with(standing: Standing) -> list[Json]:
    questionnaire, profile = standing.inputs.questionnaire, standing.inputs.profile
    gates = {gate.question for gate in profile.gates}
    applies = [each for each in questionnaire.questions if standing.applies[each.id]]
    order = sorted(applies, key=lambda each: (each.id not in gates, not each.triage, -each.weight))
    return [
        {
            "question": each.id,
            "reason": "A gate"
            if each.id in gates
            else "For the first meeting"
            if each.triage
            else f"Weight {each.weight:g} of 5",
        }
        for each in order
    ]


def _reason(value: RecordValue) -> str:
    state = wording.STATE_SHORT[value.state] if value.state != "answered" else "weak evidence"
    if value.verdict_changes > 0:
        return f"{percent(value.verdict_changes)} likely to change the verdict ({state})"
    return f"{percent(value.weight)} of the weight ({state})"
