"""``evalkit render --watch`` as somebody who edits answers sees it."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Self

import pytest

from tests.reports.projects import AIDER, ALL, CLINE, LOCAL, append, make_project

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

pytestmark = pytest.mark.usefixtures("interruptible")


class Watching:
    """The running command, and what it says."""

    def __init__(self, evaluation: Path) -> None:
        command = [sys.executable, "-m", "evalkit", "render", str(evaluation), "--watch", "--verbose"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
        assert self.process.stderr is not None
        self.stderr = self.process.stderr

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.stderr.close()

    def next_round(self) -> str:
        """What it says until it waits for the next change."""
        said = ""
        for line in self.stderr:
            if line.startswith("watching for changes"):
                return said
            said += line
        raise AssertionError(said)

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C; the exit code, and what was said since."""
        self.process.send_signal(signal.SIGINT)
        said = self.stderr.read()
        return self.process.wait(), said


def finished(said: str) -> set[str]:
    return {line.split()[1] for line in said.splitlines() if line.startswith("rendered ")}


def test_each_change_renders_what_it_touches_until_ctrl_c(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    answers = evaluation / "answers" / "aider.yaml"
    good = answers.read_text(encoding="utf-8")
    with Watching(evaluation) as watching:
        assert finished(watching.next_round()) == set(ALL)

        append(evaluation / "answers" / "cline.yaml")
        said = watching.next_round()
        assert finished(said) == {"comparison", CLINE}
        assert f"unchanged {AIDER}" in said

        saved = evaluation / "answers" / ".aider.yaml.tmp"  # as editors do
        saved.write_text(f"{good}# a note\n", encoding="utf-8")
        saved.replace(answers)
        assert finished(watching.next_round()) == {"comparison", AIDER, LOCAL}

        answers.write_text(good.replace("licence: open_source", "licence: opensource", 1), encoding="utf-8")
        said = watching.next_round()
        assert "answers/aider.yaml:8: A003 licence: opensource is unknown" in said
        assert finished(said) == set()

        (evaluation / "out" / "mine.txt").write_text("no input", encoding="utf-8")
        answers.write_text(good, encoding="utf-8")
        assert finished(watching.next_round()) == {"comparison", AIDER, LOCAL}

        assert watching.end() == (0, "")
    assert (evaluation / "out" / ".cache.json").is_file()


def test_ctrl_c_in_the_midst_of_a_round_ends_with_130(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    with Watching(evaluation) as watching:
        assert watching.stderr.readline().startswith("started ")
        code, said = watching.end()
    assert code == 130
    assert "interrupted; the reports that were finished are kept" in said
    assert "Traceback" not in said
