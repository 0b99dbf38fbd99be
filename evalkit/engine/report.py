"""One job from its template to its two files, whichever engine runs the cells.

Importing this module costs a second, so only a process that runs notebooks does it, once.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from nbformat.v4 import new_notebook, new_output
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from evalkit.engine.canonical_notebook import canonical, cell_id, read_template, to_bytes
from evalkit.engine.job import Failure, Outcome
from evalkit.engine.legible import first_line, without_machine
from evalkit.engine.parameters import checked_parameters
from evalkit.errors import EvalkitError, RenderError
from evalkit.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from evalkit.engine.job import Job
    from evalkit.engine.worksite import Worksite

_START_TIMEOUT_SECONDS: Final = 60


@dataclass(slots=True)
class Run:
    """What is known of a run at any moment, also after papermill gave up."""

    notebook: NotebookNode
    failure: Failure | None = None
    started: float = field(default_factory=time.perf_counter)

    def lose(self, name: str, reason: str, cell: NotebookNode | None) -> None:
        """Note that the run ended in a cell that gave no answer, and show it there as an error."""
        self.failure = Failure(reason, None if cell is None else cell_id(cell))
        if cell is not None:
            error: Any = new_output("error", ename=name, evalue=reason, traceback=[reason])  # type: ignore[no-untyped-call]
            cell.outputs.append(error)


def make_report(job: Job, site: Worksite, *, engine: str, options: Mapping[str, Any]) -> Outcome:
    """Run one job and write its notebook and its page, each whole or not at all.

    A cell that fails, a cell that ends the run: the files show it, and the outcome tells.

    Parameters
    ----------
    engine
        Name of an engine that is registered with papermill and keeps the :class:`Run` up to date.
    options
        Passed on to the engine.

    Raises
    ------
    Exception
        Whatever else goes wrong: no template, a parameter it does not know, a full disk.
    """
    run = Run(read_template(job.template))
    parameters = checked_parameters(run.notebook, job.parameters)
    _execute(job, site, run, parameters, engine, options)
    return _written(job, site, run)


def make_report_or_say_why(job: Job, site: Worksite, *, engine: str, options: Mapping[str, Any]) -> Outcome:
    """Do as :func:`make_report`; where it raises, the page says why and the notebook is the template."""
    started = time.perf_counter()
    try:
        return make_report(job, site, engine=engine, options=options)
    except Exception as error:  # noqa: BLE001 - here one job's failure becomes one failed line
        return give_up(job, site, _named(error), started)


def give_up(job: Job, site: Worksite, reason: str, started: float | None = None) -> Outcome:
    """Write the page of a job that did not run or whose process was lost; its notebook is the template."""
    run = Run(new_notebook(), Failure(reason))  # type: ignore[no-untyped-call]
    if started is not None:
        run.started = started
    with suppress(RenderError):  # the page then shows the reason alone
        run.notebook = read_template(job.template)
    try:
        return _written(job, site, run)
    except (EvalkitError, OSError) as error:
        said = first_line(str(error))
        return Outcome(job.name, "failed", f"{reason}; its report cannot be written: {said}")


def _execute(  # noqa: PLR0913, PLR0917 - what papermill is told
    job: Job,
    site: Worksite,
    run: Run,
    parameters: Mapping[str, Any],
    engine: str,
    options: Mapping[str, Any],
) -> None:
    # The failing cell is found below, as is one that papermill lets pass: sys.exit().
    with suppress(PapermillExecutionError):
        run.notebook = execute_notebook(
            run.notebook,  # not its path: papermill would format the braces in it
            None,  # no path: papermill would write after each cell
            parameters=parameters,
            engine_name=engine,
            kernel_name="python3",
            language="python",
            cwd=site.cwd,
            progress_bar=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            start_timeout=_START_TIMEOUT_SECONDS,
            execution_timeout=job.cell_timeout_seconds,
            run=run,
            record_timing=False,
            **options,
        )
    if run.failure is None:
        run.failure = _failed_cell(run.notebook)


def _written(job: Job, site: Worksite, run: Run) -> Outcome:
    failure = run.failure
    notebook = canonical(run.notebook, cwd=site.cwd)
    if failure is not None:
        said = without_machine(failure.traceback, site.cwd)
        failure = Failure(without_machine(failure.reason, site.cwd), failure.cell, said)
    page = site.page_maker()(notebook, title=job.title, language=job.language, failure=failure)
    for path in (job.html, job.notebook):
        path.parent.mkdir(parents=True, exist_ok=True)
    hashes = {
        "html": write_bytes(job.html, page),
        "ipynb": write_bytes(job.notebook, to_bytes(notebook)),
    }
    seconds = time.perf_counter() - run.started
    if failure is None:
        return Outcome(job.name, "rendered", hashes=hashes, seconds=seconds)
    return Outcome(job.name, "failed", failure.reason, failure.cell, hashes, seconds)


def _failed_cell(notebook: NotebookNode) -> Failure | None:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", ()):
                said = f"{output.ename}: {output.evalue}" if output.evalue else output.ename
                return Failure(first_line(said), cell_id(cell), "\n".join(output.traceback))
        if cell.metadata.get("papermill", {}).get("status") == "failed":
            return Failure("the cell ended without an answer", cell_id(cell))
    return None


def _named(error: Exception) -> str:
    text = first_line(str(error))
    if isinstance(error, EvalkitError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
