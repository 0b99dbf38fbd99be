"""When to look again: each time a file that reports are made from has changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from watchfiles import watch

from evalkit.errors import EvalkitError
from evalkit.files.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchfiles import Change

_QUIET_MS: Final = 100
"""Editors save in several steps: so long nothing must have happened."""

_FIRST_LOOK_MS: Final = 1000


def rounds(evaluation: Path) -> Iterator[None]:
    """Yield at once, then after each change of the evaluation, of questionnaires and templates.

    Parameters
    ----------
    evaluation
        The evaluation's folder; what happens in its ``out/`` and to hidden files is no change.

    Raises
    ------
    EvalkitError
        If the system does not tell of changes.
    KeyboardInterrupt
        At Ctrl-C.
    """
    yield
    workspace = Workspace.of(evaluation)
    folders = [workspace.evaluation, workspace.questionnaires.resolve(), workspace.templates.resolve()]
    out = workspace.evaluation / "out"

    def matters(_change: Change, name: str) -> bool:
        path = Path(name)
        inside = [path.relative_to(folder) for folder in folders if path.is_relative_to(folder)]
        hidden = any(part.startswith(".") for own in inside for part in own.parts)
        return not hidden and not path.is_relative_to(out)

    is_first = True
    try:
        for found in watch(
            *folders, watch_filter=matters, step=_QUIET_MS, rust_timeout=_FIRST_LOOK_MS, yield_on_timeout=True
        ):
            # A file may have changed after the first look and before the watching began: look once more.
            if found or is_first:
                yield
            is_first = False
    except OSError as failure:
        raise EvalkitError(f"changes of files cannot be watched: {failure}") from failure
