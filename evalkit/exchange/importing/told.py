"""What did not come over as it was -> a text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.views.board.markdown import escaped as harmless
from evalkit.views.numbers import count

if TYPE_CHECKING:
    from datetime import date

    from evalkit.exchange.importing.draft import Note
    from evalkit.exchange.importing.instrument import Instrument

_HEADINGS = {
    "assumed": "Assumed; confirm it",
    "changed": "Changed",
    "left out": "Left out",
}


def as_markdown(file: str, sha256: str, day: date, made: Instrument, notes: tuple[Note, ...]) -> str:
    """Return where a questionnaire comes from, and what did not come over as it was, as Markdown."""
    header = made.questionnaire.header
    questions = count(len(made.questionnaire.questions), "question")
    size = f"{questions} in {count(len(made.questionnaire.domains), 'section')}"
    lines = [
        f"# {harmless(header.title)}",
        "",
        f"Imported on {day} from {harmless(file)} (SHA-256 {sha256}): {size}.",
    ]
    for kind, heading in _HEADINGS.items():
        own = [note for note in notes if note.kind == kind]
        if own:
            lines += ["", f"## {heading}", ""]
            lines += [f"- {_one(note)}" for note in own]
    return "\n".join(lines) + "\n"


def _one(note: Note) -> str:
    where = f"{harmless(note.where)}: " if note.where else ""
    return f"{where}{harmless(note.text)}"
