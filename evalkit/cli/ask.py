"""``evalkit ask``: what to ask and test next."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.cli.console import print_table, say
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import find_evaluation
from evalkit.files.writing import write_text
from evalkit.model.records import GENERAL
from evalkit.reports.plan import selected
from evalkit.scoring.information import value_of_groups, value_of_information
from evalkit.views.ask import ask_csv, ask_document, ask_rows
from evalkit.views.export import to_json
from evalkit.views.lab_plan import lab_plan
from evalkit.views.numbers import NOTHING, percent
from evalkit.views.vendor_letter import vendor_letters
from evalkit.views.wording import STATE_SHORT

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.ask import AskRow

SEED = 1
"""Seed of the groups that are too large to enumerate; the same evaluation gives the same bytes."""


def print_ask_list(  # noqa: PLR0913 - each is one option of the command
    directory: Path | None,
    *,
    only: tuple[str, ...],
    output: str,
    top: int | None,
    profile: str | None,
    as_of: date | None,
    file: Path | None,
) -> None:
    """Print the ask-list, the letters or the lab plan to standard output, or write it to a file.

    Raises
    ------
    EvalkitError
        If a name is neither an option nor a product, or the file cannot be written.
    """
    inputs = load_inputs(find_evaluation(directory, Path.cwd()), profile=profile, as_of=as_of)
    options = [option.id for option in selected(inputs.options(), only)]
    # Letters and plans count questions, which may have several records: they cut the list themselves.
    every = ask_rows(inputs, value_of_information(inputs, options))
    rows = every[:top]
    match output:
        case "csv":
            text = ask_csv(rows)
        case "json":
            text = _json(inputs, rows, options)
        case "letter":
            text = vendor_letters(inputs, every, top)
        case "lab-plan":
            text = lab_plan(inputs, every, top)
        case _:
            text = _table(inputs, rows, len(every))
    if file is None:
        sys.stdout.write(text)
    else:
        write_text(file, text)
        say(f"wrote {file}")


def _json(inputs: EvaluationInputs, rows: tuple[AskRow, ...], options: Collection[str]) -> str:
    groups = value_of_groups(inputs, seed=SEED, options=options)
    return to_json(ask_document(inputs, rows, groups))


def _table(inputs: EvaluationInputs, rows: tuple[AskRow, ...], total: int) -> str:
    evaluation = inputs.evaluation
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        print_table(
            (
                ("", "right"),
                ("Product", "left"),
                ("Question", "left"),
                ("Record", "left"),
                ("Known", "left"),
                ("Verdict changes", "right"),
                ("Leader changes", "right"),
                ("Weight", "right"),
                ("How the verdict changes", "left"),
            ),
            [_line(row) for row in rows],
            title=f"{evaluation.title}: profile {inputs.profile.id}, as of {evaluation.as_of},"
            f" {len(rows)} of {total} open records",
        )
    return shown.getvalue()


def _line(row: AskRow) -> tuple[str, ...]:
    value = row.value
    return (
        str(row.place),
        row.product,
        f"{row.question.id} {row.question.title}",
        "general" if value.scope == GENERAL else value.scope.replace("+", ", "),
        STATE_SHORT[row.value.state],
        percent(value.verdict_changes),
        percent(value.leader_changes),
        percent(value.weight),
        "; ".join(row.turns) or NOTHING,
    )
