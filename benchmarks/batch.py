"""Renders reports with one of evalkit's engines, without the comparison.

Usage: python benchmarks/batch.py ENGINE SLOTS EVALUATION OUT OPTION...
"""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

from evalkit import load_inputs
from evalkit.engine.batch import render_batch
from evalkit.engine.choice import EngineName, open_engine
from evalkit.files.workspace import Workspace
from evalkit.reports.evaluation import PAGE, PREPARE
from evalkit.reports.plan import Layout, option_job


def main() -> None:
    """Make a notebook and a page per option."""
    name, slots, folder, out, *options = sys.argv[1:]
    workspace = Workspace.of(Path(folder))
    layout = Layout(workspace.evaluation, workspace.root, workspace.templates)
    opened = open_engine(
        cast("EngineName", name),
        slots=int(slots),
        cwd=layout.root,
        page=PAGE,
        prepare=PREPARE,
        prepare_with={"evaluation": str(layout.evaluation)},
    )
    with closing(opened):
        inputs = load_inputs(layout.evaluation)
        jobs = [option_job(layout, inputs, option) for option in inputs.options() if option.id in options]
        jobs = [
            replace(job, notebook=Path(out) / job.notebook.name, html=Path(out) / job.html.name)
            for job in jobs
        ]
        failed = [outcome.name for outcome in render_batch(jobs, opened) if outcome.status == "failed"]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
