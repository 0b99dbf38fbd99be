"""Which questions apply, in three values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, FactCondition, Not, leaves
from evalkit.scoring.applicability import facts_of, truth
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.scoring.cases import random_condition

if TYPE_CHECKING:
    from random import Random

    from evalkit.model.answers import Answer
    from evalkit.model.condition import Condition

YES = FactCondition(fact="features", includes_any=("hooks",))
NO = FactCondition(fact="routes", includes_any=("aws_bedrock",))
MAYBE = FactCondition(fact="data_classes", includes_any=("secret",))
FACTS = {"features": ("hooks",), "routes": ("vendor_direct",), "data_classes": None}


def holds(condition: Condition) -> bool | None:
    return truth(condition, FACTS, lambda _question, _level: None)


def test_an_absent_fact_is_unknown_and_an_empty_one_is_known() -> None:
    assert [holds(leaf) for leaf in (YES, NO, MAYBE)] == [True, False, None]
    assert truth(YES, {"features": ()}, lambda _question, _level: None) is False
    assert truth(YES, {}, lambda _question, _level: None) is None


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (AllOf(all=(YES, YES)), True),
        (AllOf(all=(YES, MAYBE)), None),
        (AllOf(all=(MAYBE, NO)), False),
        (AnyOf(any=(NO, NO)), False),
        (AnyOf(any=(NO, MAYBE)), None),
        (AnyOf(any=(MAYBE, YES)), True),
        (Not(not_=YES), False),
        (Not(not_=NO), True),
        (Not(not_=MAYBE), None),
    ],
)
def test_combinations_follow_strong_kleene(condition: Condition, *, expected: bool | None) -> None:
    assert holds(condition) is expected


def test_facts_come_from_product_deployment_and_evaluation() -> None:
    answers = build.product_answers(
        {},
        deployments=[build.deployment("d", route="aws_bedrock", surface="ide", plan="enterprise")],
        operating_systems=None,
        features=("hooks",),
    )
    inputs = build.inputs(
        build.questionnaire({"aaa": [build.scale("AAA-01")]}),
        build.profile({"aaa": 1}),
        answers,
        data_classes=("internal",),
        operating_systems=("linux",),
    )
    assert facts_of(build.option(answers, "d"), inputs.evaluation) == {
        "product": ("p",),
        "version": ("1.0",),
        "licence": ("closed",),
        "operating_systems": None,
        "features": ("hooks",),
        "routes": ("aws_bedrock",),
        "surfaces": ("ide",),
        "plan_type": ("enterprise",),
        "data_classes": ("internal",),
    }


def applies(said: Answer | None, leaf: Condition, *, first_applies: bool = True) -> bool:
    """Whether AAA-02 applies when AAA-01 was answered so."""
    instrument = build.questionnaire(
        {
            "aaa": [
                build.scale("AAA-02", applies_if=leaf),
                build.scale("AAA-01", applies_if=None if first_applies else NO),
                build.scale("AAA-03"),
            ]
        }
    )
    answers = {"AAA-03": build.answer(1, "claim")} | ({"AAA-01": said} if said else {})
    [card] = score(build.inputs(instrument, build.profile({"aaa": 1}), build.product_answers(answers)))
    return card.question("AAA-02").applicable


REACHES = AnswerCondition(answer="AAA-01", at_least=2)


@pytest.mark.parametrize(
    ("said", "reached"),
    [
        (build.answer(2, "claim"), True),
        (build.answer(2.0, "claim"), True),
        (build.answer(1, "claim"), False),
        (build.answer(None, build.item("claim", 1), build.item("claim", 3), state="conflicting"), None),
        (build.answer(3, build.item("contract"), build.item("claim", 1)), True),
        (build.answer(1, build.item("contract"), build.item("claim", 3)), False),
        (build.answer(state="unknown"), None),
        (build.answer(state="refused"), None),
        (None, None),
    ],
)
def test_a_leaf_on_an_answer_asks_every_governing_value(said: Answer, *, reached: bool | None) -> None:
    assert applies(said, REACHES) is (reached is not False)
    assert applies(said, Not(not_=REACHES)) is (reached is not True)


def test_a_question_that_does_not_apply_reaches_no_level() -> None:
    assert applies(build.answer(4, "tested"), REACHES, first_applies=False) is False
    assert applies(build.answer(4, "tested"), Not(not_=REACHES), first_applies=False) is True


def test_masks_ignore_slack_and_the_variant_table() -> None:
    assert applies(build.answer(2, "claim"), REACHES) is True


@given(st.randoms(use_true_random=False))
def test_more_known_facts_never_turn_a_decided_condition(rng: Random) -> None:
    condition = random_condition(rng, ())
    facts: dict[str, tuple[str, ...] | None] = {
        leaf.fact: rng.choice((None, (), leaf.includes_any))
        for leaf in leaves(condition)
        if isinstance(leaf, FactCondition)
    }
    before = truth(condition, facts, lambda _question, _level: None)
    known = {
        fact: rng.choice(((), ("closed",))) if values is None else values for fact, values in facts.items()
    }
    if before is not None:
        assert truth(condition, known, lambda _question, _level: None) is before
