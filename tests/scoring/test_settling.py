"""What settles a question between assessors: whose record, which value, or which state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.scoring.settling import Decision, settled
from tests.scoring import builders as build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import Answer, ProductAnswers

DEPLOYMENTS = [build.deployment("direct"), build.deployment("ide", surface="ide")]
SOURCES = {"s": build.source(build.AS_OF), "t": build.source(build.AS_OF)}
LATER = build.AS_OF + timedelta(days=4)
Q = "AAA-01"


def file(said: Mapping[str, Answer]) -> ProductAnswers:
    return build.product_answers(said, deployments=DEPLOYMENTS, sources=SOURCES)


def assessors(**said: Answer) -> dict[str, ProductAnswers]:
    return {name: file({Q: own}) for name, own in said.items()}


def decision(**parts: Any) -> Decision:  # noqa: ANN401 - the parts of a decision
    usual: dict[str, Any] = {"by": "Ann, Bob", "on": build.AS_OF, "reason": "Read again."}
    return Decision(**(usual | parts))


def settle(own: Mapping[str, ProductAnswers], so_far: ProductAnswers | None = None, **parts: Any) -> Answer:  # noqa: ANN401
    deployment = parts.pop("deployment", None)
    return settled(so_far or file({}), Q, decision(**parts), own, deployment).answers[Q]


TWO = assessors(
    ann=build.answer(3, build.item("documented", 3), build.item("claim", 4, source="t")),
    bob=build.answer(1, "documented"),
)


def test_a_record_is_taken_with_evidence_and_finding_and_gets_the_reason() -> None:
    finding = {"finding": "As ann found.", "also": "30 days"}
    ann = TWO["ann"].answers[Q].model_copy(update=finding)
    made = settle({**TWO, "ann": file({Q: ann})}, take="ann")
    assert (made.value, made.evidence, made.finding, made.also) == (
        3,
        ann.evidence,
        "As ann found.",
        "30 days",
    )
    assert made.reviewed is not None
    assert (made.reviewed.by, made.reviewed.on, made.reviewed.note) == (
        "Ann, Bob",
        build.AS_OF,
        "Read again.",
    )
    assert settle({**TWO, "ann": file({Q: ann})}, take="ann", finding="Ours.").finding == "Ours."


def test_originals_are_kept() -> None:
    before = {name: own.model_copy(deep=True) for name, own in TWO.items()}
    so_far = file({})
    settled(so_far, Q, decision(take="ann"), TWO)
    assert before == TWO
    assert so_far == file({})


def test_an_answer_is_taken_whole_with_what_differs_by_deployment() -> None:
    by_ide = build.answer(3, "documented", deployments={"ide": build.statement(0, "tested")})
    stands = file({Q: build.answer(1, "claim", deployments={"direct": build.statement(2, "claim")})})
    made = settle(assessors(ann=by_ide), stands, take="ann")
    assert (made.value, list(made.deployments), made.deployments["ide"].value) == (3, ["ide"], 0)
    assert made.deployments["ide"].reviewed == made.reviewed


def test_only_what_is_taken_by_deployment_needs_no_general_answer() -> None:
    made = settle(assessors(ann=build.answer(deployments={"ide": build.statement(0, "tested")})), take="ann")
    assert (made.value, made.state, made.reviewed) == (None, None, None)
    assert made.deployments["ide"].value == 0


def test_for_one_deployment_only_evidence_that_covers_it_is_taken() -> None:
    items = (
        build.item("documented", deployments=("direct",)),
        build.item("claim", deployments=("ide", "direct")),
        build.item("claim", source="t"),
    )
    stands = file({Q: build.answer(1, "claim")})
    made = settle(assessors(ann=build.answer(3, *items)), stands, take="ann", deployment="ide")
    assert made.value == 1
    assert [(it.source, it.deployments) for it in made.deployments["ide"].evidence] == [
        ("s", None),
        ("t", None),
    ]


def test_a_value_rests_on_the_evidence_of_all_who_state_it_each_item_once() -> None:
    same = build.item("documented")
    own = assessors(
        ann=build.answer(3, same, build.item("claim", 4, source="t")),
        bob=build.answer(3, build.item("documented", 3), build.item("tested")),
        eve=build.answer(1, "attested"),
    )
    made = settle(own, value=3)
    assert [(it.evidence_class, it.value) for it in made.evidence] == [
        ("documented", None),
        ("claim", 4),
        ("tested", None),
    ]


def test_findings_of_all_who_state_a_value_are_joined_each_once() -> None:
    own = {
        name: file({Q: build.answer(3, "claim").model_copy(update={"finding": text})})
        for name, text in (("ann", "A."), ("bob", "B."), ("eve", "A."))
    }
    assert settle(own, value=3).finding == "A. B."


def test_a_set_is_the_same_in_any_order() -> None:
    own = assessors(ann=build.answer(("a", "b"), "claim"), bob=build.answer(("b",), "claim"))
    assert len(settle(own, value=("b", "a")).evidence) == 1


def test_one_assessors_evidence_can_be_read_as_another_value() -> None:
    made = settle(TWO, take="ann", value=2)
    assert (made.value, made.state) == (2, None)
    assert [(it.evidence_class, it.value) for it in made.evidence] == [("documented", None), ("claim", 4)]


def test_that_a_conflict_stands_keeps_the_value_of_each_item() -> None:
    made = settle(TWO, state="conflicting")
    assert (made.state, made.value) == ("conflicting", None)
    assert [(it.evidence_class, it.value) for it in made.evidence] == [
        ("documented", 3),
        ("claim", 4),
        ("documented", 1),
    ]


def test_that_nothing_is_known_rests_on_no_evidence() -> None:
    unknown = build.answer(state="unknown").model_copy(update={"finding": "Searched."})
    made = settle({**TWO, "eve": file({Q: unknown})}, state="unknown")
    assert (made.state, made.value, made.evidence, made.finding) == ("unknown", None, (), "Searched.")


@pytest.mark.parametrize(
    "parts", [{"take": "ann"}, {"value": 3}, {"take": "ann", "value": 2, "deployment": "ide"}]
)
def test_the_same_decision_again_changes_nothing(parts: dict[str, Any]) -> None:
    deployment = parts.get("deployment")
    made = decision(**{name: own for name, own in parts.items() if name != "deployment"}, keeps_day=True)
    first = settled(file({}), Q, made, TWO, deployment)
    assert settled(first, Q, replace(made, on=LATER), TWO, deployment) == first


@pytest.mark.parametrize(
    "changed", [{"keeps_day": False}, {"reason": "Another."}, {"by": "Eve"}, {"finding": "Another."}]
)
def test_another_decision_has_its_own_day(changed: dict[str, Any]) -> None:
    made = decision(take="ann", keeps_day=True)
    first = settled(file({}), Q, made, TWO)
    review = settled(first, Q, replace(made, on=LATER, **changed), TWO).answers[Q].reviewed
    assert review is not None
    assert review.on == LATER


def test_answers_that_stand_do_not_move() -> None:
    so_far = file({Q: build.answer(1, "claim"), "AAA-02": build.answer(2, "claim")})
    after = settled(so_far, Q, decision(take="ann"), TWO)
    assert list(after.answers) == [Q, "AAA-02"]
    assert after.answers["AAA-02"] == so_far.answers["AAA-02"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"value": 2}, "AAA-01: no assessor states 2; ann 3, bob 1, eve is unanswered"),
        ({"value": ("a", "b")}, "no assessor states a, b"),
        ({"take": "eve"}, "AAA-01: eve has no answer to take"),
        ({"take": "eve", "value": 2}, "AAA-01: eve has no answer to take"),
        ({"take": "eve", "deployment": "ide"}, "AAA-01: eve has no answer to take"),
        ({}, "neither a record nor a value nor a state"),
        ({"take": "ann", "reason": " "}, "a consensus needs its reason"),
    ],
)
def test_what_cannot_be_settled_says_why(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        settle({**TWO, "eve": file({})}, **parts)


@pytest.mark.parametrize("parts", [{"take": "eve"}, {"take": "ann", "deployment": "web"}])
def test_who_and_what_is_not_there_is_a_key_error(parts: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match=r"eve|web"):
        settle(TWO, **parts)
