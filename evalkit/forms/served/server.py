"""A page for each visitor and a kernel for each page, until the process is told to end.

Only what the page needs of voilà is served: no other notebook, no file beside it, no list of anything.
Whoever has the token can speak with the widgets of a kernel; messages that would run code are not passed on.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from nbclient.exceptions import CellExecutionError
from tornado.httpserver import HTTPServer
from tornado.web import Application
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import MultiStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from evalkit.errors import EvalkitError
from evalkit.forms.served.door import Door, Guarded, KnownVisitor
from evalkit.forms.served.opening import FORM
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ADDRESS: Final = "127.0.0.1"
KERNEL_OUTLIVES_PAGE_SECONDS: Final = 120
"""How long a kernel waits for a page that has gone: a laptop sleeps, a tunnel breaks."""
LAST_WORDS_SECONDS: Final = 0.5
"""How long what a page has just sent may take to its kernel, before that is told to end and overtakes it."""

LIVE_NOTEBOOK: Final = Path(__file__).parent / "notebook" / "live.ipynb"
"""Opens the live presentation."""

_HERE: Final = Path(__file__).parent
_SERVED: Final = (
    TornadoVoilaHandler,
    KernelHandler,
    VoilaKernelWebsocketHandler,
    MultiStaticFileHandler,
    FileFindHandler,
)
_EXTENSIONS: Final = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
)
# Anywidget imports the form's script, which the kernel sent, as a blob; texts and messages bring no other.
_POLICY: Final = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:;"
    " connect-src 'self' ws://127.0.0.1:* ws://localhost:*;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_LARGEST_REQUEST: Final = 1024 * 1024
_LONGEST_SOCKET_PATH: Final = 100  # 107 bytes on Linux, 103 on macOS, less "-ipc-5"


@dataclass(frozen=True)
class Page:
    """What is served.

    Attributes
    ----------
    title : str
        Of the page.
    environment : mapping
        Environment variables of the kernels. A visitor's address cannot change them.
    notebook : pathlib.Path or None
        Run for each page, in its folder; by default the one that opens the answering form.
    heading : str
        Of the page; it names what is shown.
    what : str
        The same in a sentence, such as "The form".
    command : str
        What its user started.
    kernel_outlives_it_seconds : int
        How long a kernel waits for its page once that has gone.
    """

    title: str
    environment: Mapping[str, str] = field(default_factory=dict)
    notebook: Path | None = None
    kernel_outlives_it_seconds: int = KERNEL_OUTLIVES_PAGE_SECONDS
    heading: str = "Answers"
    what: str = FORM
    command: str = "evalkit form"


def serve(page: Page, port: int, announce: Callable[[str, Path], None]) -> None:
    """Serve a page until SIGINT, SIGTERM or SIGHUP; then end its kernels.

    Parameters
    ----------
    page
        What is served.
    port
        Port on 127.0.0.1; 0 for one that is free.
    announce
        Called once the page can be opened, with its address, the token in it, and a folder that only this
        user can read and that is deleted at the end.

    Raises
    ------
    EvalkitError
        If the port cannot be had.
    """
    with (
        _listening(port) as listener,
        tempfile.TemporaryDirectory(prefix="evalkit-form-") as private,
    ):  # mode 0700
        os.environ.update(page.environment)
        asyncio.run(_serve(page, listener, announce, Path(private)))


def _listening(port: int) -> socket.socket:
    try:
        listener = socket.create_server((ADDRESS, port))
    except OSError as failure:
        raise EvalkitError(
            f"--port {port} cannot be had ({failure}); name another one, or none for one that is free"
        ) from failure
    listener.settimeout(0)  # the loop waits, not the socket
    return listener


async def _serve(
    page: Page, listener: socket.socket, announce: Callable[[str, Path], None], private: Path
) -> None:
    # Tornado takes jupyter-server's milliseconds for seconds, and warns of them with each page.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    port: int = listener.getsockname()[1]
    door = Door(port)
    voila = _voila(page, private)
    settings = voila.init_settings()
    kernels: AsyncMappingKernelManager = settings["kernel_manager"]
    settings |= {
        "allow_remote_access": False,
        "evalkit_door": door,
        "headers": {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin"},
        "log_function": lambda _: None,
    }
    server = HTTPServer(
        Guarded(Application(_handlers(voila), **settings), door), max_body_size=_LARGEST_REQUEST
    )
    with _told_to_end() as ending:
        server.add_socket(listener)
        announce(f"http://{ADDRESS}:{port}/?token={door.token}", private)
        try:
            await ending.wait()
        finally:
            server.stop()
            if kernels.list_kernel_ids():
                await asyncio.sleep(LAST_WORDS_SECONDS)
            await server.close_all_connections()
            await kernels.shutdown_all()


@contextmanager
def _told_to_end() -> Iterator[asyncio.Event]:
    """An event that is set by the signals that end a program; afterwards they do what they did before.

    A signal that is ignored, as by ``nohup`` or in the background of a script, stays so.
    """
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    names = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is the closed terminal; Windows has none
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    heeded = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
    before = {
        number: signal.signal(number, lambda *_: loop.call_soon_threadsafe(ending.set)) for number in heeded
    }
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _voila(page: Page, private: Path) -> Any:  # noqa: ANN401 - voila has no types
    # As the one application of the process: what fails in a cell is logged to it, and so to the terminal.
    voila = Voila.instance(
        config=_config(page, private),
        config_file_paths=[],  # neither voila.py of the current folder, which would be run, nor the user's
        log_level=logging.ERROR,
        notebook_path=str(page.notebook or _HERE / "notebook" / "form.ipynb"),
        open_browser=False,
    )
    voila.initialize([])
    for handler in voila.log.handlers:
        handler.setFormatter(_Told())
    voila.connection_dir = str(private)
    voila.template_paths.insert(0, str(_HERE / "page"))
    voila.static_paths.insert(0, str(_HERE / "page" / "static"))
    return voila


def _config(page: Page, private: Path) -> Config:
    # Whoever has an account on this machine can listen to a kernel's TCP ports, and to none of its sockets in
    # a private folder.
    longest = len(os.fsencode(private / f"kernel-{36 * '0'}-ipc"))
    transport = "ipc" if os.name == "posix" and longest <= _LONGEST_SOCKET_PATH else "tcp"
    return Config(
        {
            "Voila": {"identity_provider_class": KnownVisitor},
            "VoilaConfiguration": {
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "extension_allowlist": list(_EXTENSIONS),
                "file_allowlist": [],
                "http_keep_alive_timeout": 3600,  # it would send a script, which the page's policy forbids
                "multi_kernel_manager_class": _Kernels,
                "resources": {
                    "evalkit_title": page.title,
                    "evalkit_heading": page.heading,
                    "evalkit_what": page.what,
                    "evalkit_command": page.command,
                },
                "template": "lab",
            },
            "KernelManager": {"transport": transport},
            # A new kernel would know nothing of the page, so the page is told that the old one is dead.
            "KernelRestarter": {"restart_limit": 0},
            # This Python, not a "python3" that the user has installed.
            "KernelSpecManager": {"kernel_dirs": []},
            "MappingKernelManager": {
                "cull_idle_timeout": page.kernel_outlives_it_seconds,
                "cull_interval": max(1, page.kernel_outlives_it_seconds // 4),
            },
        }
    )


def _handlers(voila: Any) -> list[Any]:  # noqa: ANN401 - voila has no types
    # Left out, beside files, themes and logins: the one with which a closing page ends its kernel, at a time
    # at which the form still has something to save.
    served = [rule for rule in voila.init_handlers() if rule[1] in _SERVED]
    return [("/()" if rule[1] is TornadoVoilaHandler else rule[0], *rule[1:]) for rule in served]


class _Told(logging.Formatter):
    """What failed, for a terminal: a cell by its own traceback, and no text as a control sequence."""

    def format(self, record: logging.LogRecord) -> str:
        failure = record.exc_info and record.exc_info[1]
        is_of_a_cell = isinstance(failure, CellExecutionError)
        return visible(_COLOURS.sub("", str(failure) if is_of_a_cell else super().format(record)))


class _Kernels(AsyncMappingKernelManager):
    """Kernels that wait for their page from when it left, not from when it last spoke."""

    def notify_disconnect(self, kernel_id: str) -> None:
        super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]  # jupyter-server leaves it so
        if kernel_id in self:
            kernel: Any = self.get_kernel(kernel_id)
            kernel.last_activity = datetime.now(UTC)
