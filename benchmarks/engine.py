"""Times what the fast engine adds to the cells: warm-up, and the work around the cells of one report.

Usage: python benchmarks/engine.py [--reports N]

The cells of an executed report are replaced by ones that show the same outputs at once; what is left is the
fork, papermill, the notebook's canonical form, the page and the writing of both files.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from larger import larger

from evalkit import load_inputs
from evalkit.engine.batch import render_batch
from evalkit.engine.choice import open_engine
from evalkit.engine.job import Job
from evalkit.files.workspace import Workspace
from evalkit.reports.evaluation import PAGE, PREPARE
from evalkit.reports.plan import Layout, option_job

if TYPE_CHECKING:
    from evalkit.engine.events import Event

ECHO = """import json
from pathlib import Path
from IPython.display import display
for bundle in json.loads(Path({name!r}).read_text(encoding="utf-8")):
    display(bundle, raw=True)"""


def echoing(executed: Path, template: Path) -> Path:
    """Write a template whose cells show the outputs that an executed notebook has."""
    notebook: Any = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
    notebook.cells = [
        cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", ())
    ]
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.id != "parameters":
            bundles = template.with_name(f"{cell.id}.json")
            shown = [output.data for output in cell.outputs if "data" in output]
            bundles.write_text(json.dumps(shown), encoding="utf-8")
            cell.source, cell.outputs = ECHO.format(name=str(bundles)), []
    template.write_text(json.dumps(notebook), encoding="utf-8")
    return template


def by_themselves(template: Path) -> float:
    """Return the fewest seconds that IPython takes for the cells of a template, with nothing around them."""
    shell = InteractiveShell.instance()
    notebook: Any = nbformat.read(template, as_version=4)  # type: ignore[no-untyped-call]
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        with capture_output():
            for source in sources:
                shell.run_cell(source, store_history=True)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def warm_up(folder: Path, evaluation: Path | None) -> float:
    """Return the seconds from opening the engine to the first notebook's start."""
    started: list[float] = []
    start = time.perf_counter()
    given = {"prepare": PREPARE, "prepare_with": {"evaluation": str(evaluation)}} if evaluation else {}

    def note(event: Event) -> None:
        if event.kind == "started":
            started.append(time.perf_counter() - start)

    job = Job("none", folder / "none.ipynb", {}, folder / "n.ipynb", folder / "n.html", "")
    with closing(open_engine("fast", slots=1, cwd=folder, page=PAGE, **given)) as engine:  # type: ignore[arg-type]
        render_batch([job], engine, on_event=note)
    return started[0]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        evaluation = larger(folder, 50)
        workspace = Workspace.of(evaluation)
        layout = Layout(workspace.evaluation, workspace.root, workspace.templates)
        inputs = load_inputs(evaluation)
        job = option_job(layout, inputs, inputs.options()[0])
        with closing(open_engine("fast", slots=1, cwd=layout.root, page=PAGE)) as engine:
            render_batch([job], engine)
            template = echoing(job.notebook, folder / "echo.ipynb")
            jobs = [
                replace(job, name=name, template=template, notebook=page.with_suffix(".ipynb"), html=page)
                for name in map(str, range(asked.reports))
                for page in (folder / f"{name}.html",)
            ]
            start = time.perf_counter()
            outcomes = render_batch(jobs, engine)
            whole = (time.perf_counter() - start) / len(jobs)
        cells = by_themselves(template)
        inside = statistics.median(outcome.seconds for outcome in outcomes)
        print(f"warm-up, libraries alone             {1000 * warm_up(folder, None):>8.0f} ms")
        print(f"warm-up, with 50 options at hand     {1000 * warm_up(folder, evaluation):>8.0f} ms")
        print(f"one report whose cells only show     {1000 * whole:>8.0f} ms")
        print(f"  its cells, in IPython alone        {1000 * cells:>8.0f} ms")
        print(f"  around them: papermill, page, files{1000 * (inside - cells):>8.0f} ms")
        print(f"  fork, and the end of the child     {1000 * (whole - inside):>8.0f} ms")
        print(f"failed                               {sum(o.status != 'rendered' for o in outcomes):>8}")


if __name__ == "__main__":
    main()
