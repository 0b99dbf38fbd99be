"""``evalkit verify``: whether what was decided on is still what is there."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.cli.console import print_lines
from evalkit.errors import EvalkitError
from evalkit.files.decisions import load_record
from evalkit.files.freezing import earliest_answer
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import Workspace, find_evaluation
from evalkit.scoring.score import score
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.verification import verification_document, verification_lines, verified

if TYPE_CHECKING:
    from datetime import date


def verify_decisions(directory: Path | None, *, on: date, as_json: bool) -> int:
    """Print what changed since the decisions; return 0 if nothing did and nothing is past its day, else 1.

    Raises
    ------
    EvalkitError
        If nothing was decided.
    InvalidInputError
        If a file cannot be used.
    """
    workspace = Workspace.of(find_evaluation(directory, Path.cwd()))
    record = load_record(workspace)
    if record is None:
        name = workspace.name(workspace.decision_file)
        raise EvalkitError(f"{name} is not there: nothing was decided yet; evalkit decide records a decision")
    inputs = load_inputs(workspace.evaluation)
    load_record(workspace, inputs)
    found = verified(
        record,
        inputs,
        score(inputs),
        on=on,
        evalkit=EVALKIT_VERSION,
        first_answer=earliest_answer(workspace),
    )
    if as_json:
        sys.stdout.write(json.dumps(verification_document(found), indent=2, ensure_ascii=False) + "\n")
    else:
        print_lines(verification_lines(found))
    return 0 if found.holds else 1
