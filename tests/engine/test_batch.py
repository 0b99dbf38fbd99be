from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import select
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.engine.choice import ENGINES
from evalkit.engine.job import Job
from tests.engine.conftest import processes_with, rendered, wait_until_gone

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.engine.events import Event
    from tests.engine.conftest import Batch

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")

FAILED = ("raises", "unknown", "dies", "hangs", "leaves", "no-json", "kills-its-worker")
every_failure = pytest.mark.parametrize("name", FAILED)


def test_outcomes_come_in_the_order_of_the_jobs(batch: Batch) -> None:
    assert list(batch.outcomes) == list(batch.jobs)


def test_a_report_is_rendered_in_a_folder_with_spaces_braces_and_umlauts(batch: Batch) -> None:
    assert batch.outcomes["good"].status == "rendered"
    assert batch.outcomes["good"].reason == ""
    assert "product good" in batch.page("good")


def test_hashes_are_those_of_the_files(batch: Batch) -> None:
    job = batch.jobs["good"]
    assert batch.outcomes["good"].hashes == {
        "html": f"sha256:{hashlib.sha256(job.html.read_bytes()).hexdigest()}",
        "ipynb": f"sha256:{hashlib.sha256(job.notebook.read_bytes()).hexdigest()}",
    }


@every_failure
def test_a_failed_job_leaves_a_notebook_and_a_page_that_says_why(batch: Batch, name: str) -> None:
    outcome = batch.outcomes[name]
    assert outcome.status == "failed"
    assert set(outcome.hashes) == {"html", "ipynb"}
    cells = [cell.id for cell in batch.notebook(name).cells if not cell.id.startswith("papermill-error-")]
    assert cells[:2] == ["title", "parameters"]
    assert "this report is incomplete" in batch.page(name)


@pytest.mark.parametrize(
    ("name", "cell", "reason"),
    [
        ("raises", "work", "ValueError: </script><b>no</b> bold [U+202E] ."),
        ("hangs", "work", "the cell took longer than the 3 s it may take"),
        ("leaves", "work", "SystemExit"),
        (
            "unknown",
            None,
            "parameter prodcut is not in the template's parameters cell; allowed: product, number, path",
        ),
        (
            "no-json",
            None,
            "a parameter's value is of no JSON type: Object of type object is not JSON serializable",
        ),
        ("kills-its-worker", None, "its worker process was killed, and killed again when tried once more"),
    ],
)
def test_a_failed_outcome_says_where_and_why(batch: Batch, name: str, cell: str | None, reason: str) -> None:
    assert (batch.outcomes[name].cell, batch.outcomes[name].reason) == (cell, reason)


def test_a_dead_kernel_is_named_with_how_it_died_if_that_is_known(batch: Batch) -> None:
    known = {"fast": "the kernel died: it ended itself with exit code 3", "stock": "the kernel died"}
    outcome = batch.outcomes["dies"]
    assert (outcome.cell, outcome.reason) == ("work", known[batch.engine])


def test_a_job_that_ran_out_of_time_took_that_time(batch: Batch) -> None:
    assert batch.outcomes["hangs"].seconds >= batch.jobs["hangs"].cell_timeout_seconds


def test_a_job_whose_worker_is_killed_is_tried_once_more(batch: Batch) -> None:
    assert (batch.folder / "been-here").exists()
    assert batch.outcomes["kills-its-worker-once"].status == "rendered"


def test_a_killed_worker_costs_no_other_job(batch: Batch) -> None:
    assert {name for name, outcome in batch.outcomes.items() if outcome.status == "failed"} == set(FAILED)


def test_a_partial_notebook_ends_its_outputs_at_the_failing_cell(batch: Batch) -> None:
    outputs = {cell.id: cell.get("outputs") for cell in batch.notebook("raises").cells}
    assert [output.output_type for output in outputs["work"]] == ["error"]
    assert outputs["after"] == []


def test_nothing_half_written_stays(batch: Batch) -> None:
    written = {path for job in batch.jobs.values() for path in (job.notebook, job.html)}
    assert {path for out in batch.folder.glob("**/out") for path in out.iterdir()} == written


def test_each_job_starts_once_and_ends_once(batch: Batch) -> None:
    started = [event.job for event in batch.events if event.kind == "started"]
    ended = {event.job: event.kind for event in batch.events if event.outcome}
    assert started == list(batch.jobs)
    assert len([event for event in batch.events if event.outcome]) == len(batch.jobs)
    assert {name for name, kind in ended.items() if kind == "failed"} == set(FAILED)


def test_a_cell_is_told_with_its_place_in_the_notebook_and_the_number_of_cells(batch: Batch) -> None:
    told = [(it.cell, it.index, it.cells) for it in batch.events if it.kind == "cell" and it.job == "hangs"]
    assert told[-1] == ("work", 3, 5)  # title, parameters, injected parameters, this one, after


def test_two_runs_give_the_same_bytes(batch: Batch, tmp_path: Path) -> None:
    jobs = [
        replace(batch.jobs[name], notebook=tmp_path / f"{name}.ipynb", html=tmp_path / f"{name}.html")
        for name in ("good", "raises")
    ]
    again = rendered(jobs, tmp_path, engine=batch.engine)
    assert {outcome.name: outcome.hashes for outcome in again} == {
        name: batch.outcomes[name].hashes for name in ("good", "raises")
    }


