"""How cells of a form look: what is asked is grey on white, what is to be filled in is framed and tinted."""

from __future__ import annotations

from typing import Any, Final

from evalkit.views.palette import INK, LINE, MARK, MUTED, PAPER

_FONT: Final = "Arial"
_TINT: Final = "#fff8e1"
_CLOSED: Final = "#eef1f4"
_EDGE: Final = "#b9a25a"


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter's workbook
        base = {"font_name": _FONT, "font_size": 9.5, "font_color": INK, "valign": "top", "text_wrap": True}
        framed = base | {"bottom": 1, "bottom_color": LINE}
        book.formats[0].set_font_name(_FONT)
        book.formats[0].set_font_size(9.5)
        self.plain = book.add_format(base)
        self.title = book.add_format(
            base | {"font_size": 15, "bold": True, "text_wrap": False, "valign": "vcenter"}
        )
        self.seed = book.add_format(
            base | {"font_color": MUTED, "italic": True, "text_wrap": False, "valign": "vcenter"}
        )
        head = base | {"bold": True, "font_color": PAPER, "bg_color": MUTED, "valign": "vcenter", "border": 1}
        self.head = book.add_format(head | {"border_color": MUTED})
        self.head_input = book.add_format(head | {"bg_color": MARK, "border_color": MARK})
        self.strong = book.add_format({"font_name": _FONT, "font_size": 9.5, "bold": True, "font_color": INK})
        self.weak = book.add_format({"font_name": _FONT, "font_size": 9.5, "font_color": INK})
        self._number = book.add_format(framed | {"bold": True, "font_color": MARK})
        self._part_number = book.add_format(framed | {"font_color": MUTED})
        self._framed = book.add_format(framed)
        self._part = book.add_format(framed | {"indent": 1})
        self._aside = book.add_format(framed | {"font_color": MUTED, "font_size": 9})
        entered = base | {"locked": False, "bg_color": _TINT, "border": 1, "border_color": _EDGE}
        self.input = book.add_format(entered)
        self.day = book.add_format(entered | {"num_format": "yyyy-mm-dd", "align": "left"})
        self.closed = book.add_format(framed | {"bg_color": _CLOSED})
        self.heading = book.add_format(base | {"font_size": 18, "bold": True})
        self.subheading = book.add_format(base | {"font_size": 12, "bold": True, "font_color": MARK})
        self.label = book.add_format(base | {"font_color": MUTED, "font_size": 10})
        self.fact = book.add_format(base | {"font_size": 10})
        self.link = book.add_format(base | {"font_size": 10, "font_color": MARK, "underline": 1})
        self.sample = book.add_format(entered | {"font_size": 10, "locked": True})

    def asked(self, key: str, *, is_part: bool) -> Any:  # noqa: ANN401 - xlsxwriter's format
        """Return the format of a cell that is not filled in."""
        if key == "number":
            return self._part_number if is_part else self._number
        if key in {"applies", "found"} or (key == "guidance" and is_part):
            return self._aside
        return self._part if is_part and key == "text" else self._framed
