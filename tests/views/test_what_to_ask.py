"""What to ask next over all options, as a part of the comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.scoring.score import score
from evalkit.views.what_to_ask import SHOWN, what_to_ask
from tests.scoring import builders as build
from tests.scoring.test_information import two
from tests.views.conftest import small
from tests.views.pages import Page

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.comparison import Comparison
    from evalkit.views.rendering import Section


def of(inputs: EvaluationInputs) -> Section:
    return what_to_ask(inputs, score(inputs))


def test_few_options_are_told_how_far_the_first_place_shifts() -> None:
    """p is first with .3 (see the test of the shift): .36 of the first places change hands."""
    part = of(two(4, 3))
    shown = Page(part.html).text
    assert "First place shifts" in shown
    assert "36 %" in shown
    assert "among the 2 options" in shown
    assert "1 open record, 1 of which alone" in part.text


def test_many_options_are_told_why_not(all_shipped: Comparison) -> None:
    part = what_to_ask(all_shipped.inputs, all_shipped.cards)
    shown = Page(part.html).text
    assert "it is told where 2 to 8 options with a score are compared; here there are 39." in shown
    assert part.html.count('<th scope="row">') == SHOWN + 9 + 8
    assert "further records could change one too" in shown
    for domain in all_shipped.inputs.questionnaire.domains:
        assert domain.title in shown
        assert f"all of {domain.title}" in part.text


def test_where_no_single_answer_changes_anything_it_says_so() -> None:
    shown = Page(of(two(0, 4)).html).text
    assert "1 record open over all options; none can change a verdict or who is first alone" in shown
    assert "Some verdict changes" in shown


def test_nothing_is_shown_where_nothing_is_open() -> None:
    known = build.answer(4, "tested")
    answers = build.product_answers({"AAA-01": known, "BBB-01": known})
    assert of(replace(small(), answers={"p": answers})).html == ""
