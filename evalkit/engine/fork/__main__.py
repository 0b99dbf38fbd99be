"""The fork server as a program: ``python -P -m evalkit.engine.fork DESCRIPTOR`` of a socket to its parent."""

from __future__ import annotations

import gc
import logging
import shutil
import signal
import socket
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from evalkit.engine.fork.wire import Setup, first_message, line_of
from evalkit.engine.worksite import Worksite, named_function

if TYPE_CHECKING:
    from evalkit.engine.fork.shell import InProcessShell


def main() -> None:
    """Warm up, tell whether notebooks can be run in here, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    link = socket.socket(fileno=int(sys.argv.pop()))
    setup = Setup.unpacked(first_message(link))
    try:
        _serve(link, setup)
    finally:
        shutil.rmtree(setup.place, ignore_errors=True)  # the parent may be gone


def _serve(link: socket.socket, setup: Setup) -> None:
    try:
        shell = _warm(setup)
        reason = _fitness().unfit_inside(shell, setup.place)
    except Exception as error:  # noqa: BLE001 - whatever it is, notebooks cannot be run in here
        reason = f"it cannot be started: {type(error).__name__}: {error}"
    if reason:
        link.sendall(line_of({"unfit": reason}))
        return
    gc.collect()
    gc.freeze()  # what is there now stays shared with the children
    link.sendall(line_of({"ready": True}))
    import_module("evalkit.engine.fork.server").Server(link, setup, shell).serve()


def _warm(setup: Setup) -> InProcessShell:
    """Import what every notebook needs, so that no child has to."""
    logging.disable()  # papermill and nbclient report to a terminal that belongs to the progress bar
    # jsonschema compiles 35 grammars at import where this package of JupyterLab's is installed: 1.1 s for a
    # format that the notebook schema does not use. None makes it look as if it were not there.
    absent = "rfc3987_syntax" not in sys.modules
    if absent:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    import_module("evalkit.engine.fork.child")
    if absent:
        del sys.modules["rfc3987_syntax"]  # a notebook may want it
    shell: InProcessShell = import_module("evalkit.engine.fork.shell").InProcessShell()
    if setup.prepare:
        named_function(setup.prepare)(**setup.prepare_with)
    nothing = import_module("nbformat").v4.new_notebook()
    page_maker = Worksite(setup.cwd, setup.place, setup.page).page_maker()
    page_maker(nothing, title="", language="en", failure=None)  # compiles its template
    return shell


def _fitness() -> Any:  # noqa: ANN401 - a module
    return import_module("evalkit.engine.fork.fitness")


if __name__ == "__main__":
    main()
