"""The answering form as architects use it: in JupyterLab, with nothing but a keyboard, through crashes."""

from __future__ import annotations

import os
import re
import signal
from datetime import date
from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.sync_api import expect

from evalkit import load_inputs
from evalkit.files.loading import check
from tests.barriers import axe
from tests.notebooks.jupyterlab import RUN_ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from tests.notebooks.jupyterlab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVALUATION = "results/coding-agents-2026"
READY = ".evalkit-form[data-ready='1']"
MOST_MESSAGES = 40
COUNT_MESSAGES = """async () => {
    const {content, context} = jupyterapp.shell.currentWidget;
    content.activeCellIndex = content.widgets.length - 1;
    let messages = 0;
    const count = () => { messages += 1; };
    const kernel = context.sessionContext.session.kernel;
    kernel.anyMessage.connect(count);
    const old = document.querySelector('.evalkit-form');
    if (old) old.dataset.old = 'yes';
    await jupyterapp.commands.execute('notebook:run-cell');
    await new Promise((resolve) => {
        const look = () => document.querySelector('.evalkit-form[data-ready="1"]:not([data-old])')
            ? resolve() : requestAnimationFrame(look);
        look();
    });
    kernel.anyMessage.disconnect(count);
    return messages;
}"""
WIDGETS = """async () => {
    const {kernel} = jupyterapp.shell.currentWidget.context.sessionContext.session;
    const reply = await kernel.requestCommInfo({target_name: 'jupyter.widget'});
    return Object.keys(reply.content.comms).length;
}"""
MODE = "() => jupyterapp.shell.currentWidget.content.mode"
KERNEL = "() => jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.id"
CELLS = "() => jupyterapp.shell.currentWidget.content.widgets.length"


@pytest.fixture
def page(lab: Lab) -> Iterator[Page]:
    """01 with its form, on aider."""
    opened = lab.run("01_answer.ipynb")
    opened.wait_for_selector(READY)
    yield opened
    opened.evaluate("() => jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    opened.close()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, place: Locator, key: str = "Tab", most: int = 300) -> None:
    """Press Tab until a place has the focus."""
    for _ in range(most):
        if place.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{most} times {key} did not reach {place}")


def saved(page: Page) -> None:
    expect(page.locator("[data-saving='saved']")).to_be_attached()


def question(page: Page, name: str) -> Locator:
    return page.locator(f"[data-question='{name}']")


def find(page: Page, name: str) -> None:
    """Go from anywhere in the form to a question, by keys alone."""
    press(page, "Escape", "/")
    page.keyboard.type(name)
    expect(question(page, name)).to_be_visible()
    press(page, "Enter")
    expect(question(page, name)).to_be_focused()


def kernel_of(page: Page) -> int:
    """The process of the page's kernel."""
    name = page.evaluate(KERNEL)
    mine = psutil.Process().children(recursive=True)
    (found,) = [int(each.pid) for each in mine if name in " ".join(_words_of(each))]
    return found


def _words_of(process: psutil.Process) -> list[str]:
    try:
        words: list[str] = process.cmdline()
    except psutil.NoSuchProcess:  # another kernel that has just ended
        return []
    return words


def reported(lab: Lab, product: str, name: str) -> str | None:
    return load_inputs(lab.project / EVALUATION).answers[product].answers[name].finding


def test_a_product_is_answered_with_the_keyboard_alone(lab: Lab, page: Page) -> None:
    cells = page.evaluate(CELLS)
    tab_to(page, page.get_by_label("Product", exact=True))
    page.keyboard.type("cursor")
    expect(page.locator(".evalkit-form .bar .product")).to_have_text("Cursor")
    tab_to(page, page.get_by_label("Option: deployment"))

    find(page, "LOC-03")
    press(page, "3")
    finding = question(page, "LOC-03").get_by_label("Finding").first
    tab_to(page, finding)
    press(page, "Control+A")
    page.keyboard.type("dd says: read on 2026-11-20, section 4 (abxz).")
    tab_to(page, question(page, "LOC-03").get_by_role("button", name="Add evidence").first)
    press(page, "Enter")
    row = question(page, "LOC-03").locator(".evidence-row").last
    expect(row.locator("select").first).to_be_focused()
    page.keyboard.type("documented")
    tab_to(page, row.locator(".source select"))
    page.keyboard.type("Cursor Docs: Hooks")
    tab_to(page, row.get_by_label("Collected"))
    page.keyboard.type("11202026")
    saved(page)

    find(page, "LOC-02")
    boxes = question(page, "LOC-02").locator(".set input")
    tab_to(page, boxes.first)
    press(page, "Space")
    saved(page)

    press(page, "u")
    saved(page)
    assert check(lab.project / EVALUATION) == ()
    said = load_inputs(lab.project / EVALUATION).answers["cursor"].answers
    assert said["LOC-03"].value == 3
    assert said["LOC-03"].finding == "dd says: read on 2026-11-20, section 4 (abxz)."
    added = said["LOC-03"].evidence[-1]
    assert (added.evidence_class, added.source) == ("documented", "hooks")
    assert added.collected == date(2026, 11, 20)
    assert page.evaluate(CELLS) == cells
    assert page.evaluate(MODE) == "command"


def test_axe_finds_no_barrier_in_light_and_dark(page: Page) -> None:
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        page.evaluate(f"() => jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})")
        light = "true" if theme.endswith("Light") else "false"
        page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")
        results = axe(page, ".evalkit-form")
        assert results.violations_count == 0, results.generate_report()


def test_a_narrow_window_cuts_nothing_off(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 900})
    question(page, "LOC-01").scroll_into_view_if_needed()
    outside = page.evaluate(
        """() => {
            const edge = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect().right;
            return [...document.querySelectorAll('.evalkit-form *')]
                .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > edge + 1)
                .filter((node) => !node.closest('.unseen, .tabs')) // unseen, or a scroller of their own
                .map((node) => node.outerHTML.slice(0, 120));
        }"""
    )
    assert outside == []


