"""evalkit as `pip install` brings it: a wheel, used far from any checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder of its own; what it depends on comes from the environment."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def evalkit(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evalkit", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_carries_instruments_templates_and_the_shipped_evaluation(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "evalkit/shipped/questionnaires/coding-agent/questionnaire.yaml",
        "evalkit/shipped/questionnaires/coding-agent/profiles/standard.yaml",
        "evalkit/shipped/questionnaires/schema/answers.schema.json",
        "evalkit/shipped/notebooks/templates/vendor_report.ipynb",
        "evalkit/shipped/notebooks/templates/comparison.ipynb",
        "evalkit/shipped/notebooks/templates/board_deck.ipynb",
        "evalkit/shipped/questionnaires/coding-agent/languages/de.yaml",
        "evalkit/forms/presenting/front/order.txt",
        "evalkit/exchange/vendor_form/html_form/front/form.js",
        "evalkit/exchange/vendor_form/html_form/page.html.j2",
        "evalkit/forms/presenting/live.css",
        "evalkit/forms/served/notebook/live.ipynb",
        "evalkit/reports/board/html_deck/deck.html.j2",
        "evalkit/reports/board/html_deck/reveal/LICENSE",
        "evalkit/reports/board/html_deck/reveal/reveal.js",
        "evalkit/reports/board/pptx_deck/board.pptx",
        "evalkit/views/languages/de.yaml",
        "evalkit/shipped/results/coding-agents-2026/answers/claude-code.yaml",
        "evalkit/shipped/results/coding-agents-2026/controls/conditions.yaml",
        "evalkit/shipped/results/coding-agents-2026/languages/de.yaml",
        "evalkit/reports/template/style.css",
        "evalkit/reports/board/memo.typ",
        "evalkit/reports/board/fonts/SourceSans3-Regular.ttf",
        "evalkit/reports/board/fonts/OFL-SourceSans3.txt",
        "evalkit/reports/board/fonts/BoardFallback.ttf",
        "evalkit/reports/board/fonts/APACHE-BoardFallback.txt",
        "evalkit/reports/board/fonts/coverage.txt",
        "evalkit/forms/served/notebook/form.ipynb",
        "evalkit/forms/served/page/index.html.j2",
        "evalkit/forms/served/page/static/page.js",
        "evalkit/observe/hosts.yaml",
        "evalkit/observe/rules/package.yaml",
    ):
        assert name in names
    assert not [name for name in names if "/out/" in name or name.startswith("tests/")]


def test_the_installed_package_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import evalkit; print(evalkit.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(installed)


def test_an_evaluation_is_started_checked_scored_and_rendered_outside_a_checkout(
    installed: Path, tmp_path: Path
) -> None:
    assert evalkit(installed, tmp_path, "new", "ours", "--as-of", "2026-11-22").returncode == 0
    checked = evalkit(installed, tmp_path, "check", "ours")
    assert checked.returncode == 0, checked.stderr
    scored = json.loads(evalkit(installed, tmp_path, "score", "ours", "--format", "json").stdout)
    assert "questionnaires/coding-agent/storage.yaml" in scored["inputs"]
    rendered = evalkit(installed, tmp_path, "render", "ours")
    assert rendered.returncode == 0, rendered.stderr
    assert (tmp_path / "ours" / "out" / "index.html").is_file()
    assert "Not scorable" in (tmp_path / "ours" / "out" / "reports" / "first-product.direct.html").read_text(
        encoding="utf-8"
    )


def test_the_demo_works_on_a_copy_outside_a_checkout(installed: Path, tmp_path: Path) -> None:
    # One wrong answer file ends the demo before the minute that rendering 39 reports takes.
    answers = tmp_path / "demo" / "results" / "coding-agents-2026" / "answers"
    first = evalkit(installed, tmp_path, "questions", "--triage")
    assert first.returncode == 0, first.stderr
    answers.mkdir(parents=True)
    (answers / "broken.yaml").write_text("format: evalkit/answers/1\n", encoding="utf-8")
    done = evalkit(installed, tmp_path, "demo", "demo")
    assert done.returncode == 2
    assert "evaluation.yaml" in done.stderr
