"""``evalkit import`` as its user calls it, up to a report of what was imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import evalkit

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "id,question,choices,answer\nA1,Is it enforced?,Yes=100;No=0,Yes\nA2,Is it logged?,Yes=100;No=0,No\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_what_is_imported_is_checked_scored_and_asked_like_the_shipped_one(
    file: Path, tmp_path: Path
) -> None:
    project = tmp_path / "ours"
    done = evalkit("import", "table", file, "-o", project, "--product", "acme", "--on", "2026-11-20")
    assert done.returncode == 0, done.stderr
    assert "list@1.0.0, 'list': 2 questions; 2 answers, 2 with a value, about acme" in done.stderr
    assert evalkit("check", cwd=project).returncode == 0
    scored = json.loads(evalkit("score", "--format", "json", cwd=project).stdout)
    assert scored["options"][0]["face_value"] == 0.5
    assert "Is it enforced?" in evalkit("questions", "list", cwd=project).stdout
    assert "QUE-0" in evalkit("ask", "--format", "csv", cwd=project).stdout


def test_left_out_is_a_finding_and_a_dry_run_writes_nothing(file: Path, tmp_path: Path) -> None:
    file.write_text(TABLE.replace(",No\n", ",banana\n"), encoding="utf-8")
    done = evalkit("import", "table", file, "-o", tmp_path / "ours", "--dry-run", "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["notes"][0]["where"] == "line 3"
    assert told["written"] == []
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["tables"], "format 'tables' is not known; allowed are"),
        (["table", "--column", "question"], "--column 'question' is not written ROLE=HEADER"),
        (["table", "--column", "id=a", "--column", "id=b"], "--column: id is given twice"),
        (["table", "--points", "Yes=many"], "--points Yes=many: 'many' is no number"),
        (["table", "--answers", "nowhere.json"], "nowhere.json cannot be read: No such file"),
        (
            ["vsaq"],
            "list.csv:1:1: a value is expected, not 'id'. It looks like CSV: try evalkit import table",
        ),
    ],
)
def test_wrong_usage_is_told_without_a_traceback(
    arguments: list[str], told: str, file: Path, tmp_path: Path
) -> None:
    format_id, *options = arguments
    done = evalkit("import", format_id, file, "-o", tmp_path / "ours", *options)
    assert done.returncode == 2
    assert told in done.stderr
