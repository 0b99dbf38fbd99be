from __future__ import annotations

import pytest

from evalkit.forms.what_if.standing_sums import sums_of
from evalkit.model.condition import FactCondition
from evalkit.model.scorecard import Finding
from evalkit.scoring.score import case_of, score
from tests.scoring import builders as build

NOT_HERE = FactCondition(fact="surfaces", includes_any=("cloud",))


@pytest.mark.parametrize(("applying", "verdict"), [(1, "approve"), (2, "reject")])
def test_a_domain_must_reach_the_floor_only_where_enough_of_it_applies(applying: int, verdict: str) -> None:
    """Of three equal questions one is 33 % and two are 67 %; the floor counts from 40 %."""
    names = ("BBB-01", "BBB-02", "BBB-03")
    weak = [
        build.scale(name, applies_if=None if place < applying else NOT_HERE)
        for place, name in enumerate(names)
    ]
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")], "bbb": weak})
    answers = {"AAA-01": build.answer(4, "tested"), **{name: build.answer(0, "tested") for name in names}}
    said = build.product_answers(answers, deployments=[build.deployment()])
    policy = build.profile({"aaa": 1, "bbb": 1}, limits=build.thresholds(domain_floor=0.5))
    inputs = build.inputs(instrument, policy, said)
    case = case_of(inputs, build.option(said))
    assert not isinstance(case, Finding)
    assert sums_of(case).finding((0.5, 0.5), policy.thresholds).verdict == verdict
    assert score(inputs)[0].finding.verdict == verdict
