"""The answering form on a page: what is found, reviewed, looked up, and begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.forms.answering.page import FormPage

    Show = Callable[..., FormPage]

pytestmark = pytest.mark.browser


def level(shown: FormPage, question: str, number: int, scope: str = "*") -> None:
    shown.question(question).locator(f'[data-scope="{scope}"] .scale [data-value="{number}"]').first.click()


def press(shown: FormPage, *keys: str) -> None:
    for key in keys:
        shown.page.keyboard.press(key)


def test_unanswered_questions_are_listed_and_n_goes_to_the_next(show: Show) -> None:
    shown = show()
    level(shown, "LOC-01", 3)
    shown.question("LOC-03").get_by_role("button", name="Clear the answer").first.click()
    unanswered = shown.root.locator('[data-filter="unanswered"]')
    expect(unanswered).to_contain_text("2")
    shown.question("LOC-01").focus()
    press(shown, "n")
    expect(shown.question("LOC-03")).to_be_focused()
    unanswered.click()
    expect(shown.root.locator("h2")).to_have_text("Unanswered: 2 questions")
    expect(shown.root.locator(".panel > .question")).to_have_count(2)


def test_a_search_finds_findings_and_levels_in_all_domains(show: Show) -> None:
    shown = show()
    shown.question("LOC-01").focus()
    press(shown, "/")
    shown.page.keyboard.type("cleanupperioddays")
    expect(shown.root.locator("h2")).to_contain_text("with “cleanupperioddays”")
    expect(shown.question("LOC-07")).to_be_visible()
    press(shown, "Escape")
    expect(shown.root.locator("h2")).to_have_text("Local storage")


def test_the_weakest_evidence_comes_first(show: Show) -> None:
    shown = show()
    shown.root.locator('[data-filter="weakest"]').click()
    shown.wait("[data-complete]")
    reasons = shown.root.locator(".panel .reason").all_inner_texts()
    ranks = {"claim": 1, "third party": 2, "documented": 3, "source read": 4, "contract": 5, "attested": 6}
    order = [ranks[each.removeprefix("Rests on ").split(" evidence")[0]] for each in reasons]
    assert order == sorted(order)
    assert len(order) > 50


def test_the_kernel_says_what_to_answer_next_and_why(show: Show) -> None:
    shown = show()
    shown.root.locator('[data-filter="next"]').click()
    first = shown.root.locator(".panel > .question").first
    expect(first.locator(".reason")).to_contain_text("%")


def test_a_remark_is_added_and_counted(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    question.get_by_text("Comments", exact=True).click()
    question.get_by_label("Comment on LOC-01").fill("Is this still so in 2.2?")
    question.get_by_role("button", name="Add comment").click()
    expect(question.locator(".remarks")).to_contain_text("Is this still so in 2.2?")
    expect(question.get_by_label("Comment on LOC-01")).to_have_value("")
    expect(question.locator(".chips")).to_contain_text("1 comment")
    expect(shown.root.locator('[data-filter="commented"]')).to_contain_text("1")


def test_an_answer_is_signed_off_by_somebody_else_than_who_gave_it(show: Show) -> None:
    shown = show()
    other = shown.question("LOC-03")
    other.get_by_text("Sign-off", exact=True).click()
    other.get_by_label("Note").fill("Read it too")
    other.get_by_role("button", name="Sign off").click()
    expect(other.locator(".chips")).to_contain_text("signed off by ann")
    assert shown.answer("LOC-03")["reviewed"]["note"] == "Read it too"
    level(shown, "LOC-01", 2)
    shown.saved()
    own = shown.question("LOC-01")
    own.get_by_text("Sign-off", exact=True).click()
    expect(own.get_by_role("button", name="Sign off")).to_be_disabled()
    expect(own).to_contain_text("somebody else signs it off")


def test_the_history_shows_a_change_and_puts_it_back(show: Show) -> None:
    shown = show()
    level(shown, "LOC-01", 0)
    shown.saved()
    question = shown.question("LOC-01")
    question.get_by_text("History", exact=True).click()
    entry = question.locator(".entries > li").first
    expect(entry).to_contain_text("ann")
    expect(entry).to_contain_text("3 Full path list")
    entry.get_by_role("button", name="Put back").click()
    expect(question.locator(".entries > li")).to_have_count(2)
    assert shown.answer("LOC-01")["value"] == 3
    expect(question.locator('.scale [data-value="3"] input')).to_be_checked()


def test_what_stands_behind_a_question_is_one_click_away(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    for words, said in {
        "Why it matters": "Nobody can protect",
        "Strongest evidence": "Write log of the reference scenario",
        "Lab test": "Remove every listed path from the write log.",
        "Remedy": "Vendor maintains a versioned list",
        "References": "NIST Cybersecurity Framework",
    }.items():
        question.get_by_text(words, exact=True).click()
        expect(question).to_contain_text(said)


def test_a_question_that_does_not_apply_says_so_and_keeps_its_answer_folded(show: Show) -> None:
    shown = show()
    shown.open("routing")
    question = shown.question("RTE-02")
    expect(question).to_contain_text("Does not apply to this option")
    expect(question.locator(".statement").first).to_be_hidden()


def test_facts_of_the_product_are_edited_on_the_cover_sheet(show: Show) -> None:
    shown = show()
    shown.open("product")
    shown.root.get_by_label("Version", exact=True).fill("2.2.0")
    shown.root.get_by_label("code index").check()
    shown.saved()
    product = shown.form.work.content("product")
    assert product["version"] == "2.2.0"
    assert product["features"][:2] == ["hosted_backend", "code_index"]


def test_a_new_product_is_started_from_its_cover_sheet(show: Show) -> None:
    shown = show()
    shown.open("product")
    shown.root.get_by_role("button", name="Start a new product").click()
    sheet = shown.root.get_by_role("dialog")
    sheet.get_by_label("Name").first.fill("Fresh Agent")
    expect(sheet.get_by_label("Id (name of the file)")).to_have_value("fresh-agent")
    sheet.get_by_role("button", name="Create").click()
    expect(sheet.get_by_label("Vendor")).to_have_attribute("aria-invalid", "true")
    sheet.get_by_label("Vendor").fill("Fresh")
    sheet.get_by_label("Version", exact=True).fill("1")
    sheet.get_by_label("Licence").select_option("closed")
    sheet.get_by_label("Basis").fill("Public pages")
    row = sheet.get_by_role("group", name="Deployment 1")
    row.get_by_label("Name").fill("Direct, CLI")
    row.get_by_label("Route").select_option("vendor_direct")
    row.get_by_label("Surface").select_option("cli")
    row.get_by_label("Plan").select_option("team")
    sheet.get_by_role("button", name="Create").click()
    expect(sheet).to_have_count(0)
    expect(shown.root.locator(".bar .product")).to_have_text("Fresh Agent")
    assert shown.form.work.content("deployments")[0]["id"] == "direct-cli"
