"""The record that a board signs, in another language: all of it but what the board wrote itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup

from evalkit.model.decision import Basis, Decision, DecisionRecord, Standing
from evalkit.scoring.score import score
from evalkit.views.decision import condition_titles, decision_markdown, decision_page, in_words
from evalkit.views.headline import title_of
from evalkit.views.languages import speech_of
from evalkit.views.spoken import speaking
from tests.views.board.test_german import LETTER, PSEUDO
from tests.views.conftest import SHIPPED
from tests.views.pages import Page
from tests.views.test_decision import SHA

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.comparison import Comparison

OPTION = "claude-code/bedrock"
OWN = "ю"
"""For what the board, or an evaluation, wrote."""


def recorded(inputs: EvaluationInputs) -> DecisionRecord:
    """Two decisions on an option, with everything that a decision can say."""
    card = next(it for it in score(inputs) if it.option == OPTION)
    titles = condition_titles(inputs, card)
    basis = Basis.of(inputs, "0.1.0")
    due = {"owner": OWN, "due": "2027-01-31"}
    said = {
        "option": OPTION,
        "name": title_of(inputs, OPTION),
        "verdict": "approve-with-conditions",
        "by": OWN,
        "on": "2026-12-01",
        "reason": OWN,
        "conditions": [
            *({"id": name, "text": title, **due} for name, title in titles.items()),
            {"text": OWN, **due, "done": "2027-01-02"},
        ],
        "waivers": [{"gate": "RET-01", "by": OWN, "reason": OWN, "until": "2027-06-30"}],
        "dissent": [{"by": OWN, "text": OWN}],
        "note": OWN,
        "basis": basis.digest,
        "evalkit": Standing.of(card).model_copy(update={"gates": {"RET-01": "open"}}),
    }
    decision = Decision.model_validate(said)
    record = DecisionRecord(
        format="evalkit/decision/1", evaluation="ours", decisions=(decision,), bases={basis.digest: basis}
    )
    return record.with_decision(decision.model_copy(update={"on": basis.as_of}), basis)


@pytest.fixture(scope="module")
def one(all_shipped: Comparison) -> EvaluationInputs:
    inputs = all_shipped.inputs
    options = inputs.evaluation.model_copy(update={"options": (OPTION,)})
    return replace(inputs, evaluation=options)


def without_letters(inputs: EvaluationInputs) -> EvaluationInputs:
    """The same in a language in which nothing that is translated has a letter."""
    questionnaire = inputs.questionnaire
    domains = tuple(
        domain.model_copy(
            update={"questions": tuple(it.model_copy(update={"title": LETTER}) for it in domain.questions)}
        )
        for domain in questionnaire.domains
    )
    answers = {
        product: said.model_copy(
            update={
                "product": said.product.model_copy(update={"name": LETTER}),
                "deployments": tuple(it.model_copy(update={"name": LETTER}) for it in said.deployments),
            }
        )
        for product, said in inputs.answers.items()
    }
    controls = {
        product: file.model_copy(
            update={"controls": tuple(it.model_copy(update={"title": LETTER}) for it in file.controls)}
        )
        for product, file in inputs.controls.items()
    }
    return replace(
        inputs,
        evaluation=inputs.evaluation.model_copy(update={"title": LETTER, "id": "ours"}),
        questionnaire=replace(questionnaire, domains=domains),
        profile=inputs.profile.model_copy(update={"title": LETTER}),
        answers=answers,
        controls=controls,
    )


def leaks(text: str, record: DecisionRecord) -> set[str]:
    (basis,) = record.bases.values()
    known = [*basis.inputs, OPTION, record.decisions[0].basis, basis.questionnaire, "evalkit", "ours"]
    ids = [it.id for it in record.decisions[0].conditions if it.id]
    for word in sorted([*known, *ids, basis.profile], key=len, reverse=True):
        text = text.replace(word, "")
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(r"[A-Z]{3}-\d\d|\b[0-9a-f]{12,}\b|sha256:\S+", "", text)))


def test_every_word_of_the_record_is_in_a_catalogue(one: EvaluationInputs) -> None:
    record = recorded(one)
    other = without_letters(one)
    shown = in_words(record, one, other)
    with speaking(PSEUDO):
        page = Page(decision_page(shown, other, sha256=SHA, style=Markup())).text
        text = decision_markdown(shown, other, sha256=SHA)
    assert leaks(page, record) == set()
    assert leaks(text.replace("\\", ""), record) == set()
    assert OWN in text


def test_the_record_says_conditions_and_options_in_the_language_and_keeps_what_the_board_wrote(
    one: EvaluationInputs,
) -> None:
    record = recorded(one)
    titles = {it.text for it in record.decisions[0].conditions if it.id}
    assert titles
    assert LETTER not in titles
    shown = in_words(record, one, without_letters(one))
    assert {it.text for it in shown.decisions[0].conditions if it.id} == {LETTER}
    assert [it.text for it in shown.decisions[0].conditions if not it.id] == [OWN]
    assert {it.name for it in (*shown.decisions, *shown.superseded)} == {f"{LETTER}: {LETTER}"}
    own = record.decisions[0].model_copy(update={"name": "The pilot"})
    renamed = record.model_copy(update={"decisions": (own,)})
    assert in_words(renamed, one, without_letters(one)).decisions[0].name == "The pilot"


def test_the_german_record_has_german_days_and_its_language(one: EvaluationInputs) -> None:
    record = recorded(one)
    with speaking(speech_of(SHIPPED, "de")):
        page = decision_page(record, one, sha256=SHA, style=Markup())
        text = decision_markdown(record, one, sha256=SHA)
    assert '<html lang="de">' in page
    assert "31.01.2027" in page
    assert "# Beschlussprotokoll: " in text
    assert "evalkit sagte damals: " in text
    assert not re.search(r"\d{4}-\d\d-\d\d", text)
