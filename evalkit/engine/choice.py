"""Which engine runs a batch: the fast one where it can, else the stock one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from evalkit.engine.events import Event
from evalkit.engine.fork.engine import ForkEngine
from evalkit.engine.fork.server_process import UnfitError
from evalkit.engine.stock.engine import StockEngine

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from evalkit.engine.batch import Engine
    from evalkit.engine.job import Job

EngineName = Literal["fast", "stock"]
ENGINES: Final[tuple[EngineName, ...]] = ("fast", "stock")


def open_engine(  # noqa: PLR0913 - all are keywords
    name: EngineName,
    *,
    slots: int,
    cwd: Path,
    page: str,
    prepare: str = "",
    prepare_with: Mapping[str, Any] | None = None,
) -> Engine:
    """Return an engine; close it after use.

    Parameters
    ----------
    name
        ``fast``: forked children of a warm process; where that is not possible, as a notice says then,
        ``stock``: nbclient and a kernel per notebook.
    slots
        How many notebooks run at the same time, at least 1.
    cwd
        The folder that cells run in.
    page
        A :class:`~evalkit.engine.worksite.PageMaker` as ``module:function``.
    prepare, prepare_with
        See :class:`~evalkit.engine.fork.engine.ForkEngine`; the stock engine ignores them.

    Raises
    ------
    ValueError
        If ``slots`` is less than 1.
    """
    if slots < 1:
        raise ValueError(f"slots: {slots} is less than 1")
    stock = StockEngine(slots=slots, cwd=cwd.absolute(), page=page)
    if name == "stock":
        return stock
    fast = ForkEngine(slots=slots, cwd=cwd.absolute(), page=page, prepare=prepare, prepare_with=prepare_with)
    return _FastWherePossible(fast, stock)


class _FastWherePossible:
    """The fast engine, and the stock one from the moment the fast one proves unfit."""

    name = "fast"

    def __init__(self, fast: ForkEngine, stock: StockEngine) -> None:
        self._fast, self._stock = fast, stock
        self._why_not = ""
        try:
            fast.begin()
        except UnfitError as error:
            self._why_not = str(error)

    def run(self, jobs: Sequence[Job]) -> Generator[Event, None, None]:
        """Run every job, and yield what happens; closing the generator ends what runs."""
        ended: set[str] = set()
        if not self._why_not:
            try:
                for event in self._fast.run(jobs):
                    if event.outcome is not None:
                        ended.add(event.job)
                    yield event
            except UnfitError as error:
                self._why_not = str(error)
            else:
                return
        yield Event("notice", f"the fast engine cannot be used here: {self._why_not}; the stock one is used")
        yield from self._stock.run([job for job in jobs if job.name not in ended])

    def close(self) -> None:
        """End what the engine keeps ready between runs."""
        self._fast.close()
        self._stock.close()
