"""Where results may go."""

from __future__ import annotations

from pathlib import Path

from evalkit.errors import EvalkitError


def result_folder(evaluation: Path, out: str) -> Path:
    """Return the folder that ``--out`` names, or the evaluation's ``out/`` where it is empty.

    Raises
    ------
    EvalkitError
        If it lies in the evaluation, and not in its ``out/``: each run would change what it reads.
    """
    place = Path(out).absolute() if out else evaluation.absolute() / "out"
    inside, real = evaluation.resolve(), place.resolve()
    if out and real.is_relative_to(inside) and not real.is_relative_to(inside / "out"):
        raise EvalkitError(
            f"--out {out}: lies in the evaluation, whose files reports are made from; allowed are"
            f" {evaluation / 'out'} and folders outside of {evaluation}"
        )
    return place
