"""Reports to look at: one of the shipped evaluation, and one of a questionnaire with two questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.files.loading import load_inputs
from evalkit.reports.documents import report_on
from evalkit.scoring.score import score
from evalkit.views.comparison import Comparison
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.values import AnswerState
    from evalkit.views.vendor_report import VendorReport

SHIPPED = Path(__file__).parents[2] / "results" / "coding-agents-2026"
SOURCES = {"s": build.source(build.AS_OF)}


@pytest.fixture(scope="session")
def shipped() -> EvaluationInputs:
    """The shipped evaluation with one product of five deployments."""
    return load_inputs(SHIPPED, products={"claude-code"})


@pytest.fixture(scope="session")
def report(shipped: EvaluationInputs) -> VendorReport:
    return report_on(shipped, "claude-code/bedrock")


@pytest.fixture(scope="session")
def all_shipped() -> Comparison:
    inputs = load_inputs(SHIPPED)
    return Comparison(inputs, score(inputs))


def small(level: int = 3, state: AnswerState | None = None) -> EvaluationInputs:
    """An evaluation of two questions; the second has a gate that asks for level 2."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01")]})
    policy = build.profile(
        {"aaa": 1, "bbb": 1}, limits=build.thresholds(0.5), gates=[build.gate("BBB-01", at_least=2)]
    )
    second = build.answer(state=state) if state else build.answer(level, "documented")
    said = build.product_answers({"AAA-01": build.answer(4, "tested"), "BBB-01": second}, sources=SOURCES)
    return build.inputs(instrument, policy, said)
