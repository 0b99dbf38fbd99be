"""Times reading and judging a table of 200,000 contacts with 400 hosts, on the shipped evaluation.

Usage: python benchmarks/captures.py [--rows N]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit import load_inputs
from evalkit.observe.captures.capturing import capture_run, read_capture
from evalkit.observe.captures.run_manifest import read_run

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

SHIPPED = Path(__file__).resolve().parent.parent / "results" / "coding-agents-2026"
HOSTS = 400
RUN = """
format: evalkit/run/1
product: {product}
version: {version}
deployment: {deployment}
route: {route}
os: linux
configuration: default
scenario: [task, error, idle, exit]
started: '2026-11-20T10:00:00Z'
ended: '2026-11-20T11:00:00Z'
operator: a benchmark
intercept: full
isolated_host: true
processes: [agent]
"""


def write_table(path: Path, rows: int) -> None:
    """Write a table of contacts."""
    lines = (
        f"2026-11-20T10:{row % 60:02d}:01Z,h{row % HOSTS}.acme.example,443,tls,{row % 9000},agent\n"
        for row in range(rows)
    )
    path.write_text("first_seen,host,port,proto,bytes_out,process\n" + "".join(lines), encoding="utf-8")


def timed(inputs: EvaluationInputs, folder: Path, rows: int) -> tuple[float, float, int]:
    """Return seconds to read and to judge, and the number of observations."""
    option = inputs.options()[0]
    product, deployment = option.answers.product, option.deployment
    manifest = folder / "run.yaml"
    text = RUN.format(
        product=product.id, version=product.version, deployment=deployment.id, route=deployment.route
    )
    manifest.write_text(text, encoding="utf-8")
    write_table(folder / "hosts.csv", rows)
    start = time.perf_counter()
    file = read_capture(folder / "hosts.csv")
    read = time.perf_counter()
    found = capture_run([file], manifest=read_run(manifest), product=product.id, inputs=inputs)
    return read - start, time.perf_counter() - read, len(found[0].observations)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        read, judge, observations = timed(load_inputs(SHIPPED), Path(folder), rows)
    print(f"rows          {rows:>8}")
    print(f"observations  {observations:>8}")
    print(f"read          {read:>8.2f} s  in a process of its own")
    print(f"judge         {judge:>8.2f} s")


if __name__ == "__main__":
    main()
