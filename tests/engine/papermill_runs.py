"""Small notebooks that papermill runs, and what came of them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import nbformat
import papermill

if TYPE_CHECKING:
    from pathlib import Path

v4: Any = nbformat.v4  # it has no types
Notebook = Any
PYTHON: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}


def write(path: Path, *sources: str, kernel: dict[str, str] | None = None) -> Path:
    cells = [v4.new_code_cell("x = 1", metadata={"tags": ["parameters"]}), v4.new_markdown_cell("# Text")]
    cells += [v4.new_code_cell(source, id=f"c{number}") for number, source in enumerate(sources)]
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel or PYTHON})
    path.write_text(v4.writes(notebook), encoding="utf-8")
    return path


def run(folder: Path, *sources: str, engine: str | None = "evalkit", **more: Any) -> Notebook:  # noqa: ANN401 - papermill's
    """Run a notebook in the folder and return it."""
    more.setdefault("progress_bar", False)
    return papermill.execute_notebook(
        write(folder / "in.ipynb", *sources), folder / "out.ipynb", engine_name=engine, **more
    )


def printed(notebook: Notebook) -> str:
    """Return what the cells wrote to standard output."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return "".join(output.text for output in outputs if output.get("name") == "stdout")


def saved(folder: Path) -> Notebook:
    return v4.reads((folder / "out.ipynb").read_text(encoding="utf-8"))


def script(folder: Path, text: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-c", text],
        cwd=folder,
        env=os.environ | {"EVALKIT_TEST": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
