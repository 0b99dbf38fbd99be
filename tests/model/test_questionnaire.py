"""The instrument as a whole."""

from __future__ import annotations

from tests.scoring import builders as build


def test_a_questionnaire_finds_questions_domains_and_facts_by_id() -> None:
    first, second = build.scale("AAA-01"), build.hosts("BBB-01")
    instrument = build.questionnaire({"aaa": [first], "bbb": [second]})
    assert instrument.ref == "test@1.0.0"
    assert instrument.questions == (first, second)
    assert instrument.by_id["BBB-01"] is second
    assert instrument.domain_of["BBB-01"].id == "bbb"
    assert instrument.facts["features"].level == "product"
