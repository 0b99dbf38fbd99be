"""A cluster of two workers on this machine makes what this machine makes, also when a worker is killed."""

from __future__ import annotations

import os
import select
import signal
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import dask.config
import pytest
from distributed import Client, LocalCluster

from evalkit.engine.batch import render_batch
from evalkit.engine.cluster import engine as cluster_engine
from evalkit.engine.cluster.opening import open_cluster
from evalkit.engine.cluster.site import Site
from evalkit.errors import EvalkitError
from tests.engine.conftest import CELLS, PAGE, ends, job, rendered, write_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.engine.events import Event, OnEvent
    from evalkit.engine.job import Job, Outcome

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
both_modes = pytest.mark.parametrize("shared", [False, True], ids=["as bytes", "in place"])

RINGS_AND_WAITS_ONCE = """import os, time
from pathlib import Path
if not Path("been-here").exists():
    Path("been-here").touch()
    Path("bell").write_text(f"{os.getpid()}\\n")
    time.sleep(600)
print("done")"""
RINGS_AND_WAITS = """import os, subprocess, time
from pathlib import Path
subprocess.Popen(["sleep", "600"])
Path("bell").write_text(f"{os.getpid()}\\n")
time.sleep(600)"""
KILLS_THE_WORKER = """import os, signal
def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
os.kill(parent(parent(os.getppid())), signal.SIGKILL)  # of the server, of the chunk: dask's worker
while True: pass"""


@contextmanager
def _cluster(workers: int = 2) -> Iterator[LocalCluster]:
    patient = {"distributed.comm.timeouts.connect": "300s", "distributed.comm.timeouts.tcp": "300s"}
    with (
        dask.config.set(patient),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
    ):
        yield cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with _cluster() as running:
        yield running


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[int]:
    """A pipe in which a cell says which process it runs in."""
    os.mkfifo(tmp_path / "bell")
    descriptor = os.open(tmp_path / "bell", os.O_RDONLY | os.O_NONBLOCK)
    yield descriptor
    os.close(descriptor)


def _rung(bell: int) -> int:
    assert select.select([bell], [], [], 120)[0]
    return int(os.read(bell, 100))


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def _on(  # noqa: PLR0913 - what differs between tests are keywords
    cluster: LocalCluster,
    jobs: Sequence[Job],
    cwd: Path,
    *,
    shared: bool = False,
    prepare: str = "",
    on_event: OnEvent = lambda _event: None,
) -> tuple[Outcome, ...]:
    """What becomes of the jobs on a cluster."""
    opened = open_cluster(
        cluster.scheduler_address, cwd=cwd, page=PAGE, prepare=prepare, shared_storage=shared
    )
    with closing(opened) as engine:
        return render_batch(jobs, engine, on_event=on_event)


def _elsewhere(jobs: Sequence[Job], folder: Path) -> list[Job]:
    return [replace(j, notebook=folder / j.notebook.name, html=folder / j.html.name) for j in jobs]


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _waiting_job(folder: Path, source: str) -> Job:
    waiting = job(folder, "waiting")
    write_template(waiting.template, source)
    return waiting


@both_modes
def test_a_cluster_makes_what_this_machine_makes(
    cluster: LocalCluster, tmp_path: Path, *, shared: bool
) -> None:
    given: dict[str, dict[str, object]] = {"unknown": {"prodcut": "x"}, "no-json": {"product": object()}}
    names = ("good", "raises", "unknown", "dies", "no-json", "kills-its-worker", "one", "two", "Ünï {x}")
    jobs = [job(tmp_path, name, given.get(name)) for name in names]
    events: list[Event] = []
    outcomes = _on(cluster, jobs, tmp_path, shared=shared, on_event=events.append)
    assert outcomes == rendered(_elsewhere(jobs, tmp_path / "here"), tmp_path, slots=2)
    assert _contents(tmp_path / "out") == _contents(tmp_path / "here")
    assert sorted(event.job for event in events if event.kind == "started") == sorted(names)
    assert sorted(event.job for event in events if event.outcome) == sorted(names)


@linux
@both_modes
def test_a_killed_worker_costs_no_report(
    cluster: LocalCluster, tmp_path: Path, bell: int, *, shared: bool
) -> None:
    jobs = [_waiting_job(tmp_path, RINGS_AND_WAITS_ONCE), *(job(tmp_path, f"n{n}") for n in range(5))]
    seen: list[int] = []
    folders: list[Path] = []

    def kill_the_worker(event: Event) -> None:
        if event.kind == "started" and not seen and event.job == jobs[-1].name:  # all are under way
            child = _rung(bell)
            server = _parent(child)
            chunk = _parent(server)
            seen.extend((child, server, chunk))
            folders.append(Path(f"/proc/{chunk}/fd/2").readlink().parent)
            os.kill(_parent(chunk), signal.SIGKILL)

    outcomes = _on(cluster, jobs, tmp_path, shared=shared, on_event=kill_the_worker)
    assert [outcome.status for outcome in outcomes] == ["rendered"] * len(jobs)
    assert outcomes == rendered(_elsewhere(jobs, tmp_path / "here"), tmp_path)
    assert _contents(tmp_path / "out") == _contents(tmp_path / "here")
    assert [ends(pid) for pid in seen] == [True] * 3
    assert not folders[0].exists()


