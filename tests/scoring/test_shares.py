"""How much of a score rests on what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from evalkit.scoring.score import score
from evalkit.scoring.shares import face_by_class, gap, gap_bucket, unverified_share
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.answers import Answer
    from evalkit.model.scorecard import Scorecard

OLD = build.item("documented", collected=build.AS_OF - timedelta(days=200))


def card_of(*said: Answer) -> Scorecard:
    """The scorecard of questions of equal weight, answered so."""
    ids = [f"AAA-{n:02}" for n in range(1, len(said) + 1)]
    instrument = build.questionnaire({"aaa": [build.scale(name) for name in ids]})
    answers = build.product_answers(dict(zip(ids, said, strict=True)))
    [card] = score(build.inputs(instrument, build.profile({"aaa": 1}), answers))
    return card


def test_the_face_value_splits_by_the_class_that_governs() -> None:
    """(1 + .5 + .5 + 0) / 4."""
    card = card_of(
        build.answer(4, "claim"),
        build.answer(2, "third_party"),
        build.answer(2, build.item("tested"), build.item("claim", 4)),
        build.answer(state="unknown"),
    )
    assert card.face_value == pytest.approx(0.5)
    assert dict(card.face_by_class) == pytest.approx({"claim": 0.25, "third_party": 0.125, "tested": 0.125})
    assert card.unverified_share == pytest.approx(0.75)
    assert face_by_class(card.questions) == card.face_by_class


def test_a_face_value_of_nothing_rests_on_nothing() -> None:
    card = card_of(build.answer(0, "claim"), build.answer(state="unknown"))
    assert (card.face_value, card.unverified_share, card.face_by_class) == (0, None, {})
    assert unverified_share({"claim": 0.2, "tested": 0.2}, 0.4) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("said", "bucket"),
    [
        (build.answer(), "unanswered"),
        (build.answer(state="unknown"), "unknown"),
        (build.answer(state="refused"), "refused"),
        (build.answer(4, build.item("documented"), build.item("documented", 1)), "disputed"),
        (build.answer(4, OLD, build.item("claim", 0)), "disputed"),
        (build.answer(4, OLD), "stale"),
        (build.answer(4, "documented"), "documented"),
        (build.answer(4, "claim"), "claim"),
    ],
)
def test_the_gap_of_a_question_goes_to_the_first_cause_that_holds(said: Answer, bucket: str) -> None:
    card = card_of(said, build.answer(2, "tested"))
    assert gap_bucket(card.question("AAA-01")) == bucket
    assert list(card.gap) == [bucket]


def test_the_gap_sums_to_potential_less_assured_and_leaves_out_empty_causes() -> None:
    """Widths 1, .5 and 0 of three questions."""
    card = card_of(build.answer(state="refused"), build.answer(4, "documented"), build.answer(1, "tested"))
    assert card.gap == pytest.approx({"refused": 1 / 3, "documented": 0.5 / 3})
    assert gap(card.questions) == card.gap
    assert card.span is not None
    assert sum(card.gap.values()) == pytest.approx(card.span.potential - card.span.assured)
