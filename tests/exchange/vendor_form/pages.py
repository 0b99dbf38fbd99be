"""What tests do with the page for vendors in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Download, Locator, Page

PATIENCE_MS = 60_000
BLOCKED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("blocked", "SecurityError"); } });"""


class Open(Protocol):
    """Opens a file in a browser of its own; ``how`` is Playwright's."""

    def __call__(self, file: Path, *, script: str = "", width: int = 1280, **how: Any) -> Page: ...  # noqa: ANN401 - Playwright's


def question(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}")


def save(page: Page, folder: Path, press: Callable[[], object] | None = None) -> Path:
    with page.expect_download() as waiting:
        (press or page.get_by_role("button", name="Save as file").click)()
    download: Download = waiting.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def load(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as waiting:
        page.get_by_role("button", name="Load a saved file").click()
    waiting.value.set_files(path)


def state(page: Page) -> Locator:
    return page.locator("#state")
