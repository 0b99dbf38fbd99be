"""Slow work that waits until nothing moves, and never keeps the fast work waiting."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Input = TypeVar("Input")
Result = TypeVar("Result")


class AfterRest(Generic[Input, Result]):
    """Computes for the last input asked for, once no other has come for a while, in a thread of its own.

    Parameters
    ----------
    compute
        Runs in the thread; it must not touch what others may change.
    deliver
        Is called on the event loop with input and result, unless another input was asked for meanwhile.
    rest_seconds
        How long nothing must have been asked for.
    """

    def __init__(
        self,
        compute: Callable[[Input], Result],
        deliver: Callable[[Input, Result], None],
        rest_seconds: float = 0.4,
    ) -> None:
        self._compute = compute
        self._deliver = deliver
        self._rest_seconds = rest_seconds
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="evalkit-after-rest")
        self._waiting: asyncio.Task[None] | None = None

    def ask(self, wanted: Input) -> bool:
        """Compute for an input, in place of any asked for before; False where no event loop runs."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        self.forget()
        self._waiting = loop.create_task(self._later(wanted))
        return True

    def forget(self) -> None:
        """Deliver nothing of what was asked for."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    async def _later(self, wanted: Input) -> None:
        await asyncio.sleep(self._rest_seconds)
        result = await asyncio.get_running_loop().run_in_executor(self._pool, self._compute, wanted)
        self._deliver(wanted, result)
