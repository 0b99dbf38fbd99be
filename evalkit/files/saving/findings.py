"""Data of an answers file -> the model, or what is wrong, part by part and as ``evalkit check`` says it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from evalkit.errors import Problem
from evalkit.files import rules
from evalkit.files.document import Document, rendered
from evalkit.files.saving.beside import REFUSAL
from evalkit.files.saving.parts import answers_from, placed
from evalkit.files.saving.states import FieldProblem
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from evalkit.files.document import At, Place
    from evalkit.files.saving.beside import FilesBeside, Stamp
    from evalkit.files.saving.parts import Json
    from evalkit.model.questionnaire import Questionnaire

Findings: TypeAlias = "dict[str, tuple[FieldProblem, ...]]"
"""Problems by part; those of the file's head under ``""``."""


@dataclass(frozen=True, slots=True, order=True)
class _PlacedProblem(Problem):
    """A problem that keeps its place, where a plain one has only its text."""

    at: At = field(default=(), compare=False)


class _Unwritten(Document):
    """Data that stand in no file yet: there are no lines."""

    def problem(self, code: str, at: At, message: str, hint: str = "") -> _PlacedProblem:
        return _PlacedProblem(self.name, 0, code, rendered(at), message, hint, at)


@dataclass(frozen=True, slots=True)
class Judge:
    """What the schema and the rules say about the parts of one file."""

    path: Path
    name: str
    questionnaire: Questionnaire
    as_of: date
    beside: FilesBeside | None = None
    _known: list[tuple[ProductAnswers, Stamp, Findings]] = field(
        default_factory=list, compare=False, repr=False
    )

    def made(self, parts: Mapping[str, Json]) -> ProductAnswers | Findings:
        """Return what the parts say together, or what the schema has against them."""
        found = validate(self._document(answers_from(parts, self.questionnaire.ref)), ProductAnswers)
        return found if isinstance(found, ProductAnswers) else _by_part(found)

    def findings(self, answers: ProductAnswers) -> Findings:
        """Return what the rules have against answers that keep the schema."""
        # The same values are asked about before and after a save, and the rules take the longest.
        stamp = self.stamp()
        for known, then, found in self._known:
            if known is answers and then == stamp:
                return found
        problems = rules.answers_problems(answers, self._document(None), self.questionnaire, self.as_of)
        found = _by_part((*problems, *(each for each in self._beside(answers) if each.code != REFUSAL)))
        self._known[:] = [*self._known[-1:], (answers, stamp, found)]
        return found

    def advice(self, answers: ProductAnswers) -> Findings:
        """Return what scores wait for, and what stops nobody from saving."""
        return _by_part(each for each in self._beside(answers) if each.code == REFUSAL)

    def stamp(self) -> Stamp:
        """Return what changes when the other files about the product do."""
        return self.beside.stamp() if self.beside else ()

    def _beside(self, answers: ProductAnswers) -> Iterator[Problem]:
        if self.beside is None:
            return
        files = f"{self.beside.names()}, {self.path.name}"
        for problem in self.beside.problems(answers, self._document(None), self.questionnaire):
            hint = problem.hint or f"a text editor changes all files about a product together: {files}"
            yield replace(problem, hint=hint)

    def _document(self, data: Json) -> Document:
        return _Unwritten(self.path, self.name, data, "", _places(data))


def _by_part(problems: Iterable[Problem]) -> Findings:
    found: dict[str, list[FieldProblem]] = {}
    for problem in problems:
        part, path = placed(problem.at if isinstance(problem, _PlacedProblem) else ())
        found.setdefault(part, []).append(FieldProblem(path, problem.code, problem.message, problem.hint))
    return {part: tuple(each) for part, each in found.items()}


def _places(data: Json) -> Place:
    match data:
        case dict():
            return 0, {key: _places(inner) for key, inner in data.items()}, ""
        case list():
            return 0, {index: _places(inner) for index, inner in enumerate(data)}, ""
        case str():
            return 0, None, ""
        case _:
            return 0, None, json.dumps(data)
