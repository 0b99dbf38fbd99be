"""Whether a process has one thread: only then is a fork of it whole."""

from __future__ import annotations

import threading
from pathlib import Path


def other_threads() -> str:
    """Return which other threads this process has and what follows from that; empty if it has none."""
    names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if names:
        return f"a library has started a thread ({', '.join(names)}), and forking would freeze what it holds"
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        return "a library has started a thread outside of Python, and forking would freeze what it holds"
    return ""
