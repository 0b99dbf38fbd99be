"""``evalkit observations``: what the kit saw itself, and what a reviewer makes of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.options import Directory, parsed_day
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from evalkit.files.saving.observation_review import Decided, Ruling
    from evalkit.files.workspace import Workspace
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.observed import SeenRow


class ObservationState(StrEnum):
    """What a reviewer made of an observation."""

    new = "new"
    accepted = "accepted"
    rejected = "rejected"


class ObservationsFormat(StrEnum):
    """How ``evalkit observations`` prints."""

    table = "table"
    json = "json"


def observations(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    product: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this product's; may be repeated.")
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Only what bears on this question, which an accepted one is then filed on; may be repeated.",
        ),
    ] = None,
    state: Annotated[
        ObservationState | None, typer.Option(help="Only those that a reviewer left so.")
    ] = None,
    output: Annotated[
        ObservationsFormat, typer.Option("--format", help="A table, or data.")
    ] = ObservationsFormat.table,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Accept this observation: it becomes evidence, or a remark. The first 6 digits of the id"
            " or more; may be repeated.",
        ),
    ] = None,
    reject: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Reject this observation; may be repeated."),
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; a decision needs it.")] = None,
    value: Annotated[
        str | None,
        typer.Option(
            metavar="VALUE", help="The answer that an accepted contradiction shows: a level, a number, ids."
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides; who you are by default.")
    ] = None,
    on: Annotated[
        date | None,
        typer.Option(metavar="YYYY-MM-DD", parser=parsed_day, help="When it was decided; today by default."),
    ] = None,
) -> None:
    """Show what was observed, contradictions first; accept or reject it with a reason.

    An observation changes no answer by itself. Accepted, what supports an answer becomes evidence for it;
    what contradicts one makes it conflicting if --value says what was seen, else a remark asks who answered.
    Who answered does not decide (four eyes). Exit code 1 if a contradiction is open, or a decision could not
    be taken.
    """
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import Workspace, find_evaluation

    workspace = Workspace.of(find_evaluation(directory, Path.cwd()))
    inputs = load_inputs(workspace.evaluation, settled=False)
    _check_names(inputs, product or (), question or ())
    if accept or reject:
        _check_decision(accept or (), reject or (), reason, state, output)
        ruling = _ruling(workspace, reason or "", by, on, value, question or ())
        raise typer.Exit(_decide(workspace, inputs, accept or (), reject or (), ruling))
    _check_nothing_said({"--reason": reason, "--value": value, "--by": by, "--on": on})
    rows = _rows(workspace, inputs, product or (), question or (), state)
    if output is ObservationsFormat.json:
        _print_json(inputs, rows)
    else:
        _print_table(inputs, rows)
    is_contradicted = any(row.is_open and row.observation.relation == "contradicts" for row in rows)
    raise typer.Exit(1 if is_contradicted else 0)


def _check_names(inputs: EvaluationInputs, products: Collection[str], questions: Collection[str]) -> None:
    for one, many, names, known in (
        ("product", "products", products, sorted(inputs.answers)),
        ("question", "questions", questions, list(inputs.questionnaire.by_id)),
    ):
        for name in names:
            _check(name, known, many, one)


def _check(name: str, known: Collection[str], many: str, one: str) -> None:
    from evalkit.files.rules.wording import allowed, did_you_mean

    if name not in known:
        hint = did_you_mean(name, known)
        raise EvalkitError(
            f"{one} {name!r} is not known; {allowed(known, many)}{f'; {hint}' if hint else ''}"
        )


def _check_nothing_said(said: Mapping[str, object]) -> None:
    if given := [name for name, value in said.items() if value]:
        raise EvalkitError(f"{', '.join(given)}: name what is decided on with --accept ID or --reject ID")


def _check_decision(
    accept: Sequence[str],
    reject: Sequence[str],
    reason: str | None,
    state: ObservationState | None,
    output: ObservationsFormat,
) -> None:
    if both := sorted({*accept} & {*reject}):
        raise EvalkitError(f"{', '.join(both)}: accepted and rejected at once; leave one out")
    if not (reason or "").strip():
        raise EvalkitError("a decision needs its reason: --reason TEXT")
    if state is not None or output is not ObservationsFormat.table:
        raise EvalkitError("--state and --format are for looking, not for --accept and --reject")


def _ruling(  # noqa: PLR0913, PLR0917 - what the user said, each as typed
    workspace: Workspace,
    reason: str,
    by: str | None,
    on: date | None,
    value: str | None,
    questions: Sequence[str],
) -> Ruling:
    from evalkit.files.saving.observation_review import Ruling
    from evalkit.files.saving.people import current_user

    return Ruling(
        "accepted",
        reason,
        current_user(workspace.evaluation) if by is None else by,
        on or date.today(),  # noqa: DTZ011 - the day on the reviewer's calendar
        value,
        tuple(questions),
    )


def _decide(
    workspace: Workspace,
    inputs: EvaluationInputs,
    accept: Sequence[str],
    reject: Sequence[str],
    ruling: Ruling,
) -> int:
    """Decide on each by itself; return 1 if one could not be decided on, else 0."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from evalkit.cli.console import error
    from evalkit.files.saving.observation_review import ObservationReview

    review = ObservationReview(workspace, inputs.questionnaire, inputs.evaluation.as_of)
    rulings = [(name, ruling) for name in accept]
    rulings += [(name, replace(ruling, state="rejected")) for name in reject]
    for name, _ in rulings:
        review.found(name)  # nothing is decided on if one name is wrong
    left = 0
    for name, each in rulings:
        try:
            _say(review.decide(name, each, datetime.now(UTC)))
        except EvalkitError as refused:
            error(f"observation {name}: {refused}")
            left = 1
    return left


