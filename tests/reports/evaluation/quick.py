"""An engine that takes no time, and what a run with it made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self
from unittest import mock

from evalkit.engine.events import Event
from evalkit.engine.job import Outcome
from evalkit.reports import evaluation as rendering
from evalkit.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
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
