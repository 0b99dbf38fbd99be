"""Files of a questionnaire -> :class:`Questionnaire`; the reader that keeps problems and hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from evalkit.errors import InvalidInputError
from evalkit.files import rules
from evalkit.files.reading import read_document
from evalkit.files.translate import validate
from evalkit.files.workspace import FRAMEWORKS, MIGRATIONS, QUESTIONNAIRE
from evalkit.model.questionnaire import Domain, FrameworkIds, Questionnaire, QuestionnaireHeader
from evalkit.model.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evalkit.errors import Problem
    from evalkit.files.document import Document

Model = TypeVar("Model", bound=Value)


_DOMAIN_MISSING: Final = frozenset({"Q001", "Q002", "Q003", "Q004"})
"""Rules whose breach says that questions may be missing."""


def load_questionnaire(folder: Path) -> Questionnaire:
    """Return the questionnaire that a folder holds.

    Raises
    ------
    InvalidInputError
        With every problem of every file of the questionnaire.
    """
    base = folder.absolute().parent.parent
    reader = Reader(lambda path: path.absolute().relative_to(base).as_posix())
    questionnaire = read_questionnaire(reader, folder)
    if reader.problems or questionnaire is None:
        raise InvalidInputError(reader.problems)
    return questionnaire


class Reader:
    """Reads files, keeping their hashes and what is wrong with them; ``advice`` makes none unusable."""

    def __init__(self, name: Callable[[Path], str]) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.advice: list[Problem] = []
        self.hashes: dict[str, str] = {}

    def document(self, path: Path) -> Document | None:
        """Return a file as plain values, or None with the problems kept."""
        try:
            document = read_document(path, self.name(path))
        except InvalidInputError as error:
            self.problems.extend(error.problems)
            return None
        self.hashes[document.name] = f"sha256:{document.sha256}"
        return document

    def value(self, document: Document | None, model: type[Model]) -> Model | None:
        """Return what a document says, or None with the problems kept."""
        if document is None:
            return None
        found = validate(document, model)
        if isinstance(found, list):
            self.problems.extend(found)
            return None
        return found

    def read(self, path: Path, model: type[Model]) -> tuple[Document, Model] | None:
        """Return a file as plain values and as what they say, or None with the problems kept."""
        document = self.document(path)
        value = self.value(document, model)
        return None if document is None or value is None else (document, value)


def read_questionnaire(reader: Reader, folder: Path) -> Questionnaire | None:
    """Return a questionnaire, or None; rules run only where every file could be read."""
    read = reader.read(folder / QUESTIONNAIRE, QuestionnaireHeader)
    documents: dict[str, Document] = {}
    domains: dict[str, Domain] = {}
    complete = True
    for path in sorted(folder.glob("*.yaml")):
        if path.name in (QUESTIONNAIRE, FRAMEWORKS, MIGRATIONS) or path.name.startswith("."):
            continue
        domain = reader.read(path, Domain)
        if domain is None:
            complete = False
        else:
            documents[path.stem], domains[path.stem] = domain
    frameworks = None
    if (folder / FRAMEWORKS).exists():
        frameworks = reader.read(folder / FRAMEWORKS, FrameworkIds)
        complete = complete and frameworks is not None
    if read is None or not complete:
        return None
    header_document, header = read
    questionnaire = Questionnaire(
        header,
        tuple(domains[name] for name in dict.fromkeys(header.domains) if name in domains),
        frameworks[1].frameworks if frameworks else (),
    )
    found = list(
        rules.questionnaire_problems(
            questionnaire, header_document, documents, frameworks[0] if frameworks else None
        )
    )
    reader.problems.extend(found)
    # A missing domain would make every answer to it an unknown question; whatever else is wrong with the
    # instrument, what refers to it is checked in the same run.
    return None if any(problem.code in _DOMAIN_MISSING for problem in found) else questionnaire
