"""Renders reports with one of evalkit's engines, without the comparison.

Usage: python benchmarks/batch.py ENGINE SLOTS EVALUATION OUT OPTION...
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import cast

from evalkit.engine.batch import render_batch
from evalkit.engine.choice import EngineName, open_engine
from evalkit.engine.job import Job
from evalkit.files.workspace import Workspace
from evalkit.reports.evaluation import PAGE, PREPARE
from evalkit.reports.plan import Layout, report_stem


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
        jobs = [
            Job(
                name=option,
                template=layout.templates / "vendor_report.ipynb",
                parameters={"evaluation": layout.parameter, "option": option},
                notebook=page.with_suffix(".ipynb"),
                html=page,
                title=option,
            )
            for option in options
            for page in (Path(out) / f"{report_stem(option)}.html",)
        ]
        failed = [outcome.name for outcome in render_batch(jobs, opened) if outcome.status == "failed"]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
