"""What is exported: a questionnaire of one's own with every kind of question, and the shipped one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.exchange.exporting.format import Chosen
from evalkit.files.loading import load_inputs
from evalkit.scoring.score import score
from tests.exchange.exporting import own as made

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

SHIPPED = Path(__file__).parents[3] / "results" / "coding-agents-2026"


@pytest.fixture(scope="session")
def own() -> Chosen:
    return made.chosen(made.inputs())


@pytest.fixture(scope="session")
def hostile() -> Chosen:
    return made.chosen(made.hostile())


@pytest.fixture(scope="session")
def shipped_inputs() -> EvaluationInputs:
    """One product of the shipped evaluation."""
    return load_inputs(SHIPPED, products={"claude-code"})


@pytest.fixture(scope="session")
def shipped(shipped_inputs: EvaluationInputs) -> Chosen:
    return Chosen(shipped_inputs, score(shipped_inputs))
