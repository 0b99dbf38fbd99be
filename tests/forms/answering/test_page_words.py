"""The answering form on a page: what it says of sign-offs, of what keys did, of scores that move a little."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.forms.answering.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.forms.answering.page import FormPage

    Show = Callable[..., FormPage]

pytestmark = pytest.mark.browser


def press(shown: FormPage, *keys: str) -> None:
    for key in keys:
        shown.page.keyboard.press(key)


def sign_off_of(shown: FormPage, name: str) -> Locator:
    question = shown.question(name)
    question.locator("details > summary", has_text=re.compile("^(Sign-off|Signed off)")).last.click()
    return question.locator("details[open]", has=shown.page.get_by_role("button", name="Sign off"))


def test_a_source_changed_after_the_sign_off_is_told_and_signed_off_again(show: Show) -> None:
    shown = show()
    question = shown.question("LOC-01")
    section = sign_off_of(shown, "LOC-01")
    section.get_by_role("button", name="Sign off").click()
    expect(question.get_by_text("Signed off by ann on")).to_be_visible()
    shown.saved()
    key = shown.answer("LOC-01")["evidence"][0]["source"]
    other = Visitor(shown.form, "other")
    other.edit(f"sources/{key}", {**shown.form.work.content(f"sources/{key}"), "title": "Another page"})
    shown.page.evaluate("messages => window.deliver(messages)", other.saved())
    shown.page.evaluate("() => window.saveNow()")
    chip = question.locator(".chip", has_text="changed since the sign-off")
    shown.question("LOC-02").get_by_label("Finding").first.fill("Anything: the figures come anew.")
    expect(chip).to_be_visible()
    told = question.get_by_text("Changed after the sign-off: its source “Another page”.")
    expect(told).to_be_visible()
    question.get_by_role("button", name="Sign off again").click()
    expect(chip).to_be_hidden()
    expect(told).to_be_hidden()


def test_what_a_key_did_is_seen_and_not_only_heard(show: Show) -> None:
    shown = show("aider")
    shown.question("LOC-01").focus()
    press(shown, "n")
    expect(shown.root.locator(".said")).to_have_text("Every question that applies is answered")
    expect(shown.root.locator(".said")).to_be_visible()
    press(shown, "1", "u")
    expect(shown.root.locator(".said")).to_have_text("Taken back: LOC-01")


def test_a_score_that_moves_by_less_than_a_point_is_seen_to_move(show: Show) -> None:
    shown = show("aider")
    shown.question("LOC-01").focus()
    press(shown, "3")
    delta = shown.root.locator(".bar .delta").first
    expect(delta).to_have_text(re.compile(r"^ [+−]\d\.\d$"))


def test_what_was_changed_together_is_not_taken_back_in_part(show: Show) -> None:
    shown = show("aider")
    question = shown.question("LOC-01")
    question.get_by_role("button", name="Add evidence").click()
    row = question.locator(".evidence-row").last
    row.locator(".source select").select_option(label="New source…")
    asked = question.locator(".inline-form")
    asked.get_by_label("Title").fill("Page of today")
    asked.get_by_label("Publisher").fill("Vendor")
    asked.get_by_label("Kind").select_option(index=1)
    asked.get_by_role("button", name="Add source").click()
    shown.saved()
    other = Visitor(shown.form, "other")
    other.edit("answers/LOC-01", {**shown.answer("LOC-01"), "finding": "Of the other page."})
    shown.page.evaluate("messages => window.deliver(messages)", other.saved())
    expect(question.get_by_label("Finding").first).to_have_value("Of the other page.")
    question.focus()
    press(shown, "u")
    shown.saved()
    assert shown.form.work.content("sources/page-of-today") is not None
