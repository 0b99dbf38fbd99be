"""A batch as seen in a terminal: one line for the batch, one for each report that is being made."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from rich.console import Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from evalkit.engine.legible import legible

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.console import Console, RenderableType

    from evalkit.engine.events import Event

_REFRESHES_PER_SECOND: Final = 5
_MOST_LINES: Final = 16
_BAR_COLUMNS: Final = range(10, 41)
_LEAST_FOR_A_BAR: Final = 12
"""A terminal that has fewer columns left than this beside the figures gets no bar."""


@dataclass(slots=True)
class _Slot:
    """One line, and the report on it."""

    job: str
    cell: str = ""


class ProgressReporter:
    """Shows a batch in a terminal: a bar and the running reports, or lines, or nothing.

    A context manager, and a callback for :func:`~evalkit.engine.batch.render_batch`.

    Parameters
    ----------
    console
        Where to show it, best the one of standard error. On a terminal there is one line for the batch and
        one for each running report, which keeps its line; elsewhere (a file, CI) each report that is made
        is one line. A failure and a notice are one line in any case.
    verbose
        Also a line for each report that starts, is made, or is unchanged.
    total
        Number of jobs.
    clock
        Seconds, from anywhere.
    """

    def __init__(
        self,
        console: Console,
        total: int,
        *,
        verbose: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console, self._total, self._verbose, self._clock = console, total, verbose, clock
        self._slots: list[_Slot | None] = []
        self._by_job: dict[str, int] = {}
        self._ended = self._made = self._failed = self._widest = 0
        self._began = clock()
        self._first_start: float | None = None
        self._live = Live(
            console=console,
            get_renderable=self._shown,
            refresh_per_second=_REFRESHES_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        if self._console.is_interactive:
            self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def __call__(self, event: Event, /) -> None:
        """Take note of the event; what is shown follows a moment later."""
        if event.kind == "notice":
            self._say(event.job)
            return
        if event.kind == "cell":
            if (slot := self._slot(event.job)) is not None:
                of = f"/{event.cells}" if event.cells else ""
                slot.cell = f"{_line(event.cell)} ({event.index + 1}{of})"
            return
        if event.kind == "started":
            self._start(event.job)
        else:
            self._end(event)
        made = event.kind == "finished" and not self._console.is_interactive
        if made or event.kind == "failed" or self._verbose:
            self._say(_told(event))

    def refresh(self) -> None:
        """Show now what else would follow a moment later."""
        self._live.refresh()

    def _say(self, text: str) -> None:
        self._console.print(Text(_line(text)), soft_wrap=True)

    def _start(self, job: str) -> None:
        if self._first_start is None:
            self._first_start = self._clock()
        place = self._slots.index(None) if None in self._slots else len(self._slots)
        self._slots[place : place + 1] = [_Slot(job)]
        self._by_job[job] = place
        self._widest = max(self._widest, Text(_line(job)).cell_len)

    def _end(self, event: Event) -> None:
        self._ended += 1
        self._made += event.kind != "unchanged"
        self._failed += event.kind == "failed"
        place = self._by_job.pop(event.job, None)
        if place is not None:
            self._slots[place] = None

    def _slot(self, job: str) -> _Slot | None:
        place = self._by_job.get(job)
        return None if place is None else self._slots[place]

    def _shown(self) -> RenderableType:
        """Return what is on the terminal now; called by the thread that refreshes it."""
        width = self._console.width
        return Group(self._batch_line(width), *self._slot_lines(width))

    def _batch_line(self, width: int) -> RenderableType:
        said = [f"{self._ended}/{self._total}"]
        if self._failed:
            said.append(f"{self._failed} failed")
        said.append(_duration(self._clock() - self._began))
        if (left := self._left()) is not None:
            said.append(f"about {_duration(left)} left")
        figures = Text("  ".join(said), no_wrap=True, overflow="ellipsis")
        if self._failed:
            figures.highlight_words([f"{self._failed} failed"], "red")
        room = width - len("Reports  ") - figures.cell_len - 2
        line = Table.grid(padding=(0, 2, 0, 0))
        parts: list[RenderableType] = [Text("Reports", no_wrap=True)]
        if room >= _LEAST_FOR_A_BAR:
            columns = min(max(room, _BAR_COLUMNS.start), _BAR_COLUMNS[-1])
            parts.append(ProgressBar(total=max(self._total, 1), completed=self._ended, width=columns))
        line.add_row(*parts, figures)
        return line

    def _left(self) -> float | None:
        """Return the seconds that the rest will take at the pace so far; None before the first report."""
        rest = self._total - self._ended
        if self._first_start is None or not self._made or not rest:
            return None
        return (self._clock() - self._first_start) / self._made * rest

    def _slot_lines(self, width: int) -> list[RenderableType]:
        slots = list(self._slots)
        room = max(1, min(_MOST_LINES, self._console.height - 3))
        shown = slots if len(slots) <= room else slots[: room - 1]
        names = min(self._widest, max(10, width * 3 // 5))
        lines: list[RenderableType] = []
        for slot in shown:
            line = Text("  ", no_wrap=True, overflow="ellipsis")
            if slot is not None:
                name = Text(_line(slot.job))
                name.truncate(names, overflow="ellipsis", pad=True)
                line.append(name).append("  ").append(slot.cell, style="dim")
            lines.append(line)
        if hidden := sum(slot is not None for slot in slots[len(shown) :]):
            lines.append(Text(f"  and {hidden} more", style="dim", no_wrap=True))
        return lines


def _line(text: str) -> str:
    """Return text as one legible line."""
    return " ".join(legible(text).split())


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _told(event: Event) -> str:
    if event.outcome is None or event.kind == "unchanged":
        return f"{event.kind} {event.job}"
    at = f" at cell {event.outcome.cell}" if event.outcome.cell else ""
    why = f"{at}: {event.outcome.reason}" if event.kind == "failed" else ""
    return f"{event.outcome.status} {event.job} in {event.outcome.seconds:.1f} s{why}"
