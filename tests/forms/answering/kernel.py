"""A real kernel with a form in it, spoken to as a page does: comm messages, over sockets."""

from __future__ import annotations

import os
import queue
import signal
import time
from typing import TYPE_CHECKING, Any, Final

from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_client.blocking.client import BlockingKernelClient

Json = dict[str, Any]

START: Final = """
from evalkit import answer_form
panel = answer_form({folder!r}, {product!r}, who={who!r})
panel
print(panel.page.comm.comm_id)
"""
_PATIENCE_SECONDS: Final = 180.0


class FormKernel:
    """A kernel that shows the form of one product.

    Attributes
    ----------
    saved : dict of int to dict
        The message that acknowledged it, by the number of each edit that was acknowledged.
    """

    def __init__(self, folder: Path, product: str, who: str = "ann") -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=str(folder), env={**os.environ, "GIT_AUTHOR_NAME": who})
        self.client: BlockingKernelClient = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=_PATIENCE_SECONDS)
        self.saved: dict[int, Json] = {}
        self.told: list[Json] = []
        self._comm = self._run(START.format(folder=str(folder), product=product, who=who))

    def send(self, message: Json) -> None:
        """Send a message of a page to the form."""
        content = {"comm_id": self._comm, "data": {"method": "custom", "content": message}}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", content))

    def edit(self, seq: int, part: str, base: str, content: Json, client: str = "page") -> None:
        """Send an edit of one part."""
        edits = [{"part": part, "base": base, "content": content}]
        self.send({"kind": "edit", "client": client, "seq": seq, "deployment": None, "edits": edits})

    def parts(self, client: str = "page") -> Json:
        """Say hello as a page, and return the parts that it is told."""
        self.send({"kind": "hello", "client": client, "deployment": None})
        parts: Json = self.wait_for("state")["parts"]
        return parts

    def listen(self, seconds: float) -> None:
        """Take in what the form says, for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                message = self.client.get_iopub_msg(timeout=left)
            except queue.Empty:
                return
            self._heard(message)

    def wait_for(self, kind: str) -> Json:
        """Take in what the form says until it says something of a kind."""
        end, before = time.monotonic() + _PATIENCE_SECONDS, len(self.told)
        while time.monotonic() < end:
            self._heard(self.client.get_iopub_msg(timeout=_PATIENCE_SECONDS))
            for each in self.told[before:]:
                if each["kind"] == kind:
                    return each
        raise TimeoutError(kind)

    def execute(self, code: str) -> None:
        """Run code in the kernel, and wait for it."""
        self._run(f"{code}\nprint('done')")

    def kill(self) -> None:
        """End the kernel as a crash does, and take in what it had sent by then."""
        process = self.manager.provisioner
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)  # type: ignore[attr-defined]  # a local provisioner has a pid
        self.listen(0.1)
        self.stop()

    def stop(self) -> None:
        """End the kernel."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def _heard(self, message: Json) -> None:
        if message["msg_type"] != "comm_msg":
            return
        content = message["content"]["data"].get("content")
        if isinstance(content, dict) and "kind" in content:
            self.told.append(content)
            if content["kind"] == "saved":
                self.saved[content["seq"]] = content

    def _run(self, code: str) -> str:
        self.client.execute(code, store_history=False)
        printed = ""
        while True:
            message = self.client.get_iopub_msg(timeout=_PATIENCE_SECONDS)
            if message["msg_type"] == "stream":
                printed += message["content"]["text"]
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            if (
                message["msg_type"] == "status"
                and message["content"]["execution_state"] == "idle"
                and printed
            ):
                return printed.strip()
