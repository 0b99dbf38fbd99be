"""What falls due, in words and as data."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.scoring.due import due_list
from evalkit.views.due import due_rows, effect_words, legend, summary_sentences, turn_sentences
from evalkit.views.due_export import COLUMNS, due_csv, due_document
from evalkit.views.export import to_json
from tests.scoring import builders as build
from tests.scoring.builders import AS_OF

if TYPE_CHECKING:
    from evalkit.model.due import DueList
    from evalkit.model.evaluation import EvaluationInputs

UNTIL = AS_OF + timedelta(days=10)


def evaluation() -> EvaluationInputs:
    """One product; a gate on AAA-01, documented, and one on AAA-02 that is waived."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    policy = build.profile(
        {"aaa": 1},
        gates=[build.gate("AAA-01", at_least=2), build.gate("AAA-02", at_least=2, mitigable=True)],
    )
    docs = build.source(AS_OF).model_copy(update={"title": "=Data usage", "url": "https://acme.example/d"})
    said = build.product_answers(
        {
            "AAA-01": build.answer(4, build.item("documented", source="docs")),
            "AAA-02": build.answer(4, build.item("claim", source="talk", expires=AS_OF - timedelta(days=1))),
        },
        sources={"docs": docs, "talk": build.source(AS_OF)},
    )
    return build.inputs(instrument, policy, said, waivers=[build.waiver("p/direct", "AAA-02", UNTIL)])


@pytest.fixture(scope="module")
def inputs() -> EvaluationInputs:
    return evaluation()


@pytest.fixture(scope="module")
def found(inputs: EvaluationInputs) -> DueList:
    return due_list(inputs, on=AS_OF)


def test_rows_say_what_to_do_when_and_what_it_changes(inputs: EvaluationInputs, found: DueList) -> None:
    talk, waiver, docs = due_rows(inputs, found.dues, AS_OF)
    assert (talk.when, talk.task, talk.about, talk.effects) == ("1 day ago", "Look again: -", ("AAA-02",), ())
    assert (waiver.when, waiver.task, waiver.about) == (
        "in 10 days",
        "Waiver of AAA-02: decide anew",
        ("AAA-02",),
    )
    assert waiver.effects[0] == "verdict approve → approve with conditions: p/direct"
    assert (docs.when, docs.task, docs.url) == (
        "in 180 days",
        "Look again: =Data usage",
        "https://acme.example/d",
    )
    assert docs.effects == (
        "verdict approve with conditions → defer for evidence: p/direct",
        "gate AAA-01 passed → open (1 option)",
        "AAA-01 50–100 → 25–100",
    )


def test_a_row_names_the_answers_that_lose_most_and_counts_the_others(found: DueList) -> None:
    effect = found.dues[-1].effect
    (reading,) = effect.readings
    many = replace(
        effect, gates=(), options=(), readings=tuple(replace(reading, question=f"Q-{n}") for n in range(5))
    )
    assert effect_words(many)[-1] == "2 further answers"
    assert len(effect_words(many, most=None)) == 5
    weaker = replace(reading, after=replace(reading.before, evidence_class="claim"))
    assert effect_words(replace(many, readings=(weaker,))) == ("AAA-01 documented → claim",)
    likelier = replace(reading, after=reading.before)
    assert effect_words(replace(many, readings=(likelier,))) == ("AAA-01 as wide, other likelihoods",)


def test_a_verdict_that_changes_is_a_sentence_with_its_first_day_and_its_reason(
    inputs: EvaluationInputs, found: DueList
) -> None:
    waived, expired = turn_sentences(inputs, found)
    assert expired.startswith("On 2027-05-22 the verdict on p/direct falls from “approve with conditions” to")
    assert expired.endswith("gate AAA-01 is open, no longer passed; what ends: =Data usage")
    assert waived == (
        "On 2026-12-03 the verdict on p/direct falls from “approve” to “approve with conditions”: gate AAA-02"
        " is open, no longer waived; what ends: the waiver of AAA-02 by b"
    )


