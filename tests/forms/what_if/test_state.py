from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evalkit.files.canonical import to_yaml
from evalkit.files.loading import load_inputs
from evalkit.forms.what_if.state import Supposed, WhatIf, answers_to_try, draft
from evalkit.model.values import EVIDENCE_CLASSES
from evalkit.scoring.score import score
from evalkit.views.ranking import ranked
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations

if TYPE_CHECKING:
    from evalkit.forms.what_if.state import EvidenceTable, Outcome
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

SHIPPED = Path(__file__).parents[3] / "results" / "coding-agents-2026"
SHARES = st.floats(0, 1)


@pytest.fixture(scope="module")
def shipped() -> WhatIf:
    return WhatIf.of(load_inputs(SHIPPED))


def seen(one: Outcome | Scorecard) -> tuple[object, ...]:
    finding = one.finding
    return (one.option, one.span, one.coverage, finding.verdict, finding.reason)


def as_scored(state: WhatIf) -> list[tuple[object, ...]]:
    """What `score` says of the changed evaluation."""
    return [seen(card) for card in score(state.inputs)]


def outcomes(state: WhatIf) -> list[tuple[object, ...]]:
    return [seen(one) for one in state.outcomes]


@st.composite
def changes(draw: st.DrawFn, inputs: EvaluationInputs) -> list[WhatIf]:
    """States one after the other, each a change of the last."""
    states = [WhatIf.of(inputs)]
    options = [option.id for option in inputs.options()]
    questions = inputs.questionnaire.questions
    for _ in range(draw(st.integers(1, 4))):
        state = states[-1]
        match draw(st.sampled_from(("weight", "threshold", "table", "answer", "withdraw"))):
            case "weight":
                domain = draw(st.sampled_from([domain.id for domain in inputs.questionnaire.domains]))
                weight = draw(st.floats(0.01, 50))
                states.append(state.changed(domain_weights={domain: weight}))
            case "threshold":
                name = draw(st.sampled_from(("approve_at", "domain_floor", "minimum_coverage")))
                states.append(state.changed(thresholds={name: draw(SHARES)}))
            case "table":
                tables: list[EvidenceTable] = ["stated", "strict", "lenient"]
                states.append(state.changed(table=draw(st.sampled_from(tables))))
            case "answer":
                question = draw(st.sampled_from(questions))
                value = draw(st.sampled_from((None, *answers_to_try(question))))
                said = Supposed(value, draw(st.sampled_from(EVIDENCE_CLASSES)))
                key = (draw(st.sampled_from(options)), question.id)
                states.append(state.changed(supposed={**state.supposed, key: said}))
            case _:
                states.append(state.changed(supposed={}))
    return states


@given(st.data(), evaluations(Traits(products=3)))
def test_any_change_gives_the_numbers_and_verdicts_of_scoring(
    data: st.DataObject, inputs: EvaluationInputs
) -> None:
    for state in data.draw(changes(inputs)):
        assert outcomes(state) == as_scored(state)


@given(evaluations(Traits(products=3)))
def test_ranks_are_those_of_the_report(inputs: EvaluationInputs) -> None:
    state = WhatIf.of(inputs)
    ranks = {one.option: one.rank for one in state.outcomes if one.rank is not None}
    assert ranks == {one.card.option: one.rank for one in ranked(inputs, score(inputs))}


def test_the_shipped_evaluation_after_several_changes(shipped: WhatIf) -> None:
    state = shipped.changed(
        domain_weights={"storage": 30, "approvals": 1},
        thresholds={"approve_at": 0.3, "domain_floor": 0.05, "minimum_coverage": 0.5},
        table="lenient",
        supposed={("aider/bedrock", "NET-05"): Supposed(4), ("cursor/ide-bedrock", "RTN-01"): Supposed(None)},
    )
    assert len({one.finding.verdict for one in state.outcomes}) > 1
    assert outcomes(state) == as_scored(state)


