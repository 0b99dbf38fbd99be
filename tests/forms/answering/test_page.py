"""The answering form on a page: what people see, choose and type."""

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


def test_a_level_counts_at_once_and_is_saved(show: Show) -> None:
    shown = show()
    level(shown, "LOC-01", 0)
    expect(shown.root.locator(".bar .delta").first).to_be_visible()
    shown.saved()
    assert shown.answer("LOC-01")["value"] == 0
    assert "value: 0" in shown.form.work.file.path.read_text(encoding="utf-8").split("LOC-02:")[0]
    assert shown.root.locator(".saving").inner_text().startswith("Saved ")


def test_the_rest_of_an_answer_stays_as_it_was(show: Show) -> None:
    shown = show()
    before = shown.answer("LOC-01")
    level(shown, "LOC-01", 1)
    shown.saved()
    after = shown.answer("LOC-01")
    assert {**after, "value": 3} == {**before, "answered": after["answered"]}


def test_a_click_on_the_chosen_level_takes_it_away(show: Show) -> None:
    shown = show()
    level(shown, "LOC-01", 3)
    shown.saved()
    assert "value" not in shown.answer("LOC-01")
    assert shown.question("LOC-01").locator(".scale input:checked").count() == 0


def test_what_a_level_does_to_the_gate_stands_in_it_before_it_is_chosen(show: Show) -> None:
    shown = show()
    shown.open("approvals")
    cards = shown.question("APR-01").locator('[data-scope="*"] .scale .choice')
    expect(cards.nth(0)).to_contain_text("Fails the gate, unless CC-APP-04 is enforced")
    expect(cards.nth(4)).to_contain_text("Passes the gate")
    level(shown, "APR-01", 0)
    expect(shown.root.locator('.bar [data-gate="APR-01"]')).to_contain_text("failed")
    expect(shown.root.locator(".bar .change")).to_contain_text("Gate APR-01")
    expect(shown.root.locator('[data-tab="approvals"]')).to_contain_text("a gate fails")


def test_a_gate_of_the_bar_leads_to_its_question(show: Show) -> None:
    shown = show()
    shown.root.locator('.bar [data-gate="RTN-09"]').focus()
    press(shown, "Enter")
    expect(shown.question("RTN-09")).to_be_focused()


def test_tabs_are_walked_with_arrows(show: Show) -> None:
    shown = show()
    shown.root.locator('[data-tab="storage"]').focus()
    press(shown, "ArrowRight")
    expect(shown.root.locator('[data-tab="transmission"]')).to_be_focused()
    expect(shown.question("NET-01")).to_be_visible()
    press(shown, "End")
    expect(shown.root.locator('[data-tab="zero-trust"]')).to_have_attribute("aria-selected", "true")
    press(shown, "Home")
    expect(shown.root.get_by_role("button", name="Start a new product")).to_be_visible()


def test_a_scale_is_answered_with_digits_and_the_next_question_reached_with_j(show: Show) -> None:
    shown = show()
    shown.question("LOC-01").focus()
    press(shown, "1", "j", "j")
    expect(shown.question("LOC-03")).to_be_focused()
    press(shown, "4", "k", "k", "j")
    shown.saved()
    assert (shown.answer("LOC-01")["value"], shown.answer("LOC-03")["value"]) == (1, 4)
    expect(shown.question("LOC-02")).to_be_focused()


def test_digits_in_a_text_are_text(show: Show) -> None:
    shown = show()
    finding = shown.question("LOC-01").get_by_label("Finding")
    finding.focus()
    press(shown, "Control+A", "1", "j", "u")
    shown.saved()
    assert shown.answer("LOC-01")["finding"] == "1ju"
    assert shown.answer("LOC-01")["value"] == 3


def test_a_set_is_answered_with_the_keyboard_and_none_excludes_the_others(show: Show) -> None:
    shown = show()
    boxes = shown.question("LOC-02").locator('[data-scope="*"] .set input')
    boxes.nth(4).focus()
    press(shown, "Space")
    shown.saved()
    assert shown.answer("LOC-02")["value"] == ["open_undocumented", "opaque"]
    press(shown, "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Space")
    shown.saved()
    assert shown.answer("LOC-02")["value"] == ["none_written"]


