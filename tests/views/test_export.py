from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from evalkit.files.loading import load_inputs
from evalkit.model.answers import HostLists
from evalkit.model.scorecard import Condition, Finding, GateResult, QuestionResult, Scorecard, Span, Step
from evalkit.views.export import (
    COLUMNS,
    condition_entries,
    plain_value,
    ranked,
    ranks,
    scores_csv,
    scores_document,
    scores_frame,
    scores_rows,
    spreadsheet_cell,
    to_json,
)

SHIPPED = Path(__file__).parents[2] / "results" / "coding-agents-2026"


def card(option: str, assured: float | None, expected: float = 0.5) -> Scorecard:
    product, deployment = option.split("/")
    finding = (
        Finding("not-scorable", "nothing-answered") if assured is None else Finding("reject", "final-gate")
    )
    return Scorecard(
        option=option,
        product=product,
        deployment=deployment,
        finding=finding,
        strict=finding,
        lenient=finding,
        span=None if assured is None else Span(assured, expected, 0.9),
        face_value=None if assured is None else 0.6,
        unverified_share=None,
        coverage=None if assured is None else 1.0,
        expected_counting_absent=None,
        face_by_class={},
        gap={},
        gates=(GateResult("AAA-01", "open", mitigable=True), GateResult("AAA-02", "fail", mitigable=False)),
        domains=(),
        questions=(),
    )


CARDS = (card("b/x", 0.2), card("a/x", 0.4, 0.5), card("c/x", None), card("a/y", 0.4, 0.6))


def test_options_are_ranked_by_assured_score_and_those_without_one_come_last() -> None:
    assert [it.option for it in ranked(CARDS)] == ["a/y", "a/x", "b/x", "c/x"]


def test_equal_assured_scores_share_a_rank_and_the_next_one_is_passed_over() -> None:
    assert ranks(CARDS) == {"a/x": 1, "a/y": 1, "b/x": 3}


def test_a_companion_of_two_controls_is_one_condition() -> None:
    first = (Condition("control", "XX-A-01", "AAA-01"), Condition("control", "XX-A-09", "AAA-01"))
    second = (Condition("control", "XX-A-02", "AAA-01"), Condition("control", "XX-A-09", "AAA-01"))
    steps = tuple(Step("AAA-01", conditions, 0.5, closes_gate=False) for conditions in (first, second))
    finding = Finding("approve-with-conditions", "conditions-needed", conditions=steps)
    assert [it.id for it in condition_entries(replace(CARDS[0], finding=finding))] == [
        "XX-A-01",
        "XX-A-09",
        "XX-A-02",
    ]


def test_a_row_counts_gates_and_has_nothing_where_nothing_was_scored() -> None:
    rows = scores_rows(CARDS)
    assert [row["rank"] for row in rows] == [3, 1, None, 1]
    assert (rows[0]["gates_open"], rows[0]["gates_failed"]) == (1, 1)
    assert rows[2]["assured"] is None
    assert rows[2]["verdict"] == "not-scorable"


def test_the_frame_is_indexed_by_option_and_keeps_what_is_missing_missing() -> None:
    frame = scores_frame(CARDS)
    assert list(frame.index) == ["b/x", "a/x", "c/x", "a/y"]
    assert list(frame.columns) == [name for name in COLUMNS if name != "option"]
    assert frame["assured"].isna().to_list() == [False, False, True, False]
    assert frame.loc["a/x", "assured"] == pytest.approx(0.4)


def test_the_table_for_spreadsheets_reads_back() -> None:
    rows = list(csv.DictReader(scores_csv(CARDS).splitlines()))
    assert [row["option"] for row in rows] == ["b/x", "a/x", "c/x", "a/y"]
    assert rows[2]["assured"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert spreadsheet_cell(f"{start}cmd") == f"'{start}cmd"


def test_answers_become_json_values() -> None:
    assert plain_value(("a", "b")) == ["a", "b"]
    assert plain_value(HostLists(documented=("x.example",), purposes_given=True)) == {
        "documented": ["x.example"],
        "purposes_given": True,
    }
    assert plain_value(None) is None


def test_json_has_sorted_keys_and_refuses_what_json_lacks() -> None:
    assert to_json({"b": 1, "a": "é"}) == '{\n  "a": "é",\n  "b": 1\n}\n'
    with pytest.raises(ValueError, match="Out of range"):
        to_json({"a": float("nan")})


def test_numbers_are_rounded_to_six_places_and_what_does_not_apply_says_only_that() -> None:
    result = QuestionResult(
        question="AAA-01",
        domain="one",
        applicable=True,
        state="answered",
        record="*",
        weight=1.0,
        evidence_class="documented",
        value=2,
        v=1 / 3,
        low=0.0,
        expected=2 / 3,
        high=1.0,
        distribution=((0.0, 1.0),),
        disputed=False,
        stale=False,
        items=(),
    )
    absent = replace(result, question="AAA-02", applicable=False)
    document = scores_document(load_inputs(SHIPPED), [replace(CARDS[0], questions=(result, absent))])
    (option,) = document["options"]
    assert json.loads(to_json(option["questions"])) == {
        "AAA-01": {
            "state": "answered",
            "applicable": True,
            "class": "documented",
            "value": 2,
            "v": 0.333333,
            "v_low": 0.0,
            "v_expected": 0.666667,
            "v_high": 1.0,
            "disputed": False,
            "stale": False,
        },
        "AAA-02": {"applicable": False, "state": "not-applicable"},
    }
