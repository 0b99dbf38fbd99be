"""Values that options of several commands take, and what one of them is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ScoreFormat(StrEnum):
    """How ``evalkit score`` prints."""

    table = "table"
    csv = "csv"
    json = "json"


class AskFormat(StrEnum):
    """How ``evalkit ask`` prints."""

    table = "table"
    csv = "csv"
    json = "json"
    letter = "letter"
    lab_plan = "lab-plan"


class SettledState(StrEnum):
    """What assessors may agree on where no value stands."""

    unknown = "unknown"
    refused = "refused"
    conflicting = "conflicting"


class TextFormat(StrEnum):
    """How ``evalkit questions`` prints."""

    table = "table"
    markdown = "markdown"


class HistoryFormat(StrEnum):
    """How ``evalkit history`` prints."""

    table = "table"
    json = "json"


class EngineChoice(StrEnum):
    """What runs the notebooks of ``evalkit render``."""

    fast = "fast"
    stock = "stock"


class ExecutorChoice(StrEnum):
    """Where the notebooks of ``evalkit render`` run."""

    local = "local"
    dask = "dask"


class BoardChoice(StrEnum):
    """What a board decides about an option."""

    approve = "approve"
    approve_with_conditions = "approve-with-conditions"
    defer = "defer"
    reject = "reject"


class RecordFormat(StrEnum):
    """How ``evalkit decide`` prints what it recorded."""

    text = "text"
    yaml = "yaml"


class ProblemFormat(StrEnum):
    """How ``evalkit check`` and ``evalkit verify`` print."""

    text = "text"
    json = "json"


def parsed_day(text: str) -> date:
    """Return the day that a user wrote."""
    try:
        return date.fromisoformat(text)
    except ValueError as invalid:
        raise typer.BadParameter(f"{text!r} is not a day; write it as YYYY-MM-DD") from invalid


Directory = Annotated[
    Path | None,
    typer.Argument(metavar="DIR", help="The evaluation; may be left out where there is only one."),
]
AsOf = Annotated[
    date | None,
    typer.Option(
        metavar="YYYY-MM-DD", parser=parsed_day, help="Score as of this day instead of the evaluation's."
    ),
]
ProfileId = Annotated[
    str | None, typer.Option(metavar="ID", help="Decide by this profile instead of the evaluation's.")
]