def test_a_verdict_that_falls_with_the_score_names_figures_and_evidence() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    said = build.product_answers(
        {"AAA-01": build.answer(4, build.item("documented", source="docs"))},
        sources={"docs": build.source(AS_OF)},
    )
    inputs = build.inputs(instrument, build.profile({"aaa": 1}, limits=build.thresholds(0.4)), said)
    (sentence,) = turn_sentences(inputs, due_list(inputs, on=AS_OF))
    assert "assured 25.0 of 100 instead of 50.0; evidence on AAA-01 expires; what ends: -" in sentence


def test_the_summary_says_what_is_past_what_comes_and_that_no_verdict_changes(
    inputs: EvaluationInputs, found: DueList
) -> None:
    assert summary_sentences(found) == ("1 thing is past its day.", "2 further fall due later.")
    near = due_list(inputs, on=AS_OF, days=5)
    assert summary_sentences(near) == (
        "1 thing is past its day.",
        "0 further fall due within 5 days.",
        "No verdict changes on the way if nothing is renewed.",
    )
    assert summary_sentences(due_list(inputs, on=AS_OF, days=0)) == ("1 thing is past its day.",)


def test_what_two_figures_mean_is_said_where_there_are_some(inputs: EvaluationInputs, found: DueList) -> None:
    assert "–" in "".join(effect_words(found.dues[-1].effect))
    (said,) = legend(found)
    assert "points of 100 between which an answer counts" in said
    assert legend(due_list(inputs, on=AS_OF, days=0)) == ()


def test_csv_has_a_row_for_each_thing_and_no_formula(inputs: EvaluationInputs, found: DueList) -> None:
    text = due_csv(inputs, found)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["kind"], row["day"], row["past"]) for row in rows] == [
        ("evidence", "2026-11-21", "true"),
        ("waiver", "2026-12-02", "false"),
        ("evidence", "2027-05-21", "false"),
    ]
    assert (rows[2]["questions"], rows[2]["gates_changed"], rows[1]["who"]) == ("AAA-01", "1", "b")
    hostile = replace(found, dues=(replace(found.dues[0], who="=cmd|x", kind="condition"),))
    assert "\n=cmd" not in due_csv(inputs, hostile).replace(",", "\n")


def test_json_tells_the_same_with_every_change(inputs: EvaluationInputs, found: DueList) -> None:
    document: dict[str, Any] = due_document(inputs, found)
    assert (document["format"], document["on"], document["past"]) == ("evalkit/due/1", "2026-11-22", 1)
    docs = document["due"][2]
    assert docs["items"] == [
        {
            "question": "AAA-01",
            "scope": "*",
            "assessor": None,
            "class": "documented",
            "locator": None,
            "collected": "2026-11-22",
            "version": None,
        }
    ]
    assert docs["answers_changed"][0]["before"] == {"v_low": 0.5, "v_high": 1.0, "class": "documented"}
    assert document["turns"][0]["before"]["verdict"] == "approve"
    assert to_json(document) == to_json(due_document(inputs, due_list(inputs, on=AS_OF)))


def test_releases_are_told_apart_from_what_falls_due() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    said = build.product_answers(
        {"AAA-01": build.answer(4, build.item("tested", source="lab"))},
        sources={"lab": build.source(AS_OF)},
    )
    inputs = build.inputs(instrument, build.profile({"aaa": 1}), said)
    found = due_list(inputs, on=AS_OF, days=0, releases={"p": "2.0"})
    whole, lab = due_rows(inputs, found.releases, AS_OF)
    assert (whole.when, whole.task) == ("with the release", "Version 2.0: what depends on the version")
    assert lab.task == "Test 2.0 again: -, tested on 1.0"
    assert lab.effects == ("AAA-01 100–100 → 75–100",)
    assert due_document(inputs, found)["due"] == []
    assert [row.split(",")[0] for row in due_csv(inputs, found).splitlines()] == [
        "kind",
        "release",
        "release",
    ]
