"""Whether notebooks can be run in forked children here; where not, the stock engine is used.

What the fast engine leans on and its libraries do not document, all tried by :func:`unfit_inside`:
``IPythonKernel.do_execute`` and ``shell_channel_thread`` of ipykernel, ``Session.send`` of jupyter_client,
``process_message`` of nbclient, ``papermill_execute_cells`` of papermill.
"""

from __future__ import annotations

import os
import select
import signal
from typing import TYPE_CHECKING, Any, Final

from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import NotebookExecutionManager

from evalkit.engine.fork.client import ShellClient
from evalkit.engine.fork.lone_thread import other_threads
from evalkit.engine.fork.silence import quiet_log

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from evalkit.engine.fork.shell import InProcessShell, Shell

_PATIENCE_SECONDS: Final = 30

# What a cell does, and what must come of it: types of outputs, and text that is in them.
_TRIAL: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    ("print('printed')\nimport os\n_ = os.write(1, b'written')", ("stream",), r"printed\nwritten"),
    ("await __import__('asyncio').sleep(0)\n(1, 'shown')", ("execute_result",), "(1, 'shown')"),
    (
        "from IPython.display import display\n_ = display({'text/plain': 'displayed'}, raw=True)",
        ("display_data",),
        "displayed",
    ),
    ("raise ValueError('raised')", ("error",), "raised"),
)


def unfit_inside(shell: InProcessShell, place: Path) -> str:
    """Return why the process that is to fork cannot do so, or that its children fail; empty if all is well.

    Called in the server, after all is imported.
    """
    return other_threads() or _self_test(shell, place)


def _self_test(shell: InProcessShell, place: Path) -> str:
    """Return what went wrong when a child ran a small notebook; empty if nothing did."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            found = tried(shell, shell.captured(place)) or "fit"
        except BaseException as error:  # noqa: BLE001 - this process ends here
            found = f"{type(error).__name__}: {error}"
        os.write(writing, found.encode("utf-8", "replace")[:4096])
        os._exit(0)
    os.close(writing)
    watch = os.pidfd_open(pid)
    ended = select.select([watch], [], [], _PATIENCE_SECONDS)[0]
    if not ended:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    said = os.read(reading, 4096).decode("utf-8", "replace") if ended else "no answer"
    os.close(reading)
    os.close(watch)
    return "" if said == "fit" else f"its self-test failed: {said or 'the process died'}"


def tried(shell: Shell, surroundings: AbstractContextManager[Any]) -> str:
    """Return what went wrong when the shell ran a small notebook; empty if nothing did."""
    cells: list[Any] = [
        new_code_cell(source, id=f"trial-{number}", metadata={"tags": ["raises-exception"], "papermill": {}})  # type: ignore[no-untyped-call]
        for number, (source, _, _) in enumerate(_TRIAL)
    ]
    notebook = new_notebook(cells=cells, metadata={"papermill": {}})  # type: ignore[no-untyped-call]
    client = ShellClient(
        NotebookExecutionManager(notebook, progress_bar=False, autosave_cell_every=0),
        kernel_name="python3",
        shell=shell,
        begin=lambda _index, _cell: None,
        log=quiet_log(),
    )
    with surroundings:
        client.execute()
    for cell, (source, kinds, text) in zip(notebook.cells, _TRIAL, strict=True):
        shown = str(cell.outputs)
        if tuple(output.output_type for output in cell.outputs) != kinds or text not in shown:
            return f"{source.splitlines()[0]!r} gave {cell.outputs!r}"
    return ""
