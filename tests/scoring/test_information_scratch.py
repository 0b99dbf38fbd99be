"""Value of information against brute force: the answer written into the file, and everything scored anew."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evalkit.model.condition import AnswerCondition
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion
from evalkit.model.records import scope_of
from evalkit.scoring.gates import bar_of
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from evalkit.scoring.information_survey import as_it_stands, joint
from evalkit.scoring.resolution import prior
from evalkit.scoring.score import score
from evalkit.scoring.worth import worth
from tests.scoring import builders as build
from tests.scoring.cases import TICKS, Traits, evaluations
from tests.scoring.changes import with_answers
from tests.scoring.test_information import CLOSE, SEED, record
from tests.scoring.test_worked_example import example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.information import RecordValue
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.evidence import Reading

NUMBERS = (0, 3, 7, 20, 30, 31, 60, 75.5, 90, 400)


def answer_worth(question: Question, value: float, reading: Reading, gate: Any) -> Any:  # noqa: ANN401 - any answer
    """An answer of that worth on the side of the bar that a resolution takes, or None."""
    bar = None if gate is None else bar_of(gate, question)
    candidates: Sequence[Any]
    match question:
        case ScaleQuestion(levels=levels):
            candidates = [level.level for level in levels]
        case NumberQuestion(special_values=special):
            candidates = [*NUMBERS, *(it.id for it in special)]
        case ListQuestion():
            names = [f"{name}.test" for name in "abcd"]
            candidates = [build.lists(), *(build.lists(names[:n], names, purposes=True) for n in range(1, 5))]
        case _:
            candidates = [tick for n in range(1, 5) for tick in itertools.combinations(TICKS, n)]
    fitting = [it for it in candidates if abs(worth(question, it) - value) <= CLOSE]
    if bar is None:
        return fitting[0] if fitting else None
    wanted = {bar.reached_by_worth(value)}
    if bar.v is None:
        gaps = {it: abs(worth(question, it) - value) for it in reading.governing}
        near = [it for it, gap in gaps.items() if gap <= min(gaps.values()) + CLOSE]
        wanted = {bar.reached_by(it) for it in near} or {True}
    return next((it for it in fitting if {bar.reached_by(it)} == wanted), None)


def serving(inputs: EvaluationInputs, asked: RecordValue) -> dict[str, Reading]:
    """What the record reads for each option with figures that it serves."""
    return {
        option: board.case.readings[asked.question]
        for option, board in as_it_stands(inputs).boards.items()
        if board.option.answers.product.id == asked.product
        and scope_of(board.option.answers, asked.question, board.option.deployment.id) == asked.scope
    }


def resolved_from_scratch(
    inputs: EvaluationInputs, asked: RecordValue, values: Mapping[str, float], readings: Mapping[str, Reading]
) -> EvaluationInputs | None:
    """The evaluation whose files say what the record turned out to be; None where no answer is worth that."""
    question = inputs.questionnaire.by_id[asked.question]
    gate = next((it for it in inputs.profile.gates if it.question == asked.question), None)
    file = inputs.answers[asked.product]
    old = file.answers.get(asked.question, build.answer())
    new = dict(old.deployments)
    for option, value in values.items():
        said = answer_worth(question, value, readings[option], gate)
        if said is None:
            return None
        new[option.partition("/")[2]] = build.statement(said, question.strongest_proof)
    answers = {**file.answers, asked.question: old.model_copy(update={"deployments": new})}
    return with_answers(inputs, file.model_copy(update={"answers": answers}))


def alive(cards: Sequence[Scorecard]) -> dict[str, float]:
    return {
        card.option: card.span.expected
        for card in cards
        if card.span is not None and card.finding.verdict != "reject"
    }


def worlds(
    inputs: EvaluationInputs, group: Sequence[RecordValue]
) -> list[tuple[float, list[dict[str, float]], dict[str, Scorecard]]] | None:
    """Every combination of what the records may be: its chance, their values, and all options scored anew."""
    readings = [serving(inputs, asked) for asked in group]
    ways = [
        joint({o: prior(inputs.questionnaire.by_id[asked.question], it) for o, it in own.items()})
        for asked, own in zip(group, readings, strict=True)
    ]
    found = []
    for places in itertools.product(*(range(len(chances)) for chances, _ in ways)):
        known: EvaluationInputs | None = inputs
        values = []
        for asked, own, (_, each), place in zip(group, readings, ways, places, strict=True):
            values.append({option: each[option][place] for option in own})
            known = known and resolved_from_scratch(known, asked, values[-1], own)
        if known is None:
            return None
        chance = math.prod(chances[place] for (chances, _), place in zip(ways, places, strict=True))
        found.append((chance, values, {card.option: card for card in score(known)}))
    return found


def figures(
    inputs: EvaluationInputs, found: list[tuple[float, list[dict[str, float]], dict[str, Scorecard]]]
) -> tuple[float, float, float]:
    """P(some verdict changes), P(leader changes) and EVPPI, from options scored anew in every world."""
    before = {card.option: card for card in score(inputs)}
    options = as_it_stands(inputs).boards
    first = alive(list(before.values()))
    leader = min((o for o in first if first[o] >= max(first.values()) - CLOSE), default=None)
    changes = leads = knowing = 0.0
    means = dict.fromkeys(first, 0.0)
    for chance, _, after in found:
        changes += chance * any(after[o].finding.verdict != before[o].finding.verdict for o in options)
        then = alive([after[o] for o in options])
        if leader is None:
            leads += chance * bool(then)
        else:
            leads += chance * (leader not in then or then[leader] < max(then.values()) - CLOSE)
        scores = {o: card.span.expected if (card := after[o]).span else 0.0 for o in first}
        knowing += chance * max(scores.values(), default=0.0)
        means = {o: means[o] + chance * scores[o] for o in first}
    return changes, leads, knowing - max(means.values(), default=0.0)


def hold_against_scratch(inputs: EvaluationInputs, asked: RecordValue) -> bool:
    """Compare every figure of one record; return whether every value could be written as an answer."""
    found = worlds(inputs, [asked])
    if found is None:
        return False
    for _, (own,), after in found:
        for effect in asked.options:
            verdicts = {it.verdict for it in effect.values if abs(it.value - own[effect.option]) <= CLOSE}
            assert after[effect.option].finding.verdict in verdicts
    got = (asked.verdict_changes, asked.leader_changes, asked.evppi)
    assert got == pytest.approx(figures(inputs, found), abs=2e-9)
    return True


@given(evaluations(Traits(products=2)), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_every_figure_is_that_of_inputs_resolved_and_scored_from_scratch(
    inputs: EvaluationInputs, rng: Random
) -> None:
    found = value_of_information(inputs)
    assume(found)
    for asked in rng.sample(found, min(3, len(found))):
        hold_against_scratch(inputs, asked)


def test_the_worked_example_is_that_of_inputs_scored_from_scratch() -> None:
    assert all(hold_against_scratch(example(), asked) for asked in value_of_information(example()))


def named(*, at_least: int = 2, eligible: bool = False) -> EvaluationInputs:
    """AAA-01, which is unknown, decides whether AAA-02 applies, or whether the option is eligible."""
    condition = AnswerCondition(answer="AAA-01", at_least=at_least)
    instrument = build.questionnaire(
        {
            "aaa": [build.scale("AAA-01"), build.scale("AAA-02", applies_if=None if eligible else condition)],
            "bbb": [build.scale("BBB-01")],
        }
    )
    said = {
        "AAA-01": build.answer(state="unknown"),
        "AAA-02": build.answer(0, "tested"),
        "BBB-01": build.answer(3, "tested"),
    }
    policy = build.profile(
        {"aaa": 1, "bbb": 1},
        limits=build.thresholds(0.45),
        gates=[build.gate("AAA-02", at_least=1, mitigable=True)],
        eligibility=condition if eligible else None,
    )
    return build.inputs(instrument, policy, *(build.product_answers(said, product=name) for name in "pq"))


def test_a_resolved_answer_decides_anew_what_applies() -> None:
    """Below level 2 AAA-02 with its failing gate does not apply: .375/.75 at least; else a remedy is due."""
    inputs = named()
    asked = record(inputs, "p", "AAA-01")
    assert hold_against_scratch(inputs, asked)
    assert [it.verdict for it in asked.options[0].values] == [
        *["approve"] * 2,
        *["approve-with-conditions"] * 3,
    ]


def test_a_resolved_answer_can_make_an_option_not_eligible() -> None:
    """Levels 0 and 1 have 5 + 4 of 15 parts; then the other product leads, which is equal until then."""
    inputs = named(eligible=True)
    asked = record(inputs, "p", "AAA-01")
    assert hold_against_scratch(inputs, asked)
    assert [it.verdict for it in asked.options[0].values][:2] == ["not-eligible", "not-eligible"]


@given(evaluations(Traits(products=2, bulk=0.8)), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_pairs_of_records_are_those_of_inputs_scored_from_scratch(
    inputs: EvaluationInputs, rng: Random
) -> None:
    records = value_of_information(inputs)
    groups = [
        (
            group,
            [it for it in records if group.product in (None, it.product) and it.domain == group.domain],
        )
        for group in value_of_groups(inputs, seed=SEED)
        if group.domain is not None
    ]
    pairs = [
        (group, own)
        for group, own in groups
        if math.prod(max(len(it.values) for it in asked.options) for asked in own) <= 30
    ]
    assume(pairs)
    group, own = rng.choice(pairs)
    assert group.records == len(own)
    found = worlds(inputs, own)
    if found is not None:
        got = (group.verdict_changes, group.leader_changes, group.evppi)
        assert got == pytest.approx(figures(inputs, found), abs=2e-9)
