"""The questionnaire as the page needs it: plain values, in the order in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, assert_never, get_args

from evalkit.model.answers import EvidenceItem
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StartMinusPenalties,
    StepsAtMost,
    SumCapped,
)
from evalkit.model.values import SourceKind
from evalkit.views.answer_text import unit_of
from evalkit.views.gates import bar_words
from evalkit.views.numbers import number
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.profile import Gate, Profile
    from evalkit.model.questionnaire import Question, Questionnaire

Json = dict[str, Any]

_FACTS: Final = ("licence", "routes", "surfaces", "plan_type", "operating_systems", "features")
"""Subject facts of product and deployments that a cover sheet asks for."""


def instrument_of(questionnaire: Questionnaire, profile: Profile) -> Json:
    """Return the questionnaire for the page: domains with questions, vocabulary, classes and states in words.

    Each question that is a gate of the profile says its bar, the class that it needs and the consequence.
    """
    gates = {gate.question: gate for gate in profile.gates}
    header = questionnaire.header
    return {
        "domains": [
            {
                "id": domain.id,
                "title": domain.title,
                "seed": domain.seed,
                "prefix": header.prefixes[domain.id],
                "questions": [_question(each, gates.get(each.id)) for each in domain.questions],
            }
            for domain in questionnaire.domains
        ],
        "classes": [
            {"id": each.id, "rank": each.rank, "name": wording.CLASS[each.id], "text": each.text}
            for each in sorted(header.evidence_classes, key=lambda each: each.rank)
        ],
        "states": dict(header.answer_states),
        "lab_kit": dict(header.lab_kit),
        "frameworks": dict(header.frameworks),
        "vocabulary": {
            **{fact: list(questionnaire.facts[fact].options) for fact in _FACTS},
            "source_kinds": [{"id": kind, "name": wording.KIND[kind]} for kind in get_args(SourceKind)],
            "methods": [each for each in _methods() if each],
        },
    }


def _question(question: Question, gate: Gate | None) -> Json:
    return {
        "id": question.id,
        "title": question.title,
        "question": question.question,
        "why": question.why,
        "kind": question.kind,
        "triage": question.triage,
        "weight": question.weight,
        "strongest_proof": question.strongest_proof,
        "also": question.also_record and question.also_record.model_dump(),
        "varies_by": question.varies_by.model_dump(),
        "evidence": [wanted.model_dump() for wanted in question.evidence],
        "lab_test": question.lab_test and question.lab_test.model_dump(mode="json"),
        "remedy": question.remedy and question.remedy.model_dump(),
        "refs": {name: list(ids) for name, ids in question.refs.items() if ids},
        "gate": gate
        and {
            "needs": gate.needs,
            "mitigable": gate.mitigable,
            "consequence": gate.consequence,
            "bar": bar_words(gate, question),
        },
        **_controls(question),
    }


def _controls(question: Question) -> Json:
    """Return what the question lets one choose."""
    match question:
        case ScaleQuestion():
            return {"levels": [level.model_dump() for level in question.levels]}
        case NumberQuestion():
            return {
                "unit": question.unit.replace("_", " "),
                "limits": question.limits.model_dump(),
                "specials": [special.model_dump() for special in question.special_values],
                "rule": _steps(question),
            }
        case SetQuestion():
            exclusive = question.value_rule.exclusive
            return {
                "options": [
                    {"id": option.id, "text": option.text, "exclusive": option.id in exclusive}
                    for option in question.options
                ],
                "rule": _sums(question),
            }
        case ListQuestion():
            return {
                "fields": [field.model_dump() for field in question.list_fields],
                "rule": question.value_rule.matching,
            }
        case _:
            assert_never(question)


def _steps(question: NumberQuestion) -> str:
    rule = question.value_rule
    if isinstance(rule, StepsAtMost):
        parts = [f"up to {_amount(question, it.at_most)}: {number(it.points)}" for it in rule.steps]
    else:
        parts = [f"from {_amount(question, it.at_least)}: {number(it.points)}" for it in rule.steps]
    return f"Points of 100: {', '.join(parts)}, otherwise {number(rule.otherwise)}."


def _amount(question: NumberQuestion, value: float) -> str:
    return f"{number(value)} {unit_of(question.unit, value)}"


def _sums(question: SetQuestion) -> str:
    match question.value_rule:
        case SumCapped(cap=cap):
            return f"The points of what is ticked are added, up to {number(cap)}."
        case StartMinusPenalties(start=start, floor=floor):
            return f"What is ticked is taken off {number(start)}, down to {number(floor)}."
        case _:
            return "The worst of what is ticked counts."


def _methods() -> tuple[str, ...]:
    literal = EvidenceItem.model_fields["method"].annotation
    return tuple(each for part in get_args(literal) for each in get_args(part))
