"""Forms on an evaluation that may be written to, and pages that show them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.forms.answering.answer_form import AnswerForm
from tests.chromium import chromium_at, where_pages_are_quick
from tests.forms.answering.page import Clock, FormPage, open_form_on, project_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PRODUCTS = ("aider", "cursor")


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """An evaluation of two products."""
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    shipped, own = ROOT / "results/coding-agents-2026", tmp_path / "results/coding-agents-2026"
    (own / "answers").mkdir(parents=True)
    shutil.copy(shipped / "evaluation.yaml", own)
    for product in PRODUCTS:
        shutil.copy(shipped / f"answers/{product}.yaml", own / "answers")
    return own


@pytest.fixture
def open_form(evaluation: Path) -> Callable[..., AnswerForm]:
    """Open the form about a product of the evaluation."""

    def opened(product: str | None = "aider", *, who: str = "ann", assessor: str | None = None) -> AnswerForm:
        return AnswerForm(evaluation, product, who=who, assessor=assessor, now=lambda: NOW)

    return opened


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(browser: Browser) -> BrowserContext:
    return where_pages_are_quick(browser)


@pytest.fixture
def show(browser: Browser, pages: BrowserContext, tmp_path: Path) -> Iterator[Callable[..., FormPage]]:
    """Open a page with the form about a product; at the end, no page may have complained.

    One whose clock a test sets is in a context of its own: all pages of one share the clock.
    """
    shown: list[FormPage] = []

    def opened(
        product: str = "claude-code", *, light: bool = True, width: int = 1280, own_clock: bool = False
    ) -> FormPage:
        folder = tmp_path / "results/coding-agents-2026"
        if not folder.exists():
            project_in(tmp_path)
        form = AnswerForm(folder, product, who="ann", now=Clock())
        page = browser.new_page() if own_clock else pages.new_page()
        shown.append(open_form_on(page, form, light=light, width=width))
        return shown[-1]

    yield opened
    complaints = [each for page in shown for each in page.complaints]
    for page in shown:
        page.page.close()
    assert complaints == []
