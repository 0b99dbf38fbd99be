"""``evalkit ask``: what to ask and test next."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.cli.console import print_table, print_text, say
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import find_evaluation
from evalkit.model.records import GENERAL
from evalkit.reports.plan import selected
from evalkit.scoring.first_place_shift import competing, first_place_shifts
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from evalkit.views.ask import ask_csv, ask_document, ask_rows
from evalkit.views.ask_groups import group_rows, how_known, rows_of
from evalkit.views.export import to_json
from evalkit.views.lab_plan import lab_plan
from evalkit.views.numbers import NOTHING, percent
from evalkit.views.shift_basis import ShiftBasis
from evalkit.views.vendor_letter import vendor_letters
from evalkit.views.wording import wording
from evalkit.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.ask import AskRow
    from evalkit.views.ask_groups import GroupRow


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
    options = selected([option.id for option in inputs.options()], only)
    # Letters and plans count questions, which may have several records: they cut the list themselves.
    shifts = first_place_shifts(inputs, options)
    every = ask_rows(inputs, value_of_information(inputs, options, shifts))
    rows, basis = every[:top], ShiftBasis(len(competing(inputs, options)))
    groups: tuple[GroupRow, ...] = ()
    if output not in ("letter", "lab-plan"):
        groups = group_rows(inputs, value_of_groups(inputs, options=options))
    match output:
        case "csv":
            text = ask_csv(rows, groups)
            if not basis.measured:
                say(basis.sentence)
        case "json":
            text = to_json(ask_document(inputs, rows, groups, basis))
        case "letter":
            text = vendor_letters(inputs, every, top)
        case "lab-plan":
            text = lab_plan(inputs, every, top)
        case _:
            text = _tables(inputs, rows, groups, basis, total=len(every))
    if file is None:
        sys.stdout.write(text)
    else:
        write_text(file, text)
        say(f"wrote {file}")


def _tables(
    inputs: EvaluationInputs,
    rows: Sequence[AskRow],
    groups: Sequence[GroupRow],
    basis: ShiftBasis,
    *,
    total: int,
) -> str:
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
                *((("First place shifts", "right"),) if basis.measured else ()),
                ("Weight", "right"),
                ("How the verdict changes", "left"),
            ),
            [_line(row, shifts=basis.measured) for row in rows],
            title=f"{evaluation.title}: profile {inputs.profile.id}, as of {evaluation.as_of},"
            f" {len(rows)} of {total} open records",
        )
        print_text(basis.sentence)
        if groups:
            _print_groups(
                rows_of(groups, "product"), "Product", "All that is open on a product, known at once"
            )
            _print_groups(rows_of(groups, "domain"), "Domain", "All that is open in a domain, known at once")
            print_text(how_known(row for row in groups if row.kind != "product-domain"))
    return shown.getvalue()


def _print_groups(rows: Sequence[GroupRow], what: str, title: str) -> None:
    print_table(
        (
            ("", "right"),
            (what, "left"),
            ("Open records", "right"),
            ("Some verdict changes", "right"),
            ("Verdicts changed on average", "right"),
            ("Approved then on average", "right"),
            ("Leader changes", "right"),
        ),
        [
            (
                str(row.place),
                f"{row.name} ({row.whose})" if row.whose else row.name,
                str(row.value.records),
                percent(row.value.verdict_changes),
                row.changed,
                row.approved,
                percent(row.value.leader_changes),
            )
            for row in rows
        ],
        title=title,
    )


def _line(row: AskRow, *, shifts: bool) -> tuple[str, ...]:
    value = row.value
    return (
        str(row.place),
        row.product,
        f"{row.question.id} {row.question.title}",
        "general" if value.scope == GENERAL else value.scope.replace("+", ", "),
        wording.STATE_SHORT[row.value.state],
        percent(value.verdict_changes),
        percent(value.leader_changes),
        *((percent(value.first_shift),) if shifts else ()),
        percent(value.weight),
        "; ".join(row.turns) or NOTHING,
    )
