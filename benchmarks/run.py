"""Times the main job against the stock tools, alternated in one run: trust the ratios, not the seconds.

Usage: python benchmarks/run.py [--options N] [--rounds N] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit import load_inputs, score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "results" / "coding-agents-2026"


def timed(work: Callable[[], object]) -> float:
    """Return the wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run(*command: str, cwd: Path) -> None:
    """Run a command quietly; what it says is shown if it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")


def shell_loop(options: Sequence[str], workspace: Path) -> None:
    """Do what a user without evalkit does: papermill, then nbconvert, once per option."""
    out = workspace / "stock"
    out.mkdir(exist_ok=True)
    template = ROOT / "notebooks" / "templates" / "vendor_report.ipynb"
    for option in options:
        notebook = out / f"{option.replace('/', '.')}.ipynb"
        parameters = ("-p", "evaluation", "results/coding-agents-2026", "-p", "option", option)
        stock = Path(sys.executable).parent
        run(
            str(stock / "papermill"),
            str(template),
            str(notebook),
            *parameters,
            "-k",
            "python3",
            cwd=workspace,
        )
        run(str(stock / "jupyter"), "nbconvert", "--to", "html", str(notebook), cwd=workspace)


def evalkit_render(options: Sequence[str], workspace: Path) -> None:
    """Do the same with ``evalkit render``, which also makes comparison, index and scores."""
    only = [part for option in options for part in ("--only", option)]
    run(
        sys.executable,
        "-m",
        "evalkit",
        "render",
        str(workspace / "results" / SHIPPED.name),
        *only,
        cwd=workspace,
    )


def main() -> None:
    """Print the table, and write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--options", type=int, default=6, help="options rendered per round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    asked = parser.parse_args()
    inputs = load_inputs(SHIPPED)
    options = [option.id for option in inputs.options()][: asked.options]
    seconds: dict[str, list[float]] = {"load": [], "score": [], "shell loop": [], "evalkit render": []}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        shutil.copytree(ROOT / "questionnaires", workspace / "questionnaires")
        shutil.copytree(SHIPPED, workspace / "results" / SHIPPED.name, ignore=shutil.ignore_patterns("out"))
        for _ in range(asked.rounds):
            seconds["load"].append(timed(lambda: load_inputs(SHIPPED)))
            seconds["score"].append(timed(lambda: score(inputs)))
            seconds["shell loop"].append(timed(lambda: shell_loop(options, workspace)))
            seconds["evalkit render"].append(timed(lambda: evalkit_render(options, workspace)))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    figures = {
        "cores": os.cpu_count(),
        "options_scored": len(inputs.options()),
        "options_rendered": len(options),
        "rounds": asked.rounds,
        "median_seconds": {name: round(value, 3) for name, value in medians.items()},
        "shell_loop_over_render": round(medians["shell loop"] / medians["evalkit render"], 2),
    }
    for name, value in medians.items():
        print(f"{name:<16}{value:>8.2f} s")
    ratio = figures["shell_loop_over_render"]
    print(f"evalkit renders {len(options)} reports {ratio} times as fast as the shell loop")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
