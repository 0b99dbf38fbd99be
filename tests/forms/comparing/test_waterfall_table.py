from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.forms.comparing.waterfall_table import waterfall_table
from evalkit.model.condition import FactCondition
from tests.forms.panels import text_of
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

ONLY_CLI = FactCondition(fact="surfaces", includes_any=("cli",))


def two(*, masked: bool = False) -> EvaluationInputs:
    """Two options that differ in one answer, or in what applies."""
    second = build.scale("BBB-01", applies_if=ONLY_CLI if masked else None)
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")], "bbb": [second]})
    answers = {"AAA-01": build.answer(4, "tested"), "BBB-01": build.answer(2, "tested")}
    other = answers if masked else {**answers, "BBB-01": build.answer(4, "tested")}
    return build.inputs(
        instrument,
        build.profile({"aaa": 1, "bbb": 1}),
        build.product_answers(answers, product="p", deployments=[build.deployment()]),
        build.product_answers(
            other, product="q", deployments=[build.deployment(surface="ide" if masked else "cli")]
        ),
    )


def table(inputs: EvaluationInputs) -> str:
    p, q = inputs.options()
    return waterfall_table(inputs, q, p)


def test_the_domain_with_the_better_answer_makes_the_difference() -> None:
    shown = text_of(table(two()))
    assert "p/direct 75.0 75.0 75.0" in shown
    assert "aaa ±0.0 ±0.0 ±0.0" in shown
    assert "bbb +25.0 +25.0 +25.0 BBB-01 +25.0" in shown
    assert "q/direct 100.0 100.0 100.0" in shown
    assert "Not the same questions apply" not in shown


def test_what_applies_to_one_only_has_a_bar_of_its_own() -> None:
    shown = text_of(table(two(masked=True)))
    assert "aaa ±0.0 ±0.0 ±0.0" in shown
    assert "bbb ±0.0 ±0.0 ±0.0" in shown
    assert "Not the same questions apply +25.0 +25.0 +25.0" in shown


def test_an_option_without_a_score_has_no_waterfall() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    said = build.product_answers({"AAA-01": build.answer(4, "tested")}, deployments=[build.deployment()])
    silent = build.product_answers({}, product="q", deployments=[build.deployment()])
    inputs = build.inputs(instrument, build.profile({"aaa": 1}), said, silent)
    assert table(inputs) == ""
