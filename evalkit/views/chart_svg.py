"""A matplotlib figure as SVG for a page: the same bytes each time, described, coloured by the page."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from evalkit.views.palette import VARIABLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ID: Final = re.compile(r'(\bid="|url\(#|href="#)')
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}\b")
_SIZE: Final = re.compile(r'width="([0-9.]+)pt" height="([0-9.]+)pt"')
_STYLE: Final[Any] = {  # matplotlib types its settings one by one
    "svg.fonttype": "none",
    "svg.hashsalt": "evalkit",
    "font.family": ["DejaVu Sans"],
    "text.usetex": False,
}
_NO_METADATA: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}


def to_svg(figure: Figure, *, name: str, alt: str) -> Markup:
    """Return a figure as an inline SVG element.

    Parameters
    ----------
    name
        Prefix of the ids inside, unique on a page; letters and hyphens.
    alt
        What the chart shows, in words.
    """
    import matplotlib as mpl  # noqa: PLC0415 - costs 0.3 s, and only here is something drawn
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415 - same

    buffer = io.StringIO()
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # The reader's font draws the text; that matplotlib's own lacks a letter only shifts a measure.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        canvas: Any = FigureCanvasSVG(figure)  # its methods have no types
        canvas.print_svg(buffer, metadata=_NO_METADATA)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = _ID.sub(lambda match: f"{match.group(1)}{name}-", text)
    text = _COLOUR.sub(_by_page, text)
    described = f'role="img" aria-label="{escape(alt)}" class="chart" '
    text = _SIZE.sub(lambda match: f'width="{match.group(1)}" height="{match.group(2)}"', text, count=1)
    return Markup(text.replace("<svg ", f"<svg {described}", 1))  # noqa: S704 - matplotlib escapes its texts, alt is escaped


def _by_page(match: re.Match[str]) -> str:
    colour = match.group()
    variable = VARIABLES.get(colour)
    return f"var({variable}, {colour})" if variable else colour
