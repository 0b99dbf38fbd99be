from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.model.condition import FactCondition
from evalkit.reports.documents import report_on
from evalkit.views.answer_text import describe
from evalkit.views.notebook_style import in_notebook, without_style
from evalkit.views.numbers import against, points
from evalkit.views.wording import wording
from tests.scoring import builders as build
from tests.views.conftest import SOURCES, small
from tests.views.pages import Page, sections, texts, whole

if TYPE_CHECKING:
    from evalkit.model.answers import Answer
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.vendor_report import VendorReport

SHORT = ("identity", "verdict", "made_from")


def rows(html: str) -> list[str]:
    """The text of every table row."""
    return [Page(row).text for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)]


def test_every_question_appears_in_the_map_and_in_full(
    report: VendorReport, shipped: EvaluationInputs
) -> None:
    questions, level_map = Page(report.questions.html), Page(report.level_map.html)
    ids = {question.id for question in shipped.questionnaire.questions}
    assert ids <= set(questions.values("id"))
    assert {href.removeprefix("#") for href in level_map.values("href")} == ids
    for question in shipped.questionnaire.questions:
        assert question.title in level_map.text
        assert question.title in questions.text


def test_the_report_names_product_deployment_day_profile_and_basis(report: VendorReport) -> None:
    text = Page(report.identity.html).text
    for part in (
        "Claude Code",
        "2.1.330",
        "Amazon Bedrock",
        "CLI",
        "2026-11-22",
        "Standard enterprise",
        "desk research",
    ):
        assert part in text


def test_the_verdict_stands_with_its_reason_and_what_is_missing_today(report: VendorReport) -> None:
    text = Page(report.verdict.html).text
    assert wording.VERDICT[report.subject.card.finding.verdict] in text
    assert wording.REASON[report.subject.card.finding.reason] in text
    assert "Today the assured score is 40 of 100 where 50 are needed." in text


def test_a_verdict_that_flips_says_so_on_page_one(report: VendorReport) -> None:
    assert "Sensitive." in Page(report.verdict.html).text
    assert "leniently “approve with conditions”" in report.verdict.text


def test_a_verdict_that_holds_says_so_too() -> None:
    text = report_on(small(), "p/direct").verdict.text
    assert "give the same verdict" in text


def test_the_scores_shown_are_those_of_the_scorecard(report: VendorReport) -> None:
    card = report.subject.card
    assert card.span is not None
    text = Page(report.scores.html).text
    for name, share in (
        ("Assured", card.span.assured),
        ("Expected", card.span.expected),
        ("Potential", card.span.potential),
        ("Face value", card.face_value),
    ):
        assert re.search(rf"{name} [a-z ]+ {points(share)}\b", text)


def test_the_splits_sum_to_face_value_and_gap(report: VendorReport) -> None:
    card = report.subject.card
    assert card.span is not None
    assert card.face_value is not None
    sums = [row for row in rows(report.evidence.html) if row.startswith("Sum")]
    gap = card.span.potential - card.span.assured
    assert sums == [f"Sum {100 * card.face_value:.1f}", f"Sum {100 * gap:.1f}"]


def test_the_gate_table_names_bar_finding_class_result_and_consequence(report: VendorReport) -> None:
    row = next(row for row in rows(report.gates.html) if row.startswith("RTN-09"))
    for part in (
        "Level 2 or better",
        "Level 2 of 4",
        "documented",
        "Passed",
        "Content could become training data",
    ):
        assert part in row


@pytest.mark.parametrize(
    ("inputs", "result", "why"),
    [
        (small(3), "Passed", "Reaches the bar on evidence of the class that is needed."),
        (small(1), "Failed", "Falls short of the bar."),
        (small(state="unknown"), "Open", "Nothing is known that would decide it."),
    ],
)
def test_a_gate_says_why_it_came_out_so(inputs: EvaluationInputs, result: str, why: str) -> None:
    text = Page(report_on(inputs, "p/direct").gates.html).text
    assert result in text
    assert why in text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (build.answer(3, "claim"), wording.GATE_WHY["weak"]),
        (build.answer(1, "claim"), wording.GATE_WHY["weak-short"]),
        (
            build.answer(None, build.item("documented", 3), build.item("documented", 1), state="conflicting"),
            wording.GATE_WHY["mixed"],
        ),
    ],
)
def test_an_open_gate_says_what_keeps_it_open(said: Answer, why: str) -> None:
    inputs = small()
    answers = build.product_answers({"AAA-01": build.answer(4, "tested"), "BBB-01": said}, sources=SOURCES)
    text = Page(report_on(replace(inputs, answers={"p": answers}), "p/direct").gates.html).text
    assert "Open" in text
    assert why in text


