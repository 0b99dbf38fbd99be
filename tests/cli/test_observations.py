"""``evalkit observations`` as its users call it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from evalkit import load_inputs
from evalkit.files.observations import read_observations
from tests.cli.command import ROOT, evalkit
from tests.files.observed import artefact, capture, contradiction, observation, write

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"
ALONG = observation("a", "NET-05")
AGAINST = contradiction("b", "VER-04")
HINT = observation("c", "CTL-06", relation="informs", strength="not_found")
LATER = observation("d", "NET-05", subject="aider-har", strength="observed")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """An evaluation of aider, in whose package and run something was seen."""
    (tmp_path / "questionnaires").symlink_to(ROOT / "questionnaires")
    evaluation = tmp_path / "results" / "ours"
    (evaluation / "answers").mkdir(parents=True)
    shutil.copy(SHIPPED / "answers" / "aider.yaml", evaluation / "answers")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    write(evaluation, artefact(), ALONG, AGAINST, HINT)
    write(evaluation, capture(), LATER)
    return evaluation


def test_the_table_has_contradictions_first_and_says_how_far_it_goes(ours: Path) -> None:
    done = evalkit("observations", ours)
    assert done.returncode == 1, "a contradiction is open"
    places = [done.stdout.index(it.id) for it in (AGAINST, LATER, ALONG, HINT)]
    assert places == sorted(places)
    assert "4 observations: 1 contradicts, 2 support, 1 informs; 4 to decide on" in done.stdout
    assert "no proof that it is active" in done.stdout


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (("--question", "CTL-06"), {HINT.id}),
        (("--question", "CTL-06", "--question", "VER-04"), {HINT.id, AGAINST.id}),
        (("--state", "accepted"), set()),
        (("--product", "aider"), {ALONG.id, AGAINST.id, HINT.id, LATER.id}),
    ],
)
def test_it_shows_what_is_asked_for(ours: Path, options: tuple[str, ...], ids: set[str]) -> None:
    done = evalkit("observations", ours, "--format", "json", *options)
    assert {it["id"] for it in json.loads(done.stdout)["observations"]} == ids
    assert done.returncode == (AGAINST.id in ids)


def test_data_hold_the_record_and_what_follows_from_it(ours: Path) -> None:
    document = json.loads(evalkit("observations", ours, "--format", "json").stdout)
    assert document["format"] == "evalkit/observations/1"
    first = document["observations"][0]
    assert (first["id"], first["stale"], first["version"]) == (AGAINST.id, False, "0.86.2")
    assert first["file"] == "results/ours/observations/aider.aider-wheel.jsonl"
    assert first["strength_words"].startswith("stands there with the key")


def test_several_are_decided_on_at_once_and_reported(ours: Path) -> None:
    done = evalkit(
        *("observations", ours, "--accept", ALONG.id[:8], "--accept", HINT.id, "--reject", AGAINST.id[:6]),
        *("--reason", "Looked at by two.", "--by", "ben", "--on", "2026-11-23"),
    )
    assert done.returncode == 0, done.stderr
    assert "NET-05: evidence of class source_read" in done.stderr.splitlines()
    assert f"observation {AGAINST.id} is rejected" in done.stderr
    reviews = {
        it.id: (it.review.state, it.review.by, it.review.reason)
        for it in read_observations(ours / "observations" / "aider.aider-wheel.jsonl").observations
    }
    assert reviews == {
        ALONG.id: ("accepted", "ben", "Looked at by two."),
        HINT.id: ("accepted", "ben", "Looked at by two."),
        AGAINST.id: ("rejected", "ben", "Looked at by two."),
    }
    assert evalkit("observations", ours).returncode == 0, "no contradiction is open any more"
    assert "accept observation" in evalkit("history", ours, "aider").stdout
    again = evalkit("observations", ours, "--accept", ALONG.id, "--reason", "Again.", "--by", "ben")
    assert (again.returncode, "is already accepted" in again.stderr) == (0, True)


def test_a_contradiction_with_its_value_makes_the_answer_conflicting(ours: Path) -> None:
    done = evalkit(
        "observations", ours, "--accept", AGAINST.id, "--value", "0", "--reason", "x", "--by", "ben"
    )
    assert done.returncode == 0, done.stderr
    assert load_inputs(ours).answers["aider"].answers["VER-04"].state == "conflicting"


def test_one_that_may_not_be_decided_on_is_told_and_the_others_are_done(ours: Path) -> None:
    old = observation("z", "NET-05", subject="other")
    write(ours, artefact(version="0.99.0", id="other", sha256="c3" * 32), old)
    done = evalkit(
        "observations", ours, "--accept", old.id, "--accept", HINT.id, "--reason", "x", "--by", "ben"
    )
    assert done.returncode == 1
    assert f"error: observation {old.id}: it is stale" in done.stderr
    assert f"observation {HINT.id} is accepted" in done.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--accept", ALONG.id), "a decision needs its reason: --reason TEXT"),
        (("--accept", ALONG.id, "--reason", " "), "a decision needs its reason"),
        (("--accept", ALONG.id, "--reject", ALONG.id, "--reason", "x"), "accepted and rejected at once"),
        (("--accept", "ffffffff", "--reason", "x"), "observation 'ffffffff' is not known; allowed are "),
        (("--accept", "ff", "--reason", "x"), "of which 6 are enough"),
        (("--accept", ALONG.id, "--reason", "x", "--state", "new"), "--state and --format are for looking"),
        (("--reason", "x", "--value", "1"), "--reason, --value: name what is decided on"),
        (("--product", "aidr"), "product 'aidr' is not known; allowed are aider; did you mean aider?"),
        (("--question", "NET-99"), "question 'NET-99' is not known"),
    ],
)
def test_what_cannot_be_meant_is_refused(ours: Path, options: tuple[str, ...], message: str) -> None:
    before = {path: path.read_bytes() for path in ours.rglob("*") if path.is_file()}
    done = evalkit("observations", ours, *options)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert {path: path.read_bytes() for path in ours.rglob("*") if path.is_file()} == before


def test_where_nothing_was_observed_it_says_so(ours: Path) -> None:
    shutil.rmtree(ours / "observations")
    done = evalkit("observations", ours)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing of the kind was observed" in done.stderr


def test_a_broken_file_is_told_with_its_line(ours: Path) -> None:
    with (ours / "observations" / "aider.aider-wheel.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    done = evalkit("observations", ours)
    assert done.returncode == 2
    assert "aider.aider-wheel.jsonl:5: O002" in done.stderr
