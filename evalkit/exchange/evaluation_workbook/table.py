"""Where things stand: tables with named columns, and cells and areas as formulas cite them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that follow each other, counted from 0, the last included."""

    first: int
    last: int

    @property
    def each(self) -> range:
        """Every row."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is cited, headed and shown.

    Attributes
    ----------
    level : int
        Depth of the outline; 1 for what can be folded away.
    folded : bool
        Whether it is folded away to begin with.
    """

    key: str
    head: str
    width: float
    style: str = "text"
    level: int = 0
    folded: bool = False


def letters(column: int) -> str:
    """Return the name of a column, counted from 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def cell(column: int, row: int, sheet: str = "") -> str:
    """Return a cell as formulas cite it, fixed in both directions where it is on another sheet.

    >>> cell(1, 4), cell(1, 4, "Weights")
    ('B5', 'Weights!$B$5')
    """
    return f"{sheet}!${letters(column)}${row + 1}" if sheet else f"{letters(column)}{row + 1}"


def area(column: int, first: int, last: int, sheet: str, until: int | None = None) -> str:
    """Return an area of one column, or from it to another, as formulas cite it.

    >>> area(1, 4, 9, "Scores"), area(1, 4, 4, "Scores", until=3)
    ('Scores!$B$5:$B$10', 'Scores!$B$5:$D$5')
    """
    end = column if until is None else until
    return f"{sheet}!${letters(column)}${first + 1}:${letters(end)}${last + 1}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row of headers on a sheet."""

    sheet: str
    head: int
    columns: tuple[Column, ...]
    at: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Number the columns."""
        places = {column.key: place for place, column in enumerate(self.columns)}
        object.__setattr__(self, "at", places)

    @property
    def first(self) -> int:
        """The first row below the headers."""
        return self.head + 1

    def own(self, key: str, row: int) -> str:
        """Return a cell as formulas on the same sheet cite it."""
        return cell(self.at[key], row)

    def cell(self, key: str, row: int) -> str:
        """Return a cell as formulas on other sheets cite it."""
        return cell(self.at[key], row, self.sheet)

    def area(self, key: str, rows: Rows) -> str:
        """Return a part of a column."""
        return area(self.at[key], rows.first, rows.last, self.sheet)
