"""Renders reports in one process with the stock tools: papermill and nbconvert, called from Python.

Usage: python benchmarks/one_process.py TEMPLATE EVALUATION OUT OPTION...
"""

from __future__ import annotations

import sys
from pathlib import Path

import papermill
from nbconvert import HTMLExporter


def main() -> None:
    """Make a notebook and a page per option."""
    template, evaluation, out, *options = sys.argv[1:]
    exporter = HTMLExporter()
    for option in options:
        stem = Path(out) / option.replace("/", ".")
        notebook = papermill.execute_notebook(
            template,
            f"{stem}.ipynb",
            parameters={"evaluation": evaluation, "option": option},
            kernel_name="python3",
            progress_bar=False,
        )
        page, _ = exporter.from_notebook_node(notebook)
        Path(f"{stem}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
