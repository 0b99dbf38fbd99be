"""All files of observations of an evaluation, beside the inputs: no score depends on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import InvalidInputError
from evalkit.files import rules
from evalkit.files.document import Document
from evalkit.files.instrument import Reader
from evalkit.files.observations import observation_files, observations_of
from evalkit.files.reading import read_bytes
from evalkit.files.rules.observations import ObservationsCase
from evalkit.files.workspace import Workspace
from evalkit.model.observed import Observed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from evalkit.files.document import Place
    from evalkit.files.observations import ObservationFile
    from evalkit.model.evaluation import EvaluationInputs


def load_observed(
    evaluation: Path, inputs: EvaluationInputs, products: Collection[str] | None = None
) -> dict[str, tuple[Observed, ...]]:
    """Return what was observed of each product, by product; nothing for one of which nothing was.

    Parameters
    ----------
    inputs
        Today's; observations are held against them.
    products
        Read the files of these products only; of those in the inputs by default.

    Raises
    ------
    InvalidInputError
        With every problem of every file, advice left out.
    """
    workspace = Workspace.of(evaluation)
    reader = Reader(workspace.name)
    found = read_observed(reader, workspace, inputs, inputs.answers if products is None else products)
    if reader.problems:
        raise InvalidInputError(reader.problems)
    return found


def read_observed(
    reader: Reader,
    workspace: Workspace,
    inputs: EvaluationInputs | None,
    products: Collection[str] | None = None,
) -> dict[str, tuple[Observed, ...]]:
    """Return what was observed, by product; the reader keeps problems and advice, no hash.

    Parameters
    ----------
    inputs
        None where they cannot be used: then each file is looked at by itself.
    products
        All by default.
    """
    try:
        paths = observation_files(workspace)
    except InvalidInputError as error:
        reader.problems.extend(error.problems)
        return {}
    found: dict[str, list[Observed]] = {}
    known = {file.product for file in workspace.answers}
    for path in paths:
        product = path.name.partition(".")[0]
        if products is not None and product not in products:
            continue
        try:
            raw = read_bytes(path, workspace.name(path))
            file = observations_of(raw, path, workspace.name(path))
        except InvalidInputError as error:
            reader.problems.extend(error.problems)
            continue
        answers = None if inputs is None else inputs.answers.get(product)
        if inputs is not None:
            case = ObservationsCase(
                file.subject,
                file.observations,
                Document(path, file.name, None, file.sha256, _places(raw)),
                inputs.questionnaire,
                answers,
                known,
            )
            for problem in rules.observations_problems(case):
                kept = reader.advice if rules.RULES[problem.code].is_advice else reader.problems
                kept.append(problem)
        found.setdefault(product, []).append(observed_in(file, answers.product.version if answers else ""))
    return {product: tuple(files) for product, files in found.items()}


def observed_in(file: ObservationFile, version: str) -> Observed:
    """Return what a file says, beside the version that the answers are about."""
    return Observed(file.name, file.sha256, file.subject, file.observations, version)


def hashes_of(observed: Mapping[str, Collection[Observed]]) -> dict[str, str]:
    """Return ``sha256:…`` of every file of observations by its name."""
    return {it.file: f"sha256:{it.sha256}" for files in observed.values() for it in files}


def _places(raw: bytes) -> Place:
    """Return the lines of the records by their number, as the rules look for them."""
    lines = [number for number, line in enumerate(raw.split(b"\n"), start=1) if line.strip()]
    return 1, {record: (number, None, "") for record, number in enumerate(lines)}, ""
