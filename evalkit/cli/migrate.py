"""``evalkit migrate``: an evaluation goes on with a new version of its questionnaire."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evalkit.cli.options import Directory

if TYPE_CHECKING:
    from evalkit.files.migrating.plan import Plan
    from evalkit.files.migrating.version_control import Known
    from evalkit.files.workspace import Workspace


def migrate(
    directory: Directory = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also where git could not bring back what the files hold now.")
    ] = False,
) -> None:
    """Carry an evaluation over to the version of its questionnaire that is installed.

    What became of each question, the questionnaire's migrations.yaml says. What has to be answered again is
    unanswered then, with what was said before in a remark; what nobody asks any more is kept in retired/.
    Exit code 1 if something is left to do, 2 if it cannot be done.
    """
    from datetime import UTC, datetime

    from evalkit.files.migrating.carrying import Scribe
    from evalkit.files.migrating.migration import migrate as carry_over
    from evalkit.files.migrating.migration import plan_migration, version_control_of
    from evalkit.files.saving.people import current_user
    from evalkit.files.workspace import Workspace, find_evaluation

    workspace = Workspace.of(find_evaluation(directory, Path.cwd()))
    now = datetime.now(UTC)
    scribe = Scribe(current_user(workspace.evaluation), now.astimezone().date())
    if dry_run:
        plan = plan_migration(workspace, scribe, now)
        known = version_control_of(workspace, plan)
    else:
        plan, known = carry_over(workspace, scribe, now, anyway=anyway)
    _tell(workspace, plan, known, dry_run=dry_run)
    raise typer.Exit(1 if plan.to_do else 0)


def _tell(workspace: Workspace, plan: Plan, known: Known, *, dry_run: bool) -> None:
    from evalkit.cli.console import print_table, report_problems, say
    from evalkit.views.numbers import count

    if not plan.batch.files:
        say(f"{workspace.name(workspace.evaluation)} is for {plan.ends} already: nothing to migrate")
        return
    if plan.rows:
        headers = ("Question", "What became of it", "Where", "To do")
        print_table([(header, "left") for header in headers], _grouped(workspace, plan))
    if plan.left:
        report_problems(plan.left)
        say("this is left for people to mend; evalkit check names it too")
    written = count(len(plan.batch.files), "file")
    verb = "would be" if dry_run else "is"
    say(
        f"{workspace.name(workspace.evaluation)} {verb} carried over from {plan.begins} to {plan.ends}:"
        f" {written}"
    )
    to_do = count(sum(bool(row.to_do) for row in plan.rows), "thing")
    say(f"to do: {to_do}, as the table says" if plan.to_do else "everything was carried over: nothing to do")
    for path, what in (
        (workspace.decision_file, "a record of what was decided, on which version"),
        (workspace.frozen_file, "a record of the instrument that was frozen"),
    ):
        if path.exists():
            say(f"{workspace.name(path)} is as it was: {what}")
    _tell_undoing(workspace, known, dry_run=dry_run)


def _grouped(workspace: Workspace, plan: Plan) -> list[tuple[str, str, str, str]]:
    """Return a line for all files in which the same happened to a question; paths are the evaluation's."""
    own = f"{workspace.name(workspace.evaluation)}/"
    places: dict[tuple[str, str, str], list[str]] = {}
    for row in plan.rows:
        places.setdefault((row.question, row.happened, row.to_do), []).append(row.where.removeprefix(own))
    return [(question, what, "; ".join(where), to_do) for (question, what, to_do), where in places.items()]


def _tell_undoing(workspace: Workspace, known: Known, *, dry_run: bool) -> None:
    from evalkit.cli.console import say

    if not known.is_kept:
        say("the evaluation is not kept in git: to undo the migration, have a copy")
    elif known.not_committed:
        names = ", ".join(workspace.name(path) for path in known.not_committed)
        say(f"git cannot bring back what these held: {names}" + ("; --anyway goes on" if dry_run else ""))
    elif not dry_run:
        folder = workspace.name(workspace.evaluation)
        say(f"to undo it: git checkout -- {folder}; what is new (retired/, histories) git status shows")
