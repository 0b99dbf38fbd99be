"""What is no HECVAT, and workbooks that are damaged or made to be costly."""

from __future__ import annotations

import io
import random
import zipfile

import openpyxl
import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.importing import grid
from evalkit.exchange.importing.formats import Wanted, read
from tests.exchange.importing.hecvat_small import (
    ASKED,
    HEADER,
    JUDGING,
    drafted,
    notes,
    small,
)


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"ID;Question\n1;2\n", b"\xd0\xcf\x11\xe0", b"\xff\xfe"])
def test_what_is_no_hecvat_is_refused(raw: bytes) -> None:
    with pytest.raises(EvalkitError, match=r"hecvat\.xlsx"):
        read("hecvat", raw, "hecvat.xlsx", Wanted())


def test_damaged_workbooks_raise_errors_of_evalkit_only() -> None:
    chance = random.Random(7)  # noqa: S311 - which bytes are damaged is no secret
    raw = small({"One": [HEADER, ASKED], "Judge": [JUDGING, ("DOCU-01", "", "Yes", "", 20)]})
    parts = [name for name in zipfile.ZipFile(io.BytesIO(raw)).namelist() if "xl/" in name]
    refused = 0
    for number in range(60):
        try:
            read("hecvat", damaged(raw, parts[number % len(parts)], chance), "hecvat.xlsx", Wanted())
        except EvalkitError:
            refused += 1
    assert refused > 20


def damaged(raw: bytes, part: str, chance: random.Random) -> bytes:
    """Return a workbook in which some bytes of a part are others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as book, zipfile.ZipFile(out, "w") as made:
        for name in book.namelist():
            content = bytearray(book.read(name))
            for _ in range(chance.choice((1, 3, 20)) if name == part else 0):
                content[chance.randrange(len(content))] = chance.choice(b'<>/"=1aA{\xc3')
            made.writestr(name, bytes(content))
    return out.getvalue()


def test_a_cell_far_out_is_not_paid_for_by_whoever_opens_the_workbook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grid, "MAX_CELLS", 1_000)
    book = openpyxl.Workbook()
    book.worksheets[0]["XFD9"].number_format = "0.00"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(EvalkitError, match="more than 1,000 cells, most of them empty"):
        read("hecvat", out.getvalue(), "hecvat.xlsx", Wanted())


def test_cells_that_cannot_be_read_are_left_out_with_their_place() -> None:
    found = drafted({"One": [HEADER, ("DOCU-01", "Is there a plan?", "x" * 6000, "#REF!", "")]})
    assert found.answers == ()
    assert "One, row 2: the answer of DOCU-01 has 6,000 characters" in notes(found)
