"""Value of information of many records at once: all of a product, all of a domain."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from evalkit.scoring import information_groups
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations
from tests.scoring.changes import with_answers
from tests.scoring.test_information import two
from tests.scoring.test_worked_example import example

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

GROUPS = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
SEED = 7


def test_a_group_of_one_record_is_that_record() -> None:
    inputs = two(4, 3, approve_at=0.8)
    (single,) = value_of_information(inputs)
    groups = value_of_groups(inputs, seed=SEED)
    assert [(it.product, it.domain) for it in groups] == [("p", None), ("p", "aaa"), (None, "aaa")]
    for group in groups:
        assert (group.records, group.draws, group.seed, group.error) == (1, None, None, 0)
        assert group.verdict_changes == pytest.approx(single.verdict_changes)
        assert group.leader_changes == pytest.approx(single.leader_changes)
        assert group.evppi == pytest.approx(single.evppi)
        assert dict(group.by_option) == pytest.approx({"p/direct": single.verdict_changes})
        assert group.verdicts_changed == pytest.approx(single.verdict_changes)


def test_a_domain_of_all_products_counts_a_change_of_any_of_them() -> None:
    """A claim of 4 has half on 0 to 3; the gate rejects at 0 to 2: .375. Either of two: 1 − .625² = .609375.

    At 3 and 4 both stay deferred, for BBB-01 is still unknown.
    """
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01")]})
    said = {"AAA-01": build.answer(4, "claim"), "BBB-01": build.answer(state="unknown")}
    gates = [build.gate("AAA-01", at_least=3)]
    policy = build.profile({"aaa": 1, "bbb": 1}, limits=build.thresholds(0.8), gates=gates)
    files = [build.product_answers(said, product=name) for name in "pq"]
    groups = value_of_groups(build.inputs(instrument, policy, *files), seed=SEED)
    found = {(it.product, it.domain): it for it in groups}
    assert found["p", "aaa"].verdict_changes == found["q", "aaa"].verdict_changes == pytest.approx(0.375)
    both = found[None, "aaa"]
    assert (both.records, both.draws) == (2, None)
    assert both.verdict_changes == pytest.approx(0.609375)
    assert dict(both.by_option) == pytest.approx({"p/direct": 0.375, "q/direct": 0.375})
    assert both.verdicts_changed == pytest.approx(0.75)


def test_products_resolved_together_race_each_other() -> None:
    """Equal as they stand, so p leads by its id until q has more; P(equal) is (25 + 16 + 9 + 4 + 1)/225.

    Alone q overtakes p's expected 1/3 with levels 2 to 4: 6/15.
    """
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    said = {"AAA-01": build.answer(4, "tested"), "AAA-02": build.answer(state="unknown")}
    files = [build.product_answers(said, product=name) for name in "pq"]
    groups = value_of_groups(build.inputs(instrument, build.profile({"aaa": 1}), *files), seed=SEED)
    leads = {(it.product, it.domain): it.leader_changes for it in groups}
    assert leads[None, "aaa"] == pytest.approx((1 - 55 / 225) / 2)
    assert leads["q", None] == pytest.approx(6 / 15)


@given(evaluations(Traits(products=2, bulk=0.9)))
@GROUPS
def test_a_drawn_group_agrees_with_its_enumeration(inputs: EvaluationInputs) -> None:
    exact = value_of_groups(inputs, seed=SEED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(information_groups, "ENUMERATED", 0)
        drawn = value_of_groups(inputs, seed=SEED, draws=2000)
    for one, other in zip(exact, drawn, strict=True):
        assert (one.product, one.domain, one.records) == (other.product, other.domain, other.records)
        assert (other.draws, other.seed) == (2000, SEED)
        if one.draws is None:
            margin = 5 * math.sqrt(0.25 / 2000)
            assert other.verdict_changes == pytest.approx(one.verdict_changes, abs=margin)
            assert other.leader_changes == pytest.approx(one.leader_changes, abs=margin)
            assert other.evppi == pytest.approx(one.evppi, abs=margin)
        chance = other.verdict_changes
        assert other.error == pytest.approx(1.96 * math.sqrt(chance * (1 - chance) / 2000))


def test_an_enumerated_pair_is_that_of_inputs_scored_from_scratch() -> None:
    """C's refused RET-02 with its RET-01 and the others: all combinations written as answers."""
    inputs = example()
    (group,) = (
        it for it in value_of_groups(inputs, seed=SEED) if (it.product, it.domain) == ("c", "retention")
    )
    asked = {it.question: it.options[0].values for it in value_of_information(inputs) if it.product == "c"}
    total = 0.0
    for refused, documented in itertools.product(asked["RET-02"], asked["RET-01"]):
        said = dict(inputs.answers["c"].answers)
        said["RET-02"] = build.answer(round(4 * refused.value), "tested")
        said["RET-01"] = build.answer(round(4 * documented.value), "tested")
        file = inputs.answers["c"].model_copy(update={"answers": said})
        verdict = score(with_answers(inputs, file))[2].finding.verdict
        total += refused.chance * documented.chance * (verdict != "defer")
    assert (group.records, group.draws) == (2, None)
    assert group.verdict_changes == pytest.approx(total)


def test_draws_repeat_by_seed_and_belong_to_their_record() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(information_groups, "ENUMERATED", 0)
        once, again = (value_of_groups(example(), seed=SEED, draws=500) for _ in range(2))
        other = value_of_groups(example(), seed=SEED + 1, draws=500)
        chosen = value_of_groups(example(), seed=SEED, draws=500, options=["c/direct"])
    assert once == again
    assert once != other
    own = [it for it in once if it.product == "c"]
    assert [it for it in chosen if it.product] == own
    assert {it.product for it in chosen} == {"c", None}


def test_a_group_tells_of_the_chosen_options_only() -> None:
    said = {"AAA-01": build.answer(state="unknown"), "AAA-02": build.answer(4, "tested")}
    places = [build.deployment(name) for name in "ab"]
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    inputs = build.inputs(
        instrument, build.profile({"aaa": 1}), build.product_answers(said, deployments=places)
    )
    for group in value_of_groups(inputs, seed=SEED, options=["p/b"]):
        assert [option for option, _ in group.by_option] == ["p/b"]


def test_a_group_needs_draws() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        value_of_groups(example(), seed=SEED, draws=0)
