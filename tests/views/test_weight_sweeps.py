"""Who would be first if one domain weighed more or less: the charts and their table."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evalkit.scoring.score import score
from evalkit.views.chart_svg import to_svg
from evalkit.views.sweep_chart import Curve, Stretch, SweepChart, alternative_text, sweep_figure
from evalkit.views.weight_sweeps import CHARTS, weight_sweeps
from tests.scoring import builders as build
from tests.views.pages import Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.comparison import Comparison


def products(levels: Mapping[str, Sequence[int]]) -> EvaluationInputs:
    """Products by name, with a tested level in each of several domains of one question and equal weight."""
    prefixes = [f"AA{letter}" for letter in "ABCDEFGHIJ"[: len(next(iter(levels.values())))]]
    instrument = build.questionnaire({it.lower(): [build.scale(f"{it}-01")] for it in prefixes})
    return build.inputs(
        instrument,
        build.profile({it.lower(): 1 for it in prefixes}),
        *(
            build.product_answers(
                {f"{it}-01": build.answer(level, "tested") for it, level in zip(prefixes, own, strict=True)},
                product=name,
                deployments=[build.deployment()],
            )
            for name, own in levels.items()
        ),
    )


def shown(inputs: EvaluationInputs) -> Page:
    return Page(weight_sweeps(inputs, score(inputs)).html)


def test_the_table_says_who_is_first_at_which_weight_of_which_domain() -> None:
    """Of two equal weights, b with 0 and .75 is first up to .75 / 1.5, where it meets a with .75 and 0."""
    page = shown(products({"a": (3, 0), "b": (0, 3), "c": (1, 1)}))
    assert "aaa 50 % as stated 0 to 50 % as stated" in page.text
    rows = re.findall(r"<tr>.*?</tr>", page.html, re.DOTALL)
    assert [re.findall(r"<b>(\w)</b> <a[^>]*>([^<]*)", row) for row in rows[1:]] == [
        [("A", "b/direct")],
        [("B", "a/direct")],
        [("B", "a/direct")],
        [("A", "b/direct")],
    ]


def test_a_chart_says_in_words_what_it_shows() -> None:
    page = shown(products({"a": (4, 0), "b": (0, 2)}))
    assert page.values("aria-label")[0] == (
        "Line chart, assured scores of 2 options as the weight of aaa, stated as 50 %, goes from 0 to 100 %."
        " First at 0 to 33.3 %: B b/direct; 33.3 to 100 %: A a/direct."
    )


def test_domains_that_change_nothing_are_named() -> None:
    """Both have the same in the third domain; its weight only brings them nearer to one another."""
    page = shown(products({"a": (4, 0, 2), "b": (0, 3, 2)}))
    assert "No weight of one of these domains alone changes who is first: aac." in page.text
    assert len(page.values("viewbox")) == 2


def test_a_first_place_that_holds_at_every_weight_needs_no_chart() -> None:
    page = shown(products({"a": (4, 4), "b": (3, 3)}))
    assert page.text == "No weight of one domain alone, from 0 to 100 %, changes who is first."


def test_options_that_are_first_together_are_all_named() -> None:
    page = shown(products({"a": (4, 0), "b": (0, 2), "c": (4, 0)}))
    assert "33.3 to 100 % as stated A a/direct B c/direct" in page.text


def test_no_more_charts_than_a_page_holds_and_those_nearest_to_a_change_first() -> None:
    """a is ahead as stated; in each other domain somebody is better, in the first two by less."""
    better = {
        letter: tuple(level if place == own else 0 for place in range(9))
        for own, (letter, level) in enumerate(zip("bcdefghi", [2, 2, *[4] * 6], strict=True), start=1)
    }
    page = shown(products({"a": (4, *[1] * 8), **better}))
    assert len(page.values("viewbox")) == CHARTS
    drawn = re.findall(r"<figcaption><b>(\w+)</b>", page.html)
    assert drawn == ["aad", "aae", "aaf", "aag", "aah", "aai"]
    assert f"The charts show the {CHARTS} domains" in page.text


def test_one_option_or_one_domain_has_no_sweep() -> None:
    assert shown(products({"a": (4, 0)})).html == ""
    assert shown(products({"a": (4,), "b": (3,)})).html == ""


def test_an_option_without_a_score_takes_no_part() -> None:
    inputs = products({"a": (4, 0), "b": (0, 2), "c": (4, 4)})
    silent = inputs.answers["c"].model_copy(update={"answers": {}})
    page = shown(replace(inputs, answers={**inputs.answers, "c": silent}))
    assert "c/direct" not in page.html
    assert "Who of 2 options" in page.text


def test_of_many_options_only_those_ever_first_have_a_letter(all_shipped: Comparison) -> None:
    html = all_shipped.weight_sweeps.html
    names = dict(re.findall(r"<b>([A-Z])</b> <a[^>]*>([^<]*)", html))
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        letters = set(re.findall(r">([A-Z])</text>", svg))
        assert 1 < len(letters) < 10
        assert letters <= set(names)
    assert len(set(names.values())) == len(names)


CHART = SweepChart(
    stated=0.97,
    stretches=[
        Stretch("A", ((0.0, 0.5), (0.97, 0.6))),
        Stretch("B", ((0.97, 0.6), (0.98, 0.6))),
        Stretch("C", ((0.98, 0.6), (1.0, 0.7))),
    ],
    ever_first=[
        Curve("A", ((0.0, 0.5), (1.0, 0.6))),
        Curve("B", ((0.0, 0.2), (1.0, 0.65))),
        Curve("C", ((0.0, 0.1), (1.0, 0.7))),
    ],
    others=[((0.0, 0.1), (1.0, 0.3))],
)


def test_letters_of_narrow_ranges_do_not_lie_upon_each_other_or_outside() -> None:
    axes = sweep_figure(CHART).axes[0]
    places = {text.get_text(): text.get_position()[0] for text in axes.texts}
    a, b, c = (float(places[letter]) for letter in "ABC")
    assert 0 <= a <= b - 6 <= c - 12
    assert c <= 100


def test_two_drawings_have_the_same_bytes_and_follow_the_colours_of_the_page() -> None:
    one, other = (str(to_svg(sweep_figure(CHART), name="s", alt="words")) for _ in range(2))
    assert one == other
    assert "var(--mark, #1d5c9e)" in one
    assert "://" not in one.replace("http://www.w3.org/", "")


@pytest.mark.parametrize("title", ["from $x^{$ on", "a\u202eb"])
def test_the_words_of_a_chart_are_plain(title: str) -> None:
    assert "\u202e" not in alternative_text(title, 2, "8 %", [("0 to 100 %", "A a/b")])