def test_taking_all_back_is_the_start(shipped: WhatIf) -> None:
    changed = shipped.changed(
        domain_weights={"storage": 30}, table="strict", supposed={("aider/bedrock", "NET-05"): Supposed(4)}
    )
    back = changed.changed(domain_weights={"storage": 8}, table="stated", supposed={})
    assert changed.outcomes != shipped.outcomes
    assert back == shipped


def test_a_supposed_answer_touches_its_own_option_only(shipped: WhatIf) -> None:
    state = shipped.changed(supposed={("aider/bedrock", "NET-05"): Supposed(0, "claim")})
    moved = {
        now.option for now, was in zip(state.outcomes, shipped.outcomes, strict=True) if now.span != was.span
    }
    assert moved == {"aider/bedrock"}


def test_a_supposed_answer_that_is_proven_counts_in_full() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    said = build.product_answers({"AAA-01": build.answer(0, "tested")}, deployments=[build.deployment()])
    state = WhatIf.of(build.inputs(instrument, build.profile({"aaa": 1}), said))
    assert state.outcomes[0].span is not None
    assert state.outcomes[0].span.assured == 0
    after = state.changed(supposed={("p/direct", "AAA-01"): Supposed(3, "tested")}).outcomes[0].span
    assert after is not None
    assert (after.assured, after.potential) == (0.75, 0.75)


def test_weights_and_thresholds_read_no_evidence_again(shipped: WhatIf) -> None:
    changed = shipped.changed(domain_weights={"storage": 1}, thresholds={"approve_at": 1})
    assert changed.sums is shipped.sums


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"domain_weights": {"storage": 0}}, "storage: weight 0 is not greater than 0"),
        ({"domain_weights": {"storage": float("nan")}}, "storage: weight nan is not greater than 0"),
        ({"domain_weights": {"cost": 1}}, "'cost' is not one of storage, transmission"),
        ({"thresholds": {"approve_at": 1.1}}, "less than or equal to 1"),
        ({"thresholds": {"approve": 0.5}}, "Extra inputs are not permitted"),
    ],
)
def test_what_a_profile_cannot_say_is_refused(
    shipped: WhatIf, change: dict[str, dict[str, float]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        shipped.changed(**change)  # type: ignore[arg-type]  # one keyword of several


def test_an_answer_for_an_unknown_option_is_refused(shipped: WhatIf) -> None:
    with pytest.raises(KeyError, match="aider/nowhere"):
        shipped.changed(supposed={("aider/nowhere", "NET-05"): Supposed(4)})


def test_every_answer_to_try_is_one_that_its_question_allows(shipped: WhatIf) -> None:
    for question in shipped.start.questionnaire.questions:
        for value in answers_to_try(question):
            state = shipped.changed(supposed={("aider/bedrock", question.id): Supposed(value)})
            assert len(state.outcomes) == 39


def test_a_draft_says_what_it_was_made_from(shipped: WhatIf) -> None:
    state = shipped.changed(domain_weights={"storage": 30}, table="strict")
    profile = draft(state, "strict-storage", "Strict on storage")
    assert profile.id == "strict-storage"
    assert profile.version == "1.0.0"
    assert "standard 1.0.0" in (profile.domain_reason or "")
    assert profile.domain_weights["storage"] == 30
    assert profile.evidence == state.profile.evidence
    assert profile.gates == shipped.start.profile.gates
    assert to_yaml(profile).startswith("format: evalkit/profile/1\nid: strict-storage\n")


def test_a_draft_with_the_weights_of_its_origin_keeps_their_reason(shipped: WhatIf) -> None:
    assert draft(shipped, "a", "A").domain_reason == shipped.start.profile.domain_reason


@pytest.mark.parametrize(("profile_id", "title"), [("No good", "Title"), ("good", " "), ("../up", "Title")])
def test_a_draft_needs_an_id_and_a_title(shipped: WhatIf, profile_id: str, title: str) -> None:
    with pytest.raises(ValidationError):
        draft(shipped, profile_id, title)
