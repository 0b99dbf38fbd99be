"""Which gates exclude an option, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from evalkit.model.scorecard import Finding
from evalkit.scoring.gate_exclusions import gate_exclusions
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import case_of
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import Answer
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.profile import Gate
    from evalkit.scoring.gate_exclusions import Exclusions

UNKNOWN = build.answer(state="unknown")
DRAWS = 4000


def of_option(inputs: EvaluationInputs, place: int = 0) -> Exclusions:
    case = case_of(inputs, inputs.options()[place])
    assert not isinstance(case, Finding)
    return gate_exclusions(case)


def exclusions(said: Mapping[str, Answer], *gates: Gate, waived: str = "") -> Exclusions:
    """Scales of five even levels in one domain, with gates."""
    instrument = build.questionnaire({"aaa": [build.scale(name) for name in said]})
    waivers = [build.waiver("p/direct", waived)] if waived else []
    policy = build.profile({"aaa": 1}, gates=gates)
    return of_option(build.inputs(instrument, policy, build.product_answers(said), waivers=waivers))


@pytest.mark.parametrize(
    ("said", "level", "chance"),
    [
        (UNKNOWN, 2, 9 / 15),
        (UNKNOWN, 4, 14 / 15),
        (build.answer(4, "documented"), 3, 0.15),  # .7 at level 4, .15 each at 2 and 3
        (build.answer(3, "tested"), 4, 1),
        (build.answer(state="refused"), 1, 1),
    ],
    ids=["unknown", "unknown-best", "documented", "failing", "refused"],
)
def test_a_gate_excludes_where_the_value_drawn_is_below_its_bar(
    said: Answer, level: int, chance: float
) -> None:
    answers = {"AAA-01": said, "AAA-02": build.answer(4, "tested")}
    [gate] = exclusions(answers, build.gate("AAA-01", at_least=level)).gates
    assert gate.question == "AAA-01"
    assert gate.chance == pytest.approx(chance)


def test_chances_of_several_gates_multiply_and_each_is_named() -> None:
    said = {"AAA-01": UNKNOWN, "AAA-02": UNKNOWN, "AAA-03": build.answer(4, "tested")}
    gates = (build.gate("AAA-01", at_least=1), build.gate("AAA-02", at_least=2, mitigable=True))
    found = exclusions(said, *gates, build.gate("AAA-03", at_least=4))
    assert [(gate.question, gate.mitigable) for gate in found.gates] == [("AAA-02", True), ("AAA-01", False)]
    assert found.by_final == pytest.approx(5 / 15)
    assert found.as_delivered == pytest.approx(1 - (10 / 15) * (6 / 15))


def test_a_gate_that_fails_as_it_stands_excludes_always() -> None:
    found = exclusions({"AAA-01": build.answer(1, "documented")}, build.gate("AAA-01", at_least=3))
    assert [(gate.fails, gate.chance) for gate in found.gates] == [(True, 1)]


def test_a_waived_gate_excludes_never() -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    assert exclusions({"AAA-01": UNKNOWN}, gate, waived="AAA-01").gates == ()


@given(evaluations(Traits(products=2)))
def test_the_draws_exclude_as_often_within_their_error(inputs: EvaluationInputs) -> None:
    """Five standard errors, and a draw or two where hardly any is excluded."""
    result = robustness(inputs, draws=DRAWS)
    places = {option.id: place for place, option in enumerate(inputs.options())}
    for table, which in ((result.final_gates, "by_final"), (result.as_delivered, "as_delivered")):
        for row in table.scenarios[0].options:
            exact = getattr(of_option(inputs, places[row.option]), which)
            error = 5 * (exact * (1 - exact) / DRAWS) ** 0.5 + 2 / DRAWS
            assert row.excluded == pytest.approx(exact, abs=error)
