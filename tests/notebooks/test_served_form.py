"""The form in the browser: shown, heard to the end, and gone with its processes."""

from __future__ import annotations

import re
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.barriers import axe
from tests.chromium import CHROMIUM_FLAGS
from tests.notebooks.serving import ROOT, Served, heeded, served_form, served_probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SHIPPED = ROOT / "results" / "coding-agents-2026"
FORM = '.evalkit-form[data-ready="1"]'
ENDS_WITHIN_SECONDS = 120
SHOWN_WITHIN_MS = 120_000
HOSTILE = "</script><script>document.title='taken'</script><b>bold"


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_probe(tmp_path_factory.mktemp("probe"), title=HOSTILE, text="as set") as served:
        yield served


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """A copy of the shipped evaluation with one product, in a project of its own."""
    copy = tmp_path / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    for folder in ("answers", "controls"):
        (copy / folder).mkdir(parents=True)
        shutil.copy(SHIPPED / folder / "aider.yaml", copy / folder)
    shutil.copy(SHIPPED / "evaluation.yaml", copy)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", copy / "controls")
    return copy


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_its_kernels(tmp_path: Path, by: signal.Signals) -> None:
    with heeded(by), served_probe(tmp_path) as served:
        served.get("/", Cookie=served.cookie())
        kernels = served.kernels()
        assert kernels
        assert served.end(by) == 0
        assert not [kernel for kernel in kernels if _still_runs(kernel)]
        assert not served.private.exists()


def _still_runs(process: psutil.Process) -> bool:
    # One that has ended may wait for a moment until its new parent takes notice.
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_no_kernel_survives_a_server_that_was_killed(tmp_path: Path) -> None:
    with served_probe(tmp_path) as served:
        served.get("/", Cookie=served.cookie())
        kernels = served.kernels()
        served.end(signal.SIGKILL)
        assert psutil.wait_procs(kernels, timeout=ENDS_WITHIN_SECONDS)[1] == []
        shutil.rmtree(served.private)


def _open(browser: Browser, served: Served, complaints: list[str], **options: Any) -> Page:  # noqa: ANN401 - playwright's
    page = browser.new_page(**options)
    page.set_default_timeout(SHOWN_WITHIN_MS)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((served.origin + "/", "data:", f"blob:{served.origin}/"))
            else complaints.append(f"asked for {request.url}")
        ),
    )
    page.goto(served.url, wait_until="commit")
    return page


def _heard(tmp_path: Path) -> list[str]:
    file = tmp_path / "heard.txt"
    return file.read_text(encoding="utf-8").split() if file.exists() else []


@pytest.mark.browser
def test_a_page_that_leaves_is_heard_and_its_kernel_ends_while_that_of_an_open_one_stays(
    browser: Browser, tmp_path: Path
) -> None:
    complaints: list[str] = []
    with served_probe(tmp_path, seconds=10) as served:
        first = _open(browser, served, complaints)
        first.wait_for_selector(FORM)
        (kernel,) = served.kernels()
        second = _open(browser, served, complaints)
        second.wait_for_selector(FORM)
        (other,) = set(served.kernels()) - {kernel}
        second.close()
        assert psutil.wait_procs([other], timeout=ENDS_WITHIN_SECONDS)[1] == []
        assert _heard(tmp_path) == ["left"]
        assert kernel.is_running()
        first.click("button")
        first.wait_for_selector('[data-heard="answered"]')
        first.close()
    assert complaints == []


@pytest.mark.browser
def test_a_page_whose_user_decides_to_stay_keeps_its_kernel(browser: Browser, tmp_path: Path) -> None:
    complaints: list[str] = []
    with served_probe(tmp_path, seconds=10) as served:
        page = _open(browser, served, complaints)
        page.wait_for_selector(FORM)
        page.evaluate("window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")
        page.click("button")
        page.wait_for_selector('[data-heard="answered"]')
        page.close()
    assert complaints == []


def test_the_page_says_what_happens_before_its_kernel_has_started(probe: Served) -> None:
    page = probe.first_of_page(until=b"</p>")
    assert "<h1>Answers</h1>" in page
    assert 'role="status">The form is being prepared' in page
    assert "cell-output" not in page


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_around_the_form_follows_the_systems_colours_and_has_no_barriers(
    browser: Browser, probe: Served, scheme: str
) -> None:
    complaints: list[str] = []
    page = _open(browser, probe, complaints, color_scheme=scheme)
    page.wait_for_selector(FORM)
    expect(page.locator("#evalkit-loading")).to_be_hidden()
    assert page.evaluate("document.body.dataset.jpThemeLight") == str(scheme == "light").lower()
    background, ink = page.evaluate(
        "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (_brightness(background) > _brightness(ink)) == (scheme == "light")
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--jp-border-color2')").startswith(
        "#"
    )
    assert page.locator("h1").count() == 1
    assert page.title().startswith("</script>")
    assert _barriers(page) == []
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    page.wait_for_selector(f"body[data-jp-theme-light='{str(scheme != 'light').lower()}']", state="attached")
    page.close()
    assert complaints == []


