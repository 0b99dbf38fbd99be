"""ipykernel's own shell in this very process: no socket, no port, no thread.

ipykernel makes the messages; where it would send one, it is handed over. What this leans on that ipykernel
does not document is listed in :mod:`evalkit.engine.fork.fitness`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, Protocol

import ipykernel_launcher  # type: ignore[import-untyped]
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets import Any as AnyTrait
from traitlets.config import Config

from evalkit.engine.fork.silence import quiet_log
from evalkit.engine.fork.streams import CapturedStream, captured

Message = dict[str, Any]
"""A Jupyter message: header, parent header, message type, content, buffers."""

Sink = Callable[[Message], None]


class Shell(Protocol):
    """Runs cells one after the other, and hands over each message that a kernel would publish."""

    language_info: Mapping[str, Any]

    def run(self, index: int, source: str, sink: Sink) -> Mapping[str, Any]:
        """Run the notebook's cell number ``index`` and return the content of the reply."""

    def tell(self, message: Message) -> None:
        """Take a comm message from the front end."""


class HandingSession(Session):
    """A session that hands its messages over."""

    sink = AnyTrait()

    def send(  # noqa: PLR0913, PLR0917 - its parent's signature
        self,
        stream: Any,  # noqa: ANN401, ARG002 - there is none
        msg_or_type: Message | str,
        content: Message | None = None,
        parent: Message | None = None,
        ident: bytes | list[bytes] | None = None,  # noqa: ARG002 - addresses a socket
        buffers: list[Any] | None = None,
        track: bool = False,  # noqa: ARG002, FBT001, FBT002 - of a socket
        header: Message | None = None,
        metadata: Message | None = None,
    ) -> Message | None:
        """Hand a message to the sink of the cell that caused it, as it would arrive through a socket."""
        if isinstance(msg_or_type, str):
            message = self.msg(msg_or_type, content, parent, header, metadata)
        else:
            message = dict(msg_or_type)
        if message["msg_type"] != "stream":  # whose content is text as it is
            message["content"] = self._travelled(message)
        message["buffers"] = [memoryview(buffer) for buffer in buffers or ()]
        if self.sink is not None:
            self.sink(message)
        return message

    def _travelled(self, message: Message) -> Message:
        """Return a message's content as it arrives: tuples as lists, dates as text, no lone surrogates."""
        try:
            # All of the message, so that a warning of what it holds comes from where it would in a kernel.
            *_, packed = self.serialize(message)
        except UnicodeEncodeError:  # which no file could hold either
            return self._travelled(message | {"content": _without_surrogates(message["content"])})
        arrived: Message = self.unpack(packed)
        return arrived


def _without_surrogates(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case dict():
            return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_surrogates(item) for item in value]
        case _:
            return value


class _Kernel(IPythonKernel):
    """A kernel that reads no channel."""

    def start(self) -> None:
        """There is nothing to listen to."""


_SETTINGS: Final = Config(
    {
        "HistoryManager": {"enabled": False, "hist_file": ":memory:"},  # no file, no thread
        "InteractiveShell": {"colors": "nocolor"},
    }
)


class InProcessShell:
    """IPython as a kernel runs it. One per process; made before a fork, it is inherited by each child."""

    def __init__(self) -> None:
        sys.argv = [ipykernel_launcher.__file__]  # what a notebook sees
        app = IPKernelApp.instance(config=_SETTINGS)  # never started; libraries ask it for its kernel
        app.log = quiet_log()  # a kernel's is on its terminal
        self._kernel: Any = _Kernel.instance(
            parent=app,
            config=_SETTINGS,
            session=HandingSession(config=_SETTINGS, key=b""),
            iopub_socket=None,
            log=app.log,
        )
        self._streams: tuple[CapturedStream, ...] = ()
        app.kernel = self._kernel
        app.shell = self._kernel.shell
        # Asked when a cell awaits: Ctrl-C is not what ends a cell here.
        self._kernel.shell_channel_thread = SimpleNamespace(parent_thread=None)
        self.language_info: Mapping[str, Any] = dict(self._kernel.language_info)

    def enter(self) -> None:
        """Make ready for the cells of one notebook: in a child, once."""
        fresh_randomness()
        # The folder that cells run in, where a kernel has it: behind what Python brings. IPython's own
        # `init_path` does nothing in a process that was started with -P.
        names = [Path(path).name for path in sys.path]
        sys.path.insert(names.index("site-packages") if "site-packages" in names else len(names), "")

    @contextmanager
    def captured(self, place: Path) -> Iterator[None]:
        """Make a context in which cells can run; what they write is kept in ``place``."""
        asyncio.set_event_loop(asyncio.new_event_loop())
        with captured(place, self._publish) as self._streams:
            yield

    def run(self, index: int, source: str, sink: Sink) -> Mapping[str, Any]:  # noqa: ARG002 - a journal asks
        """Run a cell; see :class:`Shell`."""
        kernel = self._kernel
        request = kernel.session.msg("execute_request", {"code": source})
        cause = request["header"]["msg_id"]
        kernel.set_parent([b""], request)
        # A thread of an earlier cell may still speak; a front end would not show that either.
        kernel.session.sink = lambda message: (
            sink(message) if message["parent_header"].get("msg_id") == cause else None
        )
        try:
            execution = kernel.do_execute(source, silent=False, store_history=True, allow_stdin=False)
            reply: Mapping[str, Any] = asyncio.get_event_loop().run_until_complete(execution)
            self._flush()
        finally:
            kernel.session.sink = None
        return reply

    def tell(self, message: Message) -> None:
        """Deliver a comm message, as a busy kernel would after the cell; what is said then is no cell's."""
        self._kernel.set_parent([b""], message)
        getattr(self._kernel.comm_manager, message["header"]["msg_type"])(None, None, message)
        self._flush()

    def _flush(self) -> None:
        """Publish what was written, also if a cell put something of its own in the place of the streams."""
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):  # a cell's own may be anything
                stream.flush()
        for own in self._streams:
            own.flush()

    def _publish(self, name: str, text: str) -> None:
        content = {"name": name, "text": text}
        self._kernel.session.send(None, "stream", content, parent=self._kernel.get_parent())


def fresh_randomness() -> None:
    """Draw a new state for numpy's global generator: after a fork each child would have the same one.

    That of :mod:`random` sees to it itself.
    """
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(int.from_bytes(os.urandom(4), "big"))
