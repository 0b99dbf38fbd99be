"""Value of information of options with waivers, with questions that do not apply, and of equal products."""

from __future__ import annotations

import pytest

from evalkit.model.condition import FactCondition
from evalkit.scoring import information_groups
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from tests.scoring import builders as build


def test_a_record_does_nothing_to_an_option_that_its_question_does_not_apply_to() -> None:
    """b keeps its .5 and leads with it; a has (k + .5)/2, which is more at k = .75 and 1: 3 of 15 parts."""
    direct = FactCondition(fact="routes", includes_any=("vendor_direct",))
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01", applies_if=direct), build.scale("AAA-02")]}
    )
    said = {"AAA-01": build.answer(state="unknown"), "AAA-02": build.answer(2, "tested")}
    places = [build.deployment("a"), build.deployment("b", route="aws_bedrock")]
    answers = build.product_answers(said, deployments=places)
    (asked,) = value_of_information(build.inputs(instrument, build.profile({"aaa": 1}), answers))
    assert [it.option for it in asked.options] == ["p/a"]
    assert asked.leader_changes == pytest.approx(3 / 15)
    assert asked.evppi == pytest.approx(2 / 15 * 0.125 + 1 / 15 * 0.25)


def test_a_waived_gate_stays_waived_whatever_the_record_shows() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    policy = build.profile({"aaa": 1}, gates=[build.gate("AAA-01", at_least=3, mitigable=True)])
    answers = build.product_answers({"AAA-01": build.answer(state="unknown")})
    waived = build.inputs(instrument, policy, answers, waivers=[build.waiver("p/direct", "AAA-01")])
    assert [it.verdict_changes for it in value_of_information(waived)] == [0]
    (asked,) = value_of_information(build.inputs(instrument, policy, answers))
    assert {it.verdict for it in asked.options[0].values} == {"approve-with-conditions", "approve"}


def test_equal_products_have_draws_of_their_own() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    said = {"AAA-01": build.answer(4, "claim")}
    policy = build.profile({"aaa": 1}, limits=build.thresholds(0.5))
    files = [build.product_answers(said, product=name) for name in "pq"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(information_groups, "ENUMERATED", 0)
        found = value_of_groups(build.inputs(instrument, policy, *files), seed=7, draws=200)
    worth = {group.product: group.evppi for group in found if group.domain is None}
    assert worth["p"] != worth["q"]
