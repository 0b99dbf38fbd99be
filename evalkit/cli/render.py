"""``evalkit render``: reports, comparison and index page of an evaluation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.cli.console import error, say, stderr
from evalkit.engine.progress import ProgressReporter
from evalkit.files.workspace import find_evaluation
from evalkit.reports.evaluation import render_evaluation

if TYPE_CHECKING:
    from evalkit.engine.choice import EngineName


def render_reports(
    directory: Path | None,
    *,
    only: tuple[str, ...],
    jobs: int | None,
    engine: EngineName,
    verbose: bool,
) -> int:
    """Render an evaluation; return 0, or 1 if a report failed."""
    evaluation = find_evaluation(directory, Path.cwd())
    return render_and_tell(evaluation, only=only, jobs=jobs, engine=engine, verbose=verbose)


def render_and_tell(
    evaluation: Path,
    *,
    only: tuple[str, ...],
    jobs: int | None,
    engine: EngineName = "fast",
    verbose: bool,
) -> int:
    """Render an evaluation, print what failed and where to look; return 0, or 1 if a report failed."""
    try:
        rendering = render_evaluation(
            evaluation,
            only=only,
            workers=jobs or os.cpu_count() or 1,
            engine=engine,
            watch=lambda total: ProgressReporter(stderr(), total, verbose=verbose),
        )
    except KeyboardInterrupt:
        error("interrupted; the reports that were finished are kept")
        raise  # typer ends with exit code 130
    failed = [outcome for outcome in rendering.outcomes if outcome.status == "failed"]
    for outcome in failed:
        where = f" in cell {outcome.cell}" if outcome.cell else ""
        error(f"{outcome.name} failed{where}: {outcome.reason}")
    made = len(rendering.outcomes) - len(failed)
    say(f"{made} of {len(rendering.outcomes)} reports made; look at {_shown(rendering.index)}")
    return 1 if failed else 0


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
