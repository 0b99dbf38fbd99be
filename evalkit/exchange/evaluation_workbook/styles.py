"""How cells look: what may be changed is tinted and framed, what evalkit worked out is grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evalkit.views.palette import INK, LIMIT, LINE, MARK, MUTED, PAPER

if TYPE_CHECKING:
    from collections.abc import Mapping

INPUT_TINT: Final = "#fff8e1"
FIXED_TINT: Final = "#eef1f4"
MET_TINT: Final = "#e3edf8"
MISSED_TINT: Final = "#fbe9dc"

SHARE: Final = "0%"
FINE_SHARE: Final = "0.0%"
FINE_OR_NONE: Final = '0.0%;-0.0%;"–"'
FINER_SHARE: Final = "0.00%"
"""For what would else round to a limit that it misses, and for changes."""

_FONT: Final = "Arial"
_EDGE: Final = "#b9a25a"

_BASE: Final[Mapping[str, Any]] = {
    "font_name": _FONT,
    "font_size": 9.5,
    "font_color": INK,
    "valign": "top",
}
_INPUT: Final = {"bg_color": INPUT_TINT, "border": 1, "border_color": _EDGE, "locked": False}
_FIXED: Final = {"bg_color": FIXED_TINT, "font_color": MUTED}
_HEAD: Final = {
    "bold": True,
    "font_color": PAPER,
    "bg_color": MUTED,
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
    "border_color": LINE,
}

_LINED: Final = {"bottom": 1, "bottom_color": LINE}
_LEFT: Final = _LINED | {"align": "left", "indent": 1}
_RIGHT: Final = _LINED | {"align": "right"}

_TRAITS: Final[Mapping[str, Mapping[str, Any]]] = {
    "text": _LEFT,
    "wrap": _LEFT | {"text_wrap": True},
    "aside": _LEFT | {"font_color": MUTED},
    "strong": _LEFT | {"bold": True},
    "check": _LINED | {"align": "center"},
    "day": _LEFT | {"num_format": "yyyy-mm-dd"},
    "link": _LEFT | {"font_color": MARK, "underline": 1},
    "number": _RIGHT,
    "share": _RIGHT | {"num_format": SHARE},
    "fine": _RIGHT | {"num_format": FINE_SHARE},
    "part": _RIGHT | {"num_format": FINE_OR_NONE},
    "finer": _RIGHT | {"num_format": FINER_SHARE},
    "strong share": _RIGHT | {"num_format": SHARE, "bold": True},
    "input": _INPUT | {"align": "right"},
    "input text": _INPUT | {"align": "left", "indent": 1},
    "input share": _INPUT | {"align": "right", "num_format": SHARE},
    "input day": _INPUT | {"align": "left", "indent": 1, "num_format": "yyyy-mm-dd"},
    "fixed": _FIXED | _RIGHT,
    "fixed text": _FIXED | _LEFT,
    "fixed share": _FIXED | _RIGHT | {"num_format": SHARE},
    "fixed finer": _FIXED | _RIGHT | {"num_format": FINER_SHARE},
    "fixed left": _FIXED | _LEFT | {"num_format": SHARE},
    "head": _HEAD,
    "head input": _HEAD | {"bg_color": MARK},
    "band": _HEAD | {"align": "left", "indent": 1, "bg_color": INK, "text_wrap": False},
    "title": {"font_size": 16, "bold": True, "valign": "vcenter"},
    "subtitle": {"font_size": 11, "bold": True, "font_color": MARK},
    "note": {"font_color": MUTED},
    "plain wrap": {"text_wrap": True},
}
_CONDITIONAL: Final[Mapping[str, Mapping[str, Any]]] = {
    "met": {"font_color": MARK, "bg_color": MET_TINT},
    "missed": {"font_color": LIMIT, "bg_color": MISSED_TINT, "bold": True},
    "out": {"font_color": "#6b7682"},
    "fine": {"num_format": FINE_SHARE},
    "finer": {"num_format": FINER_SHARE},
}


class Styles:
    """The formats of one workbook, each made when it is first used."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter's workbook
        self.book = book
        self._made: dict[str, Any] = {}
        book.formats[0].set_font_name(_FONT)
        book.formats[0].set_font_size(9.5)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - xlsxwriter's format
        """Return the format of a cell; ``KeyError`` if there is none of that name."""
        if name not in self._made:
            self._made[name] = self.book.add_format({**_BASE, **_TRAITS[name]})
        return self._made[name]

    def if_so(self, name: str) -> Any:  # noqa: ANN401 - xlsxwriter's format
        """Return a format that a condition lays over a cell's own."""
        key = f"if {name}"
        if key not in self._made:
            self._made[key] = self.book.add_format(dict(_CONDITIONAL[name]))
        return self._made[key]
