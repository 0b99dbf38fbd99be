"""The record of a run: what was made, from which bytes, with which versions."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.engine.job import Outcome
    from evalkit.model.evaluation import EvaluationInputs

_PACKAGES: Final = ("evalkit", "papermill", "nbconvert", "pandas", "numpy", "matplotlib", "pydantic")


def run_record(
    inputs: EvaluationInputs,
    outcomes: Iterable[Outcome],
    *,
    option_inputs: Mapping[str, str],
    seed: int | None,
) -> dict[str, Any]:
    """Return what ``out/run.json`` holds: no times, no folders of this machine.

    Parameters
    ----------
    option_inputs
        Hash of what each option's report was made from, by the name of its job
        (see :func:`combined_hash`).
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
        "options": {outcome.name: _option(outcome, option_inputs.get(outcome.name)) for outcome in outcomes},
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


def _option(outcome: Outcome, inputs: str | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "status": outcome.status,
        "inputs": inputs,
        "outputs": dict(sorted(outcome.hashes.items())),
    }
    if outcome.status == "failed":
        record |= {"reason": outcome.reason, "cell": outcome.cell}
    return record
