"""The look for barriers finds those that it is there for, also among much that is fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.barriers import axe
from tests.chromium import chromium_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
    body {{ color: #222; background: #fff }}
    .pale {{ color: #bbb }}
    .dark {{ background: #222; color: #eee }}
    .image {{ background: linear-gradient(#222, #222); color: #333 }}
</style><main><h1>Rows</h1>{rows}{more}</main></html>"""
LINK = '<p>Text and <a href="#x" style="color: #333; text-decoration: none">a link</a> in it</p>'
ROWS = "".join(f"<p>Row {number}, as <b>good</b> as the others</p>" for number in range(50))


@pytest.fixture(scope="module")
def page(chromium: str) -> Iterator[Page]:
    with chromium_at(chromium) as browser:
        yield browser.new_page()


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("", []),
        ('<p class="dark">Fine</p>', []),
        ('<p class="pale">Hardly to be read</p>', ["color-contrast"]),
        ('<p class="dark">Fine, <b style="color: #333">and not</b></p>', ["color-contrast"]),
        ('<div style="background: #333"><p>Dark on dark</p></div>', ["color-contrast"]),
        ('<label>A <input style="color: #ccc" value="Pale"></label>', ["color-contrast"]),
        ('<p style="opacity: 0.3">Faint</p>', ["color-contrast"]),
        (LINK, ["link-in-text-block"]),
        ('<img src="data:," width="9" height="9">', ["image-alt"]),
    ],
)
def test_a_barrier_among_many_rows_is_found(page: Page, more: str, found: list[str]) -> None:
    page.set_content(PAGE.format(rows=ROWS, more=more))
    assert [each["id"] for each in axe(page).response["violations"]] == found
    colours = [each for each in found if each != "image-alt"]
    assert [each["id"] for each in axe(page, only_colours=True).response["violations"]] == colours


def test_what_is_not_within_the_place_is_not_looked_at(page: Page) -> None:
    page.set_content(
        PAGE.format(rows=ROWS, more='<p class="pale">Hardly to be read</p><div id="x">Fine</div>')
    )
    assert axe(page, "#x").violations_count == 0
    assert axe(page, ".pale").violations_count == 1
    assert "color-contrast" in axe(page, "main").generate_report()
