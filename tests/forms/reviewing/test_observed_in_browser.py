"""What was observed, decided on with a keyboard in Chromium, without JupyterLab."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evalkit import load_inputs
from evalkit.files.observations import read_observations
from evalkit.forms.front_files import module_of, style_of
from tests.barriers import axe
from tests.files.observed import artefact, contradiction, observation, write
from tests.forms.answering.conftest import browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.forms.reviewing.reviewer import OpenReview

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADDRESS = "http://127.0.0.1:9/review"
"""Nobody listens there: each page of it is answered by the test."""

ALONG = observation("a", "NET-05", told="<b onclick=alert(1)>analytics-disable</b> stands in the program.")
AGAINST = contradiction("b", "VER-04")
OVER = contradiction(
    "c",
    "VER-05",
    review={"state": "rejected", "by": "cleo", "on": "2026-11-22", "reason": "A sample."},
)
WIDER = """() => [...document.querySelectorAll('.evalkit-review .observed *')]
    .filter((node) => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((node) => `${node.tagName}.${node.className}`)"""
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Review</title>
<style>body{{margin:0;background:#fff}}body[data-jp-theme-light="false"]{{background:#11161c}}{style}</style>
</head><body data-jp-theme-light="{light}"><main id="place"></main><script type="module">
const handlers = [];
const model = {{
  on: (name, heard) => handlers.push(heard),
  off: () => {{}},
  send: (message) => window.kernelReceive(message).then(
    (said) => said.forEach((each) => handlers.forEach((heard) => heard(each)))),
}};
const script = {script};
const module = await import(URL.createObjectURL(new Blob([script], {{ type: "text/javascript" }})));
module.default.render({{ model, el: document.getElementById("place") }});
</script></body></html>"""


@pytest.fixture
def seen(evaluation: Path) -> Path:
    return write(evaluation, artefact(), ALONG, AGAINST, OVER)


@pytest.fixture(params=["light"])
def page(
    browser: Browser, seen: Path, open_review: OpenReview, request: pytest.FixtureRequest
) -> Iterator[Page]:  # the file has to be there before the form
    assert seen.exists()
    form = open_review()
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    opened.set_default_timeout(60_000)
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.expose_function("kernelReceive", form.receive)
    text = _PAGE.format(
        style=style_of("evalkit.forms.reviewing", "review.css"),
        script=json.dumps(module_of("evalkit.forms.reviewing")).replace("</", "<\\/"),
        light=str(request.param == "light").lower(),
    )
    opened.route(ADDRESS, lambda route: route.fulfill(body=text, content_type="text/html"))
    opened.goto(ADDRESS)
    opened.wait_for_selector(".evalkit-review tr.row")
    yield opened
    opened.close()
    assert complaints == []


def test_contradictions_come_first_and_are_decided_on_with_keys_alone(
    page: Page, seen: Path, evaluation: Path
) -> None:
    section = page.locator(".evalkit-review details.observed")
    expect(section.locator("summary")).to_contain_text("3 in all, 2 to decide, 1 contradiction")
    page.locator("tr.row button.open").first.focus()
    page.keyboard.press("o")
    cards = section.locator("li.card")
    expect(cards).to_have_count(2)
    expect(cards.first.locator("h4")).to_have_text(
        "Contradicts VER-04: The package holds a source map with its sources."
    )
    expect(cards.first).to_contain_text("aider/args.py line 570")
    expect(cards.first).to_contain_text("But: that it stands there does not say that it works")
    reason = cards.first.get_by_label("Reason")
    expect(reason).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(cards.first.get_by_role("alert")).to_have_text("Say why: a decision needs its reason.")
    page.keyboard.type("Looked into the file. n o j")
    cards.first.get_by_label("What it shows").select_option("0")
    cards.first.get_by_role("button", name="Accept").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".evalkit-review .status")).to_contain_text("the answer is conflicting, at ")
    expect(cards).to_have_count(1)
    expect(cards.first.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("Another product's.")
    cards.first.get_by_role("button", name="Reject").focus()
    page.keyboard.press("Enter")
    expect(section).to_contain_text("Nothing is left to decide.")
    expect(section.locator("summary")).to_be_focused()
    assert load_inputs(evaluation).answers["aider"].answers["VER-04"].state == "conflicting"
    reviews = {it.id: it.review for it in read_observations(seen).observations}
    assert (reviews[AGAINST.id].reason, reviews[ALONG.id].state) == (
        "Looked into the file. n o j",
        "rejected",
    )


def test_what_was_decided_shows_who_did_why_and_text_of_others_is_no_markup(page: Page) -> None:
    section = page.locator(".evalkit-review details.observed")
    section.locator("summary").click()
    section.get_by_role("button", name="All").click()
    expect(section.locator("li.card")).to_have_count(3)
    last = section.locator("li.card").last
    expect(last).to_contain_text("rejected by cleo, 2026-11-22: A sample.")
    expect(last.get_by_role("button", name="Accept")).to_be_hidden()
    expect(section).to_contain_text("<b onclick=alert(1)>analytics-disable</b>")
    assert section.locator("li.card b").count() == 0
    page.get_by_role("button", name="Observed").click()
    expect(page.locator("tr.row")).to_have_count(2)
    expect(page.locator("tr.row .marks").filter(has_text="contradicted by what was seen")).to_have_count(1)


@pytest.mark.parametrize("page", ["light", "dark"], indirect=True)
def test_axe_finds_no_barrier_and_nothing_scrolls_sideways(page: Page) -> None:
    page.locator("details.observed summary").click()
    page.locator("details.observed").get_by_role("button", name="All").click()
    expect(page.locator("li.card")).to_have_count(3)
    for width in (1200, 380):
        page.set_viewport_size({"width": width, "height": 900})
        results = axe(page, ".evalkit-review")
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate(WIDER) == []
