"""``evalkit board``: what a procurement board reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evalkit.cli.options import AsOf, Directory, ProfileId


def board(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="LIST",
            help="What to make, with commas between: slides as html and pptx, the memo as pdf and md.",
        ),
    ] = "html,pdf,pptx,md",
    option: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OPTION",
            help="Put this option, or all of this product, on the short list (6 at most); may be repeated."
            " By default the best 4, by verdict, then by assured score.",
        ),
    ] = None,
    profile: ProfileId = None,
    as_of: AsOf = None,
    lang: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help="The language: en or de. Texts of your own in wording.yaml, beside evaluation.yaml, replace"
            " evalkit's.",
        ),
    ] = "en",
    since: Annotated[
        str | None,
        typer.Option(
            metavar="REV",
            help="Say what changed since this revision of git; by default since the board's last decision,"
            " where decision.yaml has one.",
        ),
    ] = None,
    out: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Where to write; DIR/out/board by default.")
    ] = None,
) -> None:
    """Make what a procurement board reads: slides, and a memo of a few pages.

    They say what is to be decided, how the options of the short list stand and why, how sure that is, what is
    to be done before the first is used, what nobody has proven, and what changed since the last board.
    """
    from evalkit.cli.console import say
    from evalkit.cli.places import result_folder
    from evalkit.files.workspace import find_evaluation
    from evalkit.reports.board.outputs import write_board_documents

    evaluation = find_evaluation(directory, Path.cwd())
    folder = result_folder(evaluation, out) if out else result_folder(evaluation, "") / "board"
    written = write_board_documents(
        evaluation,
        folder,
        formats=[name.strip() for name in formats.split(",") if name.strip()],
        options=tuple(option or ()),
        profile=profile,
        as_of=as_of,
        language=lang,
        since=since,
    )
    for path in written:
        say(f"wrote {_shown(path)}")


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
