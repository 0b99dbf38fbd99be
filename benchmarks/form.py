"""How quickly the answering form appears and follows, in JupyterLab in Chromium, all 74 questions in it.

Figures are medians. The messages of a start are those of the kernel's websocket, both ways, from the cell's
request to the painted form; memory is looked at after the cell was run again and again.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the tests start JupyterLab, too

from tests.notebooks.jupyterlab import copied_project, jupyterlab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import CDPSession, Page

READY = ".evalkit-form[data-ready='1']"
RUN_THE_CELL = """async () => {
    const {content, context} = jupyterapp.shell.currentWidget;
    content.activeCellIndex = content.widgets.length - 1;
    const old = document.querySelector('.evalkit-form');
    if (old) old.dataset.old = 'yes';
    const kernel = context.sessionContext.session.kernel;
    let asked = null, messages = 0;
    const count = (_, {direction, msg}) => {
        messages += 1;
        if (direction === 'send' && msg.header.msg_type === 'execute_request') asked = performance.now();
    };
    kernel.anyMessage.connect(count);
    const painted = new Promise((resolve) => {
        const look = () => {
            const form = document.querySelector('.evalkit-form[data-ready="1"]:not([data-old])');
            if (form) resolve(performance.now()); else requestAnimationFrame(look);
        };
        look();
    });
    await jupyterapp.commands.execute('notebook:run-cell');
    const shown = await painted;
    kernel.anyMessage.disconnect(count);
    return {seconds: (shown - asked) / 1000, messages};
}"""
CLICK_A_LEVEL = """(level) => new Promise((resolve, reject) => {
    const form = document.querySelector('.evalkit-form:not([data-old])');
    const range = form.querySelector('.bar .range'), before = range.style.cssText;
    const begin = performance.now();
    const watch = new MutationObserver(() => {
        if (range.style.cssText === before) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve((performance.now() - begin) / 1000)));
    });
    watch.observe(range, {attributes: true});
    setTimeout(() => { watch.disconnect(); reject(new Error('no new score within 5 s')); }, 5000);
    form.querySelectorAll('[data-question] input[type=radio]')[level].click();
})"""


def main() -> None:
    """Print the measured table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="how often the cell is run again")
    parser.add_argument("--clicks", type=int, default=30)
    parser.add_argument("--product", default="claude-code", help="the largest by default")
    wanted = parser.parse_args()
    with opened(wanted.product) as page:
        first = page.evaluate(RUN_THE_CELL)
        print(f"first run, kernel cold: form after {first['seconds']:.2f} s, {first['messages']} messages")
        again = [page.evaluate(RUN_THE_CELL) for _ in range(3)]
        before = memory(page)
        again += [page.evaluate(RUN_THE_CELL) for _ in range(wanted.runs)]
        after = memory(page)
        seconds = [each["seconds"] for each in again]
        messages = statistics.median(each["messages"] for each in again)
        print(f"run again: form after {median(seconds)} s, {messages:.0f} messages")
        page.wait_for_selector(READY)
        clicks = [page.evaluate(CLICK_A_LEVEL, (0, 4)[each % 2]) for each in range(wanted.clicks)]
        print(f"click to new score: {median([1000 * each for each in clicks])} ms")
        for name, value in before.items():
            print(f"{name}, after 3 and after {3 + wanted.runs} runs: {value:.1f} and {after[name]:.1f}")


@contextmanager
def opened(product: str) -> Iterator[Page]:
    """Open 01 in JupyterLab with its cells run but the last."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("needs chromium")
    with tempfile.TemporaryDirectory() as folder, jupyterlab(copied_project(Path(folder)), chromium) as lab:
        notebook = lab.project / "notebooks" / "01_answer.ipynb"
        text = notebook.read_text(encoding="utf-8")
        notebook.write_text(text.replace('product = \\"\\"', f'product = \\"{product}\\"'), encoding="utf-8")
        yield lab.open("01_answer.ipynb")


def memory(page: Page) -> dict[str, float]:
    """Return what page and kernel hold, in MiB and nodes, after collecting garbage."""
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    measured: dict[str, Any] = {
        each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]
    }
    kernels = [
        each
        for each in psutil.Process().children(recursive=True)
        if "ipykernel_launcher" in str(each.cmdline())
    ]
    return {
        "page, MiB of JavaScript": measured["JSHeapUsedSize"] / 2**20,
        "page, nodes": measured["Nodes"],
        "kernel, MiB": sum(each.memory_info().rss for each in kernels) / 2**20,
    }


def median(values: list[float]) -> str:
    """Return median and range."""
    digits = 0 if max(values) > 10 else 2  # noqa: PLR2004 - milliseconds, or seconds
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


if __name__ == "__main__":
    main()
