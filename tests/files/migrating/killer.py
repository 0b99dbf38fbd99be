"""A process whose children migrate and are killed at things that they do to files, one after the other.

Prints ``steps N`` if after each of these deaths every file was whole, and the next run came to the same end.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from evalkit.files.migrating.migration import finish_what_was_begun
from evalkit.files.migrating.plan import plan_migration
from evalkit.files.migrating.writing import MARKER, write
from evalkit.files.workspace import Workspace
from tests.files.migrating.projects import NOW, SCRIBE, migrate
from tests.files.saving.saver import die_at_step

STRIDE = 3
"""Not every step: each file is opened, synced and renamed alike, and it would take a minute."""


def contents(folder: Path) -> dict[Path, bytes]:
    """What files hold, but for locks."""
    return {
        path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"
    }


def restored(folder: Path, before: dict[Path, bytes]) -> None:
    """Make everything as it was."""
    for path in contents(folder):
        if path not in before:
            path.unlink()
    for path, raw in before.items():
        path.write_bytes(raw)


def without_histories(files: dict[Path, bytes]) -> dict[Path, bytes]:
    """Of these, those that have to be the same however often a process died."""
    return {path: raw for path, raw in files.items() if path.suffix != ".jsonl"}


def killed(evaluation: Path, step: int) -> bool:
    """Migrate in a child that dies at a step; return whether it died before the end."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            workspace = Workspace.of(evaluation)
            finish_what_was_begun(workspace)
            plan = plan_migration(workspace, SCRIBE, NOW)
            die_at_step(step)
            write(plan.batch)
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0


def main() -> None:
    """Try the steps."""
    evaluation = Path(sys.argv[1])
    before = contents(evaluation)
    migrate(evaluation)
    after = without_histories(contents(evaluation))
    step = 1
    while True:
        restored(evaluation, before)
        died = killed(evaluation, step)
        left = without_histories(contents(evaluation))
        for path, raw in left.items():
            if path.name != MARKER and not path.name.endswith(".tmp"):
                assert raw in (before.get(path), after.get(path)), (step, path)
        migrate(evaluation)
        end = without_histories(contents(evaluation))
        assert end == after, (step, set(end) ^ set(after))
        if not died:
            print(f"steps {step}")  # noqa: T201 - to whoever started it
            return
        step += STRIDE


if __name__ == "__main__":
    main()
