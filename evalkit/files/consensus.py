"""The file of the consensus about a product: what it says now, and its text with a record more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.files import rules
from evalkit.files.canonical import to_yaml
from evalkit.files.editing import update_answers
from evalkit.files.order import in_order
from evalkit.files.reading import document_of
from evalkit.files.translate import validate
from evalkit.files.workspace import Workspace
from evalkit.model.answers import Answer, ProductAnswers

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.errors import Problem
    from evalkit.model.answers import RawValue
    from evalkit.model.evaluation import EvaluationInputs

_VALUE_RULES: Final = frozenset({"A011", "A012", "A013", "A014", "A015", "A016"})
"""Rules on what a value may be, by the kind of its question."""


@dataclass(frozen=True, slots=True)
class ConsensusFile:
    """The file ``answers/<product>.yaml``.

    Attributes
    ----------
    name : str
        The path as messages show it.
    text : str or None
        None where there is no such file yet.
    answers : ProductAnswers
        What the file says; without one, the product and its deployments, with no answer and no source.
    """

    path: Path
    name: str
    text: str | None
    answers: ProductAnswers


def read_consensus(evaluation_dir: Path, inputs: EvaluationInputs, product: str) -> ConsensusFile:
    """Return the file of the consensus about a product of an evaluation that was read.

    Raises
    ------
    EvalkitError
        If the file was changed so meanwhile that it cannot be used.
    """
    workspace = Workspace.of(evaluation_dir)
    path = workspace.evaluation / "answers" / f"{product}.yaml"
    name = workspace.name(path)
    if not any(file.path == path for file in workspace.answers):
        return ConsensusFile(path, name, None, inputs.answers[product].model_copy(update={"sources": {}}))
    text = path.read_bytes().decode()
    found = _read(text, path, name)
    if isinstance(found, ProductAnswers):
        return ConsensusFile(path, name, text, found)
    raise EvalkitError("\n".join(map(str, found)))


def check_value(file: ConsensusFile, question_id: str, value: RawValue, inputs: EvaluationInputs) -> None:
    """Raise ``EvalkitError``, with what is allowed, if a value is no answer to a question."""
    probe = file.answers.model_copy(update={"answers": {question_id: Answer(value=value)}})
    document = document_of(to_yaml(probe).encode(), file.path, file.name)
    found = rules.answers_problems(probe, document, inputs.questionnaire, inputs.evaluation.as_of)
    for problem in found:
        if problem.code in _VALUE_RULES:
            raise EvalkitError(_told(problem))


def consensus_text(file: ConsensusFile, after: ProductAnswers, inputs: EvaluationInputs) -> str:
    """Return the text of the file after a change, all else kept byte for byte.

    Raises
    ------
    EvalkitError
        If the file would then break rules; each is named, with what is allowed.
    """
    ordered = in_order(file.answers, after, inputs.questionnaire)
    text = to_yaml(ordered) if file.text is None else update_answers(file.text, file.answers, ordered)
    found = _read(text, file.path, file.name)
    problems: list[Problem] = found if isinstance(found, list) else []
    if isinstance(found, ProductAnswers):
        document = document_of(text.encode(), file.path, file.name)
        as_of = inputs.evaluation.as_of
        problems = list(rules.answers_problems(found, document, inputs.questionnaire, as_of))
    if problems:
        # Without lines: they would be those of a text that nobody can look at.
        told = [f"- {_told(it)}" for it in sorted(problems)]
        raise EvalkitError("\n".join([f"{file.name} would then break rules; it is unchanged:", *told]))
    return text


def _told(problem: Problem) -> str:
    return f"{problem.code} {problem.message}{f' ({problem.hint})' if problem.hint else ''}"


def _read(text: str, path: Path, name: str) -> ProductAnswers | list[Problem]:
    return validate(document_of(text.encode(), path, name), ProductAnswers)
