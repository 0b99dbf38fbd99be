"""What tests of several commands share."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped evaluation with one product, in a project of its own."""
    root = tmp_path_factory.mktemp("project")
    evaluation = root / "results" / "ours"
    shutil.copytree(ROOT / "questionnaires", root / "questionnaires")
    (evaluation / "answers").mkdir(parents=True)
    shutil.copy(SHIPPED / "answers" / "aider.yaml", evaluation / "answers")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    return evaluation
