"""Rows of a file that came back -> one record per answer, with all that is wrong with its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.exchange.vendor_form.asking import asked, same_question
from evalkit.exchange.vendor_form.cell_values import UnclearError, text_in
from evalkit.exchange.vendor_form.sheet import parsed_reference, text_digest
from evalkit.exchange.vendor_form.stating import Stated, stated
from evalkit.model.answers import Answer
from evalkit.model.records import GENERAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.vendor_form.place import Place
    from evalkit.exchange.vendor_form.sheet import Line, Reference, Returned, ReturnedRow
    from evalkit.model.answers import ProductAnswers

_MOST_PARTS = 3
_UNANSWERED = Answer()


@dataclass(frozen=True, slots=True)
class Record:
    """What a file says on one question for one scope.

    Attributes
    ----------
    problems : tuple of str
        Why it cannot be taken; empty where it can.
    """

    question: str
    scope: str
    where: str
    said: Stated
    problems: tuple[str, ...]


def records_in(
    place: Place, answers: ProductAnswers, returned: Returned, reference: Reference
) -> tuple[list[Record], list[tuple[str, str]]]:
    """Return the records of a file in the order of the questionnaire, and rows that are part of none.

    A row that is part of none is given by its place and the reason; empty ones are passed over.
    """
    grouped: dict[tuple[str, str], dict[str, list[ReturnedRow]]] = {}
    loose: list[tuple[str, str]] = []
    for row in returned.rows:
        names = row.text("id").split("/", _MOST_PARTS - 1)
        if len(names) == 1 or not names[0]:
            if row.is_filled_in:
                loose.append(
                    (row.where, "the row has no id: it was inserted, or its cells were merged or cleared")
                )
            continue
        question, scope, part = (*names, "")[:_MOST_PARTS]
        grouped.setdefault((question, scope), {}).setdefault(part, []).append(row)
    for name in returned.sent:
        question, scope, part = (*name.split("/", _MOST_PARTS - 1), "", "")[:_MOST_PARTS]
        grouped.setdefault((question, scope), {}).setdefault(part, [])
    place_of = {question.id: index for index, question in enumerate(place.questionnaire.questions)}
    records = [
        _record(place, answers, key, rows, reference)
        for key, rows in sorted(
            grouped.items(), key=lambda each: (place_of.get(each[0][0], len(place_of)), each[0][1] != GENERAL)
        )
    ]
    return records, loose


def _record(
    place: Place,
    answers: ProductAnswers,
    key: tuple[str, str],
    rows: Mapping[str, list[ReturnedRow]],
    reference: Reference,
) -> Record:
    question_id, scope = key
    all_rows = [row for each in rows.values() for row in each]
    where = _where(all_rows)
    if not any(row.is_filled_in for row in all_rows) and not any(row.merged for row in all_rows):
        problems = ["the row is not in the file any more"] if not all_rows else []
        return Record(question_id, scope, where, Stated(), tuple(problems))
    problems = _out_of_place(all_rows, reference)
    question = place.questionnaire.by_id.get(question_id)
    if question is None:
        problems.append(f"{question_id[:40]!r} is no question of {place.questionnaire.ref}")
        return Record(question_id, scope, where, Stated(), tuple(problems))
    problems += _scope_problems(answers, question_id, scope)
    lines = {line.part: line for line in asked(question, scope, "")}
    single: dict[str, ReturnedRow] = {}
    for part, each in rows.items():
        if part not in lines:
            problems.append(f"{part[:40]!r} is no row of {question_id}")
        elif len(each) != 1:
            told = f"stands {len(each)} times in the file" if each else "is not in the file any more"
            problems.append(f"the row {lines[part].id} {told}")
        else:
            single[part] = each[0]
            problems += _asked_otherwise(lines[part], each[0])
    said, unclear = stated(question, single)
    return Record(question_id, scope, where, said, (*problems, *unclear))


def _where(rows: list[ReturnedRow]) -> str:
    return rows[0].where if rows else ""


def _out_of_place(rows: list[ReturnedRow], reference: Reference) -> list[str]:
    problems = []
    for row in rows:
        if row.merged:
            problems.append(f"{row.where}: cells of the row were merged; take them apart")
        found = parsed_reference(row.text("form"))
        if found is None:
            problems.append(f"{row.where}: the row does not say of which form it is")
        elif found != reference:
            problems.append(
                f"{row.where}: the row is of another form: {found.product[:40]} in {found.evaluation[:40]},"
                f" {found.questionnaire[:40]}"
            )
    return problems


def _scope_problems(answers: ProductAnswers, question: str, scope: str) -> list[str]:
    if scope == GENERAL:
        return []
    own = answers.answers.get(question, _UNANSWERED).deployments
    return [
        f"{name[:64]} has no answer of its own to {question} any more; send a new form"
        for name in scope.split("+")
        if name not in own
    ]


def _asked_otherwise(line: Line, row: ReturnedRow) -> list[str]:
    """Say where a row shows another question than the one it would be filed under."""
    try:
        text, guidance = text_in(row.cells.get("text")), text_in(row.cells.get("guidance"))
    except UnclearError as unclear:
        return [f"{row.where}: the question cannot be read: {unclear}"]
    if text_digest(text, guidance) != row.text("digest"):
        return [
            f"{row.where}: the text of the question was changed in the file: {' '.join(text.split())[:200]!r}"
        ]
    if not same_question(line, text, guidance):
        return [
            f"{row.where}: the question, or what may be answered, is another one in the version installed"
        ]
    return []
