"""``evalkit render``: reports, comparison and index page of an evaluation."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from evalkit.cli.console import error, report_problems, say, stderr
from evalkit.cli.places import result_folder
from evalkit.engine.progress import ProgressReporter
from evalkit.engine.results import LocalFolder, RemoteStore, is_address
from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.workspace import find_evaluation
from evalkit.reports.up_to_date import up_to_date

if TYPE_CHECKING:
    from evalkit.engine.choice import EngineName
    from evalkit.engine.results import ResultStore
    from evalkit.reports.evaluation import Renderer
    from evalkit.reports.up_to_date import Rendering

EXIT_INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be rendered, and how.

    Attributes
    ----------
    jobs : int or None
        Reports made at the same time; None for as many as there are cores.
    force : bool
        Whether what is up to date is made anew, too.
    verbose : bool
        Whether each report gets a line.
    out : str
        Folder or address of an object store where results go; empty for the evaluation's ``out/``.
    executor : str
        Where notebooks run: on this machine, or on the workers of a dask scheduler.
    scheduler : str
        Its address.
    shared_storage : bool
        Whether the workers write reports in place.
    """

    only: tuple[str, ...] = ()
    jobs: int | None = None
    engine: EngineName = "fast"
    force: bool = False
    verbose: bool = False
    out: str = ""
    executor: Literal["local", "dask"] = "local"
    scheduler: str = ""
    shared_storage: bool = False


def render_reports(directory: Path | None, wish: Wish, *, watch: bool) -> int:
    """Render an evaluation, once or until Ctrl-C; return 0, or 1 if a report failed."""
    _refuse_what_contradicts_itself(wish)
    evaluation = find_evaluation(directory, Path.cwd())
    if not watch:
        return render_and_tell(evaluation, wish)
    with closing(_store(evaluation, wish)) as store:
        return _watch(evaluation, wish, store)


def render_and_tell(evaluation: Path, wish: Wish) -> int:
    """Render an evaluation, print what failed and where to look; return 0, or 1 if a report failed."""
    with closing(_store(evaluation, wish)) as store:
        # Before the heavy layers are imported: mostly there is nothing to do.
        found = None if wish.force else up_to_date(evaluation, wish.only, store.folder)
        if found is not None:
            if wish.verbose:
                for outcome in found.outcomes:
                    say(f"unchanged {outcome.name}")
            return _tell(found, store)
        with _renderer(evaluation, wish, store) as renderer:
            return _tell(_rendered(renderer, wish, force=wish.force), store)


def _watch(evaluation: Path, wish: Wish, store: ResultStore) -> int:
    """Render, and again after each change, until Ctrl-C; return 0, or 130 if that cut a round short."""
    from evalkit.reports.watching import rounds

    force, is_told = wish.force, False
    try:
        with _renderer(evaluation, wish, store) as renderer:
            for _ in rounds(evaluation):
                try:
                    rendering = _rendered(renderer, wish, force=force)
                except KeyboardInterrupt:
                    return EXIT_INTERRUPTED
                except InvalidInputError as invalid:
                    report_problems(invalid.problems)
                except EvalkitError as failure:
                    error(str(failure))
                else:
                    if not is_told or any(outcome.status != "unchanged" for outcome in rendering.outcomes):
                        _tell(rendering, store)
                        say("watching for changes; Ctrl-C ends it")
                    force, is_told = False, True
                    continue
                is_told = False
                say("watching for changes; mend it, or end with Ctrl-C")
    except KeyboardInterrupt:
        pass  # how one is meant to end it
    return 0


def _refuse_what_contradicts_itself(wish: Wish) -> None:
    if wish.executor == "local" and (wish.scheduler or wish.shared_storage):
        raise EvalkitError("--scheduler and --shared-storage go with --executor dask")
    if wish.executor == "dask" and not wish.scheduler:
        raise EvalkitError("--executor dask needs --scheduler ADDRESS, which `dask scheduler` prints")
    if wish.executor == "dask" and wish.jobs is not None:
        raise EvalkitError("--jobs goes with --executor local; a dask worker uses all its threads")
    if is_address(wish.out) and wish.only:
        raise EvalkitError("--only goes with a folder: the index in an object store speaks of all reports")
    if is_address(wish.out) and wish.shared_storage:
        raise EvalkitError("--shared-storage goes with a folder: to an object store this machine uploads")


def _store(evaluation: Path, wish: Wish) -> ResultStore:
    """Return where results go; a folder in the evaluation is refused: each run would change what it reads."""
    if not is_address(wish.out):
        return LocalFolder(result_folder(evaluation, wish.out))
    return RemoteStore(wish.out)


def _renderer(evaluation: Path, wish: Wish, store: ResultStore) -> Renderer:
    from evalkit.reports.evaluation import Cluster, Renderer

    return Renderer(
        evaluation,
        workers=wish.jobs or os.cpu_count() or 1,
        engine=wish.engine,
        cluster=Cluster(wish.scheduler, wish.shared_storage) if wish.executor == "dask" else None,
        store=store,
    )


def _rendered(renderer: Renderer, wish: Wish, *, force: bool) -> Rendering:
    try:
        return renderer.render(
            only=wish.only,
            force=force,
            watch=lambda total: ProgressReporter(stderr(), total, verbose=wish.verbose),
        )
    except KeyboardInterrupt:
        error("interrupted; the reports that were finished are kept")
        raise  # typer ends with exit code 130


def _tell(rendering: Rendering, store: ResultStore) -> int:
    count = {"rendered": 0, "unchanged": 0, "failed": 0}
    for outcome in rendering.outcomes:
        count[outcome.status] += 1
        if outcome.status == "failed":
            where = f" in cell {outcome.cell}" if outcome.cell else ""
            error(f"{outcome.name} failed{where}: {outcome.reason}")
    said = ", ".join(f"{number} {status}" for status, number in count.items())
    if rendering.outdated:
        said += f", {len(rendering.outdated)} others not up to date"
    say(f"{said}; look at {_shown(store.address(rendering.index))}")
    return 1 if count["failed"] else 0


def _shown(address: str) -> str:
    try:
        return str(Path(address).relative_to(Path.cwd()))
    except ValueError:
        return address
