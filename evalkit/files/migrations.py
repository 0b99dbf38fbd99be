"""``migrations.yaml`` of a questionnaire: read with every problem named. No score depends on it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from evalkit.errors import InvalidInputError
from evalkit.files import rules
from evalkit.files.instrument import Reader
from evalkit.files.workspace import MIGRATIONS
from evalkit.model.migration import Migrations

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.files.workspace import Workspace
    from evalkit.model.questionnaire import Questionnaire


def load_migrations(workspace: Workspace, questionnaire: Questionnaire) -> Migrations | None:
    """Return what became of the questions of earlier versions; None where there is no such file.

    Raises
    ------
    InvalidInputError
        With every problem of the file.
    """
    reader = Reader(workspace.name)
    folder = workspace.questionnaire_folder(questionnaire.header.id)
    migrations = read_migrations(reader, folder, questionnaire)
    if reader.problems:
        raise InvalidInputError(reader.problems)
    return migrations


def read_migrations(reader: Reader, folder: Path, questionnaire: Questionnaire) -> Migrations | None:
    """Return the migrations in a questionnaire's folder, or None; the reader keeps problems, no hash."""
    path = folder / MIGRATIONS
    if not os.path.lexists(path):
        return None
    own = Reader(reader.name)
    read = own.read(path, Migrations)
    if read is not None:
        own.problems.extend(rules.migrations_problems(read[1], read[0], questionnaire))
    reader.problems.extend(own.problems)
    return read and read[1]
