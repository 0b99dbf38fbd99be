from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from evalkit.engine.events import Event, ignore
from evalkit.engine.job import Outcome
from evalkit.engine.progress import ProgressReporter

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS = (
    Event("unchanged", "c/z", Outcome("c/z", "unchanged")),
    Event("started", "a/x"),
    Event("started", "b/y"),
    Event("cell", "a/x", cell="scores", index=6, cells=16),
    Event("finished", "a/x", Outcome("a/x", "rendered", seconds=1.25)),
    Event("failed", "b/y", Outcome("b/y", "failed", "[red]no[/red] \x1b[1m\u202e", "scores", seconds=2)),
)
FAILURE = "failed b/y in 2.0 s at cell scores: [red]no[/red] [U+202E]"


def _said(*events: Event, verbose: bool = False) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, width=120, color_system=None)
    with ProgressReporter(console, total=3, verbose=verbose) as reporter:
        for event in events or EVENTS:
            reporter(event)
    return stream.getvalue().splitlines()


class Screen:
    """A terminal of which each look is a new frame, and a clock that is set by hand."""

    def __init__(self, width: int, height: int) -> None:
        self.stream = io.StringIO()
        self.console = Console(
            file=self.stream,
            force_terminal=True,
            force_interactive=True,
            width=width,
            height=height,
            color_system=None,
            legacy_windows=False,
        )
        self.seconds = 0.0

    @contextmanager
    def watching(self, total: int) -> Iterator[ProgressReporter]:
        with ProgressReporter(self.console, total, clock=lambda: self.seconds) as reporter:
            yield reporter

    def look(self, reporter: ProgressReporter) -> list[str]:
        """What is on the terminal now, without the lines above it."""
        reporter.refresh()
        frame = re.split(r"Reports", self.stream.getvalue())[-1]
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", "Reports" + frame)
        return [line.rstrip() for line in plain.splitlines() if line.strip()]


def test_off_a_terminal_each_report_that_was_made_is_one_line() -> None:
    assert _said(*EVENTS, Event("notice", "the stock one\nis used")) == [
        "rendered a/x in 1.2 s",
        FAILURE,
        "the stock one is used",
    ]


def test_verbose_each_start_and_end_is_one_line() -> None:
    assert _said(verbose=True) == [
        "unchanged c/z",
        "started a/x",
        "started b/y",
        "rendered a/x in 1.2 s",
        FAILURE,
    ]


def test_a_terminal_that_cannot_move_its_cursor_gets_lines() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, force_interactive=False, color_system=None)
    with ProgressReporter(console, total=3) as reporter:
        for event in EVENTS:
            reporter(event)
    assert stream.getvalue() == f"rendered a/x in 1.2 s\n{FAILURE}\n"


def test_the_batch_has_a_line_and_each_running_report_its_own_with_its_cell() -> None:
    screen = Screen(100, 24)
    with screen.watching(3) as reporter:
        for event in EVENTS[:4]:
            reporter(event)
        batch, first, second = screen.look(reporter)
    assert re.fullmatch(r"Reports +[━╸╺]+ +1/3  0:00", batch)
    assert first == "  a/x  scores (7/16)"
    assert second == "  b/y"


def test_a_cell_of_a_notebook_of_unknown_length_is_counted_from_one() -> None:
    screen = Screen(100, 24)
    with screen.watching(1) as reporter:
        reporter(Event("started", "a/x"))
        reporter(Event("cell", "a/x", cell="scores", index=6))
        assert screen.look(reporter)[1:] == ["  a/x  scores (7)"]


def test_a_report_keeps_its_line_and_the_next_takes_the_free_one() -> None:
    screen = Screen(100, 24)
    with screen.watching(5) as reporter:
        for name in ("one", "two", "three"):
            reporter(Event("started", name))
        reporter(Event("finished", "one", Outcome("one", "rendered")))
        assert screen.look(reporter)[1:] == ["  two", "  three"]
        reporter(Event("started", "four"))
        assert screen.look(reporter)[1:] == ["  four", "  two", "  three"]


def test_failures_are_counted_and_the_rest_is_estimated_from_what_was_made() -> None:
    screen = Screen(120, 24)
    with screen.watching(5) as reporter:
        reporter(EVENTS[0])  # unchanged: says nothing of how long a report takes
        assert "left" not in screen.look(reporter)[0]
        screen.seconds = 10
        reporter(EVENTS[1])
        reporter(EVENTS[2])
        screen.seconds = 40
        reporter(EVENTS[4])
        reporter(EVENTS[5])
        assert screen.look(reporter)[0].endswith("3/5  1 failed  0:40  about 0:30 left")


def test_on_a_narrow_terminal_each_report_still_has_one_line() -> None:
    screen = Screen(24, 24)
    with screen.watching(2) as reporter:
        for name in ("a-product-with-a-long-name/bedrock", "b/y"):
            reporter(Event("started", name))
            reporter(Event("cell", name, cell="what-would-change", index=3, cells=16))
        lines = screen.look(reporter)
    assert [line[:16].rstrip() for line in lines] == ["Reports  0/2  0:", "  a-product-wit…", "  b/y"]
    assert max(map(len, lines)) <= 24


def test_more_reports_than_lines_are_counted() -> None:
    screen = Screen(80, 8)
    with screen.watching(40) as reporter:
        for number in range(40):
            reporter(Event("started", f"job-{number}"))
        assert screen.look(reporter)[1:] == [*(f"  job-{n}" for n in range(4)), "  and 36 more"]


def test_names_and_cells_are_legible() -> None:
    screen = Screen(80, 24)
    with screen.watching(1) as reporter:
        reporter(Event("started", "a\x1b[31m/\u202ex\ny"))
        reporter(Event("cell", "a\x1b[31m/\u202ex\ny", cell="[bold]c\x1b[2J", index=0))
        assert screen.look(reporter)[1:] == ["  a/[U+202E]x y  [bold]c (1)"]


def test_on_a_terminal_failures_stay_above_the_bar() -> None:
    screen = Screen(120, 24)
    with screen.watching(3) as reporter:
        for event in EVENTS:
            reporter(event)
    assert FAILURE in screen.stream.getvalue()


def test_nobody_needs_to_watch() -> None:
    for event in EVENTS:
        ignore(event)
