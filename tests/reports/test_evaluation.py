"""What a run makes, and what it leaves as it is."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from unittest import mock

import pytest

from evalkit.engine.events import Event
from evalkit.engine.job import Outcome
from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.freezing import freeze
from evalkit.files.workspace import Workspace
from evalkit.reports import evaluation as rendering
from evalkit.reports.evaluation import Renderer, render_evaluation
from evalkit.writing import write_bytes
from tests.files.observed import artefact, observation, write
from tests.reports.projects import (
    AIDER,
    ALL,
    CLINE,
    LOCAL,
    OPTIONS,
    append,
    digests,
    make_project,
    write_report_template,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from evalkit.engine.events import OnEvent
    from evalkit.engine.job import Job
    from evalkit.reports.up_to_date import Rendering


class QuickEngine:
    """Makes a report out of its template and parameters; one that its template says to fail, fails.

    Each takes an eighth of a second longer than the one before, or so it says.
    """

    name = "quick"

    def __init__(self) -> None:
        self.made = 0
        self.is_open = True

    def run(self, jobs: Sequence[Job]) -> Generator[Event, None, None]:
        for job in jobs:
            yield Event("started", job.name)
            self.made += 1
            template = job.template.read_text(encoding="utf-8")
            raw = f"{job.title}\n{job.parameters}\n{template}".encode()
            hashes = {path.suffix[1:]: write_bytes(path, raw) for path in (job.html, job.notebook)}
            if f"fail {job.name}" in template:
                outcome = Outcome(job.name, "failed", "ValueError: broken", "work", hashes, self.made / 8)
            else:
                outcome = Outcome(job.name, "rendered", hashes=hashes, seconds=self.made / 8)
            yield Event.of(outcome)

    def close(self) -> None:
        self.is_open = False


@pytest.fixture(autouse=True)
def engines() -> Iterator[list[QuickEngine]]:
    """The engines that were opened."""
    opened: list[QuickEngine] = []

    def open_engine(_name: str, **_more: object) -> QuickEngine:
        opened.append(QuickEngine())
        return opened[-1]

    with mock.patch.object(rendering, "open_engine", open_engine):
        yield opened


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has been rendered."""
    project = tmp_path_factory.mktemp("project")
    with mock.patch.object(rendering, "open_engine", return_value=QuickEngine()):
        made = render_evaluation(make_project(project))
    assert statuses(made) == dict.fromkeys(ALL, "rendered")
    return project


@pytest.fixture
def evaluation(finished: Path, tmp_path: Path) -> Path:
    """A copy of it: nothing that is recorded depends on where a project lies, or on times of files."""
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy" / "results" / "small"


def statuses(rendering: Rendering) -> dict[str, str]:
    return {outcome.name: outcome.status for outcome in rendering.outcomes}


def rendered(rendering: Rendering) -> set[str]:
    return {name for name, status in statuses(rendering).items() if status == "rendered"}


