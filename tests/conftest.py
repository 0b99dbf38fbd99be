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
    "ci", max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW
)
settings.register_profile(
    "thorough", max_examples=2000, deadline=None, database=None, suppress_health_check=_SLOW
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _browser() -> str | None:
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None or _browser():
        return
    reason = f"no browser on PATH, looked for {', '.join(_BROWSERS)}"
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
    path = _browser()
    assert path is not None
    return path
