"""A CSV file -> its rows, whatever separates its cells; what is no CSV is refused with its line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEPARATORS: Final = ",;\t"
_LINES: Final = 20
_LONGEST: Final = 100_000
"""Characters from which the separator is told."""

_QUOTED: Final = re.compile(r'"[^"]*+"?+')


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
    delimiter = _separator(text)
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


def _separator(text: str) -> str:
    """Return what stands between cells: as often in most of the first lines, or a title would mislead.

    >>> _separator(chr(10).join(["To our vendors, 2025", "id;question;answer", "A1;Is it so, always?;Yes"]))
    ';'
    """
    lines = [line for line in _QUOTED.sub("", text[:_LONGEST]).splitlines() if line.strip()][:_LINES]

    def fits(separator: str) -> tuple[int, int]:
        counts = Counter(number for line in lines if (number := line.count(separator)))
        number, often = max(counts.items(), key=lambda each: (each[1], each[0]), default=(0, 0))
        return often, number

    return max(_SEPARATORS, key=fits)