def test_a_number_is_typed_or_a_special_value_chosen(show: Show) -> None:
    shown = show()
    shown.open("retention")
    general = shown.question("RTN-01").locator('[data-scope="*"]').first
    amount = general.locator("input.amount").first
    amount.focus()
    press(shown, "Control+A", "7")
    shown.saved()
    assert shown.answer("RTN-01")["value"] == 7
    press(shown, "x")
    expect(general.locator(".amount-choice .problem").first).to_contain_text("7x")
    expect(amount).to_have_value("7x")
    press(shown, "Tab", "ArrowDown")
    general.locator('[data-value="indefinite"] input').first.focus()
    press(shown, "Space")
    shown.saved()
    assert shown.answer("RTN-01")["value"] == "indefinite"


def test_hosts_are_typed_line_by_line(show: Show) -> None:
    shown = show()
    shown.open("transmission")
    observed = shown.question("NET-01").locator('[data-scope="*"]').first.get_by_label("Observed")
    observed.focus()
    shown.page.keyboard.type("a.example\n")
    shown.saved()
    expect(observed).to_have_value("a.example\n")
    shown.page.keyboard.type("b.example\n")
    shown.saved()
    value = shown.answer("NET-01")["value"]
    assert value["observed"] == ["a.example", "b.example"]
    assert value["purposes_given"] is True
    assert len(value["documented"]) == 15


def test_a_state_other_than_answered_takes_the_value_away_and_a_level_brings_it_back(show: Show) -> None:
    shown = show()
    state = shown.question("LOC-01").locator('[data-scope="*"] .state')
    state.get_by_text("Not found").click()
    shown.saved()
    assert shown.answer("LOC-01")["state"] == "unknown"
    assert "value" not in shown.answer("LOC-01")
    expect(state).to_contain_text("never counts as level 0")
    level(shown, "LOC-01", 2)
    shown.saved()
    assert "state" not in shown.answer("LOC-01")


