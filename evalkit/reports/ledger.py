"""What is known of the reports in ``out/`` while some of them are made, and what is written down of it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from evalkit.engine.job import Outcome
from evalkit.errors import EvalkitError
from evalkit.files.workspace import Workspace
from evalkit.reports.at_hand import product_of
from evalkit.reports.cache import Record, Report, key, write_record
from evalkit.reports.plan import COMPARISON
from evalkit.reports.run_record import combined_hash
from evalkit.reports.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.engine.job import Job
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.reports.cache import FileName
    from evalkit.reports.plan import Layout

_SAVE_EVERY_SECONDS: Final = 1.0


class Ledger:
    """Knows of every report of an evaluation from what it was made, and whether it has to be made again.

    Parameters
    ----------
    jobs
        Of all options and of the comparison.
    before
        What was there before the inputs were read.
    record
        What the last run left.

    Attributes
    ----------
    reports : dict
        What is in ``out/``, by the name of the job: as it was recorded and still is, or as made since.
    """

    def __init__(
        self,
        layout: Layout,
        inputs: EvaluationInputs,
        jobs: Sequence[Job],
        *,
        before: Surroundings,
        record: Record | None,
    ) -> None:
        self._layout = layout
        self._names = tuple(inputs.hashes)
        self._options = tuple(job.name for job in jobs if job.name != COMPARISON)
        # Files may have changed between the look at all of them and their reading: what was read counts.
        self._before = before.model_copy(update={"files": before.files | dict(inputs.hashes)})
        folder = f"{layout.parameter}/observations/"
        self._observations = {name for name in before.files if name.startswith(folder)}
        self._templates = {job.name: job.template.name for job in jobs}
        self._inputs: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        for job in jobs:
            names = {name for name in inputs.hashes if _concerns(job.name, name)}
            self._inputs[job.name] = combined_hash({name: inputs.hashes[name] for name in names})
            seen = {name for name in self._observations if _concerns(job.name, name)}
            files = {name: self._before.files[name] for name in names | seen}
            # Journals are no inputs; whether one has an answer from before the freezing is shown.
            files |= {"freeze": inputs.freeze.earlier} if inputs.freeze else {}
            self._keys[job.name] = key(job, inputs=files, surroundings=self._before)
        recorded = record.reports if record else {}
        self.reports = {
            name: report
            for name, report in recorded.items()
            if name in self._keys and report.is_whole(layout, name)
        }
        self._made: set[str] = set()
        self._saved = time.monotonic()

    def unchanged(self, name: str) -> Outcome | None:
        """Return the outcome of a report that need not be made again; None if it must be."""
        report = self.reports.get(name)
        if report is None or not self._is_up_to_date(name):
            return None
        return Outcome(name, "unchanged", hashes=report.outputs, seconds=report.seconds)

    def note(self, outcome: Outcome) -> None:
        """Take note of a report that was made; now and then it is written down, should the run be killed."""
        failed = outcome.status == "failed"
        self._made.add(outcome.name)
        self.reports[outcome.name] = Report(
            status="failed" if failed else "rendered",
            key="" if failed else self._keys[outcome.name],
            inputs=self._inputs[outcome.name],
            outputs=dict(outcome.hashes),
            seconds=round(outcome.seconds, 2),
            reason=_encodable(outcome.reason),
            cell=outcome.cell and _encodable(outcome.cell),
        )
        if time.monotonic() - self._saved >= _SAVE_EVERY_SECONDS:
            self.save_what_is_made()

    @property
    def outdated(self) -> tuple[str, ...]:
        """The options whose reports are missing, incomplete, or not of what the files say now."""
        return tuple(sorted(name for name in self._options if not self._is_up_to_date(name)))

    def save_what_is_made(self) -> None:
        """Write down the reports, in the midst of a run; where that cannot be done, they are made again."""
        with suppress(EvalkitError):
            self.save({})
        self._saved = time.monotonic()

    def save(self, others: Mapping[FileName, str]) -> None:
        """Write down the run.

        Parameters
        ----------
        others
            Hash by name of the files that are no reports; empty before they are made.

        Raises
        ------
        EvalkitError
            If the record may not be written.
        """
        now = Surroundings.of(Workspace.of(self._layout.evaluation))
        new = now.files.keys() - self._before.files.keys()
        changed = now.changed(self._before) & {*self._names, *self._observations, *new}
        steady = not changed and now.templates == self._before.templates
        record = Record(
            surroundings=now if steady and others else None,
            inputs=self._names,
            options=self._options,
            others=dict(others),
            reports={name: self._recorded(name, now, changed) for name in sorted(self.reports)},
        )
        write_record(self._layout.out, record)

    def _recorded(self, name: str, now: Surroundings, changed: set[str]) -> Report:
        """Return what is written down of a report: no key if it may be made of other files than it names."""
        report = self.reports[name]
        template = self._templates[name]
        same = now.templates.get(template) == self._before.templates.get(template)
        if name in self._made and (not same or any(_concerns(name, file) for file in changed)):
            return report.model_copy(update={"key": ""})
        return report.model_copy(update={"current": self._is_up_to_date(name)})

    def _is_up_to_date(self, name: str) -> bool:
        report = self.reports.get(name)
        return report is not None and report.is_complete and report.key == self._keys[name]


def _concerns(report: str, file: str) -> bool:
    """Whether an input file is part of what a report is made from: files on other products are not."""
    return report == COMPARISON or product_of(file) in (None, report.partition("/")[0])


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
