"""What reports show of several assessors: how far they agree, and what each found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evalkit.model.answers import Review
from evalkit.reports.documents import report_on
from evalkit.scoring.score import score
from evalkit.views.agreement import alpha_text, product_agreements
from evalkit.views.comparison import Comparison
from tests.scoring import builders as build
from tests.views.conftest import SOURCES
from tests.views.pages import Page
from tests.views.test_hostile import ALLOWED_TAGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import Answer, Statement
    from evalkit.model.evaluation import EvaluationInputs

DEPLOYMENTS = [build.deployment("direct"), build.deployment("ide", surface="ide")]
IDS = ("AAA-01", "AAA-02", "AAA-03", "AAA-04")
HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:alert(1)) \x1b[31m\u202e"


def found(level: int, finding: str) -> Answer:
    return build.answer(level, "documented").model_copy(update={"finding": finding})


def assessed(*said: Mapping[str, Answer], agreed: Mapping[str, Answer] | None = None) -> EvaluationInputs:
    """Two domains, the first of four questions; assessors a0, a1, … and what they agreed on."""
    instrument = build.questionnaire({"aaa": [build.scale(it) for it in IDS], "bbb": [build.scale("BBB-01")]})
    files = {
        f"a{place}": build.product_answers(own, deployments=DEPLOYMENTS, sources=SOURCES)
        for place, own in enumerate(said)
    }
    common = build.product_answers(agreed or {}, deployments=DEPLOYMENTS, sources=SOURCES)
    inputs = build.inputs(instrument, build.profile({"aaa": 1, "bbb": 1}), common)
    return replace(inputs, assessors={"p": files})


ANN = {name: found(level, f"Ann on {name}.") for name, level in zip(IDS, (0, 4, 2, 1), strict=True)}
BOB = {name: found(level, f"Bob on {name}.") for name, level in zip(IDS, (0, 1, 3, 1), strict=True)}
SETTLED = {
    "AAA-02": build.answer(4, "documented").model_copy(
        update={"reviewed": Review(by="Ann, Bob", on=build.AS_OF, note="Read again.")}
    )
}


def page(inputs: EvaluationInputs, section: str, option: str = "p/direct") -> Page:
    return Page(getattr(report_on(inputs, option), section).html)


@pytest.mark.parametrize("inputs", [assessed(), assessed(ANN)], ids=["nobody", "one"])
def test_without_several_assessors_there_is_no_section_and_no_line(inputs: EvaluationInputs) -> None:
    assert report_on(inputs, "p/direct").assessors.html == ""
    assert "assessors" not in Comparison(inputs, score(inputs)).summary.html


def test_an_option_without_a_score_has_no_section() -> None:
    silent = {"AAA-01": build.answer(state="unanswered")}
    assert report_on(assessed(silent, silent), "p/direct").assessors.html == ""


def test_the_section_shows_figures_and_what_each_found_side_by_side() -> None:
    shown = page(assessed(ANN, BOB), "assessors")
    assert "p was assessed by a0 and a1; 2 differences in all." in shown.text
    assert "Level 4 of 4" in shown.text
    assert "Ann on AAA-02." in shown.text
    assert "Bob on AAA-02." in shown.text
    assert "3 levels apart" in shown.text
    # On AAA-01 and AAA-04 they agree.
    assert "AAA-01" not in shown.text
    assert {"#AAA-02", "#AAA-03"} == set(shown.values("href"))


def test_a_domain_in_which_they_hardly_agree_wants_another_rubric() -> None:
    inputs = assessed(ANN, BOB)
    low = page(inputs, "assessors").text
    assert "Alpha is below .667 in aaa: rewrite the rubric there" in low
    assert "1 difference is to be discussed" in low
    fine = page(assessed(ANN, ANN), "assessors").text
    assert "rewrite" not in fine
    assert "They differ on no question for this option." in fine


def test_a_consensus_stands_in_place_of_what_each_found() -> None:
    shown = page(assessed(ANN, BOB, agreed=SETTLED), "assessors").text
    assert "settled: Level 4 of 4" in shown
    assert "Read again." in shown
    assert "Bob on AAA-02." not in shown
    assert "to be discussed" not in shown
    assert "Bob on AAA-03." in shown


def test_a_consensus_for_one_deployment_leaves_the_other_open() -> None:
    statement: Statement = build.statement(1, "documented")
    inputs = assessed(ANN, BOB, agreed={"AAA-02": build.answer(deployments={"ide": statement})})
    (second, _) = product_agreements(inputs)[0].differences
    assert (second.unsettled, second.to_discuss) == (("direct",), True)
    assert second.task == "discuss; settled in part: Level 1 of 4: -"
    assert "Bob on AAA-02." in page(inputs, "assessors").text
    assert "Bob on AAA-02." not in page(inputs, "assessors", "p/ide").text


def test_a_difference_on_another_deployment_is_counted_only() -> None:
    apart = build.answer(0, "documented", deployments={"ide": build.statement(3, "documented")})
    inputs = assessed({"AAA-01": build.answer(0, "documented")}, {"AAA-01": apart})
    direct, ide = (page(inputs, "assessors", option).text for option in ("p/direct", "p/ide"))
    assert "1 further difference on other deployments." in direct
    assert "AAA-01" not in direct
    assert "further" not in ide
    assert "AAA-01" in ide


def test_questions_and_open_points_show_what_each_assessor_found() -> None:
    inputs = assessed(ANN, BOB, agreed={"AAA-03": found(3, "Both on AAA-03.")})
    questions, points = (page(inputs, name).text for name in ("questions", "open_points"))
    assert "a0: Level 4 of 4: - (documented). Ann on AAA-02." in questions
    assert "a1: Level 1 of 4: - (documented). Bob on AAA-02." in questions
    assert "Both on AAA-03." in questions
    assert "Ann on AAA-03." not in questions
    assert "a0: Ann on AAA-02. a1: Bob on AAA-02." in points
    assert "Nobody has looked yet" in questions
    assert "No answer" not in questions


def test_who_did_not_answer_is_told_apart_from_a_question_that_nobody_looked_at() -> None:
    eve = {"AAA-01": ANN["AAA-01"]}
    shown = page(assessed(ANN, BOB, eve), "assessors").text
    assert "No answer" in shown
    assert "Nobody" not in shown


def test_one_assessors_finding_is_shown_as_a_consensus_would_be() -> None:
    shown = page(assessed(ANN), "questions").text
    assert "Ann on AAA-02." in shown
    assert "a0" not in shown


def test_the_comparison_says_in_a_line_how_far_they_agree() -> None:
    inputs = assessed(ANN, BOB)
    shown = Page(Comparison(inputs, score(inputs)).summary.html).text
    alpha = alpha_text(product_agreements(inputs)[0].found.overall)
    assert f"p: 2 assessors, alpha {alpha}, 2 differences, 1 to be discussed" in shown


@pytest.mark.parametrize(
    ("alpha", "shown"), [(0.66699, "0.666"), (0.9999, "0.999"), (1, "1.000"), (-0.05, "−0.050"), (None, "–")]
)
def test_alpha_is_cut_off_so_that_no_figure_flatters(alpha: float | None, shown: str) -> None:
    figures = product_agreements(assessed(ANN, BOB))[0].found.overall
    assert alpha_text(replace(figures, alpha=alpha)) == shown


def test_overall_alone_can_be_too_low() -> None:
    found_agreement = product_agreements(assessed(ANN, BOB))[0]
    domains = tuple((title, replace(it, alpha=None)) for title, it in found_agreement.rows[1:])
    overall = ("Overall", replace(found_agreement.rows[0][1], alpha=0.5))
    (first, *_) = replace(found_agreement, rows=(overall, *domains)).sentences
    assert first.startswith("Alpha is below .667 overall, though in no domain alone")


def test_conflicting_statements_show_each_value() -> None:
    items = (build.item("documented", 1), build.item("documented", 3))
    conflict = {"AAA-01": build.answer(None, *items, state="conflicting")}
    shown = page(assessed(conflict, {"AAA-01": build.answer(3, "documented")}), "assessors").text
    assert "Level 1 of 4: - / Level 3 of 4: -" in shown


def test_what_assessors_write_is_no_more_than_text() -> None:
    inputs = assessed(ANN, {"AAA-02": found(1, HOSTILE)})
    for name in ("assessors", "questions", "open_points"):
        shown = page(inputs, name)
        assert {tag for tag, _ in shown.elements} <= ALLOWED_TAGS
        assert not any("javascript" in (value or "") for value in shown.values("href"))
        assert "\u202e" not in shown.html
        assert "onerror=alert(1)" in shown.text
