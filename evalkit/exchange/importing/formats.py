"""The formats that can be imported: each is one module that makes a draft of a file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from evalkit.errors import EvalkitError
from evalkit.exchange.importing import table
from evalkit.exchange.importing.ciso_assistant import library as ciso_assistant
from evalkit.exchange.importing.hecvat import workbook as hecvat
from evalkit.exchange.importing.oscal import results as oscal_results
from evalkit.exchange.importing.recognising import as_utf8, looks_like
from evalkit.exchange.importing.vsaq import questionnaire as vsaq
from evalkit.files.rules.wording import allowed, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.importing.draft import Draft

MAX_BYTES: Final = 64_000_000
"""Of a file that is imported."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is to be read.

    Attributes
    ----------
    title : str
        Of the questionnaire; ``""`` where the file says it.
    columns : mapping
        Header by role, for a table.
    sheet : str
        Sheet of a workbook; ``""`` for the one that has questions.
    points : mapping
        What choices are worth of which the file does not say it.
    answers : tuple or None
        Content and name of a second file that holds the answers, for formats that keep them apart.
    """

    title: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    points: Mapping[str, float] = field(default_factory=dict)
    answers: tuple[bytes, str] | None = None


class Reader(Protocol):
    """Makes a draft of a file, or raises EvalkitError where it is not one of the format."""

    def __call__(self, raw: bytes, name: str, wanted: Wanted) -> Draft:
        """Return what a file says."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of another program.

    Attributes
    ----------
    takes : frozenset of str
        Which of ``columns``, ``sheet`` and ``answers`` it heeds.
    """

    read: Reader
    what: str
    takes: frozenset[str] = frozenset()


FORMATS: Final[Mapping[str, Format]] = {
    "table": Format(
        table.read, "CSV or workbook with a row for each question", frozenset({"columns", "sheet"})
    ),
    "hecvat": Format(hecvat.read, "HECVAT 4 workbook", frozenset({"columns"})),
    "ciso-assistant": Format(ciso_assistant.read, "CISO Assistant library (YAML)"),
    "vsaq": Format(vsaq.read, "VSAQ questionnaire (JSON)", frozenset({"answers"})),
    "oscal-results": Format(
        oscal_results.read, "OSCAL assessment results (JSON, YAML)", frozenset({"sheet"})
    ),
}


def read(format_id: str, raw: bytes, name: str, wanted: Wanted) -> Draft:
    """Return what a file of a format says.

    Raises
    ------
    EvalkitError
        If the format is not known or does not heed what is wanted, or the file is not one of it: then it says
        what the file looks like, and which format reads that.
    """
    if format_id not in FORMATS:
        hint = did_you_mean(format_id, FORMATS)
        told = f"format {format_id!r} is not known; {allowed(FORMATS, 'formats')}"
        raise EvalkitError(f"{told}{f'; {hint}' if hint else ''}")
    chosen = FORMATS[format_id]
    for name_of, given in (("columns", wanted.columns), ("sheet", wanted.sheet), ("answers", wanted.answers)):
        if given and name_of not in chosen.takes:
            option = {"columns": "--column", "sheet": "--sheet", "answers": "--answers"}[name_of]
            raise EvalkitError(f"{option} has no meaning for the format {format_id}")
    if len(raw) > MAX_BYTES:
        raise EvalkitError(f"{name} has {len(raw):,} bytes; at most {MAX_BYTES:,} are read")
    answers = wanted.answers and (as_utf8(wanted.answers[0]), wanted.answers[1])
    text = as_utf8(raw)
    try:
        return chosen.read(text, name, replace(wanted, answers=answers))
    except EvalkitError as error:
        hint = looks_like(text, format_id, said=str(error))
        if not hint:
            raise
        end = "" if str(error).endswith("?") else "."
        raise EvalkitError(f"{error}{end} {hint}") from error
