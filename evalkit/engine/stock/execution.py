"""One job in a worker process: stock papermill runs the notebook in a kernel of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines

from evalkit.engine.canonical_notebook import cell_id
from evalkit.engine.legible import first_line
from evalkit.engine.report import give_up, make_report_or_say_why
from evalkit.engine.stock.kernel import ReportKernelManager, kernel_settings, last_words
from evalkit.engine.stock.place import note_cell
from evalkit.engine.worksite import end_groups

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nbformat import NotebookNode

    from evalkit.engine.job import Job, Outcome
    from evalkit.engine.report import Run
    from evalkit.engine.worksite import Worksite

_ENGINE: Final = "evalkit-stock"


class _KeepingEngine(NBClientEngine):  # type: ignore[misc] # papermill ships no types
    """Stock papermill, but a dead kernel or a timeout leaves the notebook as far as it came."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,  # noqa: ANN401 - of papermill, which ships no types
        kernel_name: str,
        *,
        run: Run,
        place: Path,
        on_cell: Callable[..., None],
        **kwargs: Any,  # noqa: ANN401 - papermill's own
    ) -> None:
        run.notebook = nb_man.nb
        try:
            begin = partial(on_cell, cells=len(nb_man.nb.cells))
            super().execute_managed_notebook(nb_man, kernel_name, on_cell_start=begin, **kwargs)
        except (RuntimeError, TimeoutError) as error:
            _lose(run, error, kwargs["execution_timeout"], place)


papermill_engines.register(_ENGINE, _KeepingEngine)


def execute(job: Job, site: Worksite) -> Outcome:
    """Run one job in a new kernel and write its notebook and its page."""

    def on_cell(cell: NotebookNode, cell_index: int, cells: int) -> None:
        note_cell(site.place, cell_index, cells, cell_id(cell))

    options = {
        "place": site.place,
        "on_cell": on_cell,
        "kernel_manager_class": ReportKernelManager,
        "config": kernel_settings(site.place),
        "shutdown_kernel": "immediate",
    }
    try:
        return make_report_or_say_why(job, site, engine=_ENGINE, options=options)
    finally:
        end_groups(site.place)


def _lose(run: Run, error: Exception, seconds: int, place: Path) -> None:
    """Note how a kernel died, hung or never came up."""
    started = [c for c in run.notebook.cells if c.metadata.get("papermill", {}).get("start_time")]
    cell = started[-1] if started else None
    if isinstance(error, CellTimeoutError):
        run.lose("CellTimeoutError", f"the cell took longer than the {seconds} s it may take", cell)
    elif isinstance(error, DeadKernelError):
        run.lose("DeadKernelError", "the kernel died", cell)
    else:
        run.lose("RuntimeError", f"the kernel failed: {first_line(str(error))}", cell)
        if cell is None and run.failure is not None and (words := last_words(place)):
            run.failure = replace(run.failure, reason=f"{run.failure.reason}; its last words: {words}")


__all__ = ["execute", "give_up"]
