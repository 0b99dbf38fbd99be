"""Whether anything is to be done at all: found out from bytes, in a fraction of a second.

Imports nothing that reads questionnaires, scores or draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.engine.job import Outcome
from evalkit.files.workspace import Workspace
from evalkit.reports.cache import read_record
from evalkit.reports.plan import COMPARISON, Layout, selected
from evalkit.reports.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evalkit.reports.cache import Record


@dataclass(frozen=True, slots=True)
class Rendering:
    """What became of an evaluation's reports.

    Attributes
    ----------
    outcomes : tuple of Outcome
        One per report that was asked for, the comparison first.
    index : Path
        The page to open first.
    outdated : tuple of str
        Options that were not asked for and whose reports are not of what the files say now.
    """

    outcomes: tuple[Outcome, ...]
    index: Path
    outdated: tuple[str, ...] = ()


def up_to_date(evaluation: Path, only: Sequence[str] = (), place: Path | None = None) -> Rendering | None:
    """Return what is there if all that is asked for is up to date; None if there is something to do.

    Nothing is written, and no process is started.

    Parameters
    ----------
    evaluation
        The evaluation's folder.
    only
        Ids of options or products; all where empty.
    place
        Where reports lie if not in the evaluation's ``out/``.

    Raises
    ------
    EvalkitError
        If ``only`` names nothing known.
    """
    workspace = Workspace.of(evaluation)
    layout = Layout.of(workspace, place)
    record = read_record(layout.out)
    if record is None or record.surroundings != Surroundings.of(workspace):
        return None
    return _standing(layout, record, only)


def _standing(layout: Layout, record: Record, only: Sequence[str]) -> Rendering | None:
    try:
        if not record.has_whole_others(layout.out) or layout.strays(record.options):
            return None
    except OSError:
        return None
    outcomes = []
    for name in (COMPARISON, *selected(record.options, only)):
        report = record.reports.get(name)
        if report is None or not (report.current and report.is_complete and report.is_whole(layout, name)):
            return None
        outcomes.append(Outcome(name, "unchanged", hashes=report.outputs, seconds=report.seconds))
    current = {name for name, report in record.reports.items() if report.current and report.is_complete}
    return Rendering(tuple(outcomes), layout.index, tuple(sorted(set(record.options) - current)))
