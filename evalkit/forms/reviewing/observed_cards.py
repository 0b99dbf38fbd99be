"""What was observed of the product under review: cards for a page, and decisions on them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.files.observations import FOLDER
from evalkit.files.observed import load_observed
from evalkit.files.saving.observation_review import ObservationReview, Ruling
from evalkit.files.workspace import Workspace
from evalkit.forms.reviewing.statement_words import answer_words
from evalkit.model.people import same_person
from evalkit.model.questionnaire import ScaleQuestion
from evalkit.views.observed import seen_rows
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from evalkit.forms.answering.product_at_work import ProductAtWork
    from evalkit.model.answers import Statement
    from evalkit.model.observation import Observation
    from evalkit.model.observed import Observed
    from evalkit.views.observed import SeenRow

Json = dict[str, Any]

_WHAT: Final = {"accept": "accepted", "reject": "rejected"}
_LONGEST_REASON: Final = 4000


class ObservedCards:
    """What was observed of one product, read anew when its files change.

    Parameters
    ----------
    assessor
        Whose answers are reviewed; what is accepted is filed in the consensus, so that an assessor's
        reviewer is shown nothing.

    Attributes
    ----------
    observed : tuple of Observed
        As last read.
    problem : str
        Why the files cannot be used; empty where they can.
    """

    def __init__(self, folder: Path, assessor: str | None) -> None:
        self._workspace = Workspace.of(folder)
        self._is_shown = assessor is None
        self._stamps: object = None
        self.observed: tuple[Observed, ...] = ()
        self.problem = ""

    def look(self, work: ProductAtWork) -> bool:
        """Read what was written since, and return whether something was."""
        stamps = (work.id, work.snapshot.answers.product.version, tuple(self._looked(work.id)))
        if not self._is_shown or stamps == self._stamps:
            return False
        self._stamps = stamps
        inputs = replace(work.inputs, answers={work.id: work.snapshot.answers})
        try:
            found = load_observed(self._workspace.evaluation, inputs, {work.id})
        except EvalkitError as error:
            self.observed, self.problem = (), str(error)
        else:
            self.observed, self.problem = found.get(work.id, ()), ""
        return True

    def cards(self, work: ProductAtWork, who: str) -> list[Json]:
        """Return a card for each observation, open contradictions first."""
        names = work.preparers() if self.observed else frozenset()
        return [_card(row, work, who, names) for row in seen_rows({work.id: self.observed})]

    def decide(self, work: ProductAtWork, message: Json, *, who: str, on: date, at: datetime) -> str:
        """Write what a page decided, and return what came of it in words.

        Raises
        ------
        EvalkitError
            If it may not be decided so.
        KeyError, TypeError, ValueError
            If the message is none.
        """
        known = {it.id for file in self.observed for it in file.observations}
        if message["id"] not in known:
            raise EvalkitError("This observation is not there any more; look again.")
        reason, value = str(message["reason"]), message.get("value")
        if len(reason) > _LONGEST_REASON:
            raise EvalkitError(f"A reason has at most {_LONGEST_REASON} characters.")
        ruling = Ruling(
            state=_WHAT[message["what"]],  # type: ignore[arg-type]  # one of the two states
            reason=reason,
            by=who,
            on=on,
            value=None if value in (None, "") else str(value),
        )
        inputs = work.inputs
        review = ObservationReview(self._workspace, inputs.questionnaire, inputs.evaluation.as_of)
        done = review.decide(message["id"], ruling, at)
        return "; ".join([ruling.state, *(f"{question}: {told}" for question, told in done.told)])

    def _looked(self, product: str) -> Iterator[tuple[str, int, int]]:
        for path in sorted((self._workspace.evaluation / FOLDER).glob(f"{product}.*.jsonl")):
            with suppress(OSError):  # removed at this moment
                stat = path.stat()
                yield path.name, stat.st_mtime_ns, stat.st_size


def _card(row: SeenRow, work: ProductAtWork, who: str, preparers: Collection[str]) -> Json:
    observation = row.observation
    return {
        "id": observation.id,
        "relation": observation.relation,
        "does": row.relation,
        "told": visible(row.told),
        "where": visible(row.where),
        "strength": row.strength_short,
        "means": row.strength,
        "caveats": [visible(each) for each in row.caveats],
        "claim": visible(observation.claim.literal) if observation.claim else "",
        "rule": f"{observation.rule.id} {observation.rule.version}",
        "version": visible(row.version),
        "for": list(observation.deployments),
        "questions": [_question(work, each) for each in observation.questions],
        "state": observation.review.state,
        "is_open": row.is_open,
        "review": visible(row.review_words),
        "barred": _barred(row, work, who, preparers),
        "values": _values(work, observation),
    }


def _question(work: ProductAtWork, question_id: str) -> Json:
    question = work.inputs.questionnaire.by_id[question_id]
    answer = work.snapshot.answers.answers.get(question_id)
    said = answer_words(question, answer) if answer else "Nobody has looked yet"
    return {"id": question_id, "title": visible(question.title), "answer": said}


def _barred(row: SeenRow, work: ProductAtWork, who: str, preparers: Collection[str]) -> str:
    """Return why the reviewer cannot decide; empty where nothing speaks against it."""
    if row.is_stale:
        return "It was seen in another version than the answers are about."
    if row.observation.relation == "informs":
        return ""
    for question in row.observation.questions:
        answer = work.snapshot.answers.answers.get(question)
        for said in () if answer is None else (answer, *answer.deployments.values()):
            if _is_by(said, who, preparers):
                return f"You ({who}) answered {question}; somebody else decides on this (four eyes)."
    return ""


def _is_by(said: Statement, who: str, preparers: Collection[str]) -> bool:
    names = [said.answered.by] if said.answered else preparers
    return any(same_person(name, who) for name in names)


def _values(work: ProductAtWork, observation: Observation) -> list[Json]:
    """Return the levels that a contradiction may show; none where there is no scale, or not one only."""
    if observation.relation != "contradicts" or len(observation.questions) != 1:
        return []
    question = work.inputs.questionnaire.by_id[observation.questions[0]]
    if not isinstance(question, ScaleQuestion):
        return []
    return [
        {"value": str(each.level), "words": visible(f"{each.level}: {each.label}")}
        for each in question.levels
    ]
