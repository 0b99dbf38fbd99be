from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from evalkit.files.expectations import PATTERNS, allowed_keys, wanted
from evalkit.files.schemas import json_schemas
from evalkit.model.answers import ProductAnswers
from evalkit.model.profile import Profile
from evalkit.model.questionnaire import Domain

if TYPE_CHECKING:
    from evalkit.model.values import Value


def patterns_in(schema: Any) -> set[str]:  # noqa: ANN401 - any JSON
    if isinstance(schema, list):
        return {pattern for item in schema for pattern in patterns_in(item)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
    own |= set(schema.get("patternProperties", ()))
    return own | {pattern for item in schema.values() for pattern in patterns_in(item)}


def test_every_pattern_of_the_model_is_put_into_words() -> None:
    used = patterns_in(json_schemas())
    assert len(used) > 10
    assert used == set(PATTERNS)


def test_a_type_without_words_of_its_own_is_still_a_sentence() -> None:
    assert wanted("url_parsing", {}) == "allowed here"


@pytest.mark.parametrize(
    ("model", "data", "at", "some", "none"),
    [
        (ProductAnswers, {}, (), "prepared", "class"),
        (
            ProductAnswers,
            {"answers": {"LOC-01": {"evidence": [{}]}}},
            ("answers", "LOC-01", "evidence", 0),
            "class",
            "by",
        ),
        (Profile, {"eligibility": {"answer": "LOC-01"}}, ("eligibility",), "at_least", "includes_any"),
        (Domain, {"questions": [{"kind": "set", "levels": []}]}, ("questions", 0), "options", "levels"),
    ],
)
def test_the_keys_allowed_are_those_of_the_branch_that_fits(
    model: type[Value], data: dict[str, Any], at: tuple[str | int, ...], some: str, none: str
) -> None:
    keys = allowed_keys(model, data, at)
    assert some in keys
    assert none not in keys


def test_where_any_key_may_stand_none_is_listed() -> None:
    assert allowed_keys(ProductAnswers, {"answers": {}}, ("answers",)) == ()
