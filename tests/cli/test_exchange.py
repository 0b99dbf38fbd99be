"""``evalkit send`` and ``evalkit receive`` as their users call them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import evalkit
from tests.exchange.vendor_form.acme import evaluation, fill_in, says

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


def test_what_is_sent_comes_back_and_is_written_on_apply_only(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "acme.xlsx"
    done = evalkit("send", small, "acme", "-o", path, "--with-findings")
    assert done.returncode == 0, done.stderr
    assert "74 questions to Acme Ltd about =Acme" in done.stderr
    done = evalkit("receive", small, path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "there is nothing to write" in done.stderr
    fill_in(path, {"LOC-01/*": {"answer": 4}})
    done = evalkit("receive", path, cwd=small)
    assert done.returncode == 0, done.stderr
    assert "changed" in done.stdout
    assert "--apply files what is accepted and changed" in done.stderr
    assert len(says(small).answers["LOC-01"].evidence) == 1
    done = evalkit("receive", small, path, "--apply", "--on", "2026-11-20")
    assert done.returncode == 0, done.stderr
    assert "evalkit history" in done.stderr
    assert len(says(small).answers["LOC-01"].evidence) == 2
    assert "vendor-form-2026-11-20" in says(small).sources
    assert evalkit("check", small).returncode == 0
    assert "vendor's form acme.xlsx" in evalkit("history", small, "acme").stdout


def test_a_rejected_answer_makes_the_exit_code_1_and_is_in_the_json(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "acme.xlsx"
    assert evalkit("send", small, "acme", "-o", path, "--triage", "--deployment", "direct").returncode == 0
    fill_in(path, {"LOC-05/*": {"answer": "high"}})
    done = evalkit("receive", small, path, "--format", "json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["format"], told["product"], told["applied"]) == ("evalkit/received/1", "acme", False)
    (row,) = [each for each in told["rows"] if each["outcome"] == "rejected"]
    assert row["question"] == "LOC-05"
    assert "'high' is not one of" in row["reason"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("send", "acme", "-o", "x.doc"), "ends in .xlsx or .csv"),
        (("send", "acme"), "--output"),
        (("send", "acmee", "-o", "x.xlsx"), "did you mean acme"),
        (("send", "a", "b", "c", "-o", "x.xlsx"), "at most [DIR] PRODUCT"),
        (("receive", "missing.xlsx"), "no such file"),
        (("receive", "evaluation.yaml"), "is no form that evalkit sent"),
        (("receive", "evaluation.yaml", "--on", "1.5.2026"), "YYYY-MM-DD"),
        (("receive", "evaluation.yaml", "--on", "2026-12-01"), "after the evaluation's day"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_allowed(
    small: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = evalkit(*arguments, cwd=small)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
