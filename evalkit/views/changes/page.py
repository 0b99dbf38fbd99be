"""The report of what changed as one page that needs nothing but itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from evalkit.views.board.blocks import Heading
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.rendering import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.views.board.blocks import Block, Memo


def changes_page(memo: Memo, style: Markup) -> str:
    """Return the whole page.

    Parameters
    ----------
    style
        CSS that goes into the page.
    """
    sections = [
        (name, Markup(render("board_part.html.j2", title="", facts=(), blocks=_shown(blocks))))  # noqa: S704 - from a template that escapes
        for name, blocks in _sections(memo.blocks)
    ]
    return render("changes_page.html.j2", memo=memo, sections=sections, style=style, version=EVALKIT_VERSION)


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Yield the blocks by heading of the first level; what stands before the first has none."""
    name = ""
    own: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            yield name, own
            name, own = block.text, []
        own.append(block)
    yield name, own


def _shown(blocks: Sequence[Block]) -> list[dict[str, object]]:
    return [{"kind": type(block).__name__, "block": block, "chart": None} for block in blocks]
