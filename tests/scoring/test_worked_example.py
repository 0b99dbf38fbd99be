"""The specification's worked example, enumerated exactly, and a published additive score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.scoring.aggregation import fixed_rubric_score
from evalkit.scoring.score import score
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.answers import Answer
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard
    from evalkit.model.values import EvidenceClass

SIX_PLACES = 5e-7
QUESTIONS = ("TRA-07", "TRA-03", "APP-04", "APP-06", "RET-02", "RET-01")
ANSWERS: dict[str, tuple[tuple[int, EvidenceClass] | None, ...]] = {
    "a": (
        (4, "contract"),
        (3, "tested"),
        (3, "tested"),
        (4, "documented"),
        (4, "contract"),
        (2, "documented"),
    ),
    "b": ((4, "claim"), (4, "claim"), (4, "claim"), (4, "documented"), (4, "claim"), (4, "documented")),
    "c": ((4, "attested"), (2, "tested"), (2, "tested"), (3, "tested"), None, (3, "documented")),
}
"""Level and class by question; None was refused."""


def said(entry: tuple[int, EvidenceClass] | None) -> Answer:
    return build.answer(state="refused") if entry is None else build.answer(*entry)


def example(
    *, control: bool = True, ret_02: int | None = None, tra_07: int | None = None
) -> EvaluationInputs:
    """The evaluation of A, B and C; RET-02 of C and TRA-07 of B may be known by a test."""
    instrument = build.questionnaire(
        {
            "transmission": [build.scale("TRA-07", weight=3), build.scale("TRA-03")],
            "approvals": [build.scale("APP-04", weight=2), build.scale("APP-06", weight=2)],
            "retention": [build.scale("RET-02", weight=2), build.scale("RET-01")],
        }
    )
    policy = build.profile(
        {"transmission": 40, "approvals": 35, "retention": 25},
        limits=build.thresholds(approve_at=0.6, domain_floor=0.3),
        gates=[build.gate("TRA-07", at_least=3, needs="documented")],
    )
    files = {
        name: {question: said(entry) for question, entry in zip(QUESTIONS, row, strict=True)}
        for name, row in ANSWERS.items()
    }
    if ret_02 is not None:
        files["c"]["RET-02"] = build.answer(ret_02, "tested")
    if tra_07 is not None:
        files["b"]["TRA-07"] = build.answer(tra_07, "tested")
    setting = build.control("XX-NET-01", {"TRA-03": 4})
    return build.inputs(
        instrument,
        policy,
        *(build.product_answers(answers, product=name) for name, answers in files.items()),
        controls=[build.control_file(setting, product="c")] if control else [],
    )


@pytest.fixture(scope="module")
def cards() -> tuple[Scorecard, ...]:
    return score(example())


def test_the_global_weights_are_those_of_the_example(cards: tuple[Scorecard, ...]) -> None:
    weights = {result.question: result.weight for result in cards[0].questions}
    assert weights == pytest.approx(
        {
            "TRA-07": 0.3,
            "TRA-03": 0.1,
            "APP-04": 0.175,
            "APP-06": 0.175,
            "RET-02": 0.166667,
            "RET-01": 0.083333,
        },
        abs=SIX_PLACES,
    )


@pytest.mark.parametrize(
    ("place", "figures"),
    [
        (0, (0.64375, 0.843021, 0.889583, 0.889583, 0.0)),
        (1, (0.129167, 0.739167, 1.0, 1.0, 0.741667)),
        (2, (0.514583, 0.618125, 0.797917, 0.63125, 0.0)),
    ],
    ids=["A", "B", "C"],
)
def test_every_figure_is_that_of_the_example(
    cards: tuple[Scorecard, ...], place: int, figures: tuple[float, ...]
) -> None:
    """Assured, expected, potential, face value, unverified share."""
    card = cards[place]
    assert card.span is not None
    span = card.span
    got = (span.assured, span.expected, span.potential, card.face_value, card.unverified_share)
    assert got == pytest.approx(figures, abs=SIX_PLACES)


def test_gates_and_verdicts_are_those_of_the_example(cards: tuple[Scorecard, ...]) -> None:
    assert [card.gates[0].result for card in cards] == ["pass", "open", "pass"]
    assert [(card.finding.verdict, card.finding.reason) for card in cards] == [
        ("approve", "sufficient"),
        ("defer", "evidence-missing"),
        ("defer", "evidence-missing"),
    ]


def test_the_winner_by_face_value_is_last_on_what_is_assured(cards: tuple[Scorecard, ...]) -> None:
    spans = [card.span for card in cards if card.span is not None]
    assert max(range(3), key=lambda n: cards[n].face_value or 0) == 1
    assert min(range(3), key=lambda n: spans[n].assured) == 1


def test_the_difference_between_a_and_c_is_the_sum_over_questions(cards: tuple[Scorecard, ...]) -> None:
    parts = {
        question: cards[0].question(question).weight
        * (cards[0].question(question).low - cards[2].question(question).low)
        for question in QUESTIONS
    }
    assert parts == pytest.approx(
        {
            "TRA-07": 0.0,
            "TRA-03": 0.025,
            "APP-04": 0.04375,
            "APP-06": -0.04375,
            "RET-02": 0.125,
            "RET-01": -0.020833,
        },
        abs=SIX_PLACES,
    )
    assert sum(parts.values()) == pytest.approx(0.129167, abs=SIX_PLACES)


def test_c_needs_its_refused_answer_and_no_control() -> None:
    """Assured .5146 + w(RET-02) .1667 reaches .60, and retention then its floor."""
    card = score(example())[2]
    assert [step.question for step in card.finding.evidence] == ["RET-02"]
    assert card.finding.conditions == ()
    assert card.evidence_alone is not None
    assert [step.question for step in card.evidence_alone] == ["RET-02"]


def test_the_control_of_c_lowers_what_its_answer_must_show() -> None:
    """RET-02 at level 2: .5146 + .0833 = .5979 is short of .60; with TRA-03 at level 4 it is .6479."""
    without, having = score(example(control=False, ret_02=2))[2], score(example(ret_02=2))[2]
    assert having.finding.verdict == "approve-with-conditions"
    assert [one.id for step in having.finding.conditions for one in step.conditions] == ["XX-NET-01"]
    assert having.finding.conditions[0].assured_after == pytest.approx(0.514583 + 1 / 12 + 0.05, abs=1e-6)
    assert without.finding.verdict == "defer"


def test_the_value_of_asking_c_for_its_answer_is_that_of_the_example() -> None:
    """A refused record has a uniform prior: the verdict changes at four of five levels."""
    verdicts = [score(example(ret_02=level))[2].finding.verdict for level in range(5)]
    assert sum(verdict != "defer" for verdict in verdicts) / 5 == pytest.approx(0.8)


def test_the_value_of_testing_the_gate_of_b_is_that_of_the_example() -> None:
    """A claim of 4 leaves .125 for each of four lower levels; below 3 the final gate fails."""
    chances = dict(score(example())[1].question("TRA-07").distribution)
    verdicts = [score(example(tra_07=level))[1].finding.verdict for level in range(5)]
    changed = [chances[level / 4] for level, verdict in enumerate(verdicts) if verdict != "defer"]
    assert sum(changed) == pytest.approx(0.375)


def test_the_additive_sum_is_that_of_a_published_example() -> None:
    """Kracka, Brauers & Zavadskas 2010, Inzinerine Ekonomika 21(4):352-359.

    As in scikit-criteria's tests/agg/test_simple.py: criteria to be minimised are inverted, then each
    criterion is divided by its sum; weights are equal.
    """
    matrix = [
        [33.95, 23.78, 11.45, 39.97, 29.44, 167.1, 3.852],
        [38.9, 4.17, 6.32, 0.01, 4.29, 132.52, 25.184],
        [37.59, 9.36, 8.23, 4.35, 10.22, 136.71, 10.845],
        [30.44, 37.59, 13.91, 74.08, 45.1, 198.34, 2.186],
        [36.21, 14.79, 9.17, 17.77, 17.06, 148.3, 6.61],
        [37.8, 8.55, 7.97, 2.35, 9.25, 134.83, 11.935],
    ]
    smaller_is_better = (True, True, True, True, False, True, False)
    columns = [
        [1 / value if inverted else value for value in column]
        for column, inverted in zip(zip(*matrix, strict=True), smaller_is_better, strict=True)
    ]
    shares = [[value / sum(column) for value in column] for column in columns]
    names = [str(place) for place in range(7)]
    scores = [
        fixed_rubric_score(dict.fromkeys(names, 1), dict(zip(names, row, strict=True)))
        for row in zip(*shares, strict=True)
    ]
    assert scores == pytest.approx(
        [0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701], abs=5e-9
    )
    assert [1 + sum(other > own for other in scores) for own in scores] == [6, 1, 3, 4, 5, 2]
