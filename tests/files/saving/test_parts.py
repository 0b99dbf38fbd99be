from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from evalkit.errors import EvalkitError
from evalkit.files.saving.parts import answers_from, checked, normalised, parts_of, placed, revision
from evalkit.model.answers import ProductAnswers
from tests.files.saving.acme import TEXT, acme, says
from tests.files.strategies import json_values, product_answers, unhurried

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.files.saving.parts import Json


@given(product_answers)
@unhurried
def test_parts_make_the_answers_that_they_are_of(answers: ProductAnswers) -> None:
    parts = parts_of(answers)
    assert ProductAnswers.model_validate(answers_from(parts, answers.questionnaire)) == answers
    assert {part: normalised(part, content) for part, content in parts.items()} == parts


def test_parts_stand_in_the_order_of_the_file_without_what_equals_its_default(tmp_path: Path) -> None:
    parts = parts_of(says(acme(tmp_path, TEXT)))
    assert list(parts) == [
        "product",
        "prepared",
        "deployments",
        "sources/docs",
        "sources/spare",
        "answers/LOC-01",
        "answers/LOC-05",
        "answers/LOC-09",
    ]
    assert parts["answers/LOC-09"] == {"state": "unknown", "finding": "Nothing."}


def test_a_part_that_is_none_is_left_out() -> None:
    assert answers_from(
        {"product": None, "answers/LOC-01": {"value": 1}, "answers/LOC-02": None}, "q@1.0.0"
    ) == {
        "format": "evalkit/answers/1",
        "questionnaire": "q@1.0.0",
        "sources": {},
        "answers": {"LOC-01": {"value": 1}},
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": 3}, {"a": 3.0}),
        ({"a": [{"b": 1e3}]}, {"a": [{"b": 1000}]}),
    ],
)
def test_a_revision_is_the_same_for_what_says_the_same(one: Json, other: Json) -> None:
    assert revision(one) == revision(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": 1}, {"a": True}), ({"a": 1}, {"a": "1"}), ({}, None), ([1, 2], [2, 1]), ("", None)],
)
def test_a_revision_differs_for_what_says_something_else(one: Json, other: Json) -> None:
    assert revision(one) != revision(other)


def test_what_is_absent_has_the_empty_revision() -> None:
    assert revision(None) == ""


@given(json_values)
@unhurried
def test_what_came_from_a_page_is_checked_and_hashed_whatever_it_is(content: Json) -> None:
    assert len(revision(checked("product", content))) == (0 if content is None else 16)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "answers",
        "answers/",
        "answers/x",
        "answers/LOC-1",
        "sources/",
        "sources/../x",
        "format",
        "product/id",
    ],
)
def test_a_part_that_no_file_has_is_refused(name: str) -> None:
    with pytest.raises(EvalkitError, match="is no part of an answers file"):
        checked(name, {})


def _deep(levels: int) -> Json:
    content: Json = 1
    for _ in range(levels):
        content = [content]
    return content


@pytest.mark.parametrize(
    ("content", "says_why"),
    [
        ({"value": float("nan")}, "not finite"),
        ({"value": [float("inf")]}, "not finite"),
        ({"value": 10**39}, "more than 39 digits"),
        ({"value": -(10**39)}, "more than 39 digits"),
        ({"finding": "x" * 1_000_001}, "1.0 MB; at most 1 MB"),
        (_deep(2000), "nested more than 40 deep"),
        ({1: 2}, "a key is no text"),
        ({"value": b"x"}, "a bytes is no JSON"),
    ],
)
def test_content_that_no_file_can_hold_is_refused(content: Json, says_why: str) -> None:
    with pytest.raises(EvalkitError, match=says_why):
        checked("answers/LOC-01", content)


def test_half_of_a_character_is_replaced() -> None:
    assert checked("product", {"a\udc00": "x\ud83d"}) == {"a\ufffd": "x\ufffd"}
    assert checked("product", {"name": "😀"}) == {"name": "😀"}


def test_a_place_in_the_document_is_one_in_a_part() -> None:
    assert placed(("deployments", 0, "id")) == ("deployments", (0, "id"))
    assert placed(("sources", "docs")) == ("sources/docs", ())
    assert placed(("questionnaire",)) == ("", ("questionnaire",))
