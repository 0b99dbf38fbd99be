"""The formats that an evaluation is exported in; a further one is one more entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.exporting.answers_csv import answers_csv
from evalkit.exchange.exporting.ciso_assistant import library
from evalkit.exchange.exporting.format import Chosen, Exported, Format
from evalkit.exchange.exporting.markdown import document
from evalkit.exchange.exporting.oscal import assessment_results
from evalkit.exchange.exporting.workbook import evaluation_workbook
from evalkit.scoring.score import score_option

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs

_EVERY: Final = (
    Format("oscal", "OSCAL assessment results as JSON", (".json",), assessment_results),
    Format(
        "ciso-assistant",
        "the questionnaire as a library of CISO Assistant, in YAML",
        (".yaml", ".yml"),
        library,
        by_option=False,
    ),
    Format(
        "csv",
        "every answer as CSV",
        (".csv",),
        answers_csv,
        line_end="\r\n",
        encoding="utf-8-sig",  # else spreadsheet programs take it for their own code page
    ),
    Format("markdown", "verdicts and every answer as GitHub Markdown", (".md", ".markdown"), document),
    Format("workbook", "an XLSX workbook that recomputes the figures", (".xlsx",), evaluation_workbook),
)

FORMATS: Final = {each.name: each for each in _EVERY}
"""Each format by the name that the command line has for it."""


def format_named(name: str) -> Format:
    """Return a format.

    Raises
    ------
    EvalkitError
        If there is none of that name.
    """
    if name not in FORMATS:
        raise EvalkitError(f"format {name!r} is not known; allowed are {', '.join(FORMATS)}")
    return FORMATS[name]


def check_ending(chosen: Format, path: Path) -> None:
    """Check that a file's name says what will be in it.

    Raises
    ------
    EvalkitError
        If it ends in something else.
    """
    if path.suffix.lower() not in chosen.endings:
        endings = " or ".join(chosen.endings)
        raise EvalkitError(f"{path}: {chosen.name} is {chosen.title}; the name ends in {endings}")


def exported(chosen: Format, inputs: EvaluationInputs, options: Collection[str]) -> Exported:
    """Return an evaluation in a format, with those of its options whose ids are given."""
    cards = tuple(score_option(inputs, each) for each in inputs.options() if each.id in options)
    return chosen.write(Chosen(inputs, cards))
