"""A project that has been rendered by an engine that takes no time."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from evalkit.reports import evaluation as rendering
from evalkit.reports.evaluation import render_evaluation
from tests.reports.evaluation.quick import QuickEngine, statuses
from tests.reports.projects import ALL, make_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def engines() -> Iterator[list[QuickEngine]]:
    """The engines that were opened."""
    opened: list[QuickEngine] = []

    def open_engine(_name: str, **_more: object) -> QuickEngine:
        opened.append(QuickEngine())
        return opened[-1]

    with mock.patch.object(rendering, "open_engine", open_engine):
        yield opened


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has been rendered."""
    project = tmp_path_factory.mktemp("project")
    with mock.patch.object(rendering, "open_engine", return_value=QuickEngine()):
        made = render_evaluation(make_project(project))
    assert statuses(made) == dict.fromkeys(ALL, "rendered")
    return project


@pytest.fixture
def evaluation(finished: Path, tmp_path: Path) -> Path:
    """A copy of it: nothing that is recorded depends on where a project lies, or on times of files."""
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy" / "results" / "small"
