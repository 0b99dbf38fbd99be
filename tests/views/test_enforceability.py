from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.scoring.score import score
from evalkit.views.enforceability import MEANING, SYMBOL, Cell, Part, enforceability, matrix
from evalkit.views.substitutes import substitute_for
from tests.views.conftest import small
from tests.views.pages import Page

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.comparison import Comparison


def test_every_condition_and_product_has_a_cell_in_words_and_symbols(all_shipped: Comparison) -> None:
    inputs = all_shipped.inputs
    made = matrix(inputs, [card.option for card in all_shipped.cards])
    assert inputs.conditions is not None
    assert [row.condition for row in made.rows] == list(inputs.conditions.conditions)
    assert made.products == tuple(file.name for file in inputs.controls.values())
    html = all_shipped.enforceability.html
    text = Page(html).text
    for row in made.rows:
        assert row.condition in text
        assert all(words in text for cell in row.cells for _, words in cell.said)
    parts = sum(len(cell.parts) for row in made.rows for cell in row.cells)
    assert html.count('<span aria-hidden="true">') == parts + len(SYMBOL)
    assert all(meaning in text for meaning in MEANING.values())
    assert html.count('scope="col"') == len(made.products) + 2
    assert html.count('scope="row"') == len(made.rows)


def test_what_is_done_by_hand_lags_on_a_system_or_differs_by_deployment_is_said() -> None:
    assert Cell((Part("yes", 5, by_hand=True),)).text == "yes, by hand"
    assert Cell((Part("partly", 5, gaps=("windows",)),)).text == "partly, less on windows"
    assert Cell((Part("yes", 2), Part("none", 3))).text == "yes in 2 of 5; none recorded in 3 of 5"


def test_what_is_not_yes_everywhere_has_a_substitute(all_shipped: Comparison) -> None:
    made = matrix(all_shipped.inputs, [card.option for card in all_shipped.cards])
    assert all(row.substitute for row in made.rows)


def test_a_condition_of_the_organisation_falls_back_on_the_remedies_of_its_questions(
    shipped: EvaluationInputs,
) -> None:
    questionnaire = shipped.questionnaire
    question = next(it for it in questionnaire.questions if it.remedy is not None)
    assert shipped.conditions is not None
    text = shipped.conditions.conditions["no-bypass"].model_copy(update={"questions": (question.id,)})
    assert question.remedy is not None
    assert substitute_for("our-own", text, questionnaire) == question.remedy.setting
    assert substitute_for("our-own", None, questionnaire) == ""


def test_an_evaluation_without_controls_has_no_such_part(shipped: EvaluationInputs) -> None:
    inputs = small()
    assert enforceability(inputs, score(inputs)).html == ""
    apart = replace(shipped, controls={})
    assert matrix(apart, [it.id for it in apart.options()]).rows == ()


def test_texts_of_conditions_and_products_are_text(shipped: EvaluationInputs) -> None:
    assert shipped.conditions is not None
    lists = shipped.conditions.conditions
    bad = {"no-bypass": lists["no-bypass"].model_copy(update={"text": "<script>alert(1)</script>\u202e"})}
    conditions = shipped.conditions.model_copy(update={"conditions": bad})
    file = shipped.controls["claude-code"].model_copy(update={"name": "<b>Agent"})
    inputs = replace(shipped, conditions=conditions, controls={"claude-code": file})
    html = enforceability(inputs, score(inputs)).html
    assert "<script>" not in html
    assert "<b>Agent" not in html
    assert "\u202e" not in html
