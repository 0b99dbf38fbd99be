"""Files that say in other words what evalkit says, and in another language what others wrote.

No score, verdict or basis depends on them: they are no input, and only documents for a board read them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from evalkit.errors import InvalidInputError
from evalkit.files.instrument import Reader
from evalkit.files.reading import read_document
from evalkit.files.rules.wording import allowed, did_you_mean, shown
from evalkit.files.workspace import Workspace
from evalkit.model.translation import EvaluationTranslation, Translation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from evalkit.errors import Problem
    from evalkit.files.document import At, Document
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question, Questionnaire

WORDING: Final = "wording.yaml"
LANGUAGES: Final = "languages"

WORDING_RULES: Final[dict[str, str]] = {
    "L001": "A language of a file with an organisation's own texts is one that evalkit has.",
    "L002": "A catalogue, a text and a key of a table of texts are ones that evalkit has.",
    "L003": "A text is text that says something, and a table of texts has the shape of the one it replaces.",
    "L004": "A text has the placeholders of the one it replaces, each as {name}, and no other braces.",
    "L005": (
        "A translation is of this questionnaire or evaluation into the language of its name, and of what"
        " stands in it."
    ),
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
    path = _instrument_languages(workspace, questionnaire) / f"{language}.yaml"
    if not os.path.lexists(path):
        return None
    reader = Reader(workspace.name)
    read = _read_translation(reader, path, questionnaire)
    if reader.problems:
        raise InvalidInputError(reader.problems)
    return read


def read_evaluation_translation(
    evaluation: Path, inputs: EvaluationInputs, language: str
) -> EvaluationTranslation | None:
    """Return what an evaluation says in a language, where it has been translated.

    Parameters
    ----------
    evaluation
        Its folder.
    inputs
        Of all its products.

    Raises
    ------
    InvalidInputError
        With every problem of the file, such as a text that stands nowhere in the evaluation, or a link that
        leads out of its folder.
    """
    workspace = Workspace.of(evaluation)
    path = workspace.evaluation / LANGUAGES / f"{language}.yaml"
    if not os.path.lexists(path):
        return None
    reader = Reader(workspace.name)
    read = _read_evaluation_translation(reader, workspace, path, inputs)
    if reader.problems:
        raise InvalidInputError(reader.problems)
    return read


def check_translations(reader: Reader, workspace: Workspace, inputs: EvaluationInputs) -> None:
    """Have the reader keep every problem of the translations of an evaluation and its questionnaire; no hash.

    Parameters
    ----------
    inputs
        Of all its products.
    """
    own = Reader(reader.name)
    for path in sorted(_instrument_languages(workspace, inputs.questionnaire).glob("*.yaml")):
        _read_translation(own, path, inputs.questionnaire)
    for path in sorted((workspace.evaluation / LANGUAGES).glob("*.yaml")):
        _read_evaluation_translation(own, workspace, path, inputs)
    reader.problems.extend(own.problems)


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


def translatable_texts(inputs: EvaluationInputs) -> Iterator[str]:
    """Yield the texts of an evaluation that a translation gives by what they say."""
    for answers in inputs.answers.values():
        yield from (deployment.name for deployment in answers.deployments)
    for file in inputs.controls.values():
        yield from (control.title for control in file.controls)


def _instrument_languages(workspace: Workspace, questionnaire: Questionnaire) -> Path:
    return workspace.questionnaire_folder(questionnaire.header.id) / LANGUAGES


def _read_translation(reader: Reader, path: Path, questionnaire: Questionnaire) -> Translation | None:
    read = reader.read(path, Translation)
    if read is None:
        return None
    document, translation = read
    profiles = [path.stem for path in (path.parents[1] / "profiles").glob("*.yaml")]
    texts = {text for question in questionnaire.questions for text in translatable(question)}
    tables: tuple[tuple[str, Collection[str], Collection[str]], ...] = (
        ("domains", translation.domains, [it.id for it in questionnaire.domains]),
        ("questions", translation.questions, questionnaire.by_id),
        ("profiles", translation.profiles, profiles),
        ("texts", translation.texts, texts),
    )
    own = ("questionnaire", translation.questionnaire, questionnaire.header.id)
    reader.problems.extend(_misplaced(document, own, ("language", translation.language, path.stem)))
    for table, said, known in tables:
        reader.problems.extend(_unknown(document, "questionnaire", table, said, known))
    return translation


def _read_evaluation_translation(
    reader: Reader, workspace: Workspace, path: Path, inputs: EvaluationInputs
) -> EvaluationTranslation | None:
    outside = list(workspace.leading_out(path))
    reader.problems.extend(outside)
    read = None if outside else reader.read(path, EvaluationTranslation)
    if read is None:
        return None
    document, translation = read
    own = ("evaluation", translation.evaluation, inputs.evaluation.id)
    reader.problems.extend(_misplaced(document, own, ("language", translation.language, path.stem)))
    known = set(translatable_texts(inputs))
    reader.problems.extend(_unknown(document, "evaluation", "texts", translation.texts, known))
    return translation


def _misplaced(document: Document, *stated: tuple[str, str, str]) -> Iterator[Problem]:
    for key, seen, meant in stated:
        if seen != meant:
            yield document.problem("L005", (key,), f"{key}: {seen} is not {meant}, as the file's place says")


def _unknown(
    document: Document, where: str, table: str, said: Collection[str], known: Collection[str]
) -> Iterator[Problem]:
    for name in said:
        if name not in known:
            at: At = (table, name)
            message = f"{table}: the {where} has no {shown(name)}; {allowed(known, table)}"
            yield document.problem("L005", at, message, did_you_mean(name, known))
