"""The answering form for everybody: barriers, keys, narrow windows, and text that means harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.barriers import axe

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forms.answering.page import FormPage

    Show = Callable[..., FormPage]

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='taken'\">"
DISCLOSURES = (
    "Why it matters",
    "Strongest evidence",
    "Lab test",
    "Remedy",
    "References",
    "Comments",
    "Sign-off",
    "History",
)
TOO_WIDE = """() => [...document.querySelectorAll('.evalkit-form *')]
    .filter((each) => !each.closest('.tabs') && !each.matches('.unseen, .unseen *'))
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
    .filter((each) => each.offsetWidth > 1)
    .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`).slice(0, 5)"""
SMALL = """() => [...document.querySelectorAll('.evalkit-form :is(button, select, summary, input, textarea,'
        + ' label.switch, label.segment, label.tick, label.choice)')]
    .filter((each) => each.offsetParent && !each.closest('.unseen'))
    .filter((each) => !(each.matches('input') && each.closest('label, .choice')))
    .filter((each) => each.getBoundingClientRect().height < 24 || each.getBoundingClientRect().width < 24)
    .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`).slice(0, 5)"""


def barriers(shown: FormPage) -> str:
    results = axe(shown.page, ".evalkit-form", only_colours=not shown.is_light)
    return "" if results.violations_count == 0 else str(results.generate_report())


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
def test_axe_finds_no_barrier_in_a_question_of_each_kind(*, light: bool, show: Show) -> None:
    shown = show(light=light)
    for name in DISCLOSURES:
        shown.question("LOC-01").get_by_text(name, exact=True).first.click()
    shown.question("LOC-01").get_by_role("button", name="Add evidence").click()
    shown.question("LOC-01").get_by_text("More", exact=True).first.click()
    shown.question("LOC-02").get_by_text("Conflicting").first.click()
    shown.saved()
    assert barriers(shown) == ""  # a scale and a draft; a set with conflicting evidence
    shown.root.get_by_label("Option: deployment").select_option("bedrock")
    for tab in ("product", "transmission", "retention"):  # lists of hosts; numbers, and a gate
        shown.open(tab)
        assert barriers(shown) == "", tab


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
def test_axe_finds_no_barrier_in_conflicts_lists_and_dialogs(*, light: bool, show: Show) -> None:
    shown = show(light=light)
    theirs = {"content": {"value": 1, "finding": "Theirs"}, "revision": "x", "draft": False, "problems": []}
    shown.question("LOC-01").locator('[data-value="0"]').first.click()
    client = shown.sent("hello")[0]["client"]
    conflict = {
        "kind": "conflict",
        "client": client,
        "seq": 1,
        "part": "answers/LOC-01",
        "theirs": theirs,
        "by": "Ben",
        "at": "2026-11-26T12:00:00Z",
    }
    shown.page.evaluate("message => window.deliver([message])", conflict)
    shown.page.evaluate("window.deliver([{kind: 'unreadable', client: '', problems: ['a.yaml:3: broken']}])")
    assert barriers(shown) == ""
    shown.root.get_by_role("searchbox").fill("sweep")
    shown.root.get_by_text("with “sweep”").wait_for()
    assert barriers(shown) == ""
    shown.root.get_by_role("button", name="Keys and help").click()
    assert barriers(shown) == ""
    shown.page.keyboard.press("Escape")
    shown.open("product")
    shown.root.get_by_role("button", name="Start a new product").click()
    assert barriers(shown) == ""


@pytest.mark.parametrize("width", [320, 640], ids=["320 px", "200 % of 1280 px"])
def test_a_narrow_window_needs_no_sideways_scroll(width: int, show: Show) -> None:
    shown = show(width=width)
    for tab in ("product", "storage", "transmission", "retention"):
        shown.open(tab)
        if tab == "storage":
            for name in DISCLOSURES:
                shown.question("LOC-01").get_by_text(name, exact=True).first.click()
            shown.question("LOC-01").get_by_role("button", name="Add evidence").click()
        assert shown.page.evaluate(TOO_WIDE) == []
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1280])
def test_everything_to_hit_is_24_px_at_least(width: int, show: Show) -> None:
    shown = show(width=width)
    for tab in ("product", "storage", "transmission", "retention"):
        shown.open(tab)
        assert shown.page.evaluate(SMALL) == []


def test_no_key_leaves_the_form(show: Show) -> None:
    shown = show()
    shown.page.evaluate("""() => {
        window.heard = [];
        document.body.addEventListener('keydown', (event) => window.heard.push(event.key));
    }""")
    assert shown.root.get_attribute("data-lm-suppress-shortcuts") == "true"
    shown.question("LOC-01").focus()
    for key in ("a", "b", "d", "x", "Escape", "2"):
        shown.page.keyboard.press(key)
    shown.question("LOC-01").get_by_label("Finding").focus()
    shown.page.keyboard.type("abc")
    shown.page.keyboard.press("Control+s")
    assert shown.page.evaluate("window.heard") == []
    assert shown.sent("flush")


def test_the_help_lists_the_keys_and_gives_the_focus_back(show: Show) -> None:
    shown = show()
    shown.question("LOC-01").focus()
    shown.page.keyboard.press("?")
    expect(shown.root.get_by_role("dialog")).to_contain_text("Next unanswered question")
    shown.page.keyboard.press("Escape")
    expect(shown.root.get_by_role("dialog")).to_have_count(0)
    expect(shown.question("LOC-01")).to_be_focused()


def test_the_focus_and_the_caret_stay_while_figures_and_saves_come_in(show: Show) -> None:
    shown = show()
    finding = shown.question("LOC-01").get_by_label("Finding")
    finding.fill("one three")
    finding.evaluate("(area) => area.setSelectionRange(4, 4)")
    shown.page.keyboard.type("two ")
    shown.saved()
    expect(finding).to_be_focused()
    assert finding.evaluate("(area) => area.selectionStart") == 8
    assert shown.answer("LOC-01")["finding"] == "one two three"


def test_hostile_text_in_every_field_stays_text(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    question.get_by_label("Finding").fill(HOSTILE)
    question.locator(".locator input").first.fill(HOSTILE)
    question.get_by_text("Comments", exact=True).click()
    question.get_by_label("Comment on LOC-01").fill(HOSTILE)
    question.get_by_role("button", name="Add comment").click()
    expect(question.locator(".remarks")).to_contain_text(HOSTILE)
    shown.question("LOC-07").get_by_label("Also record").fill(HOSTILE)
    shown.open("product")
    for label in ("Name", "Vendor", "Version"):
        shown.root.get_by_role("region", name="Product", exact=True).get_by_label(label, exact=True).fill(
            HOSTILE
        )
    shown.root.get_by_label("Basis").fill(HOSTILE)
    shown.root.get_by_role("group", name="Deployment 1").get_by_label("Name").fill(HOSTILE)
    source = shown.root.locator(".source-row").first
    source.locator("summary").click()
    source.get_by_label("Title").fill(HOSTILE)
    source.get_by_label("Publisher").fill(HOSTILE)
    source.get_by_label("Address").fill("javascript:document.title='taken'")
    shown.saved()
    assert shown.form.work.content("product")["vendor"] == HOSTILE
    assert source.locator("a").count() == 0
    shown.reload()
    shown.open("storage")
    shown.question("LOC-01").get_by_text("History", exact=True).click()
    expect(shown.question("LOC-01").locator(".entries")).to_contain_text(HOSTILE)
    shown.root.get_by_role("searchbox").fill(HOSTILE)
    expect(shown.root.locator("h2").first).to_contain_text(HOSTILE)
    assert shown.root.locator("img").count() == 0
    assert shown.page.title() == "Form"


def test_addresses_of_sources_open_without_a_way_back(show: Show) -> None:
    shown = show()
    link = shown.question("LOC-01").locator(".about a").first
    assert str(link.get_attribute("href")).startswith("https://")
    assert "noopener" in str(link.get_attribute("rel"))
