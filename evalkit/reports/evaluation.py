"""Everything that one evaluation's ``out/`` holds: reports, comparison, index, scores, run record."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Self

from evalkit.engine.batch import render_batch
from evalkit.engine.choice import open_engine
from evalkit.engine.cluster.opening import open_cluster
from evalkit.engine.events import Event, ignore
from evalkit.engine.results import LocalFolder
from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.files.observed import load_observed
from evalkit.files.workspace import Workspace
from evalkit.reports.cache import read_record
from evalkit.reports.frameworks import frameworks_page
from evalkit.reports.index import index_page
from evalkit.reports.ledger import Ledger
from evalkit.reports.plan import COMPARISON, Layout, comparison_job, option_job, selected
from evalkit.reports.run_record import record_bytes, run_record
from evalkit.reports.surroundings import Surroundings, file_hash
from evalkit.reports.up_to_date import Rendering, up_to_date
from evalkit.scoring.score import score
from evalkit.views.export import scores_csv, scores_document, to_json
from evalkit.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

    from evalkit.engine.batch import Engine
    from evalkit.engine.choice import EngineName
    from evalkit.engine.events import OnEvent
    from evalkit.engine.job import Job, Outcome
    from evalkit.engine.results import ResultStore
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard
    from evalkit.reports.cache import FileName, Record

    Watch = Callable[[int], AbstractContextManager[OnEvent]]

__all__ = ["Cluster", "Renderer", "Rendering", "render_evaluation"]

PAGE: Final = "evalkit.reports.html:to_html"
"""What makes a report's page, as the engine imports it."""

PREPARE: Final = "evalkit.reports.documents:prepare"
"""What readies the process that children are forked from."""


