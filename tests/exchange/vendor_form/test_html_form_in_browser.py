"""The page in Chromium, from a file, as a vendor has it: filled in, saved, and sent back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from evalkit.exchange.vendor_form.json_form import document
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.sending import form_of
from tests.exchange.vendor_form.acme import NOW, came_back, evaluation, outcome, says, sent
from tests.exchange.vendor_form.pages import question, save, state

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.vendor_form.pages import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


def test_filled_in_with_the_keyboard_saved_and_received_it_files_claims(
    small: Path, tmp_path: Path, show: Open
) -> None:
    page = show(sent(small, "acme.html"))
    keys = page.keyboard

    def press(*names: str) -> None:
        for name in names:
            keys.press(name)

    expect(state(page)).to_have_text("Nothing is filled in yet.")
    press("Tab", "Tab")  # past the way to the questions
    expect(page.get_by_label("Only not answered")).to_be_focused()
    press("Tab", "Enter")  # next not answered
    expect(question(page, "LOC-01").get_by_role("radio").first).to_be_focused()
    press("Space", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "Tab")
    keys.insert_text("Ä, =1+1 and “quotes”")
    press("Enter")
    keys.insert_text("second line")
    press("Tab", "p", "Tab")
    keys.insert_text("https://acme.example/paths")
    question(page, "LOC-02").get_by_role("checkbox").nth(2).focus()
    press("Space")
    question(page, "VER-03").get_by_role("textbox").first.focus()
    keys.type("90.5")
    question(page, "RTN-01").get_by_role("radio").first.focus()
    press("Space")
    question(page, "RTN-01").get_by_label("Also").focus()
    keys.type("model provider")
    question(page, "NET-01").get_by_label("Documented").focus()
    keys.type("a.example")
    press("Enter")
    keys.type("*.b.example")
    question(page, "NET-01").get_by_label("Purposes given").focus()
    press("y")
    expect(page.locator("#count")).to_have_text("5 of 75 answers given")

    path = save(page, tmp_path, lambda: press("Control+s"))
    assert path.name == "acme-answers.json"
    expect(state(page)).to_contain_text("Saved as acme-answers.json, with 5 of 75 answers")
    received = came_back(small, path)
    assert received.rejected == ()
    stated = {row.question for row in received.rows if row.outcome != "unchanged"}
    assert stated == {"LOC-01", "LOC-02", "VER-03", "RTN-01", "NET-01"}
    assert outcome(received, "LOC-01").outcome == "changed"
    assert received.apply(NOW) == ()
    answers = says(small).answers
    assert answers["LOC-01"].evidence[-1].evidence_class == "claim"
    assert "https://acme.example/paths" in str(answers["LOC-01"].evidence[-1].locator)
    assert "Ä, =1+1 and “quotes”\nsecond line" in answers["LOC-01"].comments[0].text
    assert answers["LOC-02"].value == ("open_undocumented",)
    assert (answers["VER-03"].value, answers["RTN-01"].value) == (90.5, "indefinite")
    assert answers["RTN-01"].also == "model provider"
    hosts = answers["NET-01"].model_dump(mode="json")["value"]
    assert (hosts["documented"], hosts["purposes_given"]) == (["a.example", "*.b.example"], True)


def test_what_nobody_touched_is_saved_as_it_was_sent(small: Path, tmp_path: Path, show: Open) -> None:
    path = save(show(sent(small, "acme.html")), tmp_path)
    wanted = json.dumps(document(form_of(Place.of(small), "acme")), indent=1, ensure_ascii=False)
    assert path.read_text(encoding="utf-8") == f"{wanted}\n"


def test_what_would_be_rejected_is_said_at_the_field(small: Path, tmp_path: Path, show: Open) -> None:
    page = show(sent(small, "acme.html"))
    life = question(page, "VER-03").get_by_role("textbox").first
    hosts = question(page, "NET-01")
    for text, said in (("1,234", "thousands"), ("30 days", "digits only"), ("9999", "from 0 to 3650")):
        life.fill(text)
        life.blur()
        expect(life).to_have_attribute("aria-invalid", "true")
        expect(question(page, "VER-03").locator(".problem")).to_contain_text(said)
    hosts.get_by_label("Documented").fill("a.example, b.example")
    hosts.get_by_label("Documented").blur()
    expect(hosts.locator(".problem").first).to_contain_text("write one per line")
    expect(hosts.locator(".problem").last).to_have_text("Hosts are listed: say yes or no.")
    expect(page.locator("#count")).to_have_text("0 of 75 answers given")
    path = save(page, tmp_path)
    expect(state(page)).to_contain_text("Still to be mended: NET-01, VER-03.")
    state(page).get_by_role("button", name="Show the first").click()
    expect(hosts.get_by_label("Documented")).to_be_focused()
    rejected = {row.question for row in came_back(small, path).rejected}
    assert rejected == {"NET-01", "VER-03"}
    life.fill("30")
    hosts.get_by_label("Documented").fill("a.example\nb.example")
    hosts.get_by_label("Purposes given").select_option("no")
    expect(page.locator(".problem")).to_have_count(0)
    assert came_back(small, save(page, tmp_path)).rejected == ()


def test_answers_exclude_each_other_where_the_question_says_so(small: Path, show: Open) -> None:
    page = show(sent(small, "acme.html"))
    boxes = question(page, "LOC-02").get_by_role("checkbox")
    boxes.nth(1).check()
    boxes.nth(0).check()  # no session content is written
    expect(boxes.nth(1)).not_to_be_checked()
    boxes.nth(2).check()
    expect(boxes.nth(0)).not_to_be_checked()
    typed = question(page, "VER-03").get_by_role("textbox").first
    typed.fill("5")
    question(page, "VER-03").get_by_role("radio").first.check()
    expect(typed).to_have_value("")
    typed.fill("6")
    expect(question(page, "VER-03").get_by_role("radio").first).not_to_be_checked()


def test_an_answer_is_taken_over_cleared_and_brought_back(small: Path, show: Open) -> None:
    page = show(sent(small, "acme.html"))
    general, bedrock = question(page, "LOC-04").locator(".entry").all()
    general.get_by_role("radio").nth(3).check()
    general.get_by_label("Explanation").fill("both")
    bedrock.get_by_role("button", name="Take over the answer above").click()
    expect(bedrock.get_by_role("radio").nth(3)).to_be_checked()
    expect(bedrock.get_by_label("Explanation")).to_have_value("both")
    bedrock.get_by_role("button", name="Clear this answer").click()
    expect(bedrock.get_by_role("radio").nth(3)).not_to_be_checked()
    state(page).get_by_role("button", name="Undo").click()
    expect(bedrock.get_by_role("radio").nth(3)).to_be_checked()


def test_what_is_answered_can_be_left_out_but_not_from_paper(small: Path, show: Open) -> None:
    page = show(sent(small, "acme.html", triage=True))
    first = page.locator("article").first
    first.get_by_role("radio").first.check()
    expect(first.locator(".mark")).to_have_text("answered")
    chapter = page.get_by_role("navigation", name="Domains").locator(".count").first
    expect(chapter).to_contain_text("1 of ")
    page.get_by_label("Only not answered").check()
    expect(first).not_to_be_visible()
    page.get_by_role("button", name="Next not answered").click()
    assert page.evaluate("document.activeElement.closest('article').id") != first.get_attribute("id")
    page.emulate_media(media="print")
    expect(first).to_be_visible()
    expect(page.get_by_role("button", name="Save as file")).not_to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_label("Only not answered").uncheck()
    expect(first).to_be_visible()
