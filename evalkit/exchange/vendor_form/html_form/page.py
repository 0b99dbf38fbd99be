"""A form -> one HTML file that asks, keeps and saves the answers, and needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evalkit.exchange.vendor_form.cell_values import LONGEST_TEXT
from evalkit.exchange.vendor_form.cover import HOW, facts
from evalkit.exchange.vendor_form.html_form.entries import chapters
from evalkit.exchange.vendor_form.json_form import document
from evalkit.exchange.vendor_form.sheet import BACKINGS
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from evalkit.exchange.vendor_form.sheet import Form
    from evalkit.model.questionnaire import Questionnaire

_HERE: Final = Path(__file__).parent
_SCRIPTS: Final = ("elements", "cells", "checks", "progress", "draft", "files", "loading", "form")
"""Files of ``front/`` in the order in which each knows the ones before it."""

_AS_IN_A_WORKBOOK: Final = ("Explanation", "What backs it")
_ESCAPED: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def page(form: Form, questionnaire: Questionnaire) -> bytes:
    """Return a form as a page in UTF-8; the same form gives the same bytes.

    Its content security policy names its script and its style by their hashes: nothing else runs in it, and
    it loads nothing. All of it can be read and printed without scripts.

    Parameters
    ----------
    questionnaire
        The one that the form was made of.
    """
    script = "\n".join(['"use strict";', "{", *(_file(f"front/{name}.js") for name in _SCRIPTS), "}\n"])
    style = _file("front/form.css")
    asked = chapters(form, questionnaire)
    written = (
        _environment()
        .get_template("page.html.j2")
        .render(
            form=form,
            facts=facts(form),
            how=[text for text in HOW if text.startswith(_AS_IN_A_WORKBOOK)],
            chapters=asked,
            entries=sum(chapter.entries for chapter in asked),
            backings=BACKINGS,
            longest=LONGEST_TEXT,
            policy=_policy(script, style),
            script=Markup(script),  # noqa: S704 - files of the package
            style=Markup(style),  # noqa: S704 - same
            sent=Markup(_embedded(document(form))),  # noqa: S704 - escaped for a script element
        )
    )
    return f"{written}\n".encode()


def _policy(script: str, style: str) -> str:
    return (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; style-src 'sha256-{_digest(style)}';"
        " base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(data: dict[str, Any]) -> str:
    """Return JSON of ASCII that no parser of HTML takes for the end of its element, or for a comment."""
    return json.dumps(data, separators=(",", ":")).translate(_ESCAPED)


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:  # noqa: ANN401 - jinja2 passes what the template names
    """Return what a template prints: text shows its invisible characters, markup is as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
