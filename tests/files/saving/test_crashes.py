"""Processes that are killed while they save, and two that save at once."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from evalkit.files.saving.history import OUTSIDE, read_history
from evalkit.files.saving.journal import Mark
from tests.files.saving.acme import ROOT, acme, answers_file, names, says
from tests.files.saving.saver import QUESTIONS, SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.files.saving.answers_file import AnswersFile

KILLS = 200
EDITS = 500


class Saver:
    """The warm process; see ``saver.py``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.reads(until="ready")

    def says(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def reads(self, until: str = "over") -> list[str]:
        """The lines up to the one that begins so."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith(until):
                return lines
        raise AssertionError(lines)


@contextmanager
def saver(file: AnswersFile) -> Iterator[Saver]:
    command = [sys.executable, "-m", "tests.files.saving.saver", str(file.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield Saver(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


class Acknowledged:
    """What children said that they saved, and whether it is there."""

    def __init__(self, file: AnswersFile) -> None:
        self.file = file
        self.newest: dict[str, int] = {}
        self.all: set[tuple[str, int]] = set()

    def hear(self, lines: list[str]) -> None:
        for line in lines:
            if found := re.fullmatch(r"(LOC-\d\d) (\d+)", line):
                self.newest[found[1]] = int(found[2])
                self.all.add((found[1], int(found[2])))

    def check(self) -> None:
        says(self.file)  # the YAML is whole and keeps the format, before anybody finishes anything
        parts = answers_file(self.file.path).read().parts
        for question, number in self.newest.items():
            content = parts[f"answers/{question}"].content
            # What was under way when the process died may be there too: then it is newer.
            assert int(content["finding"]) >= number
        assert not [name for name in names(self.file) if name.endswith(".tmp")]

    def check_journal(self) -> None:
        past = read_history(self.file.journal, self.file.read().parts).entries
        assert [entry for entry in past if entry.what == OUTSIDE] == []
        made = {
            (entry.part.removeprefix("answers/"), int(entry.new["finding"]))
            for entry in past
            if not entry.was_given_up and entry.new
        }
        assert self.all <= made
        marks = {item.id: item.is_done for _, item in self.file.journal.numbered() if isinstance(item, Mark)}
        assert all(marks.values())


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_whenever_processes_are_killed(tmp_path: Path) -> None:
    file = acme(tmp_path)
    heard = Acknowledged(file)
    with saver(file) as process:
        for kill in range(KILLS):
            process.says(f"random {kill} {kill * 1000}")
            heard.hear(process.reads())
            heard.check()
    heard.check_journal()
    assert set(heard.newest) == set(QUESTIONS)


def test_nothing_is_lost_or_left_at_whatever_step_a_process_dies(tmp_path: Path) -> None:
    file = acme(tmp_path)
    heard = Acknowledged(file)
    steps = 0
    with saver(file) as process:
        while True:
            steps += 1
            # From a draft to an answer and to the next draft: both files change.
            process.says(f"step {steps} {steps * 9 + 2}")
            lines = process.reads()
            heard.hear(lines)
            heard.check()
            if "survived" in lines:
                break
    heard.check_journal()
    assert steps > 20


def test_two_processes_that_save_at_once_lose_no_edit(tmp_path: Path) -> None:
    file = acme(tmp_path)
    with saver(file) as one, saver(file) as other:
        one.says(f"many a {EDITS}")
        other.says(f"many b {EDITS}")
        assert one.reads() == other.reads() == ["over 0"]
    answers = says(file).answers
    assert (answers["LOC-01"].finding, answers["LOC-03"].finding) == (f"a{EDITS - 1}", f"b{EDITS - 1}")
    expected = {f"{name}{number}" for name in "ab" for number in range(0, EDITS, 2)}
    shared = (answers[SHARED].finding or "").split()
    assert (len(shared), set(shared)) == (len(expected), expected)
    past = read_history(file.journal, file.read().parts).entries
    assert len(past) == 2 * EDITS
    assert [entry for entry in past if entry.what == OUTSIDE] == []
    assert names(file) == ["acme.history.jsonl", "acme.yaml"]
