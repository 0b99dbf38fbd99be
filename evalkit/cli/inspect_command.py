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
    from evalkit.model.observation import Coverage, Observation, Obtained
    from evalkit.observe.inspecting import Inspected, Release

NO_PROOF: Final = (
    "What a program holds need not happen when it runs, and what was not found in it may happen all the same:"
    " presence proves no activity, and absence proves no absence."
)
_RELATIONS: Final = ("contradicts", "supports", "informs")
_STRENGTHS: Final = ("observed", "configured", "present", "not_found", "mention", "not_checkable")
_SAID_ABOVE: Final = "PKG-VERSION"
_MOST_VALUES: Final = 8
_OBTAINED: Final = ("how", "by", "from", "on")
_KIBIBYTE: Final = 1 << 10
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
    listing: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="What a registry or lock file says of the files, to compare digests: the JSON of npm view or"
            " of a registry (npm, PyPI), a package-lock.json, or a report of pip install; may be repeated.",
        ),
    ] = None,
    obtained: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="Where the files came from, for the record: how=…, by=…, from=HOST, on=YYYY-MM-DD; may be"
            " repeated.",
        ),
    ] = None,
    nested: Annotated[
        bool, typer.Option("--nested", help="Open archives within an archive too, one level deep.")
    ] = False,
    output: Annotated[
        InspectFormat, typer.Option("--format", help="A table, JSON, or the records as they are written.")
    ] = InspectFormat.table,
) -> None:
    """Read a released artefact, and say what in it bears on which answers.

    Nothing is run, installed, fetched or unpacked to disk. Exit code 1 if an answer is contradicted, if a
    file is not the one that a list names, or if it could not be checked in full; 2 if a file cannot be used.
    """
    from evalkit.observe.needed import require_libraries

    require_libraries()
    from evalkit.observe.inspecting import Given, Statements, statements_of
    from evalkit.observe.inspecting import inspect as look_at
    from evalkit.observe.limits import Limits
    from evalkit.observe.listings import read_listing

    _check_id(product)
    listed = tuple(each for path in listing or () for each in read_listing(path))
    given = Given(listed, _obtained(obtained or ()))
    inputs, evaluation = _inputs(into, product)
    statements = statements_of(inputs, product) if inputs else Statements()
    day = on or (inputs.evaluation.as_of if inputs else _today())
    limits = Limits(nesting=2 if nested else 1)
    release = look_at(files, product, version, statements, on=day, limits=limits, given=given)
    written = _written(evaluation, release) if into and evaluation else ()
    {InspectFormat.table: _table, InspectFormat.json: _json, InspectFormat.jsonl: _jsonl}[output](release)
    _say(release, inputs, written)
    is_fine = release.is_checked_in_full and not release.contradictions
    is_fine = is_fine and not any(part.is_stale or part.is_listed is False for part in release.parts)
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


def _obtained(stated: Sequence[str]) -> Obtained | None:
    """Return where files came from; raises ``EvalkitError`` for what is not said as it should be."""
    from evalkit.model.observation import Obtained
    from evalkit.observe.captures.host_names import host_of_url

    fields: dict[str, str | date] = {}
    for text in stated:
        key, is_stated, value = text.partition("=")
        if key not in _OBTAINED or not is_stated or not value.strip():
            allowed = ", ".join(f"{name}=…" for name in _OBTAINED)
            raise EvalkitError(f"--obtained {text!r}: say {allowed}")
        if key in fields:
            raise EvalkitError(f"--obtained {text!r}: {key} was said already")
        fields[key] = parsed_day(value) if key == "on" else value.strip()
    if not fields:
        return None
    if "from" in fields:
        stated_host = str(fields.pop("from"))
        host = host_of_url(stated_host if "://" in stated_host else f"https://{stated_host}")
        if host is None:
            raise EvalkitError(f"--obtained 'from={stated_host}': is no host")
        fields["from_host"] = host[0]
    return Obtained.model_validate(fields)


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
    artefact, coverage = part.artefact, part.artefact.coverage
    name = f"{artefact.name} {artefact.version}".strip() or "no name in it"
    yield f"{artefact.file}: {artefact.kind}, {name}, {artefact.files} files, SHA-256 {artefact.sha256}"
    if artefact.obtained is not None:
        yield f"  obtained {_from_where(artefact.obtained)}, as whoever looked says"
    yield f"  {_level(part)}; {_searched(coverage)}"
    for skipped in coverage.members_skipped:
        yield f"  not read: {skipped}"


def _level(part: Inspected) -> str:
    from evalkit.observe.judging import why_not_full

    level = part.artefact.coverage.level
    if part.is_excused:
        return "no program in it: that is in another file of this release"
    words = {"full": "checked in full", "partial": "checked in part", "none": "not checkable"}[level]
    return words if level == "full" else f"{words}, because {why_not_full(part.looked)}"


def _from_where(obtained: Obtained) -> str:
    from evalkit.model.secret_shapes import masked

    said = (
        ("from", obtained.from_host),
        ("by", obtained.by),
        ("on", obtained.on and obtained.on.isoformat()),
        ("with", obtained.how),
    )
    return masked(" ".join(f"{word} {text}" for word, text in said if text))


def _searched(coverage: Coverage) -> str:
    """Return how much was searched, and what else there is."""
    left = coverage.bytes_total - coverage.bytes_scanned
    rest = f"; {_size(left)} are runtime, media or packed" if left > 0 else ""
    return f"{_size(coverage.bytes_scanned)} of {_size(coverage.bytes_total)} searched{rest}"


def _size(number: int) -> str:
    """Return a number of bytes in a unit in which it can be read.

    >>> _size(900), _size(30_000), _size(402_325_736)
    ('900 bytes', '29 KiB', '383.7 MiB')
    """
    if number < _KIBIBYTE:
        return f"{number} bytes"
    return f"{number // _KIBIBYTE} KiB" if number < _MEBIBYTE else f"{number / _MEBIBYTE:.1f} MiB"


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
    places = {
        (locator.region not in ("app", None), locator.member) for each in group for locator in each.locators
    }
    members = list(dict.fromkeys(member for _, member in sorted(places)))
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
