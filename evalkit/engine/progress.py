"""A batch as seen in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from evalkit.engine.legible import legible

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console

    from evalkit.engine.events import Event


class ProgressReporter:
    """Shows a batch in a terminal: a bar with the running reports, or lines, or nothing.

    A context manager, and a callback for :func:`~evalkit.engine.batch.render_batch`.

    Parameters
    ----------
    console
        Where to show it, best the one of standard error. On a terminal a bar appears, elsewhere (a file,
        CI) each event is one line if ``verbose``. A failure is one line in any case.
    total
        Number of jobs.
    """

    def __init__(self, console: Console, total: int, *, verbose: bool = False) -> None:
        self._console = console
        self._lines = verbose
        self._running: list[str] = []
        self._bar = Progress(
            TextColumn("Reports"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[running]}", markup=False),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("reports", total=total, running="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, event: Event, /) -> None:
        """Show the event."""
        if event.kind == "notice":
            self._console.print(Text(legible(event.job)), soft_wrap=True)
            return
        if event.kind == "cell":
            return
        if event.kind == "started":
            self._running.append(event.job)
        else:
            self._running = [name for name in self._running if name != event.job]
            self._bar.advance(self._task)
        self._bar.update(self._task, running=legible(", ".join(self._running)))
        if event.kind == "failed" or self._lines:
            self._console.print(Text(_line(event)), soft_wrap=True)


def _line(event: Event) -> str:
    if event.outcome is None:
        return legible(f"{event.kind} {event.job}")
    at = f" at cell {event.outcome.cell}" if event.outcome.cell else ""
    why = f"{at}: {event.outcome.reason}" if event.kind == "failed" else ""
    return legible(f"{event.kind} {event.job} in {event.outcome.seconds:.1f} s{why}")
