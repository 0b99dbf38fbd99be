"""The reviewer's table as a reviewer uses it: in JupyterLab, with a keyboard."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from evalkit import load_inputs
from evalkit.files.editing import update_answers
from evalkit.model.answers import Answered
from tests.barriers import axe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from evalkit.model.answers import Answer, Statement
    from tests.notebooks.jupyterlab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVALUATION = "results/coding-agents-2026"
ROW = ".evalkit-review tr.row"
CELLS = "() => jupyterapp.shell.currentWidget.content.widgets.length"
OVERFLOWING = """() => {
    const table = document.querySelector('.evalkit-review');
    const right = table.getBoundingClientRect().right + 1;
    const isSeen = (node) => !node.closest('thead, .unseen');
    return [...table.querySelectorAll('*')]
        .filter((node) => isSeen(node) && node.getBoundingClientRect().right > right)
        .map((node) => `${node.tagName}.${node.className}`);
}"""


@pytest.fixture
def page(lab: Lab) -> Iterator[Page]:
    """02 with its table, on aider."""
    opened = lab.run("02_review.ipynb")
    opened.wait_for_selector(ROW)
    yield opened
    opened.evaluate("() => jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    opened.close()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, place: Locator, most: int = 40) -> None:
    for _ in range(most):
        if place.evaluate("(node) => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{most} times Tab did not reach {place}")


def opener(page: Page, row: str) -> Locator:
    return page.locator(f"{ROW}[data-row='{row}'] button.open")


def rows_shown(page: Page) -> list[str]:
    found: list[str] = page.locator(ROW).evaluate_all("(rows) => rows.map((row) => row.dataset.row)")
    return found


def detail(page: Page) -> Locator:
    return page.locator(".evalkit-review tr.detail")


def statement(lab: Lab, row: str) -> Statement:
    question, _, scope = row.partition("/")
    answer = load_inputs(lab.project / EVALUATION).answers["aider"].answers[question]
    return answer if scope == "*" else answer.deployments[scope]


def change_by_hand(lab: Lab, question: str, **changed: Any) -> None:  # noqa: ANN401 - fields of any type
    """Change a general answer as a text editor would."""
    folder = lab.project / EVALUATION
    path = folder / "answers" / "aider.yaml"
    said = load_inputs(folder).answers["aider"]
    answer: Answer = said.answers[question].model_copy(update=changed)
    after = said.model_copy(update={"answers": {**said.answers, question: answer}})
    path.write_text(update_answers(path.read_text(encoding="utf-8"), said, after), encoding="utf-8")


def test_the_weakest_is_found_opened_and_signed_off_with_keys_alone(page: Page, lab: Lab) -> None:
    first, second = rows_shown(page)[:2]
    page.get_by_role("searchbox", name="Search").focus()
    tab_to(page, opener(page, first))
    press(page, "Enter")
    expect(detail(page).get_by_text("Evidence (")).to_be_visible()
    expect(opener(page, first)).to_have_attribute("aria-expanded", "true")
    tab_to(page, detail(page).get_by_label("Note (optional)"))
    page.keyboard.type("Read the page it cites. j k x dd")
    press(page, "Control+Enter")
    expect(page.locator(".evalkit-review .status")).to_contain_text("signed off at")
    expect(opener(page, second)).to_be_focused()
    expect(opener(page, first)).to_have_count(0)
    reviewed = statement(lab, first).reviewed
    assert reviewed is not None
    assert reviewed.note == "Read the page it cites. j k x dd"
    assert reviewed.revision is not None
    expect(page.locator(".evalkit-review .reached b")).to_contain_text("Signed off 1 of ")
    page.get_by_role("button", name="Take back", exact=True).focus()
    press(page, "Enter")
    expect(opener(page, first)).to_be_visible()
    assert statement(lab, first).reviewed is None


def test_keys_move_select_and_close(page: Page, lab: Lab) -> None:
    rows = rows_shown(page)
    opener(page, rows[0]).focus()
    press(page, "j", "ArrowDown", "k")
    expect(opener(page, rows[1])).to_be_focused()
    press(page, "End")
    expect(opener(page, rows[-1])).to_be_focused()
    press(page, "Home", "Enter")
    expect(detail(page).get_by_label("Note (optional)")).to_be_visible()
    detail(page).get_by_label("Note (optional)").focus()
    press(page, "Escape")
    expect(detail(page)).to_have_count(0)
    expect(opener(page, rows[0])).to_be_focused()
    press(page, "x", "j", "j", "x")
    both = page.get_by_role("group", name="Selected rows")
    both.get_by_label("Note for all").fill("Both read.")
    both.get_by_role("button", name="Sign off 2").focus()
    press(page, "Enter")
    expect(both).to_be_hidden()
    for row in (rows[0], rows[2]):
        reviewed = statement(lab, row).reviewed
        assert reviewed is not None
        assert reviewed.note == "Both read."
    assert statement(lab, rows[1]).reviewed is None
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.locator(".evalkit-review .status")).to_contain_text("taken back")


def test_who_answered_is_told_to_leave_it_to_somebody_else(page: Page, lab: Lab) -> None:
    row = next(each for each in rows_shown(page) if each.endswith("/*"))
    me = page.locator(".evalkit-review .reached").inner_text().split("you review as ")[1].strip()
    on = load_inputs(lab.project / EVALUATION).evaluation.as_of
    change_by_hand(lab, row.partition("/")[0], answered=Answered(by=me, on=on))
    line = page.locator(f"{ROW}[data-row='{row}']")
    expect(line).to_contain_text("answered by you")
    expect(line.get_by_role("checkbox")).to_be_disabled()
    opener(page, row).focus()
    press(page, "Enter")
    expect(detail(page)).to_contain_text("somebody else signs it off (four eyes)")
    expect(detail(page).get_by_role("button", name="Sign off", exact=True)).to_be_hidden()
    mine = page.get_by_role("button", name=re.compile("^Not mine"))
    opener(page, row).click()
    mine.click()
    expect(line).to_have_count(0)


def test_what_was_changed_in_a_text_editor_since_the_sign_off_shows(page: Page, lab: Lab) -> None:
    row = [each for each in rows_shown(page) if each.endswith("/*")][3]
    opener(page, row).click()
    detail(page).get_by_role("button", name="Sign off", exact=True).click()
    expect(opener(page, row)).to_have_count(0)
    change_by_hand(lab, row.partition("/")[0], finding="Rewritten <b>by hand</b>.")
    expect(page.locator(f"{ROW}[data-row='{row}']")).to_contain_text("Changed since")
    page.get_by_role("button", name=re.compile("^Changed since")).click()
    assert rows_shown(page) == [row]
    opener(page, row).click()
    changes = detail(page).get_by_role("table")
    expect(changes.get_by_role("row").nth(1)).to_contain_text("Rewritten <b>by hand</b>.")
    change_by_hand(lab, row.partition("/")[0], finding="Rewritten <b>by hand</b>.", reviewed=None)


def test_a_remark_is_added_and_typing_is_no_command_of_jupyterlab(page: Page, lab: Lab) -> None:
    cells = page.evaluate(CELLS)
    row = rows_shown(page)[5]
    opener(page, row).click()
    area = detail(page).get_by_label("Comment")
    area.focus()
    page.keyboard.type("a b dd x: which page?")
    tab_to(page, detail(page).get_by_role("button", name="Add comment"))
    press(page, "Enter")
    expect(detail(page).locator(".remarks")).to_contain_text("a b dd x: which page?")
    opener(page, row).focus()
    press(page, "b", "a", "m")
    assert page.evaluate(CELLS) == cells
    answers = load_inputs(lab.project / EVALUATION).answers["aider"].answers
    assert answers[row.partition("/")[0]].comments[-1].text == "a b dd x: which page?"


def test_rows_are_found_filtered_and_ordered(page: Page) -> None:
    everything = len(rows_shown(page))
    gates = page.get_by_role("button", name=re.compile("^Gates"))
    gates.focus()
    press(page, "Enter")
    expect(gates).to_have_attribute("aria-pressed", "true")
    expect(page.locator(ROW)).to_have_count(int(gates.locator(".count").inner_text()))
    press(page, "Enter")
    expect(page.locator(ROW)).to_have_count(everything)
    page.get_by_role("columnheader", name="Weight").get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Weight")).to_have_attribute("aria-sort", "descending")
    weights = [float(each.split()[0]) for each in page.locator(f"{ROW} .weight").all_inner_texts()]
    assert weights == sorted(weights, reverse=True)
    page.get_by_role("searchbox", name="Search").fill("credentials bedrock")
    assert set(rows_shown(page)) == {"LOC-04/bedrock", "LOC-04/bedrock-ci"}
    page.get_by_role("searchbox", name="Search").fill("nothing like this")
    page.get_by_role("button", name="Show all statements").click()
    assert len(rows_shown(page)) >= everything


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_no_barrier_and_nothing_scrolls_sideways(page: Page, theme: str) -> None:
    page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    light = str(theme.endswith("Light")).lower()
    page.wait_for_function("(light) => document.body.dataset.jpThemeLight === light", arg=light)
    rows = rows_shown(page)
    opener(page, rows[3]).click()
    expect(detail(page).get_by_text("Evidence (")).to_be_visible()
    opener(page, rows[4]).focus()
    press(page, "x")
    for width in ("", "380px"):
        page.evaluate("(width) => { document.querySelector('.evalkit-review').style.width = width; }", width)
        results = axe(page, ".evalkit-root")
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate(OVERFLOWING) == []


def test_another_product_is_chosen_and_running_the_cell_again_leaves_one_panel(page: Page, lab: Lab) -> None:
    page.get_by_label("Product").select_option("cursor")
    expect(page.locator(".evalkit-review h3")).to_contain_text("Cursor")
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    expect(page.locator(".evalkit-review h3")).to_contain_text("Aider")
    expect(page.locator(".evalkit-review")).to_have_count(1)
    assert lab.complaints == []
    assert lab.strangers == []


def test_a_page_made_by_nbconvert_holds_the_table(lab: Lab, tmp_path: Path) -> None:
    command = ["nbconvert", "--execute", "--to", "html", "--output-dir", str(tmp_path)]
    made = subprocess.run(
        [sys.executable, "-m", "jupyter", *command, "notebooks/02_review.ipynb"],
        cwd=lab.project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    page = (tmp_path / "02_review.html").read_text(encoding="utf-8")
    assert "statements signed off, the weakest evidence first</caption>" in page
    assert "Stored credentials" in page
    assert '<script type="application/vnd.jupyter.widget-view+json">' not in page
