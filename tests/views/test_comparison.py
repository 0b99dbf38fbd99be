from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evalkit.scoring.score import score
from evalkit.views.comparison import Comparison
from evalkit.views.numbers import points
from evalkit.views.ranking import ranked
from evalkit.views.wording import wording
from tests.scoring import builders as build
from tests.views.conftest import SOURCES, small
from tests.views.pages import Page, sections, whole

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs


def of(inputs: EvaluationInputs) -> Comparison:
    return Comparison(inputs, score(inputs))


def products(amount: int, level: int = 3) -> EvaluationInputs:
    """Options that differ in their first answer only."""
    made = [
        build.product_answers(
            {
                "AAA-01": build.answer(place % 5, "documented"),
                "BBB-01": build.answer(level, "documented"),
            },
            product=f"p{place:03}",
            sources=SOURCES,
        )
        for place in range(amount)
    ]
    return replace(small(), answers={one.product.id: one for one in made})


@pytest.mark.parametrize("amount", [1, 2, 45])
def test_any_number_of_options_is_compared(amount: int) -> None:
    comparison = of(products(amount))
    html = sections(comparison)
    assert html["ranking"].count("<svg") == -(-amount // 40)
    assert html["ranking"].count('<th scope="row">') == amount
    alone = {"weight_sweeps"} if amount == 1 else set()
    assert {name for name, text in html.items() if not text} == {"not_compared"} | alone


def test_all_shipped_options_are_ranked_by_the_assured_score(all_shipped: Comparison) -> None:
    order = [one.card.span.assured for one in ranked(all_shipped.inputs, all_shipped.cards) if one.card.span]
    assert len(order) == len(all_shipped.cards)
    assert order == sorted(order, reverse=True)
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", all_shipped.ranking.html)
    shown = [Page(row).text for row in rows]
    for one, row in zip(ranked(all_shipped.inputs, all_shipped.cards), shown, strict=True):
        assert row.startswith(one.card.option)
        assert wording.VERDICT[one.card.finding.verdict] in row
        assert one.card.span is not None
        assert f" {points(one.card.span.assured)} {points(one.card.span.expected)} " in row


def test_options_of_the_same_score_share_a_rank() -> None:
    inputs = products(10)
    ranks = [one.rank for one in ranked(inputs, score(inputs))]
    assert ranks == [1, 1, 3, 3, 5, 5, 5, 5, 5, 5]  # two levels of slack: levels 2, 1 and 0 are all assured 0


def test_each_option_leads_to_its_report(all_shipped: Comparison) -> None:
    hrefs = set(Page(all_shipped.ranking.html).values("href"))
    assert hrefs == {f"reports/{card.option.replace('/', '.')}.html" for card in all_shipped.cards}


def test_questions_that_differ_come_first_and_the_rest_after() -> None:
    html = of(products(3)).questions.html
    assert html.index("AAA-01") < html.index("No difference between the options") < html.index("BBB-01")


def test_more_than_twelve_options_are_split_for_print() -> None:
    assert 'class="print"' not in of(products(12)).questions.html
    assert of(products(25)).questions.html.count('class="print"') == 3


def test_an_option_without_a_score_stands_apart() -> None:
    inputs = products(2)
    empty = inputs.answers["p001"].model_copy(update={"answers": {}})
    comparison = of(replace(inputs, answers={**inputs.answers, "p001": empty}))
    assert "p001/direct" not in comparison.ranking.html
    assert "silence gives no score" in Page(comparison.not_compared.html).text


def test_no_option_with_a_score_leaves_only_what_is_known() -> None:
    inputs = products(1)
    empty = inputs.answers["p000"].model_copy(update={"answers": {}})
    html = sections(of(replace(inputs, answers={"p000": empty})))
    assert [name for name, text in html.items() if text] == [
        "summary",
        "not_compared",
        "methods",
        "made_from",
    ]


def test_gates_and_domains_name_every_option(all_shipped: Comparison) -> None:
    for html in (all_shipped.gates.html, all_shipped.domains.html):
        text = Page(html).text
        assert all(card.option in text for card in all_shipped.cards)


def test_every_chart_is_described(all_shipped: Comparison) -> None:
    charts = [
        attrs for tag, attrs in whole(all_shipped).elements if tag == "svg" and attrs.get("role") == "img"
    ]
    assert charts
    for attrs in charts:
        assert any(card.option in (attrs["aria-label"] or "") for card in all_shipped.cards)


def test_two_renders_are_equal(all_shipped: Comparison) -> None:
    shipped = all_shipped.inputs
    three = tuple(card.option for card in all_shipped.cards[::13])
    few = replace(shipped, evaluation=shipped.evaluation.model_copy(update={"options": three}))
    assert sections(of(few)) == sections(of(few))


def test_the_summary_counts_every_verdict(all_shipped: Comparison) -> None:
    text = Page(all_shipped.summary.html).text
    for verdict in {card.finding.verdict for card in all_shipped.cards}:
        amount = sum(card.finding.verdict == verdict for card in all_shipped.cards)
        assert re.search(rf"\b{amount} . {wording.VERDICT[verdict]}", text)
