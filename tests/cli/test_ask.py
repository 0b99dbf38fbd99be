"""``evalkit ask`` as its users call it."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import ROOT, evalkit

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped evaluation with two products, in a project of its own."""
    evaluation = tmp_path / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
        for product in ("aider", "opencode"):
            shutil.copy(SHIPPED / folder / f"{product}.yaml", evaluation / folder)
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    return evaluation


def test_the_table_shows_the_most_valuable_records_first(copy: Path) -> None:
    done = evalkit("ask", copy, "--top", "3")
    assert done.returncode == 0, done.stderr
    assert "RTN-08" in done.stdout
    assert "3 of " in done.stdout


def test_the_table_tells_groups_and_how_far_the_first_place_shifts_where_few_compete(copy: Path) -> None:
    every = evalkit("ask", copy, "--top", "1")
    few = evalkit("ask", copy, "--top", "1", "--option", "opencode")
    for done in (every, few):
        assert "All that is open on a product, known at once" in done.stdout
        assert "All that is open in a domain, known at once" in done.stdout
        assert "Retention and use of content" in done.stdout
        assert done.stdout.count("First place shifts") == (0 if done is every else 1) + done.stdout.count(
            "First place shifts: "
        )
    assert "is left out: it is told where 2 to 8 options" in every.stdout
    assert "First place shifts: " in few.stdout


def test_csv_without_the_shift_says_so_beside_the_data(copy: Path) -> None:
    every = evalkit("ask", copy, "--format", "csv", "--top", "1")
    assert "left out" in every.stderr
    assert "left out" not in every.stdout
    few = evalkit("ask", copy, "--format", "csv", "--top", "1", "--option", "opencode")
    assert "left out" not in few.stderr
    kinds = [row["kind"] for row in csv.DictReader(few.stdout.splitlines())]
    assert kinds == ["record", "product", *["domain"] * 8, *["product-domain"] * 8]


def test_a_product_or_an_option_can_be_chosen(copy: Path) -> None:
    rows = list(
        csv.DictReader(evalkit("ask", copy, "--format", "csv", "--option", "aider").stdout.splitlines())
    )
    assert {row["product"] for row in rows if row["kind"] != "domain"} == {"aider"}
    one = evalkit("ask", copy, "--format", "csv", "--option", "opencode/bedrock", "--top", "4").stdout
    records = [row for row in csv.DictReader(one.splitlines()) if row["kind"] == "record"]
    assert [row["product"] for row in records] == ["opencode"] * 4


def test_json_holds_records_and_groups_and_repeats_to_the_byte(copy: Path) -> None:
    first, second = (
        evalkit("ask", copy, "--format", "json", "--option", "opencode", "--profile", "regulated").stdout
        for _ in range(2)
    )
    document = json.loads(first)
    assert first == second
    assert (document["format"], document["profile"]) == ("evalkit/ask/1", "regulated")
    assert {group["product"] for group in document["groups"]} == {"opencode", None}


def test_another_day_is_another_list(copy: Path) -> None:
    later = json.loads(evalkit("ask", copy, "--format", "json", "--top", "1", "--as-of", "2027-12-01").stdout)
    assert later["as_of"] == "2027-12-01"


@pytest.mark.parametrize(("output", "starts"), [("letter", "# Questions on "), ("lab-plan", "# Lab plan: ")])
def test_letters_and_plan_are_markdown(copy: Path, output: str, starts: str) -> None:
    done = evalkit("ask", copy, "--format", output, "--top", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(starts)
    assert "\n> " in done.stdout


@pytest.mark.parametrize("output", ["table", "csv", "json", "letter", "lab-plan"])
def test_a_file_holds_what_would_have_been_printed(copy: Path, tmp_path: Path, output: str) -> None:
    arguments = ("ask", copy, "--format", output, "--top", "2", "--option", "aider")
    target = tmp_path / "asked"
    done = evalkit(*arguments, "-o", target)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert target.read_text(encoding="utf-8") == evalkit(*arguments).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--option", "opencod"), "did you mean opencode"),
        (("--option", "opencode/bedrok"), "opencode/bedrock"),
        (("--format", "xml"), "lab-plan"),
        (("--top", "0"), "greater than or equal to 1"),
        (("--profile", "regulatd"), "regulated"),
        (("--output", "no/such/folder/file"), "folder does not exist"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_allowed(
    copy: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = evalkit("ask", copy, *arguments, cwd=copy)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