def test_few_messages_show_the_form_and_running_the_cell_again_leaves_one(page: Page) -> None:
    widgets = page.evaluate(WIDGETS)
    for _ in range(20):
        assert page.evaluate(COUNT_MESSAGES) <= MOST_MESSAGES
    expect(page.locator(".evalkit-form")).to_have_count(1)
    assert page.evaluate(WIDGETS) == widgets


def test_what_a_killed_kernel_did_not_save_is_saved_when_the_cell_runs_again(lab: Lab, page: Page) -> None:
    find_first = question(page, "LOC-01")
    tab_to(page, find_first.get_by_label("Finding").first)
    press(page, "Control+A")
    os.kill(kernel_of(page), signal.SIGKILL)
    # At once: JupyterLab soon asks about the kernel in a dialog, which takes the focus.
    page.keyboard.insert_text("Written while nobody listened.")
    gone = page.locator("[data-saving='gone']")
    expect(gone).to_be_attached()
    expect(gone).to_contain_text(re.compile("1 change"))
    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel?.status === 'idle'"
    )
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(READY)
    expect(question(page, "LOC-01").get_by_label("Finding").first).to_have_value(
        "Written while nobody listened."
    )
    saved(page)
    assert reported(lab, "aider", "LOC-01") == "Written while nobody listened."


def test_reopened_without_its_kernel_the_notebook_says_what_to_do(lab: Lab, page: Page) -> None:
    notebook = lab.project / "notebooks" / "01_answer.ipynb"
    without_outputs = notebook.read_bytes()
    instead = page.locator(".evalkit-closed")
    expect(instead).to_be_attached()
    expect(instead).to_be_hidden()
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("() => jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    again = lab.page("01_answer.ipynb")
    told = again.locator(".evalkit-closed")
    expect(told).to_contain_text("Run this cell to open it")
    told.scroll_into_view_if_needed()
    expect(told).to_be_visible()
    expect(again.get_by_text("Error displaying widget")).to_be_hidden()
    again.evaluate(RUN_ALL)
    again.wait_for_selector(READY)
    expect(told).to_be_hidden()
    again.evaluate("() => jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    again.close()
    notebook.write_bytes(without_outputs)
    lab.complaints[:] = [said for said in lab.complaints if "widget model not found" not in said]


def test_two_pages_on_one_kernel_never_overwrite_each_other(lab: Lab, page: Page) -> None:
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    other = lab.page("01_answer.ipynb")
    other.wait_for_selector(READY)
    for each in (page, other):
        tab_to(each, question(each, "LOC-04").get_by_label("Finding").first)
        press(each, "Control+A")
    page.keyboard.insert_text("From the first page.")
    other.keyboard.insert_text("From the second page.")  # before either hears of the other
    conflict = question(other, "LOC-04").locator(".conflict")
    expect(conflict).to_contain_text("From the first page.")
    expect(conflict).to_contain_text("From the second page.")
    saved(page)
    assert reported(lab, "aider", "LOC-04") == "From the first page."
    other.close()


def test_nothing_went_wrong_and_nobody_else_was_asked(lab: Lab) -> None:
    assert lab.complaints == []
    assert lab.strangers == []
