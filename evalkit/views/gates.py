"""The gates of an option: the bar, what was found, on what evidence, the result and its consequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.model.values import RANK
from evalkit.scoring.gates import bar_of, waiver_in_force
from evalkit.views.answer_text import describe, unit_of
from evalkit.views.numbers import number
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.sentences import sentences
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import GateResult, QuestionResult
    from evalkit.views.subject import Subject


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate as readers see it."""

    question: Question
    bar: str
    found: tuple[str, ...]
    evidence_class: str
    needs: str
    result: str
    why: str
    consequence: str
    mitigable: bool


def gates(subject: Subject) -> Section:
    """Return the table of gates."""
    if not subject.card.is_scored or not subject.card.gates:
        return EMPTY
    views = gate_views(subject)
    lines = [
        f"{view.question.id} {view.question.title}: {wording.GATE[view.result]}. Bar: {view.bar}. Found:"
        f" {'; '.join(view.found)} ({wording.CLASS[view.evidence_class]}). {view.why}"
        for view in views
    ]
    return section("gates", lines, gates=views)


def gate_views(subject: Subject) -> tuple[GateView, ...]:
    """Return every gate of the profile for one option, in the order of the profile."""
    rules = {gate.question: gate for gate in subject.inputs.profile.gates}
    return tuple(_view(subject, rules[it.question], it) for it in subject.card.gates)


def bar_words(gate: Gate, question: Question) -> str:
    """Return the bar of a gate in words."""
    if gate.includes_any is not None and question.kind == "set":
        texts = {option.id: option.text for option in question.options}
        return sentences.BAR_ONE_OF.format(texts="; ".join(texts.get(it, it) for it in gate.includes_any))
    if gate.at_most is not None:
        unit = unit_of(question.unit, gate.at_most) if question.kind == "number" else ""
        return sentences.BAR_AT_MOST.format(amount=f"{number(gate.at_most)} {unit}".strip())
    least = gate.at_least or 0
    if question.kind == "number":
        return sentences.BAR_AT_LEAST.format(amount=f"{number(least)} {unit_of(question.unit, least)}")
    described = describe(question, int(least))
    if described.label:
        return sentences.BAR_LEVEL.format(level=number(least), label=described.label)
    return sentences.BAR_AT_LEAST.format(amount=number(least))


def _view(subject: Subject, gate: Gate, outcome: GateResult) -> GateView:
    question = subject.question(gate.question)
    result = subject.card.question(gate.question)
    found = tuple(describe(question, value).named for value in subject.governing(result))
    state = wording.STATE["not-applicable" if not result.applicable else result.state]
    return GateView(
        question=question,
        bar=bar_words(gate, question),
        found=found or (state,),
        evidence_class=result.evidence_class,
        needs=gate.needs,
        result=outcome.result,
        why=_why(subject, gate, outcome, result),
        consequence=gate.consequence,
        mitigable=gate.mitigable,
    )


def _why(subject: Subject, gate: Gate, outcome: GateResult, result: QuestionResult) -> str:
    if outcome.result == "waived":
        evaluation = subject.inputs.evaluation
        waiver = waiver_in_force(evaluation.waivers, subject.card.option, gate, evaluation.as_of)
        if waiver is not None:
            return f"Set aside by {waiver.by} until {waiver.until.isoformat()}: {waiver.reason}"
    if outcome.result in ("pass", "not-applicable", "waived"):
        return wording.GATE_WHY[outcome.result]
    bar = bar_of(gate, subject.question(gate.question))
    reached = [bar.reached_by(value) for value in subject.governing(result)]
    why = wording.GATE_WHY[_undecided(reached, result, gate)]
    if outcome.result == "fail":
        if result.state == "refused":
            return wording.GATE_WHY["refused"]
        if reached and not any(reached) and RANK[result.evidence_class] >= RANK["documented"]:
            return wording.GATE_WHY["short"]
        return f"{why} {wording.GATE_WHY['undecided-fails']}"
    return why


def _undecided(reached: list[bool], result: QuestionResult, gate: Gate) -> str:
    if not reached:
        return "unknown"
    if all(reached):
        return "weak" if RANK[result.evidence_class] < RANK[gate.needs] else "unknown"
    return "mixed" if any(reached) else "weak-short"
