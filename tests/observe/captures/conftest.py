"""What tests of captures share: an evaluation of an invented product, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.files.loading import load_inputs
from tests.observe.captures.kestrel import write_evaluation

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an evaluation of kestrel; tests do not write into it."""
    return write_evaluation(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="session")
def inputs(lab: Path) -> EvaluationInputs:
    """The inputs of that evaluation."""
    return load_inputs(lab, settled=False)
