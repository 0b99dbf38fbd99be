"""Every question of an option with its answer, its evidence and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.views.agreement import said_by_each
from evalkit.views.answer_text import Described, describe
from evalkit.views.evidence_view import EvidenceView, evidence_views
from evalkit.views.level_map import band, disc
from evalkit.views.numbers import points
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.requirements import SETTLED
from evalkit.views.subject import display_state
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.model.answers import Statement
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import QuestionResult
    from evalkit.views.agreement import Said
    from evalkit.views.subject import Subject

WEAK_BELOW: Final = 0.5
"""A question assured below this share shows what would help."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question as its report shows it.

    Attributes
    ----------
    described : tuple of Described
        The answer; several where statements conflict; none where there is no answer.
    said : tuple of Said
        What each assessor says, where several do and no consensus stands.
    is_weak : bool
        Whether the remedy is shown: little is assured, or its gate is not settled.
    """

    question: Question
    result: QuestionResult
    statement: Statement
    state: str
    symbol: str
    band: str
    described: tuple[Described, ...]
    evidence: tuple[EvidenceView, ...]
    said: tuple[Said, ...]
    is_weak: bool
    gate: str | None
    override: bool


def questions(subject: Subject) -> Section:
    """Return all questions by domain, in the order of the questionnaire."""
    if not subject.card.is_scored:
        return EMPTY
    views = {view.question.id: view for view in question_views(subject)}
    by_domain = [
        (domain, [views[question.id] for question in domain.questions])
        for domain in subject.inputs.questionnaire.domains
    ]
    lines = []
    for domain, own in by_domain:
        lines.append(f"{domain.title}: {domain.seed}")
        lines += [f"  {line}" for view in own for line in _lines(view)]
    return section("questions", lines, domains=by_domain, subject=subject)


def question_views(subject: Subject) -> tuple[QuestionView, ...]:
    """Return the view of every question, in the order of the questionnaire."""
    gates = {gate.question: gate.result for gate in subject.card.gates}
    return tuple(_view(subject, result, gates.get(result.question)) for result in subject.card.questions)


def _view(subject: Subject, result: QuestionResult, gate: str | None) -> QuestionView:
    question = subject.question(result.question)
    state = display_state(result)
    stands = result.v is not None
    return QuestionView(
        question=question,
        result=result,
        statement=subject.statement(result.question),
        state=state,
        symbol=disc(result.v) if result.v is not None and state == "answered" else _sign(state),
        band=band(result.v) if result.v is not None and state == "answered" else state,
        described=tuple(_described(subject, question, result)) if stands else (),
        evidence=evidence_views(subject, result.question, result.items),
        said=said_by_each(question, subject.voices(question.id)),
        is_weak=result.applicable and (result.low < WEAK_BELOW or (gate is not None and gate not in SETTLED)),
        gate=gate,
        override=question.id in subject.option.answers.answers
        and subject.option.deployment.id in subject.option.answers.answers[question.id].deployments,
    )


def _sign(state: str) -> str:
    return wording.STATE_SYMBOL.get(state, "")


def _described(subject: Subject, question: Question, result: QuestionResult) -> Iterable[Described]:
    if result.value is not None:
        yield describe(question, result.value)
        return
    for value in subject.governing(result):
        yield describe(question, value)


def _lines(view: QuestionView) -> Iterable[str]:
    answer = "; ".join(one.named for one in view.described) or wording.STATE[view.state]
    result = view.result
    counts = f" ({points(result.low)} to {points(result.high)} of 100)" if result.applicable else ""
    yield f"{view.question.id} {view.question.title}: {answer}{counts}"
