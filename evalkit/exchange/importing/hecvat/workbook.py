"""A HECVAT workbook (EDUCAUSE, version 4; version 3 where it has the same columns) -> a draft.

The same id stands on several sheets: where the vendor answers, where the institution judges, where formulas
mirror both. Rows are joined by id, a value counts and a formula never does, and what two sheets say
differently is noted. Yes is worth 100 and no 0, or the other way round, where the workbook names the
compliant response; a question of which it does not is judged by whoever reads the answer.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import (
    Choice,
    Draft,
    DraftAnswer,
    DraftQuestion,
    DraftSection,
    Note,
)
from evalkit.exchange.importing.grid import FORMULA, sheets
from evalkit.exchange.importing.hecvat.codes import names_of
from evalkit.exchange.importing.hecvat.completed import completed_on
from evalkit.exchange.importing.hecvat.routing import NO, YES, routing
from evalkit.exchange.importing.hecvat.tables import HEADERS, folded, tables
from evalkit.exchange.importing.hecvat.version import version_of
from evalkit.exchange.vendor_form.cell_values import UnclearError, is_empty, text_in
from evalkit.files.rules.wording import allowed, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from evalkit.exchange.importing.draft import NoteKind
    from evalkit.exchange.importing.formats import Wanted
    from evalkit.exchange.importing.hecvat.routing import Routing
    from evalkit.exchange.importing.hecvat.tables import Entry, Tables

IMPORTANCE: Final[Mapping[str, float]] = {
    "critical importance": 20,
    "standard importance": 10,
    "minor importance": 5,
}
"""What HECVAT 4 counts for each importance."""

_STANDARD: Final = 10
_NOT_SCORED: Final = frozenset({"not scored", "n/a", "na", "none"})
_NOT_APPLICABLE: Final = frozenset({"n/a", "na", "not applicable"})
_VENDOR: Final = frozenset({"solution provider name", "vendor name"})
_PRODUCT: Final = frozenset({"solution name", "product name"})
_LONGEST_NAME: Final = 100
_REASONS: Final[Mapping[str, str]] = {
    "reason": "",
    "guidance": "",
    "if_yes": "If yes: ",
    "if_no": "If no: ",
    "if_na": "If not applicable: ",
    "follow_up": "Follow-up: ",
}
"""What of a row says why and how a question is asked, and what is written in front of it."""


def read(raw: bytes, name: str, wanted: Wanted) -> Draft:
    """Return what a HECVAT says.

    Raises
    ------
    EvalkitError
        If it is no workbook or CSV file, or no row in it begins with the id of a question below a header.
    """
    for role in wanted.columns:
        if role not in HEADERS:
            hint = did_you_mean(role, HEADERS)
            raise EvalkitError(f"--column {role}: {allowed(HEADERS, 'roles')}{f'; {hint}' if hint else ''}")
    found_sheets = sheets(raw, name)
    found = tables(found_sheets, wanted.columns)
    if not found.entries:
        told = "; ".join(f"{note.where}: {note.text}".lstrip(": ") for note in found.notes)
        raise EvalkitError(
            f"{name}: no row begins with the id of a question, such as GNRL-01, below a header that names the"
            f" answer: is it a HECVAT?{f' {told[:500]}' if told else ''}"
        )
    version, versions = version_of(found_sheets)
    bare = dict.fromkeys(each.prefix for each in found.entries if each.prefix not in found.headings)
    names, named = names_of(bare, found_sheets)
    found = replace(found, headings={**found.headings, **names})
    day, dated = completed_on(found_sheets)
    return _Joining(found, [*found.notes, *versions, *dated, *named], day).draft(wanted, version)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says in one column."""

    text: str
    sheet: str
    where: str


