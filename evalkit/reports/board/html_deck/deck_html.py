"""Slides as one HTML file that needs nothing but itself: on a screen, on paper, and without scripts."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evalkit.reports.board.html_deck.charts import bar_chart, interval_chart
from evalkit.views import palette
from evalkit.views.board.deck_fit import TERMS_BESIDE, WIDTH, column_widths, sides
from evalkit.views.board.deck_words import words as deck_words
from evalkit.views.board.words import words
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from evalkit.views.board.blocks import Deck, Table

REVEAL: Final = Path(__file__).parent / "reveal"
_TEMPLATES: Final = Path(__file__).parent
_FIRST: Final = 2
"""Page of the first slide: the title stands on the page before it."""


def to_html(deck: Deck) -> bytes:
    """Return slides as a page in UTF-8; the same slides give the same bytes.

    The page holds reveal.js and its own script, which its content security policy names by their hashes, and
    no other script runs in it. It loads nothing.
    """
    scripts = [_file(REVEAL / "reveal.js"), _file(_TEMPLATES / "deck.js")]
    page = (
        _environment()
        .get_template("deck.html.j2")
        .render(
            deck=deck,
            pages=len(deck.slides) + 1,
            first=_FIRST,
            width=WIDTH,
            screen=deck_words.SCREEN,
            chart_key=words.CHART_KEY,
            colours={name: colour for colour, name in palette.VARIABLES.items()},
            policy=_policy(scripts),
            scripts=[Markup(script) for script in scripts],  # noqa: S704 - files of the package
            reveal_style=Markup(_file(REVEAL / "reveal.css")),  # noqa: S704 - same
            style=Markup(_file(_TEMPLATES / "deck.css")),  # noqa: S704 - same
            licence=Markup(_file(REVEAL / "LICENSE")),  # noqa: S704 - same
        )
    )
    return f"{page}\n".encode()


def _policy(scripts: list[str]) -> str:
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _file(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    environment.filters.update(kind=_kind, shares=_shares)
    environment.globals.update(
        bar_chart=bar_chart, interval_chart=interval_chart, sides=sides, terms_beside=TERMS_BESIDE
    )
    return environment


def _kind(part: object) -> str:
    return type(part).__name__.lower()


def _shares(table: Table, room: float) -> list[float]:
    """Return the widths of a table's columns in percent."""
    return [round(100 * width / room, 2) for width in column_widths(table, room)]


def _shown(value: Any) -> Any:  # noqa: ANN401 - jinja2 passes what the template names
    """Return what a template prints: text shows its invisible characters, markup is as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
