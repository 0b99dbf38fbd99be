"""``evalkit agreement`` as its users call it."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from evalkit.model.answers import Answer
from tests.cli.assessed import BASE, assessed, at
from tests.cli.command import evalkit

if TYPE_CHECKING:
    from pathlib import Path

APART = {"LOC-03": at("LOC-03", 4), "LOC-05": at("LOC-05", 1)}


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Bob reads one question of 69 four levels higher than ann, and one a level higher."""
    return assessed(tmp_path, {"ann": {}, "bob": APART})


def test_who_agrees_is_fine(tmp_path: Path) -> None:
    done = evalkit("agreement", assessed(tmp_path, {"ann": {}, "bob": {}}))
    assert done.returncode == 0, done.stderr
    assert "differ on no record" in done.stdout
    assert "rewrite the rubric" not in done.stdout
    assert "to be discussed" not in done.stdout


def test_a_difference_of_one_level_is_shown_and_fine(tmp_path: Path) -> None:
    done = evalkit("agreement", assessed(tmp_path, {"ann": {}, "bob": {"LOC-05": APART["LOC-05"]}}))
    assert "1 record on which the assessors of Aider differ" in done.stdout
    assert "discuss" not in done.stdout
    assert done.returncode == (1 if "rewrite the rubric" in done.stdout else 0)


def test_the_table_says_what_is_to_be_discussed_and_rewritten(two: Path) -> None:
    done = evalkit("agreement", two)
    assert done.returncode == 1, done.stderr
    assert "assessed by ann, bob" in done.stdout
    row = next(line for line in done.stdout.splitlines() if "LOC-03" in line)
    assert "4 levels" in row
    assert "discuss" in row
    assert "discuss" not in next(line for line in done.stdout.splitlines() if "LOC-05" in line)
    text = " ".join(done.stdout.split())
    assert "Alpha is below .667 in Local storage: rewrite the rubric there" in text
    assert "1 difference is to be discussed" in text


def test_csv_has_overall_domains_and_differences(two: Path) -> None:
    rows = list(csv.DictReader(evalkit("agreement", two, "--format", "csv").stdout.splitlines()))
    assert [row["kind"] for row in rows] == ["overall", *["domain"] * 8, "difference", "difference"]
    storage = next(row for row in rows if row["domain"] == "storage")
    assert (storage["below_threshold"], rows[0]["assessors"]) == ("true", "ann; bob")
    # Of 11 records (9 questions, one of which has 3) with a value from both, they agree on 9.
    assert float(storage["exact_share"]) == pytest.approx(9 / 11, abs=1e-6)
    assert (storage["questions"], storage["records"]) == ("9", "11")
    assert [(row["question"], row["levels_apart"], row["discuss"]) for row in rows[-2:]] == [
        ("LOC-03", "4", "true"),
        ("LOC-05", "1", "false"),
    ]
    assert "bob: Level 4 of 4" in rows[-2]["findings"]


def test_json_holds_every_figure_and_repeats_to_the_byte(two: Path) -> None:
    first, second = (evalkit("agreement", two, "--format", "json").stdout for _ in range(2))
    assert first == second
    document = json.loads(first)
    (product,) = document["products"]
    assert (document["format"], product["product"]) == ("evalkit/agreement/1", "aider")
    storage = product["domains"]["storage"]
    assert storage["interval"][0] <= storage["alpha"] <= storage["interval"][1]
    assert storage["alpha"] < 0.667 < product["overall"]["alpha"]
    difference = product["differences"][0]
    assert difference["assessors"]["bob"]["finding"] == "Read as level 4."
    assert (difference["levels_apart"], difference["consensus"]) == (4, None)
    assert any(name.endswith("aider.bob.yaml") for name in document["inputs"])


def test_a_consensus_settles_a_difference_and_leaves_alpha(two: Path) -> None:
    assert (
        evalkit("consensus", two, "--question", "LOC-03", "--take", "bob", "--reason", "Ran it.").returncode
        == 0
    )
    done = evalkit("agreement", two, "--format", "json")
    product = json.loads(done.stdout)["products"][0]
    assert (product["differences"][0]["discuss"], product["differences"][0]["reason"]) == (False, "Ran it.")
    assert product["domains"]["storage"]["below_threshold"]
    assert done.returncode == 1


def test_an_answer_refused_to_one_only_is_to_be_discussed(tmp_path: Path) -> None:
    evaluation = assessed(tmp_path, {"ann": {}, "bob": {"LOC-05": Answer(state="refused")}})
    assert evalkit("score", evaluation).returncode == 2
    done = evalkit("agreement", evaluation)
    assert done.returncode == 1, done.stderr
    assert "discuss" in next(line for line in done.stdout.splitlines() if "LOC-05" in line)


@pytest.mark.parametrize("output", ["table", "csv", "json"])
def test_without_several_assessors_it_says_so(tmp_path: Path, output: str) -> None:
    done = evalkit("agreement", assessed(tmp_path, {"ann": {}}), "--format", output)
    assert done.returncode == 0
    assert "no product has answers of several assessors" in done.stderr
    assert "answers/<product>.<assessor>.yaml" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--product", "opencode"), "opencode: agreement needs two assessors or more; there are: none"),
        (("--product", "cline"), "there are: aider, opencode"),
        (("--format", "xml"), "json"),
    ],
)
def test_wrong_usage_exits_with_2(two: Path, arguments: tuple[str, ...], said: str) -> None:
    done = evalkit("agreement", two, *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_that_cannot_be_used_exits_with_2(two: Path) -> None:
    path = two / "answers" / "aider.bob.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 3", "value: 9"), encoding="utf-8")
    done = evalkit("agreement", two)
    assert done.returncode == 2
    assert "aider.bob.yaml" in done.stderr
    assert evalkit("agreement", two, "--product", "opencode").returncode == 2


def test_what_an_assessor_writes_cannot_steer_terminal_or_spreadsheet(tmp_path: Path) -> None:
    own = at("LOC-03", 3).model_copy(update={"finding": "\x1b[2J\u202e=1+1"})
    evaluation = assessed(tmp_path, {"ann": {}, "bob": {"LOC-03": own}})
    for arguments in (("agreement",), ("agreement", "--format", "csv"), ("consensus",)):
        done = evalkit(arguments[0], evaluation, *arguments[1:])
        assert "\x1b[2J" not in done.stdout
        assert "\u202e" not in done.stdout
    settled = ("--question", "LOC-03", "--take", "bob", "--reason", "=cmd()")
    assert evalkit("consensus", evaluation, *settled).returncode == 0
    rows = list(csv.DictReader(evalkit("agreement", evaluation, "--format", "csv").stdout.splitlines()))
    assert [row["reason"] for row in rows if row["question"] == "LOC-03"] == ["'=cmd()"]


def test_three_assessors_have_a_column_each(tmp_path: Path) -> None:
    done = evalkit("agreement", assessed(tmp_path, {"ann": {}, "bob": APART, "eve": {}}))
    header = next(line for line in done.stdout.splitlines() if "To do" in line)
    assert [name for name in ("ann", "bob", "eve") if name in header] == ["ann", "bob", "eve"]
    assert BASE.product.name in done.stdout