def test_conflicting_evidence_gives_its_own_values(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    question.get_by_text("Conflicting").first.click()
    own = question.get_by_label("This evidence says")
    expect(own).to_have_count(2)
    own.nth(1).select_option("1")
    shown.saved()
    assert shown.answer("LOC-01")["state"] == "conflicting"
    assert [item["value"] for item in shown.answer("LOC-01")["evidence"]] == [3, 1]


def test_a_draft_says_in_words_what_is_missing_and_marks_the_field(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    question.get_by_role("button", name="Add evidence").click()
    expect(question.locator(".notice")).to_contain_text("Kept as a draft, does not count yet")
    shown.saved()
    row = question.locator(".evidence-row").nth(2)
    expect(row.locator("[aria-invalid]").first).to_be_visible()
    described = row.locator("[aria-invalid]").first.get_attribute("aria-describedby")
    assert described is not None
    expect(shown.page.locator(f"#{described.split()[-1]}")).not_to_be_empty()
    expect(question.locator(".chips")).to_contain_text("draft")


def test_focus_goes_on_when_evidence_is_added_and_removed(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    add = question.get_by_role("button", name="Add evidence")
    add.focus()
    press(shown, "Enter")
    expect(question.locator(".evidence-row").nth(2).locator("select").first).to_be_focused()
    for left in (2, 1, 0):
        question.locator(".evidence-row").last.get_by_role("button", name="Remove").focus()
        press(shown, "Enter")
        expect(question.locator(".evidence-row")).to_have_count(left)
    expect(add).to_be_focused()
    shown.saved()
    assert "evidence" not in shown.answer("LOC-01")


def test_evidence_is_duplicated_beside_its_original(show: Show) -> None:
    shown = show()
    shown.question("LOC-01").get_by_role("button", name="Duplicate evidence 1").click()
    shown.saved()
    items = shown.answer("LOC-01")["evidence"]
    assert len(items) == 3
    assert items[0] == items[1]


def test_a_new_source_is_written_down_where_it_is_cited(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    question.locator(".evidence-row").first.locator(".source select").select_option(label="New source…")
    form = question.locator(".inline-form")
    form.get_by_label("Title").fill("Paths: a page")
    expect(form.get_by_label("Key")).to_have_value("paths-a-page")
    form.get_by_role("button", name="Add source").click()
    expect(form.get_by_label("Publisher")).to_be_focused()
    form.get_by_label("Publisher").fill("Anthropic")
    form.get_by_label("Kind").select_option("vendor-docs")
    day = form.get_by_label("Retrieved on")
    expect(day).to_have_value("")  # today is after the evaluation's day, and no other may be made up
    day.fill("2026-11-21")
    form.get_by_role("button", name="Add source").click()
    shown.saved()
    assert shown.answer("LOC-01")["evidence"][0]["source"] == "paths-a-page"
    source = shown.form.work.content("sources/paths-a-page")
    assert source == {
        "title": "Paths: a page",
        "publisher": "Anthropic",
        "kind": "vendor-docs",
        "retrieved": "2026-11-21",
    }
    assert len(shown.sent("edit")) == 1


def test_what_a_source_lacks_is_asked_for_before_it_is_added(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    question.locator(".evidence-row").first.locator(".source select").select_option(label="New source…")
    question.get_by_role("button", name="Add source").click()
    expect(question.locator(".inline-form .problem").first).to_have_text("A source needs a title.")
    press(shown, "Escape")
    expect(question.locator(".inline-form")).to_have_count(0)
    assert shown.sent("edit") == []


def test_a_deployment_that_differs_starts_as_a_copy_and_shows_what_the_others_have(show: Show) -> None:
    shown = show()
    shown.open("approvals")
    question = shown.question("APR-01")
    question.locator('.switches input[value="bedrock"]').check()
    own = question.locator('.override[data-scope="bedrock"]')
    expect(own).to_contain_text("All others: level 4")
    own.locator('.scale [data-value="2"]').click()
    shown.saved()
    answer = shown.answer("APR-01")
    assert (answer["value"], answer["deployments"]["bedrock"]["value"]) == (4, 2)
    assert answer["deployments"]["bedrock"]["finding"] == answer["finding"]
    question.locator('.switches input[value="bedrock"]').uncheck()
    shown.saved()
    assert "deployments" not in shown.answer("APR-01")
    shown.root.get_by_role("button", name="Undo").click()
    shown.saved()
    assert shown.answer("APR-01")["deployments"]["bedrock"]["value"] == 2


def test_deployments_that_may_not_differ_are_switched_and_changed_together(show: Show) -> None:
    shown = show("aider")
    shown.open("routing")
    question = shown.question("RTE-09")
    question.locator('.switches input[value="bedrock"]').uncheck()
    expect(question.locator('.switches input[value="bedrock-ci"]')).not_to_be_checked()
    question.locator('.switches input[value="bedrock-ci"]').check()
    expect(question.locator('.switches input[value="bedrock"]')).to_be_checked()
    own = question.locator('.override[data-scope="bedrock"]')
    expect(question.locator('.override[data-scope="bedrock-ci"]')).to_have_count(0)
    expect(own.locator(".override-title")).to_contain_text("; ")
    own.locator('.scale [data-value="4"]').click()
    shown.saved()
    apart = shown.answer("RTE-09")["deployments"]
    assert (apart["bedrock"]["value"], apart["bedrock-ci"]["value"]) == (4, 4)
    assert not shown.form.work.snapshot.parts["answers/RTE-09"].is_draft


def test_where_deployments_cannot_differ_the_reason_stands_there(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    assert question.locator(".switches input:enabled").count() == 0
    expect(question.locator(".differs")).to_contain_text("Varies by surface only")


def test_digits_answer_for_the_deployment_that_has_the_focus(show: Show) -> None:
    shown = show()
    shown.root.get_by_label("Option: deployment").select_option("gateway")
    shown.open("routing")
    own = shown.question("RTE-02").locator('.override[data-scope="gateway"]')
    own.locator('.scale input[value="0"]').focus()
    press(shown, "1")
    shown.saved()
    assert shown.answer("RTE-02")["deployments"]["gateway"]["value"] == 1


def test_the_figures_are_those_of_the_chosen_option(show: Show) -> None:
    shown = show()
    before = shown.root.locator(".bar .assured b").inner_text()
    shown.root.get_by_label("Option: deployment").select_option("bedrock")
    expect(shown.root.locator(".bar .assured b")).not_to_have_text(before)
    level(shown, "LOC-01", 0)
    assert shown.sent("edit")[-1]["deployment"] == "bedrock"
