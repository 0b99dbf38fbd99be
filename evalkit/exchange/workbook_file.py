"""A workbook that is safe to open, and the rows of its sheets; damage is told, and nothing else is hidden."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from evalkit.errors import EvalkitError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened_workbook(raw: bytes, name: str) -> Iterator[Any]:
    """Give a workbook whose package was checked, and close it: formulas as such, links not kept.

    Raises
    ------
    EvalkitError
        If openpyxl is not installed, or cannot read it.
    """
    try:
        import openpyxl  # noqa: PLC0415 - an extra of its own
    except ImportError as error:
        raise EvalkitError("workbooks need openpyxl: pip install 'evalkit[exchange]'") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not know of a file, it leaves out
        try:
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, keep_links=False, data_only=False)
        except Exception as error:  # openpyxl says nowhere what damage raises
            raise _unreadable(name, error) from error
        try:
            yield book
        finally:
            book.close()


def sheet_rows(sheet: Any, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:  # noqa: ANN401 - openpyxl's sheet
    """Yield number and cells of each row of a sheet, which is parsed only as they are asked for.

    Raises
    ------
    EvalkitError
        If openpyxl cannot read it.
    """
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    rows = iter(sheet.iter_rows())
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except Exception as error:  # openpyxl says nowhere what damage raises
            raise _unreadable(name, error) from error
        if cells is None:
            return
        yield number, cells


def _unreadable(name: str, error: Exception) -> EvalkitError:
    told = " ".join(str(error).split())[:200]
    return EvalkitError(f"{name} cannot be read as a workbook: {told or type(error).__name__}")
