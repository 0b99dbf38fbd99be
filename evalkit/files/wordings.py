"""Files that say in other words what evalkit says, and in another language what a questionnaire says.

No score, verdict or basis depends on them: they are no input, and only documents for a board read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.errors import InvalidInputError
from evalkit.files.instrument import Reader
from evalkit.files.reading import read_document
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.files.workspace import Workspace
from evalkit.model.translation import Translation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from evalkit.errors import Problem
    from evalkit.files.document import At, Document
    from evalkit.model.questionnaire import Question, Questionnaire

WORDING: Final = "wording.yaml"
LANGUAGES: Final = "languages"

WORDING_RULES: Final[dict[str, str]] = {
    "L001": "A language of a file with an organisation's own texts is one that evalkit has.",
    "L002": "A catalogue, a text and a key of a table of texts are ones that evalkit has.",
    "L003": "A text is text that says something, and a table of texts has the shape of the one it replaces.",
    "L004": "A text has the placeholders of the one it replaces, each as {name}, and no other braces.",
    "L005": "A translation is of this questionnaire into the language of its name, and of what stands in it.",
}
"""What texts in other words have to keep, by rule id."""


def read_language(folder: Path, language: str) -> Document:
    """Return the file ``<code>.yaml`` of a language that evalkit has; raises as ``read_document``."""
    return read_document(folder / f"{language}.yaml", f"{folder.name}/{language}.yaml")


def read_own_wording(evaluation: Path) -> Document | None:
    """Return the file ``wording.yaml`` of an evaluation, where there is one.

    Raises
    ------
    InvalidInputError
        If it cannot be read, or is a link that leads out of the evaluation's folder.
    """
    workspace = Workspace.of(evaluation)
    path = workspace.evaluation / WORDING
    if not (path.exists() or path.is_symlink()):
        return None
    outside = list(workspace.leading_out(path))
    if outside:
        raise InvalidInputError(outside)
    return read_document(path, workspace.name(path))


def read_translation(evaluation: Path, questionnaire: Questionnaire, language: str) -> Translation | None:
    """Return what a questionnaire says in a language, where it has been translated.

    Raises
    ------
    InvalidInputError
        With every problem of the file, such as a question that the questionnaire does not have.
    """
    workspace = Workspace.of(evaluation)
    folder = workspace.questionnaire_folder(questionnaire.header.id)
    path = folder / LANGUAGES / f"{language}.yaml"
    if not path.exists():
        return None
    reader = Reader(workspace.name)
    read = reader.read(path, Translation)
    if read is None:
        raise InvalidInputError(reader.problems)
    document, translation = read
    profiles = [path.stem for path in (folder / "profiles").glob("*.yaml")]
    problems = list(_problems(document, translation, questionnaire, language, profiles))
    if problems:
        raise InvalidInputError(problems)
    return translation


def _problems(
    document: Document,
    translation: Translation,
    questionnaire: Questionnaire,
    language: str,
    profiles: Collection[str],
) -> Iterator[Problem]:
    for key, seen, meant in (
        ("questionnaire", translation.questionnaire, questionnaire.header.id),
        ("language", translation.language, language),
    ):
        if seen != meant:
            yield document.problem("L005", (key,), f"{key}: {seen} is not {meant}, as the file's place says")
    texts = {text for question in questionnaire.questions for text in translatable(question)}
    yield from _unknown(document, "domains", translation.domains, [it.id for it in questionnaire.domains])
    yield from _unknown(document, "questions", translation.questions, questionnaire.by_id)
    yield from _unknown(document, "profiles", translation.profiles, profiles)
    yield from _unknown(document, "texts", translation.texts, texts)


def _unknown(
    document: Document, table: str, said: Collection[str], known: Collection[str]
) -> Iterator[Problem]:
    for name in said:
        if name not in known:
            at: At = (table, name)
            message = f"{table}: the questionnaire has no '{name}'; {allowed(known, table)}"
            yield document.problem("L005", at, message, did_you_mean(name, known))


def translatable(question: Question) -> Iterator[str]:
    """Yield the texts of a question that a translation gives by what they say."""
    if question.kind == "scale":
        yield from (level.label for level in question.levels)
    if question.kind == "set":
        yield from (option.text for option in question.options)
    yield from (wanted.what for wanted in question.evidence)
    if question.remedy is not None:
        yield question.remedy.setting
        yield question.remedy.clause
