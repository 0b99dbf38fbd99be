"""A kernel of this very interpreter that listens in a private folder and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty
from typing import Any, Final

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type
from traitlets.config import Config

from evalkit.engine.worksite import environment, note_group

# What ipykernel_launcher does, without the debugger: its import is a third of a kernel's start.
_LAUNCH: Final = """
import sys
sys.path[:] = filter(None, sys.path)
sys.modules["debugpy"] = None
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""
_ARGV: Final = (
    "-c",
    _LAUNCH,
    "-f",
    "{connection_file}",
    "--HistoryManager.enabled=False",
    "--InteractiveShell.colors=nocolor",
)
LOG: Final = "kernel.log"


class ReportKernelClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered on both channels.

    jupyter_client's own waits another 0.2 s for messages of the handshake; nbclient drops those anyway, as
    it looks at the parent of each message.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - overrides
        """Return when the kernel has answered; ``RuntimeError`` if it died or ``timeout`` seconds passed."""
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        heard = asyncio.create_task(self._first_broadcast())
        try:
            while not await self._answers(heard):
                if not await self.is_alive():
                    raise RuntimeError("the kernel died before it answered")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the kernel did not answer in {timeout:g} seconds")
        finally:
            heard.cancel()

    async def _answers(self, heard: asyncio.Task[None]) -> bool:
        self.kernel_info()
        try:
            await self.get_shell_msg(timeout=1)
            await asyncio.wait_for(asyncio.shield(heard), timeout=0.2)
        except (Empty, TimeoutError):
            return False
        return True

    async def _first_broadcast(self) -> None:
        await self.iopub_channel.get_msg(timeout=None)


class ReportKernelManager(AsyncKernelManager):
    """Starts the current interpreter as kernel, whatever kernels are installed on the machine.

    The folder of its connection file is the kernel's private place: sockets, IPython's settings, its log
    and a note of its process group, by which ``end_groups`` finds it should its parent die.
    """

    client_factory = Type(ReportKernelClient)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The current interpreter, shielded from the user's IPython settings and hash seeds."""
        return KernelSpec(
            argv=[sys.executable, *_ARGV],
            display_name="Python 3",
            language="python",
            env=environment(self._place),
        )

    @property
    def _place(self) -> Path:
        return Path(self.connection_file).parent

    async def start_kernel(self, **kw: Any) -> None:  # type: ignore[override] # noqa: ANN401 - the async parent's
        """Start the kernel; what it says outside of cells goes to its log, not to the terminal."""
        with (self._place / LOG).open("wb") as log:
            await super().start_kernel(stdout=subprocess.DEVNULL, stderr=log, **kw)
        group = getattr(self.provisioner, "pgid", None)
        if group is not None:
            note_group(self._place, group)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # type: ignore[override] # noqa: FBT001, FBT002 - the async parent's
        """End the kernel; at once, its death is waited for rather than looked for every 0.1 s."""
        process = getattr(self.provisioner, "process", None)
        if now and self.provisioner is not None and process is not None:
            await self.provisioner.kill()
            process.wait()
        await super().shutdown_kernel(now=now, restart=restart)


def kernel_settings(place: Path) -> Config:
    """Return the settings of a :class:`ReportKernelManager` that lives in the folder ``place``.

    On POSIX the channels are files in that folder: two kernels cannot meet on a port
    (https://github.com/nteract/papermill/issues/511) and nothing listens on the network.
    """
    settings = Config()
    settings.ReportKernelManager.connection_file = str(place / f"k{time.monotonic_ns():x}")
    if os.name == "posix":
        settings.ReportKernelManager.transport = "ipc"
    return settings


def last_words(place: Path) -> str:
    """Return the last line that the kernel wrote to its log, or an empty text."""
    log = place / LOG
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
