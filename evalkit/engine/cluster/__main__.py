"""A chunk as a program, ``python -P -m evalkit.engine.cluster``: an order on standard input, outcomes out.

It ends when its standard input does.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from _thread import interrupt_main
from contextlib import closing
from pathlib import Path
from threading import Thread, main_thread
from typing import Any

from evalkit.engine.choice import open_engine
from evalkit.engine.fork.wire import line_of, packed_outcome, unpacked_job


def main() -> None:
    """Render the jobs of one order."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where it was ignored outside
    order = json.loads(sys.stdin.buffer.readline())
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        _run(order)
    except KeyboardInterrupt:
        shutil.rmtree(order["folder"], ignore_errors=True)  # the worker may be gone
        sys.exit(1)


def _run(order: dict[str, Any]) -> None:
    jobs = [unpacked_job(raw) for raw in order["jobs"]]
    numbers = {job.name: number for number, job in enumerate(jobs)}
    engine = open_engine(
        order["engine"],
        slots=order["slots"],
        cwd=Path(order["cwd"]),
        page=order["page"],
        prepare=order["prepare"],
        prepare_with=order["prepare_with"],
    )
    with closing(engine), closing(engine.run(jobs)) as events:
        for event in events:
            if event.kind == "notice":
                _say({"notice": event.job})
            if event.outcome is not None:
                _say({"number": numbers[event.job], "outcome": packed_outcome(event.outcome)})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.buffer.write(line_of(message))
    sys.stdout.buffer.flush()


def _end_with_parent() -> None:
    """Wait until the worker closes the line or is gone, then interrupt: the engine ends what it started."""
    while os.read(sys.stdin.fileno(), 1):  # no buffer: its lock would be held while the interpreter ends
        pass
    if sys.platform == "win32":
        interrupt_main()
    elif (number := main_thread().ident) is not None:
        signal.pthread_kill(number, signal.SIGINT)  # to that thread: it may be waiting in a system call


if __name__ == "__main__":
    main()
