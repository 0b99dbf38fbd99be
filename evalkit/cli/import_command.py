"""``evalkit import``: questionnaires and answers of other programs."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.options import parsed_day
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.exchange.importing.draft import Note
    from evalkit.exchange.importing.project import Imported


class ImportReport(StrEnum):
    """How ``evalkit import`` prints what did not come over as it was."""

    table = "table"
    json = "json"


def import_(  # noqa: PLR0913, PLR0917 - each is one option of the command
    format_id: Annotated[str, typer.Argument(metavar="FORMAT", help="What kind of file it is.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to import.")],
    project: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PROJECT",
            help="Project folder, new or with the same questionnaire in it; files go to questionnaires/ and"
            " results/ there.",
        ),
    ],
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The answers, for formats that keep them in a file of their own."),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE=HEADER", help="For a table: which column is what; may be repeated."),
    ] = None,
    sheet: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="For a table: the sheet of a workbook; for OSCAL: the title or uuid of a result.",
        ),
    ] = "",
    points: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ANSWER=POINTS",
            help="What an answer is worth where the file does not say it, as yes=100; may be repeated.",
        ),
    ] = None,
    questionnaire: Annotated[
        str, typer.Option("--id", metavar="ID", help="Id of the questionnaire; by default from its title.")
    ] = "",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Title, where the file has none.")] = "",
    product: Annotated[
        str, typer.Option(metavar="ID", help="Id of the product that the answers are about.")
    ] = "",
    name: Annotated[str, typer.Option(metavar="TEXT", help="Its name.")] = "",
    product_version: Annotated[str, typer.Option(metavar="TEXT", help="Its version.")] = "",
    vendor: Annotated[str, typer.Option(metavar="TEXT", help="Its vendor.")] = "",
    on: Annotated[
        date | None,
        typer.Option(
            metavar="YYYY-MM-DD", parser=parsed_day, help="When the answers came; today by default."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    output: Annotated[
        ImportReport, typer.Option("--format", help="How to print what did not come over as it was.")
    ] = ImportReport.table,
) -> None:
    """Import a questionnaire of another program, with its answers if it has any.

    It becomes a questionnaire that is answered, scored and reported like the one shipped, and an evaluation.
    All answers are filed as claims. What an answer is worth is never guessed: where the file does not say it,
    and --points neither, its reader judges it. Exit code 1 if something was left out.
    """
    from evalkit.exchange.importing.formats import Wanted, read
    from evalkit.exchange.importing.project import Names, imported

    worth = _points(points or ())
    raw = _bytes(file)
    answers_from = None if answers is None else (_bytes(answers), answers.name)
    draft = read(
        format_id,
        raw,
        file.name,
        Wanted(
            title=title,
            columns=_pairs(column or (), "--column", "ROLE=HEADER"),
            sheet=sheet,
            points=worth,
            answers=answers_from,
        ),
    )
    made = imported(
        draft,
        file=file.name,
        raw=raw,
        project=project,
        day=on or date.today(),  # noqa: DTZ011 - the day on which its user has the file
        names=Names(questionnaire, "", product, name, product_version, vendor),
        points=worth,
        answers_from=answers_from,
    )
    written = () if dry_run else made.write(project)
    if output is ImportReport.json:
        _print_json(file.name, made, written)
    else:
        _print_notes(made.notes)
    _say(made, project, written)
    raise typer.Exit(1 if any(note.kind == "left out" for note in made.notes) else 0)


def _bytes(path: Path) -> bytes:
    from evalkit.exchange.importing.formats import MAX_BYTES

    try:
        if path.stat().st_size > MAX_BYTES:
            raise EvalkitError(f"{path} is larger than {MAX_BYTES:,} bytes; not read")
        return path.read_bytes()
    except OSError as error:
        raise EvalkitError(f"{path} cannot be read: {error.strerror or error}") from error


def _pairs(given: Sequence[str], option: str, form: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not (sign and name.strip() and value.strip()):
            raise EvalkitError(f"{option} {text!r} is not written {form}")
        if name.strip() in pairs:
            raise EvalkitError(f"{option}: {name.strip()} is given twice")
        pairs[name.strip()] = value.strip()
    return pairs


def _points(given: Sequence[str]) -> dict[str, float]:
    import math

    worth = {}
    for name, text in _pairs(given, "--points", "ANSWER=POINTS").items():
        try:
            worth[name] = float(text)
        except ValueError:
            worth[name] = math.nan
        if not math.isfinite(worth[name]):
            raise EvalkitError(f"--points {name}={text}: {text!r} is no number")
    return worth


def _print_notes(notes: Sequence[Note]) -> None:
    from evalkit.cli.console import print_table

    order = ("left out", "changed", "assumed")
    rows = [
        (note.kind, note.where, note.text) for note in sorted(notes, key=lambda each: order.index(each.kind))
    ]
    if rows:
        print_table([("What", "left"), ("Where", "left"), ("Which", "left")], rows)


def _print_json(file: str, made: Imported, written: Sequence[Path]) -> None:
    import json
    import sys
    from dataclasses import asdict

    told = {
        "format": "evalkit/imported/1",
        "file": file,
        "questionnaire": made.questionnaire.ref,
        "questions": len(made.questionnaire.questions),
        "product": made.answers.product.id,
        "answers": len(made.answers.answers),
        "notes": [asdict(note) for note in made.notes],
        "written": [path.as_posix() for path in written],
    }
    json.dump(told, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _say(made: Imported, project: Path, written: Sequence[Path]) -> None:
    from evalkit.cli.console import say
    from evalkit.views.numbers import count

    header = made.questionnaire.header
    questions = count(len(made.questionnaire.questions), "question")
    valued = sum(1 for answer in made.answers.answers.values() if answer.value is not None)
    said = f"{count(len(made.answers.answers), 'answer')}, {valued} with a value"
    say(f"{made.questionnaire.ref}, {header.title!r}: {questions}; {said}, about {made.answers.product.name}")
    for name in made.kept:
        say(f"{project / name} was there already and stays")
    if written:
        say(f"written to {project}: next, evalkit form {project / made.evaluation}")
    else:
        say("nothing was written")
