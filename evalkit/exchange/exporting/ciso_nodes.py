"""A question as a requirement of CISO Assistant: its choices with points, the groups it is asked in."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from evalkit.model.condition import AllOf, AnyOf, FactCondition
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StartMinusPenalties,
    StepsAtMost,
    SumCapped,
    WorstOfSelected,
)
from evalkit.views.answer_text import unit_of
from evalkit.views.condition_text import condition_words
from evalkit.views.numbers import number
from evalkit.views.safe_text import visible
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.condition import Condition
    from evalkit.model.questionnaire import Question

ALWAYS: Final = "always"
"""The implementation group of what is asked whatever the product is: a requirement in no group is never asked
once a group is selected."""

_NOT_IN_AN_ID: Final = re.compile(r"[^a-z0-9._-]+")


def node_of(question: Question, base: str, parent: str, *, with_groups: bool) -> dict[str, Any]:
    """Return the requirement of a question below its domain's."""
    urn = f"{base}:{question.id.lower()}"
    node: dict[str, Any] = {
        "urn": urn,
        "assessable": True,
        "depth": 2,
        "parent_urn": parent,
        "ref_id": question.id,
        "name": told(question.title),
        "description": told(question.why),
        "annotation": "\n".join(told(line) for line in _annotation(question)),
        "typical_evidence": "\n".join(
            told(f"{wording.CLASS[it.kind]}: {it.what}") for it in question.evidence
        ),
        "implementation_groups": [*(groups_of(question.applies_if) or [ALWAYS])] if with_groups else [],
        "weight": _rounded(question.weight),
    }
    made = {key: content for key, content in node.items() if content not in ("", [])}
    return made | {"questions": {f"{urn}:question:1": _asked(question, f"{urn}:question:1")}}


def told(text: str) -> str:
    """Return text of the instrument with what hides or reorders shown."""
    return visible(text)


def groups_of(condition: Condition | None) -> Mapping[str, tuple[str, str]]:
    """Return the groups of which one has to be selected for a question to be asked, with fact and value.

    Empty where it is always asked, and where groups cannot say when: rather asked than skipped.
    """
    match condition:
        case FactCondition(fact=fact, includes_any=values):
            return {_NOT_IN_AN_ID.sub("-", f"{fact}-{value}".lower()): (fact, value) for value in values}
        case AnyOf(any=parts):
            each = [groups_of(part) for part in parts]
            return {name: it for own in each for name, it in own.items()} if all(each) else {}
        case AllOf(all=parts):
            return next((groups for part in parts if (groups := groups_of(part))), {})
        case _:
            return {}


def is_exact(condition: Condition | None) -> bool:
    """Whether :func:`groups_of` says all of a condition."""
    match condition:
        case None | FactCondition():
            return True
        case AnyOf(any=parts):
            return all(map(is_exact, parts))
        case AllOf(all=parts):
            return len(parts) == 1 and is_exact(parts[0])
        case _:
            return False


def _annotation(question: Question) -> Iterator[str]:
    if question.applies_if is not None:
        yield f"Applies if {condition_words(question.applies_if)}."
    if isinstance(question, SetQuestion):
        yield _counting(question)
    if isinstance(question, ListQuestion):
        yield from (f"{field.id}: {field.text}" for field in question.list_fields)
    if question.also_record is not None:
        yield f"Also record ({question.also_record.unit}): {question.also_record.text}"
    if question.remedy is not None:
        yield f"Setting that helps: {question.remedy.setting}"
        yield f"Clause that helps: {question.remedy.clause}"
    yield from (f"Reference {key}: {', '.join(ids)}" for key, ids in question.refs.items() if ids)


def _counting(question: SetQuestion) -> str:
    match question.value_rule:
        case WorstOfSelected():
            return "Choose the worst of what is true: it decides."
        case SumCapped(cap=cap):
            return f"The points of all that is true add up, to {number(cap)} at most."
        case StartMinusPenalties(start=start, floor=floor):
            return (
                f"The score is {number(start)} less the penalties of all that is true, {number(floor)} at"
                " least; set it by hand."
            )


def _asked(question: Question, urn: str) -> dict[str, Any]:
    kind = "unique_choice"
    if isinstance(question, ListQuestion):
        return {"type": "text", "text": told(question.question)}
    if isinstance(question, SetQuestion) and not isinstance(question.value_rule, WorstOfSelected):
        kind = "multiple_choice"
    choices = [
        {
            "urn": f"{urn}:choice:{name}",
            "value": told(text),
            **({"description": told(meaning)} if meaning else {}),
            "add_score": _rounded(score),
        }
        for name, text, meaning, score in _choices(question)
    ]
    return {"type": kind, "text": told(question.question), "choices": choices}


def _choices(
    question: ScaleQuestion | NumberQuestion | SetQuestion,
) -> list[tuple[str, str, str, float]]:
    """Id, text, meaning and score of each choice; what is picked alone, from the worst to the best."""
    match question:
        case ScaleQuestion():
            return [(f"{it.level}", it.label, it.text, it.points) for it in question.levels]
        case NumberQuestion():
            special = [(it.id, wording.words(it.id), it.text, it.points) for it in question.special_values]
            return sorted([*_ranges(question), *special], key=lambda choice: choice[3])
        case SetQuestion():
            return [
                (it.id, it.text, "", -it.penalty if it.penalty is not None else it.points or 0.0)
                for it in question.options
            ]


def _ranges(question: NumberQuestion) -> Iterator[tuple[str, str, str, float]]:
    """Yield ranges that have no number in common and, with the special values, leave none out."""

    def amount(value: float) -> str:
        return f"{number(value)} {unit_of(question.unit, value)}"

    rule = question.value_rule
    if isinstance(rule, StepsAtMost):
        limits = sorted((step.at_most, step.points) for step in rule.steps)
        yield f"at-most-{limits[0][0]:.10g}", f"at most {amount(limits[0][0])}", "", limits[0][1]
        for (below, _), (limit, points) in pairwise(limits):
            yield f"at-most-{limit:.10g}", f"more than {number(below)}, at most {amount(limit)}", "", points
        yield "all-others", f"more than {amount(limits[-1][0])}", "", rule.otherwise
    else:
        limits = sorted(((step.at_least, step.points) for step in rule.steps), reverse=True)
        yield f"at-least-{limits[0][0]:.10g}", f"at least {amount(limits[0][0])}", "", limits[0][1]
        for (above, _), (limit, points) in pairwise(limits):
            yield f"at-least-{limit:.10g}", f"at least {number(limit)}, less than {amount(above)}", "", points
        yield "all-others", f"less than {amount(limits[-1][0])}", "", rule.otherwise


def _rounded(points: float) -> int:
    return int(points + 0.5) if points >= 0 else -int(0.5 - points)
