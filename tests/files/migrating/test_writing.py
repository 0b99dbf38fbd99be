from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.errors import EvalkitError
from evalkit.files.migrating import writing
from evalkit.files.migrating.migration import plan_migration
from evalkit.files.migrating.writing import MARKER, write
from evalkit.files.saving.drafts import Draft, drafts_bytes
from evalkit.files.saving.history import read_history
from evalkit.files.saving.journal import Change, Entry, Journal
from evalkit.files.saving.stored import digest
from evalkit.files.workspace import Workspace
from evalkit.writing import write_bytes
from tests.files.migrating.projects import (
    ANSWERS,
    NOW,
    SCRIBE,
    migrate,
    project,
    renamed,
    says,
    small_conditions,
    small_controls,
    text_of,
)

ROOT = Path(__file__).parents[3]
STEPS = [
    (
        "1.1.0",
        [
            renamed("LOC-01", "LOC-11"),
            {"changed": "LOC-04", "reason": "-", "values": [{"was": 2, "now": 3}, {"was": 3, "now": 2}]},
            {"retired": "NET-03", "reason": "-"},
        ],
    )
]
QUESTIONS = ["LOC-01=LOC-11", "-NET-03"]


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """Two answers files, drafts, controls and conditions of the version before."""
    made = project(
        tmp_path,
        STEPS,
        {"acme": ANSWERS, "zeta": ANSWERS.replace("id: acme", "id: zeta")},
        QUESTIONS,
        conditions=small_conditions(),
        controls=small_controls({"LOC-04": {"to": 2}}, {"LOC-04": {"to": 3}}),
    )
    drafts = drafts_bytes({"answers/LOC-02": Draft({"value": ["opaque"]}, "0" * 16)})
    (made / "answers" / "acme.drafts.json").write_bytes(drafts or b"")
    return made


def contents(evaluation: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for path in evaluation.rglob("*") if path.is_file() and path.suffix != ".lock"
    }


