"""Answers of one version of a questionnaire -> answers of a later one, change by change.

Nothing here knows the questions: whether an answer fits the question it came to, :mod:`.fitting` looks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalkit.files.migrating.statements import (
    counterpart,
    distinct,
    for_scope,
    same,
    says_anything,
    statements_of,
    translated,
    value_text,
    whole,
    with_statements,
    without_sign_off,
    without_value,
)
from evalkit.model.answers import Answer, Comment, Statement
from evalkit.model.migration import (
    Changed,
    Merged,
    Renamed,
    Retired,
    Split,
    said_of,
    sources_of,
    targets_of,
)
from evalkit.model.records import GENERAL, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from evalkit.model.migration import AnyChange, Part, Step


@dataclass(frozen=True, slots=True)
class Journey:
    """An answer on its way.

    Attributes
    ----------
    origins : tuple of str
        The questions of the old file that it comes from.
    happened : tuple of str
        What became of it, in words.
    again : bool
        Whether the question has to be answered again.
    """

    answer: Answer
    origins: tuple[str, ...]
    happened: tuple[str, ...] = ()
    again: bool = False

    def after(self, answer: Answer, happened: str, *, again: bool) -> Journey:
        """Return the journey with one stage more."""
        return Journey(answer, self.origins, (*self.happened, happened), self.again or again)


@dataclass(slots=True)
class Arrived:
    """Where the answers of a file came to.

    Attributes
    ----------
    answers : dict of str to Journey
        By the questions of the new version, in the order of the file.
    retired : dict of str to str
        Questions of the old file of which no answer is asked any more, and what became of them.
    taken : list of (str, str)
        Questions that an answer came to though they had one, and where it came from.
    """

    answers: dict[str, Journey]
    retired: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes remarks on answers: who migrates, and on which day."""

    by: str
    on: date

    def remarked(self, answer: Answer, text: str) -> Answer:
        """Return an answer with one remark more."""
        remark = Comment(by=self.by, on=self.on, text=f"evalkit migrate: {text}")
        return answer.model_copy(update={"comments": (*answer.comments, remark)})

    def unanswered(self, answer: Answer, why: str) -> Answer:
        """Return an answer that has to be given again, with what it said in a remark."""
        left, before = {}, []
        for scope, statement in statements_of(answer).items():
            left[scope], told = without_value(statement)
            before += [for_scope(scope, told)] if told else []
        said = f" Before: {'. '.join(before)}." if before else ""
        return self.remarked(with_statements(answer, left), f"{why}{said}")

    def bare(self, answer: Answer, why: str) -> Answer:
        """Return nothing but remarks: what was answered, evidence and all, is the text of the last."""
        left = Answer(state="unanswered", comments=answer.comments)
        return self.remarked(left, f"{why} Before:\n{whole(answer)}")


def carried(answers: Mapping[str, Answer], steps: Iterable[Step], scribe: Scribe) -> Arrived:
    """Return where answers come to, step by step."""
    arrived = Arrived({name: Journey(answer, (name,)) for name, answer in answers.items()})
    for step in steps:
        arrived = _Stage(arrived, step, scribe).run()
    return arrived


