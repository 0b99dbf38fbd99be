"""Frameworks in words, as data and as a page."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from markupsafe import Markup

from evalkit.model.condition import FactCondition
from evalkit.model.questionnaire import Framework
from evalkit.scoring.framework_coverage import framework_coverage
from evalkit.scoring.score import score
from evalkit.views.export import to_json
from evalkit.views.frameworks import (
    basis_words,
    count_words,
    frameworks_html,
    note_on,
    outcome_words,
    outcomes,
)
from evalkit.views.frameworks_export import (
    COLUMNS,
    frameworks_csv,
    frameworks_document,
    frameworks_markdown,
)
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.framework_coverage import FrameworkCoverage
    from evalkit.views.comparison import Comparison

CLAIMS_TOO_MUCH = re.compile(r"satisf|compliant|complies|fulfil|conforms", re.IGNORECASE)
SOURCES = {"s": build.source(build.AS_OF)}
FRAMEWORK = Framework(
    key="ccm",
    name="Acme matrix 4",
    verified_in=("acme.example/matrix",),
    result="3 identifiers",
    ids=("IAM-01", "IAM-02", "=LOG-01"),
    to_4_1_by_equal_title={"IAM-01": "IAM-03"},
    without_equal_title_in_4_1=("IAM-02",),
)


def evaluation(*deployments: str, title: str = "Second") -> EvaluationInputs:
    """Three questions: a gate on the first, an unknown second, a third that applies on no route."""
    never = FactCondition(fact="routes", includes_any=("aws_bedrock",))
    questions = [build.scale("AAA-01"), build.scale("AAA-02"), build.scale("AAA-03", applies_if=never)]
    questions = [
        question.model_copy(update={"refs": {"ccm": refs}, "title": name})
        for question, refs, name in zip(
            questions,
            (("IAM-01",), ("IAM-01", "IAM-02"), ("IAM-02",)),
            ("First", title, "Third"),
            strict=True,
        )
    ]
    made = build.questionnaire({"aaa": questions})
    header = made.header.model_copy(update={"frameworks": {"ccm": "Acme matrix"}})
    said = build.product_answers(
        {"AAA-01": build.answer(3, "documented"), "AAA-02": build.answer(state="unknown")},
        sources=SOURCES,
        deployments=[build.deployment(name) for name in deployments or ("direct",)],
    )
    policy = build.profile(
        {"aaa": 1}, gates=[build.gate("AAA-01", at_least=2), build.gate("AAA-03", at_least=2)]
    )
    return build.inputs(replace(made, header=header, frameworks=(FRAMEWORK,)), policy, said)


INPUTS = evaluation()
CARDS = score(INPUTS)


def coverage(inputs: EvaluationInputs = INPUTS) -> tuple[FrameworkCoverage, ...]:
    return framework_coverage(inputs.questionnaire)


def page(inputs: EvaluationInputs, cards: tuple[Scorecard, ...], *, among_reports: bool = True) -> str:
    return frameworks_html(inputs, coverage(inputs), cards, Markup("b{}"), among_reports=among_reports)


def test_what_came_out_for_one_option_is_state_class_interval_and_gate() -> None:
    told = [outcome_words(outcomes(question, CARDS)) for question in ("AAA-01", "AAA-02", "AAA-03")]
    assert told == [
        "answered, documented, 25–75 of 100, gate passed",
        "not found, 0–100 of 100",
        "does not apply",
    ]


def test_what_came_out_over_several_options_is_counted_and_never_averaged() -> None:
    cards = score(evaluation("direct", "gateway"))
    assert outcome_words(outcomes("AAA-01", cards)) == (
        "applies to 2 of 2, answered for 2, evidence supports 25 of 100, leaves open 75, gate: 2 passed"
    )
    assert outcome_words(outcomes("AAA-03", cards)) == "applies to none"
    wider = (cards[0], replace(cards[1], questions=tuple(replace(it, low=0.5) for it in cards[1].questions)))
    assert "evidence supports 25 to 50 of 100" in outcome_words(outcomes("AAA-01", wider))


def test_an_option_without_a_score_has_no_result() -> None:
    bare = build.inputs(INPUTS.questionnaire, INPUTS.profile, build.product_answers({}))
    cards = score(bare)
    assert outcome_words(outcomes("AAA-01", cards)) == "the option is not scored"
    assert outcome_words(outcomes("AAA-01", cards * 2)) == "no option is scored"
    assert ",not-scored," in frameworks_csv(bare, coverage(bare), cards)
    assert "<td>–</td>" in page(bare, cards)


def test_counts_and_basis_are_sentences_and_no_percentage() -> None:
    (found,) = coverage()
    assert count_words(found) == "3 questions related to 2 of 3 identifiers"
    assert basis_words(found) == (
        "Identifiers of Acme matrix 4; no text of it.",
        "Checked: 3 identifiers.",
        "Seen in: acme.example/matrix.",
    )
    assert [note_on(found, it) for it in found.identifiers] == ["IAM-03 in 4.1", "no equal title in 4.1", ""]
    unlisted = replace(INPUTS, questionnaire=replace(INPUTS.questionnaire, frameworks=()))
    (found,) = coverage(unlisted)
    assert count_words(found) == "3 questions related to 2 identifiers; how many there are is not listed"
    assert note_on(found, found.identifiers[0]) == ""
    assert "%" not in page(unlisted, CARDS).partition("</style>")[2]


def test_csv_has_a_row_per_identifier_question_and_option_and_one_for_what_nobody_asks() -> None:
    text = frameworks_csv(INPUTS, coverage(), CARDS)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["identifier"], row["relation"], row["question"]) for row in rows] == [
        ("IAM-01", "related to", "AAA-01"),
        ("IAM-01", "related to", "AAA-02"),
        ("IAM-02", "related to", "AAA-02"),
        ("IAM-02", "related to", "AAA-03"),
        ("'=LOG-01", "no question", ""),
    ]
    first = rows[0]
    assert (first["applies"], first["state"], first["class"]) == ("true", "answered", "documented")
    assert (first["v_low"], first["v_high"], first["gate"]) == ("0.25", "0.75", "pass")
    assert (rows[3]["applies"], rows[3]["v_low"], rows[3]["gate"]) == ("false", "", "not-applicable")


def test_json_says_the_relation_and_what_is_not_looked_at() -> None:
    document: dict[str, Any] = frameworks_document(INPUTS, coverage(), CARDS)
    assert (document["format"], document["relation"]) == ("evalkit/frameworks/1", "related to")
    (framework,) = document["frameworks"]
    assert (framework["identifiers"], framework["identifiers_related"]) == (3, 2)
    assert framework["not_looked_at"] == ["=LOG-01"]
    assert document["questions"]["AAA-01"]["options"][0]["v_low"] == 0.25
    assert to_json(document) == to_json(frameworks_document(INPUTS, coverage(), CARDS))


def test_markdown_shows_the_table_and_what_is_not_looked_at() -> None:
    text = frameworks_markdown(INPUTS, coverage(), CARDS)
    assert (
        "| IAM-01 (IAM-03 in 4.1) | AAA-01 First | answered, documented, 25–75 of 100, gate passed |" in text
    )
    assert "No question of this questionnaire is related to:" in text
    hostile = evaluation(title="<script>|x")
    assert "| AAA-02 \\<script\\>\\|x |" in frameworks_markdown(hostile, coverage(hostile), score(hostile))


def test_the_page_escapes_leads_to_results_and_knows_whether_it_lies_among_reports() -> None:
    hostile = evaluation(title="<script>alert(1)</script>\u202e")
    html = page(hostile, score(hostile))
    assert "<script" not in html
    assert "\\u202e" in html
    assert 'href="#AAA-01"' in html
    assert 'id="AAA-01"' in html
    assert 'href="index.html"' in html
    assert 'href="index.html"' not in page(INPUTS, CARDS, among_reports=False)
    assert page(INPUTS, CARDS) == page(INPUTS, CARDS)


def test_a_questionnaire_without_frameworks_has_a_page_that_says_so() -> None:
    header = INPUTS.questionnaire.header.model_copy(update={"frameworks": {}})
    none = replace(INPUTS, questionnaire=replace(INPUTS.questionnaire, header=header))
    assert "This questionnaire refers to no framework." in page(none, CARDS)


def test_many_options_are_split_over_printed_pages() -> None:
    many = evaluation(*(f"d{number}" for number in range(14)))
    html = page(many, score(many))
    assert "Scores of 100, options 1 to 12" in html
    assert "Scores of 100, options 13 to 14" in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("text", [frameworks_csv, frameworks_markdown])
def test_no_text_says_more_than_related_to(text: Any) -> None:  # noqa: ANN401 - any of the writers
    assert not CLAIMS_TOO_MUCH.search(text(INPUTS, coverage(), CARDS))


def test_no_page_says_more_than_related_to(all_shipped: Comparison) -> None:
    inputs, cards = all_shipped.inputs, all_shipped.cards
    assert not CLAIMS_TOO_MUCH.search(page(INPUTS, CARDS))
    assert not CLAIMS_TOO_MUCH.search(to_json(frameworks_document(inputs, coverage(inputs), cards)))
    shown = page(inputs, cards)
    assert not CLAIMS_TOO_MUCH.search(shown)
    assert "NIST Cybersecurity Framework 2.0: 66 identifiers that no question is related to" in shown
