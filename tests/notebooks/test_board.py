"""The board's notebook and template: in JupyterLab, with a keyboard, and with plain papermill."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.barriers import axe
from tests.notebooks.jupyterlab import EVALUATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.notebooks.jupyterlab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIVE = '.evalkit-live[data-ready="1"]'
MEASURE = """() => new Promise((resolve, reject) => {
    const live = document.querySelector('.evalkit-live');
    const slider = live.querySelector('li[data-domain="storage"] input');
    const begin = performance.now();
    const watch = new MutationObserver(() => { watch.disconnect(); resolve(performance.now() - begin); });
    watch.observe(live, {attributes: true, attributeFilter: ['data-shown']});
    setTimeout(() => reject(new Error('no new picture within 60 s')), 60_000);
    slider.value = String(Number(slider.value) + 1);
    slider.dispatchEvent(new Event('input', {bubbles: true}));
})"""


@pytest.fixture(scope="module")
def board(lab: Lab) -> Iterator[Page]:
    page = lab.run("05_board.ipynb")
    page.wait_for_selector(LIVE)
    yield page
    page.close()


def _back(page: Page) -> None:
    page.get_by_role("button", name="Back to the evaluation").click()
    page.wait_for_selector('.evalkit-live[data-supposed="0"]')


def test_the_decision_the_short_list_and_the_documents_are_shown_above_the_live_view(
    board: Page, lab: Lab
) -> None:
    expect(board.locator(".jp-OutputArea .decision")).to_have_text(re.compile(r"^\s*Decision asked for"))
    expect(board.locator("text=out/board/memo.md").first).to_be_visible()
    made = lab.project / EVALUATION / "out" / "board"
    assert (made / "memo.pdf").read_bytes().startswith(b"%PDF")
    assert (made / "memo.md").is_file()


def test_keys_move_the_picture_and_are_no_commands_of_jupyterlab(board: Page) -> None:
    cells = board.locator(".jp-Cell").count()
    board.locator('li[data-domain="storage"] input').focus()
    for key in ("ArrowRight", "ArrowRight", "b", "a", "x"):
        board.keyboard.press(key)
    board.get_by_text("Local storage weighs 10, not 8").first.wait_for()
    assert board.locator(".jp-Cell").count() == cells
    _back(board)


def test_a_condition_is_supposed_with_the_space_bar(board: Page) -> None:
    board.get_by_role("checkbox", name="Human access").first.focus()
    board.keyboard.press("Space")
    board.wait_for_selector("text=A: 1 of 28 as if done")
    _back(board)
    expect(board.get_by_role("checkbox", name="Human access").first).not_to_be_checked()


def test_every_move_brings_a_new_picture(board: Page, record_property: Callable[[str, object], None]) -> None:
    milliseconds = sorted(board.evaluate(MEASURE) for _ in range(15))
    record_property("median milliseconds from move to new picture", milliseconds[7])
    assert all(it > 0 for it in milliseconds)
    _back(board)


def test_it_fills_the_screen_and_comes_back(board: Page) -> None:
    board.get_by_role("button", name="Full screen").click()
    board.wait_for_function("document.fullscreenElement?.matches('.evalkit-live')")
    board.get_by_role("button", name="Leave full screen").click()
    board.wait_for_function("document.fullscreenElement === null")


def test_axe_finds_no_barrier(board: Page) -> None:
    results = axe(board, ".evalkit-live")
    assert results.violations_count == 0, results.generate_report()


def test_running_the_cells_again_leaves_one_live_view(board: Page) -> None:
    board.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    board.wait_for_function("document.querySelectorAll('.evalkit-live').length === 1")
    board.wait_for_selector(LIVE)


def test_nothing_went_wrong_nobody_else_was_asked_and_no_input_changed(lab: Lab, board: Page) -> None:
    expect(board.locator(LIVE)).to_be_visible()
    assert lab.complaints == []
    assert lab.strangers == []


def test_a_page_made_by_nbconvert_holds_a_table_and_no_dead_panel(lab: Lab, tmp_path: Path) -> None:
    made = _run(
        "jupyter",
        "nbconvert",
        "--execute",
        "--to",
        "html",
        "--output-dir",
        str(tmp_path),
        "notebooks/05_board.ipynb",
        cwd=lab.project,
    )
    assert made.returncode == 0, made.stderr
    page = (tmp_path / "05_board.html").read_text(encoding="utf-8")
    assert "As evaluated" in page
    assert "claude-code/gateway" in page
    assert '<script type="application/vnd.jupyter.widget-view+json">' not in page


@pytest.mark.parametrize("out", ["", "made"])
def test_plain_papermill_fills_the_template_and_writes_documents_only_where_told(
    lab: Lab, tmp_path: Path, out: str
) -> None:
    filled, folder = tmp_path / "filled.ipynb", tmp_path / "made"
    parameters = {
        "evaluation": EVALUATION,
        "options": "codex-cli/gateway, aider/bedrock",
        "formats": "md",
        "out": out and str(folder),
    }
    given = [part for name, value in parameters.items() for part in ("-p", name, value)]
    template = "notebooks/templates/board_deck.ipynb"
    done = _run("papermill", template, str(filled), *given, cwd=lab.project)
    assert done.returncode == 0, done.stderr
    text = filled.read_text(encoding="utf-8")
    assert "Codex CLI: Own gateway" in text
    assert [path.name for path in folder.glob("*")] == (["memo.md"] if out else [])


def _run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False
    )
