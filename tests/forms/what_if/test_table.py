from __future__ import annotations

from dataclasses import replace

import pytest

from evalkit.forms.what_if.state import Outcome, WhatIf
from evalkit.forms.what_if.table import changes_in_words, weight_shares, what_if_table, what_if_text
from evalkit.model.scorecard import Finding, Span
from tests.forms.panels import text_of
from tests.scoring import builders as build

DEFER = Finding("defer", "evidence-missing")
FIRST = Outcome("p/one", DEFER, Span(0.4, 0.6, 0.8), 0.9, 1)
SECOND = Outcome("p/two", Finding("reject", "no-evidence-helps"), Span(0.3, 0.5, 0.6), 0.9, 2)
NONE = Outcome("p/none", Finding("not-eligible", "eligibility"), None, None, None)
START = (FIRST, SECOND, NONE)


def rows(now: tuple[Outcome, ...], first: dict[str, str] | None = None) -> list[str]:
    return [text_of(row) for row in what_if_table(now, START, 0.5, first).split("<tr")[2:]]


def text_after_tag(row: str) -> str:
    return row.partition(">")[2].strip()


def test_nothing_changed_shows_no_changes() -> None:
    assert [text_after_tag(row) for row in rows(START)] == [
        "1 p/one ? Defer for evidence 40 60 80",
        "2 p/two ✕ Reject 30 50 60",
        "– p/none – Not eligible – – –",
    ]
    assert changes_in_words(START, START).startswith("0 verdicts and 0 ranks differ from the start.")


def test_what_changed_stands_beside_the_numbers() -> None:
    now = (
        replace(FIRST, span=Span(0.35, 0.6, 0.7), rank=2),
        replace(SECOND, finding=DEFER, span=Span(0.45, 0.5, 0.6), rank=1),
        NONE,
    )
    second, first, _ = rows(now)
    assert second.endswith("1 ▲1 p/two ? Defer for evidence was ✕ reject 45 +15 50 60")
    assert first.endswith("2 ▼1 p/one ? Defer for evidence 35 −5 60 70 −10")
    assert changes_in_words(now, START) == (
        "1 verdict and 2 ranks differ from the start. Now: 2 defer for evidence, 1 not eligible."
    )


def test_a_score_just_below_the_threshold_is_not_rounded_up_to_it() -> None:
    now = (replace(FIRST, span=Span(0.4976, 0.6, 0.8)), SECOND, NONE)
    assert " 49.8 " in rows(now)[0]


def test_how_often_an_option_leads_has_a_column_where_it_is_known() -> None:
    table = what_if_table(START, START, 0.5, {"p/one": "73 %"})
    assert "First" in text_of(table)
    assert text_after_tag(rows(START, {"p/one": "73 %"})[0]).endswith("80 73 %")
    assert 'scope="col" class="num">First' not in what_if_table(START, START, 0.5)


def test_a_hostile_name_is_shown_as_text() -> None:
    now = (replace(FIRST, option="<script>x</script>\u202e"),)
    table = what_if_table(now, now, 0.5)
    assert "<script>" not in table
    assert "\\u202e" in table


def test_the_text_holds_one_line_per_option() -> None:
    assert what_if_text(START).splitlines() == [
        "1. p/one: Defer for evidence, 40 – 60 – 80",
        "2. p/two: Reject, 30 – 50 – 60",
        "– p/none: Not eligible",
    ]


@pytest.mark.parametrize(
    ("weights", "shares"), [((1, 3), ("25 %", "75 %")), ((1, 999), ("under 1 %", "over 99 %"))]
)
def test_weights_are_shown_as_shares(weights: tuple[int, int], shares: tuple[str, str]) -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01")]})
    said = build.product_answers({}, deployments=[build.deployment()])
    policy = build.profile({"aaa": weights[0], "bbb": weights[1]})
    state = WhatIf.of(build.inputs(instrument, policy, said))
    assert tuple(weight_shares(state).values()) == shares
