"""``evalkit render`` with its reports made by a cluster, or its results in another place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from distributed import LocalCluster

from evalkit.engine.cluster import engine as cluster_engine
from tests.cli.command import evalkit
from tests.reports.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path

CACHE = ".cache.json"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluation that has been rendered on this machine, into its out/."""
    evaluation = make_project(tmp_path_factory.mktemp("project"))
    assert evalkit("render", evaluation).returncode == 0
    return evaluation


def _without_seconds(files: dict[str, bytes]) -> dict[str, bytes]:
    """Take out of the run record how long each report took, the one thing that differs between runs."""
    run = json.loads(files["run.json"])
    for report in run["options"].values():
        del report["seconds"]
    return files | {"run.json": json.dumps(run).encode()}


def _contents(folder: Path) -> dict[str, bytes]:
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return _without_seconds({name: path.read_bytes() for name, path in files.items() if name != CACHE})


def _objects(memory: Any, place: str) -> dict[str, bytes]:  # noqa: ANN401 - fsspec has no types
    return {path.removeprefix(f"{place}/"): memory.cat_file(path) for path in memory.find(place)}


def test_an_object_store_gets_what_a_folder_would(finished: Path, memory: Any) -> None:  # noqa: ANN401 - fsspec has no types
    memory.pipe_file("/kept/agents/reports/gone.direct.html", b"of an option that is no longer compared")
    memory.pipe_file("/kept/agents/reports/notes.txt", b"of somebody else")
    done = evalkit("render", finished, "--out", "memory://kept/agents")
    assert done.returncode == 0, done.stderr
    assert "4 rendered, 0 unchanged, 0 failed; look at memory://kept/agents/index.html" in done.stderr
    found = _objects(memory, "/kept/agents")
    assert found.pop("reports/notes.txt") == b"of somebody else"
    assert _without_seconds(found) == _contents(finished / "out")


def test_another_folder_gets_the_same_and_is_then_up_to_date(finished: Path, tmp_path: Path) -> None:
    place = tmp_path / "re {ports}"
    done = evalkit("render", finished, "--out", place)
    assert done.returncode == 0, done.stderr
    assert _contents(place) == _contents(finished / "out")
    again = evalkit("render", finished, "--out", "re {ports}", cwd=tmp_path)
    assert "4 unchanged" in again.stderr
    assert "look at re {ports}/index.html" in again.stderr


def test_a_folder_in_the_evaluation_is_refused(finished: Path) -> None:
    done = evalkit("render", finished, "--out", finished / "answers" / "new")
    assert done.returncode == 2
    assert "lies in the evaluation" in done.stderr


def test_an_unknown_kind_of_store_is_refused_before_anything_is_made(finished: Path) -> None:
    done = evalkit("render", finished, "--out", "ftp://host/x")
    assert done.returncode == 2
    assert "results go to a folder or to one of s3://" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--scheduler", "tcp://x:1"), "go with --executor dask"),
        (("--shared-storage",), "go with --executor dask"),
        (("--executor", "dask"), "--executor dask needs --scheduler ADDRESS"),
        (("--executor", "dask", "--scheduler", "tcp://x:1", "--jobs", "2"), "--jobs goes with"),
        (("--out", "memory://kept", "--only", "cline"), "--only goes with a folder"),
        (
            ("--out", "memory://kept", "--executor", "dask", "--scheduler", "tcp://x:1", "--shared-storage"),
            "--shared-storage goes with a folder",
        ),
    ],
)
def test_options_that_contradict_each_other_are_wrong_usage(
    finished: Path, options: tuple[str, ...], said: str
) -> None:
    done = evalkit("render", finished, *options)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_cluster_makes_the_reports_that_this_machine_makes(finished: Path, tmp_path: Path) -> None:
    with LocalCluster(
        n_workers=1, threads_per_worker=2, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        options = ("--executor", "dask", "--scheduler", cluster.scheduler_address, "--out", tmp_path / "out")
        done = evalkit("render", finished, *options, "--verbose")
    assert done.returncode == 0, done.stderr
    assert _contents(tmp_path / "out") == _contents(finished / "out")
    assert json.loads((tmp_path / "out" / "run.json").read_bytes())["options"].keys() >= {"aider/bedrock"}
    assert "rendered aider/bedrock in " in done.stderr


def test_without_a_scheduler_nothing_is_made(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_engine, "_CONNECT_SECONDS", 0.5)
    options = ("--executor", "dask", "--scheduler", "tcp://127.0.0.1:1", "--out", tmp_path / "out")
    done = evalkit("render", finished, *options)
    assert done.returncode == 2
    assert "no dask scheduler answers at 'tcp://127.0.0.1:1'" in done.stderr
    assert not (tmp_path / "out").exists()
