"""What a run makes, of which reports, and what is left of one that was cut short."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.reports.evaluation import Renderer, render_evaluation
from tests.reports.evaluation.quick import QuickEngine, Watcher, no_engine, rendered, run_record, statuses
from tests.reports.projects import AIDER, ALL, CLINE, LOCAL, append, digests, write_report_template

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.engine.events import Event


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


@pytest.mark.parametrize("touch", [True, False])
def test_an_unknown_name_is_told_whether_or_not_there_is_something_to_do(
    evaluation: Path, *, touch: bool
) -> None:
    if touch:
        append(evaluation / "answers" / "aider.yaml")
    with pytest.raises(EvalkitError, match="did you mean aider"):
        render_evaluation(evaluation, only=["aidr"])
