"""What the tests of forms share: a questionnaire that is read once, and a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from evalkit.exchange.vendor_form import place
from tests.chromium import CHROMIUM_FLAGS
from tests.exchange.vendor_form.acme import QUESTIONNAIRE
from tests.exchange.vendor_form.pages import PATIENCE_MS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.exchange.vendor_form.pages import Open


@pytest.fixture(autouse=True)
def _questionnaire_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "load_questionnaire", lambda _folder: QUESTIONNAIRE)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))


@pytest.fixture
def show(browser: Browser) -> Iterator[Open]:
    """Open a file in a browser of its own; at the end, nothing was fetched and nothing went wrong."""
    contexts: list[BrowserContext] = []
    files: set[str] = set()
    said: list[str] = []
    asked: list[str] = []

    def opened(file: Path, *, script: str = "", width: int = 1280, **how: Any) -> Page:  # noqa: ANN401 - Playwright's
        context = browser.new_context(viewport={"width": width, "height": 900}, **how)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        if script:
            page.add_init_script(script)
        files.add(file.as_uri())
        page.goto(file.as_uri())
        return page

    expect.set_options(timeout=PATIENCE_MS)
    yield opened
    for context in contexts:
        context.close()
    assert said == []
    assert {url for url in asked if not url.startswith("blob:")} == files
