"""Several assessors' answers as one record, and the consensus that replaces them.

Where the consensus answers a question for a deployment, it alone counts. Elsewhere the assessors' readings
are merged; originals never change.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.model.answers import Answer, Review, Statement
from evalkit.model.records import (
    GENERAL,
    normalised,
    scope_of,
    state_of,
    stated_value,
    statement_for,
)
from evalkit.model.values import RANK
from evalkit.scoring.evidence import Reading
from evalkit.scoring.worth import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from evalkit.model.answers import ProductAnswers
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.scorecard import GateOutcome
    from evalkit.model.values import AnswerState
    from evalkit.scoring.evidence import Distribution

_HAS_VALUE: tuple[AnswerState, ...] = ("answered", "conflicting")


@dataclass(frozen=True, slots=True)
class Voice:
    """One file's answers, and what they say about one question for one deployment.

    Attributes
    ----------
    assessor : str or None
        Whose file it is; None for the consensus.
    """

    answers: ProductAnswers
    statement: Statement
    assessor: str | None = None


def voices(inputs: EvaluationInputs, option: Option, question_id: str) -> tuple[Voice, ...]:
    """Return who says what is known about a question for an option, at least one.

    The consensus where it answers, or where there is no assessor; else each assessor, by name. An assessor's
    evidence items have their values filled in: beside another's answer they would say nothing without.
    """
    agreed = statement_for(option.answers, question_id, option.deployment.id)
    assessors = inputs.assessors.get(option.answers.product.id, {})
    if not assessors or state_of(agreed) != "unanswered":
        return (Voice(option.answers, agreed),)
    return tuple(
        Voice(
            assessors[name],
            _filled(statement_for(assessors[name], question_id, option.deployment.id)),
            name,
        )
        for name in sorted(assessors)
    )


def _filled(statement: Statement) -> Statement:
    items = tuple(
        item.model_copy(update={"value": stated_value(item, statement)}) for item in statement.evidence
    )
    return statement.model_copy(update={"evidence": items})


def counted(states: Sequence[AnswerState]) -> tuple[int, ...]:
    """Return the places of the assessors who count: without those who left a question open for others.

    Who did not answer is left out, and so is who found nothing where another has a value.

    >>> counted(["answered", "unknown", "unanswered"]), counted(["unknown", "unanswered"])
    ((0,), (0,))

    Raises
    ------
    ValueError
        If one was refused an answer and another has a value: files with both are not accepted.
    """
    valued = [place for place, state in enumerate(states) if state in _HAS_VALUE]
    if valued and "refused" in states:
        raise ValueError("an answer is refused and has a value: assessors must settle which")
    answering = [place for place, state in enumerate(states) if state != "unanswered"]
    return tuple(valued or answering or range(len(states)))


def hull(readings: Sequence[Reading]) -> tuple[float, float]:
    """Return the smallest interval that contains each reading's, in 0..1."""
    return min(reading.low for reading in readings), max(reading.high for reading in readings)


def merged_reading(readings: Sequence[Reading]) -> Reading:
    """Return several assessors' readings of one record as one.

    The interval is the hull, the distribution the equal mixture, the class the lowest, the face value the
    highest. The state is conflicting if values differ. Where nobody has a value it is refused if everybody
    was refused, else unknown. A gate on the result passes or fails only if it does for each assessor.

    Parameters
    ----------
    readings
        One for each assessor, at least one, in an order that changes no number.

    Raises
    ------
    ValueError
        If there is none, or one was refused an answer and another has a value.
    """
    if not readings:
        raise ValueError("no reading to merge")
    kept = [readings[place] for place in counted([reading.state for reading in readings])]
    if len(kept) == 1:
        return kept[0]
    low, high = hull(kept)
    distribution = mixture([reading.distribution for reading in kept])
    items = tuple(dict.fromkeys(item for reading in kept for item in reading.items))
    own = [item.v for item in items if item.governs and item.v is not None]
    lesser = [item.v for item in items if not item.governs and item.v is not None]
    faces = [reading.v for reading in kept if reading.v is not None]
    return Reading(
        state=_state(kept),
        evidence_class=min((reading.evidence_class for reading in kept), key=RANK.__getitem__),
        governing=tuple(
            {normalised(value): value for reading in kept for value in reading.governing}.values()
        ),
        v=max(faces, default=None),
        low=low,
        expected=math.fsum(value * chance for value, chance in distribution),
        high=high,
        distribution=distribution,
        disputed=max(own, default=0.0) - min(own, default=0.0) > TOLERANCE
        or any(not low - TOLERANCE <= other <= high + TOLERANCE for other in lesser),
        stale=any(reading.stale for reading in kept),
        items=items,
    )


