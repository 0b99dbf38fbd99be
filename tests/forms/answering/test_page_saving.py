"""The answering form on a page: what is saved, what two people change, what a lost kernel costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.forms.answering.page import FormPage

    Show = Callable[..., FormPage]

pytestmark = pytest.mark.browser

PART = "answers/LOC-01"


def choose(root: Locator, question: str, number: int) -> None:
    root.locator(f'[data-question="{question}"] .scale [data-value="{number}"]').first.click()


def chosen(root: Locator, question: str) -> str:
    card = root.locator(f'[data-question="{question}"] .statement').first.locator(".scale .choice")
    return str(card.filter(has=root.page.locator("input:checked")).get_attribute("data-value"))


def finding(shown: FormPage, question: str = "LOC-01") -> Locator:
    return shown.question(question).get_by_label("Finding").first


def by_another(shown: FormPage, part: str, **changed: Any) -> None:  # noqa: ANN401 - JSON
    """Let somebody else's page change a part and save it; this page hears what all pages hear."""
    form = shown.form
    form.receive({"kind": "hello", "client": "other", "deployment": None})
    content = {**(form.work.content(part) or {}), **changed}
    edits = [{"part": part, "base": form.work.revision(part), "content": content}]
    form.receive({"kind": "edit", "client": "other", "seq": 1, "deployment": None, "edits": edits})
    shown.page.evaluate("messages => window.deliver(messages)", form.save_due())


TYPES = """(field, words) => words.forEach((word) => {
    field.value += word;
    field.dispatchEvent(new Event("input", { bubbles: true }));
})"""
"""Type without a pause, however slow the machine is."""


def test_words_typed_in_a_row_go_in_one_message(show: Show) -> None:
    shown = show()
    finding(shown).evaluate(TYPES, [" and", " some", " more", " words"])
    shown.saved()
    assert shown.answer("LOC-01")["finding"].endswith(" and some more words")
    assert [len(each["edits"]) for each in shown.sent("edit")] == [1]


