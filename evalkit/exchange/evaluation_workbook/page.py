"""One sheet as it is written: texts stay texts, formulas carry the figure that evalkit has for them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from evalkit.views.safe_text import safe_url, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.exchange.evaluation_workbook.styles import Styles
    from evalkit.exchange.evaluation_workbook.table import Table

Cell = str | float | int | date | None

LONGEST_TEXT: Final = 16_000
"""Characters of one cell; a spreadsheet takes 32,767 half-characters and drops a longer text altogether."""

_NO_CHARACTERS: Final = {0xFFFE: r"\ufffe", 0xFFFF: r"\uffff"}
"""No XML may hold them; xlsxwriter escapes them in texts, but not in the figures of formulas."""

_CUT: Final = " … (cut; the answer file has it all)"
_LONGEST_LINK: Final = 2_000
_LINE_POINTS: Final = 12.4
_CHARACTERS: Final = 1.15
"""Of running text, per unit of a column's width."""
_TALLEST: Final = 400
"""Points; no program shows a taller row."""

_MOST_LINKS: Final = 60_000
"""Of one sheet; Excel refuses a file with more than 65,530."""


def shown(text: str) -> str:
    r"""Return a text as a cell can hold it: nothing invisible, nothing too long.

    >>> print(shown("a\u202eb"), len(shown("x" * 99_999)))
    a\u202eb 16036
    """
    safe = visible(text).translate(_NO_CHARACTERS)
    return safe if len(safe) <= LONGEST_TEXT else safe[:LONGEST_TEXT] + _CUT


class Page:
    """A sheet of the workbook."""

    def __init__(self, sheet: Any, styles: Styles) -> None:  # noqa: ANN401 - xlsxwriter's sheet
        self.sheet = sheet
        self.styles = styles
        self._links = 0
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&A&R&8Page &P of &N")
        sheet.outline_settings(visible=True, symbols_below=False, symbols_right=False)

    def put(self, row: int, column: int, value: Cell, style: str = "text") -> None:
        """Write a text, a number, a day, or nothing; never a formula or a link, whatever a text is."""
        form = self.styles[style]
        match value:
            case str() if value:
                self.sheet.write_string(row, column, shown(value), form)
            case bool() | int() | float():
                self.sheet.write_number(row, column, value, form)
            case date():
                self.sheet.write_datetime(row, column, datetime.combine(value, time()), form)
            case _:
                self.sheet.write_blank(row, column, None, form)

    def formula(
        self,
        row: int,
        column: int,
        formula: str,
        value: str | float,
        style: str = "share",
    ) -> None:
        """Write a formula, and the figure that evalkit has for it for programs that do not calculate."""
        self.sheet.write_formula(row, column, f"={formula}", self.styles[style], value)

    def link(self, row: int, column: int, address: str | None) -> None:
        """Write an address as it is; only one of the web's with nothing hidden in it can be clicked."""
        url = safe_url(address)
        if url is None or len(url) > _LONGEST_LINK or self._links >= _MOST_LINKS:
            self.put(row, column, address)
            return
        self._links += 1
        self.sheet.write_url(row, column, url, self.styles["link"], shown(url), url[:255])

    def chart(self, kind: dict[str, str]) -> Any:  # noqa: ANN401 - xlsxwriter's chart
        """Return a new chart of the workbook, still to be placed."""
        return self.styles.book.add_chart(kind)

    def title(self, title: str, *notes: str) -> None:
        """Write the title of the sheet, and what it shows, in rows from the top."""
        self.put(0, 0, title, "title")
        self.sheet.set_row(0, 26)
        for row, note in enumerate(notes, 1):
            self.put(row, 0, note, "note")

    def headers(self, table: Table, *, height: float = 28, wide: bool = True) -> None:
        """Write the headers of a table; widths and outline too, where it has the sheet to itself."""
        for place, column in enumerate(table.columns):
            style = "head input" if column.style.startswith("input") else "head"
            self.put(table.head, place, column.head, style)
            if wide:
                fold: dict[str, Any] = {"level": column.level} if column.level else {}
                if column.folded:
                    fold["hidden"] = True
                self.sheet.set_column(place, place, column.width, None, fold)
        self.sheet.set_row(table.head, height)

    def band(self, row: int, first: int, last: int, text: str) -> None:
        """Write a heading over several columns."""
        form = self.styles["band"]
        if first == last:
            self.sheet.write_string(row, first, shown(text), form)
        else:
            self.sheet.merge_range(row, first, row, last, "", form)
            self.sheet.write_string(row, first, shown(text), form)

    def across(self, row: int, first: int, last: int, text: str, style: str) -> None:
        """Write a text into a cell that goes over several columns."""
        self.sheet.merge_range(row, first, row, last, "", self.styles[style])
        self.put(row, first, text, style)

    def fit(self, table: Table, row: int, **texts: str | None) -> None:
        """Make a row as high as its texts need: programs do not measure the rows of a file they read."""
        most = max((self._lines(table, key, text) for key, text in texts.items() if text), default=1)
        if most > 1:
            self.sheet.set_row(row, min(_TALLEST, _LINE_POINTS * most + 3))

    @staticmethod
    def _lines(table: Table, key: str, text: str) -> int:
        room = _CHARACTERS * table.columns[table.at[key]].width
        return sum(1 + int(len(line) / room) for line in shown(text).split("\n"))

    def row(self, table: Table, row: int, **values: Cell) -> None:
        """Write the given columns of a row, each in its column's style."""
        for key, value in values.items():
            place = table.at[key]
            self.put(row, place, value, table.columns[place].style)

    def calculated(self, table: Table, row: int, key: str, formula: str, value: str | float) -> None:
        """Write a formula into a column, in its style."""
        place = table.at[key]
        self.formula(row, place, formula, value, table.columns[place].style)

    def freeze(self, table: Table, columns: int, last: int, *, filtered: bool = True) -> None:
        """Keep the headers and the first columns in sight, let rows be filtered, repeat headers in print."""
        self.sheet.freeze_panes(table.first, columns)
        self.sheet.repeat_rows(table.head)
        if filtered and last >= table.first:
            self.sheet.autofilter(table.head, 0, last, len(table.columns) - 1)

    def mark(self, area: tuple[int, int, int, int], style: str, criteria: str) -> None:
        """Lay a style over an area (first row, column, last row, column) where a formula holds."""
        rule = {"type": "formula", "criteria": f"={criteria}", "format": self.styles.if_so(style)}
        self.sheet.conditional_format(*area, rule)

    def choices(self, area: tuple[int, int, int, int], allowed: Sequence[str] | str) -> None:
        """Let the cells of an area take what a list holds, or cells named by a formula hold."""
        source = allowed if isinstance(allowed, str) else list(allowed)
        self.sheet.data_validation(*area, {"validate": "list", "source": source})
