"""Files of people beside the consensus: assessors' answers, and stakeholders' weights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from evalkit.errors import InvalidInputError, Problem
from evalkit.files import rules
from evalkit.files.instrument import Reader
from evalkit.files.rules.assessors import AssessorCase
from evalkit.files.workspace import Workspace
from evalkit.model.stakeholder import StakeholderWeights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from evalkit.files.document import Document
    from evalkit.model.answers import Answer, ProductAnswers, Source, Statement
    from evalkit.model.questionnaire import Questionnaire

_FOLDER: Final = "weights"
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.yaml")


def assessors_problems(
    consensus: ProductAnswers | None,
    read: Mapping[str, tuple[Document, ProductAnswers]],
    questionnaire: Questionnaire,
) -> Iterator[Problem]:
    """Yield every problem between the answers about one product, each in an assessor's file.

    Parameters
    ----------
    consensus
        The product's answers without an assessor, where there are such.
    read
        File and answers by assessor.
    """
    for assessor, (document, answers) in read.items():
        others = {name: other for name, (_, other) in read.items() if name != assessor}
        case = AssessorCase(assessor, answers, document, others, consensus, questionnaire)
        yield from rules.assessor_problems(case)


def combined(
    consensus: ProductAnswers | None, assessors: Mapping[str, ProductAnswers]
) -> tuple[ProductAnswers, dict[str, ProductAnswers]]:
    """Return the consensus and the assessors' answers about one product with sources that fit together.

    The consensus lists every source; where there is none, it answers nothing. A key that means another source
    to an assessor gets his name behind it in his answers: ``docs`` becomes ``docs.ann``.

    Parameters
    ----------
    assessors
        By assessor, at least one.
    """
    sources = dict(consensus.sources) if consensus else {}
    renamed: dict[str, ProductAnswers] = {}
    for name in sorted(assessors):
        renamed[name] = _with_keys(assessors[name], _keys(assessors[name], name, sources))
        sources |= renamed[name].sources
    base = consensus or _unsettled(renamed)
    return base.model_copy(update={"sources": sources}), renamed


def load_stakeholder_weights(
    evaluation_dir: Path, questionnaire: Questionnaire
) -> dict[str, StakeholderWeights]:
    """Return how each stakeholder of an evaluation weighs the domains, by stakeholder.

    :func:`evalkit.scoring.elicitation.stakeholder_weights` makes shares of it.

    Raises
    ------
    InvalidInputError
        With every problem of every file in ``weights``.
    """
    workspace = Workspace.of(evaluation_dir)
    reader = Reader(workspace.name)
    weights = read_stakeholder_weights(reader, workspace, questionnaire)
    if reader.problems:
        raise InvalidInputError(reader.problems)
    return weights


def read_stakeholder_weights(
    reader: Reader, workspace: Workspace, questionnaire: Questionnaire | None
) -> dict[str, StakeholderWeights]:
    """Return the weights that can be read, by stakeholder; the reader keeps problems, advice and hashes."""
    found: dict[str, StakeholderWeights] = {}
    # Editors leave hidden files behind; they are nobody's weights.
    paths = [path for path in (workspace.evaluation / _FOLDER).glob("*") if not path.name.startswith(".")]
    for path in sorted(paths):
        outside = list(workspace.leading_out(path))
        reader.problems.extend(outside)
        if outside or path.suffix.lower() not in (".yaml", ".yml"):
            continue
        if not _FILE_NAME.fullmatch(path.name):
            message = "the name is not <stakeholder>.yaml, so nobody reads the file"
            hint = "ids are lower-case letters, digits and hyphens"
            reader.problems.append(Problem(workspace.name(path), 0, "Y018", "", message, hint))
        elif read := reader.read(path, StakeholderWeights):
            document, weights = read
            found[path.stem] = weights
            if questionnaire:
                for problem in rules.weights_problems(weights, document, questionnaire):
                    advises = rules.RULES[problem.code].is_advice
                    (reader.advice if advises else reader.problems).append(problem)
    return found


def _unsettled(assessors: Mapping[str, ProductAnswers]) -> ProductAnswers:
    """Return a consensus that answers nothing yet, prepared by all assessors."""
    every = list(assessors.values())
    prepared = every[0].prepared.model_copy(
        update={
            "by": ", ".join(dict.fromkeys(each.prepared.by for each in every)),
            "on": max(each.prepared.on for each in every),
            "basis": " ".join(dict.fromkeys(each.prepared.basis for each in every)),
        }
    )
    return every[0].model_copy(update={"prepared": prepared, "answers": {}})


def _keys(answers: ProductAnswers, assessor: str, taken: Mapping[str, Source]) -> dict[str, str]:
    """Return the new key of each source whose key means another source elsewhere."""
    keys: dict[str, str] = {}
    for key, source in answers.sources.items():
        new = key
        while (new in taken and taken[new] != source) or (new != key and new in answers.sources):
            new = f"{new}.{assessor}"
        if new != key:
            keys[key] = new
    return keys


def _with_keys(answers: ProductAnswers, keys: Mapping[str, str]) -> ProductAnswers:
    if not keys:
        return answers

    def recited(statement: Statement) -> dict[str, object]:
        items = (
            item.model_copy(update={"source": keys.get(item.source, item.source)})
            for item in statement.evidence
        )
        return {"evidence": tuple(items)}

    def changed(answer: Answer) -> Answer:
        own = {name: each.model_copy(update=recited(each)) for name, each in answer.deployments.items()}
        return answer.model_copy(update={**recited(answer), "deployments": own})

    return answers.model_copy(
        update={
            "sources": {keys.get(key, key): source for key, source in answers.sources.items()},
            "answers": {question: changed(answer) for question, answer in answers.answers.items()},
        }
    )
