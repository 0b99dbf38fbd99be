"""``evalkit form``: the answering form in the browser, without JupyterLab and without code."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import typer

from evalkit.cli.browser import open_by_file
from evalkit.cli.console import say
from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import Workspace, find_evaluation

_NEEDED = ("anywidget", "ipywidgets", "voila")


def serve_form(directory: Path | None, *, product: str, assessor: str, port: int, browser: bool) -> None:
    """Serve the form of an evaluation on this machine until Ctrl-C; print its address.

    Raises
    ------
    InvalidInputError
        If a file of the evaluation cannot be used.
    EvalkitError
        If there is no such evaluation, product or assessor, voilà is not installed, or the port is taken.
    """
    evaluation = find_evaluation(directory, Path.cwd())
    title = load_inputs(evaluation).evaluation.title
    _refuse_what_is_not_there(evaluation, product, assessor)
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise EvalkitError(
            f"evalkit form needs {' and '.join(missing)}, which is not installed: pip install 'evalkit[lab]'"
        )

    from evalkit.forms.served.environment import ASSESSOR, EVALUATION, PRODUCT
    from evalkit.forms.served.server import Page, serve

    def announce(address: str, private: Path) -> None:
        typer.echo(address)
        say(f"the form of {evaluation} is at this address, for whoever has it; Ctrl-C ends it")
        if browser:
            open_by_file(address, private, title="evalkit form", link="Open the form")

    page = Page(
        title=title,
        environment={EVALUATION: str(evaluation.resolve()), PRODUCT: product, ASSESSOR: assessor},
    )
    serve(page, port, announce)
    say("the form has ended")


def _refuse_what_is_not_there(evaluation: Path, product: str, assessor: str) -> None:
    there = Workspace.of(evaluation).answers
    assessors = sorted({file.assessor for file in there if file.assessor})
    if assessor and assessor not in assessors:
        raise EvalkitError(f"--assessor {assessor} is not one of {', '.join(assessors) or '(none)'}")
    products = [file.product for file in there if (file.assessor or "") == assessor]
    if not products:
        raise EvalkitError(
            f"only assessors have answered; say who you are: --assessor {' or '.join(assessors)}"
        )
    if product and product not in products:
        raise EvalkitError(f"--product {product} is not one of {', '.join(products) or '(none)'}")
