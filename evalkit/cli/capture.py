"""``evalkit capture``: what a lab recorded of a run, held against the answers."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from evalkit.cli.options import parsed_day
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.observe.captures.capturing import Captured
    from evalkit.observe.captures.run_manifest import RunManifest

_RELATIONS: Final = ("contradicts", "supports", "informs")
_MOST_PLACES: Final = 3


class CaptureFormat(StrEnum):
    """How ``evalkit capture`` prints."""

    table = "table"
    json = "json"
    jsonl = "jsonl"


def capture(  # noqa: PLR0913, PLR0917 - each is one option of the command
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="What was recorded of one run: HAR, a proxy's log, a table of hosts as CSV, pcap, strace, or"
            " a listing of the home folder afterwards.",
        ),
    ],
    run: Annotated[
        Path | None,
        typer.Option(
            metavar="MANIFEST.yaml",
            help="How the run was done (evalkit/run/1); without it nothing is held for or against an answer.",
        ),
    ] = None,
    baseline: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="The same machine idle, whose hosts are taken away, or a listing of the home folder from"
            " before; may be repeated.",
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The evaluation whose answers are meant; observations are written into it. Without it, those"
            " of the only evaluation here are compared, and nothing is written.",
        ),
    ] = None,
    product: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose capture it is, where no run manifest says.")
    ] = None,
    on: Annotated[
        date | None,
        typer.Option(
            metavar="YYYY-MM-DD", parser=parsed_day, help="When it was observed; the run's day by default."
        ),
    ] = None,
    output: Annotated[
        CaptureFormat, typer.Option("--format", help="A table, JSON, or the records as they are written.")
    ] = CaptureFormat.table,
) -> None:
    """Read what was recorded of a run of a product, and say which answers it supports or contradicts.

    Nothing is sent anywhere, and no content, header, cookie or query of a recording is looked at. Exit code 1
    if an answer is contradicted, 2 if a file cannot be used.
    """
    from evalkit.observe.captures.capturing import capture_run, check_product, read_capture
    from evalkit.observe.captures.run_manifest import read_run

    manifest = read_run(run) if run else None
    about = manifest.run.product if manifest else product
    if about is None:
        raise EvalkitError(
            "say how it was recorded (--run MANIFEST.yaml), or at least of what (--product ID)"
        )
    if manifest and product not in (None, about):
        raise EvalkitError(f"--product {product}: the run manifest says {about}")
    inputs, evaluation = _inputs(into, check_product(about))
    captured = capture_run(
        [read_capture(path) for path in files],
        manifest=manifest,
        product=about,
        baselines=[read_capture(path) for path in baseline or ()],
        inputs=inputs,
        on=on,
    )
    written = _written(evaluation, captured) if into and evaluation else ()
    {CaptureFormat.table: _table, CaptureFormat.json: _json, CaptureFormat.jsonl: _jsonl}[output](
        captured, manifest
    )
    _say(captured, written)
    contradicted = any(each.relation == "contradicts" for one in captured for each in one.observations)
    raise typer.Exit(1 if contradicted else 0)


def _inputs(into: Path | None, product: str) -> tuple[EvaluationInputs | None, Path | None]:
    """Return the evaluation's inputs about a product, and its folder; None where there is no evaluation."""
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import Workspace, find_evaluation

    try:
        folder = find_evaluation(into, Path.cwd())
    except EvalkitError:
        if into is not None:
            raise
        return None, None
    known = {file.product for file in Workspace.of(folder).answers}
    if product not in known:
        # All of them, so that the message can tell which there are.
        return load_inputs(folder, settled=False), folder
    return load_inputs(folder, products={product}, settled=False), folder


def _written(evaluation: Path, captured: Sequence[Captured]) -> tuple[Path, ...]:
    from evalkit.files.observations import write_observations

    return tuple(write_observations(evaluation, each.capture, each.observations) for each in captured)


def _cell(captured: Sequence[Captured], manifest: RunManifest | None) -> str:
    if manifest is None:
        return f"{captured[0].capture.product}, no run manifest"
    run = manifest.run
    where = f"{run.product} {run.version} × {run.deployment} ({run.route}) × {run.configuration}"
    return f"{where}, {run.os}"


def _counts(captured: Sequence[Captured]) -> dict[str, int]:
    relations = [each.relation for one in captured for each in one.observations]
    return {name: relations.count(name) for name in _RELATIONS}


def _table(captured: Sequence[Captured], manifest: RunManifest | None) -> None:
    from evalkit.cli.console import print_lines, print_table
    from evalkit.model.secret_shapes import masked

    ordered = sorted(
        ((one, each) for one in captured for each in one.observations),
        key=lambda pair: (_RELATIONS.index(pair[1].relation), pair[1].questions, pair[1].rule.id),
    )
    rows = [
        (
            each.relation + (", stale" if each.stale else ""),
            each.strength.replace("_", " "),
            ", ".join(each.questions) or "–",
            each.rule.id,
            masked("; ".join((each.told, *each.caveats))),
            masked(_place(one, each)),
        )
        for one, each in ordered
    ]
    headers = ("Verdict", "Strength", "Question", "Rule", "What was seen", "Where")
    if rows:
        print_table([(name, "left") for name in headers], rows, title=_cell(captured, manifest))
    lines = [_cell(captured, manifest)] if not rows else []
    for one in captured:
        lines.append(f"What {one.capture.file} cannot show:")
        lines.extend(f"  - {masked(limit)}" for limit in one.limits)
    print_lines(lines)


def _place(one: Captured, each: Any) -> str:  # noqa: ANN401 - a record
    lines = [str(locator.line) for locator in each.locators if locator.line]
    more = ", …" if len(lines) > _MOST_PLACES else ""
    return f"{one.capture.file}:{', '.join(lines[:_MOST_PLACES])}{more}" if lines else one.capture.file


def _json(captured: Sequence[Captured], manifest: RunManifest | None) -> None:
    import json
    import sys

    from evalkit.files.observations import record_line
    from evalkit.model.secret_shapes import masked

    run = manifest.run if manifest else None
    told = {
        "format": "evalkit/capture/1",
        "product": captured[0].capture.product,
        "deployment": run and run.deployment,
        "route": run and run.route,
        "configuration": run and run.configuration,
        "counts": _counts(captured),
        "captures": [
            {
                "capture": json.loads(record_line(one.capture)),
                "observations": [json.loads(record_line(each)) for each in one.observations],
                "limits": [masked(limit) for limit in one.limits],
            }
            for one in captured
        ],
    }
    json.dump(told, sys.stdout, indent=2, ensure_ascii=True)
    sys.stdout.write("\n")


def _jsonl(captured: Sequence[Captured], manifest: RunManifest | None) -> None:
    import sys

    from evalkit.files.observations import text_of

    del manifest
    for one in captured:
        sys.stdout.write(text_of(one.capture, one.observations))


def _say(captured: Sequence[Captured], written: tuple[Path, ...]) -> None:
    from evalkit.cli.console import say

    counts = _counts(captured)
    say(f"{counts['contradicts']} contradict, {counts['supports']} support, {counts['informs']} inform")
    say("an observation changes no answer: a reviewer decides what it means")
    for path in written:
        say(f"wrote {path}")
