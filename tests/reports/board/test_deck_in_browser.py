"""The slides in a browser: from a file without a network, by keyboard, on paper, and for everybody."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from evalkit.files.loading import load_inputs
from evalkit.reports.board.html_deck.deck_html import to_html
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
from evalkit.views.board.deck import deck
from evalkit.views.board.making import board_brief
from tests.acceptance.hostile import BIDI, CLOSING, LONG, SCRIPT
from tests.barriers import axe
from tests.chromium import CHROMIUM_FLAGS
from tests.views.board.test_deck import renamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from evalkit.views.board.blocks import Deck

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHIPPED = Path(__file__).parents[3] / "results" / "coding-agents-2026"
CASES = ("shipped", "hostile", "chinese")
OVER = """() => {
  const slide = Reveal.getCurrentSlide();
  const foot = slide.querySelector(".foot").getBoundingClientRect().top;
  const right = slide.getBoundingClientRect().right - 50;
  const over = [...slide.querySelectorAll(".parts *, h2, dl *")].filter((it) => {
    const box = it.getBoundingClientRect();
    return !it.closest(".hidden") && (box.bottom > foot + 1 || box.right > right);
  });
  const wide = slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth;
  return [wide, over.map((it) => it.outerHTML.slice(0, 80))];
}"""


@pytest.fixture(scope="module")
def decks() -> dict[str, Deck]:
    inputs = load_inputs(SHIPPED)
    names = {
        "shipped": lambda name: name,
        "hostile": lambda name: f"{SCRIPT} {name} {BIDI} {CLOSING} {LONG}",
        "chinese": lambda _: "通义灵码企业专属版" * 30,
    }
    options = [it.id for it in inputs.options()]
    found = {}
    for case, name in names.items():
        called = renamed(inputs, name)
        if case != "shipped":
            evaluation = called.evaluation.model_copy(update={"options": tuple(options[:16])})
            called = replace(called, evaluation=evaluation)
        short_list = () if case == "shipped" else options[:6]
        brief = board_brief(called, score(called), robustness(called, draws=100), short_list=short_list)
        found[case] = deck(brief)
    return found


@pytest.fixture(scope="module")
def files(decks: dict[str, Deck], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("slides with space é")
    for case, found in decks.items():
        (folder / f"{case}.html").write_bytes(to_html(found))
    return {case: folder / f"{case}.html" for case in decks}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.set_default_timeout(60_000)  # of a busy machine
    said: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    assert said == []
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    assert len({url.partition("#")[0] for url in asked if url.startswith("file:")}) <= 1
    opened.close()


def show(page: Page, file: Path, place: str = "") -> None:
    page.goto(file.as_uri() + place)
    page.wait_for_function("() => Reveal.isReady()")


def current(page: Page) -> str:
    return str(page.evaluate("Reveal.getCurrentSlide().id"))


def press(page: Page, key: str, slide: str) -> None:
    page.keyboard.press(key)
    page.wait_for_function("name => Reveal.getCurrentSlide().id === name", arg=slide)


def test_keys_turn_the_slides_of_a_file(page: Page, files: dict[str, Path], decks: dict[str, Deck]) -> None:
    show(page, files["shipped"])
    first, second, *_, last = (it.id for it in decks["shipped"].slides)
    assert current(page) == "title"
    press(page, "ArrowRight", first)
    press(page, "ArrowRight", second)
    press(page, "ArrowLeft", first)
    press(page, "End", last)
    press(page, "Home", "title")
    press(page, "Space", first)


def test_an_address_opens_its_slide(page: Page, files: dict[str, Path]) -> None:
    show(page, files["shipped"], "#/ranking")
    assert current(page) == "ranking"
    press(page, "ArrowRight", "option-a")
    page.wait_for_function("() => location.hash === '#/option-a'")


def test_a_key_shows_the_notes_below_the_slide(
    page: Page, files: dict[str, Path], decks: dict[str, Deck]
) -> None:
    show(page, files["shipped"])
    press(page, "ArrowRight", "decision")
    panel = page.get_by_role("region", name="Notes")
    assert not panel.is_visible()
    page.keyboard.press("s")
    panel.wait_for()
    expect(panel).to_have_text(decks["shipped"].slides[0].notes, use_inner_text=True)
    press(page, "ArrowRight", "options")
    expect(panel).to_have_text(decks["shipped"].slides[1].notes, use_inner_text=True)
    slide = page.locator("#options").bounding_box()
    below = panel.bounding_box()
    assert slide is not None
    assert below is not None
    assert slide["y"] + slide["height"] <= below["y"] + 1
    page.keyboard.press("n")
    panel.wait_for(state="hidden")


@pytest.mark.parametrize("case", CASES)
def test_nothing_runs_over_its_slide(
    page: Page, files: dict[str, Path], decks: dict[str, Deck], case: str
) -> None:
    show(page, files[case])
    for place in range(len(decks[case].slides) + 1):
        page.evaluate("place => Reveal.slide(place)", place)
        assert page.evaluate(OVER) == [False, []], current(page)


@pytest.mark.parametrize("case", ["shipped", "hostile"])
def test_every_slide_is_accessible(
    page: Page, files: dict[str, Path], decks: dict[str, Deck], case: str
) -> None:
    show(page, files[case])
    page.keyboard.press("s")
    for place in range(len(decks[case].slides) + 1):
        page.evaluate("place => Reveal.slide(place)", place)
        found = axe(page)
        assert found.violations_count == 0, f"{current(page)}: {found.generate_report()}"


def test_the_buttons_say_what_they_do_in_the_words_of_the_slides(page: Page, files: dict[str, Path]) -> None:
    show(page, files["shipped"])
    page.get_by_role("button", name="Next slide").click()
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'decision'")
    expect(page.get_by_role("button", name="Previous slide")).to_be_visible()


def test_a_hostile_name_runs_nothing_and_is_read(page: Page, files: dict[str, Path]) -> None:
    page.on("dialog", lambda _: pytest.fail("a script of a vendor ran"))
    show(page, files["hostile"], "#/option-a")
    assert SCRIPT in page.locator("#option-a h2").inner_text()


def test_without_scripts_the_slides_stand_under_each_other(
    browser: Browser, files: dict[str, Path], decks: dict[str, Deck]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(files["shipped"].as_uri())
    boxes = [it.bounding_box() for it in page.locator(".slides > section").all()]
    places = [(box["y"], box["height"]) for box in boxes if box]
    assert len(places) == len(decks["shipped"].slides) + 1
    assert all(height >= 720 for _, height in places)
    for (above, height), (below, _) in pairwise(places):
        assert above + height <= below
    context.close()


@pytest.mark.parametrize(("question", "ready"), [("", ".reveal.ready"), ("?print-pdf", ".pdf-page")])
def test_printed_it_has_a_page_for_each_slide(
    page: Page, files: dict[str, Path], decks: dict[str, Deck], question: str, ready: str
) -> None:
    page.goto(files["shipped"].as_uri() + question)
    page.wait_for_selector(ready, state="attached")
    raw = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", raw)) == len(decks["shipped"].slides) + 1
    assert re.findall(rb"/MediaBox \[([^\]]*)\]", raw)[0].split() == [b"0", b"0", b"960", b"540"]


def test_printed_as_reveal_does_it_each_slide_stands_at_the_top_of_its_page(
    page: Page, files: dict[str, Path]
) -> None:
    page.goto(f"{files['shipped'].as_uri()}?print-pdf")
    page.wait_for_selector(".pdf-page", state="attached")
    page.emulate_media(media="print")
    tops = page.locator(".pdf-page").evaluate_all(
        "pages => pages.map(it => it.querySelector('section').getBoundingClientRect().top"
        " - it.getBoundingClientRect().top)"
    )
    assert tops == [0] * len(tops)
    assert page.locator(".pdf-page .slide-background:visible").count() == 0