def _barriers(page: Page) -> list[str]:
    return [found["id"] for found in axe(page).response["violations"]]


def _brightness(colour: str) -> float:
    red, green, blue = map(float, re.findall(r"[\d.]+", colour)[:3])
    return red + green + blue


@pytest.mark.browser
def test_a_cell_that_fails_is_told_in_words_and_its_traceback_to_the_terminal(
    browser: Browser, tmp_path: Path
) -> None:
    code = r"raise ZeroDivisionError('deep \x1b]0;taken\x07 inside')"
    with served_probe(tmp_path, code=code) as served:
        page = _open(browser, served, [])
        expect(page.locator("main")).to_contain_text("The form cannot be shown.")
        text = page.inner_text("main")
        page.close()
    assert "The form cannot be shown." in text
    assert "deep" not in text
    assert "Traceback" not in text
    told = (tmp_path / "told.txt").read_text(encoding="utf-8")
    assert r"ZeroDivisionError: deep \u001b]0;taken\u0007 inside" in told
    assert "\x1b" not in told


@pytest.mark.browser
def test_the_command_shows_the_form_with_its_bar_in_sight_and_asks_nobody_else(
    browser: Browser, evaluation: Path
) -> None:
    complaints: list[str] = []
    with served_form("--no-browser", "--product", "aider", cwd=evaluation.parents[1]) as served:
        assert served.get("/")[0] == 403
        page = _open(browser, served, complaints, viewport={"width": 1300, "height": 900})
        page.wait_for_selector(FORM)
        assert page.url == f"{served.origin}/"
        assert served.token not in page.content()
        assert _barriers(page) == []
        page.mouse.move(600, 600)
        page.mouse.wheel(0, 1500)
        # Waiting for an expression would have the page evaluate a text, which its policy forbids.
        for _ in range(1200):
            if page.evaluate("window.scrollY") > 500:
                break
            page.wait_for_timeout(50)
        assert page.evaluate("document.querySelector('.evalkit-form .bar').getBoundingClientRect().top") == 0
        page.close()
        assert served.end() == 0
    assert complaints == []


@pytest.mark.browser
def test_what_was_typed_when_the_page_closed_is_saved_as_the_assessors(
    browser: Browser, evaluation: Path
) -> None:
    answers = evaluation / "answers"
    shutil.copy(answers / "aider.yaml", answers / "aider.ann.yaml")
    consensus = (answers / "aider.yaml").read_bytes()
    with served_form("--no-browser", "--assessor", "ann", cwd=evaluation.parents[1]) as served:
        page = _open(browser, served, [])
        page.wait_for_selector(FORM)
        page.get_by_label("Finding", exact=True).first.fill("Typed a moment before the page was closed.")
        page.close()
        _wait_for_text(answers / "aider.ann.yaml", "Typed a moment before")
    assert (answers / "aider.yaml").read_bytes() == consensus


@pytest.mark.browser
def test_files_that_broke_meanwhile_are_told_in_the_page(browser: Browser, evaluation: Path) -> None:
    with served_form("--no-browser", cwd=evaluation.parents[1]) as served:
        (evaluation / "answers" / "aider.yaml").write_text("<b>no</b>: [", encoding="utf-8")
        page = _open(browser, served, [])
        page.wait_for_selector('[role="alert"]')
        text = page.inner_text('[role="alert"]')
        bold = page.locator('[role="alert"] b').count()
        page.close()
    assert "results/small/answers/aider.yaml" in text
    assert "Traceback" not in text
    assert bold == 0


def test_the_browser_is_opened_by_way_of_a_file_that_others_cannot_read(
    evaluation: Path, tmp_path: Path
) -> None:
    # Everybody on a machine sees the arguments of everybody's processes.
    seen = tmp_path / "seen"
    stand_in = tmp_path / "browser.py"
    stand_in.write_text(
        f"import shutil, sys\nfrom urllib.parse import urlsplit\nfrom urllib.request import url2pathname\n"
        f"shutil.copy(url2pathname(urlsplit(sys.argv[1]).path), {str(seen)!r} + '.part')\n"
        f"open({str(seen)!r} + '.arguments', 'w').write(' '.join(sys.argv))\n",
        encoding="utf-8",
    )
    environment = {"BROWSER": f"{sys.executable} {stand_in} %s"}
    with served_form(cwd=evaluation.parents[1], environment=environment) as served:
        arguments = _wait_for_text(Path(f"{seen}.arguments"), "open.html")
        way = Path(f"{seen}.part").read_text(encoding="utf-8")
    assert served.token not in arguments
    assert f"url={served.url}" in way


def _wait_for_text(path: Path, text: str) -> str:
    """Return what is in a file once a process that gives no notice has written some text to it."""
    end = time.monotonic() + ENDS_WITHIN_SECONDS
    while time.monotonic() < end:
        if path.exists() and text in (content := path.read_text(encoding="utf-8")):
            return content
        time.sleep(0.05)
    pytest.fail(f"{path.name} does not say {text!r}")
