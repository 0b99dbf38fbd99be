r"""A memo as Markdown that reads well as plain text: headings, paragraphs, lists and tables, and no HTML.

Text is shown as it was written: what Markdown or HTML would read as more than text gets a backslash, what
hides or reorders is shown as a token such as ``\u202e``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, assert_never

from evalkit.views.board.blocks import Callout, Heading, Intervals, Paragraph, Table, Terms
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.views.board.blocks import Block, Cell, Memo

_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>~|$#]|&(?=[#\w])|!(?=\[)|@(?=\w)")
_LINE_START: Final = re.compile(r"^(?:[-+=]|\d{1,9}[.)](?=\s|$))")
# GitHub makes links of bare addresses; a zero-width character would hide, a backslash is seen.
_BARE_LINK: Final = re.compile(r"\b(https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.)", re.IGNORECASE)


def to_markdown(memo: Memo) -> str:
    """Return a memo as GitHub-flavoured Markdown with a final newline."""
    parts = [f"# {escaped(memo.title)}", f"**{escaped(memo.kind)}**"]
    parts.append("\n".join(f"- **{escaped(name)}:** {escaped(text)}" for name, text in memo.facts))
    parts += [_block(block) for block in memo.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    r"""Return text of one line that Markdown shows as it is.

    >>> print(escaped("a|b *c* <script> [x](http://e.example)"))
    a\|b \*c\* \<script\> \[x\](http\://e.example)
    """
    shown = _SPECIAL.sub(r"\\\g<0>", plain(text))
    shown = _BARE_LINK.sub(_unlinked, shown)
    return _LINE_START.sub(lambda match: f"{match.group()[:-1]}\\{match.group()[-1]}", shown)


def _unlinked(match: re.Match[str]) -> str:
    return f"{match.group()}\\"


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {escaped(text)}"
        case Paragraph(text, label, is_note):
            said = f"*{escaped(text)}*" if is_note else escaped(text)
            return f"**{escaped(label)}:** {said}" if label else said
        case Callout(label, text):
            return f"> **{escaped(label)}:** {escaped(text)}"
        case Terms(rows):
            return "\n".join(f"- **{escaped(term)}:** {escaped(meaning)}" for term, meaning in rows)
        case Table():
            return _table(block)
        case Intervals():
            return ""  # the table says the same figures
        case _:
            assert_never(block)


def _table(table: Table) -> str:
    header = [escaped(column.label) for column in table.columns]
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    marks = ["---:" if column.is_figure else "---" for column in table.columns]
    return "\n".join(_row(cells) for cells in (header, marks, *rows))


def _cell(cell: Cell) -> str:
    return f"{escaped(cell.text)} ({escaped(cell.note)})" if cell.note else escaped(cell.text)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell or ' ' for cell in cells)} |"
