"""papermill's engine whose cells run in a forked child of a warm server; all else papermill does as ever."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellTimeoutError
from papermill.engines import NBClientEngine
from papermill.log import logger

from evalkit.engine.for_papermill.remote_shell import OverdueError
from evalkit.engine.for_papermill.warm_servers import open_shell
from evalkit.engine.fork.client import ShellClient
from evalkit.engine.fork.server_process import UnfitError

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from evalkit.engine.for_papermill.remote_shell import RemoteShell

_HONOURED: Final = frozenset(
    {
        "allow_error_names",
        "allow_errors",
        "force_raise_errors",
        "log_output",
        "record_timing",
        "skip_cells_with_tag",
        "stderr_file",
        "stdout_file",
        "store_widget_state",
        "timeout",
        "timeout_func",
    }
)
"""What can be set of nbclient and means the same here."""

_MEANINGLESS: Final = frozenset(
    {
        "input_path",
        "iopub_timeout",
        "ipython_hist_file",
        "raise_on_iopub_timeout",
        "shell_timeout_interval",
        "shutdown_kernel",
        "startup_timeout",
    }
)
"""What concerns the connection with a kernel: there is none."""


class ForkingEngine(NBClientEngine):  # type: ignore[misc] # papermill ships no types
    """Runs cells in a forked child; where it cannot, papermill's own engine does it, and the log says why."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,  # noqa: ANN401 - of papermill, which ships no types
        kernel_name: str,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        **options: Any,  # noqa: ANN401 - papermill's and nbclient's own
    ) -> NotebookNode:
        """Run the cells.

        Raises
        ------
        nbclient.exceptions.CellTimeoutError
            If a cell takes longer than it may.
        nbclient.exceptions.DeadKernelError
            If a cell ends its process; the message says how.
        """
        try:
            _refuse_foreign(kernel_name, options)
            shell = open_shell()
        except UnfitError as error:
            logger.warning(f"The engine evalkit cannot be used, so papermill's own is: {error}")
            notebook: NotebookNode = super().execute_managed_notebook(
                nb_man,
                kernel_name,
                start_timeout=start_timeout,
                execution_timeout=execution_timeout,
                **options,
            )
            return notebook
        logger.info(f"Executing notebook with kernel: {kernel_name}, forked")
        settings = {name: value for name, value in options.items() if name in _HONOURED}
        if execution_timeout:
            settings["timeout"] = execution_timeout
        with shell:
            client = _Client(nb_man, kernel_name=kernel_name, log=logger, shell=shell, **settings)
            return client.execute()


class _Client(ShellClient):
    """A client of a remote shell: a cell has a time limit, and its times are noted as nbclient does it."""

    def __init__(self, nb_man: Any, *, shell: RemoteShell, **settings: Any) -> None:  # noqa: ANN401 - papermill's
        super().__init__(nb_man, shell=shell, begin=self._begin, **settings)
        self._remote = shell

    def _begin(self, _index: int, cell: NotebookNode) -> None:
        self._remote.seconds = self._get_timeout(cell)
        if self.record_timing:
            now = _now()
            cell.metadata["execution"] = {"iopub.status.busy": now, "iopub.execute_input": now}

    def execute_cell(self, cell: NotebookNode, cell_index: int, **kwargs: Any) -> NotebookNode:  # noqa: ANN401 - its parent's signature
        """Run one cell; ``CellTimeoutError`` if it takes longer than it may."""
        before = self.code_cells_executed
        try:
            return super().execute_cell(cell, cell_index, **kwargs)
        except OverdueError:
            seconds: Any = self._get_timeout(cell)
            said = "Cell execution timed out"
            raise CellTimeoutError.error_from_timeout_and_cell(said, seconds, cell) from None
        finally:
            if self.record_timing and self.code_cells_executed > before:
                now = _now()
                cell.metadata["execution"] |= {"iopub.status.idle": now, "shell.execute_reply": now}


def _now() -> str:
    """Return the time as nbclient notes it."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat() + "Z"


def _refuse_foreign(kernel_name: str, options: dict[str, Any]) -> None:
    """Raise ``UnfitError`` if the notebook asks for what a forked child does not give."""
    if unknown := sorted(set(options) - _HONOURED - _MEANINGLESS):
        raise UnfitError(f"{', '.join(unknown)} needs a kernel")
    if not _is_plain(kernel_name):
        raise UnfitError(f"the kernel {kernel_name} is not this interpreter's ipykernel")
    if setting := _own_setting():
        raise UnfitError(f"{setting} changes what a kernel does")


def _is_plain(kernel_name: str) -> bool:
    """Whether the kernel of this name is ipykernel in this very interpreter, as it is installed."""
    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        return False
    major, minor = sys.version_info[:2]
    # Whichever of these a kernelspec names, jupyter_client starts the interpreter that runs this.
    names = {sys.executable, "python", f"python{major}", f"python{major}.{minor}"}
    program, *arguments = [word for word in spec.argv if word != "-Xfrozen_modules=off"]
    return (
        program in names
        and arguments == ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
        and not spec.env
    )


def _own_setting() -> str:
    """Return what the user has set for all kernels, of which a forked child does not know; or nothing."""
    if os.environ.get("PYTHONSTARTUP"):
        return "PYTHONSTARTUP"
    profile = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser() / "profile_default"
    places = (profile, Path(sys.prefix, "etc/ipython"), Path("/usr/local/etc/ipython"), Path("/etc/ipython"))
    patterns = ("ipython_config.*", "ipython_kernel_config.*", "startup/*.py", "startup/*.ipy")
    found = (path for place in places for pattern in patterns for path in sorted(place.glob(pattern)))
    return next((str(path) for path in found), "")
