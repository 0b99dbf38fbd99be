"""What the command line prints, and where: results to stdout, everything about them to stderr.

All text may come from vendors, so nothing is read as markup or as a terminal's control sequence.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evalkit.errors import Problem

_WIDTH_OF_A_FILE = 160


def stdout() -> Console:
    """Return a console on standard output; as wide as a report needs where that is no terminal."""
    width = None if sys.stdout.isatty() else max(_WIDTH_OF_A_FILE, shutil.get_terminal_size().columns)
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def stderr() -> Console:
    """Return a console on standard error."""
    return Console(file=sys.stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(text: str) -> None:
    """Print one line about what happens to standard error."""
    stderr().print(Text(plain(text)))


def error(text: str) -> None:
    """Print an error, which may have several lines, to standard error."""
    line = Text("error: ", style="bold red")
    line.append("\n".join(plain(part) for part in text.splitlines()), style="not bold default")
    stderr().print(line)


def report_problems(problems: Sequence[Problem]) -> None:
    """Print every problem with file, line and rule, and how to mend it, to standard error."""
    console = stderr()
    for problem in problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        line = Text(plain(where), style="bold")
        line.append(f": {problem.code} ", style="not bold red")
        line.append(plain(problem.message), style="not bold default")
        if problem.hint:
            line.append(f"\n    {plain(problem.hint)}", style="not bold dim")
        console.print(line)
    files = len({problem.file for problem in problems})
    console.print(
        Text(f"{_counted(len(problems), 'problem')} in {_counted(files, 'file')}", style="bold red")
    )


def print_text(text: str) -> None:
    """Print a sentence on a table to standard output, wrapped at its width."""
    stdout().print(Text(plain(text)))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines to standard output, each whole; blanks in front of one stay."""
    console = stdout()
    for line in lines:
        indent = line[: len(line) - len(line.lstrip(" "))]
        console.print(Text(f"{indent}{plain(line)}"), soft_wrap=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """Print a table to standard output.

    Parameters
    ----------
    columns
        Header and justification (``left`` or ``right``) of each column.
    rows
        Cells as text.
    """
    table = Table(title=Text(plain(title)) if title else None, title_justify="left", header_style="bold")
    for header, justify in columns:
        table.add_column(header, justify="right" if justify == "right" else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    stdout().print(table)
