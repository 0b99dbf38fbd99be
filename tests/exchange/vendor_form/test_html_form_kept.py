"""What a vendor has filled in on the page outlives it: in saved files, and in drafts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evalkit.exchange.vendor_form.json_form import document
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.sending import form_of
from tests.exchange.vendor_form.acme import came_back, evaluation, outcome, sent
from tests.exchange.vendor_form.pages import BLOCKED, load, question, save, state

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Dialog

    from tests.exchange.vendor_form.pages import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FULL = """Storage.prototype.setItem = function (key) {
    if (key !== "evalkit-form") throw new DOMException("full", "QuotaExceededError"); };"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


def test_a_saved_file_goes_on_elsewhere_and_is_merged_with_what_is_there(
    small: Path, tmp_path: Path, show: Open
) -> None:
    form = sent(small, "acme.html")
    here = show(form)
    question(here, "LOC-01").get_by_role("radio").nth(4).check()
    question(here, "LOC-01").get_by_label("Date of it").fill("2026-10-01")
    question(here, "LOC-02").get_by_role("checkbox").nth(1).check()
    question(here, "VER-03").get_by_role("radio").first.check()
    question(here, "NET-01").get_by_label("Observed").fill("a.example")
    saved = save(here, tmp_path)

    there = show(form, script=BLOCKED)
    load(there, saved)
    expect(state(there)).to_contain_text("4 answers loaded from acme-answers.json.")
    again = save(there, tmp_path / "again")
    assert again.read_bytes() == saved.read_bytes()

    question(there, "LOC-01").get_by_role("radio").nth(1).check()
    question(there, "LOC-02").get_by_role("button", name="Clear this answer").click()
    question(there, "LOC-05").get_by_role("radio").nth(2).check()
    load(there, saved)
    dialog = there.get_by_role("dialog", name="Load acme-answers.json")
    expect(dialog).to_contain_text("Answers here: 4; in the file: 4.")
    dialog.get_by_role("button", name="Add what is missing here").click()
    expect(state(there)).to_contain_text("1 answer loaded")
    expect(question(there, "LOC-02").get_by_role("checkbox").nth(1)).to_be_checked()
    expect(question(there, "LOC-01").get_by_role("radio").nth(1)).to_be_checked()
    load(there, saved)
    there.get_by_role("dialog").get_by_role("button", name="Replace what is here").click()
    expect(question(there, "LOC-01").get_by_role("radio").nth(4)).to_be_checked()
    expect(question(there, "LOC-05").get_by_role("radio").nth(2)).not_to_be_checked()
    state(there).get_by_role("button", name="Undo").click()
    expect(question(there, "LOC-05").get_by_role("radio").nth(2)).to_be_checked()


def test_a_file_of_another_form_is_refused_and_changes_nothing(
    small: Path, tmp_path: Path, show: Open
) -> None:
    page = show(sent(small, "acme.html"))
    question(page, "LOC-01").get_by_role("radio").nth(1).check()
    text = json.dumps(document(form_of(Place.of(small), "acme")))
    for content, said in (
        (text.replace("/acme/", "/other/"), "It belongs to another form: product “other”"),
        (text.replace("/small/", "/large/"), "in the evaluation “large”"),
        (text.replace("/coding-agent@", "/chatbot@"), "It belongs to another form"),
        (text.replace('"form": "evalkit/form/1/', '"form": "x/'), "does not say of which form it is"),
        ("[]", "It is not a file that such a page saved."),
        ("null", "It is not a file that such a page saved."),
        ("{", "it is no JSON"),
    ):
        path = tmp_path / "other.json"
        path.write_text(content, encoding="utf-8")
        load(page, path)
        expect(state(page)).to_contain_text(said)
        expect(state(page)).to_contain_text("other.json was not loaded.")
    expect(question(page, "LOC-01").get_by_role("radio").nth(1)).to_be_checked()


def test_of_another_version_what_is_asked_alike_is_loaded(small: Path, tmp_path: Path, show: Open) -> None:
    data = document(form_of(Place.of(small), "acme"))
    for row in data["rows"]:
        row["form"] = row["form"].replace("@1.0.0/", "@0.9.0/")
        cells: dict[str, dict[str, object]] = {
            "LOC-01/*": {"answer": "4 · Complete"},
            "LOC-03/*": {"answer": "0 · x", "digest": "0" * 16},
            "LOC-05/*": {"answer": "7 · none", "explanation": "kept"},
            "VER-03/*": {"answer": 30},
        }
        row.update(cells.get(row["id"], {}))
    path = tmp_path / "older.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    page = show(sent(small, "acme.html"))
    load(page, path)
    expect(state(page)).to_contain_text("3 answers loaded from older.json.")
    expect(state(page)).to_contain_text("Not taken, since this form does not ask it so: LOC-03.")
    expect(state(page)).to_contain_text("Not understood: LOC-05 (answer).")
    expect(question(page, "VER-03").get_by_role("textbox").first).to_have_value("30")


def test_a_draft_outlives_the_page_until_it_is_cleared(small: Path, show: Open) -> None:
    page = show(sent(small, "acme.html"))
    page.on("dialog", lambda dialog: dialog.accept())
    question(page, "LOC-01").get_by_role("radio").nth(2).check()
    question(page, "LOC-01").get_by_label("Explanation").fill("typed last")
    page.reload()
    expect(state(page)).to_contain_text("Going on from the draft in this browser, with 1 answer.")
    expect(question(page, "LOC-01").get_by_role("radio").nth(2)).to_be_checked()
    expect(question(page, "LOC-01").get_by_label("Explanation")).to_have_value("typed last")
    page.get_by_role("button", name="Clear the form and delete its draft").click()
    page.get_by_role("dialog").get_by_role("button", name="Clear the form").click()
    expect(state(page)).to_contain_text("The form is empty")
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(state(page)).to_have_text("Nothing is filled in yet.")


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
def test_without_a_place_for_drafts_it_works_and_says_so(
    small: Path, tmp_path: Path, show: Open, script: str
) -> None:
    page = show(sent(small, "acme.html"), script=script)
    question(page, "LOC-01").get_by_role("radio").nth(2).check()
    expect(state(page)).to_contain_text(
        "this browser keeps no draft. Save as file before you close the page."
    )
    assert outcome(came_back(small, save(page, tmp_path)), "LOC-01").outcome == "changed"


def test_leaving_with_what_no_file_has_asks_first(small: Path, tmp_path: Path, show: Open) -> None:
    page = show(sent(small, "acme.html"))
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    question(page, "LOC-01").get_by_role("radio").nth(2).check()
    save(page, tmp_path)
    page.reload()
    assert asked == []
    question(page, "LOC-01").get_by_role("radio").nth(3).check()
    page.reload()
    assert asked == ["beforeunload"]