@pytest.mark.parametrize("name", ["good", "raises"])
def test_what_is_written_names_nothing_of_the_machine(batch: Batch, name: str) -> None:
    text = batch.page(name) + json.dumps(batch.notebook(name))
    for trace in (str(batch.folder), sys.prefix, str(Path.home()), "ipykernel_", sys.version.split()[0]):
        assert trace not in text
    assert re.search(r"0x[0-9a-f]{6}|start_time|duration", text) is None


def test_no_jobs_need_no_process(tmp_path: Path) -> None:
    assert rendered([], tmp_path, slots=4) == ()


def test_jobs_that_share_a_file_are_refused(batch: Batch, tmp_path: Path) -> None:
    good = batch.jobs["good"]
    with pytest.raises(ValueError, match=r"good.ipynb: 2 jobs of one batch share this name or file"):
        rendered([good, replace(good, name="other")], tmp_path)


def test_a_batch_needs_a_slot(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="slots: 0 is less than 1"):
        rendered([], tmp_path, slots=0)


SCRIPT = """
import sys
from pathlib import Path
from contextlib import closing
from evalkit.engine.batch import render_batch
from evalkit.engine.choice import open_engine
from evalkit.engine.job import Job

def main():
    folder = Path(sys.argv[1])
    jobs = [
        Job(name, folder / f"{name}.ipynb", {}, folder / f"out/{name}.ipynb", folder / f"out/{name}.html", "")
        for name in ("quick", "slow")
    ]
    page = "evalkit.reports.html:to_html"
    with closing(open_engine(sys.argv[2], slots=1, cwd=folder, page=page)) as engine:
        render_batch(jobs, engine)

if __name__ == "__main__":
    main()
"""
SLOW = """import subprocess, time
subprocess.Popen(["sleep", "600"])
with open("bell", "w") as bell:
    bell.write("running")
time.sleep(600)"""


@pytest.fixture(params=ENGINES)
def running(
    tmp_path: Path,
    request: pytest.FixtureRequest,
    template: Callable[[Path, str], Path],
    interruptible: None,  # noqa: ARG001 - asked for what it does
) -> tuple[subprocess.Popen[str], str]:
    """A batch whose first report is finished and whose second is within a cell that never ends."""
    template(tmp_path / "quick.ipynb", "product")
    template(tmp_path / "slow.ipynb", SLOW)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    os.mkfifo(tmp_path / "bell")
    bell = os.open(tmp_path / "bell", os.O_RDONLY | os.O_NONBLOCK)
    mark = f"EVALKIT_TEST={tmp_path}"
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path), request.param],
        env=os.environ | {"EVALKIT_TEST": str(tmp_path), "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    ready, _, _ = select.select([bell], [], [], 120)
    os.close(bell)
    assert ready, process.communicate()
    return process, mark


@linux
def test_ctrl_c_ends_every_process_and_keeps_what_is_finished(
    running: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    process, mark = running
    assert len(processes_with(mark)) >= 4  # parent, worker or server, kernel or child, what the cell started
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers, too
    _, said = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGINT
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert said.count("Traceback") == 1
    assert wait_until_gone(mark) == set()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"quick.ipynb", "quick.html"}


@linux
def test_no_process_outlives_a_killed_batch(running: tuple[subprocess.Popen[str], str]) -> None:
    process, mark = running
    process.kill()
    process.communicate(timeout=120)
    assert wait_until_gone(mark) == set()


def test_a_job_that_cannot_be_written_is_one_failed_line(batch: Batch, tmp_path: Path) -> None:
    good = batch.jobs["good"]
    (tmp_path / "file").touch()
    lost = Job("lost", tmp_path / "none.ipynb", {}, tmp_path / "file/x.ipynb", tmp_path / "file/x.html", "x")
    (outcome,) = rendered([lost], good.html.parent, engine=batch.engine)
    assert outcome.reason.startswith(
        "template none.ipynb cannot be read: No such file or directory; its report"
    )
    assert outcome.hashes == {}


def test_a_kernel_that_cannot_start_fails_its_job_with_its_last_words(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ipykernel.py").write_text("raise ImportError('no kernel today')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    job = replace(batch.jobs["good"], notebook=tmp_path / "x.ipynb", html=tmp_path / "x.html")
    (outcome,) = rendered([job], tmp_path, engine="stock")
    assert outcome.cell is None
    assert outcome.reason == (
        "the kernel failed: the kernel died before it answered; its last words: ImportError: no kernel today"
    )
    assert "no kernel today" in job.html.read_text(encoding="utf-8")


def test_a_worker_that_is_killed_while_idle_costs_nothing(batch: Batch, tmp_path: Path) -> None:
    jobs = [
        replace(batch.jobs["good"], name=n, notebook=tmp_path / f"{n}.ipynb", html=tmp_path / f"{n}.html")
        for n in ("first", "second")
    ]

    def kill_the_worker(event: Event) -> None:
        if event.kind == "finished" and event.job == "first":
            for worker in multiprocessing.active_children():
                worker.kill()
                worker.join()

    outcomes = rendered(jobs, tmp_path, engine="stock", on_event=kill_the_worker)
    assert [outcome.status for outcome in outcomes] == ["rendered", "rendered"]
