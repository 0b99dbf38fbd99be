"""What a migration tells: a row for each thing that became another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one thing.

    Attributes
    ----------
    question : str
        By its old id, where it had one.
    happened, where : str
        In words; the file that it stands in.
    to_do : str
        What somebody has to do now; ``""`` where all is done.
    """

    question: str
    happened: str
    where: str
    to_do: str = ""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The text of a file, and what became of what it refers to."""

    text: str
    rows: tuple[Row, ...] = ()
