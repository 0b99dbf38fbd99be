"""What nobody found, what conflicts, what the vendor did not answer, and what is too old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.views.numbers import percent
from evalkit.views.rendering import EMPTY, Section, section

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.model.scorecard import QuestionResult
    from evalkit.views.subject import Subject

_LISTS: tuple[tuple[str, str, Callable[[QuestionResult], bool]], ...] = (
    ("Not found", "looked for in what was at hand", lambda it: it.state == "unknown"),
    (
        "Conflicting",
        "statements of equal standing disagree",
        lambda it: it.state == "conflicting",
    ),
    ("Refused", "the vendor was asked and did not answer", lambda it: it.state == "refused"),
    ("Unanswered", "nobody has looked yet", lambda it: it.state == "unanswered"),
    ("Expired", "what governs is older than its class allows", lambda it: it.stale),
    ("Disputed", "an item of evidence disagrees with what governs", lambda it: it.disputed),
)


def open_points(subject: Subject) -> Section:
    """Return the open points, each list by weight, heaviest first."""
    if not subject.card.is_scored:
        return EMPTY
    applicable = [result for result in subject.card.questions if result.applicable]
    lists = []
    lines = []
    for name, meaning, holds in _LISTS:
        found = sorted((it for it in applicable if holds(it)), key=lambda it: -it.weight)
        rows = [(subject.question(it.question), it, _findings(subject, it.question)) for it in found]
        lists.append((name, meaning, rows))
        lines.append(f"{name}: {len(rows)}")
        lines += [
            f"  {question.id} {question.title}, weight {percent(it.weight)}" for question, it, _ in rows
        ]
    return section("open_points", lines, lists=lists)


def _findings(subject: Subject, question_id: str) -> list[tuple[str, str]]:
    """Return what was written about a question, with the assessor before it where several wrote."""
    speaking = subject.voices(question_id)
    return [
        (it.assessor or "" if len(speaking) > 1 else "", it.statement.finding)
        for it in speaking
        if it.statement.finding
    ]
