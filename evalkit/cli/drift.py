"""``evalkit drift``: two releases of a product side by side, and the answers on which that bears."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.options import parsed_day
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from evalkit.model.drift import Drift
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.observe.inspecting import Statements


class DriftFormat(StrEnum):
    """How ``evalkit drift`` prints."""

    table = "table"
    json = "json"
    markdown = "markdown"


def drift(  # noqa: PLR0913, PLR0917 - each is one option of the command
    old: Annotated[
        Path,
        typer.Argument(metavar="OLD", help="The older release: a package, or observations (.jsonl)."),
    ],
    new: Annotated[
        Path,
        typer.Argument(metavar="NEW", help="The newer release: a package, or observations (.jsonl)."),
    ],
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="The evaluation; may be left out where there is only one."),
    ] = None,
    product: Annotated[str, typer.Option(metavar="ID", help="Of which product they are.")] = "",
    with_old: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A further package of the older release; may be repeated."),
    ] = None,
    with_new: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A further package of the newer release; may be repeated."),
    ] = None,
    on: Annotated[
        date | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            parser=parsed_day,
            help="The day of the look; the evaluation's by default.",
        ),
    ] = None,
    output: Annotated[
        DriftFormat, typer.Option("--format", help="Tables, data, or a page of Markdown.")
    ] = DriftFormat.table,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of printing."),
    ] = None,
) -> None:
    """Show what one release of a product has that another has not: hosts, keys, switches, install scripts.

    Nothing is run, installed or fetched. What was not looked into in full is told, and not called gone or
    new. Exit code 1 if a difference bears on an answer.
    """
    from evalkit.cli.console import say
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import find_evaluation
    from evalkit.observe.drift import drift_between, seen_in
    from evalkit.writing import write_text

    if not product:
        raise EvalkitError("say of which product they are: --product ID")
    inputs = load_inputs(find_evaluation(directory, Path.cwd()), products={product}, settled=False)
    day = on or inputs.evaluation.as_of

    def said() -> Statements:
        from evalkit.observe.inspecting import statements_of

        return statements_of(inputs, product)

    found = drift_between(
        product,
        seen_in([old, *(with_old or ())], product, said, on=day),
        seen_in([new, *(with_new or ())], product, said, on=day),
        inputs.answers[product],
    )
    text = _text(inputs, found, output)
    if file is None:
        typer.echo(text, nl=False)
    else:
        write_text(file, text)
        say(f"wrote {file}")
    raise typer.Exit(1 if found.bears_on else 0)


def _text(inputs: EvaluationInputs, found: Drift, output: DriftFormat) -> str:
    from evalkit.views.drift import drift_document, drift_markdown
    from evalkit.views.export import to_json

    match output:
        case DriftFormat.json:
            return to_json(drift_document(inputs, found))
        case DriftFormat.markdown:
            return drift_markdown(inputs, found)
        case DriftFormat.table:
            return _tables(inputs, found)


def _tables(inputs: EvaluationInputs, found: Drift) -> str:
    import contextlib
    import io

    from evalkit.cli.console import print_table, print_text
    from evalkit.views.drift import answer_rows, drift_rows, release_words, summary_sentences

    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        print_text(f"Older: {release_words(found.old)}")
        print_text(f"Newer: {release_words(found.new)}")
        if rows := drift_rows(found):
            headers = ("What", "Change", "Name", "How far it goes", "Questions", "What it is")
            print_table(
                [(header, "left") for header in headers],
                [(it.kind, it.change, it.name, it.strength, it.questions, it.told) for it in rows],
                title=f"{inputs.answers[found.product].product.name}: what differs",
            )
        if answers := answer_rows(inputs, found):
            about = ("Question", "Title", "Answer that stands", "What differs")
            print_table([(header, "left") for header in about], answers, title="Answers on which it bears")
        for sentence in summary_sentences(found):
            print_text(sentence)
    return shown.getvalue()