def _say(decided: Decided) -> None:
    from evalkit.cli.console import say

    observation = decided.observation
    again = "is already" if decided.was_so else "is"
    say(f"observation {observation.id} {again} {observation.review.state}: {observation.told}")
    for question, told in decided.told:
        say(f"{question}: {told}")


def _rows(
    workspace: Workspace,
    inputs: EvaluationInputs,
    products: Collection[str],
    questions: Collection[str],
    state: ObservationState | None,
) -> list[SeenRow]:
    from evalkit.files.observed import load_observed
    from evalkit.views.observed import seen_rows

    observed = load_observed(workspace.evaluation, inputs, products or None)
    return [
        row
        for row in seen_rows(observed)
        if (state is None or row.observation.review.state == state.value)
        and (not questions or {*row.observation.questions} & {*questions})
    ]


def _print_table(inputs: EvaluationInputs, rows: Sequence[SeenRow]) -> None:
    from evalkit.cli.console import print_table, print_text, say
    from evalkit.views.observed import LIMITS, summary_words

    if not rows:
        say("nothing of the kind was observed; evalkit inspect looks into a package")
        return
    headers = ("Id", "Product", "Questions", "Does", "How far", "What was seen", "Where", "Review")
    print_table(
        [(header, "left") for header in headers],
        [
            (
                row.observation.id,
                row.observation.product,
                ", ".join(row.observation.questions),
                row.observation.relation,
                row.strength_short,
                row.told,
                row.where,
                row.review_words,
            )
            for row in rows
        ],
        title=f"{inputs.evaluation.title}: what we observed ourselves",
    )
    print_text(summary_words(rows))
    print_text(LIMITS)


def _print_json(inputs: EvaluationInputs, rows: Sequence[SeenRow]) -> None:
    from evalkit.views.export import to_json

    document: Mapping[str, object] = {
        "format": "evalkit/observations/1",
        "evaluation": inputs.evaluation.id,
        "observations": list(_plain(rows)),
    }
    typer.echo(to_json(dict(document)), nl=False)


def _plain(rows: Sequence[SeenRow]) -> Iterator[dict[str, object]]:
    for row in rows:
        yield {
            **row.observation.model_dump(mode="json", exclude={"record"}),
            "stale": row.is_stale,
            "strength_words": row.strength,
            "version": row.version,
            "file": row.file,
        }
