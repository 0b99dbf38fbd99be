"""A small evaluation with one product, the form for its vendor, and a vendor who fills it in."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.receiving import receive
from evalkit.exchange.vendor_form.sending import send
from evalkit.files.instrument import load_questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.vendor_form.receiving import Received, RowOutcome
    from evalkit.files.saving.answers_file import AnswersFile
    from evalkit.model.answers import ProductAnswers

ROOT = Path(__file__).parents[3]
QUESTIONNAIRE = load_questionnaire(ROOT / "questionnaires" / "coding-agent")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
EVALUATION = """\
format: evalkit/evaluation/1
id: small
title: Small evaluation
questionnaire: coding-agent@1.0.0
profile: standard
as_of: 2026-11-22
deadline: 2026-12-20
"""
ANSWERS = """\
format: evalkit/answers/1
questionnaire: coding-agent@1.0.0
product: {id: acme, name: =Acme, vendor: Acme Ltd, version: '1', licence: closed}
prepared: {by: Ann, on: 2026-11-20, basis: Public material.}
deployments:
- {id: direct, name: '=cmd|calc', route: vendor_direct, surface: cli, plan: enterprise}
- {id: bedrock, name: Bedrock, route: aws_bedrock, surface: cli, plan: enterprise}
sources:
  docs: {title: Docs, publisher: Acme Ltd, kind: vendor-docs, retrieved: 2026-11-01}
  talk: {title: Talk, publisher: Somebody, kind: correspondence, retrieved: 2026-11-01}
answers:
  LOC-01:
    value: 3
    finding: One page lists the paths.
    evidence:
    - {class: documented, source: docs}
    answered: {by: Ann, on: 2026-11-20}
    reviewed: {by: Ben, on: 2026-11-21}
  LOC-03:
    value: 1
    evidence:
    - {class: claim, source: talk}
  LOC-04:
    value: 1
    evidence:
    - {class: documented, source: docs}
    deployments:
      bedrock:
        value: 2
        evidence:
        - {class: documented, source: docs, locator: Bedrock}
  LOC-09: {state: unknown, finding: Nothing was found.}
  VER-03: {state: unknown}
"""


def evaluation(folder: Path, answers: str = ANSWERS, product: str = "acme") -> Path:
    """Write the evaluation, and return its folder."""
    made = folder / "small"
    (made / "answers").mkdir(parents=True, exist_ok=True)
    (made / "evaluation.yaml").write_text(EVALUATION, encoding="utf-8")
    (made / "answers" / f"{product}.yaml").write_text(answers, encoding="utf-8")
    return made


def sent(folder: Path, name: str = "acme.xlsx", **choices: Any) -> Path:  # noqa: ANN401 - those of send
    """Send the form, and return the file."""
    path = folder.parent / name
    send(folder, "acme", path, **choices)
    return path


def columns(sheet: Any) -> dict[str, int]:  # noqa: ANN401 - openpyxl's sheet
    """Where each key stands; none on the cover."""
    return {cell.value: cell.column for cell in sheet[1] if cell.value}


def row_of(book: Any, row_id: str) -> tuple[Any, int]:  # noqa: ANN401 - openpyxl's workbook
    """The sheet and row of an id."""
    for sheet in book.worksheets:
        if "id" in columns(sheet):
            for row in range(1, sheet.max_row + 1):
                if sheet.cell(row, columns(sheet)["id"]).value == row_id:
                    return sheet, row
    raise KeyError(row_id)


def fill_in(path: Path, entries: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write into cells as a vendor does, by row id and column, and save over the file."""
    book = openpyxl.load_workbook(path)
    for row_id, cells in entries.items():
        sheet, row = row_of(book, row_id)
        for key, value in cells.items():
            sheet.cell(row, columns(sheet)[key]).value = value
    book.save(path)
    return path


def changed_parts(path: Path, **parts: bytes) -> Path:
    """Add or replace members of the zip; two underscores in a name stand for a slash, one for a dot."""
    import zipfile  # noqa: PLC0415 - here only

    buffer = io.BytesIO()
    named = {name.replace("__", "/").replace("_", "."): content for name, content in parts.items()}
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename not in named:
                new.writestr(info, old.read(info))
        for name, content in named.items():
            new.writestr(name, content)
    path.write_bytes(buffer.getvalue())
    return path


def came_back(folder: Path, path: Path) -> Received:
    """Read what came back."""
    return receive(folder, path, at=NOW)


def outcome(received: Received, question: str, scope: str = "*") -> RowOutcome:
    """What one answer comes to."""
    return next(row for row in received.rows if (row.question, row.scope) == (question, scope))


def file_of(folder: Path) -> AnswersFile:
    """The product's answers file."""
    return Place.of(folder).file("acme")


def says(folder: Path) -> ProductAnswers:
    """What the answers file says."""
    return file_of(folder).read().answers
