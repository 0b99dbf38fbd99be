"""What ``evalkit form`` refuses before anything is served; tests/notebooks/test_served_form.py serves it."""

from __future__ import annotations

import shutil
import socket
import sys
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from tests.cli.command import ROOT, evalkit

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped evaluation with one product, in a project of its own."""
    evaluation = tmp_path / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
        shutil.copy(SHIPPED / folder / "aider.yaml", evaluation / folder)
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    return evaluation


def test_an_evaluation_that_cannot_be_read_is_told_as_by_check(copy: Path) -> None:
    answers = copy / "answers" / "aider.yaml"
    answers.write_text(
        answers.read_text(encoding="utf-8").replace("state: unknown", "state: unsure", 1), encoding="utf-8"
    )
    checked, done = evalkit("check", copy), evalkit("form", copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert "results/small/answers/aider.yaml:" in done.stderr
    assert done.stderr == checked.stderr


def test_a_product_that_is_not_there_is_refused(copy: Path) -> None:
    done = evalkit("form", copy, "--product", "cline")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--product cline is not one of aider" in done.stderr


def test_an_assessor_without_answers_is_refused(copy: Path) -> None:
    shutil.copy(copy / "answers" / "aider.yaml", copy / "answers" / "aider.ann.yaml")
    done = evalkit("form", copy, "--assessor", "ben")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--assessor ben is not one of ann" in done.stderr


def test_where_nobody_but_assessors_answered_it_asks_for_one(copy: Path) -> None:
    (copy / "answers" / "aider.yaml").rename(copy / "answers" / "aider.ann.yaml")
    done = evalkit("form", copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--assessor" in done.stderr
    assert "ann" in done.stderr


def test_an_evaluation_without_any_answers_is_refused(copy: Path) -> None:
    (copy / "answers" / "aider.yaml").unlink()
    done = evalkit("form", copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert "answers" in done.stderr


@pytest.mark.parametrize("name", ["voila", "anywidget", "ipywidgets"])
def test_what_is_missing_is_told_with_how_to_install_it(copy: Path, name: str) -> None:
    with mock.patch.dict(sys.modules, {name: None}):
        done = evalkit("form", copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"needs {name}" in done.stderr
    assert "pip install 'evalkit[lab]'" in done.stderr


def test_a_port_that_is_taken_is_refused(copy: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = evalkit("form", copy, "--no-browser", "--port", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--port {port}" in done.stderr
    assert "in use" in done.stderr


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_what_is_no_port_is_wrong_usage(copy: Path, port: str) -> None:
    done = evalkit("form", copy, "--port", port)
    assert done.returncode == 2
    assert "--port" in done.stderr
