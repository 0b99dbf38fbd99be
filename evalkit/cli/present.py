"""``evalkit present``: the live presentation in the browser, without JupyterLab and without code."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from evalkit.cli.options import Directory, ProfileId

_NEEDED = ("anywidget", "ipywidgets", "voila")


def present(  # noqa: PLR0913, PLR0917 - each is one option of the command
    directory: Directory = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OPTION",
            help="Show this option, or all of this product (6 at most); may be repeated."
            " By default the best 4, by verdict, then by assured score.",
        ),
    ] = None,
    profile: ProfileId = None,
    lang: Annotated[str, typer.Option(metavar="CODE", help="The language: en or de.")] = "en",
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Port on 127.0.0.1; 0 for one that is free.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, and do not open the browser.")
    ] = False,
) -> None:
    """Show the short list to a board, live: move a weight, suppose a condition, and the picture follows.

    What is shown then is a supposition, and says so; nothing is written. The address is printed; only who has
    it is let in, and only on this machine. Ctrl-C ends it.
    """
    from evalkit.cli.browser import open_by_file
    from evalkit.cli.console import say
    from evalkit.errors import EvalkitError
    from evalkit.files.loading import load_inputs
    from evalkit.files.workspace import find_evaluation
    from evalkit.reports.plan import selected
    from evalkit.views.languages import inputs_in, speech_of

    evaluation = find_evaluation(directory, Path.cwd())
    speech_of(evaluation, lang)
    inputs = load_inputs(evaluation, profile=profile)
    known = [it.id for it in inputs.options()]
    named = selected(known, option) if option else ()
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise EvalkitError(
            f"evalkit present needs {' and '.join(missing)}, which is not installed:"
            " pip install 'evalkit[lab]'"
        )

    from evalkit.forms.presenting.state import refuse_short_list
    from evalkit.forms.served.environment import EVALUATION, LANGUAGE, OPTIONS, PROFILE
    from evalkit.forms.served.opening import LIVE
    from evalkit.forms.served.server import LIVE_NOTEBOOK, Page, serve

    refuse_short_list(inputs, named)

    def announce(address: str, private: Path) -> None:
        typer.echo(address)
        say(f"the presentation of {evaluation} is at this address, for whoever has it; Ctrl-C ends it")
        if not no_browser:
            open_by_file(address, private, title="evalkit present", link="Open the presentation")

    page = Page(
        title=inputs_in(lang, evaluation, inputs).evaluation.title,
        environment={
            EVALUATION: str(evaluation.resolve()),
            OPTIONS: " ".join(named),
            PROFILE: profile or "",
            LANGUAGE: lang,
        },
        notebook=LIVE_NOTEBOOK,
        heading="Live view",
        what=LIVE,
        command="evalkit present",
    )
    serve(page, port, announce)
    say("the presentation has ended")
