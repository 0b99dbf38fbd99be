"""The main job as its users see it: an evaluation rendered for real, read by programs and a browser."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import nbformat
import pytest
import yaml
from playwright.sync_api import sync_playwright

from tests.acceptance import hostile
from tests.barriers import axe
from tests.chromium import CHROMIUM_FLAGS
from tests.cli.command import ROOT, evalkit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.cli.command import Done

SHIPPED = ROOT / "results" / "coding-agents-2026"
OPTIONS = ("aider/bedrock", "aider/local-model", "hostile/direct")


def make_project(root: Path) -> Path:
    """A project with one evaluation: two options of a real product and one of a hostile vendor."""
    evaluation = root / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", root / "questionnaires")
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
        shutil.copy(SHIPPED / folder / "aider.yaml", evaluation / folder)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    answers = json.dumps(hostile.hostile_answers("coding-agent@1.0.0"), indent=1)  # JSON is YAML, too
    (evaluation / "answers" / "hostile.yaml").write_text(answers, encoding="utf-8")
    header = yaml.safe_load((SHIPPED / "evaluation.yaml").read_text(encoding="utf-8"))
    header |= {"id": "small", "title": f"Small {hostile.SCRIPT}", "options": list(OPTIONS)}
    (evaluation / "evaluation.yaml").write_text(yaml.safe_dump(header), encoding="utf-8")
    return evaluation


def render(evaluation: Path, *arguments: str) -> Done:
    return evalkit("render", evaluation, *arguments, cwd=evaluation)


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("project with space é {x}"))
    done = render(folder)
    assert done.returncode == 0, done.stderr
    assert "4 rendered, 0 unchanged, 0 failed; look at out/index.html" in done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(evaluation: Path) -> list[Path]:
    return sorted((evaluation / "out").rglob("*.html"))


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Tags(HTMLParser):
    """Every tag with its attributes, and all text outside of styles."""

    def __init__(self, page: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_out_holds_what_the_format_names(evaluation: Path) -> None:
    assert sorted(digests(evaluation / "out")) == sorted(
        [".cache.json", "comparison.html", "comparison.ipynb", "frameworks.html", "index.html"]
        + ["run.json", "scores.csv", "scores.json"]
        + [
            f"reports/{option.replace('/', '.')}.{ending}"
            for option in OPTIONS
            for ending in ("html", "ipynb")
        ]
    )


def test_the_run_record_holds_the_hashes_of_what_was_read_and_written(evaluation: Path) -> None:
    record = json.loads((evaluation / "out" / "run.json").read_text(encoding="utf-8"))
    root = evaluation.parents[1]
    for name, expected in record["inputs"].items():
        assert expected == f"sha256:{hashlib.sha256((root / name).read_bytes()).hexdigest()}", name
    assert "results/small/answers/aider.yaml" in record["inputs"]
    for option in OPTIONS:
        outputs = record["options"][option]["outputs"]
        for ending in ("html", "ipynb"):
            path = evaluation / "out" / "reports" / f"{option.replace('/', '.')}.{ending}"
            assert outputs[ending] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def test_scores_json_is_what_the_score_command_prints(evaluation: Path) -> None:
    printed = evalkit("score", evaluation, "--format", "json").stdout
    assert printed == (evaluation / "out" / "scores.json").read_text(encoding="utf-8")


def without_seconds(path: Path) -> object:
    """What a record holds but for how long each report took."""
    record = json.loads(path.read_text(encoding="utf-8"))
    for report in record["options" if path.name == "run.json" else "reports"].values():
        assert report.pop("seconds") > 0
    record.get("others", {}).pop("run.json", None)
    return record


def test_two_renders_are_equal_byte_for_byte_also_without_any_network(evaluation: Path) -> None:
    timed = [evaluation / "out" / name for name in ("run.json", ".cache.json")]
    before, records = digests(evaluation / "out"), [without_seconds(path) for path in timed]
    shutil.rmtree(evaluation / "out")
    command = [*without_network(), sys.executable, "-m", "evalkit", "render", str(evaluation), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    after = digests(evaluation / "out")
    assert {name for name in before | after if before.get(name) != after.get(name)} <= {
        path.name for path in timed
    }
    assert [without_seconds(path) for path in timed] == records


def without_network() -> tuple[str, ...]:
    """What to put before a command so that it has no network; nothing where the system bars that."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    may = subprocess.run([unshare, "--net", "true"], capture_output=True, check=False).returncode == 0
    return (unshare, "--net") if may else ()


