"""The field types that all file formats share."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from evalkit.model.answers import Product
from evalkit.model.values import DIMENSIONS, EVIDENCE_CLASSES, RANK, Day, Value

DAY = TypeAdapter(Day)


def test_a_day_is_read_as_written_and_written_as_read() -> None:
    assert DAY.validate_python("2026-11-22") == date(2026, 11, 22)
    assert DAY.validate_python(date(2026, 11, 22)) == date(2026, 11, 22)
    assert DAY.dump_python(date(2026, 11, 22)) == "2026-11-22"


@pytest.mark.parametrize("value", ["2026-02-30", "22.11.2026", "2026-11-22T00:00", "", 20261122, None])
def test_what_is_no_day_is_an_error_that_says_how_to_write_one(value: object) -> None:
    with pytest.raises(ValidationError, match="is not a date; write it as YYYY-MM-DD"):
        DAY.validate_python(value)


def test_classes_rank_from_claim_to_tested_above_no_evidence() -> None:
    assert EVIDENCE_CLASSES[0] == "claim"
    assert EVIDENCE_CLASSES[-1] == "tested"
    assert [RANK[name] for name in ("none", *EVIDENCE_CLASSES)] == list(range(8))
    assert DIMENSIONS == ("route", "surface", "plan")


def test_values_are_frozen_and_know_no_other_key() -> None:
    product = {"id": "p", "name": "P", "vendor": "V", "version": "1", "licence": "closed"}
    read = Product.model_validate(product)
    with pytest.raises(ValidationError, match="frozen"):
        read.name = "Q"  # type: ignore[misc]  # that it is frozen is what is tested
    with pytest.raises(ValidationError, match="Extra inputs"):
        Product.model_validate({**product, "colour": "red"})
    assert isinstance(read, Value)


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_an_empty_product_name_is_an_error(name: str) -> None:
    with pytest.raises(ValidationError):
        Product.model_validate({"id": "p", "name": name, "vendor": "V", "version": "1", "licence": "closed"})
