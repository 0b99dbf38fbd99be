"""An evaluation brought to the installed version of its questionnaire: planned, looked at, written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.files.instrument import load_questionnaire
from evalkit.files.migrating.answers import WHAT, read_old
from evalkit.files.migrating.plan import plan_migration
from evalkit.files.migrating.version_control import Known, known_to_git
from evalkit.files.migrating.writing import forget_interruption, is_interrupted, locked, write
from evalkit.files.reading import read_document
from evalkit.files.saving.answers_file import AnswersFile
from evalkit.files.saving.journal import Journal, Mark
from evalkit.files.translate import validate
from evalkit.model.evaluation import Evaluation
from evalkit.model.questionnaire import Questionnaire

if TYPE_CHECKING:
    from datetime import datetime

    from evalkit.files.migrating.carrying import Scribe
    from evalkit.files.migrating.plan import Plan
    from evalkit.files.workspace import ProductFile, Workspace

__all__ = ["migrate", "plan_migration", "version_control_of"]


def migrate(workspace: Workspace, scribe: Scribe, at: datetime, *, anyway: bool) -> tuple[Plan, Known]:
    """Carry an evaluation over, and return what became of it and what git knew of its files.

    Parameters
    ----------
    anyway
        Also where git could not bring back what the files hold now.

    Raises
    ------
    InvalidInputError
        If files cannot be used.
    EvalkitError
        If no step leads on from the evaluation's version, git could not undo it, or it cannot be written.
        Every file is as before then.
    """
    finish_what_was_begun(workspace)
    plan = plan_migration(workspace, scribe, at)
    known = version_control_of(workspace, plan)
    if not plan.batch.files:
        if is_interrupted(workspace.evaluation):
            forget_interruption(workspace.evaluation)
        return plan, known
    # What a killed process left half done is not committed, and is not to be: it is finished.
    if known.not_committed and not anyway and not is_interrupted(workspace.evaluation):
        names = ", ".join(workspace.name(path) for path in known.not_committed)
        raise EvalkitError(
            f"git could not undo the migration: not committed are {names}. Commit them first, or say --anyway"
        )
    write(plan.batch)
    return plan, known


def version_control_of(workspace: Workspace, plan: Plan) -> Known:
    """Return what git knows of the files that a plan rewrites."""
    files = [file.path for file in plan.batch.files if file.before is not None]
    return known_to_git(workspace.evaluation, files)


def finish_what_was_begun(workspace: Workspace) -> None:
    """Finish, or give up, what a killed process wrote into the journals and not yet into the files.

    Raises
    ------
    EvalkitError
        If files cannot be used, or are being saved.
    """
    pending = [(file, entry) for file in workspace.answers if (entry := _journal(file).pending())]
    if not pending:
        return
    name = workspace.name(workspace.evaluation_file)
    evaluation = validate(read_document(workspace.evaluation_file, name), Evaluation)
    if not isinstance(evaluation, Evaluation):
        return  # planning says what is wrong
    kind = evaluation.questionnaire.partition("@")[0]
    questionnaire = load_questionnaire(workspace.questionnaire_folder(kind))
    for file, entry in pending:
        old = read_old(file, workspace)
        is_old = old.answers.questionnaire != questionnaire.ref
        if is_old and entry.what.startswith(WHAT):
            with locked([file.path.with_name(f".{old.stem}.lock")]):
                _journal(file).mark(Mark(entry.id, is_done=False))
            continue
        # Nobody has the old questionnaire any more; to finish a save, its reference is enough.
        asked = _under_version(questionnaire, old.version) if is_old else questionnaire
        AnswersFile(file.path, old.name, asked, evaluation.as_of).recover()


def _journal(file: ProductFile) -> Journal:
    return Journal(file.path.with_name(f"{file.path.name.removesuffix('.yaml')}.history.jsonl"))


def _under_version(questionnaire: Questionnaire, version: str) -> Questionnaire:
    header = questionnaire.header.model_copy(update={"version": version})
    return Questionnaire(header, questionnaire.domains, questionnaire.frameworks)
