"""The commands and their options; each is documented in the README."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from evalkit import __version__
from evalkit.cli.options import (
    AskFormat,
    AsOf,
    Directory,
    EngineChoice,
    ExecutorChoice,
    HistoryFormat,
    ProblemFormat,
    ProfileId,
    ScoreFormat,
    SettledState,
    TextFormat,
    parsed_day,
)

app = typer.Typer(
    help="Evaluate AI coding agents from answers and evidence: check, score and report an evaluation.",
    epilog="DIR is an evaluation, for example results/coding-agents-2026; where there is only one under"
    " results/ it may be left out. Exit codes: 0 fine, 1 findings or failures, 2 wrong usage or unreadable"
    " input.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"evalkit {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    pass


@app.command()
def new(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to make; must not exist or be empty.")
    ],
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="Title of the evaluation.")] = None,
    profile: Annotated[str, typer.Option(metavar="ID", help="How you decide.")] = "standard",
    questionnaire: Annotated[str, typer.Option(metavar="ID", help="The instrument.")] = "coding-agent",
    as_of: AsOf = None,
) -> None:
    """Start an evaluation with a first product to fill in."""
    from evalkit.cli.console import say
    from evalkit.cli.new import start_evaluation

    # Besides the day of a consensus the one place that asks the clock; it becomes the evaluation's only one.
    day = as_of or date.today()  # noqa: DTZ011 - the user's own day is meant
    for path in start_evaluation(
        directory, title=title, profile=profile, questionnaire=questionnaire, as_of=day
    ):
        say(f"wrote {path}")
    say(f"next: fill in the answers, then run  evalkit check {directory}")


@app.command()
def check(
    directory: Directory = None,
    output: Annotated[
        ProblemFormat, typer.Option("--format", help="How to print the problems.")
    ] = ProblemFormat.text,
    rules: Annotated[
        bool, typer.Option("--rules", help="Print what is checked, rule by rule, and exit.")
    ] = False,
) -> None:
    """Say all that is wrong with the files of an evaluation.

    Every problem of every file is named with file, line, rule, what is allowed and a hint.
    """
    from evalkit.cli.check import check_evaluation, print_rules

    if rules:
        print_rules()
        return
    raise typer.Exit(check_evaluation(directory, as_json=output is ProblemFormat.json))


@app.command()
def score(
    directory: Directory = None,
    output: Annotated[
        ScoreFormat, typer.Option("--format", help="How to print the scores.")
    ] = ScoreFormat.table,
    profile: ProfileId = None,
    as_of: AsOf = None,
) -> None:
    """Print verdict, scores and gates of every option."""
    from evalkit.cli.score import print_scores

    print_scores(directory, output=output.value, profile=profile, as_of=as_of)


@app.command()
def ask(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="OPTION", help="Only this option, or all of this product; may be repeated."),
    ] = None,
    output: Annotated[
        AskFormat, typer.Option("--format", help="A list, letters to the vendors, or a plan for the lab.")
    ] = AskFormat.table,
    top: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Only the first N: records of a list, questions of a letter, tests."
        ),
    ] = None,
    profile: ProfileId = None,
    as_of: AsOf = None,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of printing."),
    ] = None,
) -> None:
    """Say what to ask and test next, most valuable first.

    A record comes first if knowing it is most likely to change a verdict, then the leader; then by how far it
    shifts the first place, where 2 to 8 options are compared (choose them with --option). All of a product
    and all of a domain, asked together, follow.
    """
    from evalkit.cli.ask import print_ask_list

    print_ask_list(
        directory,
        only=tuple(option or ()),
        output=output.value,
        top=top,
        profile=profile,
        as_of=as_of,
        file=file,
    )


@app.command()
def agreement(
    directory: Directory = None,
    product: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only this product; all with several assessors by default."),
    ] = None,
    output: Annotated[
        ScoreFormat, typer.Option("--format", help="How to print the agreement.")
    ] = ScoreFormat.table,
) -> None:
    """Say how far several assessors agree, and what they are to discuss.

    Each answers in a file of its own, answers/PRODUCT.ASSESSOR.yaml. Exit code 1 if a difference of two
    levels or more is not settled, or alpha is below .667: rewrite the rubric and rescore.
    """
    from evalkit.cli.agreement import print_agreement

    raise typer.Exit(print_agreement(directory, product=product, output=output.value))


@app.command()
def consensus(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    product: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The product; may be left out where assessors answered only one."),
    ] = None,
    question: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="What it is about; may be repeated.")
    ] = None,
    take: Annotated[
        str | None,
        typer.Option(metavar="ASSESSOR", help="Agree on this assessor's record, with its evidence."),
    ] = None,
    value: Annotated[
        str | None,
        typer.Option(
            metavar="VALUE",
            help="Agree on this level, number, special value or option ids (a,b), on the evidence of all who"
            " state it; with --take, on that one's evidence.",
        ),
    ] = None,
    state: Annotated[
        SettledState | None, typer.Option(help="Agree that no value stands, or that evidence conflicts.")
    ] = None,
    deployment: Annotated[
        str | None, typer.Option(metavar="ID", help="For this deployment only; for all by default.")
    ] = None,
    finding: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Finding, in place of what the assessors wrote.")
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; kept with the record.")] = None,
    by: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Who agreed; all who prepared answers by default.")
    ] = None,
    on: Annotated[
        date | None, typer.Option(metavar="YYYY-MM-DD", parser=parsed_day, help="When; today by default.")
    ] = None,
) -> None:
    """Record what assessors agreed on, with its reason; what they wrote is kept.

    The record goes to answers/PRODUCT.yaml and counts in place of the assessors'. Without --take, --value
    or --state, nothing is written: what is not settled yet is shown, exit code 1 if there is any.
    """
    from evalkit.cli.consensus import Agreed, record_consensus

    code = record_consensus(
        directory,
        product=product,
        questions=tuple(dict.fromkeys(question or ())),
        agreed=Agreed(take, value, state and state.value, deployment, finding, reason, by, on),
        today=date.today(),  # noqa: DTZ011 - the day on which its user says so
    )
    raise typer.Exit(code)


@app.command()
def form(
    directory: Directory = None,
    product: Annotated[
        str | None, typer.Option(metavar="ID", help="Open this product; else the first one.")
    ] = None,
    assessor: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Answer as this one of several, in answers/PRODUCT.ID.yaml."),
    ] = None,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Port on 127.0.0.1; 0 for one that is free.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, and do not open the browser.")
    ] = False,
) -> None:
    """Answer in the browser, without JupyterLab and without code.

    The address is printed; only who has it is let in, and only on this machine. Ctrl-C ends the form.
    """
    from evalkit.cli.form import serve_form

    serve_form(directory, product=product or "", assessor=assessor or "", port=port, browser=not no_browser)


@app.command()
def history(  # noqa: PLR0913, PLR0917 - each is one option of the command
    about: Annotated[
        list[str],
        typer.Argument(
            metavar="[DIR] PRODUCT [QUESTION]",
            help="The evaluation, where there are several; the product; and only this question.",
        ),
    ],
    assessor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of this assessor's answers, not the consensus.")
    ] = None,
    output: Annotated[
        HistoryFormat, typer.Option("--format", help="How to print the history.")
    ] = HistoryFormat.table,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only the last N changes; all by default.")
    ] = None,
    undo: Annotated[
        str | None, typer.Option(metavar="ID", help="Put back what stood before this change.")
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="With --undo: also where it was changed again since.")
    ] = False,
) -> None:
    """Say who changed which answer of a product, when and how, newest last; or undo a change.

    Everything that is saved with the form is in answers/PRODUCT.history.jsonl. A change that is undone stays
    there, and so does the undoing. Exit code 1 if an undo was refused, since somebody changed it again.
    """
    from datetime import UTC, datetime

    from evalkit.cli.history import Wanted, print_history, undo_change

    wanted = Wanted(tuple(about), assessor)
    if undo is None:
        print_history(wanted, as_json=output is HistoryFormat.json, limit=limit)
        return
    raise typer.Exit(undo_change(wanted, undo, anyway=anyway, at=datetime.now(UTC)))


@app.command()
def render(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="OPTION", help="Render this option, or all of this product; may be repeated."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Reports made at the same time; default: all cores."),
    ] = None,
    engine: Annotated[
        EngineChoice,
        typer.Option("--engine", help="fast: forked children of a warm process; stock: a kernel per report."),
    ] = EngineChoice.fast,
    executor: Annotated[
        ExecutorChoice,
        typer.Option("--executor", help="local: on this machine; dask: on the workers of --scheduler."),
    ] = ExecutorChoice.local,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The dask scheduler, as tcp://10.0.0.5:8786.")
    ] = None,
    shared_storage: Annotated[
        bool,
        typer.Option(
            "--shared-storage", help="Dask workers write reports in place; else they send them here."
        ),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(metavar="WHERE", help="A folder, or s3://, gs:// or abfs:// with bucket and path."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make anew also what is up to date.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: make anew what each change of a file touches.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Name each report, also those that are unchanged.")
    ] = False,
) -> None:
    """Make the reports, the comparison and the index, as far as they are not up to date.

    Everything goes to DIR/out/, or to --out; open index.html first. A report that fails leaves its partial
    notebook and page, and the others are still made. A report is up to date if all that it is made from
    (files, templates, evalkit, libraries) and its own files are as recorded.
    """
    from evalkit.cli.render import Wish, render_reports

    wish = Wish(
        only=tuple(only or ()),
        jobs=jobs,
        engine=engine.value,
        force=force,
        verbose=verbose,
        out=out or "",
        executor=executor.value,
        scheduler=scheduler or "",
        shared_storage=shared_storage,
    )
    raise typer.Exit(render_reports(directory, wish, watch=watch))


@app.command()
def questions(
    questionnaire: Annotated[str, typer.Argument(metavar="ID", help="The instrument.")] = "coding-agent",
    output: Annotated[
        TextFormat, typer.Option("--format", help="How to print the questions.")
    ] = TextFormat.table,
    triage: Annotated[bool, typer.Option("--triage", help="Only the subset for a first meeting.")] = False,
) -> None:
    """Print a questionnaire, every question with its levels."""
    from evalkit.cli.questions import print_questions

    print_questions(questionnaire, as_markdown=output is TextFormat.markdown, triage=triage)


@app.command()
def demo(
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Where to copy the shipped evaluation, outside a checkout."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Reports made at the same time; default: all cores."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Name each report, also those that are unchanged.")
    ] = False,
) -> None:
    """Render the shipped evaluation of real products.

    In a checkout it is rendered in place, elsewhere in a copy.
    """
    from evalkit.cli.demo import run_demo
    from evalkit.cli.render import Wish

    raise typer.Exit(run_demo(directory, Wish(jobs=jobs, verbose=verbose)))
