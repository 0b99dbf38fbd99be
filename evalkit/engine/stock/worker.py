"""The life of a worker process: imports once, ignores Ctrl-C, ends with its parent."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import sys
import threading
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from evalkit.engine.worksite import end_groups

if TYPE_CHECKING:
    from evalkit.engine.job import Job, Outcome
    from evalkit.engine.worksite import Worksite


def start(site: Worksite) -> None:
    """Prepare this process; runs before its first job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair: it ends its workers
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # blocked while it was started
    threading.Thread(target=_end_with_parent, args=(site,), daemon=True).start()
    logging.disable()  # papermill and nbclient report to a terminal that belongs to the progress bar
    # jsonschema compiles 35 grammars at import where this package of JupyterLab's is installed: 1.1 s per
    # worker for a format that the notebook schema does not use. None makes it look as if it were not there.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    _execution()


def run(job: Job, site: Worksite) -> Outcome:
    """Execute one job."""
    outcome: Outcome = _execution().execute(job, site)
    return outcome


def give_up(job: Job, site: Worksite, reason: str) -> Outcome:
    """Write the page of a job that cost two workers their lives."""
    outcome: Outcome = _execution().give_up(job, site, reason)
    return outcome


def _execution() -> Any:  # noqa: ANN401 - a module
    """Return the module that imports papermill: here, so that the parent process need not."""
    return import_module("evalkit.engine.stock.execution")


def _end_with_parent(site: Worksite) -> None:
    """Wait for the parent to die without a word, then leave nothing behind.

    The pool's own workers would wait for work for ever: each holds the writing end of the queue it reads.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        end_groups(site.place)
        shutil.rmtree(site.place, ignore_errors=True)
        with suppress(OSError):  # the last worker finds the batch's folder empty
            site.place.parent.rmdir()
        os._exit(1)
