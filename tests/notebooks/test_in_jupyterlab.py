"""The notebooks as architects use them: in JupyterLab, with a keyboard."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.barriers import axe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.notebooks.jupyterlab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIVE = "table.live"
PICKED = ".evalkit-panel p[role=status]"
UNCHANGED = re.compile(r"\b0 verdicts and 0 ranks differ from the start")
MEASURE = """() => new Promise((resolve, reject) => {
    const handle = document.activeElement;
    const place = document.querySelector('table.live').closest('.widget-html-content');
    const begin = performance.now();
    const watch = new MutationObserver(() => { watch.disconnect(); resolve(performance.now() - begin); });
    watch.observe(place, {childList: true, subtree: true, characterData: true});
    setTimeout(() => reject(new Error('no new table within 60 s')), 60_000);
    handle.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
})"""
FIRST_ROW_AFTER_A_MOVE = """() => new Promise((resolve, reject) => {
    const handle = document.activeElement;
    const place = document.querySelector('table.live').closest('.widget-html-content');
    let isComputed = false; // of this move: the table says so in between
    const watch = new MutationObserver(() => {
        const table = place.querySelector('table.live');
        if (!table) return;
        if (table.innerText.includes('…')) { isComputed = true; return; }
        if (!isComputed) return;
        watch.disconnect();
        resolve(table.querySelector('tbody tr').innerText);
    });
    watch.observe(place, {childList: true, subtree: true, characterData: true});
    setTimeout(() => reject(new Error('no shares within 60 s')), 60_000);
    handle.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft', bubbles: true}));
})"""


@pytest.fixture(scope="module")
def what_if(lab: Lab) -> Iterator[Page]:
    page = lab.run("04_what_if.ipynb")
    page.wait_for_selector(LIVE)
    page.wait_for_selector("[role=slider][aria-label='Local storage']")
    yield page
    page.close()


@pytest.fixture(scope="module")
def compare(lab: Lab) -> Iterator[Page]:
    page = lab.run("03_compare.ipynb")
    page.get_by_role("heading", name="Why the first differs").wait_for()  # JupyterLab's contents name it too
    yield page
    page.close()


def slider(page: Page, name: str) -> None:
    page.get_by_role("slider", name=name).focus()


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def test_arrow_keys_on_a_slider_change_the_numbers(what_if: Page) -> None:
    before = what_if.locator(LIVE).inner_text()
    slider(what_if, "Local storage")
    press(what_if, "ArrowRight", 20)
    what_if.wait_for_function(
        "before => document.querySelector('table.live').innerText !== before", arg=before
    )
    what_if.wait_for_selector("table.live .delta.up, table.live .delta.down")
    handle = what_if.get_by_role("slider", name="Local storage")
    expect(handle).to_have_attribute("aria-valuenow", "28.0")


def test_reset_brings_the_numbers_of_the_profile_back(what_if: Page) -> None:
    slider(what_if, "Local storage")
    press(what_if, "End")  # one move: a later one could arrive after the reset
    what_if.wait_for_selector("table.live .delta.up, table.live .delta.down")
    what_if.get_by_role("button", name="Reset everything").focus()
    press(what_if, "Enter")
    what_if.get_by_text(UNCHANGED).wait_for()
    handle = what_if.get_by_role("slider", name="Local storage")
    expect(handle).to_have_attribute("aria-valuenow", "8.0")


def test_every_key_on_a_slider_brings_new_numbers(
    what_if: Page, record_property: Callable[[str, object], None]
) -> None:
    slider(what_if, "Approvals")
    milliseconds = sorted(what_if.evaluate(MEASURE) for _ in range(15))
    record_property("median milliseconds from key to new text", milliseconds[7])
    assert all(it > 0 for it in milliseconds)


def test_how_often_an_option_leads_arrives_after_the_move(what_if: Page) -> None:
    slider(what_if, "Approvals")
    assert "%" in what_if.evaluate(FIRST_ROW_AFTER_A_MOVE)


def test_letters_on_a_slider_or_in_a_list_are_no_commands_of_jupyterlab(what_if: Page) -> None:
    cells = what_if.locator(".jp-Cell").count()
    slider(what_if, "Approvals")
    press(what_if, "b")
    what_if.get_by_label("Question").focus()
    press(what_if, "a")
    press(what_if, "x")
    assert what_if.locator(".jp-Cell").count() == cells


def test_a_supposed_answer_reaches_the_table(what_if: Page) -> None:
    what_if.get_by_role("button", name="Suppose this answer").click()
    what_if.wait_for_function("document.querySelector('select[size]').options.length === 1")
    what_if.get_by_role("button", name="Withdraw").click()
    what_if.wait_for_function("document.querySelector('select[size]').options.length === 0")


def test_a_profile_is_written_and_passes_the_check(what_if: Page, lab: Lab) -> None:
    slider(what_if, "Default transmission")
    press(what_if, "ArrowRight", 3)
    what_if.get_by_label("Id", exact=True).fill("from-the-lab")
    what_if.get_by_label("Title", exact=True).fill("From the lab")
    write = what_if.get_by_role("button", name="Write as profile")
    write.click()
    what_if.wait_for_selector("text=Written: questionnaires/coding-agent/profiles/from-the-lab.yaml")
    write.click()
    what_if.wait_for_selector("[role=alert] >> text=is there already")
    assert (lab.project / "questionnaires/coding-agent/profiles/from-the-lab.yaml").is_file()
    checked = evalkit(lab.project, "check", "results/coding-agents-2026")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_running_the_cell_again_leaves_one_panel(what_if: Page) -> None:
    what_if.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    what_if.get_by_text(UNCHANGED).wait_for()
    expect(what_if.locator(LIVE)).to_have_count(1)


def test_options_are_picked_with_the_keyboard(compare: Page) -> None:
    filter_box = compare.get_by_label("Filter", exact=True)
    filter_box.focus()
    compare.keyboard.type("aider")
    compare.get_by_text(re.compile(r"^\s*5 options listed")).wait_for()  # not 15, of fewer letters
    compare.get_by_label("Options", exact=True).focus()
    press(compare, "Home")
    press(compare, "Shift+ArrowDown")
    compare.wait_for_function(
        "() => [...document.querySelectorAll('.evalkit-panel table.ranking tbody th')]"
        ".filter(head => head.innerText.startsWith('aider/')).length === 2"
    )
    filter_box.fill("")
    compare.get_by_text(re.compile(r"^\s*39 options listed")).wait_for()
    expect(compare.locator(PICKED).first).to_contain_text("aider/direct-anthropic")


def test_axe_finds_no_barrier_in_the_panels(what_if: Page, compare: Page) -> None:
    for page in (what_if, compare):
        results = axe(page, ".evalkit-root")
        assert results.violations_count == 0, results.generate_report()


def test_nothing_went_wrong_and_nobody_else_was_asked(lab: Lab, what_if: Page, compare: Page) -> None:
    expect(what_if.locator(LIVE)).to_be_visible()
    expect(compare.get_by_label("Filter", exact=True)).to_be_visible()
    assert lab.complaints == []
    assert lab.strangers == []


@pytest.mark.parametrize(
    ("notebook", "shows"),
    [("03_compare.ipynb", "Why the first differs from the second"), ("04_what_if.ipynb", "0 ranks differ")],
)
def test_a_page_made_by_nbconvert_holds_a_table(notebook: str, shows: str, lab: Lab, tmp_path: Path) -> None:
    command = [
        "nbconvert",
        "--execute",
        "--to",
        "html",
        "--output-dir",
        str(tmp_path),
        f"notebooks/{notebook}",
    ]
    made = subprocess.run(
        [sys.executable, "-m", "jupyter", *command],
        cwd=lab.project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert shows in page
    assert "aider/bedrock" in page or notebook.startswith("03")
    assert '<script type="application/vnd.jupyter.widget-view+json">' not in page


def evalkit(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evalkit", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