def test_what_fails_at_any_file_is_put_back(evaluation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(evaluation)
    plan = plan_migration(Workspace.of(evaluation), SCRIBE, NOW)
    replace = Path.replace
    for last in range(1, len(plan.batch.files)):
        done: list[Path] = []

        def failing(path: Path, target: Path, *, last: int = last, done: list[Path] = done) -> Path:
            if path.name.endswith(".migrate.tmp"):
                if len(done) == last:
                    raise OSError(28, "No space left on device", str(path))
                done.append(path)
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", failing)
        with pytest.raises(EvalkitError, match="No space left on device; nothing is migrated"):
            write(plan.batch)
        monkeypatch.setattr(Path, "replace", replace)
        left = contents(evaluation)
        assert {path: raw for path, raw in left.items() if raw} == before


def test_a_disk_that_is_full_shows_before_anything_changes(
    evaluation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(evaluation)
    plan = plan_migration(Workspace.of(evaluation), SCRIBE, NOW)
    count = iter(range(100))

    def full(path: Path, raw: bytes) -> str:
        if next(count) == 3:
            raise EvalkitError(f"{path}: there is no space left on the disk")
        return write_bytes(path, raw)

    monkeypatch.setattr(writing, "write_bytes", full)
    with pytest.raises(EvalkitError, match="no space left"):
        write(plan.batch)
    assert contents(evaluation) == before


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_stops_all(evaluation: Path) -> None:
    before = contents(evaluation)
    (evaluation / "evaluation.yaml").chmod(0o444)
    with pytest.raises(EvalkitError, match=r"evaluation.yaml may not be written; nothing is changed"):
        migrate(evaluation)
    assert contents(evaluation) == before


def test_files_that_changed_since_they_were_read_are_not_written(evaluation: Path) -> None:
    plan = plan_migration(Workspace.of(evaluation), SCRIBE, NOW)
    path = evaluation / "answers" / "acme.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}# Later.\n", encoding="utf-8")
    before = contents(evaluation)
    with pytest.raises(EvalkitError, match=r"answers/acme.yaml was changed just now; nothing is written"):
        write(plan.batch)
    assert contents(evaluation) == before


def test_permissions_of_a_file_stay(evaluation: Path) -> None:
    path = evaluation / "answers" / "acme.yaml"
    path.chmod(0o640)
    migrate(evaluation)
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_history_says_what_happened_and_nothing_happened_since(evaluation: Path) -> None:
    migrate(evaluation)
    journal = Journal(evaluation / "answers" / "acme.history.jsonl")
    past = read_history(journal).entries
    assert {entry.what for entry in past} == {"migration to demo@1.1.0"}
    assert {entry.by for entry in past} == {"Mig"}
    told = {entry.part: entry.summary for entry in past}
    assert told["answers/LOC-01"] == told["answers/NET-03"] == "answer removed"
    assert told["answers/LOC-11"].startswith("value: 2")
    assert journal.pending() is None


def test_controls_rewritten_by_a_process_that_died_are_not_rewritten_again(evaluation: Path) -> None:
    before = contents(evaluation)
    migrate(evaluation)
    after = contents(evaluation)
    controls = evaluation / "controls" / "acme.yaml"
    digests = {
        path.relative_to(evaluation.parents[1]).as_posix(): [digest(before.get(path)), digest(raw)]
        for path, raw in after.items()
    }
    for path, raw in before.items():
        if path != controls:
            path.write_bytes(raw)
    (evaluation / "answers" / "acme.history.jsonl").unlink()
    (evaluation / "answers" / "zeta.history.jsonl").unlink()
    marker = {"format": "evalkit/migrating/1", "files": digests}
    (evaluation / MARKER).write_text(json.dumps(marker), encoding="utf-8")
    migrate(evaluation)
    assert controls.read_bytes() == after[controls]
    assert not (evaluation / MARKER).exists()


def test_controls_that_changed_after_a_process_died_are_asked_about(evaluation: Path) -> None:
    digests = {"results/autumn/controls/acme.yaml": ["0" * 64, "1" * 64]}
    marker = {"format": "evalkit/migrating/1", "files": digests}
    (evaluation / MARKER).write_text(json.dumps(marker), encoding="utf-8")
    with pytest.raises(EvalkitError, match=r"controls/acme.yaml was changed since: bring back"):
        migrate(evaluation)
    (evaluation / MARKER).write_text("{", encoding="utf-8")
    with pytest.raises(EvalkitError, match="not what evalkit wrote; move it away"):
        migrate(evaluation)


def test_a_save_that_a_process_died_at_before_is_finished_first(evaluation: Path) -> None:
    path = evaluation / "answers" / "acme.yaml"
    new = {"value": ["opaque"], "evidence": [{"class": "documented", "source": "docs"}]}
    old = {"value": ["open_format"], "evidence": [{"class": "documented", "source": "docs"}]}
    raw, drafts = path.read_bytes(), (evaluation / "answers" / "acme.drafts.json").read_bytes()
    after = raw.replace(b"open_format", b"opaque")
    files = {"answers": (digest(raw), digest(after)), "drafts": (digest(drafts), digest(drafts))}
    change = Change("answers/LOC-02", old, new, is_draft=False)
    entry = Entry("abc", "2026-06-01T00:00:00.000Z", "Ann", "edit", (change,), files)
    Journal(evaluation / "answers" / "acme.history.jsonl").add(entry)
    migrate(evaluation)
    assert says(evaluation).answers["LOC-02"].value == ("opaque",)


def test_a_file_beside_which_more_was_retired_before_is_asked_about(evaluation: Path) -> None:
    kept = evaluation / "retired" / "1.0.0" / "acme.yaml"
    kept.parent.mkdir(parents=True)
    kept.write_text("other", encoding="utf-8")
    with pytest.raises(EvalkitError, match=r"retired/1.0.0/acme.yaml is there already, .* move it away"):
        migrate(evaluation)
    assert "demo@1.0.0" in text_of(evaluation)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_at_whatever_step_a_process_dies_files_are_whole_and_the_next_run_finishes(evaluation: Path) -> None:
    (evaluation / "answers" / "zeta.yaml").unlink()  # one is enough, and there are many steps
    command = [sys.executable, "-m", "tests.files.migrating.killer", str(evaluation)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (steps,) = re.findall(r"steps (\d+)", done.stdout)
    assert int(steps) > 30
