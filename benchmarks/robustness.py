"""Times the robustness analysis on the shipped evaluation, multiplied: seconds and peak memory.

Usage: python benchmarks/robustness.py [--options N] [--draws N]
"""

from __future__ import annotations

import argparse
import os
import time
import tracemalloc
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evalkit import load_inputs
from evalkit.scoring.aggregation import weights_of
from evalkit.scoring.draws import draw, participants, rescore
from evalkit.scoring.robustness import DRAWS, SEED, robustness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.scoring.aggregation import Weights
    from evalkit.scoring.draws import Participant

SHIPPED = Path(__file__).resolve().parent.parent / "results" / "coding-agents-2026"
ROUNDS = 3
MIB = 2**20


def multiplied(inputs: EvaluationInputs, count: int) -> EvaluationInputs:
    """Return inputs with ``count`` options, each a product of its own: no two share a record's stream."""
    answers = {}
    controls = {}
    for place, option in enumerate(islice(cycle(inputs.options()), count)):
        name = f"copy-{place:03}"
        product = option.answers.product.model_copy(update={"id": name})
        update = {"product": product, "deployments": (option.deployment,)}
        answers[name] = option.answers.model_copy(update=update)
        if option.answers.product.id in inputs.controls:
            controls[name] = inputs.controls[option.answers.product.id]
    evaluation = inputs.evaluation.model_copy(update={"options": "all", "waivers": ()})
    return replace(inputs, evaluation=evaluation, answers=answers, controls=controls)


def best_of(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the fewest wall seconds of a few calls."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def peak_of(work: Callable[[], object]) -> float:
    """Return the most MiB that a call holds at once; arrays count."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / MIB


def reweighing(taking_part: Sequence[Participant], stated: Weights, draws: int) -> float:
    """Return the wall seconds in which every draw of every option has its score under other weights."""
    drawn = draw(taking_part, stated, draws=draws, seed=SEED)
    weights = np.linspace(1, 2, len(stated.domains))
    return best_of(lambda: rescore(drawn.sums, drawn.masses, weights), 10 * ROUNDS)


def measure(options: int = 200, draws: int = DRAWS) -> dict[str, float]:
    """Return seconds and MiB of the whole analysis and its parts."""
    inputs = multiplied(load_inputs(SHIPPED), options)
    stated = weights_of(inputs.questionnaire, inputs.profile)
    taking_part, _ = participants(inputs)
    figures: dict[str, float] = {
        "cores": os.cpu_count() or 1,
        "options": len(inputs.options()),
        "options_taking_part": len(taking_part),
        "questions": len(inputs.questionnaire.questions),
        "draws": draws,
        "reweigh_s": reweighing(taking_part, stated, draws),
    }
    figures["read_evidence_s"] = best_of(lambda: participants(inputs))
    figures["draw_s"] = best_of(lambda: draw(taking_part, stated, draws=draws, seed=SEED))
    figures["robustness_s"] = best_of(lambda: robustness(inputs, draws=draws))
    figures["after_reading_s"] = figures["robustness_s"] - figures["read_evidence_s"]
    figures["robustness_peak_mib"] = peak_of(lambda: robustness(inputs, draws=draws))
    return figures


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--options", type=int, default=200)
    parser.add_argument("--draws", type=int, default=DRAWS)
    asked = parser.parse_args()
    for name, value in measure(asked.options, asked.draws).items():
        print(f"{name:<22}{value:>10.4g}")


if __name__ == "__main__":
    main()
