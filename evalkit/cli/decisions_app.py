"""The commands about decisions, which join those of ``evalkit.cli.app``: freeze, decide, verify."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from evalkit.cli.app import app
from evalkit.cli.options import BoardChoice, Directory, ProblemFormat, RecordFormat, parsed_day

__all__ = ["app"]


@app.command()
def freeze(
    directory: Directory = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who freezes it; the name that git knows by default.")
    ] = None,
    late: Annotated[
        bool, typer.Option("--late", help="Also where there are answers already; the file then says so.")
    ] = False,
) -> None:
    """Freeze questionnaire and profile by hash, before answers are opened.

    Writes DIR/frozen.yaml with who and when. Reports and evalkit verify say whether the instrument was frozen
    before the first answer, and whether it is still the same.
    """
    from datetime import UTC, datetime

    from evalkit.cli.freeze import freeze_instrument

    freeze_instrument(directory, by=by, at=datetime.now(UTC), late=late)


@app.command()
def decide(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="OPTION", help="What is decided on; repeated, all are decided alike."),
    ] = None,
    verdict: Annotated[BoardChoice | None, typer.Option(help="What the board decided.")] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decided: the board, or its members.")
    ] = None,
    on: Annotated[
        date | None, typer.Option(metavar="YYYY-MM-DD", parser=parsed_day, help="When; today by default.")
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            metavar="'WHAT;OWNER;DUE'",
            help="A condition of evalkit by its id, all of them, or text; owner; day. Repeatable.",
        ),
    ] = None,
    waive: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GATE", help="A mitigable gate to set aside, with --reason and --until. Repeatable."
        ),
    ] = None,
    until: Annotated[
        date | None, typer.Option(metavar="YYYY-MM-DD", parser=parsed_day, help="Last day of the waivers.")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Why the verdict is another than evalkit's, and why a gate is waived."
        ),
    ] = None,
    dissent: Annotated[
        list[str] | None,
        typer.Option(metavar="'NAME: TEXT'", help="Who was of another opinion, and of which. Repeatable."),
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What else is to be kept.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Decide anew; the older decision is kept as superseded.")
    ] = False,
    output: Annotated[
        RecordFormat, typer.Option("--format", help="How to print what was recorded.")
    ] = RecordFormat.text,
    render: Annotated[
        bool, typer.Option("--render", help="Write the record to sign: out/board/decision.html and .md.")
    ] = False,
    lang: Annotated[
        str, typer.Option(metavar="CODE", help="The language of the record to sign: en or de.")
    ] = "en",
) -> None:
    """Record what the board decided, on which inputs, and what evalkit said.

    Goes to DIR/decision.yaml. Without a decision it asks, in a terminal; with --render alone it only writes
    the record to sign.
    """
    from evalkit.cli.decide import Said, record_decision

    said = Said(
        options=tuple(dict.fromkeys(option or ())),
        verdict=verdict and verdict.value,
        by=by,
        on=on,
        conditions=tuple(condition or ()),
        waive=tuple(waive or ()),
        until=until,
        reason=reason,
        dissent=tuple(dissent or ()),
        note=note,
        again=again,
    )
    today = date.today()  # noqa: DTZ011 - the day on which its user says so
    as_yaml = output is RecordFormat.yaml
    record_decision(directory, said, today=today, as_yaml=as_yaml, render=render, language=lang)


@app.command()
def verify(
    directory: Directory = None,
    on: Annotated[
        date | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            parser=parsed_day,
            help="Look at due dates and waivers on this day; today by default.",
        ),
    ] = None,
    output: Annotated[
        ProblemFormat, typer.Option("--format", help="How to print what was found.")
    ] = ProblemFormat.text,
) -> None:
    """Say whether today's inputs are still those that were decided on.

    Exit code 1 if a file, or what evalkit says of an option decided on, is not as it was; if a condition is
    past its due date or a waiver past its end; or if the instrument is not as it was frozen. 2 without a
    decision.
    """
    from evalkit.cli.verify import verify_decisions

    day = on or date.today()  # noqa: DTZ011 - the user's own day is meant
    raise typer.Exit(verify_decisions(directory, on=day, as_json=output is ProblemFormat.json))
