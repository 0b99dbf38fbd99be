"""JupyterLab on a copy of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.notebooks.jupyterlab import Lab, copied_project, jupyterlab

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Lab]:
    with jupyterlab(copied_project(tmp_path_factory.mktemp("lab")), chromium) as started:
        yield started