@dataclass
class _Joining:
    found: Tables
    notes: list[Note]
    day: date | None
    by_id: dict[str, list[Entry]] = field(default_factory=dict)
    texts: dict[tuple[str, str], list[_Said]] = field(default_factory=dict)
    is_rated: bool = False
    by_importance: int = 0

    def note(self, kind: NoteKind, where: str, text: str) -> None:
        self.notes.append(Note(kind, where, text))

    def draft(self, wanted: Wanted, version: str) -> Draft:
        """Return all questions and answers, joined by id."""
        for entry in self.found.entries:
            self.by_id.setdefault(entry.id, []).append(entry)
        order = routing(
            self.found,
            {id_: (self._joined(id_, "if_yes"), self._joined(id_, "if_no")) for id_ in self.by_id},
            {id_: entries[0].where for id_, entries in self.by_id.items()},
        )
        self.notes += order.notes
        self.is_rated = any(
            not is_empty(entry.cells.get(role))
            for entry in self.found.entries
            for role in ("weight", "importance")
        )
        sections: dict[str, list[DraftQuestion]] = {
            prefix: [] for prefix in dict.fromkeys(entry.prefix for entry in self.found.entries)
        }
        answers = []
        for id_ in sorted(self.by_id, key=lambda each: int(each.partition("-")[2])):
            question = self._question(id_, order)
            sections[id_.partition("-")[0]].append(question)
            answer = self._answer(question)
            answers += [answer] if answer else []
        self._tell_of_worth(sections)
        return Draft(
            title=wanted.title or f"HECVAT {version}".strip(),
            sections=tuple(
                DraftSection(prefix, self.found.headings.get(prefix, prefix), tuple(questions))
                for prefix, questions in sections.items()
            ),
            answers=tuple(answers),
            vendor=self._named(answers, sections, _VENDOR, "vendor"),
            product=self._named(answers, sections, _PRODUCT, "product"),
            notes=tuple(self.notes),
            version=version,
        )

    def _said(self, id_: str, role: str) -> list[_Said]:
        """Return what the rows of a question say in a column, each text once, formulas left out."""
        if (id_, role) in self.texts:
            return self.texts[id_, role]
        said: dict[str, _Said] = {}
        for entry in self.by_id[id_]:
            cell = entry.cells.get(role)
            if cell == FORMULA or is_empty(cell):
                continue
            try:
                text = text_in(cell)
            except UnclearError as error:
                self.note("left out", entry.where, f"the {role.replace('_', ' ')} of {id_} {error}")
                continue
            said.setdefault(folded(text), _Said(text, entry.sheet, entry.where))
        self.texts[id_, role] = list(said.values())
        return self.texts[id_, role]

    def _joined(self, id_: str, role: str) -> str:
        return "\n".join(each.text for each in self._said(id_, role))

    def _one(self, id_: str, role: str) -> _Said | None:
        """Return what is said in a column; the first, with a note, where rows say different things."""
        said = self._said(id_, role)
        if len(said) > 1:
            told = "; ".join(f"{each.text[:60]!r} at {each.where}" for each in said[1:])
            self.note("changed", said[0].where, f"{role} of {id_}: {said[0].text[:60]!r} is kept, not {told}")
        return said[0] if said else None

    def _question(self, id_: str, order: Routing) -> DraftQuestion:
        text = self._one(id_, "question")
        where = text.where if text else self.by_id[id_][0].where
        if text is None:
            self.note("left out", where, f"the text of {id_}: it is empty or a formula; its id stands for it")
        preferred = self._preferred(id_)
        choices: tuple[Choice, ...] = ()
        if preferred:
            choices = tuple(Choice(each, each, 100.0 if each == preferred else 0.0) for each in (YES, NO))
        elif id_ in order.qualifiers:
            choices = (Choice(YES, YES), Choice(NO, NO))
        parts = ((label, self._joined(id_, role)) for role, label in _REASONS.items())
        return DraftQuestion(
            id=id_,
            text=text.text if text else id_,
            where=where,
            why="\n\n".join(f"{label}{part}" for label, part in parts if part),
            choices=choices,
            weight=self._weight(id_, where) if preferred else 1,
            asked_if=order.wishes.get(id_),
        )

    def _preferred(self, id_: str) -> str:
        """Return the answer that is compliant; ``""`` where none or more than one is stated."""
        said = [each for each in self._said(id_, "preferred") if folded(each.text) not in _NOT_SCORED]
        stated = {folded(YES): YES, folded(NO): NO}
        if len(said) == 1 and folded(said[0].text) in stated:
            return stated[folded(said[0].text)]
        if said:
            told = ", ".join(f"{each.text[:60]!r} at {each.where}" for each in said)
            self.note("left out", said[0].where, f"the compliant response to {id_}, {told}: not yes or no")
        return ""

    def _weight(self, id_: str, where: str) -> float:
        said, importance = self._one(id_, "weight"), self._one(id_, "importance")
        if said is not None:
            weight = _number(said.text)
            if 0 < weight < math.inf:
                return weight
            self.note("left out", said.where, f"weight {said.text[:40]!r} of {id_} is no number above 0")
        if importance is not None and folded(importance.text) in IMPORTANCE:
            self.by_importance += 1
            return IMPORTANCE[folded(importance.text)]
        if importance is not None:
            self.note("left out", importance.where, f"importance {importance.text[:40]!r} of {id_}")
        if not self.is_rated:
            return 1
        self.note(
            "assumed", where, f"no weight of {id_} can be read: it counts {_STANDARD}, as standard ones"
        )
        return _STANDARD

    def _answer(self, question: DraftQuestion) -> DraftAnswer | None:
        said, more = self._said(question.id, "answer"), self._said(question.id, "information")
        if not (said or more):
            cells = [entry.cells["answer"] for entry in self.by_id[question.id] if "answer" in entry.cells]
            if cells and all(cell == FORMULA for cell in cells):
                told = (
                    f"the answer to {question.id} is a formula wherever it stands; formulas are not evaluated"
                )
                self.note("left out", self.by_id[question.id][0].where, told)
            return None
        where = (said or more)[0].where
        chosen = [
            choice.id for choice in question.choices for each in said if choice.id == _yes_no(each.text)
        ]
        words = [each.text for each in said]
        if len(said) > 1:
            told = "; ".join(f"{each.text[:60]!r} at {each.where}" for each in said)
            self.note(
                "left out", where, f"{question.id} is answered in different ways, so not at all: {told}"
            )
            chosen, words = [], [f"{each.sheet}: {each.text}" for each in said]
        elif said and not chosen and folded(words[0]) in _NOT_APPLICABLE:
            told = f"{question.id} is answered {words[0]!r}: kept as a finding, unanswered"
            self.note("left out", where, told)
        elif said and not chosen and question.choices:
            told = f"answer {words[0][:80]!r} to {question.id} is neither yes nor no"
            self.note("left out", where, f"{told}: kept as a finding, unanswered")
        text = "\n\n".join([*([] if chosen else words), *(each.text for each in more)])
        return DraftAnswer(question.id, where, tuple(chosen), text, on=self.day)

    def _named(
        self,
        answers: Iterable[DraftAnswer],
        sections: Mapping[str, list[DraftQuestion]],
        texts: frozenset[str],
        what: str,
    ) -> str:
        """Return the name that answers the one question with one of these texts."""
        asked = {
            each.id for questions in sections.values() for each in questions if folded(each.text) in texts
        }
        given = [each for each in answers if each.question in asked]
        if len(given) != 1:
            return ""
        name = self._said(given[0].question, "answer")
        if len(name) != 1 or "\n" in name[0].text or len(name[0].text) > _LONGEST_NAME:
            told = f"the {what}'s name: the answer to {given[0].question} is none"
            self.note("left out", given[0].where, told)
            return ""
        self.note(
            "assumed", name[0].where, f"the {what} is {name[0].text!r}, the answer to {given[0].question}"
        )
        return name[0].text

    def _tell_of_worth(self, sections: Mapping[str, list[DraftQuestion]]) -> None:
        every = [each for questions in sections.values() for each in questions]
        unscored = [each for each in every if not any(choice.points for choice in each.choices)]
        scored = sorted({each.weight for each in every} - {each.weight for each in unscored})
        if unscored and scored:
            told = (
                f"{len(unscored)} questions are not scored in the workbook; here each counts 1; those that"
                f" are count {scored[0]:g} to {scored[-1]:g}"
            )
            self.note("changed", "", told)
        silent = [
            self.found.headings.get(prefix, prefix)
            for prefix, questions in sections.items()
            if not any(each.choices for each in questions)
        ]
        if silent and scored:
            told = (
                f"nothing is scored in {', '.join(silent)}; here whoever reads the answers judges them, and a"
                " threshold for every section holds there, too"
            )
            self.note("changed", "", told)
        if self.by_importance:
            told = ", ".join(f"{name} {weight:g}" for name, weight in IMPORTANCE.items())
            self.note("assumed", "", f"{self.by_importance} weights follow from the importance: {told}")


def _yes_no(text: str) -> str:
    return {folded(YES): YES, folded(NO): NO}.get(folded(text), "")


def _number(text: str) -> float:
    try:
        return float(text) if re.fullmatch(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?", text) else math.nan
    except ValueError:
        return math.nan
