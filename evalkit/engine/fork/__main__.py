"""The fork server as a program: ``python -P -m evalkit.engine.fork DESCRIPTOR`` of a socket to its parent."""

from __future__ import annotations

import gc
import shutil
import signal
import socket
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from evalkit.engine.fork.wire import Setup, first_message, line_of
from evalkit.engine.legible import first_line
from evalkit.engine.worksite import Worksite, named_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.engine.fork.shell import InProcessShell


class _Server(Protocol):
    def serve(self) -> None: ...


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
        server = _server_of_reports(link, setup) if setup.page else _server_of_shells(link, setup)
    except Exception as error:  # noqa: BLE001 - whatever it is, notebooks cannot be run in here
        server = f"it cannot be started: {type(error).__name__}: {first_line(str(error))}"
    if isinstance(server, str):
        link.sendall(line_of({"unfit": server}))
        return
    gc.collect()
    gc.freeze()  # what is there now stays shared with the children
    link.sendall(line_of({"ready": True}))
    server.serve()


def _server_of_reports(link: socket.socket, setup: Setup) -> _Server | str:
    """Import what every report needs, so that no child has to; return why reports cannot be made if so."""
    shell = _shell()
    # jsonschema compiles 35 grammars at import where this package of JupyterLab's is installed: 1.1 s for a
    # format that the notebook schema does not use.
    with _absent("rfc3987_syntax"):
        import_module("evalkit.engine.fork.child")
    if setup.prepare:
        named_function(setup.prepare)(**setup.prepare_with)
    nothing = import_module("nbformat").v4.new_notebook()
    page_maker = Worksite(setup.cwd, setup.place, setup.page).page_maker()
    page_maker(nothing, title="", language="en", failure=None)  # compiles its template
    if reason := import_module("evalkit.engine.fork.fitness").unfit_inside(shell, setup.place):
        return str(reason)
    server: _Server = import_module("evalkit.engine.fork.server").Server(link, setup, shell)
    return server


def _server_of_shells(link: socket.socket, setup: Setup) -> _Server | str:
    """Import what a kernel imports, and neither papermill nor nbconvert: the caller has them."""
    shell = _shell()
    server: _Server = import_module("evalkit.engine.for_papermill.shell_server").ShellServer(
        link, setup, shell
    )
    if reason := import_module("evalkit.engine.fork.lone_thread").other_threads():
        return str(reason)
    return server


def _shell() -> InProcessShell:
    with _absent("debugpy"):  # it costs 0.1 s, and it traces; ipykernel can do without
        shell: InProcessShell = import_module("evalkit.engine.fork.shell").InProcessShell()
    return shell


@contextmanager
def _absent(package: str) -> Iterator[None]:
    """Make it look as if a package were not installed; a notebook may import it later."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment] # what Python itself puts there for "not there"
    try:
        yield
    finally:
        del sys.modules[package]


if __name__ == "__main__":
    main()
