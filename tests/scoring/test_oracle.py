"""The scorer and an independent, naive one, written from the specification alone, agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from evalkit.scoring.score import score, score_option
from tests.scoring.cases import Traits, evaluations
from tests.scoring.oracle import Oracle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Finding, QuestionResult, Scorecard, Step
    from tests.scoring.oracle_values import Key

CLOSE = 1e-12


def keys_of(steps: Iterable[Step]) -> list[Key]:
    """The conditions of a list; companions follow the condition that they belong to."""
    return [(one.kind, one.id, one.question) for step in steps for one in step.conditions[:1]]


def assert_minimal(oracle: Oracle, finding: Finding) -> None:
    conditions, records = keys_of(finding.conditions), [step.question for step in finding.evidence]
    assert set(conditions) <= oracle.conditions()
    assert set(records) <= oracle.open_records()
    if finding.verdict not in ("approve-with-conditions", "defer"):
        assert not conditions
        assert not records
        return
    assert oracle.sufficient(conditions, records)
    for condition in conditions:
        assert not oracle.sufficient(set(conditions) - {condition}, records)
    for record in records:
        assert not oracle.sufficient(conditions, set(records) - {record})
        assert not oracle.sufficient(oracle.conditions(), set(records) - {record})
    assert bool(records) == (finding.verdict == "defer")
    if records:
        assert records == oracle.greedy("records", sorted(oracle.conditions()), ())
    assert conditions == oracle.greedy("conditions", (), records)


def assert_steps(oracle: Oracle, finding: Finding) -> None:
    """The score after each entry, first the records, then the conditions."""
    records = [step.question for step in finding.evidence]
    every = oracle.conditions()
    for count, step in enumerate(finding.evidence, start=1):
        low, _, _ = oracle.state_after(every, records[:count])
        assert step.assured_after == pytest.approx(float(oracle.total(low)), abs=CLOSE)
    conditions = keys_of(finding.conditions)
    for count, step in enumerate(finding.conditions, start=1):
        low, _, _ = oracle.state_after(conditions[:count], records)
        assert step.assured_after == pytest.approx(float(oracle.total(low)), abs=CLOSE)


def assert_finding(oracle: Oracle, finding: Finding) -> None:
    assert (finding.verdict, finding.reason) == oracle.verdict()
    assert_minimal(oracle, finding)
    if finding.verdict in ("approve-with-conditions", "defer"):
        assert_steps(oracle, finding)


def assert_question(oracle: Oracle, result: QuestionResult) -> None:
    reading = oracle.readings[result.question]
    assert result.applicable == oracle.masks[result.question]
    assert (result.state, result.evidence_class) == (reading.state, reading.cls)
    assert (result.disputed, result.stale) == (reading.disputed, reading.stale)
    assert result.weight == pytest.approx(float(oracle.weight[result.question]), abs=CLOSE)
    assert result.low == pytest.approx(float(reading.low), abs=CLOSE)
    assert result.high == pytest.approx(float(reading.high), abs=CLOSE)
    assert result.expected == pytest.approx(float(reading.expected), abs=CLOSE)
    face = None if reading.face is None else float(reading.face)
    assert result.v == (face if face is None else pytest.approx(face, abs=CLOSE))
    drawn = [(v, p) for v, p in result.distribution if p > 0]
    wanted = [(float(v), float(p)) for v, p in sorted(reading.mass.items()) if p]
    assert len(drawn) == len(wanted)
    for got, want in zip(drawn, wanted, strict=True):
        assert got == pytest.approx(want, abs=CLOSE)


def assert_card(oracle: Oracle, card: Scorecard) -> None:
    assert card.span is not None
    for result in card.questions:
        assert_question(oracle, result)
    figures = oracle.figures()
    got = {
        "assured": card.span.assured,
        "expected": card.span.expected,
        "potential": card.span.potential,
        "face": card.face_value,
        "coverage": card.coverage,
        "counting_absent": card.expected_counting_absent,
    }
    if all(oracle.masks.values()):
        assert got.pop("counting_absent") is None
    assert got == pytest.approx({name: float(figures[name]) for name in got}, abs=CLOSE)
    face = {name: float(part) for name, part in oracle.face_by_class().items()}
    assert dict(card.face_by_class) == pytest.approx(face, abs=CLOSE)
    assert dict(card.gap) == pytest.approx({n: float(p) for n, p in oracle.gap().items()}, abs=CLOSE)
    unverified = oracle.unverified()
    assert card.unverified_share == (
        None if unverified is None else pytest.approx(float(unverified), abs=CLOSE)
    )
    outcomes = [(it.question, it.result, it.mitigable) for it in card.gates]
    assert outcomes == [(it.question, oracle.outcome(it), it.mitigable) for it in oracle.profile.gates]


def assert_domains(oracle: Oracle, card: Scorecard) -> None:
    for index, result in enumerate(card.domains):
        assert result.applicable_share == pytest.approx(float(oracle.domain_share(index)), abs=CLOSE)
        wanted = oracle.domain(index, {q: r.low for q, r in oracle.readings.items()})
        if wanted is None:
            assert result.span is None
            continue
        assert result.span is not None
        expected = oracle.domain(index, {q: r.expected for q, r in oracle.readings.items()})
        high = oracle.domain(index, {q: r.high for q, r in oracle.readings.items()})
        assert expected is not None
        assert high is not None
        assert (result.span.assured, result.span.expected, result.span.potential) == pytest.approx(
            (float(wanted), float(expected), float(high)), abs=CLOSE
        )


def assert_evidence_alone(oracle: Oracle, card: Scorecard) -> None:
    if card.evidence_alone is None:
        assert card.finding.verdict != "defer" or not oracle.sufficient((), oracle.open_records())
        return
    records = [step.question for step in card.evidence_alone]
    assert card.finding.verdict == "defer"
    assert oracle.sufficient((), records)
    for record in records:
        assert not oracle.sufficient((), set(records) - {record})


def compare(inputs: EvaluationInputs) -> None:
    """Hold every option's scorecard against the naive scorer."""
    for option in inputs.options():
        card = score_option(inputs, option)
        oracle = Oracle(inputs, option)
        assert_finding(oracle, card.finding)
        if card.finding.verdict in ("not-eligible", "not-scorable"):
            assert card.span is None
            assert not card.questions
            continue
        assert_card(oracle, card)
        assert_domains(oracle, card)
        assert_evidence_alone(oracle, card)
        assert_finding(Oracle(inputs, option, "strict"), card.strict)
        assert_finding(Oracle(inputs, option, "lenient"), card.lenient)
        for result in card.questions:
            answer = option.answers.answers.get(result.question)
            assert result.record == oracle.scope(answer)


@given(evaluations())
def test_the_scorer_agrees_with_a_naive_one(inputs: EvaluationInputs) -> None:
    compare(inputs)


@given(evaluations(Traits(conditions=False, products=2)))
def test_the_scorer_agrees_with_a_naive_one_for_several_products(inputs: EvaluationInputs) -> None:
    assert len(score(inputs)) == len(inputs.options())
    compare(inputs)
