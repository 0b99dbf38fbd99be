"""The board's slides as PowerPoint: charts and tables that can be edited, the same bytes each time."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.reports.board.pptx_deck.pages import sheets
from evalkit.reports.board.pptx_deck.text import cleaned

if TYPE_CHECKING:
    from evalkit.views.board.blocks import Deck


def require_pptx() -> None:
    """Return if slides can be made.

    Raises
    ------
    EvalkitError
        If python-pptx is not installed.
    """
    if find_spec("pptx") is None:
        raise EvalkitError(
            "slides as PowerPoint need python-pptx, which is not installed: pip install 'evalkit[office]'"
        )


def to_pptx(deck: Deck) -> bytes:
    """Return a deck as a presentation in 16:9: a title slide, then each slide with its notes.

    A slide that takes more room than there is, with text of 10 points, goes on on further ones.

    Raises
    ------
    EvalkitError
        If python-pptx is not installed, or if a part fits on no slide.
    """
    require_pptx()
    from evalkit.reports.board.pptx_deck.slides import presentation  # noqa: PLC0415 - needs python-pptx

    seen = cleaned(deck)
    return presentation(seen, sheets(seen))
