"""What is missing for a better verdict: evidence to obtain, conditions to set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.questionnaire import ScaleQuestion
from evalkit.views.answer_text import describe
from evalkit.views.numbers import against, count
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.sentences import sentences
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.questionnaire import LabTest, Question
    from evalkit.model.scorecard import Finding, Step
    from evalkit.views.subject import Subject

SHOWN: Final = 10
"""Records printed of a long list; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One record to resolve: the lab test to run or the document to ask for."""

    question: Question
    proof: str
    documents: tuple[str, ...]
    test: LabTest | None
    assured_after: float
    closes_gate: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """One condition: a control with the level it shows, or a remedy with its setting and clause.

    Attributes
    ----------
    companions : tuple of (str, str)
        Id and title of every control that must be deployed with it.
    """

    kind: str
    id: str
    title: str
    question: Question
    shows: str
    note: str
    companions: tuple[tuple[str, str], ...]
    assured_after: float
    closes_gate: bool


def way_out(subject: Subject) -> Section:
    """Return the lists of evidence and conditions; empty where the verdict has none."""
    card = subject.card
    finding = card.finding
    if not (finding.evidence or finding.conditions):
        return EMPTY
    approve_at = subject.inputs.profile.thresholds.approve_at
    asks = asks_of(subject, finding.evidence)
    measures = measures_of(subject, finding)
    alone = asks_of(subject, card.evidence_alone or ())
    lines = [f"Evidence to obtain: {count(len(asks), 'record')}"]
    lines += [
        f"  {_line(ask)} (assured then {against(ask.assured_after, approve_at)})" for ask in asks[:SHOWN]
    ]
    lines.append(f"Conditions: {count(len(finding.conditions), 'entry', 'entries')}. {wording.ASSUMES}")
    lines += [f"  {it.id} {it.title} for {it.question.id} {it.question.title}: {it.shows}" for it in measures]
    return section(
        "way_out",
        lines,
        asks=asks[:SHOWN],
        rest=len(asks) - SHOWN,
        reached=asks[-1].assured_after if asks else None,
        approve_at=approve_at,
        minutes=sum(ask.test.minutes for ask in asks if ask.test),
        tests=sum(ask.test is not None for ask in asks),
        measures=measures,
        deferred=finding.verdict == "defer",
        alone=None if card.evidence_alone is None else alone,
        shown=SHOWN,
    )


def asks_of(subject: Subject, steps: Sequence[Step]) -> tuple[Ask, ...]:
    """Return records to resolve with what would resolve each."""
    return tuple(_ask(subject, step) for step in steps)


def measures_of(subject: Subject, finding: Finding) -> tuple[Measure, ...]:
    """Return the conditions in the order of the list."""
    return tuple(_measure(subject, step) for step in finding.conditions)


def _ask(subject: Subject, step: Step) -> Ask:
    question = subject.question(step.question)
    is_testable = question.strongest_proof == "tested" and question.lab_test is not None
    wanted = [it.what for it in question.evidence if it.kind == question.strongest_proof]
    others = [it.what for it in question.evidence]
    return Ask(
        question=question,
        proof=wording.CLASS[question.strongest_proof],
        documents=tuple(wanted or others[-1:]),
        test=question.lab_test if is_testable else None,
        assured_after=step.assured_after,
        closes_gate=step.closes_gate,
    )


def _measure(subject: Subject, step: Step) -> Measure:
    first, *companions = step.conditions
    question = subject.question(first.question)
    title, shows, note = first.id, "", ""
    control = subject.controls.get(first.id)
    if first.kind == "remedy":
        title = question.remedy.setting if question.remedy else sentences.REMEDY
        note = question.remedy.clause if question.remedy else ""
        shows = "Lifts its gate; no level rises"
    elif control is not None:
        title, note = control.title, control.effect
        mapping = control.questions.get(first.question)
        shows = _level(question, mapping.to) if mapping is not None else ""
    return Measure(
        kind=first.kind,
        id=first.id,
        title=title,
        question=question,
        shows=shows,
        note=note,
        companions=tuple((it.id, _title(subject, it.id)) for it in companions),
        assured_after=step.assured_after,
        closes_gate=step.closes_gate,
    )


def _title(subject: Subject, control_id: str) -> str:
    control = subject.controls.get(control_id)
    return control.title if control is not None else control_id


def _level(question: Question, level: int) -> str:
    described = describe(question, level)
    return described.named if isinstance(question, ScaleQuestion) else described.short


def _line(ask: Ask) -> str:
    test = f"lab test of {ask.test.minutes} minutes" if ask.test else "; ".join(ask.documents)
    return f"{ask.question.id} {ask.question.title}: {test}"
