"""``evalkit frameworks``: to which identifiers the answers are related."""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.file_form import form_of
from evalkit.cli.options import AsOf, Directory, ProfileId
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Questionnaire
    from evalkit.model.scorecard import Scorecard


class FrameworksFormat(StrEnum):
    """How ``evalkit frameworks`` prints."""

    table = "table"
    csv = "csv"
    json = "json"
    html = "html"
    markdown = "markdown"


_BY_ENDING = {
    ".csv": FrameworksFormat.csv,
    ".json": FrameworksFormat.json,
    ".html": FrameworksFormat.html,
    ".htm": FrameworksFormat.html,
    ".md": FrameworksFormat.markdown,
}


def frameworks(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    framework: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY", help="Only this framework, by its key in the questionnaire; may be repeated."
        ),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="OPTION", help="Only this option, or all of this product; may be repeated."),
    ] = None,
    profile: ProfileId = None,
    as_of: AsOf = None,
    output: Annotated[
        FrameworksFormat | None,
        typer.Option(
            "--format", help="A list, data, or a page; by the name of the file, else a list (table)."
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of printing."),
    ] = None,
) -> None:
    """Say to which identifiers of frameworks the questions are related, and what came out on them.

    Related to, no more: a question is no test of an identifier. What no question is related to is named too.
    """
    from evalkit.cli.console import say
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import find_evaluation
    from evalkit.reports.plan import selected
    from evalkit.scoring.score import score_as_stated
    from evalkit.writing import write_text

    inputs = load_inputs(find_evaluation(directory, Path.cwd()), profile=profile, as_of=as_of)
    keys = _keys(inputs.questionnaire, framework)
    names = selected([it.id for it in inputs.options()], tuple(option or ()))
    cards = [score_as_stated(inputs, it) for it in inputs.options() if it.id in names]
    text = _text(inputs, keys, cards, form_of(output, file, _BY_ENDING, FrameworksFormat.table))
    if file is None:
        typer.echo(text, nl=False)
    else:
        write_text(file, text)
        say(f"wrote {file}")


def _keys(questionnaire: Questionnaire, asked: Sequence[str] | None) -> tuple[str, ...] | None:
    if not asked:
        return None
    known = questionnaire.header.frameworks
    for key in asked:
        if key not in known:
            close = get_close_matches(key, known, n=3)
            hint = (
                f"did you mean {' or '.join(close)}?" if close else f"there are: {', '.join(known) or 'none'}"
            )
            raise EvalkitError(f"--framework {key}: this questionnaire names no such framework; {hint}")
    return tuple(asked)


def _text(
    inputs: EvaluationInputs,
    keys: tuple[str, ...] | None,
    cards: Sequence[Scorecard],
    output: FrameworksFormat,
) -> str:
    from evalkit.scoring.framework_coverage import framework_coverage
    from evalkit.views.export import to_json
    from evalkit.views.frameworks_export import frameworks_csv, frameworks_document, frameworks_markdown

    coverages = framework_coverage(inputs.questionnaire, keys)
    match output:
        case FrameworksFormat.csv:
            return frameworks_csv(inputs, coverages, cards)
        case FrameworksFormat.json:
            return to_json(frameworks_document(inputs, coverages, cards))
        case FrameworksFormat.markdown:
            return frameworks_markdown(inputs, coverages, cards)
        case FrameworksFormat.html:
            from evalkit.reports.frameworks import frameworks_page

            return frameworks_page(inputs, cards, keys=keys, among_reports=False)
        case FrameworksFormat.table:
            return _tables(inputs, keys, cards)


def _tables(inputs: EvaluationInputs, keys: tuple[str, ...] | None, cards: Sequence[Scorecard]) -> str:
    import contextlib
    import io

    from evalkit.cli.console import print_table, print_text
    from evalkit.scoring.framework_coverage import framework_coverage
    from evalkit.views.frameworks import (
        RELATED,
        basis_words,
        count_words,
        not_related_words,
        note_on,
        outcome_words,
        outcomes,
    )

    by_id = inputs.questionnaire.by_id
    words = {question: outcome_words(outcomes(question, cards)) for question in by_id}
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        for coverage in framework_coverage(inputs.questionnaire, keys):
            rows = [
                (
                    f"{it.id} ({note})" if (note := note_on(coverage, it)) else it.id,
                    f"{question} {by_id[question].title}",
                    words[question],
                )
                for it in coverage.identifiers
                for question in it.questions
            ]
            headers = ("Identifier", "Related question", "What came out")
            title = f"{coverage.title}: {count_words(coverage)}"
            print_table([(header, "left") for header in headers], rows, title=title)
            missing = "; ".join(names for _, names in not_related_words(coverage))
            if missing:
                print_text(f"No question of this questionnaire is related to: {missing}")
            print_text(" ".join(basis_words(coverage)))
        print_text(RELATED)
    return shown.getvalue()
