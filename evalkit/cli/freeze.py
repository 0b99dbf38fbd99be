"""``evalkit freeze``: questionnaire and profile, fixed by hash before answers are opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.cli.console import print_text, say
from evalkit.errors import EvalkitError
from evalkit.files.freezing import freeze
from evalkit.files.saving.people import current_user
from evalkit.files.workspace import Workspace, find_evaluation

if TYPE_CHECKING:
    from datetime import datetime


def freeze_instrument(directory: Path | None, *, by: str | None, at: datetime, late: bool) -> None:
    """Write ``frozen.yaml`` and say what it holds.

    Raises
    ------
    EvalkitError
        If the name is empty, or as :func:`evalkit.files.freezing.freeze`.
    """
    workspace = Workspace.of(find_evaluation(directory, Path.cwd()))
    if by is not None and not by.strip():
        raise EvalkitError("--by is empty; leave it out or say who freezes the instrument")
    frozen = freeze(workspace, by=by or current_user(workspace.evaluation), at=at, late=late)
    say(f"wrote {workspace.name(workspace.frozen_file)}")
    when = f"late, with {frozen.answers} answers there" if frozen.late else "before the first answer"
    print_text(
        f"{frozen.questionnaire} and profile {frozen.profile} ({len(frozen.instrument)} files) frozen"
        f" by {frozen.by} at {frozen.at}, {when}"
    )
