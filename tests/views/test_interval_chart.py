from __future__ import annotations

import pytest

from evalkit.model.scorecard import Span
from evalkit.views.chart_svg import to_svg
from evalkit.views.interval_chart import Interval, alternative_text, interval_figure
from tests.views.pages import Page


def drawn(label: str) -> str:
    figure = interval_figure([Interval(label, Span(0.1, 0.4, 0.6))], limit=0.25, limit_name="floor")
    return str(to_svg(figure, name="c", alt="what it shows"))


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("from $x^{$ on", "from $x^{$ on"),
        ("<b>&", "<b>&"),
        ("漢字", "漢字"),
        ("a\u202eb", "a\\u202eb"),
        ("w" * 100, "w" * 41 + "…"),
    ],
)
def test_a_label_is_drawn_as_written_whatever_it_holds(label: str, shown: str) -> None:
    assert shown in Page(drawn(label)).text


def test_a_chart_is_an_image_described_in_words_without_a_foreign_address() -> None:
    svg = drawn("a")
    assert 'role="img" aria-label="what it shows"' in svg
    assert svg.startswith("<svg")
    for name in ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"):
        svg = svg.replace(name, "")
    assert "://" not in svg


def test_colours_follow_the_page() -> None:
    assert "var(--mark, #1d5c9e)" in drawn("a")


def test_two_drawings_have_the_same_bytes() -> None:
    assert drawn("a") == drawn("a")


def test_the_words_say_what_falls_short_and_what_does_not_apply() -> None:
    rows = [
        Interval("low", Span(0.1, 0.4, 0.6)),
        Interval("high", Span(0.5, 0.6, 0.7)),
        Interval("none", None),
    ]
    assert alternative_text("3 domains", rows, limit=0.25, limit_name="floor") == (
        "Interval chart of 3 domains, each from assured over expected to potential, of 100."
        " low: 10 to 40 to 60; high: 50 to 60 to 70; none: –. Assured below the floor of 25: low."
    )
