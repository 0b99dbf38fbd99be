"""The record of a run: what was made, from which bytes, with which versions."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.reports.cache import Report

_PACKAGES: Final = ("evalkit", "papermill", "nbconvert", "pandas", "numpy", "matplotlib", "pydantic")


def run_record(
    inputs: EvaluationInputs,
    reports: Mapping[str, Report],
    *,
    outdated: Collection[str] = (),
    seed: int | None,
) -> dict[str, Any]:
    """Return what ``out/run.json`` holds: no dates, no folders of this machine.

    Parameters
    ----------
    reports
        What lies in ``out/``, by the name of the job. One that was not made in this run, because it was up
        to date, counts as rendered, with the seconds that it once took.
    outdated
        Names of reports that were left as they are although what they are made from has changed.
    seed
        Seed of what was drawn at random; None where nothing was.
    """
    evaluation = inputs.evaluation
    return {
        "format": "evalkit/run/1",
        "evaluation": evaluation.id,
        "questionnaire": evaluation.questionnaire,
        "profile": evaluation.profile,
        "as_of": evaluation.as_of.isoformat(),
        "seed": seed,
        "versions": versions(),
        "inputs": dict(sorted(inputs.hashes.items())),
        "options": {name: _option(report, outdated=name in outdated) for name, report in reports.items()},
    }


def versions() -> dict[str, str]:
    """Return the versions of Python, evalkit and the libraries that shape a report."""
    return {"python": platform.python_version()} | {package: version(package) for package in _PACKAGES}


def combined_hash(hashes: Mapping[str, str]) -> str:
    """Return one ``sha256:…`` of several: of their names and hashes, whatever their order.

    Examples
    --------
    >>> combined_hash({"a": "sha256:1", "b": "sha256:2"}) == combined_hash({"b": "sha256:2", "a": "sha256:1"})
    True
    """
    return f"sha256:{hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()}"


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """Return the file's bytes: sorted keys, UTF-8, one newline at the end."""
    return (json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode(
        "utf-8", errors="backslashreplace"
    )


def _option(report: Report, *, outdated: bool) -> dict[str, Any]:
    failed = report.status == "failed"
    record: dict[str, Any] = {
        "status": "outdated" if outdated and not failed else report.status,
        "inputs": report.inputs,
        "outputs": dict(sorted(report.outputs.items())),
        "seconds": report.seconds,
    }
    if failed:
        record |= {"reason": report.reason, "cell": report.cell}
    return record
