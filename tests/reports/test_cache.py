from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evalkit.engine.job import Job
from evalkit.reports.cache import RECORD, Record, Report, key, read_record, write_record
from evalkit.reports.plan import Layout
from evalkit.reports.surroundings import Surroundings

HASH = f"sha256:{'0' * 64}"
JOB = Job(
    "a/b", Path("t/vendor_report.ipynb"), {"option": "a/b"}, Path("x.ipynb"), Path("x.html"), "Title", "en"
)
THERE = Surroundings(files={"a.yaml": HASH}, templates={"vendor_report.ipynb": "1"}, program="p")
REPORT = Report(
    status="rendered",
    key=HASH,
    inputs=HASH,
    outputs={"html": HASH, "ipynb": HASH},
    seconds=0.25,
    current=True,
)
RECORDED = Record(
    surroundings=THERE,
    inputs=("a.yaml",),
    options=("a/b",),
    others={"index.html": HASH},
    reports={"comparison": REPORT, "a/b": REPORT},
)


def test_a_key_depends_on_everything_that_a_report_is_made_from() -> None:
    inputs = {"a.yaml": "1"}
    keys = [
        key(job, inputs=files, surroundings=there)
        for job, files, there in (
            (JOB, inputs, THERE),
            (replace(JOB, parameters={"option": "a/c"}), inputs, THERE),
            (replace(JOB, title="Other"), inputs, THERE),
            (replace(JOB, language="de"), inputs, THERE),
            (JOB, {"a.yaml": "2"}, THERE),
            (JOB, {"b.yaml": "1"}, THERE),
            (JOB, inputs, THERE.model_copy(update={"templates": {"vendor_report.ipynb": "2"}})),
            (JOB, inputs, THERE.model_copy(update={"program": "q"})),
        )
    ]
    assert len(set(keys)) == len(keys)


def test_a_key_does_not_depend_on_where_the_project_lies_or_on_other_templates() -> None:
    elsewhere = replace(
        JOB, template=Path("/u/vendor_report.ipynb"), notebook=Path("/u/x.ipynb"), html=Path("/u/x.html")
    )
    others = THERE.model_copy(update={"templates": THERE.templates | {"comparison.ipynb": "9"}})
    expected = key(JOB, inputs={"a": "1", "b": "2"}, surroundings=THERE)
    assert key(elsewhere, inputs={"b": "2", "a": "1"}, surroundings=others) == expected


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_record(tmp_path, RECORDED)
    assert read_record(tmp_path) == RECORDED
    assert (tmp_path / RECORD).read_bytes().endswith(b"}\n")


def changed(**changes: object) -> bytes:
    return json.dumps(RECORDED.model_dump() | changes).encode()


def with_report(**changes: object) -> bytes:
    reports: dict[str, Any] = RECORDED.model_dump()["reports"]
    return changed(reports=reports | {"a/b": reports["a/b"] | changes})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 200_000,
        changed(format="evalkit/cache/2"),
        changed(more=1),
        changed(options=["../../etc/passwd"]),
        changed(options=["a/b\n"]),
        changed(options=["\ud800"]),
        changed(others={"../../secret": HASH}),
        changed(reports={"../x": REPORT.model_dump()}),
        changed(surroundings={"files": {"a.yaml": 1}, "templates": {}, "program": "p"}),
        with_report(seconds="1"),
        with_report(seconds=-1),
        with_report(seconds=float("nan")),
        with_report(outputs={"html": "md5:1"}),
        with_report(status="unchanged"),
        with_report(reason="\ud800"),
    ],
)
def test_a_record_that_cannot_be_used_counts_as_none(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / RECORD).write_bytes(raw)
    assert read_record(tmp_path) is None


def test_a_folder_in_place_of_the_record_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / RECORD).mkdir()
    assert read_record(tmp_path) is None


def test_a_report_is_whole_while_its_files_are_as_written(tmp_path: Path) -> None:
    layout = Layout(tmp_path, tmp_path, tmp_path)
    layout.reports.mkdir(parents=True)
    html = layout.outputs("a/b")["html"]
    html.write_bytes(b"abc")
    abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    report = REPORT.model_copy(update={"outputs": {"html": abc}})
    assert report.is_whole(layout, "a/b")
    assert not report.is_complete
    assert not REPORT.is_whole(layout, "a/b")
    assert not REPORT.model_copy(update={"outputs": {"exe": abc}}).is_whole(layout, "a/b")
    html.unlink()
    assert not report.is_whole(layout, "a/b")


def test_a_failed_report_is_never_complete() -> None:
    assert REPORT.is_complete
    assert not REPORT.model_copy(update={"status": "failed"}).is_complete
    assert not REPORT.model_copy(update={"key": ""}).is_complete
