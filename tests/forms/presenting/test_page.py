"""The live presentation as a board sees it: in Chromium, by keyboard, light and dark."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evalkit.forms.presenting.live import Live
from evalkit.forms.presenting.state import Presentation
from tests.barriers import axe
from tests.chromium import chromium_at, where_pages_are_quick
from tests.forms.presenting.page import LivePage, open_live_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIRST = "claude-code/gateway"
SCREENS = [(1280, 720), (1920, 1080)]
SIX = (
    *(FIRST, "claude-code/bedrock", "claude-code/vertex"),
    *("codex-cli/gateway", "aider/bedrock", "aider/local-model"),
)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def context(browser: Browser) -> BrowserContext:
    return where_pages_are_quick(browser)


@pytest.fixture
def show(browser: Browser, context: BrowserContext, shown: Presentation) -> Iterator[Callable[..., LivePage]]:
    """Open a page with the presentation; at the end, no page may have complained.

    One whose clock a test sets is in a context of its own: all pages of one share the clock.
    """
    pages: list[LivePage] = []

    def opened(
        state: Presentation = shown,
        *,
        light: bool = True,
        width: int = 1280,
        height: int = 720,
        own_clock: bool = False,
    ) -> LivePage:
        page = browser.new_page() if own_clock else context.new_page()
        pages.append(open_live_on(page, Live(state), light=light, width=width, height=height))
        return pages[-1]

    yield opened
    complaints = [each for page in pages for each in page.complaints]
    for page in pages:
        page.page.close()
    assert complaints == []


def barriers(live: LivePage) -> list[str]:
    return [found["id"] for found in axe(live.page).response["violations"]]


def test_arrow_keys_on_a_slider_move_the_picture(show: Callable[..., LivePage]) -> None:
    live = show()
    before = live.row(FIRST).locator(".range").get_attribute("style")
    live.slider("storage").focus()
    for _ in range(20):
        live.page.keyboard.press("ArrowRight")
    live.until_settled()
    live.page.wait_for_selector("text=Local storage weighs 28, not 8")
    assert live.row(FIRST).locator(".range").get_attribute("style") != before
    assert live.row(FIRST).locator(".stated").is_visible()
    assert live.slider("storage").get_attribute("aria-valuetext") == "28, 23 %, stated 8"
    assert live.slider("storage").input_value() == "28"


def test_fast_moves_of_a_slider_are_answered_by_the_last(show: Callable[..., LivePage]) -> None:
    live = show()
    live.page.evaluate(
        """() => {
            const slider = document.querySelector('li[data-domain="storage"] input');
            for (let value = 9; value <= 40; value++) {
                slider.value = String(value);
                slider.dispatchEvent(new Event('input', {bubbles: true}));
            }
        }"""
    )
    live.page.wait_for_selector("text=Local storage weighs 40, not 8")
    assert live.live.state.what_if.domain_weights["storage"] == 40
    sent = live.page.evaluate("window.sent.filter((each) => each.kind === 'weight').length")
    assert sent == 2


def test_a_box_is_ticked_with_the_keyboard_and_everything_done_is_approved(
    show: Callable[..., LivePage],
) -> None:
    live = show()
    live.root.get_by_role("checkbox", name="Human access").focus()
    live.page.keyboard.press("Space")
    live.until_settled()
    assert "evidence:RTN-08" in live.live.state.done[FIRST]
    live.root.get_by_role("button", name="Tick all").focus()
    live.page.keyboard.press("Enter")
    live.until_settled()
    row = live.row(FIRST).inner_text()
    assert "Approve" in row
    assert "was Defer for evidence" in row
    assert live.root.locator(".to-do-list:visible input:not(:checked)").count() == 0
    assert live.root.get_by_role("checkbox", name="Human access").is_checked()


def test_that_it_is_a_supposition_stands_on_the_screen_until_one_goes_back(
    show: Callable[..., LivePage],
) -> None:
    live = show()
    banner = live.root.locator(".banner")
    assert "What you move here is a supposition and not the evaluation's verdict" in banner.inner_text()
    back = live.root.get_by_role("button", name="Back to the evaluation")
    assert back.get_attribute("aria-disabled") == "true"
    live.root.get_by_role("button", name="Tick all").click()
    live.slider("approvals").focus()
    live.page.keyboard.press("ArrowLeft")
    live.page.wait_for_selector("text=Approvals weighs 17, not 18")
    live.until_settled()
    assert "Supposition, not the evaluation's verdict" in banner.inner_text()
    assert "A: 28 of 28 as if done" in banner.inner_text()
    back.click()
    live.until_settled()
    assert live.root.get_attribute("data-supposed") == "0"
    assert live.slider("approvals").input_value() == "18"
    assert live.root.locator("input:checked").count() == 0
    assert not live.live.state.is_supposed


def test_the_change_is_read_out(show: Callable[..., LivePage]) -> None:
    live = show()
    live.root.get_by_role("button", name="Tick all").click()
    status = live.root.get_by_role("status")
    live.page.wait_for_function("document.querySelector('.evalkit-live [role=status]').textContent !== ''")
    assert status.inner_text().startswith("Everything to be done for A is supposed to be done.")
    assert "Approve, was Defer for evidence" in status.inner_text()


def test_another_option_is_chosen_in_its_row_or_by_its_letter(show: Callable[..., LivePage]) -> None:
    live = show()
    live.row("codex-cli/gateway").get_by_role("button").click()
    assert live.root.locator(".to-do-list:visible").get_attribute("data-option") == "codex-cli/gateway"
    live.root.locator("button.choice").nth(1).click()
    assert live.root.locator(".to-do-list:visible").get_attribute("data-option") == "claude-code/bedrock"
    live.root.get_by_role("button", name="Tick all").click()
    live.until_settled()
    assert set(live.live.state.done) == {"claude-code/bedrock"}


def test_two_views_of_one_presentation_show_the_same(show: Callable[..., LivePage]) -> None:
    live = show()
    live.page.evaluate("messages => window.deliver(messages)", _weighed(live.live, 30))
    assert live.slider("storage").input_value() == "30"
    assert "Local storage weighs 30, not 8" in live.root.locator(".banner").inner_text()


def _weighed(live: Live, weight: float) -> list[dict[str, object]]:
    return live.receive({"kind": "weight", "domain": "storage", "weight": weight, "number": "other-1"})


def test_a_kernel_that_answers_no_more_is_told(show: Callable[..., LivePage]) -> None:
    live = show(own_clock=True)
    live.page.clock.install()
    live.page.evaluate("window.deaf = true")
    live.slider("storage").focus()
    live.page.keyboard.press("ArrowRight")
    live.page.clock.fast_forward(11_000)
    assert "No answer comes any more" in live.root.get_by_role("alert").inner_text()


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize("options", [(), SIX], ids=["four", "six"])
def test_all_of_it_is_on_one_screen_without_barriers(
    show: Callable[..., LivePage],
    shown: Presentation,
    size: tuple[int, int],
    light: bool,  # noqa: FBT001 - a parameter of the test
    options: tuple[str, ...],
) -> None:
    state = Presentation.of(shown.inputs, options) if options else shown
    live = show(state, light=light, width=size[0], height=size[1])
    live.root.get_by_role("button", name="Tick all").click()
    live.slider("storage").focus()
    live.page.keyboard.press("ArrowRight")
    live.until_settled()
    assert live.overflowing() == []
    assert live.root.locator(".scroll").bounding_box()["height"] > size[1] / 7  # type: ignore[index]
    assert barriers(live) == []


def test_on_a_narrow_screen_the_parts_stand_below_each_other(show: Callable[..., LivePage]) -> None:
    live = show(width=700, height=900)
    assert live.page.evaluate("document.documentElement.scrollWidth") <= 700
    weights, to_do = live.root.locator(".weights"), live.root.locator(".to-do")
    assert weights.bounding_box()["y"] < to_do.bounding_box()["y"]  # type: ignore[index]
    assert barriers(live) == []


def test_text_of_vendors_is_text(show: Callable[..., LivePage], shown: Presentation) -> None:
    hostile = "<img src=x onerror=document.title='taken'>"
    option = shown.inputs.options()[0]
    answers = option.answers
    product = answers.product.model_copy(update={"name": hostile})
    inputs = shown.inputs
    changed = {**inputs.answers, answers.product.id: answers.model_copy(update={"product": product})}
    live = show(Presentation.of(replace(inputs, answers=changed), [option.id]))
    assert hostile in live.root.locator(".name").first.inner_text()
    assert live.page.title() == "Live"
    assert live.root.locator("img").count() == 0
