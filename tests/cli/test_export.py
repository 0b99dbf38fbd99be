"""``evalkit export`` as its users call it."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.cli.assessed import assessed, at
from tests.cli.command import evalkit
from tests.exchange.vendor_form.acme import evaluation

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return evaluation(tmp_path)


def test_a_file_is_written_and_what_it_does_not_carry_is_told(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    done = evalkit("export", "oscal", small, "-o", path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "wrote" in done.stderr
    assert "note: only gates are findings" in done.stderr
    results = json.loads(path.read_text(encoding="utf-8"))["assessment-results"]["results"]
    assert [result["title"] for result in results] == ["\\=Acme: =cmd\\|calc", "\\=Acme: Bedrock"]
    first = path.read_bytes()
    assert evalkit("export", "oscal", small, "-o", path).returncode == 0
    assert path.read_bytes() == first


def test_text_is_printed_where_no_file_is_named(small: Path) -> None:
    done = evalkit("export", "csv", cwd=small)
    rows = [*csv.DictReader(io.StringIO(done.stdout))]
    assert done.returncode == 0, done.stderr
    assert len(rows) == 2 * 74
    assert rows[0]["product_name"] == "'=Acme"
    printed = evalkit("export", "markdown", small, "-o", "-").stdout
    assert printed.startswith("# Small evaluation\n")
    assert yaml.safe_load(evalkit("export", "ciso-assistant", small).stdout)["ref_id"] == "coding-agent"


def test_options_profile_and_day_are_those_that_are_named(small: Path) -> None:
    arguments = ("--option", "acme/bedrock", "--profile", "regulated", "--as-of", "2026-12-24")
    done = evalkit("export", "oscal", small, *arguments)
    made = json.loads(done.stdout)["assessment-results"]
    assert len(made["results"]) == 1
    assert made["metadata"]["last-modified"] == "2026-12-24T00:00:00Z"
    assert "regulated" in str(made["metadata"]["props"])
    assert (
        len(
            json.loads(evalkit("export", "oscal", small, "--option", "acme").stdout)["assessment-results"][
                "results"
            ]
        )
        == 2
    )


def test_a_file_with_a_byte_order_mark_is_written_for_spreadsheets_only(small: Path, tmp_path: Path) -> None:
    for name, mark in (("csv", True), ("md", False)):
        path = tmp_path / f"acme.{name}"
        assert evalkit("export", "markdown" if name == "md" else name, small, "-o", path).returncode == 0
        assert path.read_bytes().startswith(b"\xef\xbb\xbf") is mark


def test_a_workbook_goes_to_a_file(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "acme.xlsx"
    done = evalkit("export", "workbook", small, "-o", path, "--option", "acme/direct")
    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(b"PK")


def test_answers_of_several_assessors_are_exported(tmp_path: Path) -> None:
    folder = assessed(tmp_path, {"ann": {}, "ben": {"LOC-01": at("LOC-01", 4)}})
    done = evalkit("export", "csv", folder, "--option", "aider/bedrock")
    assert done.returncode == 0, done.stderr
    row = next(it for it in csv.DictReader(io.StringIO(done.stdout)) if it["question"] == "LOC-01")
    assert row["assessors"] == "ann; ben"
    assert "ben: Read as level 4." in row["finding"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pdf",), "format 'pdf' is not known; allowed are oscal"),
        ((), "FORMAT"),
        (("workbook",), "which is not printed; name a file with --output"),
        (("csv", "-o", "x.json"), "x.json: csv is every answer as CSV; the name ends in .csv"),
        (("oscal", "-o", "evaluation.json"), "lies among the files that evalkit reads"),
        (("ciso-assistant", "-o", "answers/acme.yaml"), "lies among the files that evalkit reads"),
        (("csv", "-o", "out/x.csv"), "its folder does not exist"),
        (("csv", "--option", "acmee"), "did you mean acme"),
        (("ciso-assistant", "--option", "acme"), "leave --option out"),
        (("csv", "--profile", "none"), "none"),
        (("csv", "--as-of", "1.5.2026"), "YYYY-MM-DD"),
        (("csv", "nowhere"), "nowhere"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_allowed(
    small: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = (small / "answers" / "acme.yaml").read_bytes()
    done = evalkit("export", *arguments, cwd=small)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (small / "answers" / "acme.yaml").read_bytes() == before
