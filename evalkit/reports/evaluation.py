"""Everything that one evaluation's ``out/`` holds: reports, comparison, index, scores, run record."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.engine.batch import render_batch
from evalkit.engine.choice import open_engine
from evalkit.engine.events import ignore
from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import Workspace
from evalkit.reports.index import index_page
from evalkit.reports.plan import COMPARISON, Layout, comparison_job, option_job, report_stem, selected
from evalkit.reports.run_record import combined_hash, record_bytes, run_record
from evalkit.scoring.score import score
from evalkit.views.export import scores_csv, scores_document, to_json
from evalkit.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from evalkit.engine.batch import Engine
    from evalkit.engine.choice import EngineName
    from evalkit.engine.events import OnEvent
    from evalkit.engine.job import Outcome
    from evalkit.model.evaluation import EvaluationInputs


PAGE: Final = "evalkit.reports.html:to_html"
"""What makes a report's page, as the engine imports it."""

PREPARE: Final = "evalkit.reports.documents:prepare"
"""What readies the process that children are forked from."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What became of an evaluation's reports.

    Attributes
    ----------
    outcomes : tuple of Outcome
        One per report, the comparison first.
    index : Path
        The page to open first.
    """

    outcomes: tuple[Outcome, ...]
    index: Path


def render_evaluation(
    evaluation: Path,
    *,
    only: Sequence[str] = (),
    workers: int = 1,
    engine: EngineName = "fast",
    watch: Callable[[int], AbstractContextManager[OnEvent]] | None = None,
) -> Rendering:
    """Render the reports of an evaluation into its ``out/`` folder.

    A report that fails leaves its partial notebook and page; the others are still made.

    Parameters
    ----------
    evaluation
        The evaluation's folder.
    only
        Ids of options or products whose reports are made; all where empty. Comparison, index and scores
        are always made of all options.
    workers
        Number of reports made at the same time, at least 1.
    engine
        What runs the notebooks, see :func:`evalkit.engine.choice.open_engine`.
    watch
        Given the number of reports, returns a context manager with the callback to tell of each event.

    Raises
    ------
    InvalidInputError
        If a file cannot be used; then nothing is written.
    EvalkitError
        If ``only`` names nothing known, or ``out/`` cannot be written.
    """
    workspace = Workspace.of(evaluation)
    layout = Layout(workspace.evaluation, workspace.root, workspace.templates)
    opened = open_engine(
        engine,
        slots=workers,
        cwd=layout.root,
        page=PAGE,
        prepare=PREPARE,
        prepare_with={"evaluation": str(layout.evaluation)},
    )
    with closing(opened):
        return _render(layout, opened, only=only, watch=watch)


def _render(
    layout: Layout,
    engine: Engine,
    *,
    only: Sequence[str],
    watch: Callable[[int], AbstractContextManager[OnEvent]] | None,
) -> Rendering:
    inputs = load_inputs(layout.evaluation)
    options = selected(inputs.options(), only)
    cards = score(inputs)
    # The comparison takes longest, so it starts first.
    jobs = [comparison_job(layout, inputs), *(option_job(layout, inputs, option) for option in options)]
    _prepare(layout, inputs)
    with watch(len(jobs)) if watch else _nobody() as on_event:
        outcomes = render_batch(jobs, engine, on_event=on_event)
    document = scores_document(inputs, cards)
    write_bytes(layout.out / "scores.json", to_json(document).encode())
    write_bytes(layout.out / "scores.csv", scores_csv(cards).encode())
    index = layout.out / "index.html"
    write_bytes(index, index_page(inputs, cards, outcomes).encode())
    record = run_record(inputs, outcomes, option_inputs=_option_inputs(inputs), seed=None)
    write_bytes(layout.out / "run.json", record_bytes(record))
    return Rendering(outcomes, index)


def _prepare(layout: Layout, inputs: EvaluationInputs) -> None:
    """Make the folders, and remove the reports of options that are no longer compared."""
    known = {report_stem(option.id) for option in inputs.options()}
    try:
        layout.reports.mkdir(parents=True, exist_ok=True)
        probe = layout.out / ".writable"
        probe.touch()
        probe.unlink()
        for path in layout.reports.iterdir():
            if path.suffix in (".ipynb", ".html") and path.stem not in known:
                path.unlink()
    except OSError as failure:
        raise EvalkitError(f"{layout.out} cannot be written: {failure.strerror}") from failure


@contextmanager
def _nobody() -> Iterator[OnEvent]:
    yield ignore


def _option_inputs(inputs: EvaluationInputs) -> dict[str, str]:
    """Return the hash of what each report was made from, by its job; other products' files do not count."""
    every = {option.answers.product.id for option in inputs.options()}
    hashes = {}
    for option in inputs.options():
        others = every - {option.answers.product.id}
        own = {name: value for name, value in inputs.hashes.items() if _product_of(name) not in others}
        hashes[option.id] = combined_hash(own)
    hashes[COMPARISON] = combined_hash(inputs.hashes)
    return hashes


def _product_of(name: str) -> str | None:
    """Return the product that an input file is about, an assessor's file too; None if it is about all."""
    folder, _, file = name.rpartition("/")
    return file.partition(".")[0] if folder.endswith(("/answers", "/controls")) else None