@linux
def test_jobs_whose_workers_always_die_fail_and_the_others_are_made(tmp_path: Path) -> None:
    fatal = _waiting_job(tmp_path, KILLS_THE_WORKER)
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), _cluster() as cluster:
        outcomes = _on(cluster, [fatal, job(tmp_path, "one")], tmp_path)
    assert [outcome.status for outcome in outcomes] == ["failed", "rendered"]
    assert outcomes[0].reason == "it was lost: 2 workers of the cluster died while they made it and others"
    assert set(outcomes[0].hashes) == {"html", "ipynb"}
    assert "this report is incomplete" in fatal.html.read_text(encoding="utf-8")


@linux
def test_what_nobody_waits_for_is_ended(cluster: LocalCluster, tmp_path: Path, bell: int) -> None:
    with (
        closing(open_cluster(cluster.scheduler_address, cwd=tmp_path, page=PAGE)) as engine,
        closing(engine.run([_waiting_job(tmp_path, RINGS_AND_WAITS).absolute()])) as events,
    ):
        assert next(events).kind == "started"
        child = _rung(bell)
        server = _parent(child)
        chunk = _parent(server)
    assert [ends(pid) for pid in (child, server, chunk)] == [True] * 3
    assert not (tmp_path / "out").exists()


def test_the_stock_engine_runs_on_workers_too_and_what_it_has_to_say_is_said_once(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    events: list[Event] = []
    jobs = [job(tmp_path, "one"), job(tmp_path, "two")]
    outcomes = _on(cluster, jobs, tmp_path, prepare="evalkit.nowhere:nothing", on_event=events.append)
    assert [outcome.status for outcome in outcomes] == ["rendered", "rendered"]
    (notice,) = [event.job for event in events if event.kind == "notice"]
    assert "No module named 'evalkit.nowhere'; the stock one is used" in notice


def test_a_cluster_without_workers_is_waited_for(tmp_path: Path) -> None:
    with _cluster(0) as cluster:
        notices = []

        def hire(event: Event) -> None:
            if event.kind == "notice":
                notices.append(event.job)
                cluster.scale(1)

        (outcome,) = _on(cluster, [job(tmp_path, "one")], tmp_path, on_event=hire)
        assert outcome.status == "rendered"
        assert notices == [
            f"no worker is connected to the scheduler at {cluster.scheduler_address}; waiting for one"
        ]


def test_a_report_that_cannot_be_written_here_is_one_failed_line(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    lost = replace(job(tmp_path, "lost"), notebook=tmp_path / "file/x.ipynb", html=tmp_path / "file/x.html")
    lost_too, made = _on(cluster, [lost, job(tmp_path, "one")], tmp_path)
    assert lost_too.reason.startswith("its report cannot be written: ")
    assert (lost_too.status, made.status) == ("failed", "rendered")


def test_workers_that_lack_the_folder_are_refused(cluster: LocalCluster, tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match=r"workers of tcp://.* must have the same files .*nowhere, in"):
        _on(cluster, [job(tmp_path, "one")], tmp_path / "nowhere")


def test_a_scheduler_that_goes_away_ends_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_engine, "_CONNECT_SECONDS", 5)
    with _cluster(0) as cluster:

        def close(event: Event) -> None:
            if event.kind == "started":
                cluster.close()

        with pytest.raises(EvalkitError, match=r"the dask scheduler at tcp://.* was lost"):
            _on(cluster, [job(tmp_path, "one")], tmp_path, on_event=close)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", ""])
def test_an_address_where_no_scheduler_answers_is_named(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_engine, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(EvalkitError, match=rf"no dask scheduler answers at '{address}': .*dask scheduler"):
        open_cluster(address, cwd=tmp_path, page=PAGE)


def test_without_dask_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    for name in ("engine", "worker"):
        monkeypatch.delitem(sys.modules, f"evalkit.engine.cluster.{name}")
    with pytest.raises(EvalkitError, match=r"needs the package distributed: pip install 'evalkit\[cluste"):
        open_cluster("tcp://127.0.0.1:1", cwd=tmp_path, page=PAGE)


def _site(folder: Path, template: Path) -> Site:
    return Site.here("fast", folder, PAGE, "", {}).with_templates([template])


def test_a_machine_with_the_same_files_and_packages_will_do(tmp_path: Path) -> None:
    assert not _site(tmp_path, write_template(tmp_path / "t.ipynb", CELLS["good"])).problem()


def test_a_machine_with_another_template_or_none_will_not_do(tmp_path: Path) -> None:
    template = write_template(tmp_path / "t.ipynb", CELLS["good"])
    site = _site(tmp_path, template)
    write_template(template, CELLS["raises"])
    assert site.problem() == f"the template {template} differs"
    template.unlink()
    assert site.problem() == f"the template {template} is not there"


def test_a_machine_with_other_versions_will_not_do(tmp_path: Path) -> None:
    site = _site(tmp_path, write_template(tmp_path / "t.ipynb", CELLS["good"]))
    pandas = site.versions["pandas"]
    changed = replace(site, versions={**site.versions, "pandas": "0.1"})
    assert changed.problem() == f"it has pandas {pandas} instead of 0.1"


@pytest.mark.parametrize(("total", "threads"), [(1, 2), (30, 2), (59, 2), (1000, 2), (7, 64)])
def test_chunks_are_large_where_there_is_much_and_shared_out_where_there_is_little(
    total: int, threads: int
) -> None:
    size = cluster_engine.chunk_size(total, 1, threads)
    assert size >= min(30, -(-total // threads))
    assert size <= max(59, total // threads // 30 + 30)
    assert size * threads >= total or size >= 30


def test_the_cluster_is_still_there(cluster: LocalCluster) -> None:
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=300)
        assert client.submit(sum, (1, 2)).result() == 3
