"""What parts of a report wear in a notebook, where the page's style sheet does not reach.

JupyterLab may take cells that are out of sight off the page, and their styles with them, so each part brings
its own; the finished page has a style sheet for all of them and takes these off.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

_SHEET: Final = Path(__file__).parent / "templates" / "notebook.css"
_END: Final = "\n</div>\n"


def in_notebook(html: str) -> str:
    """Return a part with the style that it wears in a notebook; what is empty stays so."""
    return f"{_start()}{html}{_END}" if html else ""


def without_style(html: str) -> str:
    """Return a part as it was before :func:`in_notebook`; other HTML as it is."""
    return html.removeprefix(_start()).removesuffix(_END) if html.startswith(_start()) else html


@cache
def _start() -> str:
    return f'<style>\n{_SHEET.read_text(encoding="utf-8")}</style>\n<div class="evalkit">\n'
