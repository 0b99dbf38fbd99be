"""``evalkit due`` as its users call it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from tests.cli.command import evalkit

if TYPE_CHECKING:
    from pathlib import Path


def test_the_table_shows_what_falls_due_and_sums_it_up(ours: Path) -> None:
    done = evalkit("due", ours, "--within", "all")
    assert "Falls due; what it changes if it is not renewed (profile standard, on 2026-11-22)" in done.stdout
    assert "Look again: " in done.stdout
    assert "No verdict changes on the way if nothing is renewed." in done.stdout


def test_the_exit_code_says_whether_something_is_past_its_day(ours: Path) -> None:
    rows = csv.DictReader(io.StringIO(evalkit("due", ours, "--within", "0", "--format", "csv").stdout))
    past = [row for row in rows if row["matters"] == "true"]
    assert evalkit("due", ours, "--within", "0").returncode == (1 if past else 0)
    later = evalkit("due", ours, "--within", "0", "--on", "2028-01-01")
    assert later.returncode == 1
    assert "Past its day; what it took away" in later.stdout


def test_json_and_csv_tell_of_the_same_things(ours: Path) -> None:
    document = json.loads(evalkit("due", ours, "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(evalkit("due", ours, "--format", "csv").stdout)))
    assert document["format"] == "evalkit/due/1"
    assert document["within_days"] == 90
    assert [(it["kind"], it["day"], it["subject"]) for it in document["due"]] == [
        (row["kind"], row["day"], row["subject"]) for row in rows
    ]
    assert rows


def test_a_calendar_is_written_to_a_file(ours: Path, tmp_path: Path) -> None:
    file = tmp_path / "due.ics"
    done = evalkit("due", ours, "--within", "all", "--format", "ics", "-o", file)
    assert f"wrote {file}" in "".join(done.stderr.splitlines())
    raw = file.read_bytes()
    assert evalkit("due", ours, "--within", "all", "--format", "ics").stdout.encode() == raw
    rows = csv.DictReader(io.StringIO(evalkit("due", ours, "--within", "all", "--format", "csv").stdout))
    events = Calendar.from_ical(raw).walk("VEVENT")
    assert len(events) == sum(row["matters"] == "true" for row in rows) > 0
    assert len({str(event["UID"]) for event in events}) == len(events)


def test_options_and_products_narrow_the_list(ours: Path) -> None:
    one = json.loads(evalkit("due", ours, "--option", "aider/bedrock", "--format", "json").stdout)
    assert {option for due in one["due"] for option in due["options"]} == {"aider/bedrock"}
    whole = evalkit("due", ours, "--product", "aider", "--format", "csv").stdout
    assert whole == evalkit("due", ours, "--format", "csv").stdout
    done = evalkit("due", ours, "--product", "nowhere")
    assert done.returncode == 2
    assert "'nowhere' is no option or product" in done.stderr


def test_conditions_and_waivers_of_the_board_are_in_the_list(ours: Path, tmp_path: Path) -> None:
    decided = tmp_path / "results" / "ours"
    shutil.copytree(ours.parents[1], tmp_path, dirs_exist_ok=True)
    done = evalkit(
        "decide", decided, "--option", "aider/bedrock", "--verdict", "approve-with-conditions",
        "--by", "Board", "--on", "2026-12-01", "--reason", "A pilot.",
        "--condition", "A contract;Legal;2027-01-31", "--waive", "APR-09", "--until", "2027-02-01",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(evalkit("due", decided, "--format", "json").stdout)["due"]
    told = [(it["kind"], it["day"], it["who"]) for it in found if it["kind"] != "evidence"]
    assert told == [("condition", "2027-01-31", "Legal"), ("waiver", "2027-02-01", "Board")]
    later = evalkit("due", decided, "--on", "2027-02-01", "--within", "0")
    assert later.returncode == 1
    assert "Condition: A contract (Legal)" in later.stdout


def test_a_release_that_is_supposed_shows_which_tests_it_makes_stale(ours: Path, tmp_path: Path) -> None:
    tested = tmp_path / "results" / "ours"
    shutil.copytree(ours.parents[1], tmp_path, dirs_exist_ok=True)
    answers = tested / "answers" / "aider.yaml"
    text = answers.read_text(encoding="utf-8")
    version = text.partition("version: ")[2].splitlines()[0].strip("'\"")
    place = text.index("class: source_read")
    answers.write_text(
        text[:place] + f"class: tested, version: '{version}'" + text[place + len("class: source_read") :],
        encoding="utf-8",
    )
    done = evalkit("due", tested, "--within", "0", "--version", "aider=99.0")
    assert "Stale with the release that is supposed" in done.stdout, done.stderr
    data = evalkit("due", tested, "--within", "0", "--version", "aider=99.0", "--format", "csv").stdout
    assert f"tested on {version}" in data
    again = evalkit("due", tested, "--within", "0", "--version", f"aider={version}")
    assert "Stale with the release" not in again.stdout
    assert "makes nothing stale: it is the version that the answers are about." in " ".join(
        again.stdout.split()
    )


def test_a_release_that_makes_nothing_stale_is_told(ours: Path) -> None:
    told = " ".join(evalkit("due", ours, "--within", "0", "--version", "aider=99.0").stdout.split())
    assert "Version 99.0 of Aider makes nothing stale: no answer that counts rests on a test" in told


@pytest.mark.parametrize(("ending", "begins"), [("csv", "kind,day,"), ("json", "{"), ("txt", "AI coding")])
def test_a_file_has_the_form_that_its_name_says(ours: Path, tmp_path: Path, ending: str, begins: str) -> None:
    file = tmp_path / f"due.{ending}"
    evalkit("due", ours, "-o", file)
    assert file.read_text(encoding="utf-8").lstrip().startswith(begins)
    evalkit("due", ours, "--format", "json", "-o", file)
    assert file.read_text(encoding="utf-8").startswith("{")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--within", "soon"), "--within soon: allowed are 0 to 36500 days, or all"),
        (("--within", "-1"), "--within -1: allowed are"),
        (("--within", "9" * 5000), "allowed are"),
        (("--on", "2026-11-21"), "is before the evaluation's day, 2026-11-22"),
        (("--version", "aider"), "write PRODUCT=VERSION"),
        (("--version", "aider= "), "write PRODUCT=VERSION"),
        (("--version", "other=2"), "there is no product other; there are: aider"),
        (("--version", "aider=2", "--version", "aider=3"), "named twice"),
        (("--version", "aider=2", "--format", "ics"), "has no day for a calendar"),
        (("--profile", "regulatd"), "regulated"),
    ],
)
def test_wrong_usage_is_said_and_exits_with_2(ours: Path, arguments: tuple[str, ...], said: str) -> None:
    done = evalkit("due", ours, *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_the_last_day_of_the_calendar_is_a_day_like_others(ours: Path) -> None:
    assert evalkit("due", ours, "--on", "9999-12-31").returncode == 1
