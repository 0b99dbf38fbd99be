"""The form as a workbook: a cover, one sheet per domain, and a hidden sheet that says what it is.

Every text is written as text, never as a formula or a link, and the same form gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form.cover import COVER, write_cover
from evalkit.exchange.vendor_form.sheet import BACKINGS, FILLED_IN, FORM, HIDDEN
from evalkit.exchange.vendor_form.styles import Styles
from evalkit.views.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.vendor_form.sheet import Cell, Form, Line, Section

ABOUT: Final = "evalkit"
"""Name of the hidden sheet: what the form is, its rows, and what dropdowns offer."""

_WIDTHS: Final = {
    "number": 8.5,
    "text": 40,
    "guidance": 54,
    "applies": 20,
    "found": 38,
    "answer": 27,
    "explanation": 38,
    "backing": 19,
    "link": 27,
    "day": 12,
}
_POINTS_PER_LINE: Final = 12.2
_TALLEST: Final = 400
"""Points; no program shows a taller row."""

_SHEET_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_HEAD_ROWS: Final = 3
"""Keys (hidden), title of the domain, headers."""


def workbook(form: Form) -> bytes:
    """Return a form as a workbook.

    Raises
    ------
    EvalkitError
        If xlsxwriter is not installed.
    """
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra of its own
    except ImportError as error:
        raise EvalkitError("workbooks need xlsxwriter: pip install 'evalkit[exchange]'") from error
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {
            "title": visible(f"{form.title}: {form.product_name}"),
            "subject": visible(form.questionnaire_title),
            "created": datetime.combine(form.as_of, time()),
        }
    )
    styles = Styles(book)
    cover = book.add_worksheet(COVER)
    sheets = [(section, book.add_worksheet(name)) for section, name in _named(form)]
    about = book.add_worksheet(ABOUT)
    lists = _write_about(about, form)
    write_cover(cover, form, styles, [(section, sheet.get_name()) for section, sheet in sheets])
    for section, sheet in sheets:
        _Sheet(sheet, form, styles, lists).write(section)
    about.hide()
    cover.activate()
    book.close()
    return buffer.getvalue()


def _named(form: Form) -> list[tuple[Section, str]]:
    """Return the sections with names that sheets may have."""
    taken = {COVER.casefold(), ABOUT.casefold()}
    named = []
    for number, section in enumerate(form.sections, 1):
        name = " ".join(visible(section.title).translate(_FORBIDDEN).split()).strip("' ")
        name = f"{number} {name}"[:_SHEET_NAME].rstrip(" '")
        if name.casefold() in taken:
            name = f"{number}"
        taken.add(name.casefold())
        named.append((section, name))
    return named


def _write_about(sheet: Any, form: Form) -> dict[tuple[str, ...], str]:  # noqa: ANN401 - xlsxwriter's sheet
    """Write what the form is, the ids of its rows, and the lists; return where each list stands."""
    for row, text in enumerate((FORM, form.reference)):
        sheet.write_string(row, 0, text)
    for row, line in enumerate(form.lines()):
        sheet.write_string(row, 1, line.id)
    lists: dict[tuple[str, ...], str] = {}
    row = 0
    for choices in (BACKINGS, *(line.choices for line in form.lines())):
        if not choices or choices in lists:
            continue
        for offset, choice in enumerate(choices):
            sheet.write_string(row + offset, 2, visible(choice))
        lists[choices] = f"={ABOUT}!$C${row + 1}:$C${row + len(choices)}"
        row += len(choices)
    return lists


class _Sheet:
    """One sheet of questions, as it is written."""

    def __init__(self, sheet: Any, form: Form, styles: Styles, lists: Mapping[tuple[str, ...], str]) -> None:  # noqa: ANN401 - xlsxwriter's
        self.sheet = sheet
        self.form = form
        self.styles = styles
        self.lists = lists
        self.column = {key: index for index, key in enumerate(form.columns)}

    def write(self, section: Section) -> None:
        self._set_up(section)
        for index, line in enumerate(section.lines):
            self._line(_HEAD_ROWS + index, line)

    def _set_up(self, section: Section) -> None:
        sheet, styles = self.sheet, self.styles
        for key, at in self.column.items():
            if key in HIDDEN:
                sheet.set_column(at, at, 6, None, {"hidden": True})
            else:
                sheet.set_column(at, at, _WIDTHS[key])
            sheet.write_string(0, at, key)
            head = styles.head_input if key in FILLED_IN else styles.head
            sheet.write_string(_HEAD_ROWS - 1, at, self.form.columns[key], head)
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.write_string(1, self.column["number"], visible(section.title), styles.title)
        sheet.write_string(1, self.column["guidance"], visible(section.seed), styles.seed)
        sheet.set_row(1, 24)
        sheet.set_row(2, 20)
        sheet.freeze_panes(_HEAD_ROWS, self.column["guidance"])
        sheet.hide_gridlines(2)
        sheet.set_zoom(90)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3: eleven columns of text
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROWS - 1)
        sheet.set_footer("&L&8&A&R&8Page &P of &N")
        # Without a password: it keeps from slips, and nothing that comes back is trusted for it.
        sheet.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "insert_rows": True,
                "sort": True,
                "autofilter": True,
            },
        )

    def _line(self, row: int, line: Line) -> None:
        sheet, styles = self.sheet, self.styles
        texts = {
            "id": line.id,
            "form": self.form.reference,
            "digest": line.digest,
            "number": line.question,
            "text": line.text,
            "guidance": line.guidance,
            "applies": line.applies,
            "found": line.found,
        }
        is_part = bool(line.part)
        for key, text in texts.items():
            if key not in self.column:
                continue
            style = styles.plain if key in HIDDEN else styles.asked(key, is_part=is_part)
            at = self.column[key]
            if key == "text" and not is_part:
                title, _, rest = visible(text).partition("\n")
                sheet.write_rich_string(row, at, styles.strong, title, styles.weak, f"\n{rest}", style)
            else:
                sheet.write_string(row, at, visible(text), style)
        for key, cell in zip(FILLED_IN, line.given, strict=True):
            self._input(row, key, cell, line)
        sheet.set_row(row, self._height(line))

    def _input(self, row: int, key: str, cell: Cell, line: Line) -> None:
        at, styles = self.column[key], self.styles
        if key not in line.takes:
            self.sheet.write_blank(row, at, None, styles.closed)
            return
        style = styles.day if key == "day" else styles.input
        match cell:
            case bool():
                self.sheet.write_boolean(row, at, cell, style)
            case int() | float():
                self.sheet.write_number(row, at, cell, style)
            case date():
                self.sheet.write_datetime(row, at, datetime.combine(cell, time()), style)
            case str() if cell:
                self.sheet.write_string(row, at, visible(cell), style)
            case _:
                self.sheet.write_blank(row, at, None, style)
        if rule := self._validation(key, line):
            self.sheet.data_validation(row, at, row, at, rule)

    def _validation(self, key: str, line: Line) -> dict[str, Any] | None:
        if key == "backing":
            return {
                "validate": "list",
                "source": self.lists[BACKINGS],
                "error_title": "What backs it",
                "error_message": "Choose one of the list, or leave it empty.",
            }
        if key == "day":
            return {"validate": "any", "input_title": "Date", "input_message": "As YYYY-MM-DD"}
        if key != "answer":
            return None
        rule: dict[str, Any] = {"input_title": line.question, "input_message": visible(line.hint)[:255]}
        if not line.choices:
            return rule | {"validate": "any"}
        # A number may be typed where the list has special values only.
        return rule | {
            "validate": "list",
            "source": self.lists[line.choices],
            "show_error": line.kind != "number",
            "error_title": line.question,
            "error_message": "Choose one of the list, or leave it empty.",
        }

    def _height(self, line: Line) -> float:
        """Return points in which the longest text fits: no program measures rows that are set by hand."""
        shown = {"text": line.text, "guidance": line.guidance, "applies": line.applies, "found": line.found}
        shown |= {
            key: cell
            for key, cell in zip(FILLED_IN, line.given, strict=True)
            if isinstance(cell, str) and cell
        }
        most = max(_lines(text, _WIDTHS[key]) for key, text in shown.items() if key in self.column)
        return min(_TALLEST, 8 + _POINTS_PER_LINE * max(most, 1 if line.part else 2))


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; breaks fall between words."""
    room = int(width * 1.16)
    taken = 0
    for paragraph in text.split("\n"):
        used = 0
        taken += 1
        for word in paragraph.split(" "):
            if used and used + 1 + len(word) > room:
                taken += 1
                used = 0
            used += len(word) + (1 if used else 0)
            taken += used // (room + 1)
            used %= room + 1
    return taken
