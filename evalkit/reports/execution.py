"""One job in a worker process: stock papermill runs the notebook, nbconvert makes the page.

Importing this module costs seconds, so only a worker does it, once. A faster engine replaces
:func:`execute` and nothing else.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_notebook
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from evalkit.errors import EvalkitError, RenderError
from evalkit.files.writing import write_bytes
from evalkit.reports.canonical_notebook import canonical, cell_id, read_template, to_bytes
from evalkit.reports.html import to_html
from evalkit.reports.job import Failure, Outcome
from evalkit.reports.kernel import ReportKernelManager, kernel_settings, last_words
from evalkit.reports.legible import first_line, without_machine
from evalkit.reports.parameters import checked_parameters
from evalkit.reports.worksite import end_kernels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

    from evalkit.reports.job import Job
    from evalkit.reports.worksite import Worksite

_ENGINE: Final = "evalkit-stock"
_START_TIMEOUT_SECONDS: Final = 60


@dataclass(slots=True)
class _Run:
    """What is known of a run at any moment, also after papermill gave up."""

    notebook: NotebookNode
    failure: Failure | None = None


class _KeepingEngine(NBClientEngine):  # type: ignore[misc] # papermill ships no types
    """Stock papermill, but a dead kernel or a timeout leaves the notebook as far as it came."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, run: _Run, **kwargs: Any) -> None:  # noqa: ANN401 - papermill's own signature
        run.notebook = nb_man.nb
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        except (RuntimeError, TimeoutError) as error:
            run.failure = _lost(run.notebook, error, kwargs["execution_timeout"])


papermill_engines.register(_ENGINE, _KeepingEngine)


def execute(job: Job, site: Worksite) -> Outcome:
    """Run one job and write its notebook and its page, whatever happens; each is whole or not there."""
    started = time.perf_counter()
    try:
        notebook = read_template(job.template)
        run = _Run(notebook)
        _run(job, site, run, checked_parameters(notebook, job.parameters))
        return _written(job, site, run, started)
    except Exception as error:  # noqa: BLE001 - here one job's failure becomes one failed line
        return give_up(job, site, _named(error), started)
    finally:
        end_kernels(site.place)


def give_up(job: Job, site: Worksite, reason: str, started: float | None = None) -> Outcome:
    """Write the page of a job that did not run or whose worker was lost; its notebook is the template."""
    started = time.perf_counter() if started is None else started
    run = _Run(new_notebook(), Failure(reason))  # type: ignore[no-untyped-call]
    with suppress(RenderError):  # the page then shows the reason alone
        run.notebook = read_template(job.template)
    try:
        return _written(job, site, run, started)
    except (EvalkitError, OSError) as error:
        said = first_line(str(error))
        return Outcome(job.name, "failed", f"{reason}; its report cannot be written: {said}")


def _written(job: Job, site: Worksite, run: _Run, started: float) -> Outcome:
    failure = run.failure
    notebook = canonical(run.notebook, cwd=site.cwd)
    if failure is not None:
        said = without_machine(failure.traceback, site.cwd)
        failure = Failure(without_machine(failure.reason, site.cwd), failure.cell, said)
    page = to_html(notebook, title=job.title, language=job.language, failure=failure)
    for path in (job.html, job.notebook):
        path.parent.mkdir(parents=True, exist_ok=True)
    hashes = {
        "html": write_bytes(job.html, page),
        "ipynb": write_bytes(job.notebook, to_bytes(notebook)),
    }
    seconds = time.perf_counter() - started
    if failure is None:
        return Outcome(job.name, "rendered", hashes=hashes, seconds=seconds)
    return Outcome(job.name, "failed", failure.reason, failure.cell, hashes, seconds)


def _run(job: Job, site: Worksite, run: _Run, parameters: Mapping[str, Any]) -> None:
    # The failing cell is found below, as is one that papermill lets pass: sys.exit().
    with suppress(PapermillExecutionError):
        run.notebook = execute_notebook(
            run.notebook,  # not its path: papermill would format the braces in it
            None,  # no path: papermill would write after each cell
            parameters=parameters,
            engine_name=_ENGINE,
            kernel_name="python3",
            language="python",
            cwd=site.cwd,
            progress_bar=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            start_timeout=_START_TIMEOUT_SECONDS,
            execution_timeout=job.cell_timeout_seconds,
            run=run,
            kernel_manager_class=ReportKernelManager,
            config=kernel_settings(site.place),
            shutdown_kernel="immediate",
            record_timing=False,
        )
    if run.failure is None:
        run.failure = _failed_cell(run.notebook)
    elif run.failure.cell is None and (words := last_words(site.place)):
        run.failure = Failure(f"{run.failure.reason}; its last words: {words}")


def _lost(notebook: NotebookNode, error: Exception, seconds: int) -> Failure:
    """Return the failure of a run whose kernel died, hung or never came up."""
    if isinstance(error, CellTimeoutError):
        reason = f"the cell took longer than the {seconds} s it may take"
    elif isinstance(error, DeadKernelError):
        reason = "the kernel died"
    else:
        reason = f"the kernel failed: {first_line(str(error))}"
    started = [c for c in notebook.cells if c.metadata.get("papermill", {}).get("start_time")]
    return Failure(reason, cell_id(started[-1]) if started else None)


def _failed_cell(notebook: NotebookNode) -> Failure | None:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
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
