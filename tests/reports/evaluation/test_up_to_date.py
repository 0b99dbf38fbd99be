"""What a change touches, and what a run leaves as it is."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from evalkit.errors import InvalidInputError
from evalkit.files.freezing import freeze
from evalkit.files.workspace import Workspace
from evalkit.reports.evaluation import render_evaluation
from tests.files.observed import artefact, observation, write
from tests.reports.evaluation.quick import Watcher, no_engine, rendered, run_record, statuses
from tests.reports.projects import AIDER, ALL, CLINE, LOCAL, OPTIONS, append, digests, write_report_template

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.engine.events import Event


def test_nothing_changed_starts_no_process_and_changes_no_byte(evaluation: Path) -> None:
    before = digests(evaluation / "out")
    times = {path: path.stat().st_mtime_ns for path in evaluation.rglob("*")}
    with no_engine():
        assert statuses(render_evaluation(evaluation)) == dict.fromkeys(ALL, "unchanged")
        only = render_evaluation(evaluation, only=["cline"])
    assert statuses(only) == {"comparison": "unchanged", CLINE: "unchanged"}
    assert digests(evaluation / "out") == before
    assert {path: path.stat().st_mtime_ns for path in evaluation.rglob("*")} == times


@pytest.mark.parametrize("file", ["answers/aider.yaml", "answers/aider.ann.yaml", "controls/aider.yaml"])
def test_a_file_on_one_product_touches_its_options_and_the_comparison(evaluation: Path, file: str) -> None:
    if not (evaluation / file).exists():
        shutil.copy(evaluation / "answers" / "aider.yaml", evaluation / file)
    append(evaluation / file)
    before = run_record(evaluation)["options"]
    assert rendered(render_evaluation(evaluation)) == {"comparison", AIDER, LOCAL}
    after = run_record(evaluation)["options"]
    assert {name for name in ALL if before[name]["inputs"] != after[name]["inputs"]} == {
        "comparison",
        AIDER,
        LOCAL,
    }
    assert before[CLINE] == after[CLINE]
    assert {option["status"] for option in after.values()} == {"rendered"}
    with no_engine():
        assert rendered(render_evaluation(evaluation)) == set()


@pytest.mark.parametrize(
    "file",
    [
        "evaluation.yaml",
        "controls/conditions.yaml",
        "../../questionnaires/coding-agent/storage.yaml",
        "../../questionnaires/coding-agent/profiles/standard.yaml",
    ],
)
def test_a_file_that_concerns_all_touches_every_report(evaluation: Path, file: str) -> None:
    append(evaluation / file)
    assert rendered(render_evaluation(evaluation)) == set(ALL)


def test_what_was_observed_concerns_the_comparison_and_the_reports_on_its_product(evaluation: Path) -> None:
    before = run_record(evaluation)["inputs"]
    seen = observation("a", "NET-05")
    write(evaluation, artefact(), seen)
    assert rendered(render_evaluation(evaluation)) == {"comparison", AIDER, LOCAL}
    assert rendered(render_evaluation(evaluation)) == set()
    write(evaluation, artefact(), seen, observation("b", "NET-06"))
    assert rendered(render_evaluation(evaluation)) == {"comparison", AIDER, LOCAL}
    assert run_record(evaluation)["inputs"] == before, "no score depends on it"


def test_observations_that_cannot_be_used_are_told_before_any_report_is_made(evaluation: Path) -> None:
    write(evaluation, artefact(), observation("a", "NET-99"))
    before = digests(evaluation / "out")
    with pytest.raises(InvalidInputError, match="O010"):
        render_evaluation(evaluation)
    assert digests(evaluation / "out") == before


def test_freezing_the_instrument_and_an_answer_from_before_it_concern_all(evaluation: Path) -> None:
    workspace = Workspace.of(evaluation)
    freeze(workspace, by="Risk", at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC), late=True)
    assert rendered(render_evaluation(evaluation)) == set(ALL)
    assert "results/small/frozen.yaml" in run_record(evaluation)["inputs"]
    entry = '{"id":"a","at":"%s","by":"A","what":"edit","changes":[%s]}\n'
    change = '{"part":"answers/LOC-01","old":null,"new":{},"draft":false}'
    journal = evaluation / "answers" / "aider.history.jsonl"
    journal.write_text(entry % ("2026-11-23T09:30:00.000Z", change), encoding="utf-8")
    assert rendered(render_evaluation(evaluation)) == set()
    append(journal, entry % ("2026-11-21T09:30:00.000Z", change))
    assert rendered(render_evaluation(evaluation)) == set(ALL)


def test_a_decision_touches_no_report(evaluation: Path) -> None:
    (evaluation / "decision.yaml").write_text("format: evalkit/decision/1\n", encoding="utf-8")
    assert rendered(render_evaluation(evaluation)) == set()


def test_a_template_touches_the_reports_that_are_made_from_it(evaluation: Path) -> None:
    write_report_template(evaluation.parents[1], "print('other', option)")
    assert rendered(render_evaluation(evaluation)) == set(OPTIONS)


def test_other_code_or_libraries_touch_every_report(evaluation: Path) -> None:
    with mock.patch("evalkit.reports.surroundings.program", return_value="another"):
        assert rendered(render_evaluation(evaluation)) == set(ALL)


@pytest.mark.parametrize("file", ["notes.md", "../../questionnaires/coding-agent/profiles/regulated.yaml"])
def test_a_file_that_nobody_reads_touches_no_report(evaluation: Path, file: str) -> None:
    path = evaluation / file
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + "\n", encoding="utf-8")
    before = digests(evaluation / "out")
    assert rendered(render_evaluation(evaluation)) == set()
    after = digests(evaluation / "out")
    assert {name for name in before if before[name] != after[name]} == {".cache.json"}


@pytest.mark.parametrize("ending", ["html", "ipynb"])
def test_a_report_that_was_edited_by_hand_or_removed_is_made_anew(evaluation: Path, ending: str) -> None:
    edited, removed = (
        evaluation / "out" / "reports" / f"{stem}.{ending}" for stem in ("aider.bedrock", "cline.ide-bedrock")
    )
    before = digests(evaluation / "out" / "reports")
    append(edited)
    removed.unlink()
    assert rendered(render_evaluation(evaluation)) == {AIDER, CLINE}
    assert digests(evaluation / "out" / "reports") == before


@pytest.mark.parametrize("name", ["frameworks.html", "index.html", "scores.csv", "scores.json", "run.json"])
def test_another_file_that_was_edited_by_hand_is_written_anew(evaluation: Path, name: str) -> None:
    before = digests(evaluation / "out")
    append(evaluation / "out" / name)
    with no_engine():
        assert rendered(render_evaluation(evaluation)) == set()
    assert digests(evaluation / "out") == before


def test_a_change_that_is_taken_back_needs_no_work(evaluation: Path) -> None:
    answers = evaluation / "answers" / "aider.yaml"
    before = answers.read_bytes()
    append(answers)
    render_evaluation(evaluation, only=[CLINE])
    answers.write_bytes(before)
    assert rendered(render_evaluation(evaluation)) == {"comparison"}


def test_options_that_are_gone_lose_their_reports_and_strays_are_removed(evaluation: Path) -> None:
    stray = evaluation / "out" / "reports" / "gone.option.html"
    stray.touch()
    with no_engine():
        render_evaluation(evaluation)
    assert not stray.exists()
    header = evaluation / "evaluation.yaml"
    header.write_text(header.read_text(encoding="utf-8").replace(f"- {LOCAL}\n", ""), encoding="utf-8")
    assert rendered(render_evaluation(evaluation)) == {"comparison", AIDER, CLINE}
    assert set(run_record(evaluation)["options"]) == {"comparison", AIDER, CLINE}
    assert not (evaluation / "out" / "reports" / "aider.local-model.html").exists()


def test_a_report_made_while_its_files_changed_is_made_again(evaluation: Path) -> None:
    answers = evaluation / "answers" / "aider.yaml"
    first = answers.read_bytes()
    append(answers)
    append(evaluation / "answers" / "cline.yaml")
    second = answers.read_bytes()

    def meddle(event: Event, /) -> None:
        if event.kind == "started" and event.job == AIDER:
            answers.write_bytes(first)

    assert rendered(render_evaluation(evaluation, watch=Watcher(meddle))) == set(ALL)
    answers.write_bytes(second)  # nobody can say which of the two the reports were made from
    assert rendered(render_evaluation(evaluation)) == {"comparison", AIDER, LOCAL}


def test_a_template_that_is_changed_during_a_run_touches_what_was_not_made_in_it(evaluation: Path) -> None:
    append(evaluation / "answers" / "cline.yaml")

    def meddle(event: Event, /) -> None:
        if event.kind == "started" and event.job == "comparison":
            write_report_template(evaluation.parents[1], "print('other', option)")

    assert rendered(render_evaluation(evaluation, watch=Watcher(meddle))) == {"comparison", CLINE}
    assert rendered(render_evaluation(evaluation, only=["aider"])) == {AIDER, LOCAL}
    assert rendered(render_evaluation(evaluation)) == {CLINE}


@pytest.mark.parametrize("left", [b"", b"{", None])
def test_without_a_usable_record_everything_is_made(evaluation: Path, left: bytes | None) -> None:
    record = evaluation / "out" / ".cache.json"
    record.unlink()
    if left is not None:
        record.write_bytes(left)
    assert rendered(render_evaluation(evaluation)) == set(ALL)
