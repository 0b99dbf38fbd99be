"""The reviewer's table: one row per statement, what stands against it, and whether it is signed off."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from evalkit.files.saving.beside import REFUSAL
from evalkit.files.saving.states import SET_ASIDE
from evalkit.forms.reviewing.last_review import last_sign_off
from evalkit.forms.reviewing.readings import Readings
from evalkit.forms.reviewing.statement_words import (
    answer_words,
    change_words,
    changes_between,
    source_changes,
)
from evalkit.model.people import same_person
from evalkit.model.records import (
    GENERAL,
    changed_sources,
    revision_of,
    same_record,
    source_revisions,
    state_of,
)
from evalkit.model.values import RANK
from evalkit.scoring.aggregation import weights_of
from evalkit.views.safe_text import visible
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.files.saving.states import PartState, Snapshot
    from evalkit.forms.reviewing.last_review import Key, Signed
    from evalkit.model.answers import Answer, Source, Statement
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observed import Observed
    from evalkit.model.questionnaire import Question
    from evalkit.model.values import AnswerState
    from evalkit.scoring.evidence import Reading

Status = Literal["signed", "open", "changed", "draft", "broken", "empty"]
"""Of a row: signed off; not yet, or no more; changed since; not complete; against a rule; nothing said."""

_ANSWERS: Final = "answers/"
_TO_REVIEW: Final = ("open", "changed")


@dataclass(frozen=True, slots=True)
class Row:
    """One statement as a reviewer sees it.

    Attributes
    ----------
    id : str
        Question and scope, for example ``LOC-07/*``.
    scope : str
        ``*`` for the general answer, else the deployment whose own answer it is.
    serves : tuple of str
        Deployments for which it counts.
    revision : str
        Of the whole answer and of the sources cited: of what was seen by who signs it off.
    rank : int
        Of ``evidence_class``, from 0; of several deployments served, that of the weakest.
    stale : str
        ISO day until which the governing evidence counted in full; ``""`` if it still does.
    differs : str
        For an own answer, how it differs from the general one.
    gate : str
        Outcome of the gate on it; ``""`` if there is none.
    place : int
        Of the question in the questionnaire, from 0.
    weight : float
        Share of the question's weight in the whole, 0..1.
    answered_by, answered_on, reviewed_by, reviewed_on, note
        ``""`` if nobody did; a sign-off that no longer holds is named, too.
    changed : str
        What changed since the last sign-off, in words.
    is_mine : bool
        Whether the reviewer answered it, and so cannot sign it off.
    comments : int
        Remarks on the answer.
    observed, contradicted : int
        Observations that bear on it and are not rejected, and those among them that contradict it and that
        nobody has decided on.
    flags : tuple of str
        Filters that show it.
    """

    id: str
    question: str
    scope: str
    title: str
    domain: str
    revision: str
    answer: str
    weight: float
    place: int
    status: Status
    serves: tuple[str, ...] = ()
    state: AnswerState = "unanswered"
    evidence_class: str = "none"
    evidence: str = wording.CLASS["none"]
    rank: int = RANK["none"]
    items: int = 0
    stale: str = ""
    is_conflicting: bool = False
    is_disputed: bool = False
    differs: str = ""
    gate: str = ""
    gate_text: str = ""
    answered_by: str = ""
    answered_on: str = ""
    reviewed_by: str = ""
    reviewed_on: str = ""
    note: str = ""
    changed: str = ""
    is_mine: bool = False
    comments: int = 0
    observed: int = 0
    contradicted: int = 0
    problem: str = ""
    flags: tuple[str, ...] = ()

    @property
    def may_be_signed(self) -> bool:
        """Whether the reviewer can sign it off now."""
        return self.status in _TO_REVIEW and not self.is_mine


def review_rows(  # noqa: PLR0913 - what is asked of all rows
    inputs: EvaluationInputs,
    product: str,
    snapshot: Snapshot,
    seen: Mapping[Key, tuple[Statement, ...]],
    who: str,
    *,
    observed: Sequence[Observed] = (),
) -> tuple[Row, ...]:
    """Return a row for each statement, the weakest evidence first.

    Of equal evidence, what is stale, contradictory or contradicted comes first, then what weighs more.

    Parameters
    ----------
    seen
        What the history has seen signed off.
    who
        Who reviews.
    observed
        What was observed of the product.
    """
    rows = _Table(inputs, product, snapshot, seen, who, observed).rows()
    return tuple(sorted(rows, key=_urgency))


def as_json(row: Row) -> dict[str, Any]:
    """Return a row as plain values for a page."""
    return asdict(row) | {"may_be_signed": row.may_be_signed}


def progress(rows: tuple[Row, ...]) -> tuple[int, int]:
    """Return how many statements are signed off, and how many there are."""
    return sum(row.status == "signed" for row in rows), sum(row.status != "empty" for row in rows)


class _Table:
    def __init__(  # noqa: PLR0913, PLR0917 - what is asked of all rows
        self,
        inputs: EvaluationInputs,
        product: str,
        snapshot: Snapshot,
        seen: Mapping[Key, tuple[Statement, ...]],
        who: str,
        observed: Sequence[Observed],
    ) -> None:
        self._inputs = inputs
        self._snapshot = snapshot
        self._seen = seen
        self._who = who
        self._weights = weights_of(inputs.questionnaire, inputs.profile)
        self._bearing = [(it, each) for it in observed for each in it.observations]
        self._place = {each.id: number for number, each in enumerate(inputs.questionnaire.questions)}
        self._broken = broken_parts(snapshot)
        self._readings = Readings(inputs, product, snapshot.answers, frozenset(self._broken))

    def rows(self) -> Iterator[Row]:
        for domain in self._inputs.questionnaire.domains:
            for question in domain.questions:
                part = self._snapshot.parts.get(f"{_ANSWERS}{question.id}")
                if part is None:
                    continue
                answer = self._snapshot.answers.answers.get(question.id)
                if answer is None:
                    yield self._drafted(question, domain.title, part)
                    continue
                yield self._row(question, domain.title, part, answer, GENERAL)
                for scope in answer.deployments:
                    yield self._row(question, domain.title, part, answer, scope)

    def _row(self, question: Question, domain: str, part: PartState, answer: Answer, scope: str) -> Row:
        statement = answer if scope == GENERAL else answer.deployments[scope]
        problem = self._broken.get(question.id, "")
        serves = self._readings.serves(question.id, scope)
        reading = self._readings.weakest(question, scope)
        gate = self._readings.gate(question, scope)
        last = last_sign_off(statement, self._seen.get((question.id, scope), ()))
        status = _status(statement, part, problem, last, self._snapshot.answers.sources)
        changed = self._changed(question, statement, last) if status == "changed" else ""
        review, answered = last and last.review, statement.answered
        evidence_class = reading.evidence_class if reading else "none"
        row = Row(
            id=f"{question.id}/{scope}",
            question=question.id,
            scope=scope,
            title=visible(question.title),
            domain=visible(domain),
            serves=serves,
            revision=_seen_revision(part, statement, self._snapshot.answers.sources),
            answer=answer_words(question, statement),
            state=state_of(statement),
            evidence_class=evidence_class,
            evidence=wording.CLASS[evidence_class],
            rank=RANK[evidence_class],
            items=len(statement.evidence),
            stale=_stale_since(reading),
            is_conflicting=state_of(statement) == "conflicting",
            is_disputed=reading is not None and reading.disputed,
            differs=_differs(question, statement, answer) if scope != GENERAL else "",
            gate=gate,
            gate_text=wording.GATE[gate] if gate else "",
            weight=self._weights.weight(question.id),
            place=self._place[question.id],
            answered_by=visible(answered.by) if answered else "",
            answered_on=answered.on.isoformat() if answered else "",
            reviewed_by=visible(review.by) if review else "",
            reviewed_on=review.on.isoformat() if review else "",
            note=visible(review.note or "") if review else "",
            status=status,
            changed=changed,
            is_mine=same_person((answered or self._snapshot.answers.prepared).by, self._who),
            comments=len(answer.comments),
            problem=visible(problem),
        )
        return _flagged(self._observed_on(row))

    def _observed_on(self, row: Row) -> Row:
        bearing = [
            (it, each)
            for it, each in self._bearing
            if row.question in each.questions
            and each.review.state != "rejected"
            and (not each.deployments or {*each.deployments} & {*row.serves})
        ]
        against = sum(it.is_open(each) and each.relation == "contradicts" for it, each in bearing)
        return replace(row, observed=len(bearing), contradicted=against)

    def _changed(self, question: Question, statement: Statement, last: Signed | None) -> str:
        if last is None or last.statement is None:
            return "changed outside evalkit"
        sources = self._snapshot.answers.sources
        changes = changes_between(question, last.statement, statement, sources)
        changes += source_changes(last.statement, sources, {})
        return change_words(changes) or "changed"

    def _drafted(self, question: Question, domain: str, part: PartState) -> Row:
        """Return the row of an answer that is only a draft yet: there is nothing to sign off."""
        said = part.content if isinstance(part.content, dict) else {}
        comments = said.get("comments")
        row = Row(
            id=f"{question.id}/{GENERAL}",
            question=question.id,
            scope=GENERAL,
            title=visible(question.title),
            domain=visible(domain),
            revision=part.revision,
            answer="A draft, not complete yet",
            weight=self._weights.weight(question.id),
            place=self._place[question.id],
            status="draft",
            comments=len(comments) if isinstance(comments, list) else 0,
            problem=visible("; ".join(each.message for each in part.problems)),
        )
        return _flagged(row)


def broken_parts(snapshot: Snapshot) -> dict[str, str]:
    """Return what is wrong with answers that break a rule as they stand in the file, by question."""
    found = {}
    for name, state in snapshot.parts.items():
        told = [each.message for each in state.problems if each.code not in (SET_ASIDE, REFUSAL)]
        if name.startswith(_ANSWERS) and told and not state.is_draft:
            found[name.removeprefix(_ANSWERS)] = "; ".join(told)
    return found


def _status(
    statement: Statement,
    part: PartState,
    problem: str,
    last: Signed | None,
    sources: Mapping[str, Source],
) -> Status:
    if part.is_draft:
        return "draft"
    if problem:
        return "broken"
    if state_of(statement) == "unanswered" and not statement.evidence and not statement.finding:
        return "empty"
    if last is None:
        return "open"
    then = last.statement
    if then is None or revision_of(then) != revision_of(statement) or changed_sources(then, sources):
        return "changed"
    return "signed" if statement.reviewed is not None else "open"


def _seen_revision(part: PartState, statement: Statement, sources: Mapping[str, Source]) -> str:
    return ".".join((part.revision, *source_revisions(statement, sources).values()))


def _urgency(row: Row) -> tuple[int, bool, float, int, bool]:
    is_troubled = bool(row.stale) or row.is_conflicting or row.is_disputed or row.contradicted > 0
    return row.rank, not is_troubled, -row.weight, row.place, row.scope != GENERAL


def _flagged(row: Row) -> Row:
    holds = {
        "review": row.status in _TO_REVIEW,
        "changed": row.status == "changed",
        "stale": bool(row.stale),
        "disagreeing": row.is_conflicting or row.is_disputed,
        "overrides": row.scope != GENERAL,
        "gates": row.gate not in ("", "not-applicable"),
        "observed": row.observed > 0,
        "commented": row.comments > 0,
        "unfinished": row.status in ("draft", "broken"),
        "not-mine": not row.is_mine,
    }
    return replace(row, flags=tuple(name for name, it in holds.items() if it))


def _stale_since(reading: Reading | None) -> str:
    if reading is None or not reading.stale:
        return ""
    return min(item.expires for item in reading.items if item.governs and item.expired).isoformat()


def _differs(question: Question, own: Statement, general: Statement) -> str:
    if same_record(own, general):
        return "says the same"
    said, instead = answer_words(question, own), answer_words(question, general)
    return "same answer, other evidence" if said == instead else f"instead of {instead}"