def test_a_waived_gate_names_who_why_and_until_when() -> None:
    inputs = small(1)
    mitigable = build.gate("BBB-01", at_least=2, mitigable=True)
    waived = inputs.evaluation.model_copy(update={"waivers": (build.waiver("p/direct", "BBB-01"),)})
    profile = inputs.profile.model_copy(update={"gates": (mitigable,)})
    text = Page(report_on(replace(inputs, evaluation=waived, profile=profile), "p/direct").gates.html).text
    assert "Waived Set aside by b until 2026-11-22: r" in text


def test_a_weak_question_shows_what_helps_and_a_strong_one_does_not(report: VendorReport) -> None:
    html = report.questions.html
    for article in re.findall(r"<article.*?</article>", html, re.DOTALL):
        question_id = re.search(r'id="([A-Z]+-\d+)"', article)
        assert question_id
        result = report.subject.card.question(question_id.group(1))
        assert ('class="remedy"' in article) == (result.applicable and result.low < 0.5)


def test_a_package_address_is_text_and_a_web_address_a_link(report: VendorReport) -> None:
    page = Page(report.sources.html)
    assert "pkg:npm/" in page.text
    assert not [href for href in page.values("href") if href.startswith("pkg:")]
    assert [href for href in page.values("href") if href.startswith("https://code.claude.com/")]


def test_the_chart_is_described_in_words_and_followed_by_its_table(report: VendorReport) -> None:
    page = Page(report.domains.html)
    (chart,) = [attrs for tag, attrs in page.elements if tag == "svg" and "role" in attrs]
    label = chart["aria-label"] or ""
    assert chart["role"] == "img"
    assert label.startswith("Interval chart of 8 domains")
    assert "Approvals: 40 to 60 to 65" in label
    assert "none" in label.rsplit("floor", 1)[-1]
    assert "table" in {tag for tag, _ in page.elements}


def test_nothing_is_loaded_from_elsewhere(report: VendorReport) -> None:
    html = "".join(sections(report).values())
    page = Page(html)
    assert not {tag for tag, _ in page.elements} & {
        "script",
        "link",
        "iframe",
        "img",
        "object",
        "embed",
        "use:",
    }
    assert not page.values("src")
    assert "url(http" not in html
    assert "<!DOCTYPE" not in html


def test_every_link_within_the_report_leads_somewhere(report: VendorReport) -> None:
    page = whole(report)
    ids = page.values("id")
    targets = {href[1:] for href in page.values("href") if href.startswith("#")}
    assert targets - set(ids) <= {"way"}  # the heading of the notebook
    assert len(ids) == len(set(ids))


def test_two_renders_are_equal(report: VendorReport, shipped: EvaluationInputs) -> None:
    assert sections(report) == sections(report_on(shipped, "claude-code/bedrock"))


def test_a_questionnaire_of_two_questions_makes_a_whole_report() -> None:
    report = report_on(small(), "p/direct")
    assert {name for name, html in sections(report).items() if not html} == {"way_out", "deployments"}
    assert "Interval chart of 2 domains" in report.domains.html


def test_an_option_without_answers_has_a_short_page() -> None:
    inputs = small()
    inputs = replace(inputs, answers={"p": inputs.answers["p"].model_copy(update={"answers": {}})})
    report = report_on(inputs, "p/direct")
    assert tuple(name for name, html in sections(report).items() if html) == SHORT
    text = Page(report.verdict.html).text
    assert "Not scorable" in text
    assert "silence gives no score" in text


