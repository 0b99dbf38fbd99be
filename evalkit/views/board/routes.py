"""What differs between the deployments of one product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.answer_text import describe
from evalkit.views.board.brief import RouteLine, Routes
from evalkit.views.board.clipping import clipped
from evalkit.views.deployments import differences
from evalkit.views.level_map import cell_of
from evalkit.views.subject import display_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.board.brief import OptionLine
    from evalkit.views.deployments import Differing
    from evalkit.views.subject import Subject

DEPLOYMENTS: Final = 5
"""Deployments shown side by side, the best ones."""

_ANSWER: Final = 60
_PRODUCT: Final = 60
LINES: Final = 5
"""Questions shown: those that move the assured score most."""


def routes(subjects: Sequence[Subject], listed: Mapping[str, OptionLine]) -> Routes | None:
    """Return what differs for the first product of the short list with two scored deployments or more."""
    for subject in subjects:
        own = [card for card in (subject.card, *subject.others) if card.is_scored]
        if len(own) > 1:
            return _routes(subject, own, listed)
    return None


def _routes(subject: Subject, own: Sequence[Scorecard], listed: Mapping[str, OptionLine]) -> Routes:
    order = list(listed)
    cards = tuple(sorted(own, key=lambda card: order.index(card.option))[:DEPLOYMENTS])
    found = differences(subject, cards)
    widest = sorted(found, key=lambda line: (-round(_range(line, cards), 12), line.question.id))
    lines = tuple(
        RouteLine(
            clipped(line.question.title),
            tuple(clipped(_said(line.question, card), _ANSWER) for card in cards),
        )
        for line in widest[:LINES]
    )
    return Routes(
        product=clipped(subject.product.name, _PRODUCT),
        deployments=tuple(listed[card.option] for card in cards),
        names=tuple(clipped(subject.option.answers.deployment(card.deployment).name) for card in cards),
        lines=lines,
        others=len(found) - len(lines),
    )


def _said(question: Question, card: Scorecard) -> str:
    """Return an answer in a few words: the name of its level, where it has one."""
    result = card.question(question.id)
    if display_state(result) == "answered" and result.value is not None:
        described = describe(question, result.value)
        if described.label:
            return f"{described.label} ({described.brief})"
    return cell_of(question, result).answer


def _range(line: Differing, cards: Sequence[Scorecard]) -> float:
    results = [card.question(line.question.id) for card in cards]
    low = [result.weight * result.low for result in results if result.applicable]
    return max(low) - min(low) if low else 0.0
