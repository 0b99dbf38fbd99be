"""As what a file is written: as was asked, else as its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Form = TypeVar("Form")


def form_of(asked: Form | None, file: Path | None, by_ending: Mapping[str, Form], otherwise: Form) -> Form:
    """Return the form in which something is written.

    Parameters
    ----------
    asked
        What the user named; it goes before the name of the file.
    file
        Where it goes; None where it is printed.
    by_ending
        Forms by the endings of files, in small letters, each with its dot.
    """
    if asked is not None:
        return asked
    return otherwise if file is None else by_ending.get(file.suffix.lower(), otherwise)
