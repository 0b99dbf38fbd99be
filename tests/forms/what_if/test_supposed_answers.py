"""What the controls to suppose an answer say of the answer as it stands."""

from __future__ import annotations

from dataclasses import replace

from evalkit.forms.what_if.supposed_answers import SupposedAnswers
from tests.forms.panels import text_of
from tests.scoring import builders as build


def test_where_no_consensus_stands_each_assessors_answer_is_named() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    inputs = build.inputs(instrument, build.profile({"aaa": 1}), build.product_answers({}))
    said = {"ann": build.answer(3, "documented"), "bob": build.answer(state="unknown")}
    files = {name: build.product_answers({"AAA-01": own}) for name, own in said.items()}
    assessed = replace(inputs, assessors={"p": files})
    shown = text_of(SupposedAnswers(assessed, lambda _: None).now.value)
    assert "Now: ann: Level 3 of 4: - / bob: Searched for, not found" in shown
    agreed = build.product_answers({"AAA-01": build.answer(1, "documented")})
    settled = replace(assessed, answers={"p": agreed})
    assert "Now: Level 1 of 4" in text_of(SupposedAnswers(settled, lambda _: None).now.value)
