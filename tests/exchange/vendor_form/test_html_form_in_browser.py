"""The page in Chromium, from a file, as a vendor has it: filled in, saved, loaded, and sent back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from evalkit.exchange.vendor_form.json_form import document
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.sending import form_of
from tests.chromium import CHROMIUM_FLAGS
from tests.exchange.vendor_form.acme import ANSWERS, NOW, came_back, evaluation, outcome, says, sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Dialog, Download, Locator, Page

    Open = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE_MS = 60_000
BLOCKED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("blocked", "SecurityError"); } });"""
FULL = """Storage.prototype.setItem = function (key) {
    if (key !== "evalkit-form") throw new DOMException("full", "QuotaExceededError"); };"""
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter((each) => !each.closest('.unseen, .skip') && each.offsetWidth > 1)
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
    .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`).slice(0, 5)"""
SMALL = """() => [...document.querySelectorAll('button, select, textarea, summary, nav a, .switch, .card,'
        + ' input:not([type=radio], [type=checkbox])')]
    .filter((each) => each.offsetParent)
    .filter((each) => each.getBoundingClientRect().height < 24 || each.getBoundingClientRect().width < 24)
    .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`).slice(0, 5)"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


@pytest.fixture
def show(browser: Browser) -> Iterator[Open]:
    """Open a file in a browser of its own; at the end, nothing was fetched and nothing went wrong."""
    contexts: list[BrowserContext] = []
    files: set[str] = set()
    said: list[str] = []
    asked: list[str] = []

    def opened(file: Path, *, script: str = "", width: int = 1280, **how: Any) -> Page:  # noqa: ANN401 - Playwright's
        context = browser.new_context(viewport={"width": width, "height": 900}, **how)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        if script:
            page.add_init_script(script)
        files.add(file.as_uri())
        page.goto(file.as_uri())
        return page

    expect.set_options(timeout=PATIENCE_MS)
    yield opened
    for context in contexts:
        context.close()
    assert said == []
    assert {url for url in asked if not url.startswith("blob:")} == files


def question(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}")


def save(page: Page, folder: Path, press: Callable[[], object] | None = None) -> Path:
    with page.expect_download() as waiting:
        (press or page.get_by_role("button", name="Save as file").click)()
    download: Download = waiting.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def load(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as waiting:
        page.get_by_role("button", name="Load a saved file").click()
    waiting.value.set_files(path)


def barriers(page: Page) -> str:
    found = Axe().run(page)
    return "" if found.violations_count == 0 else str(found.generate_report())


def state(page: Page) -> Locator:
    return page.locator("#state")


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(small: Path, tmp_path: Path, show: Open, scheme: str) -> None:
    page = show(sent(small, "acme.html", triage=True, with_findings=True), color_scheme=scheme)
    question(page, "LOC-05").get_by_role("radio").first.check()
    question(page, "LOC-05").get_by_text("Why we ask").click()
    question(page, "RTN-01").get_by_role("textbox").first.fill("1,234")
    path = save(page, tmp_path)
    expect(page.locator(".problem")).to_have_count(1)
    assert barriers(page) == ""
    load(page, path)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page) == ""
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(question(page, "LOC-05").get_by_role("radio").first).to_be_checked()


@pytest.mark.parametrize("width", [320, 640], ids=["320 px", "200 % of 1280 px"])
def test_a_narrow_window_needs_no_sideways_scroll_and_everything_can_be_hit(
    small: Path, show: Open, width: int
) -> None:
    page = show(sent(small, "acme.html", with_findings=True), width=width)
    question(page, "VER-03").get_by_role("textbox").first.fill("1,234")
    question(page, "VER-03").get_by_role("textbox").first.blur()
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL) == []


def test_text_of_others_runs_nothing_and_is_read(tmp_path: Path, show: Open) -> None:
    script = "</script><img src=x onerror=alert(1)><script>alert(1)</script>"
    small = evaluation(tmp_path, ANSWERS.replace("name: =Acme", f"name: {json.dumps(script)}"))
    page = show(sent(small, "acme.html"))
    page.on("dialog", lambda _: pytest.fail("a script of a vendor ran"))
    assert script in page.title()
    expect(page.locator(".bar .product")).to_have_text(script)
    data = document(form_of(Place.of(small), "acme"))
    data["rows"][0]["explanation"] = data["rows"][0]["link"] = script
    data["rows"][1]["id"] = f"{script}/*"
    data["rows"][1]["answer"] = "x"
    path = tmp_path / f"{script[:9].replace('/', '')}.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    load(page, path)
    expect(state(page)).to_contain_text("1 answer loaded")
    expect(question(page, "LOC-01").get_by_label("Explanation")).to_have_value(script)
    assert page.locator("img").count() == 0


def test_without_scripts_it_can_be_read(small: Path, show: Open) -> None:
    page = show(sent(small, "acme.html"), java_script_enabled=False)
    # This switch leaves its content unread; a browser whose reader turned scripts off shows it.
    assert "Scripts are switched off in this view." in str(page.locator("noscript").text_content())
    expect(page.get_by_role("heading", name="Inventory of local files")).to_be_visible()
    assert page.get_by_role("button").count() == 0
