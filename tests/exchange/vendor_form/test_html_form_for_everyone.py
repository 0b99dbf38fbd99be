"""The page works with assistive programs, in narrow windows, without scripts, and whatever its texts hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evalkit.exchange.vendor_form.json_form import document
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.sending import form_of
from tests.barriers import axe
from tests.exchange.vendor_form.acme import ANSWERS, evaluation, sent
from tests.exchange.vendor_form.pages import load, question, save, state

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.exchange.vendor_form.pages import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter((each) => !each.closest('.unseen, .skip') && each.offsetWidth > 1)
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
    .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`).slice(0, 5)"""
SMALL = """() => [...document.querySelectorAll('button, select, textarea, summary, nav a, .switch, .card,'
        + ' input:not([type=radio], [type=checkbox])')]
    .filter((each) => each.offsetParent)
    .filter((each) => each.getBoundingClientRect().height < 24 || each.getBoundingClientRect().width < 24)
    .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`).slice(0, 5)"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


def barriers(page: Page) -> str:
    found = axe(page)
    return "" if found.violations_count == 0 else str(found.generate_report())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(small: Path, tmp_path: Path, show: Open, scheme: str) -> None:
    page = show(sent(small, "acme.html", triage=True, with_findings=True), color_scheme=scheme)
    question(page, "LOC-05").get_by_role("radio").first.check()
    question(page, "LOC-05").get_by_text("Why we ask").click()
    question(page, "RTN-01").get_by_role("textbox").first.fill("1,234")
    path = save(page, tmp_path)
    expect(page.locator(".problem")).to_have_count(1)
    assert barriers(page) == ""
    load(page, path)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page) == ""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(question(page, "LOC-05").get_by_role("radio").first).to_be_checked()


@pytest.mark.parametrize("width", [320, 640], ids=["320 px", "200 % of 1280 px"])
def test_a_narrow_window_needs_no_sideways_scroll_and_everything_can_be_hit(
    small: Path, show: Open, width: int
) -> None:
    page = show(sent(small, "acme.html", with_findings=True), width=width)
    question(page, "VER-03").get_by_role("textbox").first.fill("1,234")
    question(page, "VER-03").get_by_role("textbox").first.blur()
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL) == []


def test_text_of_others_runs_nothing_and_is_read(tmp_path: Path, show: Open) -> None:
    script = "</script><img src=x onerror=alert(1)><script>alert(1)</script>"
    small = evaluation(tmp_path, ANSWERS.replace("name: =Acme", f"name: {json.dumps(script)}"))
    page = show(sent(small, "acme.html"))
    page.on("dialog", lambda _: pytest.fail("a script of a vendor ran"))
    assert script in page.title()
    expect(page.locator(".bar .product")).to_have_text(script)
    data = document(form_of(Place.of(small), "acme"))
    data["rows"][0]["explanation"] = data["rows"][0]["link"] = script
    data["rows"][1]["id"] = f"{script}/*"
    data["rows"][1]["answer"] = "x"
    path = tmp_path / f"{script[:9].replace('/', '')}.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    load(page, path)
    expect(state(page)).to_contain_text("1 answer loaded")
    expect(question(page, "LOC-01").get_by_label("Explanation")).to_have_value(script)
    assert page.locator("img").count() == 0


def test_without_scripts_it_can_be_read(small: Path, show: Open) -> None:
    page = show(sent(small, "acme.html"), java_script_enabled=False)
    # This switch leaves its content unread; a browser whose reader turned scripts off shows it.
    assert "Scripts are switched off in this view." in str(page.locator("noscript").text_content())
    expect(page.get_by_role("heading", name="Inventory of local files")).to_be_visible()
    assert page.get_by_role("button").count() == 0
