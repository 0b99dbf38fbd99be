"""What an answer is worth, by the rule of its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.scoring.worth import grid, worth
from tests.scoring import builders as build
from tests.scoring.cases import random_question, random_value

if TYPE_CHECKING:
    from random import Random

    from evalkit.model.answers import RawValue
    from evalkit.model.questionnaire import Question

KEPT = build.number(
    "AAA-01", ((0, 100), (7, 90), (30, 50)), otherwise=5, special={"never": 100, "varies": 35}
)
NOTICE = build.number("AAA-01", ((90, 100), (30, 25)), best="at_least")
SUM = build.sum_capped("AAA-01", {"a": 10, "b": 35, "c": 40, "d": 25}, cap=80)
COSTS = build.penalties("AAA-01", {"a": 15, "b": 40, "c": None, "d": 70}, floor=5)
WORST = build.worst_of("AAA-01", {"a": 100, "b": 60, "c": 0})


def test_a_level_is_worth_its_points() -> None:
    uneven = build.scale("AAA-01", (0, 10, 55, 100))
    assert [worth(uneven, level) for level in range(4)] == [0, 0.1, 0.55, 1]


@pytest.mark.parametrize(
    ("question", "value", "expected"),
    [
        (KEPT, 0, 1.0),
        (KEPT, 7, 0.9),
        (KEPT, 7.5, 0.5),
        (KEPT, 30, 0.5),
        (KEPT, 31, 0.05),
        (KEPT, "never", 1.0),
        (KEPT, "varies", 0.35),
        (NOTICE, 90, 1.0),
        (NOTICE, 89, 0.25),
        (NOTICE, 29.9, 0.0),
        (SUM, ("a",), 0.1),
        (SUM, ("d", "a", "b"), 0.7),
        (SUM, ("a", "b", "c"), 0.8),
        (COSTS, ("c",), 1.0),
        (COSTS, ("a", "b"), 0.45),
        (COSTS, ("a", "b", "d"), 0.05),
        (WORST, ("a",), 1.0),
        (WORST, ("b", "a"), 0.6),
        (WORST, ("a", "b", "c"), 0.0),
    ],
)
def test_steps_are_inclusive_sums_are_capped_and_penalties_have_a_floor(
    question: Question, value: RawValue, expected: float
) -> None:
    assert worth(question, value) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (build.scale("AAA-01"), 5),
        (build.scale("AAA-01"), "high"),
        (build.scale("AAA-01"), (1,)),
        (KEPT, "sometimes"),
        (KEPT, ("never",)),
        (SUM, ()),
        (SUM, "a"),
        (SUM, ("a", "z")),
        (build.hosts("AAA-01"), 3),
    ],
)
def test_a_value_that_the_question_does_not_allow_is_an_error(question: Question, value: RawValue) -> None:
    with pytest.raises(ValueError, match=r"^AAA-01: .* is not an answer to a question of kind"):
        worth(question, value)


def test_text_is_never_scored() -> None:
    with pytest.raises(ValueError, match="No, not implemented"):
        worth(build.scale("AAA-01"), "No, not implemented.")


def test_unknown_answers_lie_on_the_levels_or_on_the_quarters() -> None:
    assert grid(build.scale("AAA-01", (0, 40, 100))) == (0, 0.4, 1)
    assert grid(KEPT) == grid(SUM) == grid(build.hosts("AAA-01")) == (0, 0.25, 0.5, 0.75, 1)


@given(st.randoms(use_true_random=False))
def test_every_answer_is_worth_something_between_nothing_and_everything(rng: Random) -> None:
    question = random_question(rng, "AAA-01")
    assert 0 <= worth(question, random_value(rng, question)) <= 1
