"""The workbook as it is written: the figures are evalkit's, and texts stay texts."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.exchange.evaluation_workbook import layout, workbook
from evalkit.exchange.evaluation_workbook.page import LONGEST_TEXT
from evalkit.model.answers import Source
from evalkit.scoring.score import score
from evalkit.views.safe_text import visible
from tests.exchange.evaluation_workbook.odd import odd_inputs
from tests.exchange.evaluation_workbook.reading import differences, opened, table
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.model.evaluation import EvaluationInputs

HOSTILE = (
    "=cmd|'/c calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    "\t=1",
    "invoice\u202egnp.exe",
    "_x0041_",
    "bell \x07 \ufffe",
    "http://acme.example",
    "internal:Weights!A1",
    "file:///etc/passwd",
)
NEWER = re.compile(
    r"\b(LET|LAMBDA|XLOOKUP|FILTER|SORT|SORTBY|UNIQUE|SEQUENCE|TEXTJOIN|CONCAT|IFS|MAXIFS|MINIFS)\("
)


def made(inputs: EvaluationInputs, *, values: bool = True) -> Any:  # noqa: ANN401 - openpyxl's workbook
    return opened(workbook(inputs, score(inputs)), values=values)


def formulas(book: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - openpyxl's workbook
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield f"{sheet.title}!{cell.coordinate}", cell.value


@pytest.fixture(scope="module")
def odd() -> EvaluationInputs:
    return odd_inputs()


@pytest.fixture(scope="module")
def odd_book(odd: EvaluationInputs) -> Any:  # noqa: ANN401 - openpyxl's workbook
    return made(odd, values=False)


def test_the_odd_evaluation_has_everything_odd(odd: EvaluationInputs) -> None:
    cards = score(odd)
    results = [result for card in cards for result in card.questions]
    assert {card.finding.reason for card in cards} >= {"eligibility", "nothing-answered"}
    assert {result.state for result in results if result.applicable} == {
        "answered",
        "conflicting",
        "unknown",
        "refused",
        "unanswered",
    }
    assert any(result.stale for result in results)
    assert any(result.disputed for result in results)
    gates = {gate.result for card in cards for gate in card.gates}
    assert gates == {"pass", "open", "fail", "waived", "not-applicable"}


def test_programs_that_do_not_calculate_show_the_figures_of_evalkit(odd: EvaluationInputs) -> None:
    assert differences(made(odd), odd, score(odd)) == []


@settings(max_examples=8)
@given(evaluations(Traits(products=2)))
def test_every_question_of_every_option_has_its_figures(inputs: EvaluationInputs) -> None:
    assert differences(made(inputs), inputs, score(inputs)) == []


@settings(max_examples=8)
@given(evaluations(Traits(products=2, controls=False)))
def test_every_question_of_an_option_reaches_its_scores(inputs: EvaluationInputs) -> None:
    book = made(inputs, values=False)
    scores = book["Scores"]
    questions = [question.id for question in inputs.questionnaire.questions]
    for row in table(book["Overview"], "Rank"):
        if not str(row["Assured"]).startswith("="):
            continue
        for name in ("Assured", "Expected", "Potential", "Answered"):
            areas = re.findall(r"Scores!\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+)", row[name])
            assert len(set(areas)) == 1
            first, last = map(int, areas[0])
            cited = [(scores.cell(at, 1).value, scores.cell(at, 3).value) for at in range(first, last + 1)]
            assert cited == [(row["Id"], question) for question in questions]


def test_the_same_inputs_give_the_same_bytes(odd: EvaluationInputs) -> None:
    assert workbook(odd, score(odd)) == workbook(odd_inputs(), tuple(reversed(score(odd))))


def test_formulas_are_those_of_programs_of_the_last_decade(odd_book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
    for where, formula in formulas(odd_book):
        assert isinstance(formula, str), where  # no array formulas
        assert not NEWER.search(formula), (where, formula)
        assert "[" not in formula, where  # no other workbook
        assert len(formula) < 8192, where


def test_formulas_are_given_where_they_say_so(odd_book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
    seen: dict[str, set[bool]] = {}
    for row in table(odd_book["Scores"], "Option"):
        both = all(str(row[name]).startswith("=") for name in ("Assured", "Expected", "Potential"))
        seen.setdefault(row["Computed by"], set()).add(both)
    assert seen == {
        "formulas": {True},
        "points by evalkit": {True},
        "interval by evalkit": {False},
    }


def test_verdicts_are_texts_of_evalkit(odd_book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
    rows = {row["Id"]: row["Verdict of evalkit"] for row in table(odd_book["Overview"], "Rank")}
    assert rows["silent/direct"] == "– Not scorable"
    assert rows["good/elsewhere"] == "– Not eligible"
    assert not any(text.startswith("=") for text in rows.values())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_texts_from_outside_are_never_run(hostile: str) -> None:
    question = build.scale("AAA-01").model_copy(update={"title": hostile})
    said = build.answer(2, "documented").model_copy(update={"finding": hostile, "also": hostile})
    answers = build.product_answers(
        {"AAA-01": said},
        sources={"s": Source(title=hostile, publisher=hostile, url=hostile, kind="lab", version=hostile)},
    )
    product = answers.product.model_copy(update={"name": hostile, "version": hostile})
    deployments = tuple(one.model_copy(update={"name": hostile}) for one in answers.deployments)
    answers = answers.model_copy(update={"product": product, "deployments": deployments})
    instrument = build.questionnaire({"aaa": [question]})
    domains = tuple(one.model_copy(update={"title": hostile}) for one in instrument.domains)
    gate = build.gate("AAA-01", at_least=1).model_copy(update={"consequence": hostile})
    profile = build.profile({"aaa": 1}, gates=[gate]).model_copy(update={"title": hostile})
    inputs = build.inputs(replace(instrument, domains=domains), profile, answers)
    evaluation = inputs.evaluation.model_copy(update={"title": hostile})
    book = made(replace(inputs, evaluation=evaluation, hashes={hostile: "sha256:00"}), values=False)
    for where, formula in formulas(book):
        assert hostile not in formula or hostile in {"+1", "-1"}, where
    assert book["Overview"]["A1"].data_type == "s"
    found = table(book["Answers"], "Product")[0]["Finding"]
    # openpyxl gives back what xlsxwriter escaped as it stands in the file.
    assert found.replace("_x005F_", "_") == visible(hostile).replace("\ufffe", r"\ufffe")
    links = [cell.hyperlink for row in book["Sources"].iter_rows() for cell in row if cell.hyperlink]
    assert [link.target for link in links] == (["http://acme.example"] if "http:" in hostile else [])


def test_a_text_that_no_cell_holds_is_cut_where_it_is_seen() -> None:
    long = "word \U0001f600" * 20_000
    said = build.answer(2, "documented").model_copy(update={"finding": long})
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    answers = build.product_answers({"AAA-01": said})
    book = made(build.inputs(instrument, build.profile({"aaa": 1}), answers))
    found = table(book["Answers"], "Product")[0]["Finding"]
    assert found.startswith(long[:LONGEST_TEXT])
    assert found.endswith("(cut; the answer file has it all)")


def test_an_evaluation_without_any_score_has_a_workbook(odd: EvaluationInputs) -> None:
    options = ("silent/direct", "good/elsewhere")
    silent = replace(odd, evaluation=odd.evaluation.model_copy(update={"options": options}))
    raw = workbook(silent, score(silent))
    assert differences(opened(raw), silent, score(silent)) == []
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert not [name for name in package.namelist() if "chart" in name]


def test_a_profile_without_gates_says_so(odd: EvaluationInputs) -> None:
    plain = replace(odd, profile=odd.profile.model_copy(update={"gates": ()}))
    book = made(plain)
    assert differences(book, plain, score(plain)) == []
    assert "The profile has no gates." in [row[0] for row in book["Gates"].iter_rows(values_only=True)]


def test_answers_and_sources_are_given_with_their_assessors(odd_book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
    rows = table(odd_book["Answers"], "Product")
    assert {row["Assessor"] for row in rows if row["Product"] == "shared"} == {"ann", "ben"}
    own = [row["Holds for"] for row in rows if (row["Product"], row["Question"]) == ("doubtful", "AAA-03")]
    assert own == ["direct", "ide"]
    assert odd_book["Sources"]["H5"].hyperlink.target == "https://acme.example/a"
    assert odd_book["Sources"]["C5"].data_type == "s"


def test_areas_have_names(odd_book: Any) -> None:  # noqa: ANN401 - openpyxl's workbook
    assert {
        "Approve_at",
        "Domain_weights",
        "Question_weights",
        "Slack",
        "Reliability",
        "Option_assured",
        "Score_assured",
    } <= set(odd_book.defined_names)
    place = odd_book.defined_names["Approve_at"].attr_text.replace("$", "").split("!")
    assert odd_book[place[0]][place[1]].value == 0.5


def test_more_rows_than_a_sheet_has_are_refused(
    odd: EvaluationInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "MOST_ROWS", 150)
    with pytest.raises(EvalkitError, match="need 64 rows on the sheet Scores; spreadsheet programs take 150"):
        workbook(odd, score(odd))


def test_without_xlsxwriter_it_says_what_to_install(
    odd: EvaluationInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(EvalkitError, match=r"pip install 'evalkit\[exchange\]'"):
        workbook(odd, ())


@settings(max_examples=5)
@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_finding_opens(text: str) -> None:
    said = build.answer(2, "documented").model_copy(update={"finding": text})
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    inputs = build.inputs(instrument, build.profile({"aaa": 1}), build.product_answers({"AAA-01": said}))
    assert made(inputs)["Answers"].max_row >= 5
