"""The served form in a process of its own: the command, or the server with a small page in its place."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
SECONDS_TO_END = 120

# A widget that says what reaches the kernel, in a file, as the form does in the answers.
PROBE = """
import os
from pathlib import Path
import anywidget
import ipywidgets
import traitlets

SCRIPT = '''
export default {
  render({ model, el }) {
    const form = document.createElement("div");
    form.className = "evalkit-form";
    const button = document.createElement("button");
    button.textContent = "Answer";
    button.addEventListener("click", () => model.send("answered"));
    window.addEventListener("pagehide", () => model.send("left"));
    model.on("msg:custom", (said) => { form.dataset.heard = said; });
    form.append(button, document.createTextNode(model.get("text")));
    el.append(form);
    form.dataset.ready = "1";
  },
};
'''

class Probe(anywidget.AnyWidget):
    _esm = SCRIPT
    text = traitlets.Unicode(os.environ["PROBE_TEXT"]).tag(sync=True)

def receive(widget, message, buffers):
    with Path(os.environ["PROBE_FILE"]).open("a", encoding="utf-8") as file:
        file.write(message + "\\n")
    widget.send(message)

probe = Probe()
probe.on_msg(receive)
ipywidgets.VBox([ipywidgets.Text(description="Weight"), probe])
"""
SERVE = """
import json, sys
from pathlib import Path
from evalkit.forms.served.server import Page, serve

given = json.loads(sys.argv[1])
page = Page(given["title"], given["environment"], Path(given["notebook"]), given["seconds"])
serve(page, 0, lambda address, private: print(address, private, flush=True))
"""


@dataclass
class Served:
    """A running server.

    Attributes
    ----------
    url : str
        As printed, with the token.
    private : pathlib.Path
        Its folder; of the small page only.
    """

    process: psutil.Popen
    url: str
    private: Path

    @property
    def origin(self) -> str:
        """Scheme, name and port."""
        return self.url.partition("/?")[0]

    @property
    def port(self) -> int:
        """Where it listens."""
        port = urlsplit(self.url).port
        assert port is not None
        return port

    @property
    def token(self) -> str:
        """The token."""
        return parse_qs(urlsplit(self.url).query)["token"][0]

    def kernels(self) -> list[psutil.Process]:
        """The kernels that run now."""
        return [child for child in self.process.children(recursive=True) if _is_kernel(child)]

    def get(self, path: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
        """Ask for a path as it stands, nothing resolved; return status, text and headers of the answer."""
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
        """As ``get``, with any method."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.getheaders())
        finally:
            connection.close()

    def first_of_page(self, until: bytes) -> str:
        """Return the page as far as it comes at once, up to the first piece with some text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", "/", headers={"Cookie": self.cookie()})
            answer = connection.getresponse()
            page = b""
            with answer:
                while until not in page:
                    page += answer.read1()
            return page.decode("utf-8")
        finally:
            connection.close()

    def cookie(self) -> str:
        """Enter with the token, and return the cookie that is given for it."""
        status, _, headers = self.get(self.url.removeprefix(self.origin))
        assert status == 302
        return headers["Set-Cookie"].partition(";")[0]

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(by)
        code: int = self.process.wait(SECONDS_TO_END)
        return code


@contextmanager
def heeded(by: signal.Signals) -> Iterator[None]:
    """Let processes started meanwhile heed a signal, also where this one, under nohup, ignores it."""
    before = signal.signal(by, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(by, before)


def _is_kernel(process: psutil.Process) -> bool:
    try:
        return "ipykernel_launcher" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


@contextmanager
def served_form(
    *arguments: str | Path, cwd: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Run ``evalkit form`` with these arguments."""
    command = [sys.executable, "-m", "evalkit", "form", *map(str, arguments)]
    with started(command, cwd, environment or {}) as served:
        yield served


@contextmanager
def served_probe(
    folder: Path, *, title: str = "Probe", text: str = "", code: str = PROBE, seconds: int = 120
) -> Iterator[Served]:
    """Serve a small page; what its widget heard is in ``heard.txt``, what the server told in ``told.txt``."""
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    (notebooks / "secret.png").write_bytes(b"not for visitors")
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {},
        "outputs": [],
    }
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": [cell | {"source": code}], "metadata": {"kernelspec": spec}}
    text_of_it = json.dumps(notebook | {"nbformat": 4, "nbformat_minor": 5})
    (notebooks / "probe.ipynb").write_text(text_of_it, encoding="utf-8")
    given = {
        "title": title,
        "environment": {"PROBE_FILE": str(folder / "heard.txt"), "PROBE_TEXT": text},
        "notebook": str(notebooks / "probe.ipynb"),
        "seconds": seconds,
    }
    command = [sys.executable, "-c", SERVE, json.dumps(given)]
    with (folder / "told.txt").open("wb") as told, started(command, ROOT, {}, told) as served:
        yield served


@contextmanager
def started(
    command: list[str], cwd: Path, environment: Mapping[str, str], told: IO[bytes] | None = None
) -> Iterator[Served]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    process = psutil.Popen(command, cwd=cwd, env=variables, stdout=subprocess.PIPE, stderr=told, text=True)
    try:
        url, _, private = process.stdout.readline().strip().partition(" ")
        assert url, "nothing was served"
        yield Served(process, url, Path(private))
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(SECONDS_TO_END)
        process.stdout.close()
