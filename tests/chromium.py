"""How tests start Chromium: as root, and so that it reaches nothing but this machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


@contextmanager
def chromium_at(path: str) -> Iterator[Browser]:
    """Run Chromium, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*CHROMIUM_FLAGS, "--renderer-process-limit=1"], timeout=120_000
        )
        yield browser
        browser.close()


def where_pages_are_quick(browser: Browser) -> BrowserContext:
    """Return a context whose pages share one process, since one of them, which is empty, stays open.

    To start a process costs as much as a page. What pages share are cookies, storage, and a clock that a test
    installs.
    """
    context = browser.new_context()
    context.set_default_timeout(60_000)  # of a busy machine
    context.new_page()
    return context
