"""The shipped evaluation as a board sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.files.loading import load_inputs
from evalkit.forms.presenting.state import Presentation

SHIPPED = Path(__file__).parents[3] / "results" / "coding-agents-2026"


@pytest.fixture(scope="session")
def shown() -> Presentation:
    return Presentation.of(load_inputs(SHIPPED))
