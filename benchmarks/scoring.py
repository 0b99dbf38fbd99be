"""Times reading and scoring the shipped evaluation.

Usage: python benchmarks/scoring.py [--rounds N]
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit import load_inputs, score

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(__file__).resolve().parent.parent / "results" / "coding-agents-2026"


def median_of(work: Callable[[], object], rounds: int) -> float:
    """Return the median wall seconds of a few calls."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    inputs = load_inputs(SHIPPED)
    print(f"options  {len(inputs.options()):>8}")
    print(f"load     {median_of(lambda: load_inputs(SHIPPED), rounds):>8.3f} s")
    print(f"score    {median_of(lambda: score(inputs), rounds):>8.3f} s")


if __name__ == "__main__":
    main()
