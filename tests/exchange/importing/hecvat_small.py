"""Small workbooks as HECVAT has them, and what becomes of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl

from evalkit.exchange.importing.formats import Wanted, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.exchange.importing.draft import Draft, DraftAnswer, DraftQuestion

HEADER = ("ID", "Question", "Answer", "Additional Information", "Guidance")

JUDGING = ("ID", "Question", "Compliant Response", "Default Importance", "Default Weight")

ASKED = ("DOCU-01", "Is there a plan?", "Yes", "Tested.", "Say when.")


def small(sheets: Mapping[str, Iterable[Iterable[Any]]]) -> bytes:
    """Return a workbook with these rows."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(tuple(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drafted(sheets: Mapping[str, Iterable[Iterable[Any]]], columns: Mapping[str, str] | None = None) -> Draft:
    """Return what a small workbook says."""
    return read("hecvat", small(sheets), "hecvat.xlsx", Wanted(columns=columns or {}))


def question(draft: Draft, id_: str = "DOCU-01") -> DraftQuestion:
    """Return a question."""
    return next(each for each in draft.questions if each.id == id_)


def answer(draft: Draft, id_: str = "DOCU-01") -> DraftAnswer:
    """Return an answer."""
    return next(each for each in draft.answers if each.question == id_)


def notes(draft: Draft, kind: str = "left out") -> str:
    """Return all notes of a kind."""
    return "\n".join(f"{note.where}: {note.text}" for note in draft.notes if note.kind == kind)
