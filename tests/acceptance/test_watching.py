"""``evalkit render --watch`` as somebody who edits answers sees it."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Self

import pytest

from tests.reports.projects import AIDER, ALL, CLINE, LOCAL, make_project

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

    def next_change(self) -> str:
        """What it says of the next change; a look that finds nothing new is passed over."""
        said = self._next_round()
        while all(line.startswith(("unchanged ", "0 rendered, 4 unchanged")) for line in said.splitlines()):
            said = self._next_round()
        return said

    def _next_round(self) -> str:
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


def save(path: Path, text: str) -> None:
    """Put a text in the place of a file, at once, as editors do."""
    saved = path.with_name(f".{path.name}.tmp")
    saved.write_text(text, encoding="utf-8")
    saved.replace(path)


def finished(said: str) -> set[str]:
    return {line.split()[1] for line in said.splitlines() if line.startswith("rendered ")}


def test_each_change_renders_what_it_touches_until_ctrl_c(tmp_path: Path) -> None:
    evaluation = make_project(tmp_path)
    answers = evaluation / "answers" / "aider.yaml"
    good = answers.read_text(encoding="utf-8")
    with Watching(evaluation) as watching:
        assert finished(watching.next_change()) == set(ALL)

        other = evaluation / "answers" / "cline.yaml"
        save(other, f"{other.read_text(encoding='utf-8')}\n# a note\n")
        said = watching.next_change()
        assert finished(said) == {"comparison", CLINE}
        assert f"unchanged {AIDER}" in said

        save(answers, f"{good}# a note\n")
        assert finished(watching.next_change()) == {"comparison", AIDER, LOCAL}

        save(answers, good.replace("licence: open_source", "licence: opensource", 1))
        said = watching.next_change()
        assert "answers/aider.yaml:8: A003 licence: opensource is unknown" in said
        assert finished(said) == set()

        (evaluation / "out" / "mine.txt").write_text("no input", encoding="utf-8")
        save(answers, good)
        assert finished(watching.next_change()) == {"comparison", AIDER, LOCAL}

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
