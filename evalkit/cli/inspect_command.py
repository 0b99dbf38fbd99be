"""``evalkit inspect``: what a released artefact holds, held against the answers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from evalkit.cli.options import parsed_day
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observation import Observation
    from evalkit.observe.inspecting import Inspected, Release

NO_PROOF: Final = (
    "What a program holds need not happen when it runs, and what was not found in it may happen all the same:"
    " presence proves no activity, and absence proves no absence."
)
_RELATIONS: Final = ("contradicts", "supports", "informs")
_STRENGTHS: Final = ("observed", "configured", "present", "not_found", "mention", "not_checkable")
_SAID_ABOVE: Final = "PKG-VERSION"
_MOST_VALUES: Final = 8
_MEBIBYTE: Final = 1 << 20


class InspectFormat(StrEnum):
    """How ``evalkit inspect`` prints."""

    table = "table"
    json = "json"
    jsonl = "jsonl"


def inspect(  # noqa: PLR0913, PLR0917 - each is one option of the command
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="What was released: an npm tarball, wheel, sdist, .vsix, zip, or an unpacked folder; a"
            " wrapper and its platform packages together.",
        ),
    ],
    product: Annotated[str, typer.Option(metavar="ID", help="The product, by the id of its answers.")],
    version: Annotated[
        str, typer.Option(metavar="V", help="The version meant; files of another one are not judged.")
    ],
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The evaluation whose answers are meant, or a project with only one (.); observations are"
            " written into it. Without it, those of the only evaluation here are compared, and nothing is"
            " written.",
        ),
    ] = None,
    on: Annotated[
        date | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            parser=parsed_day,
            help="When it was inspected; the evaluation's day by default.",
        ),
    ] = None,
    output: Annotated[
        InspectFormat, typer.Option("--format", help="A table, JSON, or the records as they are written.")
    ] = InspectFormat.table,
) -> None:
    """Read a released artefact, and say what in it bears on which answers.

    Nothing is run, installed, fetched or unpacked to disk. Exit code 1 if an answer is contradicted, or the
    artefact could not be checked in full; 2 if a file cannot be used.
    """
    from evalkit.observe.needed import require_libraries

    require_libraries()
    from evalkit.observe.inspecting import Statements, statements_of
    from evalkit.observe.inspecting import inspect as look_at

    _check_id(product)
    inputs, evaluation = _inputs(into, product)
    statements = statements_of(inputs, product) if inputs else Statements()
    day = on or (inputs.evaluation.as_of if inputs else _today())
    release = look_at(files, product, version, statements, on=day)
    written = _written(evaluation, release) if into and evaluation else ()
    {InspectFormat.table: _table, InspectFormat.json: _json, InspectFormat.jsonl: _jsonl}[output](release)
    _say(release, inputs, written)
    is_fine = release.is_checked_in_full and not release.contradictions
    is_fine = is_fine and not any(part.is_stale for part in release.parts)
    raise typer.Exit(0 if is_fine else 1)


def _check_id(product: str) -> None:
    from pydantic import TypeAdapter, ValidationError

    from evalkit.model.values import Id

    try:
        TypeAdapter(Id).validate_python(product)
    except ValidationError as invalid:
        raise EvalkitError(
            f"--product {product!r}: ids have lower-case letters, digits and hyphens only"
        ) from invalid


def _today() -> date:
    from datetime import UTC, datetime

    return datetime.now(UTC).date()


def _inputs(into: Path | None, product: str) -> tuple[EvaluationInputs | None, Path | None]:
    """Return the evaluation's inputs about a product, and its folder; None where none is about it."""
    from evalkit.cli.console import say
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import Workspace, find_evaluation

    try:
        folder = find_evaluation(into, Path.cwd())
    except EvalkitError:
        if into is not None:
            raise
        say("no evaluation here: what is found is held against no answer")
        return None, None
    known = sorted({file.product for file in Workspace.of(folder).answers})
    if product not in known:
        if into is not None:
            raise EvalkitError(f"{folder} has no answers about {product!r}; it has {', '.join(known)}")
        say(f"{folder} has no answers about {product}: what is found is held against none")
        return None, None
    return load_inputs(folder, products={product}, settled=False), folder


def _written(evaluation: Path, release: Release) -> tuple[Path, ...]:
    from evalkit.files.observations import write_observations

    return tuple(write_observations(evaluation, part.artefact, part.observations) for part in release.parts)


def _table(release: Release) -> None:
    from evalkit.cli.console import print_lines, print_table, print_text

    for part in release.parts:
        print_lines(_coverage(part))
    print_text(NO_PROOF)
    rows = [row for part in release.parts for row in _rows(part, is_alone=len(release.parts) == 1)]
    if rows:
        headers = ("Verdict", "Strength", "Questions", "What was seen", "Where", "To keep in mind")
        title = f"{release.product} {release.version}"
        print_table([(name, "left") for name in headers], [row[1] for row in sorted(rows)], title=title)
    print_lines(line for part in release.parts for line in _left_out(part))


