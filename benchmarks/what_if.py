"""Times what follows a move of a slider in the what-if panel: new scores and verdicts of all options.

Usage: python benchmarks/what_if.py
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from evalkit import load_inputs, score
from evalkit.forms.what_if.state import WhatIf

SHIPPED = Path(__file__).resolve().parent.parent / "results" / "coding-agents-2026"
MOVES = 60


def main() -> None:
    """Print the median of many moves beside scoring from scratch."""
    inputs = load_inputs(SHIPPED)
    start = time.perf_counter()
    score(inputs)
    from_scratch = time.perf_counter() - start
    state = WhatIf.of(inputs)
    seconds = []
    for weight in range(1, MOVES + 1):
        start = time.perf_counter()
        options = len(state.changed(domain_weights={"storage": weight}).outcomes)
        seconds.append(time.perf_counter() - start)
    moved = statistics.median(seconds)
    print(f"options          {options:>8}")
    print(f"from scratch     {1000 * from_scratch:>8.1f} ms")
    print(f"after a move     {1000 * moved:>8.1f} ms")
    print(f"ratio            {from_scratch / moved:>8.0f}")


if __name__ == "__main__":
    main()
