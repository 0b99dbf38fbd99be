"""Every question of an option in one grid, so that the weak spots are seen at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views.answer_text import describe
from evalkit.views.numbers import NOTHING, points
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.subject import display_state
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import QuestionResult
    from evalkit.views.subject import Subject

_STEPS = "○◔◑◕●"
_BRIEF = {"not-applicable": "n/a", "unknown": "none", "conflicting": "both", "unanswered": "open"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One question in the grid.

    Attributes
    ----------
    symbol : str
        A disc as full as the answer is worth, or the sign of a state.
    band : str
        ``b0`` to ``b4`` by worth, or the state; a colour that never stands alone.
    answer : str
        ``Level 3 of 4``, ``30 days``, or the state in words.
    brief : str
        The same for the narrowest cell: ``3``, ``30``, or the state in one word.
    counts : str
        v⁻ to v⁺ of 100; empty where it does not apply.
    """

    question: Question
    symbol: str
    band: str
    answer: str
    worth: str
    evidence_class: str
    brief: str
    counts: str


def level_map(subject: Subject) -> Section:
    """Return the grid of all questions by domain."""
    if not subject.card.is_scored:
        return EMPTY
    results = {result.question: result for result in subject.card.questions}
    grid = [
        (domain, [cell_of(question, results[question.id]) for question in domain.questions])
        for domain in subject.inputs.questionnaire.domains
    ]
    lines = []
    for domain, cells in grid:
        lines.append(f"{domain.title}:")
        lines += [f"  {one.symbol} {one.question.id} {one.question.title}: {one.answer}" for one in cells]
    return section("level_map", lines, grid=grid)


def cell_of(question: Question, result: QuestionResult) -> Cell:
    """Return one question as a cell of a grid."""
    state = display_state(result)
    counts = f"{points(result.low)} to {points(result.high)}" if result.applicable else ""
    if state == "answered" and result.value is not None and result.v is not None:
        described = describe(question, result.value)
        return Cell(
            question=question,
            symbol=disc(result.v),
            band=band(result.v),
            answer=described.short,
            worth=points(result.v),
            evidence_class=wording.CLASS[result.evidence_class],
            brief=described.brief,
            counts=counts,
        )
    return Cell(
        question=question,
        symbol=wording.STATE_SYMBOL.get(state, NOTHING),
        band=state,
        answer=wording.STATE_SHORT[state],
        worth=points(result.v) if state == "conflicting" else NOTHING,
        evidence_class=wording.CLASS[result.evidence_class] if state == "conflicting" else "",
        brief=_BRIEF.get(state, wording.STATE_SHORT[state]),
        counts=counts,
    )


def band(v: float) -> str:
    """Return the band of a worth: five of them, each named for its lower end.

    >>> band(0.0), band(0.6), band(1.0)
    ('b0', 'b2', 'b4')
    """
    return f"b{min(4, int(4 * v + 1e-9))}"


def disc(v: float) -> str:
    """Return a disc that is as full as a worth."""
    return _STEPS[min(4, int(4 * v + 1e-9))]
