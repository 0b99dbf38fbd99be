"""A draft in which every question says something, and everything stands once; the rest is noted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from evalkit.exchange.importing.draft import Note

if TYPE_CHECKING:
    from evalkit.exchange.importing.draft import (
        Choice,
        Draft,
        DraftAnswer,
        DraftQuestion,
        DraftSection,
        NoteKind,
    )

_LEAST: Final = 1e-6
_MOST: Final = 1e9
"""Weights are between these, and no worth is further from 0."""


def usable(draft: Draft) -> Draft:
    """Return a draft without what cannot be used: questions and choices without text, and what is repeated.

    Of questions, choices and answers that stand more than once the first is kept.
    """
    check = _Check()
    sections = tuple(section for section in map(check.section, draft.sections) if section.questions)
    answers: dict[str, DraftAnswer] = {}
    for answer in draft.answers:
        if answer.question in answers:
            kept = answers[answer.question].where
            check.note(
                "left out", answer.where, f"a second answer to {answer.question}; the one at {kept} is kept"
            )
        else:
            answers[answer.question] = answer
    return replace(
        draft, sections=sections, answers=tuple(answers.values()), notes=(*draft.notes, *check.notes)
    )


@dataclass
class _Check:
    first: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def note(self, kind: NoteKind, where: str, text: str) -> None:
        self.notes.append(Note(kind, where, text))

    def section(self, section: DraftSection) -> DraftSection:
        kept = tuple(map(self.question, filter(self._is_new, section.questions)))
        return replace(section, questions=kept)

    def _is_new(self, question: DraftQuestion) -> bool:
        if not question.text or not question.id:
            missing = "text" if question.id else "id"
            self.note(
                "left out",
                question.where,
                f"question {question.id or question.text[:60]!r} without {missing}",
            )
            return False
        if question.id in self.first:
            at = self.first[question.id]
            self.note(
                "left out", question.where, f"question {question.id} stood before, at {at}; the first is kept"
            )
            return False
        self.first[question.id] = question.where
        return True

    def question(self, question: DraftQuestion) -> DraftQuestion:
        weight = question.weight
        if not _LEAST <= weight <= _MOST:
            told = f"weight {weight:g} of {question.id} is not in {_LEAST:g}..{_MOST:g}; it is 1"
            self.note("assumed", question.where, told)
            weight = 1
        choices: dict[str, Choice] = {}
        for choice in question.choices:
            made = replace(choice, id=choice.id or choice.text, text=choice.text or choice.id)
            if not made.text or made.id in choices:
                what = "that stands twice" if made.text else "without text"
                told = f"a choice of {question.id} {what}: {made.id!r}"
                self.note("left out", question.where, told)
                continue
            if made.points is not None and not abs(made.points) <= _MOST:  # nan is not, either
                self.note("left out", question.where, f"the worth {made.points} of choice {made.text[:60]!r}")
                made = replace(made, points=None)
            choices[made.id] = made
        return replace(question, weight=weight, choices=tuple(choices.values()))
