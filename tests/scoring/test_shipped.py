"""Every question of the shipped questionnaire reaches the score."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.files.instrument import load_questionnaire
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.scoring.changes import lowest_and_highest

if TYPE_CHECKING:
    from evalkit.model.answers import Deployment
    from evalkit.model.scorecard import Scorecard, Span

INSTRUMENT = load_questionnaire(Path(__file__).parents[2] / "questionnaires" / "coding-agent")
POLICY = build.profile({domain.id: 1 for domain in INSTRUMENT.domains})
DEPLOYMENTS = [
    build.deployment(f"d{place}", route=route, surface=surface)
    for place, (route, surface) in enumerate(
        product(INSTRUMENT.facts["routes"].options, INSTRUMENT.facts["surfaces"].options)
    )
]


def spans_of(question_id: str, deployment: Deployment) -> list[Span]:
    """Scores with the lowest and the highest answer; empty where the question does not apply."""
    cards: list[Scorecard] = []
    for value in lowest_and_highest(INSTRUMENT.by_id[question_id]):
        said = {question_id: build.answer(value, "tested")}
        answers = build.product_answers(said, deployments=[deployment], features=None)
        cards.extend(score(build.inputs(INSTRUMENT, POLICY, answers)))
    return [card.span for card in cards if card.span is not None]


@pytest.mark.parametrize("question_id", [question.id for question in INSTRUMENT.questions])
def test_changing_the_answer_changes_the_score_of_an_option_it_applies_to(question_id: str) -> None:
    low, high = next(filter(None, (spans_of(question_id, deployment) for deployment in DEPLOYMENTS)))
    assert low.assured < high.assured
    assert low.expected < high.expected
    assert low.potential < high.potential
