"""Why an option stands otherwise now: parts that sum to the change of its score, and what turned it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from evalkit.model.change import CAUSES, Part, Tip, Turn
from evalkit.model.evaluation import Option
from evalkit.model.records import normalised, state_of
from evalkit.model.scorecard import Finding
from evalkit.scoring.applicability import masks
from evalkit.scoring.assessors import voices
from evalkit.scoring.explanation import normalised_weights, values_of
from evalkit.scoring.gates import gate_of
from evalkit.scoring.score import case_of, readings_of
from evalkit.scoring.verdict import FLOOR_APPLIES_FROM, Case, verdict_of
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from evalkit.model.change import Cause
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.profile import Thresholds
    from evalkit.model.scorecard import DomainResult, Scorecard, Verdict
    from evalkit.scoring.change_steps import Step
    from evalkit.scoring.evidence import Reading

_SETTLED: Final = ("pass", "waived", "not-applicable")
_NEGLIGIBLE: Final = 1e-12

_OWN: Final[frozenset[Cause]] = frozenset({"questionnaire", "profile", "facts"})
"""Causes that may change weights and what applies; what others let apply is told apart."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """An option in one state on the way."""

    inputs: EvaluationInputs
    option: Option
    case: Case | None
    verdict: Verdict

    @classmethod
    def of(cls, inputs: EvaluationInputs, option_id: str) -> _Stand:
        option = option_in(inputs, option_id)
        case = case_of(inputs, option)
        if isinstance(case, Finding):
            return cls(inputs, option, None, case.verdict)
        return cls(inputs, option, case, verdict_of(case))


def option_in(inputs: EvaluationInputs, option_id: str) -> Option:
    """Return an option by its id, compared or not; ``KeyError`` if there is no such deployment."""
    product, _, deployment = option_id.partition("/")
    answers = inputs.answers[product]
    return Option(answers, answers.deployment(deployment))


def causes(
    a: EvaluationInputs, way: Sequence[Step], option_id: str
) -> tuple[tuple[Part, ...], tuple[Turn, ...]]:
    """Return what each cause adds to an option's assured score, and where its verdict turned.

    Within a step, with ŵ the weights normalised over what applies and x what an answer counts for, a question
    adds ŵ_b x_b − ŵ_a x_a = ½ (ŵ_a + ŵ_b) (x_b − x_a) + (ŵ_b − ŵ_a) ½ (x_a + x_b), as in
    :func:`evalkit.scoring.explanation.waterfall`. The first part is told by question; the second, and all of
    a question that applies on one side only, in sum. A state in which the option has no score is passed over:
    what is replaced next then has its part.

    Parameters
    ----------
    way
        The states from the one after ``a`` to the later evaluation, which has the last place.
    """
    before = _Stand.of(a, option_id)
    scored = before.case
    parts: list[Part] = []
    turns: list[Turn] = []
    for step in way:
        after = _Stand.of(step.inputs, option_id)
        if step.cause == "answer":
            turns += _turned_by_answers(before, after)
        elif before.verdict != after.verdict:
            turns.append(Turn(step.cause, None, before.verdict, after.verdict))
        if after.case is not None:
            if scored is not None:
                parts += _parts(scored, after.case, _through(step.cause, before, after), step.cause)
            scored = after.case
        before = after
    both = _Stand.of(a, option_id).case is not None and before.case is not None
    return (_summed(parts) if both else ()), tuple(turns)


def _through(cause: Cause, before: _Stand, after: _Stand) -> Mapping[str, Cause]:
    """Return by question the cause that its part has."""
    names = [question.id for question in after.inputs.questionnaire.questions]
    if cause != "answer":
        return dict.fromkeys(names, cause)
    return {name: "evidence" if _said(before, name) == _said(after, name) else "answer" for name in names}


def _said(stand: _Stand, question: str) -> tuple[tuple[str, Hashable], ...]:
    said = voices(stand.inputs, stand.option, question)
    return tuple((state_of(it.statement), normalised(it.statement.value)) for it in said)


def _parts(a: Case, b: Case, through: Mapping[str, Cause], cause: Cause) -> Iterator[Part]:
    x_a, x_b = values_of(a, "assured"), values_of(b, "assured")
    w_a, w_b = normalised_weights(a), normalised_weights(b)
    rest: list[float] = []
    for question in dict.fromkeys((*w_b, *w_a)):
        old, new = w_a.get(question, 0.0), w_b.get(question, 0.0)
        low, high = x_a.get(question, 0.0), x_b.get(question, 0.0)
        if old == 0 or new == 0:
            rest.append(new * high - old * low)
            continue
        yield Part(through[question], question, (old + new) / 2 * (high - low))
        rest.append((new - old) * (low + high) / 2)
    yield Part(cause if cause in _OWN else "applicability", None, math.fsum(rest))


def _summed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return one part per cause and question, causes in their order, without those that add nothing."""
    amounts: dict[tuple[Cause, str | None], list[float]] = {}
    for part in parts:
        amounts.setdefault((part.cause, part.question), []).append(part.amount)
    summed = [Part(cause, question, math.fsum(own)) for (cause, question), own in amounts.items()]
    told = [part for part in summed if abs(part.amount) > _NEGLIGIBLE]
    return tuple(sorted(told, key=lambda part: CAUSES.index(part.cause)))


