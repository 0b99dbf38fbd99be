"""Many reports at once: an engine runs them, and no failure stops the others."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from evalkit.engine.events import Event, ignore

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from evalkit.engine.events import OnEvent
    from evalkit.engine.job import Job, Outcome


class Engine(Protocol):
    """Runs notebooks, several at the same time."""

    name: str

    def run(self, jobs: Sequence[Job]) -> Generator[Event, None, None]:
        """Run every job, and yield what happens; closing the generator ends what runs."""

    def close(self) -> None:
        """End what the engine keeps ready between runs."""


def render_batch(jobs: Sequence[Job], engine: Engine, *, on_event: OnEvent = ignore) -> tuple[Outcome, ...]:
    """Render every job and return the outcomes in the order of the jobs; no jobs, no process.

    Parameters
    ----------
    engine
        See :func:`evalkit.engine.choice.open_engine`.
    on_event
        Called in this process when something happens to a job.

    Raises
    ------
    ValueError
        If two jobs share a name or a file.
    KeyboardInterrupt
        At Ctrl-C: running notebooks are ended, finished reports are kept.
    """
    _refuse_clashes(jobs)
    outcomes: dict[str, Outcome] = {}
    if jobs:
        with closing(engine.run([job.absolute() for job in jobs])) as events:
            for event in events:
                if event.outcome is not None:
                    outcomes[event.job] = event.outcome
                on_event(event)
    return tuple(outcomes[job.name] for job in jobs)


def _refuse_clashes(jobs: Sequence[Job]) -> None:
    names = Counter(job.name for job in jobs)
    files = Counter(path.absolute() for job in jobs for path in (job.notebook, job.html))
    for what, count in (*names.items(), *((path.name, n) for path, n in files.items())):
        if count > 1:
            raise ValueError(f"{what}: {count} jobs of one batch share this name or file")