class _Stage:
    """One step for all answers of a file."""

    def __init__(self, before: Arrived, step: Step, scribe: Scribe) -> None:
        self.before = before
        self.step = step
        self.scribe = scribe
        self.change_of = {source: each for each in step.changes for source in sources_of(each)}
        self.after = Arrived({}, dict(before.retired), list(before.taken))

    def run(self) -> Arrived:
        done: list[AnyChange] = []
        for name, journey in self.before.answers.items():
            change = self.change_of.get(name)
            if change is None:
                self._arrive(name, journey)
            elif change not in done:
                done.append(change)
                self._take(name, journey, change)
        return self.after

    def _take(self, name: str, journey: Journey, change: AnyChange) -> None:
        match change:
            case Renamed():
                self._arrive(change.to, journey.after(journey.answer, self._happened(change), again=False))
            case Retired():
                happened = "; ".join((*journey.happened, self._happened(change)))
                self.after.retired |= dict.fromkeys(journey.origins, f"{happened}: {change.reason}")
            case Changed():
                self._arrive(targets_of(change)[0], self._changed(name, journey, change))
            case Split():
                self._split(name, journey, change)
            case Merged():
                self._arrive(change.into, self._merged(change))

    def _arrive(self, name: str, journey: Journey) -> None:
        if name in self.after.answers:
            origins = (*journey.origins, *self.after.answers[name].origins)
            self.after.taken.append((name, next(it for it in origins if it != name)))
        self.after.answers[name] = journey

    def _happened(self, change: AnyChange) -> str:
        return f"{said_of(change)} ({self.step.to})"

    def _changed(self, name: str, journey: Journey, change: Changed) -> Journey:
        said = statements_of(journey.answer)
        now = {scope: translated(each, change.values, change.keeps) for scope, each in said.items()}
        opening = f"{name} {said_of(change)} in version {self.step.to}: {change.reason}"
        happened = self._happened(change)
        new, told, again = {}, [], False
        for scope, statement in said.items():
            kept = now[scope]
            if kept is None or (kept != statement and state_of(statement) == "unanswered"):
                new[scope], taken = without_value(statement)
                again = again or kept is None
            else:
                new[scope], taken = _carried_over(statement, kept)
            told += [for_scope(scope, taken)] if taken else []
        answer = with_statements(journey.answer, new)
        if told:
            asks = " To be answered again." if again else ""
            answer = self.scribe.remarked(answer, f"{opening}{asks} Before: {'. '.join(told)}.")
        return journey.after(answer, happened, again=again)

    def _split(self, name: str, journey: Journey, change: Split) -> None:
        said = statements_of(journey.answer)
        asked = says_anything(journey.answer)
        left, told = {}, []
        for scope, statement in said.items():
            left[scope], taken = without_value(statement)
            told += [for_scope(scope, taken)] if taken else []
        opening = f"{name} was {said_of(change)} in version {self.step.to}: {change.reason}"
        before = f" Before: {'. '.join(told)}." if told else ""
        asks = " To be answered by itself." if asked else ""
        for index, part in enumerate(change.into):
            lost = "" if index else _carried_nowhere(left, change.into)
            answer = _part_of(journey.answer, left, part, is_first=not index)
            if before or lost or asked:
                text = f"{opening}{asks}{before}{_suggestion(said, part)}{lost}"
                answer = self.scribe.remarked(answer, text)
            if answer != Answer(state="unanswered"):
                self._arrive(part.question, journey.after(answer, self._happened(change), again=asked))

    def _merged(self, change: Merged) -> Journey:
        there = {name: self.before.answers[name] for name in change.merged if name in self.before.answers}
        answers = {name: journey.answer for name, journey in there.items()}
        is_whole = len(answers) == len(change.merged)
        scopes = dict.fromkeys(scope for answer in answers.values() for scope in statements_of(answer))
        new: dict[str, Statement] = {}
        told, again = [], False
        for scope in scopes:
            each = {name: answer.deployments.get(scope, answer) for name, answer in answers.items()}
            own = {name: _plain(statement) for name, statement in each.items()}
            agreed = is_whole and all(same(next(iter(own.values())), other) for other in own.values())
            new[scope], taken = _together(own, agreed=agreed)
            again = again or (not agreed and any(state_of(it) != "unanswered" for it in own.values()))
            told += [for_scope(scope, taken)] if taken else []
        base = Answer(comments=tuple(it for answer in answers.values() for it in answer.comments))
        answer = with_statements(base, new)
        if told:
            opening = f"{said_of(change)} in version {self.step.to}: {change.reason}"
            asks = " To be answered again." if again else ""
            answer = self.scribe.remarked(answer, f"{opening}{asks} Before: {'. '.join(told)}.")
        origins = tuple(dict.fromkeys(name for journey in there.values() for name in journey.origins))
        happened = tuple(dict.fromkeys(it for journey in there.values() for it in journey.happened))
        earlier = any(journey.again for journey in there.values())
        return Journey(answer, origins, (*happened, self._happened(change)), earlier or again)