def test_one_report_can_be_rendered_alone_and_leaves_the_others(evaluation: Path) -> None:
    before = digests(evaluation / "out" / "reports")
    done = render(evaluation, "--only", "aider/bedrock", "--force")
    assert "2 rendered, 0 unchanged, 0 failed;" in done.stderr
    assert digests(evaluation / "out" / "reports") == before


def test_nothing_changed_changes_nothing_and_says_so(evaluation: Path) -> None:
    before = digests(evaluation / "out")
    done = render(evaluation, "--verbose")
    lines = [f"unchanged {name}" for name in ("comparison", *OPTIONS)]
    assert done.stderr.splitlines() == [
        *lines,
        "0 rendered, 4 unchanged, 0 failed; look at out/index.html",
    ]
    assert digests(evaluation / "out") == before


def test_nothing_changed_is_found_out_without_the_heavy_libraries(evaluation: Path) -> None:
    heavy = {
        "IPython",
        "matplotlib",
        "nbclient",
        "nbconvert",
        "nbformat",
        "numpy",
        "pandas",
        "papermill",
        "yaml",
    }
    script = (
        "import sys\nfrom evalkit.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(*sys.modules)"
    )
    command = [sys.executable, "-c", script, "render", str(evaluation)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "4 unchanged" in done.stderr
    assert "pydantic" in done.stdout.split()
    assert heavy.isdisjoint(done.stdout.split())


def test_the_report_of_a_removed_option_is_removed(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    old = evaluation / "out" / "reports" / "gone.option.html"
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")
    header = evaluation / "evaluation.yaml"
    text = re.sub(r"options:\n(- .*\n)+", "options: [aider/bedrock]\n", header.read_text(encoding="utf-8"))
    header.write_text(text, encoding="utf-8")
    assert render(evaluation).returncode == 0
    assert not old.exists()


def test_bad_input_writes_nothing(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    answers = evaluation / "answers" / "aider.yaml"
    answers.write_text(
        answers.read_text(encoding="utf-8").replace("value: 3", "value: 7", 1), encoding="utf-8"
    )
    done = render(evaluation)
    assert done.returncode == 2
    assert "7" in done.stderr
    assert "0..4" in done.stderr
    assert not (evaluation / "out").exists()


def test_an_out_folder_that_cannot_be_written_is_said_before_anything_is_made(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    (evaluation / "out").write_text("in the way", encoding="utf-8")
    done = render(evaluation)
    assert done.returncode == 2
    assert "out cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_page_fetches_anything_or_runs_a_script(pages: list[Path]) -> None:
    for page in pages:
        for tag, attributes in Tags(page).tags:
            assert tag not in ("script", "iframe", "object", "embed", "base", "form"), page.name
            assert not any(name.startswith("on") for name in attributes), (page.name, tag, attributes)
            fetched = [attributes.get(name) for name in ("src", "srcset", "data", "action", "poster")]
            fetched += [attributes.get("href")] if tag in ("link", "use", "image") else []
            assert all(value is None or value.startswith(("data:", "#")) for value in fetched), (
                page.name,
                tag,
            )
        assert "@import" not in page.read_text(encoding="utf-8")


def test_links_lead_to_the_web_by_https_or_to_files_that_are_there(pages: list[Path]) -> None:
    for page in pages:
        for tag, attributes in Tags(page).tags:
            target = attributes.get("href")
            if tag != "a" or target is None or target.startswith("#"):
                continue
            if target.startswith(("https://", "http://")):
                assert "noopener" in (attributes.get("rel") or ""), (page.name, target)
            else:
                assert (page.parent / target.split("#")[0]).exists(), (page.name, target)


def test_hostile_text_is_shown_and_does_nothing(evaluation: Path) -> None:
    text = (evaluation / "out" / "reports" / "hostile.direct.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;" in text
    for harmful in (hostile.SCRIPT, "<img src=x", "</style></title>", "\x1b", "\u202e", 'href="javascript:'):
        assert harmful not in text, harmful


def test_hostile_text_leaves_the_notebook_valid(evaluation: Path) -> None:
    path = evaluation / "out" / "reports" / "hostile.direct.ipynb"
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    assert all(output.output_type != "error" for cell in notebook.cells for output in cell.get("outputs", ()))


def test_no_cell_of_the_spreadsheet_is_a_formula(evaluation: Path) -> None:
    rows = list(csv.reader((evaluation / "out" / "scores.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 1 + len(OPTIONS)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_reports_name_every_question_and_the_hash_of_every_input(evaluation: Path) -> None:
    text = (evaluation / "out" / "reports" / "aider.bedrock.html").read_text(encoding="utf-8")
    scores = json.loads((evaluation / "out" / "scores.json").read_text(encoding="utf-8"))
    assert [question for question in scores["options"][0]["questions"] if question not in text] == []
    answers = scores["inputs"]["results/small/answers/aider.yaml"].removeprefix("sha256:")
    assert answers in text


def test_notebooks_name_no_folder_of_this_machine(evaluation: Path) -> None:
    for path in (evaluation / "out").rglob("*"):
        if path.is_file():
            assert str(evaluation.parents[1]) not in path.read_text(encoding="utf-8"), path.name


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(browser: Browser, pages: list[Path], scheme: str) -> None:
    found = {}
    for page in pages:
        tab = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
        tab.goto(page.as_uri())
        results = axe(tab, only_colours=scheme == "dark")
        if results.violations_count:
            found[page.name] = results.generate_report()
        tab.close()
    assert found == {}


@pytest.mark.browser
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, pages: list[Path]) -> None:
    for page in pages:
        tab = browser.new_page(viewport={"width": 360, "height": 740})
        tab.goto(page.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360, page.name
        tab.close()


def watched(tab: Page) -> list[str]:
    """Every address that the page will ask for, and the text of every dialog it will open."""
    seen: list[str] = []
    tab.on("request", lambda request: seen.append(request.url))
    tab.on("dialog", lambda dialog: seen.append(f"dialog: {dialog.message}"))
    return seen


@pytest.mark.browser
def test_pages_make_no_request_and_no_dialog(browser: Browser, pages: list[Path]) -> None:
    for page in pages:
        tab = browser.new_page()
        asked = watched(tab)
        tab.goto(page.as_uri())
        tab.wait_for_load_state("networkidle")
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == [], page.name
        tab.close()


@pytest.mark.browser
def test_pages_print_on_a4(browser: Browser, pages: list[Path], tmp_path: Path) -> None:
    for page in pages:
        tab = browser.new_page()
        tab.goto(page.as_uri())
        target = tmp_path / "page.pdf"
        tab.pdf(path=target, format="A4", prefer_css_page_size=True)
        assert target.read_bytes().startswith(b"%PDF"), page.name
        tab.close()


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_a_batch_with_130_and_keeps_what_is_finished(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    command = [sys.executable, "-m", "evalkit", "render", str(evaluation), "--jobs", "1", "--verbose"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        said = ""
        while "rendered aider/bedrock" not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    assert process.returncode == 130
    assert "interrupted; the reports that were finished are kept" in said
    assert "Traceback" not in said
    assert (evaluation / "out" / "reports" / "aider.bedrock.html").is_file()
    assert [path.name for path in (evaluation / "out").rglob(".*")] == [".cache.json"]


def test_a_failed_report_shows_its_error_and_the_others_are_made(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    templates = tmp_path / "notebooks" / "templates"
    shutil.copytree(ROOT / "notebooks" / "templates", templates)
    path = templates / "vendor_report.ipynb"
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    (cell,) = (cell for cell in notebook.cells if cell.id == "show-gates")
    cell.source = "assert option != 'aider/bedrock', '<b>broken</b>'\nreport.gates"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    done = render(evaluation)
    assert done.returncode == 1
    assert "aider/bedrock failed in cell show-gates: AssertionError" in done.stderr
    assert "3 rendered, 0 unchanged, 1 failed;" in done.stderr
    page = (evaluation / "out" / "reports" / "aider.bedrock.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;broken&lt;/b&gt;" in page
    assert "Defer" in page or "Reject" in page
    partial = nbformat.read(evaluation / "out" / "reports" / "aider.bedrock.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    assert any(output.output_type == "error" for it in partial.cells for output in it.get("outputs", ()))
    record = json.loads((evaluation / "out" / "run.json").read_text(encoding="utf-8"))["options"]
    assert {name: it["status"] for name, it in record.items()} == {
        "aider/bedrock": "failed",
        "aider/local-model": "rendered",
        "hostile/direct": "rendered",
        "comparison": "rendered",
    }
    index = (evaluation / "out" / "index.html").read_text(encoding="utf-8")
    assert "1 report could not be made in full" in index
    assert "partial report" in index