def run_record(evaluation: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((evaluation / "out" / "run.json").read_text(encoding="utf-8"))
    return record


def no_engine() -> AbstractContextManager[object]:
    """Let the test fail where an engine, and with it a process, is started."""
    return mock.patch.object(rendering, "open_engine", side_effect=AssertionError("an engine was opened"))


def test_nothing_changed_starts_no_process_and_changes_no_byte(evaluation: Path) -> None:
    before = digests(evaluation / "out")
    times = {path: path.stat().st_mtime_ns for path in evaluation.rglob("*")}
    with no_engine():
        assert statuses(render_evaluation(evaluation)) == dict.fromkeys(ALL, "unchanged")
        only = render_evaluation(evaluation, only=["cline"])
    assert statuses(only) == {"comparison": "unchanged", CLINE: "unchanged"}
    assert digests(evaluation / "out") == before
    assert {path: path.stat().st_mtime_ns for path in evaluation.rglob("*")} == times


def test_two_runs_from_nothing_give_the_same_bytes_but_for_the_seconds(evaluation: Path) -> None:
    first = run_record(evaluation)
    before = digests(evaluation / "out")
    shutil.rmtree(evaluation / "out")
    render_evaluation(evaluation)
    second = run_record(evaluation)
    for record in (first, second):
        for report in record["options"].values():
            assert report.pop("seconds") >= 0
    assert first == second
    after = digests(evaluation / "out")
    assert {name for name in before | after if before.get(name) != after.get(name)} <= {
        "run.json",
        ".cache.json",
    }


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


def test_force_makes_anew_what_is_up_to_date(evaluation: Path) -> None:
    made = render_evaluation(evaluation, only=[CLINE], force=True)
    assert statuses(made) == {"comparison": "rendered", CLINE: "rendered"}
    with no_engine():
        assert rendered(render_evaluation(evaluation)) == set()


def test_what_is_not_asked_for_is_told_to_be_outdated_until_it_is_made(evaluation: Path) -> None:
    append(evaluation / "answers" / "aider.yaml")
    first = render_evaluation(evaluation, only=[AIDER])
    assert statuses(first) == {"comparison": "rendered", AIDER: "rendered"}
    assert first.outdated == (LOCAL,)
    record = run_record(evaluation)["options"]
    assert [record[name]["status"] for name in ALL] == ["rendered", "rendered", "outdated", "rendered"]
    with no_engine():
        second = render_evaluation(evaluation, only=[AIDER])
    assert (statuses(second)[AIDER], second.outdated) == ("unchanged", (LOCAL,))
    assert rendered(render_evaluation(evaluation)) == {LOCAL}


def test_a_change_that_is_taken_back_needs_no_work(evaluation: Path) -> None:
    answers = evaluation / "answers" / "aider.yaml"
    before = answers.read_bytes()
    append(answers)
    render_evaluation(evaluation, only=[CLINE])
    answers.write_bytes(before)
    assert rendered(render_evaluation(evaluation)) == {"comparison"}


def test_a_failure_is_tried_again_each_time_and_stays_on_the_index(evaluation: Path) -> None:
    write_report_template(evaluation.parents[1], f"fail {AIDER}")
    expected = {"comparison": "unchanged", AIDER: "failed", LOCAL: "rendered", CLINE: "rendered"}
    assert statuses(render_evaluation(evaluation)) == expected
    again = statuses(render_evaluation(evaluation))
    assert again == {"comparison": "unchanged", AIDER: "failed", LOCAL: "unchanged", CLINE: "unchanged"}
    render_evaluation(evaluation, only=[CLINE])
    assert "ValueError: broken" in (evaluation / "out" / "index.html").read_text(encoding="utf-8")
    failed = run_record(evaluation)["options"][AIDER]
    assert (failed["status"], failed["cell"]) == ("failed", "work")
    write_report_template(evaluation.parents[1], "print(option)")
    assert AIDER in rendered(render_evaluation(evaluation))


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


class Watcher:
    """Does something at each event of a run."""

    def __init__(self, act: OnEvent) -> None:
        self.act = act

    def __call__(self, _total: int) -> Self:
        return self

    def __enter__(self) -> OnEvent:
        return self.act

    def __exit__(self, *_: object) -> None:
        pass


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


def test_what_was_made_before_a_run_was_cut_short_is_kept(evaluation: Path) -> None:
    shutil.rmtree(evaluation / "out")

    ended: list[str] = []

    def press_ctrl_c(event: Event, /) -> None:
        if event.outcome is not None:
            ended.append(event.job)
        if len(ended) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_evaluation(evaluation, watch=Watcher(press_ctrl_c))
    again = statuses(render_evaluation(evaluation))
    assert sorted(again.values()) == ["rendered", "rendered", "unchanged", "unchanged"]


def test_a_renderer_opens_its_engine_once_and_only_when_it_is_needed(
    evaluation: Path, engines: list[QuickEngine]
) -> None:
    with Renderer(evaluation) as renderer:
        assert rendered(renderer.render()) == set()
        assert engines == []
        append(evaluation / "answers" / "cline.yaml")
        assert rendered(renderer.render()) == {"comparison", CLINE}
        append(evaluation / "answers" / "aider.yaml")
        assert rendered(renderer.render()) == {"comparison", AIDER, LOCAL}
        assert [engine.is_open for engine in engines] == [True]
    assert [engine.is_open for engine in engines] == [False]


def test_the_seconds_are_those_of_the_run_in_which_a_report_was_made(evaluation: Path) -> None:
    first = {name: option["seconds"] for name, option in run_record(evaluation)["options"].items()}
    assert first == dict(zip(ALL, (0.12, 0.25, 0.38, 0.5), strict=True))  # two decimals
    append(evaluation / "answers" / "cline.yaml")
    again = {outcome.name: outcome.seconds for outcome in render_evaluation(evaluation).outcomes}
    assert again == first | {"comparison": 0.125, CLINE: 0.25}
    assert run_record(evaluation)["options"][LOCAL]["seconds"] == first[LOCAL]


@pytest.mark.parametrize("left", [b"", b"{", None])
def test_without_a_usable_record_everything_is_made(evaluation: Path, left: bytes | None) -> None:
    record = evaluation / "out" / ".cache.json"
    record.unlink()
    if left is not None:
        record.write_bytes(left)
    assert rendered(render_evaluation(evaluation)) == set(ALL)


@pytest.mark.parametrize("touch", [True, False])
def test_an_unknown_name_is_told_whether_or_not_there_is_something_to_do(
    evaluation: Path, *, touch: bool
) -> None:
    if touch:
        append(evaluation / "answers" / "aider.yaml")
    with pytest.raises(EvalkitError, match="did you mean aider"):
        render_evaluation(evaluation, only=["aidr"])
