from __future__ import annotations

import io

from rich.console import Console

from evalkit.engine.events import Event, ignore
from evalkit.engine.job import Outcome
from evalkit.engine.progress import ProgressReporter

EVENTS = (
    Event("started", "a/x"),
    Event("started", "b/y"),
    Event("finished", "a/x", Outcome("a/x", "rendered", seconds=1.25)),
    Event("failed", "b/y", Outcome("b/y", "failed", "[red]no[/red] \x1b[1m\u202e", "scores", seconds=2)),
)
FAILURE = "failed b/y in 2.0 s at cell scores: [red]no[/red] [U+202E]"


def _said(*, terminal: bool = False, verbose: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=120, color_system=None)
    with ProgressReporter(console, total=2, verbose=verbose) as reporter:
        for event in EVENTS:
            reporter(event)
    return stream.getvalue()


def test_off_a_terminal_only_failures_are_told() -> None:
    assert _said() == f"{FAILURE}\n"


def test_verbose_each_event_is_one_line() -> None:
    assert _said(verbose=True).splitlines() == [
        "started a/x",
        "started b/y",
        "finished a/x in 1.2 s",
        FAILURE,
    ]


def test_on_a_terminal_a_bar_shows_what_is_running() -> None:
    said = _said(terminal=True)
    assert "2/2" in said
    assert FAILURE in said


def test_nobody_needs_to_watch() -> None:
    for event in EVENTS:
        ignore(event)
