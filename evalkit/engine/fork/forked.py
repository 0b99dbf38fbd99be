"""What every forked child does first and last, and how to say in which way it ended."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Final, NoReturn

from evalkit.engine.fork.orphans import adopt

if TYPE_CHECKING:
    from collections.abc import Callable

BROKEN: Final = 70
"""Exit code of a child that could not do its work."""


def live(work: Callable[[], None]) -> NoReturn:
    """Do a child's work and end; nothing of the server's goes on in this process."""
    code = BROKEN
    end = os._exit  # cells may replace it
    try:
        os.setsid()  # what cells start is in this group
        adopt()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # blocked while the server was started
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - the server sees the exit code
        traceback.print_exc(file=sys.__stderr__)
    finally:
        end(code)


def cause_of_death(code: int) -> str:
    """Return how a child ended, from its exit code, of which a negative one names a signal.

    >>> cause_of_death(-11)
    'the kernel died: SIGSEGV'
    >>> cause_of_death(3)
    'the kernel died: it ended itself with exit code 3'
    """
    if code < 0:
        names = {number.value: number.name for number in signal.Signals}  # real-time signals have none
        return f"the kernel died: {names.get(-code, f'signal {-code}')}"
    if code == BROKEN:
        return "the kernel died: the cell broke the process that it ran in"
    return f"the kernel died: it ended itself with exit code {code}"
