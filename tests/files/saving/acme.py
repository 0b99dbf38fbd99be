"""A small answers file with everything in it, for the tests of saving."""

from __future__ import annotations

import difflib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.files.instrument import load_questionnaire
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.findings import Judge
from evalkit.files.saving.states import ABSENT, Edit
from evalkit.files.saving.stored import answers_in

if TYPE_CHECKING:
    from evalkit.files.saving.parts import Json
    from evalkit.files.saving.states import FieldProblem, Saved
    from evalkit.model.answers import ProductAnswers

ROOT = Path(__file__).parents[3]
QUESTIONNAIRE = load_questionnaire(ROOT / "questionnaires" / "coding-agent")
AS_OF = date(2026, 11, 22)
NAME = "answers/acme.yaml"
TEXT = """\
# Our own file.
format: evalkit/answers/1
questionnaire: coding-agent@1.0.0   # pinned
product: {id: acme, name: Acme, vendor: A, version: '1', licence: closed}
prepared: {by: Ann, on: 2026-11-20, basis: Public material.}
deployments:
- {id: direct, name: CLI, route: vendor_direct, surface: cli, plan: enterprise}
- {id: editor, name: Editor, route: vendor_direct, surface: ide, plan: enterprise}   # the other one
sources:
    docs: {title: Docs, publisher: A, kind: vendor-docs, retrieved: 2026-11-01}
    spare: {title: Spare, publisher: A, kind: vendor-docs, retrieved: 2026-11-01}

answers:
    # Storage
    LOC-01:
        value:   3   # certain
        finding: As read.
        evidence:
        - class: documented
          source: docs
    LOC-05:
        value: 2
        evidence: [{class: documented, source: docs}]
        deployments:
            editor: {value: 1, evidence: [{class: documented, source: docs}]}

    LOC-09: {state: unknown, finding: Nothing.}  # ask again
# The end.
"""
CITED = [{"class": "documented", "source": "docs"}]
START = datetime(2026, 11, 22, 12, tzinfo=UTC)


def answers_file(path: Path) -> AnswersFile:
    """The file at a path, as a process of its own would open it."""
    return AnswersFile(path, f"answers/{path.name}", QUESTIONNAIRE, AS_OF)


def acme(folder: Path, text: str = TEXT) -> AnswersFile:
    """Write the small file, and open it."""
    path = folder / "answers" / "acme.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return answers_file(path)


def says(file: AnswersFile) -> ProductAnswers:
    """What the file on the disk says, read without AnswersFile."""
    return answers_in(file.path.read_bytes(), Judge(file.path, file.name, QUESTIONNAIRE, AS_OF))


def edit(file: AnswersFile, part: str, content: Json) -> Edit:
    """An edit by somebody who has seen what stands now."""
    return Edit(part, file.read().parts.get(part, ABSENT).revision, content)


def save(file: AnswersFile, *edits: Edit, by: str = "Ann", minute: int = 0, what: str = "edit") -> Saved:
    """Save edits of somebody at a minute after the start."""
    return file.save(edits, by=by, at=START + timedelta(minutes=minute), what=what)


def put(file: AnswersFile, part: str, content: Json, *, by: str = "Ann", minute: int = 0) -> Saved:
    """Save a content of a part, having seen what stands now."""
    saved = save(file, edit(file, part, content), by=by, minute=minute)
    assert saved.conflicts == ()
    return saved


def names(file: AnswersFile) -> list[str]:
    """The files beside it, hidden ones too, but for the lock."""
    return sorted(path.name for path in file.path.parent.iterdir() if path != file.lock_path)


def codes(problems: tuple[FieldProblem, ...]) -> list[tuple[Any, str]]:
    """Where each problem is, and what breaks there."""
    return [(problem.path, problem.code) for problem in problems]


def diff(file: AnswersFile, before: str = TEXT) -> list[str]:
    """The lines of the file that are not as before."""
    lines = difflib.unified_diff(
        before.splitlines(), file.path.read_bytes().decode().splitlines(), n=0, lineterm=""
    )
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]