def _plain(statement: Statement) -> Statement:
    return Statement(**{name: getattr(statement, name) for name in Statement.model_fields})


def _carried_over(before: Statement, kept: Statement) -> tuple[Statement, tuple[str, ...]]:
    """Return a statement that stands, without its sign-off if it is written differently now."""
    if kept == before:
        return kept, ()
    new, signed = without_sign_off(kept)
    return new, (
        f"value {value_text(before.value)}" if before.value is not None else state_of(before),
        *signed,
    )


def _suggestion(said: Mapping[str, Statement], part: Part) -> str:
    found = []
    for scope, statement in said.items():
        value = None if statement.value is None else counterpart(statement.value, part.values)
        if value is not None:
            found.append(for_scope(scope, [value_text(value)]))
    return f" It suggests here {', '.join(found)}: confirm it, or answer anew." if found else ""


def _part_of(answer: Answer, left: Mapping[str, Statement], part: Part, *, is_first: bool) -> Answer:
    """Return what a part takes over; remarks go with the finding, and always to the first part."""
    kept = {}
    for scope, statement in left.items():
        update: dict[str, object] = {} if "evidence" in part.carry else {"evidence": ()}
        if "finding" not in part.carry:
            update |= {"finding": None, "also": None}
        kept[scope] = statement.model_copy(update={"state": "unanswered", **update})
    nothing = Statement(state="unanswered")
    if all(each == nothing for each in kept.values()):
        kept = {GENERAL: nothing}
    comments = answer.comments if is_first or "finding" in part.carry else ()
    return with_statements(Answer(comments=comments), kept)


def _carried_nowhere(left: Mapping[str, Statement], parts: Sequence[Part]) -> str:
    """Return what no part takes over, as text."""
    carry = {each for part in parts for each in part.carry}
    update: dict[str, object] = {"evidence": ()} if "evidence" in carry else {}
    if "finding" in carry:
        update |= {"finding": None, "also": None}
    rest = {scope: each.model_copy(update={"state": None, **update}) for scope, each in left.items()}
    kept = {scope: each for scope, each in rest.items() if each != Statement()}
    if not kept:
        return ""
    return "\n" + whole(with_statements(Answer(), {GENERAL: Statement(), **kept}))


def _together(own: Mapping[str, Statement], *, agreed: bool) -> tuple[Statement, tuple[str, ...]]:
    """Return one statement of several, and what is not in it, in words."""
    first = next(iter(own.values()))
    if agreed and all(each == first for each in own.values()):
        return first, ()
    told: list[str] = []
    rest: list[Statement] = []
    for name, statement in own.items():
        left, taken = without_sign_off(statement) if agreed else without_value(statement)
        rest.append(left)
        told += [f"{name} {it}" for it in taken]
    findings = dict.fromkeys(filter(None, (each.finding for each in rest)))
    companions = dict.fromkeys(filter(None, (each.also for each in rest)))
    update: dict[str, object] = {
        "finding": "\n\n".join(findings) or first.finding,
        "also": "; ".join(companions) or first.also,
        "evidence": distinct([item for each in rest for item in each.evidence]),
        "answered": None,
    }
    if agreed:
        told += [f"{name} {it}" for name, each in own.items() for it in _answerers(each)]
    else:
        update |= {"state": "unanswered", "value": None}
    return rest[0].model_copy(update=update), tuple(told)


def _answerers(statement: Statement) -> list[str]:
    return (
        []
        if statement.answered is None
        else [f"answered by {statement.answered.by} on {statement.answered.on}"]
    )
