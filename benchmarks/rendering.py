"""Times the rendering of reports against the stock tools, alternated in one run: trust the ratios.

Usage: python benchmarks/rendering.py [--options N] [--sample N] [--rounds N] [--slots N] [--json FILE]

Each round renders a sample of the options with the slow ways and all options with the engines: what the slow
ways take grows with the number of options and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from larger import larger

from evalkit import load_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
LOOK_EVERY_SECONDS = 0.1
MIB = 2**20

SHELL = "shell loop: papermill, jupyter nbconvert"
ONE_PROCESS = "one process: execute_notebook, HTMLExporter"
STOCK = "evalkit, stock engine"
FAST = "evalkit, fast engine"
RENDER = "evalkit render, with comparison and index"


@dataclass(slots=True)
class Figures:
    """What one way took, per round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak_mib: list[float] = field(default_factory=list)

    def add(self, commands: Sequence[Sequence[str]], cwd: Path, reports: int) -> None:
        """Run commands one after the other, and note seconds per report and the memory of all processes."""
        before, start = os.times(), time.perf_counter()
        peak = max(_run(command, cwd) for command in commands)
        after = os.times()
        self.wall.append((time.perf_counter() - start) / reports)
        used = after.children_user - before.children_user + after.children_system - before.children_system
        self.cpu.append(used / reports)
        self.peak_mib.append(peak)

    def medians(self) -> dict[str, float]:
        """Return the median of each figure over the rounds."""
        return {
            "wall_s": round(statistics.median(self.wall), 3),
            "cpu_s": round(statistics.median(self.cpu), 3),
            "peak_mib": round(statistics.median(self.peak_mib)),
        }


def _run(command: Sequence[str], cwd: Path) -> float:
    """Run a command and return the most MiB that its processes held at once; pages shared count once."""
    peak = 0.0
    ended = threading.Event()
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:

        def look() -> None:
            nonlocal peak
            while not ended.wait(LOOK_EVERY_SECONDS):
                peak = max(peak, _held(process.pid))

        watcher = threading.Thread(target=look)
        watcher.start()
        said, _ = process.communicate()
        ended.set()
        watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)}\n{said.decode()}")
    return peak


def _held(pid: int) -> float:
    held = 0
    try:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            try:
                memory = process.memory_full_info()
            except psutil.Error:
                continue  # gone in the meantime
            held += getattr(memory, "pss", memory.uss)
    except psutil.Error:
        return 0.0
    return held / MIB


def commands(way: str, evaluation: Path, options: Sequence[str], out: Path, slots: int) -> list[list[str]]:
    """Return what a way runs to make the reports of some options."""
    project = evaluation.parents[1]
    template = str(project / "notebooks" / "templates" / "vendor_report.ipynb")
    name = evaluation.relative_to(project).as_posix()
    if way == SHELL:
        made: list[list[str]] = []
        for option in options:
            notebook = str(out / f"{option.replace('/', '.')}.ipynb")
            given = ["-p", "evaluation", name, "-p", "option", option, "-k", "python3"]
            made.append([str(BIN / "papermill"), template, notebook, *given])
            made.append([str(BIN / "jupyter"), "nbconvert", "--to", "html", notebook])
        return made
    if way == ONE_PROCESS:
        return [[sys.executable, str(HERE / "one_process.py"), template, name, str(out), *options]]
    if way == RENDER:
        return [[str(BIN / "evalkit"), "render", "--force", "--jobs", str(slots), str(evaluation)]]
    engine = "stock" if way == STOCK else "fast"
    batch = [sys.executable, str(HERE / "batch.py"), engine, str(slots), str(evaluation), str(out)]
    return [[*batch, *options]]


def measured(options: int, sample: int, rounds: int, slots: int, ways: Sequence[str]) -> dict[str, Any]:
    """Return the figures of every way, alternated."""
    figures = {way: Figures() for way in ways}
    with tempfile.TemporaryDirectory() as folder:
        evaluation = larger(Path(folder), options)
        every = [option.id for option in load_inputs(evaluation).options()]
        for number in range(rounds):
            for way in ways:
                slow = way in (SHELL, ONE_PROCESS)
                start = number * sample
                own = (every[start:] + every)[:sample] if slow else every
                out = Path(folder) / "out" / f"{number}-{ways.index(way)}"
                out.mkdir(parents=True)
                todo = commands(way, evaluation, own, out, slots)
                figures[way].add(todo, evaluation.parents[1], len(own))
    return {
        "cores": os.cpu_count(),
        "options": options,
        "options_of_the_slow_ways": sample,
        "rounds": rounds,
        "slots": slots,
        "per_report": {way: own.medians() for way, own in figures.items()},
    }


def table(found: dict[str, Any]) -> str:
    """Return the figures as text."""
    per_report = found["per_report"]
    fast = per_report[FAST]["wall_s"]
    lines = [f"{'per report':<46}{'wall s':>8}{'CPU s':>8}{'x fast':>8}{'peak MiB':>10}"]
    for way, own in per_report.items():
        times = own["wall_s"] / fast
        lines.append(
            f"{way:<46}{own['wall_s']:>8.3f}{own['cpu_s']:>8.3f}{times:>8.1f}{own['peak_mib']:>10.0f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table, and write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--options", type=int, default=50, help="options in the evaluation")
    parser.add_argument("--sample", type=int, default=5, help="options per round for the slow ways")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slots", type=int, default=2, help="reports made at the same time")
    parser.add_argument("--fast-only", action="store_true", help="time the fast engine alone")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    asked = parser.parse_args()
    ways = (FAST,) if asked.fast_only else (SHELL, ONE_PROCESS, STOCK, FAST, RENDER)
    found = measured(asked.options, asked.sample, asked.rounds, asked.slots, ways)
    print(table(found))
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
