"""``evalkit frameworks`` as its users call it."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import evalkit

if TYPE_CHECKING:
    from pathlib import Path


def test_the_table_shows_related_questions_and_names_what_nobody_asks(ours: Path) -> None:
    done = evalkit("frameworks", ours, "--framework", "owasp_llm", "--option", "aider/bedrock")
    assert done.returncode == 0, done.stderr
    assert (
        "OWASP Top 10 for LLM applications 2025: 70 questions related to 8 of 10 identifiers" in done.stdout
    )
    assert "No question of this questionnaire is related to: LLM07, LLM09" in " ".join(done.stdout.split())
    assert "“Related to” says that a question asks about something" in done.stdout
    assert "NIST" not in done.stdout


def test_csv_names_every_option_asked_for(ours: Path) -> None:
    done = evalkit("frameworks", ours, "--framework", "csf", "--framework", "soc2", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["framework"] for row in rows} == {"csf", "soc2"}
    options = {row["option"] for row in rows} - {""}
    assert len(options) == 5
    one = evalkit("frameworks", ours, "--option", "aider/bedrock", "--format", "csv").stdout
    assert {row["option"] for row in csv.DictReader(io.StringIO(one))} == {"", "aider/bedrock"}


def test_a_page_and_markdown_are_written_to_files(ours: Path, tmp_path: Path) -> None:
    for output in ("html", "markdown"):
        file = tmp_path / output
        assert evalkit("frameworks", ours, "--format", output, "-o", file).returncode == 0
        assert evalkit("frameworks", ours, "--format", output).stdout.encode() == file.read_bytes()
    assert 'href="index.html"' not in (tmp_path / "html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ending", "begins"), [("html", "<!DOCTYPE html>"), ("md", "# "), ("csv", "framework,"), ("json", "{")]
)
def test_a_file_has_the_form_that_its_name_says(ours: Path, tmp_path: Path, ending: str, begins: str) -> None:
    file = tmp_path / f"frameworks.{ending}"
    evalkit("frameworks", ours, "--framework", "owasp_llm", "-o", file)
    assert file.read_text(encoding="utf-8").startswith(begins)


def test_json_follows_profile_and_day(ours: Path) -> None:
    flags = ("--profile", "regulated", "--as-of", "2027-03-01", "--format", "json")
    document = json.loads(evalkit("frameworks", ours, *flags).stdout)
    assert (document["profile"], document["as_of"]) == ("regulated", "2027-03-01")
    assert len(document["frameworks"]) == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--framework", "owasp"), "did you mean"),
        (("--framework", "zzz"), "there are: csf, airmf"),
        (("--option", "nowhere"), "'nowhere' is no option or product"),
    ],
)
def test_wrong_usage_is_said_and_exits_with_2(ours: Path, arguments: tuple[str, ...], said: str) -> None:
    done = evalkit("frameworks", ours, *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