def test_what_is_typed_goes_with_the_next_choice(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.holdsSaves = true")
    choice = shown.root.locator('[data-question="LOC-03"] .scale [data-value="4"]').first.element_handle()
    types = f"([field, choice]) => {{ ({TYPES})(field, ['Short.']); choice.click(); }}"
    shown.page.evaluate(types, [finding(shown).element_handle(), choice])
    edits = shown.sent("edit")[0]["edits"]
    assert {each["part"] for each in edits} == {PART, "answers/LOC-03"}


def test_a_newer_edit_may_go_before_the_older_is_acknowledged(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.holdsSaves = true")
    choose(shown.root, "LOC-01", 0)
    choose(shown.root, "LOC-01", 1)
    expect(shown.root.locator(".saving")).to_have_text("Saving…")
    shown.page.evaluate("window.saveNow()")
    shown.page.evaluate("window.holdsSaves = false")
    choose(shown.root, "LOC-01", 2)
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 2
    assert shown.root.locator(".conflict:visible").count() == 0


def test_changes_are_taken_back_and_made_again(show: Show) -> None:
    shown = show()
    original = shown.answer("LOC-01")
    choose(shown.root, "LOC-01", 0)
    finding(shown).evaluate("field => { field.value = ''; }")
    finding(shown).evaluate(TYPES, ["First", " and", " second"])
    shown.saved()
    shown.question("LOC-01").focus()
    shown.page.keyboard.press("Control+z")
    expect(finding(shown)).to_have_value(original["finding"])
    assert chosen(shown.root, "LOC-01") == "0"
    shown.page.keyboard.press("u")
    shown.saved()
    assert shown.answer("LOC-01") == original
    shown.page.keyboard.press("Control+Shift+z")
    shown.page.keyboard.press("Control+Shift+z")
    expect(finding(shown)).to_have_value("First and second")
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0
    expect(shown.root.get_by_role("button", name="Redo")).to_be_disabled()


def test_undo_keeps_remarks_made_since(show: Show) -> None:
    shown = show()
    choose(shown.root, "LOC-01", 0)
    shown.saved()
    question = shown.question("LOC-01")
    question.get_by_text("Comments", exact=True).click()
    question.get_by_label("Comment on LOC-01").fill("Sure?")
    question.get_by_role("button", name="Add comment").click()
    expect(question.locator(".remarks")).to_contain_text("Sure?")
    shown.root.get_by_role("button", name="Undo").click()
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 3
    assert [each["text"] for each in shown.answer("LOC-01")["comments"]] == ["Sure?"]


def in_conflict(show: Show) -> FormPage:
    """A page whose level 0 meets the level 1 of somebody else."""
    shown = show()
    shown.page.evaluate("window.deaf = true")
    choose(shown.root, "LOC-01", 0)
    by_another(shown, PART, value=1)
    shown.page.evaluate("window.deaf = false")
    shown.root.locator('[data-question="LOC-01"]').focus()
    choose(shown.root, "LOC-03", 4)
    shown.page.evaluate("""() => {
        const first = window.sent.find((each) => each.kind === "edit");
        window.kernelReceive(first).then(window.deliver).then(window.saveNow);
    }""")
    expect(shown.question("LOC-01").locator(".conflict")).to_be_visible()
    return shown


def test_a_conflict_shows_both_values_and_theirs_can_be_taken(show: Show) -> None:
    shown = in_conflict(show)
    bar = shown.question("LOC-01").locator(".conflict")
    expect(bar.locator("tbody")).to_contain_text("1 Folder named")
    expect(bar.locator("tbody")).to_contain_text("0 No list")
    expect(shown.root.locator(".save-state")).to_contain_text("1 conflict")
    assert shown.answer("LOC-01")["value"] == 1
    bar.get_by_role("button", name="Take theirs").click()
    expect(bar).to_be_hidden()
    shown.saved()
    assert chosen(shown.root, "LOC-01") == "1"
    assert shown.answer("LOC-01")["value"] == 1
    assert shown.answer("LOC-03")["value"] == 4


def test_mine_can_be_kept_in_a_conflict(show: Show) -> None:
    shown = in_conflict(show)
    assert chosen(shown.root, "LOC-01") == "0"
    bar = shown.question("LOC-01").locator(".conflict")
    bar.get_by_role("button", name="Keep mine").focus()
    shown.page.keyboard.press("Enter")
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0
    expect(shown.question("LOC-01")).to_be_focused()


def test_a_change_by_others_shows_at_once_and_leaves_focus_and_place(show: Show) -> None:
    shown = show()
    finding(shown, "LOC-03").focus()
    place = finding(shown, "LOC-03").bounding_box()
    by_another(shown, PART, value=1, finding="Somebody else's")
    expect(finding(shown)).to_have_value("Somebody else's")
    assert chosen(shown.root, "LOC-01") == "1"
    expect(finding(shown, "LOC-03")).to_be_focused()
    moved = finding(shown, "LOC-03").bounding_box()
    assert place is not None
    assert moved is not None
    assert abs(moved["y"] - place["y"]) < 1
    shown.root.get_by_role("button", name="LOC-01: changed by").click()
    expect(shown.question("LOC-01")).to_be_focused()


def test_a_change_by_others_never_overwrites_what_is_not_saved(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.deaf = true")
    finding(shown).fill("Mine, not saved")
    by_another(shown, PART, finding="Theirs")
    expect(finding(shown)).to_have_value("Mine, not saved")
    shown.page.evaluate("window.deaf = false")
    finding(shown).fill("Mine, sent after theirs was heard of")
    expect(shown.question("LOC-01").locator(".conflict")).to_contain_text("Theirs")
    expect(finding(shown)).to_have_value("Mine, sent after theirs was heard of")
    assert shown.answer("LOC-01")["finding"] == "Theirs"


def test_a_change_by_a_text_editor_is_picked_up(show: Show) -> None:
    shown = show()
    path = shown.form.work.file.path
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("finding: One page lists path by path", "finding: A page lists path by path"),
        encoding="utf-8",
    )
    shown.from_outside()
    expect(finding(shown)).to_have_value(shown.answer("LOC-01")["finding"])
    assert finding(shown).input_value().startswith("A page lists")
    expect(shown.question("LOC-01")).to_contain_text("Changed outside this page")


def test_a_file_that_cannot_be_read_is_said_and_edits_are_kept(show: Show) -> None:
    shown = show()
    path = shown.form.work.file.path
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("answers:", "answers: [", 1), encoding="utf-8")
    shown.from_outside()
    banner = shown.root.locator(".banner")
    expect(banner).to_contain_text("claude-code.yaml")
    choose(shown.root, "LOC-01", 0)
    expect(shown.root.locator(".save-state")).to_contain_text("Could not be saved")
    path.write_text(text, encoding="utf-8")
    shown.from_outside()
    expect(banner).to_be_hidden()
    shown.root.get_by_role("button", name="Try again").click()
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0


def test_two_pages_of_one_kernel_show_each_others_answers(show: Show) -> None:
    shown = show()
    shown.page.evaluate("void window.show('beside')")
    beside = shown.page.locator("#beside .evalkit-form")
    beside.locator("[data-question='LOC-01'].built").wait_for()
    choose(shown.root, "LOC-01", 0)
    shown.saved()
    expect(beside.locator('[data-question="LOC-01"] [data-value="0"] input').first).to_be_checked()
    beside.locator("[data-question='LOC-01'] .prose").first.fill("From beside")
    expect(finding(shown)).to_have_value("From beside")
    assert shown.answer("LOC-01")["value"] == 0


def test_two_pages_of_one_kernel_do_not_lose_each_others_unsaved_edits(show: Show) -> None:
    shown = show()
    shown.page.evaluate("void window.show('beside')")
    beside = shown.page.locator("#beside .evalkit-form")
    beside.locator("[data-question='LOC-01'].built").wait_for()
    shown.page.evaluate("window.holdsSaves = true")
    choose(shown.root, "LOC-01", 0)
    choose(beside, "LOC-01", 1)
    shown.page.wait_for_function("window.sent.filter((each) => each.kind === 'edit').length === 2")
    shown.page.evaluate("window.saveNow()")
    expect(shown.page.locator(".conflict:visible")).to_have_count(1)
    assert (chosen(shown.root, "LOC-01"), chosen(beside, "LOC-01")) == ("0", "1")


def test_edits_that_no_kernel_heard_of_are_sent_by_the_next_page(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.deaf = true")
    choose(shown.root, "LOC-01", 0)
    shown.reload()
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0
    assert chosen(shown.root, "LOC-01") == "0"
    kept = shown.page.evaluate("Object.keys(sessionStorage)")
    assert [key for key in kept if key.startswith("evalkit-form:")] == []


def test_edits_of_an_earlier_page_meet_what_others_changed_since_as_a_conflict(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.deaf = true")
    choose(shown.root, "LOC-01", 0)
    by_another(shown, PART, value=1)
    shown.reload()
    expect(shown.question("LOC-01").locator(".conflict")).to_contain_text("1 Folder named")
    shown.question("LOC-01").get_by_role("button", name="Keep mine").click()
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0


def test_a_kernel_that_is_gone_is_said_with_what_is_kept_and_comes_back_by_itself(show: Show) -> None:
    shown = show(own_clock=True)
    shown.page.clock.install()
    shown.reload()
    shown.page.evaluate("window.deaf = true")
    choose(shown.root, "LOC-01", 0)
    choose(shown.root, "LOC-03", 4)
    shown.page.clock.run_for(4000)
    expect(shown.root.locator(".saving")).to_have_text("Saving…")
    shown.page.clock.run_for(1500)
    expect(shown.root.locator(".saving")).to_have_text("Kernel gone: 2 changes are kept in this page")
    shown.page.evaluate("window.deaf = false")
    shown.page.evaluate("window.kernelReceive({kind: 'look', client: ''}).then(window.deliver)")
    shown.page.clock.run_for(1000)
    shown.saved()
    assert (shown.answer("LOC-01")["value"], shown.answer("LOC-03")["value"]) == (0, 4)


def test_a_cut_connection_is_said_at_once(show: Show) -> None:
    shown = show()
    shown.page.evaluate("window.model.comm_live = false; window.fire('comm_live_update')")
    expect(shown.root.locator(".saving")).to_contain_text("Kernel gone")
    shown.page.evaluate("window.model.comm_live = true; window.fire('comm_live_update')")
    expect(shown.root.locator(".saving")).to_have_text("All saved")


def test_what_is_typed_is_sent_when_the_page_goes_away(show: Show) -> None:
    shown = show()
    finding(shown).press_sequentially("!")
    shown.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert shown.sent("edit")[-1]["edits"][0]["content"]["finding"].endswith("!")
    assert shown.sent("flush")


def test_a_form_taken_off_the_page_sends_what_is_left_and_listens_no_more(show: Show) -> None:
    shown = show()
    finding(shown).press_sequentially("!")
    shown.page.evaluate("window.close_first()")
    assert shown.sent("edit")[-1]["edits"][0]["content"]["finding"].endswith("!")
    count = len(shown.sent("flush"))
    shown.page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert len(shown.sent("flush")) == count


def test_what_could_not_be_saved_is_tried_again(show: Show) -> None:
    shown = show()
    answers = shown.form.work.file.path.parent
    lock = answers / f".{shown.form.work.file.path.stem}.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    choose(shown.root, "LOC-01", 0)
    expect(shown.root.locator(".saving")).to_contain_text("Could not be saved:")
    lock.rmdir()
    shown.root.get_by_role("button", name="Try again").click()
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0
