"""``evalkit diff``: what changed between two evaluations, revisions or days, and why."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.options import ProfileId, parsed_day
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from evalkit.views.changes.comparison import State, StateComparison

_PAIR = 2
_BY_SUFFIX = {".json": "json", ".md": "markdown", ".html": "html", ".htm": "html"}


class DiffFormat(StrEnum):
    """How ``evalkit diff`` says what changed."""

    table = "table"
    json = "json"
    markdown = "markdown"
    html = "html"


def diff(  # noqa: PLR0913, PLR0917 - each is one option of the command
    evaluations: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[A B | DIR]",
            help="Two evaluations, the earlier first; or one, with --since or --from. One may be left out"
            " where there is only one.",
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="REV", help="The earlier state: this revision of git.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="REV", help="The later state: this revision, instead of the files as they are."),
    ] = None,
    from_day: Annotated[
        date | None,
        typer.Option(
            "--from",
            metavar="YYYY-MM-DD",
            parser=parsed_day,
            help="Score the earlier state as of this day instead of its own.",
        ),
    ] = None,
    to_day: Annotated[
        date | None,
        typer.Option(
            "--to",
            metavar="YYYY-MM-DD",
            parser=parsed_day,
            help="Score the later state as of this day instead of its own.",
        ),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="OPTION", help="Only this option, or all of this product; may be repeated."),
    ] = None,
    profile: ProfileId = None,
    output: Annotated[
        DiffFormat | None,
        typer.Option("--format", help="How to say it; by the name of the file, else a table."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of printing."),
    ] = None,
) -> None:
    """Say what changed between two states of an evaluation, and why the options stand otherwise.

    Two folders, a revision of git and today's files, two revisions, or two days of the same files: which
    answers, evidence, settings, gates, verdicts and ranks changed, and what each cause added to the assured
    scores. Nothing in the work tree is touched. Exit code 1 if anything changed.
    """
    from evalkit.cli.console import say
    from evalkit.reports.changes import FORMS
    from evalkit.writing import write_text

    form = _form(output, file)
    found = _found(
        evaluations or [],
        since=since,
        until=until,
        days=(from_day, to_day),
        profile=profile,
        named=tuple(option or ()),
    )
    change = found.change
    for note in found.notes:
        say(f"note: {note}")
    if form == "table":
        _print(found)
    elif file is None:
        typer.echo(FORMS[form](found), nl=False)
    else:
        write_text(file, FORMS[form](found))
        say(f"wrote {file}")
    raise typer.Exit(0 if change.is_empty else 1)


def _form(output: DiffFormat | None, file: Path | None) -> str:
    if file is None:
        return (output or DiffFormat.table).value
    form = output.value if output else _BY_SUFFIX.get(file.suffix.lower(), "")
    if form in ("", "table"):
        raise EvalkitError(
            f"{file}: a file needs --format json, markdown or html, or a name that ends in .json, .md or"
            " .html"
        )
    return form


def _found(  # noqa: PLR0913 - what the user said
    folders: list[Path],
    *,
    since: str | None,
    until: str | None,
    days: tuple[date | None, date | None],
    profile: str | None,
    named: tuple[str, ...],
) -> StateComparison:
    from evalkit.files.workspace import find_evaluation
    from evalkit.reports.plan import selected
    from evalkit.scoring.change import require_comparable
    from evalkit.views.changes.comparison import StateComparison

    _check_usage(folders, since, until, days)
    places = [find_evaluation(folder, Path.cwd()) for folder in folders] or [
        find_evaluation(None, Path.cwd())
    ]
    if len(places) == _PAIR and days == (None, None) and places[0].resolve() == places[1].resolve():
        raise EvalkitError(f"{folders[0]} and {folders[1]} are the same evaluation")
    names = [place.resolve().name for place in places]
    if len(places) == _PAIR and names[0] == names[1]:
        names = [folder.as_posix() for folder in folders]
    notes: list[str] = []
    before = _state(places[0], names[0], since, days[0], profile, notes)
    after = _state(places[-1], names[-1], until, days[1], profile, notes)
    require_comparable(before.inputs, after.inputs)
    if before.inputs.questionnaire.ref != after.inputs.questionnaire.ref:
        notes.append(
            f"{before.inputs.questionnaire.ref} was asked before and {after.inputs.questionnaire.ref} after:"
            " what only one of them has is told as added or removed"
        )
    only = None
    if named:
        known = dict.fromkeys(each.id for state in (after, before) for each in state.inputs.options())
        only = frozenset(selected(list(known), named))
    return StateComparison(before, after, only, tuple(notes))


def _check_usage(
    folders: list[Path], since: str | None, until: str | None, days: tuple[date | None, date | None]
) -> None:
    if len(folders) > _PAIR:
        raise EvalkitError(
            f"at most two evaluations are compared, not also {', '.join(map(str, folders[2:]))}"
        )
    if len(folders) == _PAIR and (since or until):
        raise EvalkitError("two evaluations are compared as they are; --since and --until take one")
    if len(folders) < _PAIR and since is None and until is not None:
        raise EvalkitError("--until needs --since REV, the earlier revision")
    if len(folders) < _PAIR and since is None and days == (None, None):
        raise EvalkitError(
            "say what to compare with: another evaluation (evalkit diff A B), an earlier revision"
            " (--since REV), or another day (--from YYYY-MM-DD, --to YYYY-MM-DD)"
        )


def _state(  # noqa: PLR0913, PLR0917 - what one side is read by
    place: Path, name: str, revision: str | None, day: date | None, profile: str | None, notes: list[str]
) -> State:
    from evalkit.files.loading import load_inputs
    from evalkit.files.revisions import inputs_at
    from evalkit.views.changes.comparison import State

    if revision is None:
        inputs = load_inputs(place, profile=profile, as_of=day)
        return State(f"{name} as it is", inputs)
    past = inputs_at(place, revision, profile=profile, as_of=day)
    if not past.has_own_questionnaires:
        notes.append(f"{revision} has no questionnaires: it is read with those of today")
    found = past.revision
    return State(f"revision {found.name} ({found.commit[:12]} of {found.day})", past.inputs, found)


def _print(found: StateComparison) -> None:
    from evalkit.cli.console import print_table, print_text
    from evalkit.views.board.blocks import Callout, Heading, Paragraph, Table
    from evalkit.views.changes.report import report

    memo = report(found)
    for name, text in memo.facts:
        print_text(f"{name}: {text}")
    for block in memo.blocks:
        match block:
            case Heading(text) | Callout(_, text) | Paragraph(text):
                print_text(text)
            case Table(columns, rows):
                headers = [(column.label, "right" if column.is_figure else "left") for column in columns]
                print_table(headers, [[cell.text for cell in row] for row in rows])
            case _:
                pass  # a report has no other parts
