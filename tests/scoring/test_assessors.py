"""Several assessors' answers as one record, and the consensus that replaces them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.model.records import state_of, statement_for
from evalkit.scoring.assessors import consensus, hull, merged_gate, merged_reading
from evalkit.scoring.evidence import read_evidence
from evalkit.scoring.gates import bar_of, outcome
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations, random_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from evalkit.model.answers import Answer, ProductAnswers, Statement
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import GateOutcome, QuestionResult
    from evalkit.scoring.evidence import Reading

SCALE = build.scale("AAA-01")
DEPLOYMENTS = [build.deployment("direct"), build.deployment("ide", surface="ide"), build.deployment("lab")]
DAY = timedelta(days=1)


def reading(said: Answer, question: Question = SCALE) -> Reading:
    return read_evidence(
        question,
        said,
        answers=build.product_answers({question.id: said}),
        deployment_id="direct",
        table=build.evidence_table(),
        as_of=build.AS_OF,
    )


def assessed(
    *said: Answer | None, agreed: Answer | None = None, question: Question = SCALE
) -> EvaluationInputs:
    """An evaluation of p, which a0, a1, … assessed, with or without a consensus."""
    files = [
        build.product_answers({} if own is None else {question.id: own}, deployments=DEPLOYMENTS)
        for own in said
    ]
    common = build.product_answers({} if agreed is None else {question.id: agreed}, deployments=DEPLOYMENTS)
    instrument = build.questionnaire({"aaa": [question, build.scale("AAA-02")]})
    inputs = build.inputs(instrument, build.profile({"aaa": 1}), common)
    return replace(inputs, assessors={"p": {f"a{n}": file for n, file in enumerate(files)}})


def results(inputs: EvaluationInputs) -> dict[str, QuestionResult]:
    return {card.deployment: card.questions[0] for card in score(inputs)}


# Regulated table, even scale. 4 documented: slack 2, so [.5, 1], 1 with .7, .5 and .75 with .15 each. 2
# tested: a point at .5. Equal mixture: 1 with .35, .75 with .075, .5 with .575.
def test_two_readings_become_hull_and_equal_mixture() -> None:
    merged = merged_reading([reading(build.answer(4, "documented")), reading(build.answer(2, "tested"))])
    assert (merged.state, merged.evidence_class, merged.v) == ("conflicting", "documented", 1)
    assert (merged.low, merged.high) == (0.5, 1)
    values, chances = zip(*merged.distribution, strict=True)
    assert values == (0.5, 0.75, 1)
    assert chances == pytest.approx((0.575, 0.075, 0.35))
    assert merged.expected == pytest.approx(0.5 * 0.575 + 0.75 * 0.075 + 0.35)
    assert merged.governing == (4, 2)
    assert merged.disputed
    assert not merged.stale
    assert len(merged.items) == 2


def test_one_reading_stays_as_it_is() -> None:
    one = reading(build.answer(4, "documented"))
    assert merged_reading([one]) is one
    assert merged_reading([one, reading(build.answer(state="unknown")), reading(build.answer())]) is one


def test_assessors_who_agree_are_answered_and_not_in_dispute() -> None:
    merged = merged_reading([reading(build.answer(3, "documented")), reading(build.answer(3, "tested"))])
    assert (merged.state, merged.evidence_class, merged.disputed) == ("answered", "documented", False)
    assert merged.governing == (3,)


def test_equal_worth_of_different_values_is_a_conflict_and_no_dispute() -> None:
    kept = build.number("AAA-01", ((30, 100),))
    merged = merged_reading([reading(build.answer(days, "tested"), kept) for days in (10, 20)])
    assert (merged.state, merged.disputed, merged.governing) == ("conflicting", False, (10, 20))


def test_equal_evidence_read_as_different_answers_is_a_conflict() -> None:
    items = [build.item("documented", 3), build.item("documented", 2)]
    merged = merged_reading([reading(build.answer(3, *items)), reading(build.answer(2, *items))])
    assert (merged.state, merged.v) == ("conflicting", 0.75)
    assert reading(build.answer(3, *items)).state == "answered"


def test_one_assessors_conflict_is_a_conflict() -> None:
    conflict = build.answer(None, build.item("tested", 3), build.item("tested", 2), state="conflicting")
    merged = merged_reading([reading(conflict), reading(build.answer(3, "tested"))])
    assert (merged.state, merged.disputed) == ("conflicting", True)


def test_lesser_evidence_within_the_hull_disputes_nothing() -> None:
    own = build.answer(3, "tested", build.item("claim", 2))
    assert reading(own).disputed
    merged = merged_reading([reading(own), reading(build.answer(3, "documented"))])
    assert (merged.low, merged.disputed) == (0.25, False)
    outside = build.answer(3, "tested", build.item("claim", 0))
    assert merged_reading([reading(outside), reading(build.answer(3, "documented"))]).disputed


def test_expired_evidence_of_one_is_stale() -> None:
    old = build.answer(3, build.item("documented", expires=build.AS_OF - DAY))
    assert merged_reading([reading(old), reading(build.answer(3, "tested"))]).stale


@pytest.mark.parametrize(
    ("states", "expected", "kept"),
    [
        (("unanswered", "unanswered"), "unanswered", 2),
        (("unknown", "unknown"), "unknown", 2),
        (("unknown", "unanswered"), "unknown", 1),
        (("refused", "refused"), "refused", 2),
        (("refused", "unanswered"), "refused", 1),
        (("refused", "unknown"), "unknown", 2),
    ],
)
def test_without_a_value_all_is_possible(states: tuple[build.State, ...], expected: str, kept: int) -> None:
    readings = [reading(build.answer(state=state)) for state in states]
    merged = merged_reading(readings)
    assert (merged.state, merged.v, merged.low, merged.high) == (expected, None, 0, 1)
    assert (merged.evidence_class, merged.disputed, merged.governing) == ("none", False, ())
    assert merged.expected == pytest.approx(sum(each.expected for each in readings[:kept]) / kept)


def test_refused_beside_a_value_must_be_settled() -> None:
    with pytest.raises(ValueError, match="an answer is refused and has a value"):
        merged_reading([reading(build.answer(state="refused")), reading(build.answer(3, "tested"))])


def test_nobody_says_nothing() -> None:
    with pytest.raises(ValueError, match="no reading to merge"):
        merged_reading([])


@pytest.mark.parametrize(
    ("outcomes", "undecided", "failing"),
    [
        (("pass", "pass"), "pass", "pass"),
        (("fail", "fail"), "fail", "fail"),
        (("pass", "fail"), "open", "fail"),
        (("pass", "open"), "open", "fail"),
        (("open", "open"), "open", "open"),
        (("pass",), "pass", "pass"),
    ],
)
def test_a_gate_is_decided_only_where_each_assessor_decides_it(
    outcomes: tuple[GateOutcome, ...], undecided: str, failing: str
) -> None:
    assert merged_gate(outcomes, unknown_fails=False) == undecided
    assert merged_gate(outcomes, unknown_fails=True) == failing


randoms = st.randoms(use_true_random=False)


def without_refusals(statement: Statement) -> Statement:
    refused = statement.state == "refused"
    return statement.model_copy(update={"state": "unknown"}) if refused else statement


def several(rng: Random, inputs: EvaluationInputs, count: int) -> list[ProductAnswers]:
    """What assessors say about the first product of an evaluation; nobody was refused anything."""
    [answers] = inputs.answers.values()
    names = [each.id for each in answers.deployments]
    files = []
    for _ in range(count):
        said = {}
        for question in inputs.questionnaire.questions:
            own = random_answer(rng, question, names)
            deployments = {name: without_refusals(each) for name, each in own.deployments.items()}
            said[question.id] = without_refusals(own).model_copy(update={"deployments": deployments})
        files.append(answers.model_copy(update={"answers": said}))
    return files


def read_by(
    inputs: EvaluationInputs, answers: ProductAnswers, question: Question, deployment: str
) -> Reading:
    return read_evidence(
        question,
        statement_for(answers, question.id, deployment),
        answers=answers,
        deployment_id=deployment,
        table=inputs.profile.evidence,
        as_of=inputs.evaluation.as_of,
    )


@given(evaluations(), randoms, st.integers(1, 4))
def test_the_hull_holds_each_who_counts_and_the_mixture_is_one(
    inputs: EvaluationInputs, rng: Random, count: int
) -> None:
    files = several(rng, inputs, count)
    for question, option in itertools.product(inputs.questionnaire.questions, inputs.options()):
        readings = [read_by(inputs, file, question, option.deployment.id) for file in files]
        merged = merged_reading(readings)
        valued = [each for each in readings if each.v is not None] or readings
        for each in valued:
            assert merged.low <= each.low <= each.high <= merged.high
        assert (merged.low, merged.high) == hull(valued)
        values, chances = zip(*merged.distribution, strict=True)
        assert list(values) == sorted(set(values))
        assert sum(chances) == pytest.approx(1)
        assert merged.low - 1e-9 <= merged.expected <= merged.high + 1e-9
        backwards = merged_reading(readings[::-1])
        for name in ("state", "evidence_class", "v", "low", "expected", "high", "distribution", "disputed"):
            assert getattr(backwards, name) == getattr(merged, name)


@given(evaluations(), randoms, st.booleans(), st.booleans())
def test_a_gate_on_the_merged_reading_is_the_merged_gate(
    inputs: EvaluationInputs,
    rng: Random,
    past_deadline: bool,  # noqa: FBT001 - drawn
    unknown_fails: bool,  # noqa: FBT001 - drawn
) -> None:
    files = several(rng, inputs, 3)
    for gate, option in itertools.product(inputs.profile.gates, inputs.options()):
        question = inputs.questionnaire.by_id[gate.question]
        bar = bar_of(gate, question)
        readings = [read_by(inputs, file, question, option.deployment.id) for file in files]
        valued = [each for each in readings if each.v is not None] or readings

        def found(one: Reading, bar=bar) -> GateOutcome:  # type: ignore[no-untyped-def]  # noqa: ANN001
            return outcome(bar, one, past_deadline=past_deadline, unknown_fails=unknown_fails)

        each = [found(one) for one in valued]
        assert found(merged_reading(readings)) == merged_gate(each, unknown_fails=unknown_fails)


@given(evaluations(Traits(controls=False)), randoms)
def test_one_assessor_alone_scores_as_a_consensus_would(inputs: EvaluationInputs, rng: Random) -> None:
    [file] = several(rng, inputs, 1)
    product = file.product.id
    agreed = replace(inputs, answers={product: file})
    alone = replace(
        inputs,
        answers={product: file.model_copy(update={"answers": {}})},
        assessors={product: {"ann": file}},
    )
    for one, other in zip(score(agreed), score(alone), strict=True):
        assert (one.finding, one.span, one.gates, one.gap) == (
            other.finding,
            other.span,
            other.gates,
            other.gap,
        )
        records = [(each.question, each.record, each.value, each.v) for each in one.questions]
        assert [(each.question, each.record, each.value, each.v) for each in other.questions] == records


@given(evaluations(Traits(products=2, controls=False)), randoms)
def test_what_an_assessor_is_called_changes_no_score(inputs: EvaluationInputs, rng: Random) -> None:
    product = min(inputs.answers)
    one = replace(inputs, answers={product: inputs.answers[product]})
    files = several(rng, one, 2)
    empty = files[0].model_copy(update={"answers": {}})
    unsettled = replace(inputs, answers={**inputs.answers, product: empty})
    forth = replace(unsettled, assessors={product: {"ann": files[0], "bob": files[1]}})
    back = replace(unsettled, assessors={product: {"bob": files[0], "ann": files[1]}})
    for card, other in zip(score(forth), score(back), strict=True):
        assert (card.finding, card.span, card.gap) == (other.finding, other.span, other.gap)
        assert [each.record for each in card.questions] == [each.record for each in other.questions]


def test_the_consensus_alone_counts_where_it_answers() -> None:
    one, other = build.answer(4, "tested"), build.answer(0, "tested")
    settled = results(assessed(one, other, agreed=build.answer(3, "tested")))
    assert {(each.state, each.value, each.v, each.record) for each in settled.values()} == {
        ("answered", 3, 0.75, "*")
    }
    merged = results(assessed(one, other))
    assert {(each.state, each.value, each.v, each.record) for each in merged.values()} == {
        ("conflicting", None, 1, "*")
    }


def test_a_consensus_for_one_deployment_leaves_the_others_to_the_assessors() -> None:
    agreed = build.answer(deployments={"ide": build.statement(1, "tested")})
    found = results(assessed(build.answer(4, "tested"), build.answer(3, "tested"), agreed=agreed))
    assert [(each.record, each.low, each.high) for each in found.values()] == [
        ("*", 0.75, 1),
        ("ide", 0.25, 0.25),
        ("*", 0.75, 1),
    ]


def test_deployments_share_a_record_if_all_its_parts_are_the_same() -> None:
    by_ide = build.answer(4, "tested", deployments={"ide": build.statement(2, "tested")})
    by_two = build.answer(
        4,
        "tested",
        deployments={"ide": build.statement(1, "tested"), "lab": build.statement(1, "tested")},
    )
    found = results(assessed(by_ide, by_two))
    assert {name: each.record for name, each in found.items()} == {"direct": "*", "ide": "ide", "lab": "lab"}
    found = results(assessed(build.answer(4, "tested"), by_two))
    assert {name: each.record for name, each in found.items()} == {
        "direct": "*",
        "ide": "ide+lab",
        "lab": "ide+lab",
    }


def test_who_is_left_out_splits_no_record() -> None:
    silent = build.answer(deployments={"ide": build.statement(state="unknown")})
    found = results(assessed(build.answer(4, "tested"), silent))
    assert {each.record for each in found.values()} == {"*"}
    assert {each.value for each in found.values()} == {4}


def test_a_record_of_others_is_not_the_general_one() -> None:
    by_ide = build.answer(4, "tested", deployments={"ide": build.statement(state="unanswered")})
    found = results(assessed(by_ide, build.answer(state="unknown")))
    assert {name: (each.record, each.state) for name, each in found.items()} == {
        "direct": ("*", "answered"),
        "ide": ("ide", "unknown"),
        "lab": ("*", "answered"),
    }


def test_nothing_ticked_is_left_out_beside_ticks() -> None:
    ticks = build.sum_capped("AAA-01", {"a": 10, "b": 35})
    found = results(assessed(build.answer(()), build.answer(("a",), "tested"), question=ticks))
    assert {(each.state, each.value) for each in found.values()} == {("answered", ("a",))}


def test_evidence_items_keep_the_value_of_their_assessor() -> None:
    found = results(assessed(build.answer(4, "tested"), build.answer(3, "tested")))
    assert [each.item.value for each in found["direct"].items] == [4, 3]


def test_a_consensus_is_a_new_record_with_its_reason() -> None:
    before = build.product_answers({"AAA-02": build.answer(1, "tested")}, deployments=DEPLOYMENTS)
    decided = build.statement(3, build.item("documented", source="docs"))
    ann = build.product_answers({}, sources={"docs": build.source(build.AS_OF), "other": build.source()})
    after = consensus(
        before,
        "AAA-01",
        decided,
        by="Ann, Bob",
        on=build.AS_OF,
        reason="Read again.",
        assessors={"ann": ann},
    )
    made = after.answers["AAA-01"]
    assert (made.value, made.evidence, made.deployments) == (3, decided.evidence, {})
    assert made.reviewed is not None
    assert (made.reviewed.by, made.reviewed.on, made.reviewed.note) == (
        "Ann, Bob",
        build.AS_OF,
        "Read again.",
    )
    assert after.sources == {"docs": ann.sources["docs"]}
    assert after.answers["AAA-02"] == before.answers["AAA-02"]
    assert (before.sources, list(before.answers), decided.reviewed) == ({}, ["AAA-02"], None)


def test_a_consensus_for_one_deployment_keeps_the_general_answer_and_the_other_way_round() -> None:
    before = build.product_answers(
        {"AAA-01": build.answer(1, "tested")}, deployments=DEPLOYMENTS, sources={"s": build.source()}
    )
    decided = build.statement(3, "tested")

    def agreed(so_far: ProductAnswers, deployment_id: str | None) -> ProductAnswers:
        return consensus(
            so_far, "AAA-01", decided, by="b", on=build.AS_OF, reason="r", deployment_id=deployment_id
        )

    by_ide = agreed(before, "ide")
    assert (by_ide.answers["AAA-01"].value, by_ide.answers["AAA-01"].deployments["ide"].value) == (1, 3)
    both = agreed(by_ide, None)
    assert both.answers["AAA-01"].value == 3
    assert both.answers["AAA-01"].deployments == by_ide.answers["AAA-01"].deployments
    again = agreed(before, None)
    assert state_of(again.answers["AAA-01"]) == "answered"
    with pytest.raises(KeyError, match="web"):
        agreed(before, "web")


@pytest.mark.parametrize(
    ("reason", "sources", "message"),
    [
        (" ", {"ann": ("a",)}, "AAA-01: a consensus needs its reason"),
        ("r", {}, "AAA-01: source s is listed nowhere"),
        ("r", {"ann": ("a",), "bob": ("b",)}, "AAA-01: source s means different sources"),
    ],
)
def test_a_consensus_without_reason_or_source_is_none(
    reason: str, sources: Mapping[str, tuple[str]], message: str
) -> None:
    files = {
        name: build.product_answers({}, sources={"s": build.source().model_copy(update={"title": title})})
        for name, (title,) in sources.items()
    }
    with pytest.raises(ValueError, match=message):
        consensus(
            build.product_answers({}),
            "AAA-01",
            build.statement(3, "tested"),
            by="b",
            on=build.AS_OF,
            reason=reason,
            assessors=files,
        )
