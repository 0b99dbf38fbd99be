"""All that a reviewer reads before signing one statement off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.forms.answering.standing import standing_of
from evalkit.forms.reviewing.last_review import last_sign_off
from evalkit.forms.reviewing.statement_words import answer_words, changes_between, source_changes
from evalkit.model.records import GENERAL, changed_sources, revision_of
from evalkit.views.answer_text import describe
from evalkit.views.evidence_view import EvidenceView, evidence_views
from evalkit.views.gates import bar_words
from evalkit.views.safe_text import safe_url, visible
from evalkit.views.subject import Subject
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evalkit.files.saving.history import HistoryEntry
    from evalkit.forms.reviewing.last_review import Key
    from evalkit.forms.reviewing.readings import Readings
    from evalkit.model.answers import Answer, Source, Statement
    from evalkit.model.questionnaire import Question

Json = dict[str, Any]


def detail_of(
    readings: Readings,
    question: Question,
    scope: str,
    seen: Mapping[Key, tuple[Statement, ...]],
    past_sources: Callable[[], Mapping[tuple[str, str], Source]],
) -> Json:
    """Return one statement in full, as plain values for a page.

    Parameters
    ----------
    readings
        Of the product; the answer is one that keeps the rules.
    seen
        What the history has seen signed off.
    past_sources
        Asked, where a source was changed, for what the history knows of sources, by key and revision.

    Raises
    ------
    KeyError
        If there is no such statement.
    """
    answers = readings.answers
    answer = answers.answers[question.id]
    statement = answer if scope == GENERAL else answer.deployments[scope]
    return {
        "question": visible(question.question),
        "why": visible(question.why),
        "answer": answer_words(question, statement),
        "meaning": _meaning(question, statement),
        "finding": visible(statement.finding or ""),
        "also": visible(statement.also or ""),
        "also_of": visible(question.also_record.text) if question.also_record else "",
        "general": "" if scope == GENERAL else answer_words(question, answer),
        "gate": _gate(readings, question),
        "evidence": _evidence(readings, question, scope),
        **_since(readings, question, statement, seen.get((question.id, scope), ()), past_sources),
        "comments": comments_of(answer),
    }


def comments_of(answer: Answer) -> list[Json]:
    """Return the remarks on an answer, oldest first."""
    return [
        {"by": visible(each.by), "on": each.on.isoformat(), "text": visible(each.text)}
        for each in answer.comments
    ]


def past(entries: tuple[HistoryEntry, ...]) -> list[Json]:
    """Return the past of an answer, newest first, in words."""
    return [
        {"at": each.at, "by": visible(each.by), "what": each.what, "summary": visible(each.summary)}
        for each in reversed(entries)
        if not each.was_given_up
    ]


def _meaning(question: Question, statement: Statement) -> list[str]:
    """Return what the answer means by the questionnaire: its level's text, its ticks, its hosts."""
    if statement.value is None:
        return []
    described = describe(question, statement.value)
    texts = [described.text] if described.text else []
    texts += [f"{tick.text} ({tick.effect})" if tick.effect else tick.text for tick in described.ticks]
    texts += [f"{each.found}: {', '.join(each.names)}" for each in described.hosts]
    return [visible(text) for text in texts]


def _gate(readings: Readings, question: Question) -> Json | None:
    gate = next((each for each in readings.inputs.profile.gates if each.question == question.id), None)
    if gate is None:
        return None
    return {
        "bar": visible(bar_words(gate, question)),
        "needs": wording.CLASS[gate.needs],
        "consequence": visible(gate.consequence),
    }


def _evidence(readings: Readings, question: Question, scope: str) -> list[Json]:
    reading = readings.weakest(question, scope)
    serves = readings.serves(question.id, scope) or (readings.answers.deployments[0].id,)
    standing = standing_of(readings.inputs, readings.answers.product.id, serves[0])
    subject = Subject(standing.inputs, standing.option, standing.card)
    return [_item(view) for view in evidence_views(subject, question.id, reading.items if reading else ())]


def _item(view: EvidenceView) -> Json:
    return {
        "class": view.written,
        "counts_as": view.counts_as,
        "why": visible(view.why),
        "governs": view.governs,
        "title": visible(view.source.title),
        "publisher": visible(view.source.publisher),
        "kind": wording.KIND[view.source.kind],
        "url": safe_url(view.source.url) or "",
        "address": visible(view.source.url or ""),
        "locator": visible(view.locator),
        "dates": view.dates,
        "details": [visible(each) for each in view.details],
        "states": visible(view.states),
    }


def _since(
    readings: Readings,
    question: Question,
    statement: Statement,
    seen: tuple[Statement, ...],
    past_sources: Callable[[], Mapping[tuple[str, str], Source]],
) -> Json:
    """Return what changed since the last sign-off; ``then`` tells what is not known about it."""
    last = last_sign_off(statement, seen)
    if last is None:
        return {"changes": [], "then": ""}
    if last.statement is None:
        return {"changes": [], "then": "The history does not tell what it said when it was signed off."}
    sources = readings.answers.sources
    by_source: list[dict[str, str]] = []
    if changed_sources(last.statement, sources):
        by_source = source_changes(last.statement, sources, past_sources())
    if not by_source and revision_of(last.statement) == revision_of(statement):
        taken = statement.reviewed is None
        return {"changes": [], "then": "The sign-off was taken back; nothing changed since." if taken else ""}
    changes = changes_between(question, last.statement, statement, sources)
    return {"changes": changes + by_source, "then": ""}
