"""``evalkit demo``: the main job on the shipped evaluation."""

from __future__ import annotations

import shutil
from pathlib import Path

from evalkit.cli.console import say
from evalkit.cli.render import Wish, render_and_tell
from evalkit.errors import EvalkitError
from evalkit.files.workspace import is_checkout, shipped

_SHIPPED = ("results", "coding-agents-2026")
_FOLDER = "evalkit-demo"


def run_demo(directory: Path | None, wish: Wish) -> int:
    """Render the shipped evaluation, in place in a checkout, else in a copy; return the exit code."""
    source = shipped(*_SHIPPED)
    if directory is None and is_checkout():
        evaluation = source
    else:
        evaluation = _copied(source, directory or Path(_FOLDER))
    return render_and_tell(evaluation, wish)


def _copied(source: Path, directory: Path) -> Path:
    evaluation = directory.joinpath(*_SHIPPED)
    if not evaluation.exists():
        try:
            shutil.copytree(source, evaluation, ignore=shutil.ignore_patterns("out"))
        except OSError as failure:
            raise EvalkitError(
                f"the shipped evaluation cannot be copied to {evaluation}: {failure}"
            ) from failure
        say(f"copied the shipped evaluation to {evaluation}")
    return evaluation
