"""The ask-list as rows, csv and data."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from evalkit.model.information import GroupValue
from evalkit.scoring.first_place_shift import first_place_shifts
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from evalkit.views.ask import COLUMNS, ask_csv, ask_document, ask_rows
from evalkit.views.ask_groups import group_rows, how_known
from evalkit.views.ask_groups import rows_of as rows_of_kind
from evalkit.views.export import to_json
from evalkit.views.shift_basis import ShiftBasis
from tests.scoring import builders as build
from tests.views.asked import row_of, rows_of, small


def test_rows_stand_in_the_order_of_value_and_can_be_cut() -> None:
    inputs = small()
    values = value_of_information(inputs)
    assert [row.place for row in ask_rows(inputs, values)] == [1, 2, 3, 4, 5]
    assert [row.value for row in ask_rows(inputs, values, 2)] == list(values[:2])


def test_a_row_says_what_was_found_and_what_would_settle_it_strongest_first() -> None:
    row = row_of(small(), "AAA-01")
    assert row.deployments == ("a",)
    assert (row.value.state, row.found, row.finding) == (
        "answered",
        "Level 3 of 4: - (documented)",
        "Page 7 says so.",
    )
    assert [it.evidence_class for it in row.settles] == ["tested", "contract", "documented", "claim"]
    assert row_of(small(), "AAA-01", "b").found == "Searched for, not found"


def test_evidence_stronger_than_the_question_asks_for_is_not_wanted() -> None:
    row = row_of(small(), "AAA-02")
    assert [it.evidence_class for it in row.settles] == ["contract", "documented", "claim"]
    assert row.found == "Asked, not answered"


def test_a_row_says_at_which_values_a_verdict_turns() -> None:
    """A number is told by its worth: with .5 assured, .8 needs at least .6 of the other half."""
    inputs = small()
    for row in rows_of(inputs):
        changes = any(it.verdict_changes > 0 for it in row.value.options)
        assert bool(row.turns) == changes
    two = build.questionnaire({"aaa": [build.number("AAA-01", ((0, 100),)), build.scale("AAA-02")]})
    said = build.product_answers(
        {"AAA-01": build.answer(state="unknown"), "AAA-02": build.answer(4, "tested")}
    )
    (row,) = rows_of(build.inputs(two, build.profile({"aaa": 1}, limits=build.thresholds(0.8)), said))
    assert row.turns == (
        "defer for evidence → reject at 0, 25 and 50 of 100 (80 %)",
        "defer for evidence → approve at 75 and 100 of 100 (20 %)",
    )


def test_csv_has_one_line_per_record_and_no_formula() -> None:
    inputs = small()
    answers = inputs.answers["p"]
    places = tuple(it.model_copy(update={"name": "=1+1\n\u202e"}) for it in answers.deployments)
    evil = replace(inputs, answers={"p": answers.model_copy(update={"deployments": places})})
    rows = list(csv.DictReader(io.StringIO(ask_csv(rows_of(evil)))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 5
    assert {row["deployments"][:2] for row in rows} == {"'="}
    assert not any("\u202e" in cell for row in rows for cell in row.values())


def test_the_document_holds_records_values_and_groups() -> None:
    inputs = small()
    groups = group_rows(inputs, value_of_groups(inputs, seed=3, draws=10))
    document = ask_document(inputs, rows_of(inputs), groups, ShiftBasis(2))
    assert document["format"] == "evalkit/ask/1"
    first = document["records"][0]
    assert sum(it["chance"] for it in next(iter(first["options"].values()))["values"]) == pytest.approx(1)
    assert {(group["kind"], group["product"], group["domain"]) for group in document["groups"]} == {
        ("product", "p", None),
        ("domain", None, "aaa"),
        ("domain", None, "bbb"),
        ("product-domain", "p", "aaa"),
        ("product-domain", "p", "bbb"),
    }
    assert {record["first_shift"] for record in document["records"]} == {None}
    assert (document["basis"]["draws"], document["basis"]["seed"]) == (100_000, 1)
    assert to_json(document)


def test_the_shift_of_the_first_place_stands_in_list_and_document_or_why_not() -> None:
    inputs = small()
    rows = ask_rows(inputs, value_of_information(inputs, shifts=first_place_shifts(inputs)))
    shown = [row.value.first_shift for row in rows]
    assert any(shown)
    assert None in shown
    cells = [row["first_shift"] for row in csv.DictReader(io.StringIO(ask_csv(rows)))]
    assert cells == ["" if it is None else str(round(it, 6)) for it in shown]
    document = ask_document(inputs, rows, (), ShiftBasis(9))
    assert document["basis"]["draws"] is document["basis"]["seed"] is None
    assert "left out" in document["basis"]["note"]
    assert "here there are 9" in document["basis"]["note"]
    assert "here there is 1" in ShiftBasis(1).sentence
    assert "among the 2 options" in ShiftBasis(2).sentence


# --- groups


def group(product: str | None, domain: str | None, **figures: Any) -> GroupValue:  # noqa: ANN401 - figures of a group
    known: dict[str, Any] = {
        "records": 2,
        "verdict_changes": 0.5,
        "leader_changes": 0.0,
        "evppi": 0.0,
        "by_option": (("p/a", 0.5), ("p/b", 0.25)),
        "approved_now": 0,
        "approved": 0.5,
        "draws": 100,
        "seed": 4,
        "error": 0.098,
    }
    return GroupValue(product, domain, **known | figures)


def test_groups_are_told_kind_by_kind_the_most_worth_having_first() -> None:
    """A difference that chance may have made does not decide; then fewer records come first."""
    inputs = small()
    rows = group_rows(
        inputs,
        [
            group("p", "bbb", leader_changes=0.2),
            group(None, "aaa", verdict_changes=0.501, records=9),
            group(None, "bbb", verdict_changes=0.499),
            group("p", "aaa"),
            group("p", None),
        ],
    )
    assert [(row.kind, row.place, row.name, row.whose) for row in rows] == [
        ("product", 1, "p", "v"),
        ("domain", 1, "bbb", ""),
        ("domain", 2, "aaa", ""),
        ("product-domain", 1, "p: bbb", "v"),
        ("product-domain", 2, "p: aaa", "v"),
    ]
    assert {(row.changed, row.approved) for row in rows} == {("0.8 of 2", "0.5 (now 0)")}
    assert [row.value.domain for row in rows_of_kind(rows, "domain")] == ["bbb", "aaa"]


def test_how_figures_of_groups_are_known_is_told() -> None:
    inputs = small()
    drawn, exact = group("p", None), group("p", "aaa", draws=None, seed=None, error=0.0)
    assert "They are drawn 100 times (seed 4), so a chance is known to ± 10 %." in how_known(
        group_rows(inputs, [drawn])
    )
    assert "1 group of 2 are drawn" not in how_known(group_rows(inputs, [drawn, exact]))
    assert "1 group of 2 is drawn" in how_known(group_rows(inputs, [drawn, exact]))
    assert how_known(group_rows(inputs, [exact])).endswith("The figures are exact.")


def test_groups_follow_the_records_in_the_csv_with_a_kind_of_their_own() -> None:
    inputs = small()
    product = inputs.answers["p"].product.model_copy(update={"name": "=1+1"})
    evil = replace(inputs, answers={"p": inputs.answers["p"].model_copy(update={"product": product})})
    groups = group_rows(evil, [group("p", None), group(None, "bbb")])
    lines = list(csv.DictReader(io.StringIO(ask_csv(rows_of(evil), groups))))
    assert [line["kind"] for line in lines] == [*["record"] * 5, "product", "domain"]
    whole, domain = lines[5:]
    assert (whole["title"], whole["product"], whole["domain"], whole["question"]) == ("'=1+1", "p", "", "")
    assert (domain["title"], domain["product"], domain["domain"]) == ("bbb", "", "bbb")
    assert [whole[it] for it in ("records", "verdicts_changed", "approved", "approved_now", "error")] == [
        "2",
        "0.75",
        "0.5",
        "0",
        "0.098",
    ]
    assert {line["approved"] for line in lines[:5]} == {""}


def test_what_assessors_found_is_told_of_each() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    files = {
        name: build.product_answers(
            {
                "AAA-01": build.answer(level, "documented").model_copy(
                    update={"finding": f"{name} read it."}
                ),
                "AAA-02": build.answer(2, "documented").model_copy(update={"finding": "Both read it."}),
            }
        )
        for name, level in (("ann", 1), ("bob", 3))
    }
    empty = build.inputs(instrument, build.profile({"aaa": 1}), build.product_answers({}))
    inputs = replace(empty, assessors={"p": files})
    differ, agree = row_of(inputs, "AAA-01"), row_of(inputs, "AAA-02")
    assert (differ.found, differ.finding) == ("Conflicting statements", "ann read it. bob read it.")
    assert (agree.found, agree.finding) == ("Level 2 of 4: - (documented)", "Both read it.")
