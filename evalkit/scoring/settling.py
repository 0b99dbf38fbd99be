"""What settles a question between assessors: whose record, which value, or which state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evalkit.model.answers import Answer, Statement
from evalkit.model.records import item_identity, normalised, state_of, stated_value, statement_for
from evalkit.scoring.assessors import consensus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from evalkit.model.answers import EvidenceItem, ProductAnswers, RawValue

SettledState = Literal["unknown", "refused", "conflicting"]
"""What assessors may agree on where no value stands; unanswered would settle nothing."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was agreed on, by whom, when and why.

    Attributes
    ----------
    take : str or None
        The assessor whose record it is; with ``value``, whose evidence is read as that value.
    value : level, number, special value, option ids, host lists or None
        Without ``take``, the record is that of all who stated it.
    state : str or None
        In place of a value.
    finding : str or None
        In place of what the assessors wrote.
    keeps_day : bool
        Whether a record that stands already, and says the same, keeps its day.
    """

    by: str
    on: date
    reason: str
    take: str | None = None
    value: RawValue | None = None
    state: SettledState | None = None
    finding: str | None = None
    keeps_day: bool = False


def settled(
    answers: ProductAnswers,
    question_id: str,
    decision: Decision,
    assessors: Mapping[str, ProductAnswers],
    deployment_id: str | None = None,
) -> ProductAnswers:
    """Return the consensus with a question settled; the same decision again changes nothing.

    Parameters
    ----------
    answers
        The consensus so far.
    assessors
        By assessor, at least one, with keys of sources that fit together.
    deployment_id
        What the record is for; the general answer by default. An assessor's answer is then taken whole, with
        what differs by deployment.

    Raises
    ------
    ValueError
        If the decision names neither record, value nor state, if there is no such record, or for what
        :func:`evalkit.scoring.assessors.consensus` raises.
    KeyError
        If there is no such assessor or deployment.
    """
    whole = decision.take is not None and decision.value is None and deployment_id is None
    records: dict[str | None, Statement] = {}
    if whole:
        theirs = assessors[decision.take or ""].answers.get(question_id, Answer())
        every: list[tuple[str | None, Statement]] = [(None, theirs), *theirs.deployments.items()]
        records = {place: said for place, said in every if state_of(said) != "unanswered"}
        if not records:
            msg = f"{question_id}: {decision.take} has no answer to take"
            raise ValueError(msg)
    else:
        records[deployment_id] = _decided(question_id, decision, assessors, deployment_id)
    after = answers
    if whole:
        rest = {name: said for name, said in answers.answers.items() if name != question_id}
        after = answers.model_copy(update={"answers": rest})
    for place, said in records.items():
        content = said if decision.finding is None else said.model_copy(update={"finding": decision.finding})
        after = consensus(
            after,
            question_id,
            content,
            by=decision.by,
            on=_day(_standing(answers, question_id, place), content, decision),
            reason=decision.reason,
            deployment_id=place,
            assessors=assessors,
        )
    kept = {name: after.answers[name] for name in answers.answers}
    return after.model_copy(update={"answers": kept | after.answers})


def _decided(
    question_id: str,
    decision: Decision,
    assessors: Mapping[str, ProductAnswers],
    deployment_id: str | None,
) -> Statement:
    said = {name: _said(file, question_id, deployment_id) for name, file in sorted(assessors.items())}
    if decision.take is not None:
        taken = said[decision.take]
        if state_of(taken) == "unanswered":
            msg = f"{question_id}: {decision.take} has no answer to take"
            raise ValueError(msg)
        return taken if decision.value is None else _read_as(taken, decision.value)
    if decision.value is not None:
        wanted = normalised(decision.value)
        stating = [
            each
            for each in said.values()
            if state_of(each) == "answered" and normalised(each.value) == wanted
        ]
        if not stating:
            msg = f"{question_id}: no assessor states {_shown(decision.value)}; {_all_said(said)}"
            raise ValueError(msg)
        return _joined(stating, value=decision.value)
    if decision.state == "conflicting":
        valued = [each for each in said.values() if state_of(each) in ("answered", "conflicting")]
        return _joined(valued, state=decision.state)
    if decision.state is not None:
        return _joined(
            [each for each in said.values() if state_of(each) == decision.state], state=decision.state
        )
    msg = f"{question_id}: neither a record nor a value nor a state was agreed on"
    raise ValueError(msg)


def _said(file: ProductAnswers, question_id: str, deployment_id: str | None) -> Statement:
    """Return what a file says; for one deployment without the evidence that does not cover it."""
    if deployment_id is None:
        return file.answers.get(question_id, Answer())
    said = statement_for(file, question_id, file.deployment(deployment_id).id)
    covering = (it for it in said.evidence if it.deployments is None or deployment_id in it.deployments)
    return said.model_copy(
        update={"evidence": tuple(it.model_copy(update={"deployments": None}) for it in covering)}
    )


def _read_as(taken: Statement, value: RawValue) -> Statement:
    """Return a record with another value; evidence that stated the old one is read as the new one."""
    before = normalised(taken.value)
    evidence = tuple(
        item.model_copy(update={"value": None}) if normalised(item.value) == before else item
        for item in taken.evidence
    )
    return taken.model_copy(update={"state": None, "value": value, "evidence": evidence})


def _joined(
    statements: Iterable[Statement], *, value: RawValue | None = None, state: SettledState | None = None
) -> Statement:
    """Return several assessors' statements as one: every evidence item once, every text once."""
    evidence: dict[object, EvidenceItem] = {}
    said = list(statements)
    for statement in said:
        for item in statement.evidence:
            stated = stated_value(item, statement)
            own = None if value is not None and normalised(stated) == normalised(value) else stated
            evidence.setdefault(item_identity(item, statement), item.model_copy(update={"value": own}))
    findings = dict.fromkeys(each.finding for each in said if each.finding)
    return Statement(
        state=state,
        value=value,
        finding=" ".join(findings) or None,
        also=next((each.also for each in said if each.also), None),
        evidence=tuple(evidence.values()),
    )


def _standing(answers: ProductAnswers, question_id: str, place: str | None) -> Statement:
    answer = answers.answers.get(question_id, Answer())
    return answer if place is None else answer.deployments.get(place, Statement())


def _day(standing: Statement, content: Statement, decision: Decision) -> date:
    """Return the day of the record: that of one which stands already and says the same, if it is kept."""
    review = standing.reviewed
    if review is None or not decision.keeps_day or (review.by, review.note) != (decision.by, decision.reason):
        return decision.on
    names = set(Statement.model_fields) - {"answered", "reviewed"}
    same = all(getattr(standing, name) == getattr(content, name) for name in names)
    return review.on if same else decision.on


def _all_said(said: Mapping[str, Statement]) -> str:
    return ", ".join(
        f"{name} {_shown(each.value) if state_of(each) == 'answered' else f'is {state_of(each)}'}"
        for name, each in said.items()
    )


def _shown(value: RawValue | None) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