def _coverage(part: Inspected) -> Iterator[str]:
    from evalkit.observe.judging import why_not_full

    artefact, coverage = part.artefact, part.artefact.coverage
    name = f"{artefact.name} {artefact.version}".strip() or "no name in it"
    yield f"{artefact.file}: {artefact.kind}, {name}, {artefact.files} files, SHA-256 {artefact.sha256}"
    scanned, total = coverage.bytes_scanned / _MEBIBYTE, coverage.bytes_total / _MEBIBYTE
    level = {"full": "checked in full", "partial": "checked in part", "none": "not checkable"}[coverage.level]
    reason = "" if coverage.level == "full" else f", because {why_not_full(part.looked)}"
    yield f"  {level}{reason}; {scanned:.1f} of {total:.1f} MiB searched, the rest is runtime and media"
    for skipped in coverage.members_skipped:
        yield f"  not read: {skipped}"


def _rows(part: Inspected, *, is_alone: bool) -> Iterator[tuple[tuple[int, int, str], tuple[str, ...]]]:
    from evalkit.observe.rules import shipped_rules

    groups: dict[tuple[str, ...], list[Observation]] = {}
    for each in part.observations:
        if each.strength not in ("mention", "not_checkable") and each.rule.id != _SAID_ABOVE:
            key = (each.rule.id, each.relation, each.strength, *each.questions)
            groups.setdefault(key, []).append(each)
    for key, group in groups.items():
        first = group[0]
        told = first.told
        if len(group) > 1:
            kind = shipped_rules().rule(first.rule.id).title
            not_there = " (not in the program)" if first.strength == "not_found" else ""
            told = f"{kind}{not_there}: {_values(group)}"
        if first.claim is not None and first.relation == "contradicts":
            told += f" {first.claim.answer} says that {first.claim.literal}."
        place = _RELATIONS.index(first.relation), _STRENGTHS.index(first.strength), " ".join(key)
        yield (
            place,
            (
                first.relation + (", stale" if first.stale else ""),
                first.strength.replace("_", " "),
                ", ".join(first.questions) or "–",
                told,
                _where(group, "" if is_alone else f"{part.artefact.file}: "),
                " ".join(first.caveats),
            ),
        )


def _values(group: Sequence[Observation]) -> str:
    values = sorted(each.value.text or each.value.sha256_12 or "" for each in group)
    more = f", and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else ""
    return ", ".join(values[:_MOST_VALUES]) + more


def _where(group: Sequence[Observation], prefix: str) -> str:
    members = sorted({locator.member for each in group for locator in each.locators})
    if not members:
        return prefix.removesuffix(": ")
    return f"{prefix}{members[0]}" + (f", and {len(members) - 1} more" if len(members) > 1 else "")


def _left_out(part: Inspected) -> Iterator[str]:
    blocked = [each for each in part.observations if each.strength == "not_checkable"]
    if blocked:
        rules = ", ".join(sorted(each.rule.id for each in blocked))
        yield f"{part.artefact.file}: not checkable: {rules}"
    mentions = sum(each.strength == "mention" for each in part.observations)
    if mentions:
        yield f"{part.artefact.file}: {mentions} mentions beside the program; --format jsonl shows them"


def _json(release: Release) -> None:
    import json
    import sys

    from evalkit.files.observations import record_line

    told = {
        "format": "evalkit/inspection/1",
        "product": release.product,
        "version": release.version,
        "no_proof": NO_PROOF,
        "checked_in_full": release.is_checked_in_full,
        "notes": list(release.notes),
        "artefacts": [
            {
                "artefact": json.loads(record_line(part.artefact)),
                "observations": [json.loads(record_line(each)) for each in part.observations],
            }
            for part in release.parts
        ],
    }
    json.dump(told, sys.stdout, indent=2, ensure_ascii=True)
    sys.stdout.write("\n")


def _jsonl(release: Release) -> None:
    import sys

    from evalkit.files.observations import text_of

    for part in release.parts:
        sys.stdout.write(text_of(part.artefact, part.observations))


def _say(release: Release, inputs: EvaluationInputs | None, written: tuple[Path, ...]) -> None:
    from evalkit.cli.console import say

    for note in release.notes:
        say(f"note: {note}")
    relations: list[str] = [each.relation for part in release.parts for each in part.observations]
    said = ", ".join(f"{relations.count(name)} {verb}" for name, verb in _VERBS.items())
    say(f"{said}; an observation changes no answer: a reviewer decides what it means")
    if inputs is not None and not written:
        say("nothing was written; --into DIR files the observations")
    for path in written:
        say(f"wrote {path}")


_VERBS: Final = {"contradicts": "contradict", "supports": "support", "informs": "inform"}
