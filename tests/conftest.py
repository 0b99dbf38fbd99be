"""What all tests share: the browser, or the decision to go without one, and how long Hypothesis looks."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# HYPOTHESIS_PROFILE=thorough tries 2,000 cases of each property; the default is the same cases in each run.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile(
    "ci", max_examples=15, derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW
)
settings.register_profile(
    "thorough", max_examples=2000, deadline=None, database=None, suppress_health_check=_SLOW
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

_PROGRAMS = {
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "office": ("soffice", "libreoffice"),
}
"""What tests with a mark need: one of these programs."""


def _program(mark: str) -> str | None:
    return next(filter(None, map(shutil.which, _PROGRAMS[mark])), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take long, or one of two processes is left alone with the last."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, names in _PROGRAMS.items():
        if item.get_closest_marker(mark) is None or _program(mark):
            continue
        reason = f"no {mark} on PATH, looked for {', '.join(names)}"
        if os.environ.get("EVALKIT_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason}, and EVALKIT_REQUIRE_BROWSER=1", pytrace=False)
        pytest.skip(reason)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes started meanwhile take Ctrl-C, also where this one, in the background, does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def memory() -> Iterator[Any]:
    """The object store of this process, empty."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium, for Playwright's ``executable_path``; mark the test ``browser``."""
    from playwright.sync_api import expect  # noqa: PLC0415 - an extra of its own

    path = _program("browser")
    assert path is not None
    expect.set_options(timeout=60_000)  # on a busy machine a page may take long for what it does at once
    return path


@pytest.fixture(scope="session")
def soffice() -> str:
    """The path of LibreOffice; mark the test ``office``."""
    path = _program("office")
    assert path is not None
    return path
