"""A project that may be written to, with the shipped evaluation."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "questionnaires", folder / "questionnaires")
    evaluation = "results/coding-agents-2026"
    shutil.copytree(ROOT / evaluation, folder / evaluation, ignore=shutil.ignore_patterns("out"))
    return folder
