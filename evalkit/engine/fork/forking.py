"""What every fork server does with its children: it forks, watches and buries them."""

from __future__ import annotations

import os
import selectors
from abc import ABC, abstractmethod
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from evalkit.engine.fork.forked import live
from evalkit.engine.fork.orphans import adopt, children, end_orphans
from evalkit.engine.worksite import end_group, forget_group, note_group

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path
    from typing import NoReturn

    Descriptor = int | socket.socket


class ForkingServer(ABC):
    """A process with one thread that forks children and serves them until its caller is gone.

    Parameters
    ----------
    link
        To the caller; :meth:`hear` is called when it says something.
    place
        The server's private folder.
    """

    def __init__(self, link: socket.socket, place: Path) -> None:
        self._link, self._place = link, place
        self._open = True
        self._started_before: set[int] = set()
        self._watches: dict[int, int] = {}
        """What becomes readable when a child dies, by its process id."""
        self._selector = selectors.DefaultSelector()
        self.listen(link, self.hear)

    @abstractmethod
    def hear(self) -> None:
        """Take what the caller says."""

    def look(self) -> float | None:
        """Do what the clock asks for, and return the seconds until it asks again; None if it does not."""
        return None

    def serve(self) -> None:
        """Work until the caller is gone, then leave no process behind."""
        adopt()
        self._started_before = children()
        try:
            while self._open:
                for key, _ in self._selector.select(self.look()):
                    # Unless what came before it in this round has closed it; its number may serve another.
                    if self._selector.get_map().get(key.fileobj) is key:
                        key.data()
        except ConnectionError:
            pass  # nobody is left to be told
        finally:
            for pid in self._watches:
                end_group(pid)
            end_orphans(self._started_before)

    def close(self) -> None:
        """Serve no longer."""
        self._open = False

    def listen(self, descriptor: Descriptor, call: Callable[[], None]) -> None:
        """Have something called when a descriptor becomes readable."""
        self._selector.register(descriptor, selectors.EVENT_READ, call)

    def unlisten(self, descriptor: Descriptor) -> None:
        """Do not listen to a descriptor any more; it need not have been listened to."""
        with suppress(KeyError):
            self._selector.unregister(descriptor)

    def fork(self, work: Callable[[], None], bury: Callable[[int, int], None]) -> int:
        """Have a child do some work and return its process id.

        Parameters
        ----------
        work
            Called in the child, which ends then.
        bury
            Called here when the child is dead and whatever its cells started is ended: with its process id
            and its exit code, negative for a signal.
        """
        pid = os.fork()
        if not pid:
            self._begin_life(work)
        note_group(self._place, pid)
        self._watches[pid] = os.pidfd_open(pid)
        self.listen(self._watches[pid], partial(self._bury, pid, bury))
        return pid

    def let_go(self) -> None:
        """Close, in a child, what belongs to the server."""
        self._selector.close()
        self._link.close()
        for watch in self._watches.values():
            os.close(watch)

    def _begin_life(self, work: Callable[[], None]) -> NoReturn:
        self.let_go()
        live(work)

    def _bury(self, pid: int, bury: Callable[[int, int], None]) -> None:
        end_group(pid)  # before its number is free: what its cells started
        forget_group(self._place, pid)
        _, status = os.waitpid(pid, 0)
        watch = self._watches.pop(pid)
        self.unlisten(watch)
        os.close(watch)
        end_orphans(self._started_before | self._watches.keys())
        bury(pid, os.waitstatus_to_exitcode(status))
