"""JupyterLab on a copy of the project, and pages in it that reach nothing but it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from tests.chromium import CHROMIUM_FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
EVALUATION = "results/coding-agents-2026"
STARTS_WITHIN_SECONDS = 180
ENDS_WITHIN_SECONDS = 60
LAB_FLAGS = (
    "--no-browser",
    "--allow-root",
    "--expose-app-in-browser",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
)
IS_OPEN = "() => window.jupyterapp?.shell.currentWidget?.context !== undefined"
IS_READY = """async () => {
    const context = jupyterapp.shell.currentWidget.context;
    await context.ready;
    await context.sessionContext.ready;
    await context.sessionContext.session.kernel.info;
    await jupyterapp.commands.execute('application:toggle-left-area');
}"""
RUN_ALL = "() => jupyterapp.commands.execute('notebook:run-all-cells')"
RUN_BUT_THE_LAST = """async () => {
    const {content} = jupyterapp.shell.currentWidget;
    content.activeCellIndex = content.widgets.length - 1;
    await jupyterapp.commands.execute('notebook:run-all-above');
}"""


@dataclass
class Lab:
    """JupyterLab on a project.

    Attributes
    ----------
    complaints : list of str
        Errors of the page's console, and uncaught ones.
    strangers : list of str
        Addresses asked for that are not JupyterLab's.
    """

    url: str
    project: Path
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def run(self, notebook: str) -> Page:
        """Open a notebook, run all its cells, and return the page."""
        page = self.page(notebook)
        page.evaluate(RUN_ALL)
        return page

    def open(self, notebook: str) -> Page:
        """Open a notebook, run its cells but the last, and return the page."""
        page = self.page(notebook)
        page.evaluate(RUN_BUT_THE_LAST)
        return page

    def page(self, notebook: str) -> Page:
        """Open a notebook with its kernel ready, and return the page."""
        page = self.browser.new_page(viewport={"width": 1500, "height": 1100})
        page.set_default_timeout(120_000)  # a busy machine takes long to start a kernel
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._met(request.url))
        page.goto(f"{self.url}/lab/tree/notebooks/{notebook}?reset")
        page.wait_for_function(IS_OPEN)
        page.evaluate(IS_READY)
        return page

    def _met(self, url: str) -> None:
        if not url.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:")):
            self.strangers.append(url)


def copied_project(folder: Path) -> Path:
    """Copy what notebooks need into a folder, and return it."""
    for name in ("notebooks", "questionnaires", EVALUATION):
        unwanted = shutil.ignore_patterns("out", ".ipynb_checkpoints", ".*.lock")
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    return folder


@contextmanager
def jupyterlab(project: Path, chromium: str) -> Iterator[Lab]:
    """Run JupyterLab on a project, with a browser beside it."""
    server, url = _started(project)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
            yield Lab(url, project, browser)
    finally:
        _end(server)


def _started(project: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start JupyterLab; once more where somebody else took the port before it did."""
    home = str(project / "home")
    places = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    log = project / "jupyterlab.log"
    for _ in range(3):
        port = _free_port()
        with log.open("ab") as file:
            server = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *LAB_FLAGS, f"--ServerApp.port={port}"],
                cwd=project,
                env={**os.environ, **dict.fromkeys(places, home)},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        url = f"http://127.0.0.1:{port}"
        if _answers(server, f"{url}/api"):
            return server, url
        _end(server)
    raise RuntimeError(f"JupyterLab did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(ENDS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _answers(server: subprocess.Popen[bytes], url: str) -> bool:
    """Whether a server comes to answer; it does not where it ends, or takes too long."""
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while server.poll() is None and time.monotonic() < end:
        with suppress(OSError), urlopen(url, timeout=STARTS_WITHIN_SECONDS) as answer:  # noqa: S310 - our own server
            assert answer.status == 200
            return True
        time.sleep(0.1)  # no notice comes from a server that is not up yet
    return False
