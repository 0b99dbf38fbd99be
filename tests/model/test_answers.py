"""What was answered about one product."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from evalkit.model.answers import Answer, EvidenceItem, HostLists
from tests.scoring import builders as build


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (3, 3),
        (7.5, 7.5),
        ("never", "never"),
        (["b", "a"], ("b", "a")),
        (
            {"documented": ["a.test"], "purposes_given": True},
            HostLists(documented=("a.test",), purposes_given=True),
        ),
    ],
)
def test_a_value_is_a_level_a_number_a_special_value_ticks_or_lists(written: object, read: object) -> None:
    value = Answer.model_validate({"value": written}).value
    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize("written", [True, [1], {"hosts": []}, {"documented": ["a b"]}, float("nan")])
def test_anything_else_is_an_error_that_names_what_is_allowed(written: object) -> None:
    with pytest.raises(ValidationError, match="is not an answer; allowed are a level"):
        Answer.model_validate({"value": written})


def test_not_applicable_is_never_written() -> None:
    with pytest.raises(ValidationError):
        Answer.model_validate({"state": "not_applicable"})


def test_evidence_is_written_with_its_class() -> None:
    item = EvidenceItem.model_validate({"class": "documented", "source": "docs"})
    assert item.evidence_class == "documented"
    assert item.model_dump(exclude_none=True) == {"class": "documented", "source": "docs"}


def test_a_deployment_is_found_by_its_id() -> None:
    answers = build.product_answers({}, deployments=[build.deployment("a"), build.deployment("b")])
    assert answers.deployment("b").id == "b"
    with pytest.raises(KeyError, match="c"):
        answers.deployment("c")
