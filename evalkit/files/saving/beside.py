"""The other files about the product of an answers file: all of them are about the same thing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeAlias

from evalkit.errors import EvalkitError
from evalkit.files import rules
from evalkit.files.reading import document_of, read_bytes
from evalkit.files.rules.assessors import AssessorCase
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.errors import Problem
    from evalkit.files.document import Document
    from evalkit.model.questionnaire import Questionnaire

Stamp: TypeAlias = "tuple[tuple[str, int, int], ...]"
"""Name, time and size of each file."""

REFUSAL: Final = "A040"
"""Assessors may disagree about a refusal until the consensus settles it; nothing else between files may."""


class FilesBeside:
    """The files about the same product as one answers file, read again when they change.

    A file that cannot be used is passed over: it says so itself.

    Parameters
    ----------
    path
        Of the answers file, whether or not it is there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._product, _, self._assessor = path.name.removesuffix(".yaml").partition(".")
        self._read: tuple[Stamp, dict[str, ProductAnswers]] = ((), {})

    def stamp(self) -> Stamp:
        """Return what changes when one of them does."""
        found = []
        for path in self._paths():
            with suppress(OSError):  # taken away at this moment
                stat = path.stat()
                found.append((path.name, stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def problems(
        self, answers: ProductAnswers, document: Document, questionnaire: Questionnaire
    ) -> Iterator[Problem]:
        """Yield what contradicts the other files (rules A040 to A042), each with what to do about it."""
        others = self._others()
        if not others:
            return
        consensus = others.get("")
        people = {name: said for name, said in others.items() if name}
        case = AssessorCase(self._assessor, answers, document, people, consensus, questionnaire)
        if not self._assessor:
            name = min(people)
            case = AssessorCase("", answers, document, people, people[name], questionnaire, name)
        for problem in rules.assessor_problems(case):
            if problem.code != REFUSAL or self._assessor:
                yield problem

    def names(self) -> str:
        """Return the names of the files, with commas between."""
        return ", ".join(path.name for path in self._paths())

    def _others(self) -> dict[str, ProductAnswers]:
        """Return what they say by assessor, the consensus under ``""``."""
        stamp = self.stamp()
        if stamp != self._read[0]:
            found = {}
            for path in self._paths():
                with suppress(EvalkitError):
                    said = validate(document_of(read_bytes(path, path.name), path, path.name), ProductAnswers)
                    if isinstance(said, ProductAnswers):
                        found[path.name.removesuffix(".yaml").partition(".")[2]] = said
            self._read = (stamp, found)
        return self._read[1]

    def _paths(self) -> list[Path]:
        folder = self._path.parent
        paths = (folder / f"{self._product}.yaml", *sorted(folder.glob(f"{self._product}.*.yaml")))
        return [path for path in paths if path.name != self._path.name and path.is_file()]
