"""The live presentation in the browser, as ``evalkit present`` serves it: no code, nothing written."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.barriers import axe
from tests.chromium import CHROMIUM_FLAGS
from tests.notebooks.serving import ROOT, Served, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SHIPPED = ROOT / "results" / "coding-agents-2026"
LIVE = '.evalkit-live[data-ready="1"]'
SHOWN_WITHIN_MS = 120_000


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """A copy of the shipped evaluation with two products, in a project of its own."""
    copy = tmp_path / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    for folder in ("answers", "controls"):
        (copy / folder).mkdir(parents=True)
        for product in ("aider", "codex-cli"):
            shutil.copy(SHIPPED / folder / f"{product}.yaml", copy / folder)
    shutil.copy(SHIPPED / "evaluation.yaml", copy)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", copy / "controls")
    return copy


@contextmanager
def presented(*arguments: str, cwd: Path) -> Iterator[Served]:
    """Run ``evalkit present`` with these arguments."""
    command = [sys.executable, "-m", "evalkit", "present", "--no-browser", *arguments]
    with started(command, cwd, {}) as served:
        yield served


def _open(browser: Browser, served: Served, complaints: list[str], **options: Any) -> Page:  # noqa: ANN401 - playwright's
    page = browser.new_page(viewport={"width": 1280, "height": 720}, **options)
    page.set_default_timeout(SHOWN_WITHIN_MS)
    own = (served.origin + "/", "data:", f"blob:{served.origin}/")
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda it: None if it.url.startswith(own) else complaints.append(it.url))
    page.goto(served.url, wait_until="commit")
    return page


def _files(project: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()}


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_board_moves_a_weight_supposes_a_condition_and_goes_back_and_no_file_changes(
    browser: Browser, evaluation: Path, scheme: str
) -> None:
    complaints: list[str] = []
    before = _files(evaluation.parents[1])
    with presented("--option", "codex-cli/gateway", "--option", "aider", cwd=evaluation.parents[1]) as served:
        assert served.get("/")[0] == 403
        page = _open(browser, served, complaints, color_scheme=scheme)
        page.wait_for_selector(LIVE)
        assert served.token not in page.content()
        assert page.title().endswith("– live view")
        expect(page.locator("#evalkit-loading")).to_be_hidden()
        rows = page.locator("table.options tbody tr")
        expect(rows).to_have_count(6)
        assert rows.first.get_attribute("data-option") == "codex-cli/gateway"
        assured = rows.first.locator("td.figure").first
        was = assured.inner_text()
        page.get_by_role("button", name="Tick all").click()
        page.wait_for_selector('.evalkit-live[data-supposed="1"]')
        page.locator('li[data-domain="approvals"] input').focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_selector("text=not 18")
        assert "Supposition, not the evaluation's verdict" in page.inner_text(".banner")
        expect(assured).not_to_have_text(was, use_inner_text=True)
        assert [found["id"] for found in axe(page).response["violations"]] == []
        page.get_by_role("button", name="Back to the evaluation").click()
        page.wait_for_selector('.evalkit-live[data-supposed="0"]')
        expect(assured).to_have_text(was, use_inner_text=True)
        bottom = page.evaluate("document.querySelector('.panes').getBoundingClientRect().bottom")
        assert bottom <= 720
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.close()
        assert served.end() == 0
    assert _files(evaluation.parents[1]) == before
    assert complaints == []


@pytest.mark.browser
def test_files_that_broke_meanwhile_are_told_in_the_page(browser: Browser, evaluation: Path) -> None:
    with presented(cwd=evaluation.parents[1]) as served:
        (evaluation / "answers" / "aider.yaml").write_text("<b>no</b>: [", encoding="utf-8")
        page = _open(browser, served, [])
        page.wait_for_selector('[role="alert"]')
        text = page.inner_text('[role="alert"]')
        page.close()
    assert "The presentation cannot be shown." in text
    assert "results/small/answers/aider.yaml" in text
    assert "Traceback" not in text
