"""``evalkit send`` and ``evalkit receive``: the questionnaire goes to a vendor, and comes back."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.options import parsed_day
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from evalkit.exchange.vendor_form.receiving import Received

_DIR_AND_ONE = 2


class ReceiveFormat(StrEnum):
    """How ``evalkit receive`` prints."""

    table = "table"
    json = "json"


def send(
    about: Annotated[
        list[str], typer.Argument(metavar="[DIR] PRODUCT", help="The evaluation, and whose vendor is asked.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write; .xlsx for a workbook, .csv for plain text, .html for a page that a browser"
            " shows offline and that saves answers as .json.",
        ),
    ],
    deployment: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Ask about this way to run the product only; may be repeated. By default about all that the"
            " evaluation compares.",
        ),
    ] = None,
    triage: Annotated[
        bool, typer.Option("--triage", help="Ask only the questions for a first meeting.")
    ] = False,
    with_findings: Annotated[
        bool, typer.Option("--with-findings", help="Show the vendor what was found so far.")
    ] = False,
) -> None:
    """Write a questionnaire that a vendor fills in: a workbook, CSV, or a page for any browser.

    The vendor chooses levels, explains, and names what backs each answer. What comes back is read by evalkit
    receive; rows carry hidden ids, so that they may be sorted and edited in any spreadsheet program.
    """
    from evalkit.cli.console import say
    from evalkit.exchange.vendor_form.sending import send as write_form
    from evalkit.files.workspace import find_evaluation
    from evalkit.views.numbers import count

    directory, product = _dir_and_one(about, "PRODUCT")
    form = write_form(
        find_evaluation(directory, Path.cwd()),
        product,
        output,
        deployments=tuple(deployment or ()),
        triage=triage,
        with_findings=with_findings,
    )
    asked = count(len({line.question for line in form.lines()}), "question")
    say(f"wrote {output}: {asked} to {form.vendor} about {form.product_name}")


def receive(
    about: Annotated[
        list[str],
        typer.Argument(
            metavar="[DIR] FILE",
            help="The evaluation, and the file that came back: .xlsx, .csv, or the .json that a page saved.",
        ),
    ],
    apply: Annotated[
        bool, typer.Option("--apply", help="Write what is accepted and changed; else nothing is written.")
    ] = False,
    on: Annotated[
        date | None,
        typer.Option(
            metavar="YYYY-MM-DD", parser=parsed_day, help="When it came; the evaluation's day by default."
        ),
    ] = None,
    output: Annotated[
        ReceiveFormat, typer.Option("--format", help="How to print what each answer comes to.")
    ] = ReceiveFormat.table,
) -> None:
    """Read a questionnaire that came back, and say what each answer comes to.

    An answer is accepted, changed (it contradicts what stands), unchanged, or rejected with its reason. All
    that is filed is filed as a claim of the vendor; the link is kept as a lead. Exit code 1 if an answer was
    rejected, 2 if the file cannot be used or is not this evaluation's.
    """
    from datetime import UTC, datetime

    from evalkit.exchange.vendor_form.receiving import receive as read_form
    from evalkit.files.workspace import find_evaluation

    directory, name = _dir_and_one(about, "FILE")
    now = datetime.now(UTC)
    received = read_form(find_evaluation(directory, Path.cwd()), Path(name), at=now, on=on)
    lost = received.apply(now) if apply else ()
    if output is ReceiveFormat.json:
        _print_json(received, lost, applied=apply)
    else:
        _print_table(received)
    _say_what_happened(received, lost, applied=apply)
    raise typer.Exit(1 if received.rejected or lost else 0)


def _dir_and_one(about: list[str], what: str) -> tuple[Path | None, str]:
    if len(about) > _DIR_AND_ONE:
        raise EvalkitError(f"at most [DIR] {what} are taken, not also {' '.join(about[_DIR_AND_ONE:])}")
    return (Path(about[0]) if len(about) == _DIR_AND_ONE else None), about[-1]


def _print_table(received: Received) -> None:
    from evalkit.cli.console import print_table
    from evalkit.exchange.vendor_form.receiving import LEFT_EMPTY, most_urgent_first

    rows = [
        (
            row.question or "–",
            "" if row.scope == "*" else row.scope.replace("+", ", "),
            row.outcome,
            row.reason,
            "; ".join(row.diff),
            row.where,
        )
        for row in most_urgent_first(received.rows)
        if row.reason != LEFT_EMPTY  # a table of them would hide the others
    ]
    if rows:
        headers = ("Question", "Only for", "Outcome", "Why", "What changes", "Where")
        print_table([(header, "left") for header in headers], rows)


def _print_json(received: Received, lost: tuple[str, ...], *, applied: bool) -> None:
    import json
    import sys
    from dataclasses import asdict

    told = {
        "format": "evalkit/received/1",
        "file": received.name,
        "sha256": received.sha256,
        "product": received.product,
        "vendor": received.vendor,
        "received": received.day.isoformat(),
        "applied": applied,
        "notes": received.notes,
        "rows": [asdict(row) for row in received.rows],
        "changed_meanwhile": lost,
    }
    json.dump(told, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def _say_what_happened(received: Received, lost: tuple[str, ...], *, applied: bool) -> None:
    from evalkit.cli.console import error, say

    say(f"{received.name} is {received.vendor}'s form about {received.product}")
    for note in received.notes:
        say(f"note: {note}")
    counted: dict[str, int] = {}
    for row in received.rows:
        counted[row.outcome] = counted.get(row.outcome, 0) + 1
    said = ", ".join(
        f"{counted.get(name, 0)} {name}" for name in ("accepted", "changed", "unchanged", "rejected")
    )
    say(said)
    for part in lost:
        error(
            f"{part.removeprefix('answers/')} was changed by somebody else just now; receive the file again"
        )
    if not received.edits:
        say("there is nothing to write")
    elif applied:
        say(f"written to {received.file.name}; evalkit history shows it and takes it back")
    else:
        say("nothing was written; --apply files what is accepted and changed")
