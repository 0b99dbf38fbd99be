"""``evalkit harden``: the settings that enforce a verdict's conditions, and whether they were deployed."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evalkit.cli.options import AsOf, ProfileId
from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.hardening.making import Made, Wish
    from evalkit.hardening.verifying import Difference
    from evalkit.model.controls import ControlFile
    from evalkit.model.evaluation import EvaluationInputs, Option

_DIR_AND_ONE = 2
_LARGEST_SCHEMA = 16 * 1024 * 1024


class HardenFormat(StrEnum):
    """How ``evalkit harden --verify`` and ``--matrix`` print."""

    table = "table"
    json = "json"


def harden(  # noqa: PLR0913, PLR0917 - each is one option of the command
    about: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DIR] PRODUCT/DEPLOYMENT",
            help="The evaluation, where there are several, and the option; with --matrix or --verify none.",
        ),
    ] = None,
    wanted: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar="WHAT",
            help="verdict: the conditions of the verdict, as by default; all; a condition; or a control. May"
            " be repeated; what comes first wins a conflict.",
        ),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A value that is yours to supply; may be repeated."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR2", help="Folder to write: empty, not there, or a baseline."
        ),
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(
            "--os",
            metavar="SYSTEM",
            help="linux, macos or windows; may be repeated. By default the evaluation's, else the product's.",
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PURPOSE", help="Allow optional hosts of this purpose, as plugins; may be repeated."
        ),
    ] = None,
    schema: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=FILE",
            help="Check a settings file against the JSON Schema that the product's package ships; may be"
            " repeated.",
        ),
    ] = None,
    allow_open: Annotated[
        bool,
        typer.Option(
            "--allow-open", help="Write what can be written where values are missing, and list the rest."
        ),
    ] = False,
    verify: Annotated[
        Path | None,
        typer.Option(metavar="DIR2", help="Compare what was deployed or captured with this baseline."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="With --verify: a settings file, profile, registry export, environment file or list of"
            " hosts; may be repeated. linux/KEY=FILE says which file is meant.",
        ),
    ] = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Print products against conditions: what can be enforced.")
    ] = False,
    form: Annotated[
        HardenFormat, typer.Option("--format", help="How to print with --verify or --matrix.")
    ] = HardenFormat.table,
    profile: ProfileId = None,
    as_of: AsOf = None,
) -> None:
    """Write the settings that enforce conditions: files per operating system, egress list, test plan.

    Exit code 0 if every condition is enforced by what was written, 1 if one cannot be, a person has to do it,
    or values are missing; with --verify 0 if nothing is missing or weaker, else 1.
    """
    if verify is not None:
        raise typer.Exit(_verify(verify, tuple(against or ()), form))
    directory, option = _place(about or [], matrix=matrix)
    inputs = _inputs(directory, option, profile, as_of)
    if matrix:
        _print_matrix(inputs, form)
        return
    if output is None:
        raise EvalkitError("say where to write: -o DIR2")
    from evalkit.hardening.making import Wish
    from evalkit.hardening.parameters import settings

    wish = Wish(
        tuple(wanted or ("verdict",)),
        settings(given or ()),
        tuple(system or ()),
        tuple(allow or ()),
        _schemas(schema or []),
    )
    raise typer.Exit(_write(inputs, option, wish, _checked_place(directory, output), allow_open=allow_open))


def _place(about: list[str], *, matrix: bool) -> tuple[Path, str]:
    from evalkit.files.workspace import find_evaluation

    most = 1 if matrix else _DIR_AND_ONE
    if len(about) > most or not (about or matrix):
        taken = "[DIR]" if matrix else "[DIR] PRODUCT/DEPLOYMENT"
        raise EvalkitError(f"{taken} is taken, not {' '.join(about) or 'nothing'}")
    named = bool(about) if matrix else len(about) == _DIR_AND_ONE
    directory = find_evaluation(Path(about[0]) if named else None, Path.cwd())
    return directory, "" if matrix else about[-1]


def _inputs(directory: Path, option: str, profile: str | None, as_of: Any) -> EvaluationInputs:  # noqa: ANN401 - a day
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import Workspace

    product, _, deployment = option.partition("/")
    if option and not deployment:
        raise EvalkitError(f"{option}: name product and deployment, as claude-code/bedrock")
    known = {file.product for file in Workspace.of(directory).answers}
    if option and product not in known:
        raise EvalkitError(
            f"{option}: there are no answers about {product}; there are: {', '.join(sorted(known))}"
        )
    return load_inputs(directory, profile=profile, as_of=as_of, products={product} if option else None)


def _option(inputs: EvaluationInputs, name: str) -> Option:
    options = {it.id: it for it in inputs.options()}
    if name not in options:
        raise EvalkitError(f"{name}: is no option of this evaluation; there are: {', '.join(options)}")
    return options[name]


def _checked_place(evaluation: Path, output: Path) -> Path:
    place = Path(os.path.abspath(output))  # noqa: PTH100 - resolve would follow a link, absolute keeps ".."
    inside = evaluation.resolve()
    if place.resolve().is_relative_to(inside) and not place.resolve().is_relative_to(inside / "out"):
        raise EvalkitError(
            f"-o {output}: lies in the evaluation, which evalkit reads; allowed are {evaluation / 'out'} and"
            f" folders outside of {evaluation}"
        )
    return place


def _schemas(texts: list[str]) -> Mapping[str, Any]:
    found = {}
    for text in texts:
        key, _, name = text.partition("=")
        if not key or not name:
            raise EvalkitError(f"--schema {text}: write KEY=FILE, as system-settings=settings.schema.json")
        try:
            if Path(name).stat().st_size > _LARGEST_SCHEMA:
                raise EvalkitError(f"--schema {name}: is larger than 16 MiB")
            found[key] = json.loads(Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise EvalkitError(f"--schema {name}: cannot be read as JSON: {error}") from error
    return found


def _write(inputs: EvaluationInputs, name: str, wish: Wish, place: Path, *, allow_open: bool) -> int:
    from evalkit.hardening.folder import check_folder, write_folder
    from evalkit.hardening.making import controls_of, make
    from evalkit.scoring.score import score_option

    check_folder(place)
    option = _option(inputs, name)
    card = score_option(inputs, option)
    made = make(inputs, option, card, wish)
    if made.missing and "all" not in wish.wanted and not allow_open:
        file, _ = controls_of(inputs, option)
        made = make(inputs, option, card, _asked(file, made, wish))
    write_folder(place, made.files)
    return _say(place, made, card.finding.verdict, wish)


def _asked(file: ControlFile, made: Made, wish: Wish) -> Wish:
    """Return the wish with the missing values, asked for in a terminal.

    Raises
    ------
    EvalkitError
        Without a terminal, naming every missing value.
    """
    from dataclasses import replace

    from evalkit.hardening.parameters import form_of, typed

    if not sys.stdin.isatty():
        lines = [
            f"{name}: {file.parameters[name].description} ({form_of(file.parameters[name])}); needed by"
            f" {', '.join(needs)}"
            for name, needs in made.missing.items()
        ]
        raise EvalkitError(
            "values are missing; give each with --set NAME=VALUE, or write the rest with --allow-open:\n"
            + "\n".join(lines)
        )
    given = dict(wish.given)
    for name in made.missing:
        parameter = file.parameters[name]
        while True:
            typer.echo(f"{parameter.description} ({form_of(parameter)})", err=True)
            text = typer.prompt(f"{name} (nothing leaves it open)", default="", show_default=False, err=True)
            if not text:
                break
            try:
                typed(name, parameter, text)
            except EvalkitError as error:
                typer.echo(str(error), err=True)
                continue
            given[name] = text
            break
    return replace(wish, given=given)


def _say(place: Path, made: Made, verdict: str, wish: Wish) -> int:
    from evalkit.cli.console import say
    from evalkit.scoring.enforceability import ANSWERS
    from evalkit.views.enforceability import ANSWER
    from evalkit.views.numbers import count

    written = count(len(made.selection.chosen), "control")
    say(f"wrote {place}: {count(len(made.files), 'file')}, {written}; read README.md first")
    if wish.wanted == ("verdict",) and not made.selection.chosen:
        say(f"the verdict is {verdict}, and asks for no control; see --for all, or name conditions")
    for name, needs in made.missing.items():
        say(f"open: {name} has no value, needed by {', '.join(needs)}")
    if made.by_hand:
        say(f"by hand, lines of the checklist: {', '.join(made.by_hand)}")
    if made.selection.remedies:
        say(f"by hand, remedies of the verdict: {', '.join(made.selection.remedies)}")
    for answer in ANSWERS:
        names = [it.standing.condition for it in made.not_enforced if it.standing.answer == answer]
        if names:
            say(f"not enforced by what was written ({ANSWER[answer]}): {', '.join(names)}")
    if made.not_enforced:
        say("README.md says what stands in")
    return 0 if made.is_complete else 1


def _verify(folder: Path, against: tuple[str, ...], form: HardenFormat) -> int:
    from dataclasses import asdict

    from evalkit.cli.console import print_table, say
    from evalkit.hardening.verifying import is_finding, load_baseline, verify
    from evalkit.views.numbers import count

    if not against:
        raise EvalkitError("say what was deployed or captured: --against FILE")
    found = verify(load_baseline(folder), against)
    if form is HardenFormat.json:
        told = {"format": "evalkit/baseline-check/1", "differences": [asdict(it) for it in found]}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    elif found:
        headers = ("File", "Outcome", "What", "Baseline", "Found", "Controls")
        print_table([(header, "left") for header in headers], map(_row, found))
    findings = sum(map(is_finding, found))
    say(f"{count(findings, 'finding')}, {count(len(found) - findings, 'extra key', 'extra keys')}")
    return 1 if findings else 0


def _row(it: Difference) -> tuple[str, ...]:
    return (it.file, it.outcome, it.what, it.wanted, it.found, ", ".join(it.controls))


def _print_matrix(inputs: EvaluationInputs, form: HardenFormat) -> None:
    from dataclasses import asdict

    from evalkit.cli.console import print_table, print_text
    from evalkit.views.enforceability import ANSWER, MEANING, SYMBOL, matrix

    made = matrix(inputs, [it.id for it in inputs.options()])
    if form is HardenFormat.json:
        sys.stdout.write(json.dumps({"format": "evalkit/enforceability/1", **asdict(made)}, indent=2) + "\n")
        return
    columns = [("Condition", "left"), *((name, "left") for name in made.products)]
    rows = [
        (
            row.condition,
            *("; ".join(f"{symbol} {words}" for symbol, words in cell.said) for cell in row.cells),
        )
        for row in made.rows
    ]
    print_table(columns, rows)
    for answer, word in ANSWER.items():
        print_text(f"{SYMBOL[answer]} {word}: {MEANING[answer]}")
