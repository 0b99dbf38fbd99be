"""A CSV file -> its rows, whatever separates its cells; what is no CSV is refused with its line."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Iterator


def csv_rows(raw: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the last line and the cells of each row, with commas, semicolons or tabs between.

    Raises
    ------
    EvalkitError
        If it is no CSV in UTF-8.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvalkitError(f"{name} is neither a workbook nor UTF-8 text; save it as CSV UTF-8") from error
    if "\x00" in text:
        raise EvalkitError(f"{name} is neither a workbook nor text")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    # Else a quote that nobody closed would make one cell of the rest of the file, without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise EvalkitError(f"{name}:{reader.line_num}: is no CSV: {error}") from error
        if cells is None:
            return
        yield reader.line_num, cells