def mixture(distributions: Sequence[Distribution]) -> Distribution:
    """Return the equal mixture of distributions, values ascending.

    >>> mixture([((0.5, 1.0),), ((0.5, 0.5), (1.0, 0.5))])
    ((0.5, 0.75), (1.0, 0.25))
    """
    chances: defaultdict[float, list[float]] = defaultdict(list)
    for distribution in distributions:
        for value, chance in distribution:
            chances[value].append(chance)
    return tuple((value, math.fsum(own) / len(distributions)) for value, own in sorted(chances.items()))


def merged_gate(outcomes: Sequence[GateOutcome], *, unknown_fails: bool) -> GateOutcome:
    """Return the outcome of a gate over several assessors: theirs if it is the same for each, else undecided.

    Parameters
    ----------
    outcomes
        Of the assessors who count, at least one.
    unknown_fails
        Whether the profile takes an undecided gate as failed.
    """
    if len(set(outcomes)) == 1:
        return outcomes[0]
    return "fail" if unknown_fails else "open"


def record_scope(inputs: EvaluationInputs, option: Option, question_id: str) -> str:
    """Return the scope of an option's record: ``*``, or deployment ids joined by ``+``.

    Where assessors speak, deployments share a record if it comes from the same records of the same assessors;
    it is ``*`` where these are the general answers.
    """
    settled = option.answers
    speaking = [voice.answers for voice in voices(inputs, option, question_id)]
    if speaking[0] is settled:
        return scope_of(settled, question_id, option.deployment.id)
    key = _records_behind(speaking, question_id, option.deployment.id)
    if key == _records_behind(speaking, question_id, None):
        return GENERAL
    return "+".join(
        sorted(
            each.id
            for each in settled.deployments
            if state_of(statement_for(settled, question_id, each.id)) == "unanswered"
            and _records_behind(speaking, question_id, each.id) == key
        )
    )


def consensus(  # noqa: PLR0913 - who decided what, when and why
    answers: ProductAnswers,
    question_id: str,
    decided: Statement,
    *,
    by: str,
    on: date,
    reason: str,
    deployment_id: str | None = None,
    assessors: Mapping[str, ProductAnswers] | None = None,
) -> ProductAnswers:
    """Return the consensus with one more record, or with another in its place; nothing given is changed.

    Parameters
    ----------
    answers
        The consensus so far; as loaded, with an empty one where there is no file yet.
    decided
        The new record: a value with its evidence, or a state.
    by, on, reason
        Who agreed, when, and why on this; kept as the record's review.
    deployment_id
        The deployment that the record is for; the general answer by default.
    assessors
        Where to find sources that the record cites and the consensus does not list.

    Raises
    ------
    ValueError
        If no reason is given, a cited source is nowhere, or means different sources to different assessors.
    KeyError
        If the product has no such deployment.
    """
    if not reason.strip():
        msg = f"{question_id}: a consensus needs its reason"
        raise ValueError(msg)
    reviewed = Review(by=by, on=on, note=reason)
    # Several people made it: who answered stands in their own files.
    content = {name: getattr(decided, name) for name in Statement.model_fields}
    content |= {"answered": None, "reviewed": reviewed}
    before = answers.answers.get(question_id, Answer())
    if deployment_id is None:
        after = before.model_copy(update=content)
    else:
        own = {answers.deployment(deployment_id).id: Statement(**content)}
        after = before.model_copy(update={"deployments": before.deployments | own})
    sources = dict(answers.sources)
    for key in dict.fromkeys(item.source for item in decided.evidence if item.source not in sources):
        found = [file.sources[key] for file in (assessors or {}).values() if key in file.sources]
        if not found or any(each != found[0] for each in found):
            what = "means different sources to different assessors" if found else "is listed nowhere"
            msg = f"{question_id}: source {key} {what}"
            raise ValueError(msg)
        sources[key] = found[0]
    return answers.model_copy(update={"sources": sources, "answers": answers.answers | {question_id: after}})


def _state(kept: Sequence[Reading]) -> AnswerState:
    states = {reading.state for reading in kept}
    if len(states) > 1:
        # One assessor's conflict is a conflict; who was refused and who found nothing together know nothing.
        return "conflicting" if "conflicting" in states else "unknown"
    faces = {reading.v for reading in kept}
    stated = {frozenset(map(normalised, reading.governing)) for reading in kept}
    return "conflicting" if len(faces) > 1 or len(stated) > 1 else states.pop()


def _records_behind(
    speaking: Sequence[ProductAnswers], question_id: str, deployment_id: str | None
) -> tuple[tuple[int, str], ...]:
    """Return place and scope of the records that count; without a deployment, of the general answers."""
    said: list[tuple[Statement, str]] = [
        (answers.answers.get(question_id, Answer()), GENERAL)
        if deployment_id is None
        else (
            statement_for(answers, question_id, deployment_id),
            scope_of(answers, question_id, deployment_id),
        )
        for answers in speaking
    ]
    return tuple((place, said[place][1]) for place in counted([state_of(each) for each, _ in said]))
