"""What evalkit raises, and the shape of a problem found in an input file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class EvalkitError(Exception):
    """Base of every error that evalkit raises on purpose; its text is fit for a user's eyes."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in one input file.

    Attributes
    ----------
    file : str
        Path of the file, relative to the project or data folder.
    line : int
        Line in that file, from 1; 0 where the file as a whole is meant.
    code : str
        Id of the rule that was broken (see :mod:`evalkit.files.catalogue`).
    path : str
        Where in the document, for example ``answers.LOC-07.value``.
    message : str
        The thing, the value seen and what is allowed.
    hint : str
        How to mend it, or ``""``.
    """

    file: str
    line: int
    code: str
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{where}: {self.code} {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


class InvalidInputError(EvalkitError):
    """Input files that cannot be used, with every problem of every file.

    Parameters
    ----------
    problems
        At least one; kept sorted by file and line.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RenderError(EvalkitError):
    """A report that could not be made."""
