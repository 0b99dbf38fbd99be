"""Which options an evaluation compares."""

from __future__ import annotations

import pytest

from tests.scoring import builders as build

DEPLOYMENTS = [build.deployment("x"), build.deployment("a")]
PRODUCTS = [build.product_answers({}, product=name, deployments=DEPLOYMENTS) for name in ("q", "b")]
INSTRUMENT, POLICY = build.questionnaire({"aaa": [build.scale("AAA-01")]}), build.profile({"aaa": 1})


def test_all_means_products_by_id_and_deployments_as_written() -> None:
    every = build.inputs(INSTRUMENT, POLICY, *PRODUCTS)
    assert [option.id for option in every.options()] == ["b/x", "b/a", "q/x", "q/a"]


def test_a_list_of_options_keeps_its_order() -> None:
    chosen = build.inputs(INSTRUMENT, POLICY, *PRODUCTS, options=("q/a", "b/x"))
    assert [option.id for option in chosen.options()] == ["q/a", "b/x"]


def test_an_option_that_nobody_answered_for_is_an_error() -> None:
    missing = build.inputs(INSTRUMENT, POLICY, *PRODUCTS, options=("z/a",))
    with pytest.raises(KeyError, match="z/a"):
        missing.options()
