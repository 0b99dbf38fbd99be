"""What a forked child does: one job, or what is left of one whose child died."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

import papermill.execute
from papermill.engines import Engine, papermill_engines

from evalkit.engine.canonical_notebook import cell_id
from evalkit.engine.fork.client import ShellClient
from evalkit.engine.fork.journal import EndedHereError, JournalingShell, ReplayingShell
from evalkit.engine.fork.silence import quiet_log
from evalkit.engine.fork.wire import line_of, packed_outcome
from evalkit.engine.report import give_up, make_report, make_report_or_say_why

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbformat import NotebookNode

    from evalkit.engine.fork.shell import InProcessShell, Shell
    from evalkit.engine.job import Job, Outcome
    from evalkit.engine.report import Run
    from evalkit.engine.worksite import Worksite

    Tell = Callable[[dict[str, Any]], None]

_ENGINE: Final = "evalkit-fork"
_OUTSIDE: Final = {"index": -1, "cell": ""}


class _ShellEngine(Engine):  # type: ignore[misc] # papermill ships no types
    """Executes cells in a shell that is given, and says of a run that was cut short how."""

    @classmethod
    def execute_managed_notebook(  # noqa: PLR0913 - papermill's own, and what is ours
        cls,
        nb_man: Any,  # noqa: ANN401 - of papermill, which ships no types
        kernel_name: str,
        *,
        run: Run,
        shell: Shell,
        surroundings: AbstractContextManager[None],
        on_cell: Callable[[int, int, NotebookNode], None],
        on_end: Callable[[], None] = lambda: None,
        ended: tuple[str, str] = ("", ""),
        **_kwargs: Any,  # noqa: ANN401 - papermill's own
    ) -> None:
        run.notebook = nb_man.nb
        reached: list[NotebookNode] = []

        def begin(index: int, cell: NotebookNode) -> None:
            reached.append(cell)
            on_cell(index, len(nb_man.nb.cells), cell)

        client = ShellClient(nb_man, kernel_name=kernel_name, shell=shell, begin=begin, log=quiet_log())
        try:
            with surroundings:
                client.execute()
        except EndedHereError:
            run.lose(*ended, reached[-1])
        finally:
            on_end()


def _write_nothing(_notebook: NotebookNode, _path: None) -> None:
    """Stand in for papermill's writing, which without a path makes text of the notebook for nothing."""


papermill_engines.register(_ENGINE, _ShellEngine)


def tell_outcome(work: Callable[[Tell], Outcome], writing: int) -> None:
    """Do a child's work, and tell the server the outcome.

    Parameters
    ----------
    writing
        File descriptor for lines to the server.
    """
    write = os.write  # cells may replace it
    papermill.execute.write_ipynb = _write_nothing  # this process runs nobody else's notebooks

    def tell(message: dict[str, Any]) -> None:
        write(writing, line_of(message))

    tell({"outcome": packed_outcome(work(tell))})


def run_job(job: Job, site: Worksite, tell: Tell, *, shell: InProcessShell) -> Outcome:
    """Run a job in this process, which must not be used for anything afterwards.

    Raises
    ------
    Exception
        Also if what the cells did to this process keeps it from writing the files: its journal is complete,
        and :func:`finish_job` in a clean process writes them.
    """
    shell.enter()
    options = {
        "shell": JournalingShell(shell, site.place),
        "surroundings": shell.captured(site.place),
        "on_end": lambda: tell(_OUTSIDE),
        "on_cell": lambda index, cells, cell: tell({"index": index, "cells": cells, "cell": cell_id(cell)}),
    }
    return make_report(job, site, engine=_ENGINE, options=options)


def finish_job(job: Job, site: Worksite, _tell: Tell, *, reached: int, name: str, reason: str) -> Outcome:
    """Write the files of a job whose child is gone, from what it left in its place.

    Parameters
    ----------
    reached
        Index of the cell that it was in.
    name, reason
        Why the child is gone; shown as an error in the cell that it was in.
    """
    options = {
        "shell": ReplayingShell(site.place, reached),
        "surroundings": nullcontext(),
        "on_cell": lambda _index, _cells, _cell: None,
        "ended": (name, reason),
    }
    return make_report_or_say_why(job, site, engine=_ENGINE, options=options)


def refuse_job(job: Job, site: Worksite, _tell: Tell, *, reason: str) -> Outcome:
    """Write the page of a job whose cells are not run."""
    return give_up(job, site, reason)
