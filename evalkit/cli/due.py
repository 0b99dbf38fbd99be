"""``evalkit due``: what expires when, and what it does."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.file_form import form_of
from evalkit.cli.options import Directory, ProfileId, parsed_day
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.due import Due, DueList
    from evalkit.model.evaluation import EvaluationInputs

_ALL = "all"
_MOST_DAYS = 36_500


class DueFormat(StrEnum):
    """How ``evalkit due`` prints."""

    table = "table"
    csv = "csv"
    json = "json"
    ics = "ics"


_BY_ENDING = {".csv": DueFormat.csv, ".json": DueFormat.json, ".ics": DueFormat.ics}


def due(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    on: Annotated[
        date | None,
        typer.Option(
            metavar="YYYY-MM-DD", parser=parsed_day, help="Look on this day; the evaluation's by default."
        ),
    ] = None,
    within: Annotated[
        str,
        typer.Option(metavar="DAYS", help="How far ahead; 0 for what is past already, all for everything."),
    ] = "90",
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--option",
            "--product",
            metavar="OPTION",
            help="Only this option, or all of this product; may be repeated.",
        ),
    ] = None,
    profile: ProfileId = None,
    version: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PRODUCT=VERSION",
            help="Suppose that this version is out: which tests it makes stale. May be repeated.",
        ),
    ] = None,
    output: Annotated[
        DueFormat | None,
        typer.Option(
            "--format", help="A list, data, or a calendar; by the name of the file, else a list (table)."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of printing."),
    ] = None,
) -> None:
    """Say what expires when, and what it changes if nothing is renewed.

    Evidence by source and day, waivers, conditions of the board, the vendors' deadline. Exit code 1 if
    something that matters is past its day.
    """
    from evalkit.cli.console import say
    from evalkit.files.decisions import load_record
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import Workspace, find_evaluation
    from evalkit.reports.plan import selected
    from evalkit.scoring.due import due_list
    from evalkit.writing import write_text

    form = form_of(output, file, _BY_ENDING, DueFormat.table)
    days = _days(within)
    if version and form is DueFormat.ics:
        raise EvalkitError("--version supposes a release, which has no day for a calendar: leave one out")
    workspace = Workspace.of(find_evaluation(directory, Path.cwd()))
    inputs = load_inputs(workspace.evaluation, profile=profile)
    day = on or inputs.evaluation.as_of
    if day < inputs.evaluation.as_of:
        raise EvalkitError(
            f"--on {day}: is before the evaluation's day, {inputs.evaluation.as_of}; what was known then is"
            " not in the files"
        )
    releases = _releases(version or (), inputs)
    found = due_list(
        inputs,
        on=day,
        days=days,
        options=selected([it.id for it in inputs.options()], tuple(option or ())),
        record=load_record(workspace, inputs if profile is None else None),
        releases=releases,
    )
    text = _text(inputs, found, releases, form)
    if file is None:
        typer.echo(text, nl=False)
    else:
        write_text(file, text)
        say(f"wrote {file}")
    raise typer.Exit(1 if found.past else 0)


def _days(within: str) -> int | None:
    if within == _ALL:
        return None
    if not (within.isascii() and within.isdigit() and int(within[:9]) <= _MOST_DAYS):
        raise EvalkitError(f"--within {within}: allowed are 0 to {_MOST_DAYS} days, or {_ALL}")
    return int(within)


def _releases(stated: Sequence[str], inputs: EvaluationInputs) -> dict[str, str]:
    releases: dict[str, str] = {}
    for one in stated:
        product, equals, version = one.partition("=")
        if not equals or not version.strip():
            raise EvalkitError(f"--version {one}: write PRODUCT=VERSION, for example our-agent=2.0")
        if product not in inputs.answers:
            known = ", ".join(sorted(inputs.answers))
            raise EvalkitError(f"--version {one}: there is no product {product}; there are: {known}")
        if product in releases:
            raise EvalkitError(f"--version {one}: {product} is named twice; one version at a time")
        releases[product] = version.strip()
    return releases


def _text(inputs: EvaluationInputs, found: DueList, releases: Mapping[str, str], output: DueFormat) -> str:
    from evalkit.views.due_export import due_csv, due_document
    from evalkit.views.export import to_json

    match output:
        case DueFormat.csv:
            return due_csv(inputs, found)
        case DueFormat.json:
            return to_json(due_document(inputs, found))
        case DueFormat.ics:
            from evalkit.exchange.calendar import calendar

            return calendar(inputs, found)
        case DueFormat.table:
            return _tables(inputs, found, releases)


def _tables(inputs: EvaluationInputs, found: DueList, releases: Mapping[str, str]) -> str:
    import contextlib
    import io

    from evalkit.cli.console import print_text
    from evalkit.views.due import legend, release_sentences, summary_sentences, turn_sentences

    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        past = [due for due in found.dues if due.is_past and due.matters]
        ahead = [due for due in found.dues if not due.is_past and due.matters]
        _print_dues(inputs, found, past, "Past its day; what it took away")
        _print_dues(inputs, found, ahead, "Falls due; what it changes if it is not renewed")
        _print_dues(inputs, found, found.releases, "Stale with the release that is supposed")
        for sentence in (
            *turn_sentences(inputs, found),
            *release_sentences(inputs, found, releases),
            *summary_sentences(found),
            *legend(found),
        ):
            print_text(sentence)
    return shown.getvalue()


def _print_dues(inputs: EvaluationInputs, found: DueList, dues: Sequence[Due], title: str) -> None:
    from evalkit.cli.console import print_table
    from evalkit.views.due import due_rows

    if not dues:
        return
    headers = ("Last day", "", "Product", "What to do", "Questions", "What changes")
    evaluation = inputs.evaluation
    print_table(
        [(header, "left") for header in headers],
        [
            (
                row.due.day.isoformat() if row.due.kind != "release" else "",
                row.when,
                row.product,
                f"{row.task} ({row.due.who})" if row.due.who else row.task,
                _few(row.about),
                "; ".join(row.effects),
            )
            for row in due_rows(inputs, dues, found.on)
        ],
        title=f"{evaluation.title}: {title} (profile {inputs.profile.id}, on {found.on})",
    )


def _few(names: Sequence[str], most: int = 4) -> str:
    left = len(names) - most
    return f"{', '.join(names[:most])} +{left}" if left > 0 else ", ".join(names)
