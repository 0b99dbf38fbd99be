"""Office files that are the same bytes each time, and the workbook behind a chart."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_UNIX: Final = 3


def same_each_time(package: bytes) -> bytes:
    """Return a package whose members bear no date and no trace of the system it was made on."""
    held = BytesIO()
    with ZipFile(BytesIO(package)) as made, ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name in made.namelist():
            info = ZipInfo(name)
            info.create_system = _UNIX
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, made.read(name))
    return held.getvalue()


def workbook(labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], day: date) -> bytes:
    """Return the workbook that opens when somebody edits a chart: labels in A, a series in each column.

    Every text is text there, also one that looks like a formula or an address.
    """
    held = BytesIO()
    book: Any = xlsxwriter.Workbook(held, {"in_memory": True})
    book.set_properties({"author": "evalkit", "created": datetime.combine(day, time())})
    sheet = book.add_worksheet("Sheet1")
    for row, label in enumerate(labels, start=1):
        sheet.write_string(row, 0, label)
    for column, (name, values) in enumerate(series, start=1):
        sheet.write_string(0, column, name)
        for row, value in enumerate(values, start=1):
            if value is not None:
                sheet.write_number(row, column, value)
    book.close()
    return same_each_time(held.getvalue())
