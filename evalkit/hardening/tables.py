"""Markdown tables and code spans of texts from anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BAR: Final = re.compile(r"(?<!\\)[|]")
_ESCAPED: Final = r"\\|"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; cells are Markdown already."""
    yield _row(headers)
    yield _row(["---"] * len(headers))
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_BAR.sub(_ESCAPED, cell) for cell in cells)} |"


def code(text: str) -> str:
    """Return text as a code span, whatever backticks it has.

    >>> print(code("a `b` c"))
    ``a `b` c``
    """
    shown = plain(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