def _turned_by_answers(before: _Stand, after: _Stand) -> Iterator[Turn]:
    """Yield where the verdict turns while answers are replaced one by one, in the order of questions.

    Where there is no score afterwards, no single answer took it away.
    """
    if before.verdict == after.verdict:
        return
    inputs, option, case = after.inputs, after.option, after.case
    if case is None:
        yield Turn("answer", None, before.verdict, after.verdict)
        return
    table = inputs.profile.evidence
    mixed = readings_of(before.inputs, before.option, table)
    final = readings_of(inputs, option, table)
    through = _through("answer", before, after)
    verdict = before.verdict
    for question, reading in final.items():
        if mixed[question] == reading:
            continue
        mixed[question] = reading
        found = _verdict(after, case, mixed)
        if found != verdict:
            yield Turn(through[question], question, verdict, found)
            verdict = found


def _verdict(after: _Stand, case: Case, readings: Mapping[str, Reading]) -> Verdict:
    """Return the verdict on an option as it is afterwards, its questions read as given."""
    inputs, option = after.inputs, after.option
    applies = masks(inputs, option, readings)
    if applies is None:
        return "not-eligible"
    asked = [readings[question].state for question, own in applies.items() if own]
    if all(state == "unanswered" for state in asked):
        return "not-scorable"
    gates = {
        question: gate_of(inputs, option, bar, applies, readings[question])
        for question, bar in case.bars.items()
    }
    mixed = Case(case.weights, case.thresholds, applies, readings, gates, case.bars, case.enforced)
    return verdict_of(mixed)


def tips(before: Scorecard, after: Scorecard, old: Thresholds, new: Thresholds) -> tuple[Tip, ...]:
    """Return the requirements that are met in one state only; none where there is no score in one of them."""
    if before.span is None or after.span is None:
        return ()
    return (
        *_gate_tips(before, after),
        *_tip("assured", "", (before.span.assured, old.approve_at), (after.span.assured, new.approve_at)),
        *_floor_tips(before, after, old.domain_floor, new.domain_floor),
        *_tip(
            "coverage",
            "",
            (before.coverage or 0.0, old.minimum_coverage),
            (after.coverage or 0.0, new.minimum_coverage),
        ),
    )


def _gate_tips(before: Scorecard, after: Scorecard) -> Iterator[Tip]:
    was = {gate.question: gate.result for gate in before.gates}
    now = {gate.question: gate.result for gate in after.gates}
    for question in dict.fromkeys((*now, *was)):
        old, new = was.get(question), now.get(question)
        is_met = new is None or new in _SETTLED
        if is_met != (old is None or old in _SETTLED):
            yield Tip("gate", question, old, new, None, None, is_met)


def _floor_tips(before: Scorecard, after: Scorecard, old: float, new: float) -> Iterator[Tip]:
    was = {part.domain: _counted(part) for part in before.domains}
    now = {part.domain: _counted(part) for part in after.domains}
    for domain in dict.fromkeys((*now, *was)):
        yield from _tip("floor", domain, (was.get(domain), old), (now.get(domain), new))


def _counted(part: DomainResult) -> float | None:
    """Return the assured score of a domain that has to reach the floor; None where it need not."""
    enough = part.applicable_share >= FLOOR_APPLIES_FROM - TOLERANCE
    return part.span.assured if part.span is not None and enough else None


def _tip(
    kind: Literal["assured", "floor", "coverage"],
    name: str,
    before: tuple[float | None, float],
    after: tuple[float | None, float],
) -> Iterator[Tip]:
    was, now = (found is None or found >= needed - TOLERANCE for found, needed in (before, after))
    if was != now:
        yield Tip(kind, name, before[0], after[0], before[1], after[1], now)
