"""The answering form on a page where something goes wrong: a full disk, another product, odd names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.forms.answering.test_page_saving import choose, chosen, finding, in_conflict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Dialog

    from tests.forms.answering.page import FormPage

    Show = Callable[..., FormPage]

pytestmark = pytest.mark.browser


def opened(shown: FormPage, product: str) -> None:
    """Go on with another product, as the list above the form does."""
    shown.page.evaluate("messages => window.deliver(messages)", shown.form.open(product))


def test_a_kernel_that_cannot_save_is_not_taken_for_gone(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.holdsSaves = true")
    choose(shown.root, "LOC-01", 0)
    expect(shown.root.locator(".saving")).to_have_text("Saving…")
    failure = {"kind": "not-saved", "client": "", "seq": 99, "reason": "No space left on device"}
    shown.page.evaluate("message => window.deliver([message])", failure)
    shown.page.wait_for_timeout(6000)  # longer than a kernel may be silent
    expect(shown.root.locator(".saving")).to_have_text("Could not be saved: No space left on device")
    shown.page.evaluate("window.holdsSaves = false")
    shown.root.get_by_role("button", name="Try again").click()
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0


def test_an_edit_that_is_not_understood_is_said_to_be_unsaved(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.deaf = true")
    choose(shown.root, "LOC-01", 0)
    seq = shown.sent("edit")[-1]["seq"]
    refusal = {"kind": "refused", "client": "", "seq": seq, "message": "not understood: edit"}
    shown.page.evaluate("message => window.deliver([message])", refusal)
    expect(shown.root.locator(".saving")).to_have_text("Could not be saved: not understood: edit")


def test_my_side_of_a_conflict_is_there_when_i_come_back_to_the_product(show: Show) -> None:
    shown = in_conflict(show)
    theirs = shown.answer("LOC-01")["value"]
    opened(shown, "aider")
    expect(shown.root.locator(".bar .product")).to_have_text("Aider")
    opened(shown, "claude-code")
    bar = shown.question("LOC-01").locator(".conflict")
    expect(bar).to_be_visible()
    assert theirs != 0
    assert chosen(shown.root, "LOC-01") == "0"
    bar.get_by_role("button", name="Keep mine").click()
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0


def test_what_was_typed_a_moment_before_another_product_opened_is_sent_on_return(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.deaf = true")
    finding(shown).fill("Typed in the last moment.")
    opened(shown, "aider")
    shown.page.evaluate("window.deaf = false")
    opened(shown, "claude-code")
    shown.saved()
    assert shown.answer("LOC-01")["finding"] == "Typed in the last moment."


def test_a_new_source_has_no_day_that_would_not_count_in_the_evaluation(show: Show) -> None:
    shown = show()
    assert shown.form.today.isoformat() > "2026-11-22"
    row = shown.question("LOC-01").locator(".evidence-row").first
    row.get_by_label("Source").first.select_option(label="New source…")
    asked = shown.root.get_by_role("group", name="New source")
    expect(asked.get_by_label("Retrieved on")).to_have_value("")
    expect(asked).to_contain_text("The evaluation is of 2026-11-22")


@pytest.mark.parametrize("text", ["1,000", "1e3", "0x10", "12 000"])
def test_what_may_be_another_number_is_none(show: Show, text: str) -> None:
    shown = show()
    kinds = {each.id: each.kind for each in shown.form.work.inputs.questionnaire.questions}
    question = next(name for name, kind in kinds.items() if kind == "number")
    domains = shown.form.work.inputs.questionnaire.domains
    shown.open(next(each.id for each in domains if question in {asked.id for asked in each.questions}))
    amount = shown.question(question).locator(".amount").first
    amount.fill(text)
    expect(shown.question(question)).to_contain_text("is no number")
    assert all("value" not in (each["edits"][0]["content"] or {}) for each in shown.sent("edit"))
    amount.fill("12,5")
    shown.saved()
    assert shown.answer(question)["value"] == 12.5


def test_names_that_every_object_has_are_names_like_others(show: Show, tmp_path: Path) -> None:
    shown = show("aider")
    path = tmp_path / "results/coding-agents-2026/answers/aider.yaml"
    deployment = shown.form.work.deployments[0]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"id: {deployment}", "id: constructor"), encoding="utf-8")
    assert [each["kind"] for each in shown.form.look_outside()] == ["changed", "standing"]
    shown.reload()
    shown.open("storage")
    shown.root.locator(".option").select_option("constructor")
    assert "constructor" not in shown.answer("LOC-04")["deployments"]
    own = shown.question("LOC-04").locator('.switches input[value="constructor"]')
    expect(own).not_to_be_checked()
    expect(shown.question("LOC-04").locator(".chips")).not_to_contain_text("Unanswered")
    assert shown.question("LOC-04").locator('.override[data-scope="constructor"]').count() == 0
    choose(shown.root, "LOC-01", 1)
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 1


def test_each_change_outside_is_put_back_by_itself(show: Show, tmp_path: Path) -> None:
    shown = show()
    path = tmp_path / "results/coding-agents-2026/answers/claude-code.yaml"
    for typed, outside in (
        ("First in the form.", "First by hand."),
        ("Second in the form.", "Second by hand."),
    ):
        finding(shown).fill(typed)
        shown.saved()
        path.write_text(path.read_text(encoding="utf-8").replace(typed, outside), encoding="utf-8")
        shown.from_outside()
    question = shown.question("LOC-01")
    question.locator("summary", has_text="History").click()
    first = question.locator(".entries > li").nth(2)
    expect(first).to_contain_text("First by hand.")
    first.get_by_role("button", name="Put back").click()
    shown.saved()
    expect(finding(shown)).to_have_value("First in the form.")


def test_the_form_says_that_it_follows_the_evaluation(show: Show, tmp_path: Path) -> None:
    shown = show()
    shown.page.evaluate("window.holdsSaves = true")
    choose(shown.root, "LOC-01", 0)
    path = tmp_path / "results/coding-agents-2026/evaluation.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("profile: standard", "profile: regulated"), encoding="utf-8")
    shown.from_outside()
    expect(shown.root.locator(".outside-line")).to_contain_text("the form follows")
    expect(shown.root.locator(".gates .gate")).to_have_count(len(shown.form.work.inputs.profile.gates))
    assert shown.page.evaluate("document.activeElement.closest('.question')?.dataset.question") == "LOC-01"
    shown.page.evaluate("window.saveNow()")
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0


def test_a_page_with_unsaved_edits_that_nobody_takes_asks_before_it_closes(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.deaf = true")
    choose(shown.root, "LOC-01", 0)
    shown.page.evaluate("window.model.comm_live = false; window.fire('comm_live_update')")
    expect(shown.root.locator(".saving")).to_contain_text("Kernel gone")
    asked: list[str] = []

    def heard(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    shown.page.on("dialog", heard)
    shown.reload()
    assert asked == ["beforeunload"]
    shown.saved()
    shown.reload()
    assert asked == ["beforeunload"]
    assert shown.answer("LOC-01")["value"] == 0
