"""The record of which report was made from what: ``out/.cache.json``.

A report whose key and files are as recorded is up to date. The record is a convenience and no authority: one
that cannot be used, for whatever reason, counts as none, and deleting it costs one full run.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evalkit.reports.surroundings import Surroundings, file_hash
from evalkit.writing import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.engine.job import Job
    from evalkit.reports.plan import Layout

RECORD: Final = ".cache.json"
_MOST_BYTES: Final = 64_000_000
_ENDINGS: Final = frozenset({"html", "ipynb"})

# Names lead to files, so a record may name none but those that an evaluation can have.
_ID: Final = r"[a-z0-9][a-z0-9-]{0,63}"
Hash = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
OptionName = Annotated[str, Field(pattern=rf"^{_ID}/{_ID}$")]
ReportName = Annotated[str, Field(pattern=rf"^(comparison|{_ID}/{_ID})$")]
FileName = Literal["frameworks.html", "index.html", "run.json", "scores.csv", "scores.json"]


class _Recorded(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Report(_Recorded):
    """What is known of one report in ``out/``.

    Attributes
    ----------
    key : str
        Hash of all that it was made from (:func:`key`); empty if it must be made anew whatever happens.
    inputs : str
        Hash of the input files alone.
    outputs : dict
        Hash of each file by its ending.
    seconds : float
        How long it took when it was made.
    current : bool
        Whether it is up to date in the surroundings that the record names.
    """

    status: Literal["rendered", "failed"]
    key: Hash | Literal[""]
    inputs: Hash
    outputs: dict[str, Hash]
    seconds: Annotated[float, Field(ge=0)]
    reason: str = ""
    cell: str | None = None
    current: bool = False

    def is_whole(self, layout: Layout, name: str) -> bool:
        """Whether its files are as they were written; nothing written is whole, too."""
        paths = layout.outputs(name)
        return self.outputs.keys() <= paths.keys() and all(
            file_hash(paths[ending]) == expected for ending, expected in self.outputs.items()
        )

    @property
    def is_complete(self) -> bool:
        """Whether it was made in full, from what is known."""
        return self.status == "rendered" and self.outputs.keys() == _ENDINGS and bool(self.key)


class Record(_Recorded):
    """What a run leaves for the next one.

    Attributes
    ----------
    surroundings : Surroundings or None
        In which the run took place; None if they changed meanwhile, or the run was cut short.
    inputs : tuple of str
        Names of the files among them that were read.
    options : tuple of str
        All options of the evaluation.
    others : dict
        Hash by name of the files that are no reports; empty if the run was cut short.
    reports : dict
        By the name of the job.
    """

    format: Literal["evalkit/cache/1"] = "evalkit/cache/1"
    surroundings: Surroundings | None
    inputs: tuple[str, ...]
    options: tuple[OptionName, ...]
    others: dict[FileName, Hash]
    reports: dict[ReportName, Report]

    def has_whole_others(self, out: Path) -> bool:
        """Whether all that is no report is there, as it was written."""
        return self.others.keys() == set(get_args(FileName)) and all(
            file_hash(out / name) == expected for name, expected in self.others.items()
        )


def key(job: Job, *, inputs: Mapping[str, str], surroundings: Surroundings) -> str:
    """Return the hash of all that a report is made from.

    Parameters
    ----------
    inputs
        Hash by name of the input files that concern it.
    """
    made_from = {
        "program": surroundings.program,
        "template": surroundings.templates.get(job.template.name, ""),
        "parameters": dict(job.parameters),
        "title": job.title,
        "language": job.language,
        "inputs": dict(inputs),
    }
    return f"sha256:{hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()}"


def read_record(out: Path) -> Record | None:
    """Return what the last run left; None if it left nothing that can be used."""
    path = out / RECORD
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        return Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def write_record(out: Path, record: Record) -> None:
    """Write the record, whole or not at all.

    Raises
    ------
    EvalkitError
        If it may not be written.
    """
    raw = json.dumps(record.model_dump(), indent=1, sort_keys=True)
    write_bytes(out / RECORD, (raw + "\n").encode())
