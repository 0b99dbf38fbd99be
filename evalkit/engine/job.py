"""What is to be rendered, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Job:
    """One report: a template, what to fill in, and where the results go.

    Attributes
    ----------
    name : str
        What people call it, for example ``claude-code/bedrock``; unique in a batch.
    parameters : mapping
        Values for the template's parameters cell: JSON types, tuples become lists. They are shown in the
        notebook, so a path belongs in here relative to the batch's ``cwd``.
    title : str
        Title of the HTML page; any text, it is escaped.
    language : str
        BCP 47 tag of the page's language.
    cell_timeout_seconds : int
        How long one cell may run.
    """

    name: str
    template: Path
    parameters: Mapping[str, object]
    notebook: Path
    html: Path
    title: str
    language: str = "en"
    cell_timeout_seconds: int = 600

    def absolute(self) -> Job:
        """Return the job with paths that hold in a process that works elsewhere."""
        return replace(
            self,
            template=self.template.absolute(),
            notebook=self.notebook.absolute(),
            html=self.html.absolute(),
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a report is incomplete.

    Attributes
    ----------
    reason : str
        One line, fit for a terminal.
    cell : str or None
        Id of the failing cell; None if no cell is to blame.
    traceback : str
        Text without escape codes; may be empty.
    """

    reason: str
    cell: str | None = None
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job.

    Attributes
    ----------
    reason : str
        Why it failed, one line; empty if it was rendered.
    cell : str or None
        Id of the failing cell, if a cell failed.
    hashes : mapping
        ``sha256:…`` of each written file by its suffix, ``ipynb`` and ``html``.
    seconds : float
        Wall time in the worker; for the terminal, no part of equality.
    """

    name: str
    status: Literal["rendered", "unchanged", "failed"]
    reason: str = ""
    cell: str | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)
    seconds: float = field(default=0.0, compare=False)
