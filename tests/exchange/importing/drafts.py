"""Small drafts, and what becomes of them."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from evalkit.exchange.importing.draft import Choice, Draft, DraftQuestion, DraftSection
from evalkit.exchange.importing.project import Names, imported
from evalkit.files import instrument
from evalkit.files.workspace import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from evalkit.exchange.importing.draft import DraftAnswer
    from evalkit.exchange.importing.project import Imported
    from evalkit.model.questionnaire import Question

DAY = date(2026, 11, 20)

YES_NO = (Choice("yes", "Yes", 100), Choice("no", "No", 0))
OPEN_YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))


def asked(id_: str = "q1", choices: tuple[Choice, ...] = YES_NO, **more: Any) -> DraftQuestion:  # noqa: ANN401 - fields of a question
    """Return a question of a file."""
    return DraftQuestion(id=id_, text=f"What of {id_}?", where=f"at {id_}", choices=choices, **more)


def draft(*questions: DraftQuestion, answers: Iterable[DraftAnswer] = (), title: str = "A list") -> Draft:
    """Return a draft with one section."""
    return Draft(title, (DraftSection("s", "Section", questions),), tuple(answers))


def brought(
    made: Draft, project: Path, points: Mapping[str, float] | None = None, /, **names: str
) -> Imported:
    """Return what a draft becomes in a project."""
    return imported(
        made,
        file="list.file",
        raw=b"raw",
        project=project,
        day=DAY,
        names=Names(**{"product": "acme", **names}),
        points=points or {},
    )


def question_of(made: Imported, number: int = 0) -> Question:
    """Return a question of what was imported."""
    return made.questionnaire.questions[number]


def told(made: Imported, kind: str) -> list[str]:
    """Return the notes of a kind."""
    return [note.text for note in made.notes if note.kind == kind]


load_once = cache(instrument.load_questionnaire)
SHIPPED = shipped("questionnaires", "coding-agent")
