"""From the inputs of an evaluation to one scorecard per option."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.model.records import state_of
from evalkit.model.scorecard import (
    DomainResult,
    Finding,
    GateResult,
    QuestionResult,
    Scorecard,
    Span,
)
from evalkit.scoring.aggregation import (
    applicable_weight,
    domain_score,
    domain_share,
    total_score,
    weights_of,
)
from evalkit.scoring.applicability import masks
from evalkit.scoring.assessors import merged_reading, record_scope, voices
from evalkit.scoring.enforcement import enforceable
from evalkit.scoring.evidence import read_evidence
from evalkit.scoring.gates import bar_of, gate_of
from evalkit.scoring.shares import face_by_class, gap, unverified_share
from evalkit.scoring.tables import lenient, strict
from evalkit.scoring.verdict import Case, decide, evidence_alone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.profile import EvidencePolicy
    from evalkit.model.values import EvidenceClass
    from evalkit.scoring.aggregation import Weights
    from evalkit.scoring.evidence import Reading


def score(inputs: EvaluationInputs) -> tuple[Scorecard, ...]:
    """Return one scorecard per option, in the order of the evaluation.

    Nothing is normalised by the set of options: leaving one out changes no other's scorecard.
    """
    return tuple(score_option(inputs, option) for option in inputs.options())


def score_option(inputs: EvaluationInputs, option: Option) -> Scorecard:
    """Return the scorecard of one option.

    Raises
    ------
    ValueError
        If an answer is none that its question allows, or evidence has no date: inputs that were read from
        files and checked have neither.
    """
    case = case_of(inputs, option)
    if isinstance(case, Finding):
        return _unscored(option, case)
    table = inputs.profile.evidence
    return _scored(
        inputs,
        option,
        case,
        decide(case),
        strict_finding=decide(_under(inputs, option, case, strict(table))),
        lenient_finding=decide(_under(inputs, option, case, lenient(table))),
    )


def score_as_stated(
    inputs: EvaluationInputs, option: Option, case: Case | Finding | None = None
) -> Scorecard:
    """Return the scorecard of one option under the profile's own evidence table alone.

    As :func:`score_option` in a third of its time; ``strict`` and ``lenient`` repeat the finding, for
    those who show neither.

    Parameters
    ----------
    case
        Of :func:`case_of`, for those who have it already.
    """
    case = case or case_of(inputs, option)
    if isinstance(case, Finding):
        return _unscored(option, case)
    finding = decide(case)
    return _scored(inputs, option, case, finding, strict_finding=finding, lenient_finding=finding)


def case_of(inputs: EvaluationInputs, option: Option) -> Case | Finding:
    """Return what the verdict on an option is taken on, or why it has none.

    The finding of an option without a case is not-eligible or not-scorable.
    """
    readings = readings_of(inputs, option, inputs.profile.evidence)
    applies = masks(inputs, option, readings)
    if applies is None:
        return Finding("not-eligible", "eligibility")
    if not any(applies.values()):
        return Finding("not-scorable", "nothing-applies")
    if all(readings[question].state == "unanswered" for question, own in applies.items() if own):
        return Finding("not-scorable", "nothing-answered")
    return _case(inputs, option, weights_of(inputs.questionnaire, inputs.profile), applies, readings)


def _under(
    inputs: EvaluationInputs, option: Option, case: Case, table: Mapping[EvidenceClass, EvidencePolicy]
) -> Case:
    """Return the same case under another evidence table; what applies stays."""
    return _case(inputs, option, case.weights, case.applies, readings_of(inputs, option, table))


def readings_of(
    inputs: EvaluationInputs, option: Option, table: Mapping[EvidenceClass, EvidencePolicy]
) -> dict[str, Reading]:
    """Return what the evidence on every question is worth for one option under an evidence table."""
    return {
        question.id: merged_reading(
            [
                read_evidence(
                    question,
                    voice.statement,
                    answers=voice.answers,
                    deployment_id=option.deployment.id,
                    table=table,
                    as_of=inputs.evaluation.as_of,
                )
                for voice in voices(inputs, option, question.id)
            ]
        )
        for question in inputs.questionnaire.questions
    }


def _case(
    inputs: EvaluationInputs,
    option: Option,
    weights: Weights,
    applies: Mapping[str, bool],
    readings: Mapping[str, Reading],
) -> Case:
    evaluation, profile = inputs.evaluation, inputs.profile
    bars = {gate.question: bar_of(gate, inputs.questionnaire.by_id[gate.question]) for gate in profile.gates}
    return Case(
        weights=weights,
        thresholds=profile.thresholds,
        applies=applies,
        readings=readings,
        gates={
            question: gate_of(inputs, option, bar, applies, readings[question])
            for question, bar in bars.items()
        },
        bars=bars,
        enforced=enforceable(
            inputs.controls.get(option.answers.product.id), option, evaluation, inputs.questionnaire
        ),
    )


def _unscored(option: Option, finding: Finding) -> Scorecard:
    return Scorecard(
        option=option.id,
        product=option.answers.product.id,
        deployment=option.deployment.id,
        finding=finding,
        strict=finding,
        lenient=finding,
        span=None,
        face_value=None,
        unverified_share=None,
        coverage=None,
        expected_counting_absent=None,
        face_by_class={},
        gap={},
        gates=(),
        domains=(),
        questions=(),
    )


def _scored(  # noqa: PLR0913 - a case, and what was found in it under three tables
    inputs: EvaluationInputs,
    option: Option,
    case: Case,
    finding: Finding,
    *,
    strict_finding: Finding,
    lenient_finding: Finding,
) -> Scorecard:
    weights, applies, readings = case.weights, case.applies, case.readings
    results = tuple(_result(inputs, option, case, question.id) for question in inputs.questionnaire.questions)
    faces = {question: reading.v or 0.0 for question, reading in readings.items()}
    answered = {
        question: float(reading.state in ("answered", "conflicting"))
        for question, reading in readings.items()
    }
    expected = {question: reading.expected for question, reading in readings.items()}
    face_value = total_score(weights, faces, applies) or 0.0
    split = face_by_class(results)
    everything_applies = all(applies.values())
    whole = total_score(weights, expected, applies) or 0.0
    return Scorecard(
        option=option.id,
        product=option.answers.product.id,
        deployment=option.deployment.id,
        finding=finding,
        strict=strict_finding,
        lenient=lenient_finding,
        span=Span(
            assured=total_score(weights, {q: r.low for q, r in readings.items()}, applies) or 0.0,
            expected=whole,
            potential=total_score(weights, {q: r.high for q, r in readings.items()}, applies) or 0.0,
        ),
        face_value=face_value,
        unverified_share=unverified_share(split, face_value),
        coverage=total_score(weights, answered, applies),
        expected_counting_absent=None if everything_applies else whole * applicable_weight(weights, applies),
        face_by_class=split,
        gap=gap(results),
        gates=tuple(
            GateResult(question, result, case.bars[question].gate.mitigable)
            for question, result in case.gates.items()
        ),
        domains=tuple(
            DomainResult(part.domain, domain_share(part, applies), _domain_span(case, index))
            for index, part in enumerate(weights.domains)
        ),
        questions=results,
        evidence_alone=evidence_alone(case) if finding.verdict == "defer" else None,
    )


def _domain_span(case: Case, index: int) -> Span | None:
    part = case.weights.domains[index]
    readings = case.readings
    low = domain_score(part, {q: r.low for q, r in readings.items()}, case.applies)
    expected = domain_score(part, {q: r.expected for q, r in readings.items()}, case.applies)
    high = domain_score(part, {q: r.high for q, r in readings.items()}, case.applies)
    return None if low is None or expected is None or high is None else Span(low, expected, high)


def _result(inputs: EvaluationInputs, option: Option, case: Case, question_id: str) -> QuestionResult:
    reading = case.readings[question_id]
    said = (voice.statement for voice in voices(inputs, option, question_id))
    answered = (statement.value for statement in said if state_of(statement) == "answered")
    return QuestionResult(
        question=question_id,
        domain=inputs.questionnaire.domain_of[question_id].id,
        applicable=case.applies[question_id],
        state=reading.state,
        record=record_scope(inputs, option, question_id),
        weight=case.weights.weight(question_id),
        evidence_class=reading.evidence_class,
        value=next(answered) if reading.state == "answered" else None,
        v=reading.v,
        low=reading.low,
        expected=reading.expected,
        high=reading.high,
        distribution=reading.distribution,
        disputed=reading.disputed,
        stale=reading.stale,
        items=reading.items,
    )