def test_an_option_that_is_not_eligible_names_the_rule() -> None:
    inputs = small()
    rule = FactCondition(fact="licence", includes_any=("open_source",))
    inputs = replace(inputs, profile=inputs.profile.model_copy(update={"eligibility": rule}))
    report = report_on(inputs, "p/direct")
    assert tuple(name for name, html in sections(report).items() if html) == SHORT
    assert "The rule: licence is open source." in Page(report.verdict.html).text


def test_what_is_not_known_is_listed_with_the_heaviest_first() -> None:
    report = report_on(small(state="unknown"), "p/direct")
    assert "Not found: 1" in Page(report.open_points.html).text
    assert "BBB-01" in report.open_points.text


def test_a_deferred_option_lists_what_to_obtain_and_what_to_set(report: VendorReport) -> None:
    finding = report.subject.card.finding
    page = Page(report.way_out.html)
    assert wording.ASSUMES in page.text
    for step in (*finding.evidence, *finding.conditions):
        assert step.question in page.text
    assert f"{len(finding.conditions)} conditions, the smallest set" in page.text
    assert "Without any condition" in page.text


def test_the_first_ten_of_many_records_are_listed_and_the_rest_counted(shipped: EvaluationInputs) -> None:
    report = report_on(shipped, "claude-code/direct")
    records = len(report.subject.card.finding.evidence)
    assert records > 10
    assert f"{records - 10} further records" in Page(report.way_out.html).text


def test_deployments_that_differ_stand_side_by_side(report: VendorReport) -> None:
    text = Page(report.deployments.html).text
    assert "Google Vertex AI" in text
    assert "this deployment" in text
    assert "VER-03 Usable life of a version" in text


def test_every_section_has_text_for_a_terminal(report: VendorReport) -> None:
    assert all(texts(report).values())
    assert report.verdict._repr_mimebundle_() == {
        "text/html": in_notebook(report.verdict.html),
        "text/plain": report.verdict.text,
    }


def test_evidence_that_lost_weight_says_why() -> None:
    expired = build.item("documented", collected=build.AS_OF.replace(year=2024))
    elsewhere = build.item("documented", deployments=("other",))
    inputs = small()
    said = build.product_answers(
        {
            "AAA-01": build.answer(4, expired, elsewhere),
            "BBB-01": build.answer(3, build.item("tested", version="9.9")),
        },
        sources=SOURCES,
    )
    text = Page(report_on(replace(inputs, answers={"p": said}), "p/direct").questions.html).text
    assert "written as documented; expired after 2025-05-21" in text
    assert "its scope does not cover this deployment" in text
    assert "tested on 9.9, not on" in text


def test_every_kind_of_answer_has_words() -> None:
    days = build.number("AAA-01", [(30, 100)], special={"none_exists": 100})
    ticks = build.worst_of("AAA-02", {"good": 100, "bad": 0})
    named = build.hosts("AAA-03")
    assert describe(days, 1).short.startswith("1 ")
    assert describe(days, "none_exists").short == "None exists"
    assert describe(ticks, ("bad",)).short == "1 of 2 ticked"
    assert describe(named, build.lists(["a.example", "b.example"])).short == "2 hosts"
    assert describe(build.scale("AAA-04"), 9).short == "9"


def test_rounding_never_hides_that_a_score_falls_short() -> None:
    assert against(0.499999, 0.5) == "49.9999"
    assert against(0.5, 0.5) == "50"


def test_a_report_imports_matplotlib_only_for_its_figure() -> None:
    code = (
        "import sys; from tests.views.conftest import small; from evalkit.reports.documents import report_on;"
        "r = report_on(small(), 'p/direct'); r.verdict, r.questions;"
        "heavy = {'matplotlib', 'pandas', 'nbconvert', 'papermill'} & set(sys.modules);"
        "assert not heavy, heavy;"
        "r.domains; assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_part_brings_its_style_into_a_notebook_and_the_page_takes_it_off() -> None:
    worn = in_notebook("<p>x</p>\n")
    assert worn.startswith("<style>")
    assert "<p>x</p>" in worn
    assert without_style(worn) == "<p>x</p>\n"
    assert in_notebook("") == ""
    assert without_style("<style>b{}</style><p>not ours</p>") == "<style>b{}</style><p>not ours</p>"
