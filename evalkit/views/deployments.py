"""What differs between this deployment and the product's others, in figures and question by question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views.level_map import Cell, cell_of
from evalkit.views.numbers import points, signed
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import QuestionResult, Scorecard
    from evalkit.views.subject import Subject


@dataclass(frozen=True, slots=True)
class Differing:
    """One question on which deployments differ, with a cell for each."""

    question: Question
    cells: tuple[Cell, ...]


def deployments(subject: Subject) -> Section:
    """Return the product's deployments side by side; empty where there is but one, or no score."""
    if not subject.card.is_scored or not subject.others:
        return EMPTY
    here = subject.card.span
    rows = [
        (card, subject.option.answers.deployment(card.deployment).name, _change(subject, card))
        for card in (subject.card, *subject.others)
    ]
    cards = tuple(card for card in (subject.card, *subject.others) if card.is_scored)
    differing = differences(subject, cards)
    lines = [
        f"{card.option}: {wording.VERDICT[card.finding.verdict]}"
        + (f", assured {points(card.span.assured)} ({change})" if card.span and here else "")
        for card, _, change in rows
    ]
    lines += [
        f"{row.question.id} {row.question.title}: "
        + "; ".join(f"{card.deployment} {cell.answer}" for card, cell in zip(cards, row.cells, strict=True))
        for row in differing
    ]
    return section("deployments", lines, rows=rows, cards=cards, differing=differing, subject=subject)


def differences(subject: Subject, cards: tuple[Scorecard, ...]) -> tuple[Differing, ...]:
    """Return the questions whose answer, state, class or worth is not the same for all cards."""
    rows = []
    for place, question in enumerate(subject.inputs.questionnaire.questions):
        results = [card.questions[place] for card in cards]
        if len({essence(result) for result in results}) > 1:
            rows.append(Differing(question, tuple(cell_of(question, result) for result in results)))
    return tuple(rows)


def essence(result: QuestionResult) -> tuple[object, ...]:
    """Return what makes two results the same to a reader."""
    if not result.applicable:
        return ("not-applicable",)
    return (result.state, result.v, result.low, result.high, result.evidence_class)


def _change(subject: Subject, card: Scorecard) -> str:
    here, there = subject.card.span, card.span
    if card is subject.card:
        return "this deployment"
    return signed(there.assured - here.assured) if here and there else "–"
