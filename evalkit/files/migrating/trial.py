"""What ``evalkit check`` would say of an evaluation once files of it are rewritten."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.files.loading import check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.errors import Problem
    from evalkit.files.migrating.answers import FileChange
    from evalkit.files.workspace import Workspace

_not_read = shutil.ignore_patterns("out", ".*", "*.history.jsonl", "*.drafts.json", "retired")


def problems_after(
    workspace: Workspace, questionnaire_id: str, files: Sequence[FileChange]
) -> tuple[Problem, ...]:
    """Return every problem that is left, found in a copy: lines are those of the new files.

    Raises
    ------
    EvalkitError
        If a file of the evaluation or its questionnaire cannot be copied.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder).resolve() / "project"
        evaluation = project / workspace.evaluation.relative_to(workspace.root)
        instrument = workspace.questionnaire_folder(questionnaire_id)
        try:
            shutil.copytree(instrument, project / "questionnaires" / questionnaire_id, ignore=_ignored)
            shutil.copytree(workspace.evaluation, evaluation, ignore=_ignored)
        except OSError as error:
            raise EvalkitError(f"the evaluation cannot be copied to try the migration: {error}") from error
        for file in files:
            if file.after is not None and file.path.suffix == ".yaml":
                path = evaluation / file.path.relative_to(workspace.evaluation)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.after)
        return check(evaluation)


def _ignored(folder: str, names: list[str]) -> set[str]:
    """Return what is not copied: what no rule reads, links to folders, and what is no ordinary file."""
    paths = {name: Path(folder) / name for name in names}
    odd = {name for name, path in paths.items() if not (path.is_file() or _is_own_folder(path))}
    return odd | _not_read(folder, names)


def _is_own_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