def render_evaluation(  # noqa: PLR0913 - all but the first are keywords
    evaluation: Path,
    *,
    only: Sequence[str] = (),
    force: bool = False,
    workers: int = 1,
    engine: EngineName = "fast",
    cluster: Cluster | None = None,
    store: ResultStore | None = None,
    watch: Watch | None = None,
) -> Rendering:
    """Render the reports of an evaluation, those that are not up to date.

    A report that fails leaves its partial notebook and page; the others are still made.

    Parameters
    ----------
    evaluation
        The evaluation's folder.
    only
        Ids of options or products whose reports are made; all where empty. Comparison, index and scores
        are always made of all options.
    force
        Make them anew also if they are up to date.
    workers
        Number of reports made at the same time, at least 1.
    engine
        What runs the notebooks, see :func:`evalkit.engine.choice.open_engine`.
    cluster
        Where they run if not on this machine, as many at the same time as its workers have threads.
    store
        Where results go, closed by the caller; the evaluation's ``out/`` if None.
    watch
        Given the number of reports, returns a context manager with the callback to tell of each event;
        not called if all that is asked for is up to date.

    Raises
    ------
    InvalidInputError
        If a file cannot be used; then nothing is written.
    EvalkitError
        If ``only`` names nothing known, results cannot be written, or the cluster cannot be used.
    """
    with Renderer(evaluation, workers=workers, engine=engine, cluster=cluster, store=store) as renderer:
        return renderer.render(only=only, force=force, watch=watch)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where notebooks run if not on this machine.

    Attributes
    ----------
    scheduler : str
        Address of a dask scheduler; see :func:`evalkit.engine.cluster.opening.open_cluster`.
    shares_storage : bool
        Whether its workers write reports in place.
    """

    scheduler: str
    shares_storage: bool = False


class Renderer:
    """Renders one evaluation as often as need be; its engine is opened for the first report, and kept.

    A context manager, which ends the engine. Parameters are those of :func:`render_evaluation`.
    """

    def __init__(
        self,
        evaluation: Path,
        *,
        workers: int = 1,
        engine: EngineName = "fast",
        cluster: Cluster | None = None,
        store: ResultStore | None = None,
    ) -> None:
        self._evaluation, self._workers, self._name, self._cluster = evaluation, workers, engine, cluster
        self._store = store or LocalFolder(Workspace.of(evaluation).evaluation / "out")
        self._engine: Engine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._engine is not None:
            self._engine.close()

    def render(
        self, *, only: Sequence[str] = (), force: bool = False, watch: Watch | None = None
    ) -> Rendering:
        """Render what is not up to date; parameters and errors are those of :func:`render_evaluation`."""
        if not force and (found := up_to_date(self._evaluation, only, self._store.folder)):
            return found
        workspace = Workspace.of(self._evaluation)
        layout = Layout.of(workspace, self._store.folder)
        before, record = Surroundings.of(workspace), read_record(layout.out)
        if force or _is_outdated(record, before):
            self._opened(layout)  # it warms up while files are read
        inputs = load_inputs(layout.evaluation)
        load_observed(layout.evaluation, inputs)  # what cannot be used is told once, not by every report
        names = [option.id for option in inputs.options()]
        wanted = {COMPARISON, *selected(names, only)}
        cards = score(inputs)
        # The comparison takes longest, so it starts first.
        jobs = [comparison_job(layout, inputs), *(option_job(layout, inputs, it) for it in inputs.options())]
        self._prepare(layout, names)
        ledger = Ledger(layout, inputs, jobs, before=before, record=record)
        asked = [job for job in jobs if job.name in wanted]
        outcomes = self._made(layout, asked, ledger, force=force, watch=watch)
        others = _write_others(layout, inputs, cards, ledger, wanted)
        self._store.publish(*(layout.out / name for name in others))
        ledger.save(others)
        left = tuple(name for name in ledger.outdated if name not in wanted)
        return Rendering(outcomes, layout.index, left)

    def _made(
        self, layout: Layout, jobs: Sequence[Job], ledger: Ledger, *, force: bool, watch: Watch | None
    ) -> tuple[Outcome, ...]:
        """Make the reports that are not up to date, and return the outcomes of all jobs."""
        found = {} if force else {job.name: ledger.unchanged(job.name) for job in jobs}
        outcomes = {name: outcome for name, outcome in found.items() if outcome is not None}
        due = [job for job in jobs if job.name not in outcomes]
        with watch(len(jobs)) if watch else _nobody() as tell:
            for outcome in outcomes.values():
                tell(Event.of(outcome))

            def on_event(event: Event) -> None:
                if event.outcome is not None:
                    ledger.note(event.outcome)
                tell(event)

            try:
                made = render_batch(due, self._publishing(layout), on_event=on_event) if due else ()
            except BaseException:
                ledger.save_what_is_made()
                raise
        outcomes |= {outcome.name: outcome for outcome in made}
        return tuple(outcomes[job.name] for job in jobs)

    def _prepare(self, layout: Layout, options: Sequence[str]) -> None:
        """Make the folders, and remove the reports of options that are no longer compared."""
        self._store.begin()
        try:
            layout.reports.mkdir(parents=True, exist_ok=True)
            for path in layout.strays(options):
                path.unlink(missing_ok=True)
        except OSError as failure:
            raise EvalkitError(f"{layout.out} cannot be written: {failure.strerror}") from failure
        known = {path.name for option in options for path in layout.outputs(option).values()}
        for published in self._store.names(layout.reports.name):
            name = published.rpartition("/")[2]
            if name.endswith((".ipynb", ".html")) and not name.startswith(".") and name not in known:
                self._store.remove(published)

    def _publishing(self, layout: Layout) -> Engine:
        return self._store.publishing(self._opened(layout))

    def _opened(self, layout: Layout) -> Engine:
        if self._engine is None:
            opening = (
                partial(open_engine, self._name, slots=self._workers)
                if self._cluster is None
                else partial(
                    open_cluster,
                    self._cluster.scheduler,
                    engine=self._name,
                    shared_storage=self._cluster.shares_storage,
                )
            )
            self._engine = opening(
                cwd=layout.root,
                page=PAGE,
                prepare=PREPARE,
                prepare_with={"evaluation": str(layout.evaluation)},
            )
        return self._engine


def _is_outdated(record: Record | None, now: Surroundings) -> bool:
    """Whether something is to be made for sure: what was read has changed, or there is a new file."""
    if record is None or record.surroundings is None:
        return True
    then = record.surroundings
    if (now.program, now.templates) != (then.program, then.templates):
        return True
    return any(name in record.inputs or name not in then.files for name in now.changed(then))


def _write_others(
    layout: Layout, inputs: EvaluationInputs, cards: Sequence[Scorecard], ledger: Ledger, wanted: set[str]
) -> dict[FileName, str]:
    """Write all that is no report, and return the hash of each file."""
    failures = {name: it.reason for name, it in ledger.reports.items() if it.status == "failed"}
    outdated = set(ledger.outdated) - wanted
    run = run_record(inputs, ledger.reports, outdated=outdated, seed=None)
    raw: dict[FileName, bytes] = {
        "scores.json": to_json(scores_document(inputs, cards)).encode(),
        "scores.csv": scores_csv(cards).encode(),
        "frameworks.html": frameworks_page(inputs, cards).encode(),
        "index.html": index_page(inputs, cards, failures).encode(),
        "run.json": record_bytes(run),
    }
    return {name: _write(layout.out / name, content) for name, content in raw.items()}


def _write(path: Path, raw: bytes) -> str:
    """Write a file, unless it is there with these bytes, and return its hash."""
    value = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return value if file_hash(path) == value else write_bytes(path, raw)


@contextmanager
def _nobody() -> Iterator[OnEvent]:
    yield ignore
