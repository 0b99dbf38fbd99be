"""``evalkit export``: an evaluation in the format of another program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.options import AsOf, Directory, ProfileId
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from evalkit.exchange.exporting.format import Exported, Format

_PRINTED = "-"


def export(  # noqa: PLR0913, PLR0917 - each is one option of the command
    form: Annotated[
        str,
        typer.Argument(metavar="FORMAT", help="oscal, ciso-assistant, csv, markdown or workbook."),
    ],
    directory: Directory = None,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; - prints text, as by default."),
    ] = _PRINTED,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="OPTION", help="Only this option, or all of this product; may be repeated."),
    ] = None,
    profile: ProfileId = None,
    as_of: AsOf = None,
) -> None:
    """Write an evaluation in the format of another program.

    Each format says, in notes on standard error, what of the evaluation it does not carry.
    """
    from evalkit.cli.console import say
    from evalkit.exchange.exporting.registry import check_ending, exported, format_named
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import find_evaluation
    from evalkit.reports.plan import selected

    chosen = format_named(form)
    if option and not chosen.by_option:
        raise EvalkitError(f"{chosen.name} is {chosen.title}, and of no option; leave --option out")
    evaluation = find_evaluation(directory, Path.cwd())
    if output != _PRINTED:
        check_ending(chosen, Path(output))
        _check_place(evaluation, Path(output))
    inputs = load_inputs(evaluation, profile=profile, as_of=as_of)
    made = exported(chosen, inputs, selected([each.id for each in inputs.options()], tuple(option or ())))
    _deliver(chosen, made, output)
    for loss in made.losses:
        say(f"note: {loss}")


def _check_place(evaluation: Path, output: Path) -> None:
    """Check that no file is replaced that evalkit reads."""
    from evalkit.files.workspace import Workspace

    real, inside = output.resolve(), evaluation.resolve()
    questionnaires = Workspace.of(evaluation).questionnaires.resolve()
    in_evaluation = real.is_relative_to(inside) and not real.is_relative_to(inside / "out")
    if in_evaluation or real.is_relative_to(questionnaires):
        raise EvalkitError(
            f"{output}: lies among the files that evalkit reads; allowed are {evaluation / 'out'} and folders"
            " elsewhere"
        )


def _deliver(chosen: Format, made: Exported, output: str) -> None:
    from evalkit.cli.console import say
    from evalkit.writing import write_bytes

    if output != _PRINTED:
        write_bytes(Path(output), chosen.raw(made.content))
        say(f"wrote {output}: {chosen.title}")
    elif isinstance(made.content, str):
        sys.stdout.write(made.content)
    else:
        raise EvalkitError(
            f"{chosen.name} is {chosen.title}, which is not printed; name a file with --output"
        )
