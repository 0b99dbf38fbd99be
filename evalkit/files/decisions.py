"""``decision.yaml``: what a board decided, read with every problem named, written with decisions more."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock, Timeout

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files import rules
from evalkit.files.canonical import emitted, plain, to_yaml
from evalkit.files.decision_text import record_text
from evalkit.files.instrument import Reader
from evalkit.files.reading import document_of, read_bytes
from evalkit.files.translate import validate
from evalkit.model.decision import Decision, DecisionRecord
from evalkit.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.errors import Problem
    from evalkit.files.workspace import Workspace
    from evalkit.model.decision import Basis
    from evalkit.model.evaluation import EvaluationInputs

_PATIENCE_SECONDS: Final = 10


def load_record(workspace: Workspace, inputs: EvaluationInputs | None = None) -> DecisionRecord | None:
    """Return what was decided on an evaluation; None where nothing was.

    Parameters
    ----------
    inputs
        Today's; decisions taken on them are held against them.

    Raises
    ------
    InvalidInputError
        With every problem of the file.
    """
    reader = Reader(workspace.name)
    record = read_record(reader, workspace, inputs)
    if reader.problems:
        raise InvalidInputError(reader.problems)
    return record


def read_record(
    reader: Reader, workspace: Workspace, inputs: EvaluationInputs | None
) -> DecisionRecord | None:
    """Return what was decided, or None; the reader keeps problems, no hash: no score depends on it."""
    path = workspace.decision_file
    if not os.path.lexists(path):
        return None
    own = Reader(reader.name)
    own.problems.extend(workspace.leading_out(path))
    read = None if own.problems else own.read(path, DecisionRecord)
    if read is not None:
        own.problems.extend(rules.decision_problems(read[1], read[0], inputs))
    reader.problems.extend(own.problems)
    return read and read[1]


def decide(
    workspace: Workspace,
    inputs: EvaluationInputs,
    decided: Sequence[dict[str, Any]],
    basis: Basis,
    *,
    again: bool,
) -> DecisionRecord:
    """Write decisions into the file, all or none, and return what it then says; its comments stay.

    Parameters
    ----------
    decided
        Each as the file has it, without ``basis``.
    basis
        What all of them were decided on: the inputs.
    again
        Whether an option may have been decided on before; the older decision is kept as superseded.

    Raises
    ------
    InvalidInputError
        If the file that is there has problems.
    EvalkitError
        If an option was decided on before and not again, a decision breaks a rule, or the file cannot be
        written. Nothing is written then.
    """
    with _locked(workspace):
        before = record = load_record(workspace, inputs)
        for data in decided:
            _check_free(record, data["option"], again=again)
            decision = _decision(record, data | {"basis": basis.digest}, basis, workspace, inputs)
            record = (
                DecisionRecord(
                    format="evalkit/decision/1",
                    evaluation=inputs.evaluation.id,
                    decisions=(decision,),
                    bases={basis.digest: basis},
                )
                if record is None
                else record.with_decision(decision, basis)
            )
        if record is None:
            raise EvalkitError("nothing was decided")
        text = to_yaml(record) if before is None else record_text(_text(workspace), before, record)
        found = _read(text, workspace, inputs)
        if isinstance(found, list):
            raise EvalkitError(_told(workspace, found))
        write_text(workspace.decision_file, text)
    return record


def _text(workspace: Workspace) -> str:
    path = workspace.decision_file
    return read_bytes(path, workspace.name(path)).decode()


def _check_free(record: DecisionRecord | None, option: str, *, again: bool) -> None:
    old = record.of(option) if record else None
    if old is not None and not again:
        raise EvalkitError(
            f"{option} was decided on {old.on}: {old.verdict}; to decide it anew and keep that one,"
            " say --again"
        )


def _decision(
    record: DecisionRecord | None,
    data: dict[str, Any],
    basis: Basis,
    workspace: Workspace,
    inputs: EvaluationInputs,
) -> Decision:
    """Return one decision, read from the text that a file of its own would have."""
    alone = {
        "format": "evalkit/decision/1",
        "evaluation": inputs.evaluation.id,
        "decisions": [data],
        "bases": {basis.digest: plain(basis)},
    }
    found = _read(emitted(alone), workspace, inputs)
    if isinstance(found, list):
        raise EvalkitError(_told(workspace, found))
    decision = found.decisions[0]
    old = record.of(decision.option) if record else None
    if old is not None and decision.on < old.on:
        raise EvalkitError(f"{decision.option}: {decision.on} is before the decision of {old.on} it replaces")
    return decision


def _read(text: str, workspace: Workspace, inputs: EvaluationInputs) -> DecisionRecord | list[Problem]:
    path = workspace.decision_file
    document = document_of(text.encode(), path, workspace.name(path))
    found = validate(document, DecisionRecord)
    if isinstance(found, list):
        return found
    return list(rules.decision_problems(found, document, inputs)) or found


def _told(workspace: Workspace, problems: Sequence[Problem]) -> str:
    # Without lines: they would be those of a text that nobody can look at.
    told = [f"- {it.code} {it.message}{f' ({it.hint})' if it.hint else ''}" for it in sorted(problems)]
    name = workspace.name(workspace.decision_file)
    return "\n".join([f"{name} would then break rules; nothing is written:", *dict.fromkeys(told)])


@contextmanager
def _locked(workspace: Workspace) -> Iterator[None]:
    """Hold the file while it is read, changed and written: two people may decide at once."""
    path = workspace.decision_file.with_name(".decision.lock")
    lock = FileLock(path, _PATIENCE_SECONDS, 0o664)
    try:
        lock.acquire()
    except Timeout as error:
        raise EvalkitError(
            f"somebody else is writing a decision: try again, and look who holds {path}"
        ) from error
    except OSError as error:
        raise EvalkitError(f"{path} cannot be made: {error.strerror or error}; nothing is written") from error
    try:
        yield
    finally:
        lock.release()
