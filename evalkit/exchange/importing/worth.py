"""What choices are worth that their file gives no worth: said by whoever imports it, never guessed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.files.rules.wording import allowed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.importing.draft import Choice, Draft


def with_points(draft: Draft, points: Mapping[str, float]) -> Draft:
    """Return a draft in which choices without a worth have the one given for their text or id.

    Raises
    ------
    EvalkitError
        If a text is that of no choice without a worth.
    """
    if not points:
        return draft
    wanted = {_folded(text): worth for text, worth in points.items()}
    used: set[str] = set()

    def rated(choice: Choice) -> Choice:
        names = (_folded(choice.text), _folded(choice.label), _folded(choice.id))
        key = next((name for name in names if name in wanted), None)
        if choice.points is not None or key is None:
            return choice
        used.add(key)
        return replace(choice, points=wanted[key])

    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(question, choices=tuple(map(rated, question.choices)))
                for question in section.questions
            ),
        )
        for section in draft.sections
    )
    for text in points:
        if _folded(text) not in used:
            open_choices = {
                choice.label or choice.text
                for question in draft.questions
                for choice in question.choices
                if choice.points is None
            }
            raise EvalkitError(
                f"--points {text!r}: no choice without a worth is called that;"
                f" {allowed(sorted(open_choices), 'choices')}"
            )
    return replace(draft, sections=sections)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
